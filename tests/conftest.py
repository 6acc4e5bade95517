"""Options of the whole suite."""


def pytest_addoption(parser):
    group = parser.getgroup("aws")
    group.addoption("--live-aws", action="store_true", help="also run the contract against a real account")
    group.addoption("--live-profile", default="", help="an instance profile that exists in that account")
