import boto3


class Builder:
    tokens = "required"

    def __init__(self):
        session = boto3.session.Session(region_name="eu-central-1")
        self.client = session.client("imagebuilder")

    def build(self):
        tokens = "optional"
        return self.client.create_infrastructure_configuration(
            name="web", instanceProfileName="builder", instanceMetadataOptions={"httpTokens": tokens}
        )


Builder().build()
