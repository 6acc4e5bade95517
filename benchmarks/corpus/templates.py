"""CloudFormation templates in YAML and JSON, and a Terraform file."""

from __future__ import annotations

from random import Random
from typing import Any

from benchmarks.corpus.render import to_json, to_yaml
from benchmarks.corpus.specs import hexadecimal, request, spoil

LINES = 500

CONFIGURATIONS = 5
"""Infrastructure configurations in a template. The other resources are typical for such templates."""

_COMPONENT = """\
name: {name}
schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: Install
        action: ExecuteBash
        inputs:
          commands:
            - dnf install -y {packages}
            - systemctl enable --now amazon-ssm-agent
  - name: validate
    steps:
      - name: Look
        action: ExecuteBash
        inputs:
          commands:
            - rpm -q {packages}
"""


def yaml_template(random: Random, name: str, *, faulty: bool = False) -> str:
    """Return a template of slightly more than 500 lines."""
    data = template(random, name, faulty=faulty)
    number = 0
    while to_yaml(data).count("\n") < LINES:
        number += 1
        data["Resources"][f"Group{number}"] = _security_group(random, number)
    return to_yaml(data)


def json_template(random: Random, name: str, *, faulty: bool = False) -> str:
    """Return a template in JSON, which has more lines."""
    data = template(random, name, faulty=faulty)
    for number in range(1, 7):
        data["Resources"][f"Group{number}"] = _security_group(random, number)
    return to_json(data)


def template(random: Random, name: str, *, faulty: bool = False) -> dict[str, Any]:
    """Return configurations, a profile and its role, a topic and components."""
    resources: dict[str, Any] = {
        "Topic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": f"{name}-images", "Tags": [{"Key": "stage", "Value": {"Ref": "Stage"}}]},
        },
        "Profile": {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}},
        "Role": _role(name),
    }
    for number in range(1, CONFIGURATIONS + 1):
        data = request(random, f"{name}-{number}")
        if faulty and number % 2:
            spoil(random, data)
        resources[f"Builds{number}"] = _configuration(data)
        resources[f"Component{number}"] = _component(random, f"{name}-{number}")
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"The image builds of {name}.",
        "Parameters": {
            "Subnet": {"Type": "AWS::EC2::Subnet::Id"},
            "Stage": {"Type": "String", "Default": "production", "AllowedValues": ["staging", "production"]},
        },
        "Resources": resources,
        "Outputs": {"Topic": {"Value": {"Ref": "Topic"}}, "Profile": {"Value": {"Fn::GetAtt": "Profile.Arn"}}},
    }


def _configuration(data: dict[str, Any]) -> dict[str, Any]:
    data |= {"subnetId": {"Ref": "Subnet"}, "snsTopicArn": {"Ref": "Topic"}, "instanceProfileName": {"Ref": "Profile"}}
    data["logging"]["s3Logs"]["s3KeyPrefix"] = {"Fn::Sub": "builds/${AWS::StackName}"}
    return {
        "Type": "AWS::ImageBuilder::InfrastructureConfiguration",
        "Metadata": {"iblint": {"build-type": "container"}},
        "Properties": _capitals(data, keep=("tags", "resourceTags")),
    }


def _capitals(data: Any, keep: tuple[str, ...]) -> Any:
    """Return a request with CloudFormation's keys. Tag keys do not change."""
    if not isinstance(data, dict) or "Ref" in data or "Fn::Sub" in data:
        return data
    return {key[0].upper() + key[1:]: each if key in keep else _capitals(each, keep) for key, each in data.items()}


def _component(random: Random, name: str) -> dict[str, Any]:
    packages = " ".join(sorted(random.sample(["nginx", "git", "jq", "docker", "chrony", "rsyslog", "python3.12"], 3)))
    properties = {"Name": name, "Platform": "Linux", "Version": "1.0.0"}
    return {
        "Type": "AWS::ImageBuilder::Component",
        "Properties": properties | {"Data": _COMPONENT.format(name=name, packages=packages)},
    }


def _role(name: str) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    logs = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
    managed = "EC2InstanceProfileForImageBuilder"
    policies = [managed, f"{managed}ECRContainerBuilds", "AmazonSSMManagedInstanceCore"]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "Description": f"What the build instances of {name} may do.",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/" + each} for each in policies],
            "Policies": [
                {"PolicyName": "logs", "PolicyDocument": {"Version": "2012-10-17", "Statement": [logs]}},
            ],
        },
    }


def _security_group(random: Random, number: int) -> dict[str, Any]:
    ports = [random.randint(1024, 9000) for _ in range(4)]
    return {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": f"Builds, group {number}",
            "VpcId": hexadecimal(random, "vpc"),
            "SecurityGroupEgress": [
                {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"} for port in ports
            ],
        },
    }


def terraform(random: Random, name: str, *, faulty: bool = False) -> str:
    """Return a Terraform file of about 1 KB with a configuration and its topic."""
    data = request(random, name)
    tokens = "optional" if faulty else "required"
    return f"""\
resource "aws_sns_topic" "{name}" {{
  name              = "{name}-images"
  kms_master_key_id = "alias/images"
}}

resource "aws_imagebuilder_infrastructure_configuration" "{name}" {{
  name                          = "{name}"
  description                   = "{data["description"]}"
  instance_profile_name         = "{data["instanceProfileName"]}"
  instance_types                = ["{'", "'.join(data["instanceTypes"])}"]
  security_group_ids            = ["{'", "'.join(data["securityGroupIds"])}"]
  subnet_id                     = "{data["subnetId"]}"
  sns_topic_arn                 = aws_sns_topic.{name}.arn
  terminate_instance_on_failure = true

  instance_metadata_options {{
    http_tokens                 = "{tokens}"
    http_put_response_hop_limit = 2
  }}

  logging {{
    s3_logs {{
      s3_bucket_name = "{data["logging"]["s3Logs"]["s3BucketName"]}"
      s3_key_prefix  = "builds/{name}"
    }}
  }}

  tags = {{
    team = "{data["tags"]["team"]}"
  }}
}}
"""
