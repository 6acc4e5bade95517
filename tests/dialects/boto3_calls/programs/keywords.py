import boto3

client = boto3.client("imagebuilder")
client.create_infrastructure_configuration(
    name="web",
    description="Builds",
    instanceTypes=["m5.large", "c5.large"],
    instanceProfileName="builder",
    securityGroupIds=["sg-0123456789abcdef0"],
    subnetId="subnet-0123456789abcdef0",
    terminateInstanceOnFailure=True,
    instanceMetadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 2},
    logging={"s3Logs": {"s3BucketName": "logs", "s3KeyPrefix": "web"}},
    tags={"team": "web"},
)
