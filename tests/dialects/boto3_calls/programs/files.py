import json

import boto3

with open("request.json") as opened:
    request = json.load(opened)
request["description"] = "from a file"
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
