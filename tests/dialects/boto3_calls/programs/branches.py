import sys

import boto3

request = {"name": "web", "instanceProfileName": "builder"}
if len(sys.argv) > 100:
    request["terminateInstanceOnFailure"] = True
elif sys.argv:
    request["terminateInstanceOnFailure"] = False
    boto3.client("imagebuilder").create_infrastructure_configuration(**request)
else:
    request["keyPair"] = "never"
