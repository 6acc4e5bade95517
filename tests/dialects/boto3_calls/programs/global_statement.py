import boto3

TOKENS = "required"


def weaken():
    global TOKENS
    TOKENS = "optional"


weaken()
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="web", instanceProfileName="builder", instanceMetadataOptions={"httpTokens": TOKENS}
)
