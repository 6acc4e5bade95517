import boto3

tokens = "required"
exec("tokens = 'optional'")
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="web", instanceProfileName="builder", instanceMetadataOptions={"httpTokens": tokens}
)
