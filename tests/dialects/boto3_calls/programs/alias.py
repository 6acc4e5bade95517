import boto3

request = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}
same = request
same["terminateInstanceOnFailure"] = False
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
