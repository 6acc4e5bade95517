import boto3
boto3.client("imagebuilder").create_infrastructure_configuration(name="web")
