"""The two doors of a run: what each reads, and that both give the same report however the work is done."""

from __future__ import annotations

import builtins
import gc
import json
import os
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import pytest

from iblint import checks
from iblint.dialects.shared import registry
from iblint.discovery.files import KeptFiles
from iblint.model.document import InputError, Source
from iblint.model.errors import ConfigError, UsageError
from iblint.model.record import replace
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Verdict
from iblint.pipeline import check_paths, check_sources, complete, load_rules, read_paths
from iblint.report import Style, render
from iblint.session import Session
from tests.cli.conftest import BAD, GOOD

RULES = load_rules(Settings())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def as_json(report):
    return render("json", report, Style())


# --- sources ----------------------------------------------------------------------------------------------------------


def test_sources_are_judged_without_reading_a_file(folder, monkeypatch):
    (folder / "p.json").write_text("{}")
    before = os.listdir(folder)
    check_sources([Source("warm.yaml", BAD.encode())], Settings(), RULES)  # imports read files too
    monkeypatch.setattr(builtins, "open", lambda *_, **__: pytest.fail("opened"))
    monkeypatch.setattr(os, "open", lambda *_, **__: pytest.fail("opened"))
    template = json.dumps(TOPIC_IMPORT).encode()
    sources = [Source("a.yaml", BAD.encode()), Source("app.template.json", template), InputError("b", 1, 1, "unread")]
    report = check_sources(sources, Settings(), RULES)
    assert {c.file for c in report.configurations} == {"a.yaml", "app.template.json"}
    assert [problem.file for problem in report.problems] == ["b"]
    assert os.listdir(folder) == before


def test_files_of_parameters_are_read_by_who_is_given_to_read_them(folder):
    (folder / "p.json").write_text('{"Parameters": {"Tokens": "required"}}')
    settings = Settings(parameters=("p.json",), select=("IB201",))
    body = {
        "Type": "AWS::ImageBuilder::InfrastructureConfiguration",
        "Properties": {"InstanceMetadataOptions": {"HttpTokens": {"Ref": "Tokens"}}},
    }
    template = {"Parameters": {"Tokens": {"Type": "String"}}, "Resources": {"Web": body}}
    source = Source("web.json", json.dumps(template).encode())
    with pytest.raises(ConfigError, match=r"p\.json:1: The parameters cannot be read"):
        check_sources([source], settings, RULES)
    files = KeptFiles()
    for _ in range(2):
        report = check_sources([source], settings, RULES, files=files)
        assert report.count(Verdict.PASS) == 1
        (folder / "p.json").write_text("gone")


def test_both_doors_give_the_same_report(folder):
    (folder / "good.yaml").write_text(GOOD)
    (folder / "bad.yaml").write_text(BAD)
    (folder / "broken.yaml").write_text(BAD + "x: [\n")
    (folder / "topic.json").write_text(json.dumps(TOPIC_EXPORT))
    (folder / "import.json").write_text(json.dumps(TOPIC_IMPORT))
    settings = Settings()
    assert as_json(check_sources(read_paths(["."], settings), settings)) == as_json(check_paths(["."], settings))


def test_settings_are_completed_once_however_often_that_is_asked_for():
    settings = Settings(profile="mission", severity={"imdsv2-required": "note"})
    once = complete(settings, RULES)
    assert complete(once, RULES) == once
    changed = replace(once, select=("IB1",))
    assert complete(changed, RULES).select == ("IB1",)


def test_paths_that_do_not_exist_are_refused_at_both(folder):
    for call in (read_paths, check_paths):
        with pytest.raises(UsageError):
            call(["nowhere"], Settings())


# --- sessions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("was_on", [True, False])
def test_the_garbage_collector_is_off_during_a_run_and_then_as_it_was(was_on):
    seen = []

    def broken():
        seen.append(gc.isenabled())
        yield Source("good.yaml", GOOD.encode())
        raise ZeroDivisionError

    try:
        if not was_on:
            gc.disable()
        assert check_sources([Source("good.yaml", GOOD.encode())], Settings(), RULES).configurations
        assert gc.isenabled() is was_on
        with pytest.raises(ZeroDivisionError):
            check_sources(broken(), Settings(), RULES)
        assert gc.isenabled() is was_on
    finally:
        gc.enable()
    assert seen == [False]


def test_a_session_prepares_rules_once_for_the_same_settings_and_shares_nothing():
    one, other = Session(), Session()
    settings = complete(Settings(), RULES)
    judge = one.judge(settings, RULES)
    assert one.judge(replace(settings), RULES) is judge
    assert other.judge(settings, RULES) is not judge
    assert one.judge(replace(settings, strict=True), RULES) is not judge


def test_a_session_keeps_what_was_judged_in_the_order_of_the_run_when_it_is_told_to(folder):
    sources = [Source(name, BAD.encode()) for name in ("b.yaml", "a.yaml")]
    report = check_sources(sources, Settings(), RULES, Session(keep_resources=True))
    assert [resource.file for resource in report.resources] == ["b.yaml", "a.yaml"]
    assert check_sources(sources, Settings(), RULES).resources == ()


# --- what crosses files -----------------------------------------------------------------------------------------------

TOPIC_EXPORT = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
    "Outputs": {"Topic": {"Value": {"Ref": "Topic"}, "Export": {"Name": "topic"}}},
}
CONFIGURATION = {
    "Type": "AWS::ImageBuilder::InfrastructureConfiguration",
    "Properties": {"Name": "web", "InstanceProfileName": "builds", "SnsTopicArn": {"Fn::ImportValue": "topic"}},
}
TOPIC_IMPORT = {"Resources": {"Web": CONFIGURATION}}
ARN_EXPORT = {
    "Resources": {"Web": {**CONFIGURATION, "Properties": {"Name": "shared", "InstanceProfileName": "builds"}}},
    "Outputs": {"Web": {"Value": {"Ref": "Web"}, "Export": {"Name": "configuration"}}},
}
PIPELINE = {
    "Resources": {
        "Recipe": {"Type": "AWS::ImageBuilder::ContainerRecipe", "Properties": {"Name": "r", "Version": "1.0.0"}},
        "Pipeline": {
            "Type": "AWS::ImageBuilder::ImagePipeline",
            "Properties": {
                "ContainerRecipeArn": {"Ref": "Recipe"},
                "InfrastructureConfigurationArn": {"Fn::ImportValue": "configuration"},
            },
        },
    }
}
HERE = {"account": "123456789012", "region": "eu-west-1"}


@pytest.fixture
def linked(folder):
    """Files that refer to each other, with enough others between them for several chunks."""
    for number in range(100):
        (folder / f"m{number:03}.yaml").write_text(GOOD.replace("web", f"m-{number}"))
    for name, content in {"z-topic": TOPIC_EXPORT, "a-web": TOPIC_IMPORT, "b-arn": ARN_EXPORT, "y-p": PIPELINE}.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    (folder / "m050.yaml").write_text(GOOD.replace("web", "M 7"))
    return folder


@pytest.fixture
def how(request):
    """Who does the work: arguments of ``check_paths``."""
    if request.param != "executor":
        yield request.param
        return
    with ThreadPoolExecutor(2) as executor:
        yield {"executor": executor}


@pytest.mark.parametrize("how", [{"jobs": 2}, {"jobs": 50}, "executor"], ids=str, indirect=True)
def test_what_crosses_files_is_seen_wherever_they_are_read(linked, how):
    settings = Settings(**HERE)
    alone = check_paths(["."], settings)
    by_file = {c.file: c for c in alone.configurations}
    outcomes = {o.rule: o for o in by_file["a-web.json"].outcomes}
    assert outcomes["IB204"].verdict is Verdict.PASS
    assert by_file["b-arn.json"].build_type == "container"
    (collision,) = [finding for finding in alone.findings if finding.rule == "IB307"]
    assert collision.location.file == "m050.yaml"
    assert [place.file for place in collision.related] == ["m007.yaml"]
    assert as_json(check_paths(["."], settings, **how)) == as_json(alone)


def users(**pipelines):
    """A template with pipelines: recipe and configuration of each by its logical id."""
    recipes = {"Image": {"Type": "AWS::ImageBuilder::ImageRecipe"}, "Container": PIPELINE["Resources"]["Recipe"]}
    made = {
        name: {
            "Type": "AWS::ImageBuilder::ImagePipeline",
            "Properties": {f"{recipe}RecipeArn": {"Ref": recipe}, "InfrastructureConfigurationArn": {"Ref": used}},
        }
        for name, (recipe, used) in pipelines.items()
    }
    return {"Parameters": {"Arn": {"Type": "String"}}, "Resources": recipes | made}


@pytest.mark.parametrize("how", [{"jobs": 2}, {"jobs": 50}, "executor"], ids=str, indirect=True)
def test_a_pipeline_that_may_use_any_configuration_counts_wherever_it_is_read(linked, how):
    settings = Settings(**HERE)
    own = users(Amis=("Image", "Own"))
    own["Resources"]["Own"] = {**CONFIGURATION, "Properties": {"Name": "own", "InstanceProfileName": "builds"}}
    (linked / "a-own.json").write_text(json.dumps(own))
    types = {c.file: c.build_type for c in check_paths(["."], settings).configurations}
    assert types["a-own.json"] == "ami"
    (linked / "z-open.json").write_text(json.dumps(users(Containers=("Container", "Arn"))))
    alone = check_paths(["."], settings)
    assert {c.file: c.build_type for c in alone.configurations}["a-own.json"] == "unknown"
    assert as_json(check_paths(["."], settings, **how)) == as_json(alone)


def test_a_name_of_another_account_is_free(linked):
    elsewhere = (Override(("m050.yaml",), account="210987654321"),)
    for how in ({}, {"jobs": 2}):
        report = check_paths(["."], Settings(**HERE, overrides=elsewhere), **how)
        assert not [finding for finding in report.findings if finding.rule == "IB307"]


@pytest.mark.parametrize("check", sorted(checks.AGGREGATE))
def test_rules_that_compare_files_say_what_they_read(check):
    rules = [rule for rule in RULES.rules if rule.check == check]
    assert rules
    assert all(rule.reads for rule in rules)
    assert callable(import_module(f"iblint.checks.{check.replace('-', '_')}").check)


# --- units of several files -------------------------------------------------------------------------------------------


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setitem(registry.MODULES, "toy", "tests.dialects.toy")


@pytest.fixture
def modules(folder, toy):
    for name in ("one", "two"):
        (folder / name).mkdir()
        configuration = "# iblint: toy\nconfiguration: name=$name instanceProfileName=$profile description=a\n"
        (folder / name / "a.toy").write_text(configuration)
        (folder / name / "notes.yaml").write_text("a: 1\n")
        (folder / name / "z.toy").write_text(f"values: {{name: {name}, profile: builds}}\n")
    return folder


@pytest.mark.parametrize("how", [{}, "executor"], ids=str, indirect=True)
@pytest.mark.parametrize("paths", [["."], ["one/z.toy", "two", "one"]], ids=str)
def test_values_resolve_in_all_files_of_a_unit_and_nowhere_else(modules, paths, how):
    (modules / "README.toy").write_text("# iblint: toy\nconfiguration: name=$name\n")
    report = check_paths([*paths, "README.toy"], Settings(), **how)
    assert [(c.file, c.name, c.dialect) for c in report.configurations] == [
        ("README.toy", "$name", "toy"),
        ("one/a.toy", "one", "toy"),
        ("two/a.toy", "two", "toy"),
    ]
    assert [(p.file, p.message) for p in report.problems] == [("README.toy", "$name is not known.")]
    assert report.files == 7


def test_a_unit_is_extracted_again_with_the_files_beside_it_that_it_wants(modules):
    (modules / "one" / "z.toy").write_text("values: {name: web}  # and extra.values\n")
    (modules / "one" / "extra.values").write_text("profile=given\n")
    report = check_paths(["one"], Settings(), session=Session(keep_resources=True))
    assert [resource.spec["instanceProfileName"] for resource in report.resources] == ["given"]
    assert report.problems == ()
    unread = check_sources(read_paths(["one"], Settings()), Settings())
    assert [problem.message for problem in unread.problems] == ["$profile is not known."]


def test_a_broken_file_of_a_unit_is_a_problem_and_the_others_are_judged(modules):
    (modules / "one" / "b.toy").write_text("# iblint: toy\nAWS::ImageBuilder::InfrastructureConfiguration: [\n")
    report = check_paths(["one"], Settings())
    assert [problem.file for problem in report.problems] == ["one/b.toy"]
    assert [c.file for c in report.configurations] == ["one/a.toy"]
