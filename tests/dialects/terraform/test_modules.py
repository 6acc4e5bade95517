"""Module folders: what is judged, per call, by which values, with which evidence and directives."""

from __future__ import annotations

import json

import pytest

from iblint.cli.fast_path import parse, skip_unmarked
from iblint.config.load import from_mapping
from iblint.model.verdict import Verdict
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from iblint.session import Session

RULES = load_packs(from_mapping({}))
IMAGE = """variable "tokens" {
  default = "optional"
}
resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = "web"
  instance_profile_name         = "builds"
  terminate_instance_on_failure = true
  instance_metadata_options {
    http_tokens                 = var.tokens
    http_put_response_hop_limit = 1
  }
}
output "arn" {
  value = aws_imagebuilder_infrastructure_configuration.this.arn
}
"""


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def check(files, paths=(".",), jobs=1, **settings):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        session = Session(keep_resources=jobs == 1)
        return check_paths(list(paths), from_mapping({"strict": True, **settings}), RULES, session, jobs=jobs)

    return check


def verdicts(report, rule="IB201"):
    return {
        configuration.address: next(o.verdict for o in configuration.outcomes if o.rule == rule)
        for configuration in report.configurations
    }


CALLER = 'module "image" {\n  source = "../modules/image"\n  tokens = "required"\n}\n'
THIS = "aws_imagebuilder_infrastructure_configuration.this"


def test_a_module_is_judged_by_its_own_defaults(report):
    found = report({"modules/image/main.tf": IMAGE})
    assert verdicts(found) == {THIS: Verdict.FAIL}
    finding = next(f for f in found.findings if f.rule == "IB201")
    assert (finding.location.file, finding.location.span.line) == ("modules/image/main.tf", 2)
    assert finding.provenance == "the default of variable 'tokens'"
    assert [place.label for place in finding.related] == ["used here"]


def test_a_module_is_judged_as_it_is_called(report):
    found = report({"modules/image/main.tf": IMAGE, "live/main.tf": CALLER})
    assert verdicts(found) == {f"module.image.{THIS}": Verdict.PASS}


def test_a_call_is_a_related_place(report):
    found = report({"modules/image/main.tf": IMAGE, "live/main.tf": CALLER.replace("required", "optional")})
    finding = next(f for f in found.findings if f.rule == "IB201")
    assert (finding.location.file, finding.location.span.line) == ("live/main.tf", 3)
    assert finding.provenance == "the argument 'tokens' of module 'image'"
    assert ("live/main.tf", "module 'image' is called here") in [(p.file, p.label) for p in finding.related]


def test_a_call_from_below_does_not_stop_the_module_from_being_judged_alone(report):
    example = 'module "image" {\n  source = "../.."\n  tokens = "required"\n}\n'
    found = report({"main.tf": IMAGE, "examples/one/main.tf": example})
    assert verdicts(found) == {THIS: Verdict.FAIL, f"module.image.{THIS}": Verdict.PASS}


def test_the_same_is_found_wherever_the_run_starts(report):
    files = {"modules/image/main.tf": IMAGE, "live/main.tf": CALLER, "live/outputs.tf": "locals {}\n"}
    whole = report(files)
    for paths in (["live"], ["live/main.tf"], ["live", "modules"], ["live/main.tf", "modules/image/main.tf"]):
        assert verdicts(report({}, paths)) == verdicts(whole), paths


LOCALS = 'locals {\n  tokens = "required"\n}\n'


def test_files_beside_a_named_one_are_read_unless_excluded(report):
    files = {
        "main.tf": IMAGE.replace("var.tokens", "local.tokens"),
        "locals.tf": 'locals {\n  tokens = "required"\n}\n',
    }
    assert verdicts(report(files, ["main.tf"])) == {THIS: Verdict.PASS}
    assert verdicts(report({}, ["main.tf"], exclude=["locals.tf"])) == {THIS: Verdict.UNKNOWN}


def test_the_folder_of_a_changed_file_is_judged(report):
    head, _, rest = IMAGE.partition("resource")
    files = {"m/variables.tf": head, "m/main.tf": f"resource{rest}", "other/main.tf": "locals {}\n"}
    report(files)
    for path in ("m/variables.tf", "m/main.tf", "m"):
        assert verdicts(report({}, [path])) == {THIS: Verdict.FAIL}, path
        assert skip_unmarked([path], parse([])[1]) is None
    assert report({}, ["other/main.tf"]).configurations == ()
    assert skip_unmarked(["other/main.tf"], {**parse([])[1], "no_config": True}) == 0


def test_a_count_that_is_zero_by_a_default_is_judged_as_it_is_when_it_exists(report):
    text = 'variable "create" {\n  default = false\n}\n' + IMAGE.replace(
        '"this" {\n', '"this" {\n  count = var.create ? 1 : 0\n', 1
    )
    assert verdicts(report({"main.tf": text})) == {f"{THIS}[0]": Verdict.FAIL}


def test_a_count_that_the_caller_sets_to_zero_makes_none(report):
    image = 'variable "create" {\n  default = true\n}\n' + IMAGE.replace(
        '"this" {\n', '"this" {\n  count = var.create ? 1 : 0\n', 1
    )
    call = CALLER.replace("tokens", "create").replace('"required"', "false")
    assert verdicts(report({"modules/image/main.tf": image.split("output")[0], "live/main.tf": call})) == {}


def test_of_two_configurations_that_exclude_each_other_one_exists(report):
    text = 'variable "arm" {\n  type = bool\n}\n'
    for name, count in (("arm", "var.arm ? 1 : 0"), ("x86", "!var.arm ? 1 : 0")):
        text += IMAGE.split("output")[0].split("}\n", 1)[1].replace('"this" {', f'"{name}" {{\n  count = {count}')
    text = text.replace("var.tokens", 'var.arm ? "required" : "optional"')
    found = {address.rpartition(".")[2]: verdict for address, verdict in verdicts(report({"main.tf": text})).items()}
    assert found == {"arm[0]": Verdict.PASS, "x86[0]": Verdict.FAIL}


def test_directives_above_blocks_and_calls(report):
    above = "// iblint: build-type=ami\n" + IMAGE[IMAGE.index("resource") :]
    text = 'variable "tokens" {\n  default = "required"\n}\n' + above
    assert verdicts(report({"main.tf": text}), "IB202") == {THIS: Verdict.PASS}
    top = "# iblint: build-type=container\n" + IMAGE
    assert verdicts(report({"main.tf": top}), "IB202") == {THIS: Verdict.FAIL}


def test_a_directive_above_a_module_block_holds_for_what_it_calls(report):
    found = report({"modules/image/main.tf": IMAGE, "live/main.tf": "# iblint: build-type=ami\n\n\n" + CALLER})
    assert verdicts(found, "IB202") == {f"module.image.{THIS}": Verdict.PASS}


PIPELINE = """module "image" {
  source = "../modules/image"
}
resource "aws_imagebuilder_image_pipeline" "p" {
  name                             = "p"
  infrastructure_configuration_arn = module.image.arn
  %s_recipe_arn = "arn"
}
"""


@pytest.mark.parametrize(("recipe", "verdict"), [("container", Verdict.FAIL), ("image", Verdict.PASS)])
def test_a_pipeline_is_linked_through_the_output_of_a_module(report, recipe, verdict):
    found = report({"modules/image/main.tf": IMAGE, "live/main.tf": PIPELINE % recipe})
    assert verdicts(found, "IB202") == {f"module.image.{THIS}": verdict}


TOPIC = IMAGE.replace("  name ", "  sns_topic_arn = aws_sns_topic.t.arn\n  name ", 1)
KEYS = [
    ("", Verdict.PASS),
    ("kms_master_key_id = aws_kms_key.k.arn", Verdict.PASS),
    ("kms_master_key_id = aws_kms_alias.a.name", Verdict.PASS),
    ('kms_master_key_id = "arn:aws:kms:eu-west-1:${data.aws_caller_identity.c.account_id}:key/x"', Verdict.PASS),
    ('kms_master_key_id = "arn:aws:kms:eu-west-1:345678901234:key/1234abcd-12ab-34cd-56ef-1234567890ab"', Verdict.FAIL),
    ("kms_master_key_id = var.key", Verdict.UNKNOWN),
    ("kms_master_key_id = var.tokens == null ? null : null", Verdict.PASS),
]


@pytest.mark.parametrize(("key", "verdict"), KEYS)
def test_the_key_of_a_topic(report, key, verdict):
    rest = (
        f'resource "aws_sns_topic" "t" {{\n  name = "t"\n  {key}\n}}\nvariable "key" {{}}\n'
        'resource "aws_kms_key" "k" {}\n'
        'resource "aws_kms_alias" "a" {\n  name = "alias/a"\n  target_key_id = aws_kms_key.k.id\n}\n'
        'data "aws_caller_identity" "c" {}\n'
    )
    found = report({"main.tf": TOPIC + rest}, account="210987654321")
    assert verdicts(found, "IB204") == {THIS: verdict}


ROLE = """
resource "aws_iam_instance_profile" "p" {
  name = "p"
  role = aws_iam_role.r.name
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
"""
ATTACHED = """
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = toset(["EC2InstanceProfileForImageBuilder", "AmazonSSMManagedInstanceCore"])
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}
"""
OPTIONAL = (
    ATTACHED.replace("for_each ", "count = var.maybe ? 1 : 0 #").replace("each.key", "count.index")
    + 'variable "maybe" {}\n'
)


@pytest.mark.parametrize(
    ("more", "verdict"), [("", Verdict.FAIL), (ATTACHED, Verdict.PASS), (OPTIONAL, Verdict.UNKNOWN)]
)
def test_policies_are_attached_to_the_role_of_the_profile(report, more, verdict):
    text = "# iblint: build-type=ami\n" + IMAGE.replace('"builds"', "aws_iam_instance_profile.p.name")
    found = report({"main.tf": text + ROLE + more})
    assert verdicts(found, "IB503") == {THIS: verdict}


def rule(kind, **arguments):
    lines = "".join(f"  {name} = {json.dumps(value)}\n" for name, value in arguments.items())
    return f'resource "{kind}" "r" {{\n{lines}  security_group_id = aws_security_group.g.id\n}}\n'


EVERYTHING = {"from_port": 0, "to_port": 0, "protocol": "-1"}
SSH = '  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n'
INGRESS = {"type": "ingress", "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"], **EVERYTHING}
RDP = {"from_port": 3389, "to_port": 3389, "ip_protocol": "tcp", "cidr_ipv4": "0.0.0.0/0"}
RULES_OF_GROUPS = [
    ("", "", Verdict.PASS),
    (SSH, "", Verdict.FAIL),
    ("", rule("aws_security_group_rule", **INGRESS), Verdict.FAIL),
    ("", rule("aws_vpc_security_group_ingress_rule", **RDP), Verdict.FAIL),
    ("", rule("aws_security_group_rule", **{**INGRESS, "type": "egress"}), Verdict.PASS),
]


@pytest.mark.parametrize(("inside", "beside", "verdict"), RULES_OF_GROUPS)
def test_inbound_rules_in_every_form(report, inside, beside, verdict):
    text = IMAGE.replace("  name ", "  security_group_ids = [aws_security_group.g.id]\n  name ", 1)
    found = report({"main.tf": f'{text}resource "aws_security_group" "g" {{\n  name = "g"\n{inside}}}\n{beside}'})
    assert verdicts(found, "IB504") == {THIS: verdict}


def test_the_region_of_the_provider_settles_the_target(report):
    text = 'provider "aws" {\n  region = "eu-central-1"\n}\n' + IMAGE.replace(
        "  name ", '  sns_topic_arn = "arn:aws:sns:eu-west-1:210987654321:t"\n  name ', 1
    )
    assert verdicts(report({"main.tf": text}), "IB205") == {THIS: Verdict.FAIL}
    assert verdicts(report({}, region="eu-west-1"), "IB205") != {THIS: Verdict.FAIL}


@pytest.mark.parametrize(("provider", "verdict"), [("aws", Verdict.FAIL), ("awscc", Verdict.PASS)])
def test_defaults_are_those_of_the_provider(report, provider, verdict):
    arguments = '  name = "web"\n  instance_profile_name = "b"\n'
    text = f'resource "{provider}_imagebuilder_infrastructure_configuration" "this" {{\n{arguments}}}\n'
    assert list(verdicts(report({"main.tf": text}), "IB301").values()) == [verdict]


def test_processes_give_the_same_report(report):
    files = {f"m{n}/main.tf": IMAGE.replace("optional", "required" if n % 3 else "optional") for n in range(12)}
    files |= {f"live{n}/main.tf": CALLER.replace("../modules/image", f"../m{n}") for n in range(6)}
    one, two = report(files, jobs=1), report({}, jobs=2)
    for name in ("configurations", "findings", "problems", "files", "exit_code"):
        mine, theirs = getattr(one, name), getattr(two, name)
        if name == "configurations":
            mine, theirs = (
                [repr((c.id, c.outcomes.verdicts)) for c in mine],
                [repr((c.id, c.outcomes.verdicts)) for c in theirs],
            )
        assert mine == theirs, name


def test_variables_of_the_command_line_and_of_files(report):
    files = {"main.tf": IMAGE, "a.tfvars": 'tokens = "required"\n', "b.tfvars.json": json.dumps({"tokens": "optional"})}
    assert verdicts(report(files, **{"var-files": ["a.tfvars"]})) == {THIS: Verdict.PASS}
    assert verdicts(report({}, **{"var-files": ["a.tfvars", "b.tfvars.json"]})) == {THIS: Verdict.FAIL}
    assert verdicts(report({}, **{"var-files": ["b.tfvars.json"], "var": ["tokens=required"]})) == {THIS: Verdict.PASS}
    override = [{"files": ["*.tf"], "var-files": ["a.tfvars"]}]
    assert verdicts(report({}, overrides=override)) == {THIS: Verdict.PASS}


def test_values_that_a_validation_allows(report):
    validation = (
        '  validation {\n    condition = contains(["required", "optional"], var.tokens)\n    error_message = "x"\n  }\n'
    )
    text = IMAGE.replace('  default = "optional"\n', validation)
    assert verdicts(report({"main.tf": text})) == {THIS: Verdict.UNKNOWN}
    assert verdicts(report({"main.tf": text.replace('"required", ', "")})) == {THIS: Verdict.FAIL}
