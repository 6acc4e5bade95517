"""The constants of a module."""

from typing import Final

import boto3

NAME = "web"
PROFILE: Final = "builder"
LIMIT: int = 2
TAGS = {"team": NAME}


def build(client):
    tokens = "optional"
    client.create_infrastructure_configuration(
        name=NAME,
        instanceProfileName=PROFILE,
        instanceMetadataOptions={"httpTokens": tokens, "httpPutResponseHopLimit": LIMIT},
        tags=TAGS,
    )


build(boto3.client("imagebuilder"))
