import copy

import boto3

BASE = {"name": "web", "instanceProfileName": "builder", "instanceMetadataOptions": {"httpTokens": "required"}}
shallow = BASE.copy()
deep = copy.deepcopy(BASE)
shallow["instanceMetadataOptions"]["httpTokens"] = "optional"
BASE["name"] = "other"
boto3.client("imagebuilder").create_infrastructure_configuration(**BASE)
