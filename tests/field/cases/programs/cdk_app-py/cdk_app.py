from aws_cdk import aws_imagebuilder as ib


def make(scope):
    """Make CfnInfrastructureConfiguration(...)."""
    return ib.CfnInfrastructureConfiguration(scope, "I", name="web", instance_profile_name="p")
