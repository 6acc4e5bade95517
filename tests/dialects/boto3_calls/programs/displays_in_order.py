import boto3


def more():
    return {"description": "more"}


boto3.client("imagebuilder").create_infrastructure_configuration(
    **{"name": "a", "description": "first", "keyPair": "key", **more(), "name": "web", "instanceProfileName": "builder"}
)
