import boto3

OPTIONS = {"httpTokens": "required"}
request = {"name": "web", "instanceProfileName": "builder", "instanceMetadataOptions": OPTIONS}
OPTIONS["httpTokens"] = "optional"
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
