import boto3


def outer():
    tokens = "required"

    def weaken():
        nonlocal tokens
        tokens = "optional"

    weaken()
    limit = 3
    send = lambda: boto3.client("imagebuilder").create_infrastructure_configuration(  # noqa: E731
        name="web",
        instanceProfileName="builder",
        instanceMetadataOptions={"httpTokens": tokens, "httpPutResponseHopLimit": limit},
    )
    send()


outer()
