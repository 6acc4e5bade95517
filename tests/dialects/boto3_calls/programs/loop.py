import boto3

client = boto3.client("imagebuilder")
request = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": True}
for number in range(2):
    if number:
        client.create_infrastructure_configuration(**request)
    request["terminateInstanceOnFailure"] = False
