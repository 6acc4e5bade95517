import boto3

client = boto3.client("imagebuilder")
kwargs = {"name": "web", "instanceProfileName": "builder", "terminateInstanceOnFailure": False}
client.create_infrastructure_configuration(**kwargs, instanceTypes=["m5.large"])
