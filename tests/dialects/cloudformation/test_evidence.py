"""Resources beside the configurations: resolved when they are looked at, as they would be at once."""

from __future__ import annotations

import pickle

import pytest

from iblint.dialects.shared.extraction import document_unit
from iblint.dialects.shared.registry import extract
from iblint.model.document import Source
from iblint.model.references import imported_names
from iblint.model.resource import Deferred
from iblint.model.values import ABSENT, Choice, Unresolved, lookup
from iblint.parse.load import load

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: production, AllowedValues: [staging, production]}
  Network: {Type: String}
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
  IsOurs: !Equals [!Ref Network, vpc-1]
Resources:
  Builds:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties: {Name: builds, InstanceProfileName: !Ref Profile}
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {Roles: [builder], Path: !If [IsOurs, /ours/, !Ref "AWS::NoValue"]}
  Group:
    Type: AWS::EC2::SecurityGroup
    Condition: IsOurs
    Properties:
      VpcId: !If [IsOurs, vpc-1, vpc-2]
      GroupName: !Sub "${Stage}-${AWS::Region}"
      groupName: again
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: !If [IsProduction, 443, 80], CidrIp: 10.0.0.0/8}
"""


def resources_of(text, name="web.yaml"):
    (document,) = load(Source(name, text.encode()))
    extraction = extract(document_unit(document))
    assert extraction.problems == ()
    return {resource.address: resource for resource in extraction.resources}


def shown(resource):
    """All of a resource, by properties."""
    places = {path: resource.places[path] for path in resource.places}
    return {name: resource.spec[name] for name in resource.spec}, places


@pytest.mark.parametrize("address", ["Profile", "Group"])
def test_what_is_resolved_when_it_is_looked_at_is_what_is_resolved_at_once(address):
    waiting = resources_of(TEMPLATE)[address]
    at_once = resources_of(TEMPLATE + "# ImportValue\n")[address]
    assert isinstance(waiting.spec, Deferred)
    assert not isinstance(at_once.spec, Deferred)
    name = next(iter(at_once.spec))
    assert lookup(waiting.spec, (name,)) == at_once.spec[name]  # one property, before all of them
    assert shown(waiting) == shown(at_once)
    assert waiting == at_once
    assert lookup(waiting.spec, ("none",)) is ABSENT
    assert waiting.places.get(("none",)) is None
    assert waiting.places.get(()) is None


def test_a_property_depends_on_what_the_resource_exists_by():
    group = resources_of(TEMPLATE)["Group"]
    assert group.spec["vpcId"] == "vpc-1"
    assert group.spec["securityGroupIngress"][0]["fromPort"] == 443
    assert isinstance(resources_of(TEMPLATE)["Profile"].spec["path"], Choice)


@pytest.mark.parametrize("looked_at", [False, True])
def test_evidence_is_resolved_in_another_process_as_in_this_one(looked_at):
    resources = resources_of(TEMPLATE)
    expected = {address: shown(resource) for address, resource in resources_of(TEMPLATE).items()}
    if looked_at:
        assert len(resources["Group"].spec) == 3
    again = pickle.loads(pickle.dumps(resources))
    assert {address: shown(resource) for address, resource in again.items()} == expected


@pytest.mark.parametrize("value", ['!ImportValue "x"', "!Import%56alue x", '{"Fn::Import\\x56alue": x}'])
def test_an_import_is_seen_however_it_is_spelled(value):
    resources = resources_of(TEMPLATE.replace("[builder]", f"[{value}]"))
    assert imported_names(resources.values()) == {"x"}


@pytest.mark.parametrize("inside", ["Properties: {Fn::Transform: x}", "Properties: {TopicName: a, Fn::Transform: x}"])
def test_properties_that_a_macro_makes_may_be_any(inside):
    topic = resources_of(TEMPLATE + f"  Topic:\n    Type: AWS::SNS::Topic\n    {inside}\n")["Topic"]
    assert isinstance(lookup(topic.spec, ("kmsMasterKeyId",)), Unresolved)


@pytest.mark.parametrize("kind", ["ImagePipeline", "Image"])
def test_what_tells_of_the_build_is_resolved_while_its_file_is_read(kind):
    user = f"  User:\n    Type: AWS::ImageBuilder::{kind}\n    Properties: {{ImageRecipeArn: x}}\n"
    assert not isinstance(resources_of(TEMPLATE + user)["User"].spec, Deferred)


_CHAIN = "\n".join(f"  C{n}: {{Condition: C{n + 1}}}" for n in range(69))
_LONG = f"""
Parameters: {{P: {{Type: String, Default: x}}}}
Conditions:
{_CHAIN}
  C69: !Equals [!Ref P, x]
"""
_CIRCLE = """
Conditions:
  C0: !Not [{Condition: C40}]
  C40: !Not [{Condition: C0}]
"""
_TOPIC = """
Resources:
  Builds:
    Type: AWS::ImageBuilder::InfrastructureConfiguration
    Properties: {Name: builds, InstanceProfileName: p, Description: !If [C40, a, b]}
  Topic:
    Type: AWS::SNS::Topic
    Properties: {KmsMasterKeyId: !If [C0, key, !Ref "AWS::NoValue"]}
Outputs:
  Topic: {Value: !Ref Topic, Export: {Name: x}}
"""


@pytest.mark.parametrize("conditions", [_LONG, _CIRCLE], ids=["longer than is followed", "circular"])
def test_conditions_come_to_the_same_wherever_and_whenever_evidence_is_looked_at(conditions):
    """What is looked at first, or in which process, must not decide what a condition comes to."""
    topic = resources_of(conditions + _TOPIC)["Topic"]
    elsewhere = pickle.loads(pickle.dumps(topic))
    assert elsewhere.spec["kmsMasterKeyId"] == topic.spec["kmsMasterKeyId"]
