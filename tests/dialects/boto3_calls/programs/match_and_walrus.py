import boto3

match {"tokens": "optional"}:
    case {"tokens": tokens}:
        pass
boto3.client("imagebuilder").create_infrastructure_configuration(
    name=(name := "web"), instanceProfileName="builder", instanceMetadataOptions={"httpTokens": tokens}, keyPair=name
)
