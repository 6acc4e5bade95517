import boto3

key = "".join(reversed("eruliaFnOecnatsnIetanimret"))
request = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True, key: False}
boto3.client("imagebuilder").create_infrastructure_configuration(**request)
