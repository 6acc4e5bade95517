import boto3

REQUEST = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}


def weaken():
    REQUEST["terminateInstanceOnFailure"] = False


weaken()
boto3.client("imagebuilder").create_infrastructure_configuration(**REQUEST)
