import boto3

request = {"name": "web", "instanceProfileName": "builder"}; request["terminateInstanceOnFailure"] = True; request["terminateInstanceOnFailure"] = False
request.pop("description", None); request.setdefault("description", "first"); request.setdefault("description", "second")
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
