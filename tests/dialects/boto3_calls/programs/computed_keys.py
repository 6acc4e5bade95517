import boto3

request = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}
for key, value in {"terminateInstanceOnFailure": False}.items():
    request[key] = value
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
