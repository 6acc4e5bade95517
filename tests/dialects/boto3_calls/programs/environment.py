import os

import boto3

boto3.client("imagebuilder").create_infrastructure_configuration(
    name=os.environ["IB_NAME"],
    instanceProfileName=os.environ.get("IB_PROFILE", "default-profile"),
    description=os.getenv("IB_DESCRIPTION", "none"),
    keyPair=os.environ.get("IB_KEY") or "default-key",
    snsTopicArn=f"arn:aws:sns:eu-west-1:{os.environ['IB_ACCOUNT']}:builds",
)
