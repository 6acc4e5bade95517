"""Seed an account with the resources of a configuration: build role, encrypted topic, network, bucket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.fake_aws.server import ACCOUNT, REGION, FakeAws

PROFILE = "builder"
ROLE = "build-role"
TOPIC = "image-builds"
BUCKET = "image-build-logs"
POLICIES = (
    "EC2InstanceProfileForImageBuilder",
    "AmazonSSMManagedInstanceCore",
    "EC2InstanceProfileForImageBuilderECRContainerBuilds",
)
SERVICE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder"
EC2_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
KEY_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Principal": {"AWS": SERVICE_ROLE},
            "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
            "Resource": "*",
        },
    ],
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """The resources of the seeded account."""

    topic: str
    key: str
    subnet: str
    group: str


def client(fake: FakeAws, service: str, region: str = REGION, access_key: str = "AKIAFAKEFAKEFAKEFAKE") -> Any:
    """Return a boto3 client of the fake."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        region_name=region,
        endpoint_url=fake.endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key="fake",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=5, read_timeout=10),
    )


def seed(fake: FakeAws) -> Seeded:
    """Seed the default account, and remove the calls from the log."""
    seed_role(client(fake, "iam"))
    key = client(fake, "kms").create_key(Policy=json.dumps(KEY_POLICY))["KeyMetadata"]["Arn"]
    topic = client(fake, "sns").create_topic(Name=TOPIC, Attributes={"KmsMasterKeyId": key})["TopicArn"]
    client(fake, "s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    ec2 = client(fake, "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/24", AvailabilityZone=f"{REGION}a")["Subnet"]["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"][0]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    group = ec2.create_security_group(GroupName="builds", Description="Image builds", VpcId=vpc)["GroupId"]
    fake.calls.clear()
    return Seeded(topic, key, subnet, group)


def seed_role(iam: Any) -> None:
    """Create the build role and its instance profile in the account of a client."""
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(EC2_TRUST))
    for policy in POLICIES:
        iam.attach_role_policy(RoleName=ROLE, PolicyArn=f"arn:aws:iam::aws:policy/{policy}")
    iam.create_instance_profile(InstanceProfileName=PROFILE)
    iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=ROLE)
