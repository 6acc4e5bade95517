import json

import boto3


def print(value):
    value["terminateInstanceOnFailure"] = False


class Log:
    def info(self, value):
        value["description"] = "changed"


request = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True, "description": "x"}
print(request)
Log().info(request)
json.dumps(request)
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
