from tests.fake_aws.fixture import _impatient, bare_fake, fake, fake_process, running, seeded

__all__ = ["_impatient", "bare_fake", "fake", "fake_process", "running", "seeded"]
