import boto3

OPTIONS = [{"httpTokens": "required"}]
for options in list(OPTIONS):
    options["httpTokens"] = "optional"
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="web", instanceProfileName="builder", instanceMetadataOptions=OPTIONS[0]
)
