import contextlib

import boto3

request = {"name": "web"}
with contextlib.suppress(ValueError):
    request["description"] = "first"
    int("no")
    request["description"] = "second"
try:
    request["instanceProfileName"] = "builder"
    request["terminateInstanceOnFailure"] = bool(int("1"))
except ValueError:
    request["terminateInstanceOnFailure"] = True
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
