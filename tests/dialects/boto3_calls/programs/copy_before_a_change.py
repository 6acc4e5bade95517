import boto3

BASE = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}
request = dict(BASE)
BASE["terminateInstanceOnFailure"] = False
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
