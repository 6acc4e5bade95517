import boto3

request = {"name": "web", "instanceProfileName": "builder", "keyPair": "key", "description": "gone"}
del request["keyPair"]
request.pop("description", None)
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
