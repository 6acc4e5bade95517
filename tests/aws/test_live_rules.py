"""``check --live`` against the fake: what each rule reads, and its verdict if the read fails."""

import json
from typing import ClassVar

import pytest

from iblint.aws.allowlist import READS
from iblint.facts.questions import CONFIGURATION, PIPELINES_OF, TOPIC
from iblint.model.answers import Missing, Unavailable
from iblint.model.record import replace
from tests.fake_aws.faults import Fault
from tests.fake_aws.seed import BUCKET, client

FOREIGN = "468013579246"


@pytest.fixture
def outcomes(iblint):
    """Return rule -> (verdict, reason) of the only configuration, judged with live facts."""

    def run(file, *args):
        config = () if "--config" in args else ("--no-config",)
        result = iblint("check", "--live", *config, "--format", "json", *args, str(file))
        report = json.loads(result.out)
        (configuration,) = report["configurations"]
        return {o["rule"]: (o["verdict"], o["reason"]) for o in configuration["outcomes"]}

    return run


def failing(outcomes):
    return {rule for rule, (verdict, _) in outcomes.items() if verdict == "fail"}


def test_a_good_configuration_passes_with_allowed_reads_only(fake, account, spec, outcomes):
    found = outcomes(spec())
    live = {rule: verdict for rule, (verdict, _) in found.items() if rule.startswith("IB9")}
    assert set(live) == {f"IB9{number:02}" for number in range(1, 11)}
    assert set(live.values()) == {"pass", "not-applicable"}
    assert found["IB204"][0] == "pass"
    assert {call.action for call in fake.calls} <= READS
    assert fake.writes() == []
    assert len({(call.action, str(call.params)) for call in fake.calls}) == len(fake.calls), "a question is asked once"


def test_without_live_no_call_is_made_and_no_live_rule_runs(fake, spec, iblint):
    result = iblint("check", "--no-config", "--format", "json", str(spec()))
    (configuration,) = json.loads(result.out)["configurations"]
    assert not any(outcome["rule"].startswith("IB9") for outcome in configuration["outcomes"])
    assert fake.calls == []


def test_live_rules_alone_need_live(spec, iblint):
    result = iblint("check", "--no-config", "--select", "live", str(spec()))
    assert result.code == 2
    assert "add --live" in result.err


@pytest.mark.parametrize("option", [("--aws-profile", "x"), ("--role-arn", "arn:aws:iam::210987654321:role/x")])
def test_credentials_without_live_are_a_usage_error(spec, iblint, option):
    result = iblint("check", "--no-config", *option, str(spec()))
    assert result.code == 2
    assert "--live" in result.err


def test_an_unknown_identity_ends_with_5(fake, account, spec, iblint):
    fake.denied.add("sts:GetCallerIdentity")
    result = iblint("check", "--no-config", "--live", str(spec()))
    assert result.code == 5
    assert "The caller's identity cannot be read" in result.err
    assert "Traceback" not in result.err


def test_another_account_is_an_error_and_its_facts_are_not_used(spec, outcomes):
    found = outcomes(spec(), "--account", FOREIGN)
    assert found["IB901"][0] == "fail"
    assert {found[rule][0] for rule in ("IB902", "IB903", "IB904", "IB905", "IB906")} == {"unknown"}


def test_another_region_too(spec, outcomes, tmp_path):
    """--region or the environment sets the Region of the calls; a file may be declared for another one."""
    config = tmp_path / "iblint.yaml"
    config.write_text("overrides:\n  - files: ['*.yaml']\n    region: eu-central-1\n")
    found = outcomes(spec(), "--config", str(config))
    assert found["IB901"][0] == "fail"
    assert "is for Region 'eu-central-1'" in found["IB901"][1]
    assert found["IB905"][0] == "unknown"


MISSING = {
    "instanceProfileName": "nobody",
    "snsTopicArn": "arn:aws:sns:eu-west-1:210987654321:nothing",
    "subnetId": "subnet-0123456789abcdef0",
    "keyPair": "nothing",
    "logging": "{s3Logs: {s3BucketName: nothing-here}}",
    "placement": "{tenancy: host, hostId: h-0123456789abcdef0}",
}


def test_a_missing_resource_is_an_error(spec, iblint):
    result = iblint("check", "--no-config", "--live", "--select", "live", "--format", "json", str(spec(**MISSING)))
    findings = {finding["rule"]: finding for finding in json.loads(result.out)["findings"]}
    assert set(findings) == {"IB902", "IB903", "IB905", "IB907", "IB908", "IB909"}
    for finding in findings.values():
        assert (finding["verdict"], finding["severity"]) == ("fail", "error")
        assert "does not exist" in finding["message"]
    assert result.code == 1


def test_a_type_that_ec2_does_not_have(account, spec, outcomes):
    verdict, reason = outcomes(spec(instanceTypes="[m7i.lagre]"))["IB906"]
    assert verdict == "fail"
    assert "The instance type 'm7i.lagre' does not exist in this Region. No build can start." in reason


DENIED = {
    "IB902": "iam:GetInstanceProfile",
    "IB903": "sns:GetTopicAttributes",
    "IB905": "ec2:DescribeSubnets",
    "IB906": "ec2:DescribeInstanceTypeOfferings",
    "IB907": "ec2:DescribeKeyPairs",
    "IB908": "s3:HeadBucket",
    "IB909": "ec2:DescribeHosts",
    "IB910": "ec2:GetInstanceMetadataDefaults",
}
PERMISSIONS = {**DENIED, "IB908": "s3:ListBucket"}
EVERYTHING = {
    "keyPair": "builds",
    "logging": f"{{s3Logs: {{s3BucketName: {BUCKET}}}}}",
    "placement": "{tenancy: host, hostId: h-0123456789abcdef0}",
    "instanceMetadataOptions": "{httpTokens: optional, httpPutResponseHopLimit: 2}",
}


def test_a_denied_read_is_unknown_and_names_the_permission(fake, spec, outcomes):
    fake.denied |= set(DENIED.values())
    found = outcomes(spec(**EVERYTHING))
    for rule, permission in PERMISSIONS.items():
        verdict, reason = found[rule]
        assert verdict == "unknown", rule
        assert f"the call was denied ({permission})" in reason


def test_a_denied_read_does_not_fail_the_run(fake, spec, iblint):
    fake.denied.add("ec2:DescribeSubnets")
    result = iblint("check", "--no-config", "--live", str(spec()))
    assert result.code == 0
    assert "note[IB905 live-network]" in result.out
    assert "Grant ec2:DescribeSubnets to the caller" in " ".join(result.out.split())


@pytest.mark.parametrize("denied", ["iam:ListAttachedRolePolicies", "iam:ListRolePolicies"])
def test_policies_that_cannot_be_read(fake, account, spec, outcomes, denied):
    fake.denied.add(denied)
    verdict, reason = outcomes(spec())["IB902"]
    assert (verdict, f"({denied})" in reason) == ("unknown", True)


@pytest.mark.parametrize(
    "fault", [Fault("error", code="ThrottlingException"), Fault("reset"), Fault("html"), Fault("truncated")]
)
def test_throttled_and_broken_answers_are_unknown(fake, spec, outcomes, fault):
    fake.script.add(replace(fault, service="kms", operation="DescribeKey", times=9))
    found = outcomes(spec())
    assert found["IB904"][0] == found["IB204"][0] == "unknown"


class TestKey:
    """Rules about the topic's key, with live facts."""

    def test_a_foreign_key_fails_both_rules(self, fake, account, spec, outcomes):
        fake.overrides.foreign_key(account.key, FOREIGN)
        fake.overrides.keys[account.key]["Arn"] = account.key.replace("210987654321", FOREIGN)
        found = outcomes(spec())
        for rule in ("IB204", "IB904"):
            verdict, reason = found[rule]
            assert verdict == "fail"
            assert f"'{FOREIGN}'" in reason

    def test_denied_is_unknown_in_both_and_names_the_permission(self, fake, account, spec, outcomes):
        fake.denied.add("kms:DescribeKey")
        found = outcomes(spec())
        for rule in ("IB204", "IB904"):
            verdict, reason = found[rule]
            assert verdict == "unknown"
            assert "(kms:DescribeKey)" in reason

    def test_a_topic_that_cannot_be_read_leaves_both_unknown(self, fake, account, spec, outcomes):
        fake.denied.add("sns:GetTopicAttributes")
        found = outcomes(spec())
        for rule in ("IB204", "IB904"):
            verdict, reason = found[rule]
            assert verdict == "unknown"
            assert "(sns:GetTopicAttributes)" in reason

    def test_the_account_overrides_a_declared_key(self, fake, account, spec, outcomes):
        file = spec()
        file.write_text(
            f"# iblint: sns-topic-key=arn:aws:kms:eu-west-1:{FOREIGN}:key/{'0' * 8}-0000-0000-0000-{'0' * 12}\n"
            + file.read_text()
        )
        assert outcomes(file)["IB204"][0] == "pass"

    def test_a_declared_key_cannot_pass_while_the_topic_cannot_be_read(self, fake, spec, outcomes):
        fake.denied.add("sns:GetTopicAttributes")
        file, foreign = spec(), f"arn:aws:kms:eu-west-1:{FOREIGN}:key/{'0' * 8}-0000-0000-0000-{'0' * 12}"
        text = file.read_text()
        for key, verdict in (("none", "unknown"), (foreign, "fail")):
            file.write_text(f"# iblint: sns-topic-key={key}\n{text}")
            assert outcomes(file)["IB204"][0] == verdict

    def test_aws_managed_keys_are_never_looked_up(self, fake, spec, outcomes, topic):
        found = outcomes(spec(snsTopicArn=topic("alias/aws/sns")))
        assert found["IB204"][0] == found["IB904"][0] == "pass"
        assert not any(call.service == "kms" for call in fake.calls)

    def test_a_topic_without_a_key(self, fake, account, spec, outcomes):
        plain = client(fake, "sns").create_topic(Name="plain")["TopicArn"]
        found = outcomes(spec(snsTopicArn=plain))
        assert found["IB204"][0] == "pass"
        assert found["IB904"][0] == "not-applicable"

    def test_a_policy_that_does_not_name_the_role_is_a_warning(self, fake, spec, iblint, topic):
        own = topic(client(fake, "kms").create_key()["KeyMetadata"]["Arn"])
        file = spec(snsTopicArn=own)
        result = iblint("check", "--no-config", "--live", "--select", "IB904", "--format", "json", str(file))
        (finding,) = json.loads(result.out)["findings"]
        assert (finding["verdict"], finding["severity"]) == ("fail", "warning")

    def test_a_disabled_key_is_an_error(self, fake, spec, outcomes, topic):
        kms = client(fake, "kms")
        key = kms.create_key()["KeyMetadata"]
        kms.disable_key(KeyId=key["KeyId"])
        verdict, reason = outcomes(spec(snsTopicArn=topic(key["Arn"])))["IB904"]
        assert verdict == "fail"
        assert "is in state Disabled" in reason

    def test_an_alias_is_looked_up_in_the_account(self, fake, spec, outcomes, topic, account):
        client(fake, "kms").create_alias(AliasName="alias/builds", TargetKeyId=account.key.rpartition("/")[2])
        found = outcomes(spec(snsTopicArn=topic("alias/builds")))
        assert found["IB204"][0] == found["IB904"][0] == "pass"


class TestBuildType:
    """The build type, with live facts."""

    ARN = "arn:aws:imagebuilder:eu-west-1:210987654321:infrastructure-configuration/web"
    RECIPES: ClassVar = {
        "container": {"containerRecipeArn": "arn:aws:imagebuilder:eu-west-1:210987654321:container-recipe/x/1.0.0"},
        "ami": {"imageRecipeArn": "arn:aws:imagebuilder:eu-west-1:210987654321:image-recipe/x/1.0.0"},
    }
    LOW = "{httpTokens: required, httpPutResponseHopLimit: 1}"

    def use(self, fake, kind):
        arn = f"arn:aws:imagebuilder:eu-west-1:210987654321:image-pipeline/{kind}"
        fake.imagebuilder.pipelines.append(
            {"arn": arn, "name": kind, "infrastructureConfigurationArn": self.ARN, **self.RECIPES[kind]}
        )

    def test_a_container_pipeline_overrides_the_declared_build_type(self, fake, account, spec, outcomes):
        file = spec(instanceMetadataOptions=self.LOW)
        assert outcomes(file)["IB202"][0] == "pass"  # declared: AMIs
        self.use(fake, "container")
        verdict, reason = outcomes(file)["IB202"]
        assert verdict == "fail"
        assert "image-pipeline/container' of the account" in reason

    def test_ami_pipelines_decide_only_if_nothing_is_declared(self, fake, account, spec, outcomes):
        file = spec(instanceMetadataOptions=self.LOW)
        file.write_text(file.read_text().replace("# iblint: build-type=ami\n", ""))
        assert outcomes(file)["IB202"][0] == "unknown"
        self.use(fake, "ami")
        assert outcomes(file)["IB202"][0] == "pass"
        assert outcomes(file, "--build-type", "container")["IB202"][0] == "fail"

    def test_pipelines_that_cannot_be_read_are_named(self, fake, account, spec, outcomes):
        file = spec(instanceMetadataOptions="{httpTokens: required}")
        file.write_text(file.read_text().replace("# iblint: build-type=ami\n", ""))
        fake.denied.add("imagebuilder:ListImagePipelines")
        verdict, reason = outcomes(file)["IB202"]
        assert verdict == "unknown"
        assert "(imagebuilder:ListImagePipelines)" in reason


class TestNetwork:
    """Rules about the network, with live facts."""

    @pytest.fixture
    def group(self, fake, account):
        """Make a security group; returns its id."""
        ec2 = client(fake, "ec2")

        def make(vpc=None):
            vpc = vpc or ec2.describe_subnets(SubnetIds=[account.subnet])["Subnets"][0]["VpcId"]
            name = f"group-{len(ec2.describe_security_groups()['SecurityGroups'])}"
            return ec2.create_security_group(GroupName=name, Description="x", VpcId=vpc)["GroupId"]

        return make

    def test_a_group_that_lets_everyone_in(self, fake, spec, outcomes, group):
        wide = group()
        client(fake, "ec2").authorize_security_group_ingress(
            GroupId=wide, IpProtocol="tcp", FromPort=0, ToPort=1024, CidrIp="0.0.0.0/0"
        )
        verdict, reason = outcomes(spec(securityGroupIds=f"[{wide}]"))["IB905"]
        assert verdict == "fail"
        assert "to port 22 (SSH)" in reason

    def test_a_group_of_another_vpc(self, fake, spec, outcomes, group):
        vpc = client(fake, "ec2").create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
        verdict, reason = outcomes(spec(securityGroupIds=f"[{group(vpc)}]"))["IB905"]
        assert verdict == "fail"
        assert f"is in the VPC '{vpc}'" in reason

    def test_a_subnet_without_a_route_to_the_internet(self, fake, spec, outcomes, group):
        ec2 = client(fake, "ec2")
        vpc = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.2.0.0/24")["Subnet"]["SubnetId"]
        for service in ("ssm", "ec2messages"):
            name = f"com.amazonaws.eu-west-1.{service}"
            ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=name, VpcEndpointType="Interface")
        verdict, reason = outcomes(spec(subnetId=subnet, securityGroupIds=f"[{group(vpc)}]"))["IB905"]
        assert verdict == "fail"
        assert "no endpoint for ssmmessages, imagebuilder, s3, logs" in reason


def test_the_log_bucket_of_another_region(fake, account, spec, outcomes):
    s3 = client(fake, "s3", region="us-east-1")
    s3.create_bucket(Bucket="far-away-logs")
    verdict, reason = outcomes(spec(logging="{s3Logs: {s3BucketName: far-away-logs}}"))["IB908"]
    assert verdict == "fail"
    assert "'us-east-1'" in reason


def test_an_account_that_enforces_imdsv2(fake, account, spec, outcomes):
    fake.overrides.imds = {"httpTokensEnforced": "enabled"}
    found = outcomes(spec(instanceMetadataOptions="{httpTokens: optional, httpPutResponseHopLimit: 2}"))
    assert found["IB910"][0] == "fail"
    assert outcomes(spec())["IB910"][0] == "pass"


class TestFacts:
    """Responses that are damaged, and configurations."""

    def test_an_incomplete_response_is_not_an_empty_list(self, fake, account, facts):
        fake.script.add(Fault("cut-json", operation="ListImagePipelines", when="after"))
        assert isinstance(facts.ask(PIPELINES_OF, "arn:x"), Unavailable)

    def test_an_incomplete_configuration_is_not_a_missing_one(self, fake, account, facts):
        ib = client(fake, "imagebuilder")
        arn = ib.create_infrastructure_configuration(name="web", instanceProfileName="builder")
        arn = arn["infrastructureConfigurationArn"]
        fake.script.add(Fault("cut-json", operation="GetInfrastructureConfiguration", when="after"))
        assert isinstance(facts.ask(CONFIGURATION, arn), Unavailable)

    def test_a_slow_body_is_a_timeout(self, fake, account, facts):
        fake.script.add(Fault("slow-body", service="sns", operation="GetTopicAttributes", times=9, seconds=1.0))
        answer = facts.ask(TOPIC, account.topic)
        assert isinstance(answer, Unavailable)

    def test_configurations(self, fake, account, facts):
        ib = client(fake, "imagebuilder")
        arn = ib.create_infrastructure_configuration(name="web", instanceProfileName="builder")
        found = facts.ask(CONFIGURATION, arn["infrastructureConfigurationArn"])
        assert found["name"] == "web"
        assert isinstance(facts.ask(CONFIGURATION, f"{arn['infrastructureConfigurationArn']}-2"), Missing)
