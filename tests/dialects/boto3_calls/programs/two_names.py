import boto3

request = weak = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}
weak["terminateInstanceOnFailure"] = False
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
