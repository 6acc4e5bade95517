import boto3

client = boto3.client("imagebuilder")
BASE = dict(name="base", instanceProfileName="builder")
request = BASE | {"name": "web"}
request_with_types = dict(request, instanceTypes=["m5.large"] + ["c5.large"])
client.create_infrastructure_configuration(**request_with_types)
