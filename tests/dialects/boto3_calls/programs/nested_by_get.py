import boto3

request = {"name": "web", "instanceProfileName": "builder", "instanceMetadataOptions": {"httpTokens": "required"}}
request.get("instanceMetadataOptions")["httpTokens"] = "optional"
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
