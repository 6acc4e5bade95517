from tests.fake_aws.fixture import bare_fake, fake, fake_process, running, seeded

__all__ = ["bare_fake", "fake", "fake_process", "running", "seeded"]
