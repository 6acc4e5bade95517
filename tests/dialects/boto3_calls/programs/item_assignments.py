import boto3


def build(key):
    request = {"name": "web", "instanceMetadataOptions": {"httpTokens": "required"}}
    request["instanceProfileName"] = "builder"
    request["instanceMetadataOptions"]["httpTokens"] = "optional"
    request["description"] = "first"
    request["description"] = "second"
    if key:
        request["keyPair"] = key
    request.update({"terminateInstanceOnFailure": True}, subnetId="subnet-0123456789abcdef0")
    request.setdefault("securityGroupIds", ["sg-0123456789abcdef0"])
    request.pop("subnetId")
    boto3.client("imagebuilder").create_infrastructure_configuration(**request)
    request["terminateInstanceOnFailure"] = False


build("key")
