"""Modules that are broken, endless or hostile: a problem or an unknown value, never a crash, never silence."""

from __future__ import annotations

import os

import pytest

from iblint.config.load import from_mapping
from iblint.model.verdict import Verdict
from iblint.packs import load_packs
from iblint.pipeline import check_paths

RULES = load_packs(from_mapping({}))
OURS = """resource "aws_imagebuilder_infrastructure_configuration" "this" {
  name                          = "web"
  instance_profile_name         = "builds"
  terminate_instance_on_failure = true
  instance_metadata_options {
    http_tokens = %s
  }
}
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def check(files, paths=(".",), **settings):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return check_paths(list(paths), from_mapping({"strict": True, **settings}), RULES)

    return check


def verdict(report, rule="IB201"):
    (configuration,) = report.configurations
    return next(outcome.verdict for outcome in configuration.outcomes if outcome.rule == rule)


def messages(report):
    return [f"{problem.file}:{problem.line} {problem.message}" for problem in report.problems]


BROKEN = [
    'resource "aws_sns_topic" "x" {\n',
    "x = = 1\n",
    'locals {\n  a = "unclosed\n}\n',
    "}\n",
    "locals {\n  a = [1, 2\n}\n",
    "locals {\n  a = <<EOT\nno end\n",
    "locals { a = 1 b = 2 ) }\n",
    "\x01\x02",
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("first", [True, False])
def test_a_syntax_error_is_a_problem_and_hides_no_configuration(run, broken, first):
    text = broken + OURS % '"optional"' if first else OURS % '"optional"' + broken
    report = run({"main.tf": text})
    assert report.problems
    found = [c.line for c in report.configurations]
    lost = [p.line for p in report.problems]
    line = text[: text.index('resource "aws_imagebuilder')].count("\n") + 1
    assert line in found or line in lost


def test_a_broken_file_beside_is_named_and_the_configuration_judged(run):
    report = run({"main.tf": OURS % '"required"', "other.tf": 'resource "aws_sns_topic" "x" {\n'})
    assert verdict(report) is Verdict.PASS
    assert [message[:10] for message in messages(report)] == ["other.tf:2"]


@pytest.mark.parametrize("depth", [200, 1000])
def test_nested_brackets(run, depth):
    report = run({"main.tf": OURS % ("(" * depth + '"required"' + ")" * depth)})
    assert verdict(report) is Verdict.UNKNOWN


def test_deep_lists_and_functions(run):
    report = run({"main.tf": OURS % ("one(" * 90 + '["required"]' + ")" * 90)})
    assert verdict(report) is Verdict.UNKNOWN


def test_locals_that_depend_on_each_other(run):
    report = run({"main.tf": OURS % "local.a", "locals.tf": "locals {\n  a = local.b\n  b = local.a\n}\n"})
    assert verdict(report) is Verdict.UNKNOWN
    assert "depends on itself" in str([f.message for f in report.findings])


def test_a_long_chain_of_locals(run):
    chain = "".join(f"  a{n} = local.a{n + 1}\n" for n in range(500))
    report = run({"main.tf": OURS % "local.a0", "locals.tf": f'locals {{\n{chain}  a500 = "required"\n}}\n'})
    assert verdict(report) is Verdict.UNKNOWN


def test_modules_that_call_each_other_in_a_circle(run):
    report = run(
        {
            "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
            "b/main.tf": OURS % '"optional"' + 'module "a" {\n  source = "../a"\n}\n',
        }
    )
    assert report.configurations
    assert "calls itself" in str(messages(report))


def test_a_module_that_calls_itself(run):
    report = run({"main.tf": OURS % '"optional"' + 'module "me" {\n  source = "./"\n}\n'})
    assert verdict(report) is Verdict.FAIL
    assert "calls itself" in str(messages(report))


@pytest.mark.parametrize("collection", ["toset(range(1000000))", "range(1000000)", "toset([for i in range(900) : i])"])
def test_for_each_over_very_many(run, collection):
    text = (OURS % '"required"').replace("{\n", f"{{\n  for_each = {collection}\n", 1)
    report = run({"main.tf": text})
    assert verdict(report) is Verdict.PASS  # one for all, because the keys are not known


def test_more_instances_than_are_judged(run):
    report = run({"main.tf": (OURS % '"required"').replace("{\n", "{\n  count = 150\n", 1)})
    assert len(report.configurations) == 100
    assert "150 instances" in str(messages(report))


def test_a_loop_over_a_loop_over_a_loop_is_bounded(run, monkeypatch):
    monkeypatch.setattr("iblint.dialects.terraform.run.MAX_STEPS", 20_000)
    loops = "length([for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]) > 0"
    report = run({"main.tf": OURS % f'{loops} ? "required" : "required"'})
    assert report.configurations or report.problems
    assert "steps" in str(messages(report))


def test_doubling_strings_and_lists(run):
    lines = "".join(f"  a{n} = join(local.a{n + 1}, [local.a{n + 1}, local.a{n + 1}])\n" for n in range(30))
    report = run({"main.tf": OURS % "local.a0", "locals.tf": f'locals {{\n{lines}  a30 = "aaaaaaaaaaaaaaaa"\n}}\n'})
    assert verdict(report) in (Verdict.UNKNOWN, Verdict.FAIL)


def test_a_module_folder_that_is_missing(run):
    report = run({"main.tf": OURS % '"required"' + 'module "x" {\n  source = "./missing"\n}\n'})
    assert verdict(report) is Verdict.PASS
    assert "./missing" in str(messages(report))


def test_nothing_outside_the_root_is_read(run, tmp_path, monkeypatch):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.json").write_text('{"tokens": "required"}')
    (outside / "main.tf").write_text('output "tokens" {\n  value = "required"\n}\n')
    inside = tmp_path / "inside"
    (inside / "links").mkdir(parents=True)
    os.symlink(outside / "secret.json", inside / "links" / "secret.json")
    os.symlink(outside, inside / "module")
    monkeypatch.chdir(inside)
    for expression in (
        'jsondecode(file("../outside/secret.json")).tokens',
        'jsondecode(file("links/secret.json")).tokens',
        f'jsondecode(file("{outside}/secret.json")).tokens',
        "module.m.tokens",
        "module.n.tokens",
    ):
        calls = 'module "m" {\n  source = "./module"\n}\nmodule "n" {\n  source = "../outside"\n}\n'
        (inside / "main.tf").write_text(OURS % expression + calls)
        report = check_paths(["."], from_mapping({}), RULES)
        assert verdict(report) is Verdict.UNKNOWN, expression


def test_a_huge_file_of_variables(run):
    text = 'variable "tokens" {}\n' + OURS % "var.tokens"
    report = run({"main.tf": text, "terraform.tfvars": b'x = "' + b"a" * (1 << 20) + b'"\n'})
    assert "terraform.tfvars" in str(messages(report))


def test_a_broken_file_of_variables(run):
    text = 'variable "tokens" {\n  default = "required"\n}\n' + OURS % "var.tokens"
    report = run({"main.tf": text, "terraform.tfvars": 'tokens = "optional\n'})
    assert "terraform.tfvars:" in str(messages(report))


def test_no_environment_variable_is_read(run, monkeypatch):
    monkeypatch.setenv("TF_VAR_tokens", "required")
    report = run({"main.tf": 'variable "tokens" {}\n' + OURS % "var.tokens"})
    assert verdict(report) is Verdict.UNKNOWN


def test_sensitive_values_are_not_shown(run):
    text = 'variable "secret" {\n  sensitive = true\n}\n' + (OURS % "var.secret").replace('"web"', "var.secret")
    report = run({"main.tf": text, "terraform.tfvars": 'secret = "hunter-two"\n'})
    shown = repr((report.findings, report.configurations, report.problems, [c.name for c in report.configurations]))
    outcomes = [outcome.reason for configuration in report.configurations for outcome in configuration.outcomes]
    assert "hunter" not in shown
    assert "hunter" not in repr(outcomes)
    assert "hunter" not in repr({f: t for f, t in report.texts.items() if f != "terraform.tfvars"})
    assert verdict(report) is Verdict.UNKNOWN


def test_an_argument_that_is_set_twice_is_a_problem(run):
    report = run({"main.tf": (OURS % '"required"').replace("{\n", '{\n  name = "x"\n', 1)})
    assert "'name' is set twice" in str(messages(report))


def test_a_resource_that_is_declared_twice_is_a_problem(run):
    report = run({"a.tf": OURS % '"required"', "b.tf": OURS % '"optional"'})
    assert "declared twice" in str(messages(report))


def test_a_file_in_another_encoding(run):
    report = run({"main.tf": (OURS % '"required"').encode("latin-1") + b"# caf\xe9\n"})
    assert report.problems


@pytest.mark.parametrize("name", ["main.tf", "main.tofu", "main.tf.json"])
def test_every_suffix_is_read(run, name):
    text = OURS % '"optional"'
    if name.endswith(".json"):
        text = (
            '{"resource": {"aws_imagebuilder_infrastructure_configuration": {"this": {"name": "web", '
            '"instance_profile_name": "builds", "instance_metadata_options": {"http_tokens": "optional"}}}}}'
        )
    assert verdict(run({name: text})) is Verdict.FAIL


def test_data_sources_and_other_mentions_are_nothing(run):
    report = run(
        {
            "main.tf": 'data "aws_imagebuilder_infrastructure_configuration" "x" {\n  arn = "arn"\n}\n'
            '# resource "aws_imagebuilder_infrastructure_configuration" "y" {}\n'
        }
    )
    assert (report.configurations, report.problems) == ((), ())
