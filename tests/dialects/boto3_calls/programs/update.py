import boto3

ARN = "arn:aws:imagebuilder:eu-west-1:210987654321:infrastructure-configuration/web"
boto3.client("imagebuilder").update_infrastructure_configuration(
    infrastructureConfigurationArn=ARN,
    instanceProfileName="builder",
    instanceMetadataOptions=dict(httpTokens="required"),
)
