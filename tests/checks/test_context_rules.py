"""Siblings as evidence: what other resources of a template say of a configuration, and rules IB501 to IB505."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from iblint.model.report import Finding, Report
from iblint.model.settings import Settings
from iblint.pipeline import check_paths

OWN, OTHER = "210987654321", "468013579246"
SLR = "arn:aws:iam::210987654321:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder"
HEAD = """
Parameters:
  Open: {Type: String}
  Arn: {Type: String}
Conditions:
  Is: !Equals [!Ref Open, "yes"]
"""
CONFIGURATION = "Type: AWS::ImageBuilder::InfrastructureConfiguration"


def template(configuration: str, **siblings: str) -> str:
    """A template with the configuration 'Infra' (further properties in flow style) and siblings by logical id."""
    properties = f"Name: infra, InstanceProfileName: builder, {configuration}".rstrip(", ")
    lines = [HEAD, "Resources:", f"  Infra: {{{CONFIGURATION}, Properties: {{{properties}}}}}"]
    for logical_id, sibling in siblings.items():
        kind, _, body = sibling.partition(" ")
        lines.append(f"  {logical_id}: {{Type: 'AWS::{kind}', Properties: {{{body}}}}}")
    return "\n".join(lines)


def judge(folder: Path, *texts: str, rule: str, **settings: str) -> Report:
    for number, text in enumerate(texts):
        (folder / f"t{number}.yaml").write_text(text, encoding="utf-8")
    report = check_paths([str(folder)], Settings(select=(rule,), **settings))  # type: ignore[arg-type]
    assert not report.problems
    return report


def verdict(folder: Path, text: str, rule: str, **settings: str) -> str:
    """``fail, note`` with the severity of the only finding; for others the verdict alone."""
    report = judge(folder, text, rule=rule, **settings)
    (configuration,) = report.configurations
    (outcome,) = configuration.outcomes
    if outcome.verdict != "fail":
        return str(outcome.verdict)
    (finding,) = report.findings
    return f"fail, {finding.severity}"


def finding_of(folder: Path, text: str, rule: str, **settings: str) -> Finding:
    (finding,) = judge(folder, text, rule=rule, **settings).findings
    return finding


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


# The build type

HOP_1 = "InstanceMetadataOptions: {HttpTokens: required, HttpPutResponseHopLimit: 1}"
IMAGES = "ImageRecipeArn: !Ref Arn"
USES = "InfrastructureConfigurationArn: !Ref Infra"


def pipeline(recipe: str, uses: str = USES) -> str:
    return f"ImageBuilder::ImagePipeline Name: p, {recipe}, {uses}"


CONTAINER, AMI = pipeline("ContainerRecipeArn: !Ref Arn"), pipeline(IMAGES)
EITHER = pipeline(
    "ContainerRecipeArn: !If [Is, !Ref Arn, !Ref AWS::NoValue], ImageRecipeArn: !If [Is, !Ref AWS::NoValue, !Ref Arn]"
)
ARN = "InfrastructureConfigurationArn: 'arn:aws:imagebuilder:eu-west-1:210987654321:infrastructure-configuration/{}'"
SUB = (
    "InfrastructureConfigurationArn: !Sub "
    "'arn:${AWS::Partition}:imagebuilder:${AWS::Region}:${AWS::AccountId}:infrastructure-configuration/infra'"
)


@pytest.mark.parametrize(
    ("siblings", "build_type", "ib202"),
    [
        ({}, "unknown", "unknown"),
        ({"P": CONTAINER}, "container", "fail, error"),
        ({"P": AMI}, "ami", "pass"),
        ({"P": CONTAINER, "Q": AMI}, "both", "fail, error"),
        ({"P": "ImageBuilder::Image ImageRecipeArn: !Ref Arn, " + USES}, "ami", "pass"),
        ({"P": EITHER}, "unknown", "unknown"),
        ({"P": EITHER, "Q": AMI}, "unknown", "unknown"),
        ({"P": EITHER, "Q": CONTAINER}, "container", "fail, error"),
        ({"P": pipeline(IMAGES, "InfrastructureConfigurationArn: !Ref Open")}, "unknown", "unknown"),
        ({"P": pipeline(IMAGES, "InfrastructureConfigurationArn: !GetAtt Infra.Arn")}, "ami", "pass"),
        ({"P": pipeline(IMAGES, ARN.format("infra"))}, "unknown", "unknown"),
        ({"P": pipeline(IMAGES, ARN.format("other"))}, "unknown", "unknown"),
        ({"P": pipeline(IMAGES, SUB)}, "ami", "pass"),
    ],
)  # fmt: skip
def test_pipelines_and_images_tell_the_build_type(
    tmp_path: Path, siblings: Mapping[str, str], build_type: str, ib202: str
) -> None:
    text = template(HOP_1, **siblings)
    assert verdict(tmp_path, text, "IB202") == ib202
    (configuration,) = judge(tmp_path, text, rule="IB202").configurations
    assert configuration.build_type == build_type


@pytest.mark.parametrize(
    ("declared", "siblings", "expected"),
    [
        ("ami", {"P": CONTAINER}, "error"),
        ("container", {"P": AMI}, "error"),
        ("ami", {"P": AMI, "Q": CONTAINER}, "error"),
        ("ami", {"P": AMI}, "pass"),
        ("ami", {"P": EITHER}, "pass"),
        ("both", {"P": AMI}, "fail, error"),
        ("both", {"P": AMI, "Q": CONTAINER}, "fail, error"),
    ],
)
def test_a_declaration_that_siblings_exclude_is_an_error(
    tmp_path: Path, declared: str, siblings: Mapping[str, str], expected: str
) -> None:
    assert verdict(tmp_path, template(HOP_1, **siblings), "IB202", cli_build_type=declared) == expected


def test_a_contradiction_names_both_and_shows_the_recipe(tmp_path: Path) -> None:
    text = template(HOP_1, P=CONTAINER)
    report = judge(tmp_path, text, rule="IB202", cli_build_type="ami")
    (finding,) = report.findings
    assert "'ami'" in finding.message
    assert "the ImagePipeline 'P'" in finding.message
    assert [place.span.line for place in finding.related] == [line_of(text, "ContainerRecipeArn")]
    assert report.exit_code == 4


def test_an_arn_of_another_account_is_another_configuration(tmp_path: Path) -> None:
    text = template(HOP_1, P=pipeline(IMAGES, ARN.format("infra")))
    assert verdict(tmp_path, text, "IB202", account=OWN, region="eu-west-1") == "pass"
    assert verdict(tmp_path, text, "IB202", account=OWN) == "unknown"
    assert verdict(tmp_path, text, "IB202", account=OWN, region="eu-north-1") == "unknown"
    assert verdict(tmp_path, text, "IB202", account=OTHER) == "unknown"


EXPORTS = "\nOutputs:\n  Arn: {Value: !GetAtt Infra.Arn, Export: {Name: infra}}"


def importer(name: str) -> str:
    user = pipeline(IMAGES, f"InfrastructureConfigurationArn: !ImportValue {name}")
    return (
        f"{HEAD}\nResources:\n  P: {{Type: 'AWS::{user.partition(' ')[0]}', Properties: {{{user.partition(' ')[2]}}}}}"
    )


@pytest.mark.parametrize(
    ("texts", "build_type"),
    [
        ([template(HOP_1) + EXPORTS, importer("infra")], "ami"),
        ([template(HOP_1) + EXPORTS, importer("another")], "unknown"),
        ([template(HOP_1) + EXPORTS, importer("infra"), template(HOP_1) + EXPORTS], "unknown"),
    ],
    ids=["the only export", "another export", "two stacks export it"],
)
def test_imports_link_templates_when_one_export_has_the_name(tmp_path: Path, texts: list[str], build_type: str) -> None:
    report = judge(tmp_path, *texts, rule="IB202", account="111122223333", region="eu-west-1")
    assert {configuration.build_type for configuration in report.configurations} == {build_type}


@pytest.mark.parametrize("target", [{}, {"account": "111122223333"}, {"region": "eu-west-1"}])
def test_an_import_of_an_undeclared_account_or_region_is_no_evidence(tmp_path: Path, target: dict[str, str]) -> None:
    report = judge(tmp_path, template(HOP_1) + EXPORTS, importer("infra"), rule="IB202", **target)
    assert [configuration.build_type for configuration in report.configurations] == ["unknown"]


# The topic and its key

NOTIFIES = "SnsTopicArn: !Ref Topic"
KEY = "KMS::Key "
KEY_ID = "8f2b7a54-3c1d-4e6f-9a80-b1c2d3e4f506"
ALIAS = "KMS::Alias AliasName: alias/a, TargetKeyId: !Ref Arn"


@pytest.mark.parametrize(
    ("key", "siblings", "ib204", "ib206"),
    [
        ("", {}, "pass", "fail, warning"),
        ("KmsMasterKeyId: !Ref AWS::NoValue", {}, "pass", "fail, warning"),
        ("KmsMasterKeyId: !Ref Key", {"Key": KEY}, "pass", "pass"),
        ("KmsMasterKeyId: !GetAtt Key.Arn", {"Key": KEY}, "pass", "pass"),
        ("KmsMasterKeyId: !Ref Alias", {"Alias": ALIAS}, "pass", "pass"),
        ("KmsMasterKeyId: alias/aws/sns", {}, "pass", "pass"),
        ("KmsMasterKeyId: alias/mine", {}, "pass", "pass"),
        ("KmsMasterKeyId: !If [Is, !Ref Key, !Ref AWS::NoValue]", {"Key": KEY}, "pass", "unknown"),
        ("KmsMasterKeyId: !If [Is, !Ref Key, !Ref Arn]", {"Key": KEY}, "unknown", "unknown"),
        ("KmsMasterKeyId: !Ref Arn", {}, "unknown", "unknown"),
        (f"KmsMasterKeyId: 'arn:aws:kms:eu-west-1:{OWN}:key/{KEY_ID}'", {}, "pass", "pass"),
        (f"KmsMasterKeyId: 'arn:aws:kms:eu-west-1:{OTHER}:key/{KEY_ID}'", {}, "fail, error", "pass"),
        ("KmsMasterKeyId: ''", {}, "unknown", "unknown"),
    ],
)  # fmt: skip
def test_the_topics_definition_tells_its_key(
    tmp_path: Path, key: str, siblings: Mapping[str, str], ib204: str, ib206: str
) -> None:
    text = template(NOTIFIES, Topic=f"SNS::Topic {key}", **siblings)
    assert verdict(tmp_path, text, "IB204", account=OWN) == ib204
    assert verdict(tmp_path, text, "IB206", account=OWN) == ib206


def test_a_foreign_key_needs_a_target_account(tmp_path: Path) -> None:
    key = f"arn:aws:kms:eu-west-1:{OTHER}:key/{KEY_ID}"
    text = template(NOTIFIES, Topic=f"SNS::Topic KmsMasterKeyId: '{key}'")
    assert verdict(tmp_path, text, "IB204") == "unknown"
    finding = finding_of(tmp_path, text, "IB204", account=OWN)
    assert finding.related[0].span.line == line_of(text, "KmsMasterKeyId")


@pytest.mark.parametrize(
    ("declared", "key", "expected"),
    [
        ("none", "KmsMasterKeyId: !Ref Key", "error"),
        ("alias/mine", "", "error"),
        ("alias/mine", "KmsMasterKeyId: !Ref Key", "pass"),
        (f"arn:aws:kms:eu-west-1:{OWN}:alias/mine", "KmsMasterKeyId: !Ref Key", "pass"),
        (f"arn:aws:kms:eu-west-1:{OTHER}:alias/mine", "KmsMasterKeyId: !Ref Key", "error"),
        ("none", "KmsMasterKeyId: !Ref Arn", "pass"),
    ],
)
def test_a_declared_key_is_held_against_the_definition(tmp_path: Path, declared: str, key: str, expected: str) -> None:
    text = template(NOTIFIES, Topic=f"SNS::Topic {key}", Key=KEY)
    text = text.replace("  Infra:", f"  # iblint: sns-topic-key={declared}\n  Infra:")
    assert verdict(tmp_path, text, "IB204", account=OWN) == expected


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (f"arn:aws:sns:eu-west-1:{OWN}:builds", "pass"),
        (f"arn:aws:sns:eu-west-1:{OTHER}:builds", "unknown"),
        (f"arn:aws:sns:us-east-1:{OWN}:builds", "unknown"),
        (f"arn:aws:sns:eu-west-1:{OWN}:others", "unknown"),
    ],
)
def test_a_topic_is_found_by_its_literal_arn(tmp_path: Path, topic: str, expected: str) -> None:
    text = template(f"SnsTopicArn: '{topic}'", Topic="SNS::Topic TopicName: builds")
    assert verdict(tmp_path, text, "IB204", account=OWN, region="eu-west-1") == expected


def test_a_name_that_two_topics_have_is_no_link(tmp_path: Path) -> None:
    named = "SNS::Topic TopicName: builds"
    text = template(f"SnsTopicArn: 'arn:aws:sns:eu-west-1:{OWN}:builds'", Topic=named, Twin=named)
    assert verdict(tmp_path, text, "IB204", account=OWN) == "unknown"


def test_a_topic_of_the_template_is_near(tmp_path: Path) -> None:
    assert verdict(tmp_path, template(NOTIFIES, Topic="SNS::Topic "), "IB205") == "pass"


def test_a_condition_of_the_configuration_holds_for_the_topic(tmp_path: Path) -> None:
    foreign = f"arn:aws:kms:eu-west-1:{OTHER}:alias/theirs"
    topic = f"SNS::Topic KmsMasterKeyId: !If [Is, !Ref Key, '{foreign}']"
    text = template("SnsTopicArn: !If [Is, !Ref Topic, !Ref AWS::NoValue]", Topic=topic, Key=KEY)
    assert verdict(tmp_path, text, "IB204", account=OWN) == "pass"


# IB501


def policy(*statements: str) -> str:
    return f"KMS::Key KeyPolicy: {{Statement: [{', '.join(statements)}]}}"


def allow(principal: str, actions: str = "[kms:GenerateDataKey*, kms:Decrypt]", more: str = "") -> str:
    return f"{{Effect: Allow, Principal: {principal}, Action: {actions}, Resource: '*'{more}}}"


ROOT = allow(f"{{AWS: 'arn:aws:iam::{OWN}:root'}}", "kms:*")
ROLE = f"{{AWS: '{SLR}'}}"
ROLE_CONDITION = f", Condition: {{ArnLike: {{aws:PrincipalArn: '{SLR}'}}}}"
OTHER_CONDITION = f", Condition: {{StringEquals: {{kms:CallerAccount: '{OWN}'}}}}"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (policy(ROOT, allow(ROLE)), "pass"),
        (policy(ROOT, allow(ROLE, "kms:GenerateDataKey"), allow(ROLE, "'kms:D*'")), "pass"),
        (policy(allow(ROLE, "'*'")), "pass"),
        (policy(allow("'*'")), "pass"),
        (policy(allow("{AWS: '*'}", more=ROLE_CONDITION)), "pass"),
        (policy(allow("{AWS: '*'}", more=OTHER_CONDITION)), "unknown"),
        (policy(ROOT, allow(ROLE, "kms:Decrypt")), "fail, warning"),
        (policy(ROOT), "fail, warning"),
        ("KMS::Key ", "fail, warning"),
        (policy(allow("{AWS: !Ref AWS::AccountId}", "kms:*")), "fail, warning"),
        (policy(allow("{AWS: !GetAtt Other.Arn}", "kms:*")), "fail, warning"),
        (policy(allow("{AWS: !Ref Arn}", "kms:*")), "unknown"),
        (policy(allow(ROLE, "!Ref Arn")), "unknown"),
        (policy(allow(ROLE), allow(ROLE).replace("Allow", "Deny")), "unknown"),
        (policy(allow(ROLE).replace("Effect: Allow", "Effect: !Ref Arn")), "unknown"),
        (policy(allow(ROLE).replace("Action", "NotAction")), "unknown"),
        (policy(ROOT, f"!If [Is, {allow(ROLE)}, !Ref AWS::NoValue]"), "unknown"),
        ("KMS::Key KeyPolicy: !Ref Arn", "unknown"),
        (f"KMS::Key KeyPolicy: !If [Is, {{Statement: [{allow(ROLE)}]}}, {{Statement: [{ROOT}]}}]", "unknown"),
        (f"KMS::Key KeyPolicy: !If [Is, {{Statement: [{allow(ROLE)}]}}, {{Statement: {allow(ROLE)}}}]", "pass"),
    ],
)
def test_ib501_looks_for_the_role_in_the_policy(tmp_path: Path, key: str, expected: str) -> None:
    text = template(NOTIFIES, Topic="SNS::Topic KmsMasterKeyId: !Ref Key", Key=key, Other="IAM::Role ")
    assert verdict(tmp_path, text, "IB501") == expected


def test_ib501_accepts_the_role_that_a_pipeline_runs_with(tmp_path: Path) -> None:
    key = policy(allow("{AWS: !GetAtt Runner.Arn}"))
    siblings = {"Topic": "SNS::Topic KmsMasterKeyId: !Ref Key", "Key": key, "Runner": "IAM::Role "}
    user = pipeline("ImageRecipeArn: !Ref Arn, ExecutionRole: !GetAtt Runner.Arn")
    assert verdict(tmp_path, template(NOTIFIES, **siblings), "IB501") == "fail, warning"
    assert verdict(tmp_path, template(NOTIFIES, **siblings, P=user), "IB501") == "pass"


def test_ib501_notes_a_key_that_aws_manages_and_shows_the_policy(tmp_path: Path) -> None:
    managed = template(NOTIFIES, Topic="SNS::Topic KmsMasterKeyId: alias/aws/sns")
    assert verdict(tmp_path, managed, "IB501") == "fail, note"
    text = template(NOTIFIES, Topic="SNS::Topic KmsMasterKeyId: !Ref Key", Key=policy(ROOT))
    finding = finding_of(tmp_path, text, "IB501")
    assert (finding.path, finding.location.span.line) == (("snsTopicArn",), line_of(text, "SnsTopicArn"))
    assert [place.span.line for place in finding.related] == [line_of(text, "KeyPolicy")]


# IB502

IMAGE = "arn:aws:imagebuilder:eu-west-1:aws:image/{}/x.x.x"


@pytest.mark.parametrize(
    ("types", "parent", "expected"),
    [
        ("[m5.large]", IMAGE.format("amazon-linux-2-x86"), "pass"),
        ("[m5.large]", IMAGE.format("amazon-linux-2-arm64"), "fail, warning"),
        ("[m7g.large]", IMAGE.format("windows-server-2022-english-full-base-x86"), "fail, warning"),
        ("[m5.large, m7g.large]", IMAGE.format("amazon-linux-2-arm64"), "pass"),
        ("[m5.large, !Ref Open]", IMAGE.format("amazon-linux-2-arm64"), "unknown"),
        ("!Ref Open", IMAGE.format("amazon-linux-2-arm64"), "unknown"),
        ("[m5.large]", f"arn:aws:imagebuilder:eu-west-1:{OWN}:image/my-arm64/1.0.0", "unknown"),
        ("[m5.large]", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", "fail, warning"),
        ("[m5.large]", "ami-0a1b2c3d4e5f60718", "unknown"),
    ],
)
def test_ib502_compares_types_and_image(tmp_path: Path, types: str, parent: str, expected: str) -> None:
    recipe = f"ImageBuilder::ImageRecipe Name: r, Version: 1.0.0, ParentImage: '{parent}'"
    text = template(f"InstanceTypes: {types}", Recipe=recipe, P=pipeline("ImageRecipeArn: !Ref Recipe"))
    assert verdict(tmp_path, text, "IB502") == expected


@pytest.mark.parametrize(("first", "expected"), [("arm64", "pass"), ("x86", "fail, warning")])
def test_ib502_judges_types_and_image_under_one_condition(tmp_path: Path, first: str, expected: str) -> None:
    second = "x86" if first == "arm64" else "arm64"
    images = ", ".join(f"'{IMAGE.format(f'amazon-linux-2-{arch}')}'" for arch in (first, second))
    recipe = f"ImageBuilder::ImageRecipe Name: r, Version: 1.0.0, ParentImage: !If [Is, {images}]"
    types = "InstanceTypes: [!If [Is, m7g.large, m5.large]]"
    text = template(types, Recipe=recipe, P=pipeline("ImageRecipeArn: !Ref Recipe"))
    assert verdict(tmp_path, text, "IB502") == expected


def test_ib502_fails_for_one_of_several_recipes(tmp_path: Path) -> None:
    recipe = "ImageBuilder::ImageRecipe Name: {}, Version: 1.0.0, ParentImage: '{}'"
    text = template(
        "InstanceTypes: [m5.large]",
        One=recipe.format("a", IMAGE.format("amazon-linux-2-x86")),
        Two=recipe.format("b", IMAGE.format("amazon-linux-2-arm64")),
        P=pipeline("ImageRecipeArn: !Ref One"),
        Q=pipeline(f"ImageRecipeArn: 'arn:aws:imagebuilder:eu-west-1:{OWN}:image-recipe/b/1.0.0'"),
    )
    finding = finding_of(tmp_path, text, "IB502", account=OWN, region="eu-west-1")
    assert "the recipe 'Two' of the pipeline 'Q'" in finding.message
    assert finding.related[0].span.line == line_of(text, "Two:")


# IB503

AWS = "arn:aws:iam::aws:policy/"
BUILD, SSM = f"'{AWS}EC2InstanceProfileForImageBuilder'", f"'{AWS}AmazonSSMManagedInstanceCore'"
ECR = f"'{AWS}EC2InstanceProfileForImageBuilderECRContainerBuilds'"
LOGS = "Logging: {S3Logs: {S3BucketName: build-logs}}"
PUT = "{{Statement: {{Effect: Allow, Action: '{}', Resource: '{}'}}}}"


def role(*managed: str, more: str = "") -> str:
    return f"IAM::Role ManagedPolicyArns: [{', '.join(managed)}]{more}"


def inline(document: str) -> str:
    return f", Policies: [{{PolicyName: p, PolicyDocument: {document}}}]"


@pytest.mark.parametrize(
    ("build", "role", "logs", "expected"),
    [
        ("ami", role(BUILD, SSM), "", "pass"),
        ("ami", role(BUILD), "", "fail, warning"),
        ("ami", "IAM::Role ", "", "fail, warning"),
        ("ami", role(BUILD, SSM, ECR), "", "fail, note"),
        ("both", role(BUILD, SSM, ECR), "", "pass"),
        ("container", role(BUILD, SSM), "", "fail, warning"),
        ("container", role(SSM, ECR), "", "unknown"),
        ("ami", role(BUILD, f"'{AWS}AdministratorAccess'"), "", "unknown"),
        ("ami", role(BUILD, "!Ref Arn"), "", "unknown"),
        ("ami", role(BUILD, f"!If [Is, {SSM}, !Ref AWS::NoValue]"), "", "unknown"),
        ("ami", role(BUILD, more=inline(PUT.format("ssm:*", "*"))), "", "unknown"),
        ("ami", role(BUILD, SSM), LOGS, "fail, warning"),
        ("ami", role(BUILD, SSM, "!Ref Arn"), LOGS, "unknown"),
        ("ami", role(BUILD, SSM, more=inline(PUT.format("s3:PutObject", "arn:aws:s3:::build-logs/*"))), LOGS, "pass"),
        ("ami", role(BUILD, SSM, more=inline(PUT.format("s3:*", "*"))), LOGS, "pass"),
        ("ami", role(BUILD, SSM, more=inline(PUT.format("s3:PutObject", "arn:aws:s3:::other/*"))), LOGS, "unknown"),
        ("ami", role(BUILD, SSM, more=inline(PUT.format("s3:GetObject", "*"))), LOGS, "fail, warning"),
    ],
)  # fmt: skip
def test_ib503_looks_at_the_role(tmp_path: Path, build: str, role: str, logs: str, expected: str) -> None:
    profile = "IAM::InstanceProfile InstanceProfileName: builder, Roles: [!Ref Role]"
    assert verdict(tmp_path, template(logs, Profile=profile, Role=role), "IB503", cli_build_type=build) == expected


@pytest.mark.parametrize(
    "attached",
    [
        "IAM::Policy PolicyName: p, Roles: [!Ref Role], PolicyDocument: {}",
        "IAM::ManagedPolicy Roles: [!Ref Role], PolicyDocument: {}",
        "IAM::RolePolicy PolicyName: p, RoleName: !Ref Role, PolicyDocument: {}",
    ],
)
def test_ib503_sees_policies_that_are_attached_from_outside(tmp_path: Path, attached: str) -> None:
    profile = "IAM::InstanceProfile InstanceProfileName: builder, Roles: [!Ref Role]"
    attached = attached.format(PUT.format("s3:PutObject", "*"))
    text = template(LOGS, Profile=profile, Role=role(BUILD, SSM), Attached=attached)
    assert verdict(tmp_path, text, "IB503", cli_build_type="ami") == "pass"


def test_ib503_without_the_role_in_sight(tmp_path: Path) -> None:
    text = template("", Profile="IAM::InstanceProfile InstanceProfileName: builder, Roles: [!Ref Open]")
    assert verdict(tmp_path, text, "IB503") == "unknown"
    assert verdict(tmp_path, template("", Role="IAM::Role "), "IB503") == "not-applicable"


# IB504

GROUP = "SecurityGroupIds: [!GetAtt Group.GroupId]"
EVERYONE = "CidrIp: 0.0.0.0/0"
EVERYONE_6 = "CidrIpv6: '::/0'"


def tcp(first: int | str, last: int | str, source: str = EVERYONE) -> str:
    return f"{{IpProtocol: tcp, FromPort: {first}, ToPort: {last}, {source}}}"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("", "pass"),
        ("SecurityGroupIngress: []", "pass"),
        (f"SecurityGroupIngress: [{tcp(22, 22)}]", "fail, error"),
        (f"SecurityGroupIngress: [{tcp(0, 65535)}]", "fail, error"),
        (f"SecurityGroupIngress: [{tcp(3000, 4000, EVERYONE_6)}]", "fail, error"),
        ("SecurityGroupIngress: [{IpProtocol: -1, CidrIp: 0.0.0.0/0}]", "fail, error"),
        ("SecurityGroupIngress: [{IpProtocol: tcp, CidrIp: 0.0.0.0/0}]", "fail, error"),
        (f"SecurityGroupIngress: [{tcp(23, 3388)}]", "fail, note"),
        (f"SecurityGroupIngress: [{tcp(22, 22, 'CidrIp: 10.0.0.0/8')}]", "fail, note"),
        (f"SecurityGroupIngress: [{tcp(22, 22, 'CidrIp: 10.0.0.0/10')}]", "fail, note"),
        ("SecurityGroupIngress: [{IpProtocol: udp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]", "fail, note"),
        (f"SecurityGroupIngress: [{tcp(22, 22, 'CidrIp: !Ref Open')}]", "fail, note"),
        (f"SecurityGroupIngress: [{tcp('!Ref Open', 22)}]", "fail, note"),
        ("SecurityGroupIngress: !Ref Open", "unknown"),
        (f"SecurityGroupIngress: !If [Is, [{tcp(22, 22)}], !Ref AWS::NoValue]", "unknown"),
        (f"SecurityGroupIngress: [{tcp(22, 22, 'CidrIp: !If [Is, 0.0.0.0/0, 10.0.0.0/8]')}]", "fail, note"),
    ],
)
def test_ib504_judges_inbound_rules(tmp_path: Path, rules: str, expected: str) -> None:
    assert verdict(tmp_path, template(GROUP, Group=f"EC2::SecurityGroup {rules}"), "IB504") == expected


def test_ib504_one_finding_for_each_group(tmp_path: Path) -> None:
    text = template(
        "SecurityGroupIds: [!Ref One, sg-0a1b2c3d4e5f60718, !Ref Two]",
        One=f"EC2::SecurityGroup SecurityGroupIngress: [{tcp(22, 22)}, {tcp(3389, 3389)}]",
        Two="EC2::SecurityGroup ",
        Rule=f"EC2::SecurityGroupIngress GroupId: !GetAtt Two.GroupId, {tcp(443, 443)[1:-1]}",
    )
    report = judge(tmp_path, text, rule="IB504")
    assert [(f.path, f.severity) for f in report.findings] == [
        (("securityGroupIds", 0), "error"),
        (("securityGroupIds", 2), "note"),
    ]
    assert report.findings[1].related[0].span.line == line_of(text, "Rule:")


# IB505

VPC = "EC2::VPC CidrBlock: 10.0.0.0/16"
NET = "SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]"


@pytest.mark.parametrize(
    ("subnet", "group", "expected"),
    [
        ("VpcId: !Ref A", "VpcId: !Ref A", "pass"),
        ("VpcId: !Ref A", "VpcId: !GetAtt A.VpcId", "pass"),
        ("VpcId: !Ref A", "VpcId: !Ref B", "fail, error"),
        ("VpcId: !Ref A", "", "fail, error"),
        ("VpcId: !Ref Open", "VpcId: !Ref Open", "pass"),
        ("VpcId: !Ref Open", "VpcId: !Ref Arn", "unknown"),
        ("VpcId: !If [Is, !Ref A, !Ref Open]", "VpcId: !If [Is, !Ref A, !Ref Open]", "pass"),
        ("VpcId: vpc-0a1b2c3d", "VpcId: vpc-0a1b2c3d", "pass"),
        ("VpcId: vpc-0a1b2c3d", "VpcId: vpc-9f8e7d6c", "fail, error"),
        ("VpcId: vpc-0a1b2c3d", "", "unknown"),
    ],
)
def test_ib505_compares_vpcs(tmp_path: Path, subnet: str, group: str, expected: str) -> None:
    siblings = {"Subnet": f"EC2::Subnet {subnet}", "Group": f"EC2::SecurityGroup {group}"}
    assert verdict(tmp_path, template(NET, A=VPC, B=VPC, **siblings), "IB505") == expected


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("SecurityGroupIds: [!Ref Group]", "fail, error"),
        ("SubnetId: subnet-0a1b2c3d, SecurityGroupIds: [!Ref Group]", "unknown"),
        ("SubnetId: !Ref Subnet, SecurityGroupIds: [sg-0a1b2c3d]", "unknown"),
        ("SubnetId: !Ref Subnet, SecurityGroupIds: [!GetAtt A.DefaultSecurityGroup]", "pass"),
        ("SubnetId: !Ref Subnet, SecurityGroupIds: [!GetAtt B.DefaultSecurityGroup]", "fail, error"),
        ("SubnetId: !Ref Open, SecurityGroupIds: [sg-0a1b2c3d]", "unknown"),
        ("SubnetId: subnet-0a1b2c3d, SecurityGroupIds: [sg-0a1b2c3d]", "not-applicable"),
        ("SubnetId: !Ref Subnet, Placement: {AvailabilityZone: eu-west-1a}", "pass"),
        ("SubnetId: !Ref Subnet, Placement: {AvailabilityZone: eu-west-1b}", "fail, warning"),
        ("SubnetId: !Ref Subnet, Placement: {AvailabilityZone: !Ref Open}", "unknown"),
    ],
)
def test_ib505_what_is_in_sight(tmp_path: Path, network: str, expected: str) -> None:
    siblings = {
        "A": VPC,
        "B": VPC,
        "Subnet": "EC2::Subnet VpcId: !Ref A, AvailabilityZone: eu-west-1a",
        "Group": "EC2::SecurityGroup VpcId: !Ref A",
    }
    assert verdict(tmp_path, template(network, **siblings), "IB505") == expected


# All of them


@pytest.mark.parametrize("rule", ["IB501", "IB502", "IB503", "IB504", "IB505"])
def test_nothing_to_judge_where_a_configuration_stands_alone(tmp_path: Path, rule: str) -> None:
    spec = {
        "name": "web",
        "instanceProfileName": "builder",
        "instanceTypes": ["m5.large"],
        "snsTopicArn": f"arn:aws:sns:eu-west-1:{OWN}:builds",
        "subnetId": "subnet-0a1b2c3d",
        "securityGroupIds": ["sg-0a1b2c3d"],
    }
    assert verdict(tmp_path, yaml.safe_dump(spec), rule) == "not-applicable"
    assert verdict(
        tmp_path, template("InstanceTypes: [m5.large], SubnetId: !Ref Open, SnsTopicArn: !Ref Arn"), rule
    ) == ("not-applicable")
