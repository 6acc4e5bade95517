import boto3

try:
    from not_there import TOKENS
except ImportError:
    TOKENS = "optional"
try:
    LIMIT = 2
finally:
    NAME = "web"
boto3.client("imagebuilder").create_infrastructure_configuration(
    name=NAME,
    instanceProfileName="builder",
    instanceMetadataOptions={"httpTokens": TOKENS, "httpPutResponseHopLimit": LIMIT},
)
