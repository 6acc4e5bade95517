import boto3

TYPES = ["m5.large"]
TYPES.append("c5.large")
GROUPS = ["sg-0123456789abcdef0"]
OTHERS = GROUPS
OTHERS += ["sg-0123456789abcdef1"]
boto3.client("imagebuilder").create_infrastructure_configuration(
    name="web",
    instanceProfileName="builder",
    instanceTypes=TYPES,
    securityGroupIds=GROUPS,
    subnetId="subnet-0123456789abcdef0",
)
