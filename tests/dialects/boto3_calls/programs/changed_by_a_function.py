import boto3


def weaken(request):
    request["terminateInstanceOnFailure"] = False


request = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}
weaken(request)
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
