import boto3


def build(name, profile="builder", *, tokens="required", **rest):
    profile = profile.lower()
    boto3.client("imagebuilder").create_infrastructure_configuration(
        name=name, instanceProfileName=profile, instanceMetadataOptions={"httpTokens": tokens}, **rest
    )


build("web", tokens="optional", terminateInstanceOnFailure=False)
