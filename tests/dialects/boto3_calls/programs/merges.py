import boto3

client = boto3.client("imagebuilder")
BASE = {"name": "base", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}
HARDENED = {"instanceMetadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1}}
client.create_infrastructure_configuration(**{**BASE, "name": "web", **HARDENED})
