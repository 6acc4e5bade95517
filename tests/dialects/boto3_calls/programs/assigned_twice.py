import boto3

tokens = "required"
tokens = "optional"
name = "we"
name += "b"
a, b = "builder", "other"
boto3.client("imagebuilder").create_infrastructure_configuration(
    name=name, instanceProfileName=a, instanceMetadataOptions={"httpTokens": tokens}
)
