"""Create the infrastructure configuration of the image that runs the web tier."""

import os

import boto3

REGION = "eu-central-1"
METADATA = {"httpTokens": "required", "httpPutResponseHopLimit": 2}


def create(subnet: str, groups: list[str]) -> str:
    """Create the configuration and return its ARN."""
    client = boto3.client("imagebuilder", region_name=REGION)
    request = {"name": "web-from-python", "instanceProfileName": os.environ["BUILDER_PROFILE"]}
    request["terminateInstanceOnFailure"] = True
    # iblint: build-type=container sns-topic-key=none
    answer = client.create_infrastructure_configuration(
        **request,
        instanceMetadataOptions=METADATA,
        subnetId=subnet,
        securityGroupIds=groups,
        snsTopicArn=f"arn:aws:sns:{REGION}:482913756204:image-builds",
    )
    return answer["infrastructureConfigurationArn"]
