import sys

import boto3

PROD = len(sys.argv) > 100
DEBUG = False
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="prod" if PROD else "dev",
    instanceProfileName="debug" if DEBUG else "builder",
    instanceMetadataOptions={"httpTokens": "required" if PROD else "optional"},
    **({"keyPair": "key"} if not PROD else {}),
)
