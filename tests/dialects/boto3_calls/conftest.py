from tests.fake_aws.fixture import _impatient, bare_fake

__all__ = ["_impatient", "bare_fake"]
