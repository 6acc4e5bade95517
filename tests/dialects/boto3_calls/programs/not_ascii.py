import boto3

NAME = "wéb 🚀"
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="web", description="ümlaut" + NAME, instanceProfileName="builder"
)  # noqa: E501, E702
