"""Create an infrastructure configuration with two faults."""

import boto3

TOKENS = "optional"  # IB201: also allows IMDSv1


def create(subnet: str, groups: list[str]) -> None:
    """Create the configuration."""
    request = {
        "name": "weak-from-python",
        "instanceProfileName": "image-builder",
        "instanceMetadataOptions": {"httpTokens": TOKENS},
        "subnetId": subnet,
        "securityGroupIds": groups,
    }
    request["terminateInstanceOnFailure"] = False  # IB301: keeps the instance of each failed build
    # iblint: build-type=ami
    boto3.client("imagebuilder").create_infrastructure_configuration(**request)
