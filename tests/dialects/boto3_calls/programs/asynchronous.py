import asyncio

import boto3


class Client:
    """In place of aioboto3's client."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None

    async def send(self, **request):
        return boto3.client("imagebuilder").create_infrastructure_configuration(**request)


async def build():
    async with Client() as client:
        await client.send(name="web", instanceProfileName="builder")


asyncio.run(build())
