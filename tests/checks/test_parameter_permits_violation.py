"""IB506: allowed values of parameters that would break a mission rule."""

from __future__ import annotations

import json

import pytest

from iblint.dialects.cloudformation.parameter_variants import MAX_VARIANTS
from iblint.dialects.shared.extraction import document_unit
from iblint.dialects.shared.registry import extract
from iblint.model.document import Source
from iblint.model.settings import Settings
from iblint.model.verdict import Verdict
from iblint.packs import load_packs
from iblint.parse.load import load
from iblint.pipeline import check_paths


def permitting(*, allowed=("required", "optional"), default="required", value=None, **resources):
    tokens = value or {"Ref": "Tokens"}
    parameters = {"Tokens": {"Type": "String", "Default": default, "AllowedValues": list(allowed)}}
    return {
        "Parameters": parameters,
        "Conditions": {"IsRequired": {"Fn::Equals": [{"Ref": "Tokens"}, "required"]}},
        "Resources": {
            "Infra": {
                "Type": "AWS::ImageBuilder::InfrastructureConfiguration",
                "Properties": {
                    "Name": "web",
                    "InstanceProfileName": "builder",
                    "InstanceMetadataOptions": {"HttpTokens": tokens, "HttpPutResponseHopLimit": 2},
                },
            },
            **resources,
        },
    }


def judge_permitting(tmp_path, monkeypatch, document, **settings):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "web.json").write_text(json.dumps(document, indent=1))
    return check_paths(["web.json"], Settings(**settings), rules=load_packs(Settings()))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (permitting(), Verdict.FAIL),
        (permitting(allowed=["required"]), Verdict.NOT_APPLICABLE),
        (permitting(allowed=[]), Verdict.NOT_APPLICABLE),
        (permitting(default="optional"), Verdict.PASS),  # the rule itself says that the default is wrong
        (permitting(value="required"), Verdict.NOT_APPLICABLE),
        (permitting(value={"Fn::If": ["IsRequired", "required", "optional"]}), Verdict.FAIL),
        (permitting(value={"Fn::If": ["IsRequired", "required", {"Fn::ImportValue": "x"}]}), Verdict.PASS),
    ],
)
def test_allowed_values_that_break_a_mission_rule(tmp_path, monkeypatch, document, expected):
    report = judge_permitting(tmp_path, monkeypatch, document)
    (configuration,) = report.configurations
    assert {o.rule: o.verdict for o in configuration.outcomes}["IB506"] is expected


def test_an_allowed_value_is_a_note_beside_a_verdict_that_stands(tmp_path, monkeypatch):
    report = judge_permitting(tmp_path, monkeypatch, permitting())
    (finding,) = [f for f in report.findings if f.rule in ("IB201", "IB506")]
    assert (finding.rule, finding.severity.value) == ("IB506", "note")
    assert finding.message.startswith(
        "Parameter 'Tokens' also allows 'optional', which violates IB201 imdsv2-required."
    )
    assert finding.location.span.line == 5  # the default, which is right
    assert [(place.label, place.span.line) for place in finding.related] == [
        ("used here", 29),
        ("parameter 'Tokens' allows it", 8),
    ]
    (configuration,) = report.configurations
    assert {o.rule: o.verdict for o in configuration.outcomes}["IB201"] is Verdict.PASS


def test_allowed_values_are_looked_at_without_the_mission_rules_being_selected(tmp_path, monkeypatch):
    report = judge_permitting(tmp_path, monkeypatch, permitting(), select=("IB506",))
    assert [f.rule for f in report.findings] == ["IB506"]


def test_a_bounded_number_of_allowed_values_is_tried(tmp_path, monkeypatch):
    document = permitting(allowed=["required", *(f"x{number}" for number in range(500))])
    (loaded,) = load(Source("web.json", json.dumps(document).encode()))
    (infra,) = [r for r in extract(document_unit(loaded)).resources if r.address == "Infra"]
    assert len(infra.variants) == MAX_VARIANTS


CHAIN = {"Fn::Equals": [{"Fn::Sub": "${ Tokens }-${AWS::Region}"}, "optional-eu-west-1"]}


@pytest.mark.parametrize(
    "condition",
    [
        CHAIN,
        {"Fn::Not": [{"Fn::Not": [CHAIN]}]},
        {"Condition": "Inner"},
        {"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::And": [{"Condition": "Inner"}, {"Condition": "Inner"}]}]},
    ],
)
def test_a_parameter_counts_however_the_value_depends_on_it(tmp_path, monkeypatch, condition):
    document = permitting(value={"Fn::If": ["Loose", "optional", "required"]})
    document["Conditions"].update({"Loose": condition, "Inner": CHAIN})
    report = judge_permitting(tmp_path, monkeypatch, document, region="eu-west-1")
    assert "IB506" in {finding.rule for finding in report.findings}


def test_only_values_of_parameters_that_it_depends_on_make_another_configuration(tmp_path, monkeypatch):
    document = permitting()
    document["Parameters"]["Stage"] = {"Type": "String", "Default": "a", "AllowedValues": ["a", "b"]}
    (loaded,) = load(Source("web.json", json.dumps(document).encode()))
    (infra,) = [r for r in extract(document_unit(loaded)).resources if r.address == "Infra"]
    assert [(v.parameter, v.value) for v in infra.variants] == [("Tokens", "optional")]
