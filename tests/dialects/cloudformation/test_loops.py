"""Loops (Fn::ForEach): one resource for each item if the collection is known."""

from __future__ import annotations

import json
import pickle

import pytest

from iblint.dialects.cloudformation import loops
from iblint.dialects.shared.extraction import document_unit
from iblint.dialects.shared.registry import extract
from iblint.model.document import Source
from iblint.parse.load import load
from tests.dialects.cloudformation.templates import FAIL, PASS, UNKNOWN, finding, specs, verdict

TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"


def config(tokens="required", name="web-${Tok}", **rest):
    options = {"HttpTokens": tokens, "HttpPutResponseHopLimit": 2}
    properties = {"Name": name, "InstanceProfileName": "builder", "InstanceMetadataOptions": options}
    return {"Type": TYPE, "Properties": properties, **rest}


def looped(collection, body=None, key="Infra${Tok}", **sections):
    """A template with one loop over a collection, whose variable is Tok."""
    body = config({"Ref": "Tok"}) if body is None else body
    loop = {"Fn::ForEach::Tokens": ["Tok", collection, {key: body}]}
    return {
        "Transform": "AWS::LanguageExtensions",
        **sections,
        "Resources": {**loop, **sections.get("Resources", {})},
    }


def tokens_of(report):
    """Address -> verdict of IB201."""
    assert report.problems == ()
    return {
        c.id.partition("#")[2]: next(o.verdict for o in c.outcomes if o.rule == "IB201") for c in report.configurations
    }


LIST = {"Type": "CommaDelimitedList"}
MAPS = {"Envs": {"dev": {"Tokens": ["optional", "required"]}, "prod": {"Tokens": ["required"]}}}


@pytest.mark.parametrize(
    ("collection", "sections"),
    [
        (["optional", "required"], {}),
        ({"Ref": "Names"}, {"Parameters": {"Names": LIST | {"Default": "optional, required"}}}),
        ({"Fn::FindInMap": ["Envs", "dev", "Tokens"]}, {"Mappings": MAPS}),
        (
            {"Fn::FindInMap": ["Envs", {"Ref": "Env"}, "Tokens"]},
            {"Mappings": MAPS, "Parameters": {"Env": {"Type": "String", "Default": "dev"}}},
        ),
        ({"Fn::Split": ["+", "optional+required"]}, {}),
        (
            [{"Ref": "First"}, "required"],
            {"Parameters": {"First": {"Type": "String", "Default": "optional"}}},
        ),
    ],
)
def test_a_known_collection_makes_a_resource_for_each_item(judge, collection, sections):
    report = judge(looped(collection, **sections))
    assert tokens_of(report) == {"Infraoptional": FAIL, "Infrarequired": PASS}
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("collection", "sections"),
    [
        ({"Ref": "Names"}, {"Parameters": {"Names": LIST}}),
        ({"Ref": "Names"}, {"Parameters": {"Names": {"Type": "AWS::SSM::Parameter::Value<CommaDelimitedList>"}}}),
        ({"Fn::FindInMap": ["Envs", {"Ref": "Env"}, "Tokens"]}, {"Mappings": MAPS, "Parameters": {"Env": LIST}}),
        (["required", {"Ref": "Env"}], {"Parameters": {"Env": {"Type": "String"}}}),
        (["required", "${Other}"], {}),
        ("required", {}),
        (["required", "required"], {}),
    ],
)
def test_without_a_known_collection_the_variable_is_unknown(judge, collection, sections):
    report = judge(looped(collection, **sections))
    assert tokens_of(report) == {"Infra${Tok}": UNKNOWN}
    assert "'Tok' is the variable of a loop over " in finding(report).message


def test_the_message_names_the_collection(judge):
    report = judge(looped({"Ref": "Names"}, Parameters={"Names": LIST}))
    assert 'a loop over {"Ref": "Names"}' in finding(report).message


def test_a_finding_shows_the_item(judge):
    text = """\
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Tokens:
            - Tok
            - [optional, required]
            - Infra${Tok}:
                Type: AWS::ImageBuilder::InfrastructureConfiguration
                Properties:
                  Name: !Sub web-${Tok}
                  InstanceProfileName: builder
                  InstanceMetadataOptions: {HttpTokens: !Ref Tok}
        """
    report = judge(text)
    one = finding(report)
    assert (one.location.span.line, one.location.span.column) == (11, 49)
    assert [(place.span.line, place.span.column, place.label) for place in one.related] == [
        (5, 8, "the item 'optional' of the loop")
    ]


@pytest.mark.parametrize("written", ["${Tok}", "&{Tok}", {"Fn::Sub": "${Tok}"}, {"Ref": "Tok"}])
def test_the_variable_is_replaced_in_every_string(judge, written):
    """A parameter of the same name is another thing."""
    sections = {"Parameters": {"Tok": {"Type": "String", "Default": "optional"}}}
    assert tokens_of(judge(looped(["required"], config(written), **sections))) == {"Infrarequired": PASS}
    unknown = looped({"Ref": "Names"}, config(written), Parameters={**sections["Parameters"], "Names": LIST})
    assert tokens_of(judge(unknown)) == {"Infra${Tok}": UNKNOWN}


def test_an_ampersand_leaves_out_what_no_logical_id_has(judge):
    report = judge(looped(["eu-west-1"], config("required", "web-${Tok}"), "Infra&{Tok}"))
    assert (tokens_of(report), report.configurations[0].name) == ({"Infraeuwest1": PASS}, "web-eu-west-1")


def test_resources_of_a_loop_exist_at_once(judge):
    report = judge(looped(["a", "b"], config(name="web")))
    assert [o.verdict for c in report.configurations for o in c.outcomes if o.rule == "IB307"] == [PASS, FAIL]
    report = judge(looped(["a", "b"], config()))
    assert [o.verdict for c in report.configurations for o in c.outcomes if o.rule == "IB307"] == [PASS, PASS]


@pytest.mark.parametrize(
    ("collection", "sections"),
    [
        ([], {}),
        ({"Ref": "Names"}, {"Parameters": {"Names": LIST | {"Default": ""}}}),
        ({"Fn::FindInMap": ["M", "a", "b"]}, {"Mappings": {"M": {"a": {"b": []}}}}),
    ],
)
def test_an_empty_collection_makes_no_configuration(judge, collection, sections):
    report = judge(looped(collection, config("optional"), **sections), strict=True)
    assert (report.configurations, report.findings, report.problems, report.exit_code) == ((), (), (), 0)
    assert (report.not_judged, report.notices) == ((), ())


def test_beside_an_empty_loop_others_are_judged_or_said(judge):
    made = looped([], Resources={"Web": config("optional", "web")})
    assert tokens_of(judge(made)) == {"Web": FAIL}
    made["Other"] = {"Web": config()}
    (problem,) = judge(made).problems
    assert "is not a resource of the template" in problem.message


@pytest.mark.parametrize(
    "other",
    [{"Other": {"Web": config()}}, {"Outputs": {"Text": {"Value": json.dumps(looped([]) | {"Resources": {}})}}}],
)
def test_many_items_do_not_hide_what_is_not_judged(judge, other):
    """One mention of the type is two configurations here, so counting mentions finds nothing."""
    made = looped(["a", "b", "c"], config()) | other
    if "Outputs" in other:
        body = json.dumps({"Resources": {"Web": config("optional", "inner")}})
        made["Outputs"]["Text"]["Value"] = body
    report = judge(made)
    inner = [c for c in report.configurations if c.name == "inner"]
    assert report.problems or inner


def test_nested_loops(judge):
    inner = {"Fn::ForEach::Inner": ["Env", ["dev", "prod"], {"Infra${Tok}${Env}": config({"Ref": "Tok"})}]}
    made = {"Resources": {"Fn::ForEach::Outer": ["Tok", ["optional", "required"], inner]}}
    assert tokens_of(judge(made)) == {
        "Infraoptionaldev": FAIL,
        "Infraoptionalprod": FAIL,
        "Infrarequireddev": PASS,
        "Infrarequiredprod": PASS,
    }


def test_the_collection_of_a_nested_loop_may_depend_on_the_outer_item(judge):
    collection = {"Fn::FindInMap": ["Envs", {"Ref": "Env"}, "Tokens"]}
    inner = {"Fn::ForEach::Inner": ["Tok", collection, {"Infra${Env}${Tok}": config({"Ref": "Tok"})}]}
    made = {"Mappings": MAPS, "Resources": {"Fn::ForEach::Outer": ["Env", ["dev", "prod"], inner]}}
    assert tokens_of(judge(made)) == {"Infradevoptional": FAIL, "Infradevrequired": PASS, "Infraprodrequired": PASS}


def test_a_known_loop_in_an_unknown_one_stays_as_it_is(judge):
    inner = {"Fn::ForEach::Inner": ["Tok", ["optional", "required"], {"Infra${Env}${Tok}": config({"Ref": "Tok"})}]}
    made = {"Parameters": {"E": LIST}, "Resources": {"Fn::ForEach::Outer": ["Env", {"Ref": "E"}, inner]}}
    assert tokens_of(judge(made)) == {"Infra${Env}${Tok}": UNKNOWN}


def test_loops_in_properties(judge):
    body = config(name="web")
    body["Properties"]["InstanceMetadataOptions"] = {
        "Fn::ForEach::Options": ["Key", ["Tokens"], {"Http${Key}": "optional"}],
        "HttpPutResponseHopLimit": 2,
    }
    report = judge({"Resources": {"Web": body}})
    assert tokens_of(report) == {"Web": FAIL}
    body["Properties"]["Tags"] = {"Fn::ForEach::T": ["T", ["aws:x"], {"${T}": "x"}]}
    assert verdict(judge({"Resources": {"Web": body}}), "IB115") is FAIL
    body["Properties"]["Tags"] = {"Fn::ForEach::T": ["T", {"Ref": "Keys"}, {"${T}": "x"}], "aws:x": "y"}
    assert verdict(judge({"Parameters": {"Keys": LIST}, "Resources": {"Web": body}}), "IB115") is UNKNOWN


def test_conditions_of_loops(judge):
    conditions = {
        "Fn::ForEach::C": ["Env", ["dev", "prod"], {"Is${Env}": {"Fn::Equals": [{"Ref": "Stage"}, "${Env}"]}}]
    }
    tokens = {"Fn::If": ["Is${Env}", "required", "optional"]}
    made = {
        "Parameters": {"Stage": {"Type": "String", "Default": "prod"}},
        "Conditions": conditions,
        "Resources": {"Fn::ForEach::R": ["Env", ["dev", "prod"], {"Infra${Env}": config(tokens, "web-${Env}")}]},
    }
    assert tokens_of(judge(made)) == {"Infradev": FAIL, "Infraprod": PASS}


def test_outputs_of_loops_are_exports():
    made = looped(["a", "b"], config())
    made["Outputs"] = {
        "Fn::ForEach::O": ["Tok", ["a", "b"], {"Arn${Tok}": {"Value": "${Tok}", "Export": {"Name": "arn-${Tok}"}}}]
    }
    exports = {address: spec for address, spec in specs(made).items() if address.startswith("Outputs/")}
    assert exports == {f"Outputs/Arn{x}": {"name": f"arn-{x}", "value": x} for x in "ab"}


def test_pipelines_of_a_loop_say_what_is_built(judge):
    body = config()
    body["Properties"]["InstanceMetadataOptions"]["HttpPutResponseHopLimit"] = 1
    made = looped(["image", "container"], body)
    recipe = {"image": "ImageRecipeArn", "container": "ContainerRecipeArn"}
    made["Resources"] |= {
        f"Pipeline{kind}": {
            "Type": "AWS::ImageBuilder::ImagePipeline",
            "Properties": {
                "Name": kind,
                key: f"arn:aws:imagebuilder:eu-west-1:111122223333:{kind}-recipe/x/1.0.0",
                "InfrastructureConfigurationArn": {"Fn::GetAtt": [f"Infra{kind}", "Arn"]},
            },
        }
        for kind, key in recipe.items()
    }
    found = {
        c.id.partition("#")[2]: o.verdict for c in judge(made).configurations for o in c.outcomes if o.rule == "IB202"
    }
    assert found == {"Infraimage": PASS, "Infracontainer": FAIL}


def test_items_and_a_condition_that_depend_on_one_parameter_are_not_known(judge):
    """With the default there is one sound item, but the resources exist only with another value."""
    sections = {
        "Parameters": {"Env": {"Type": "String", "Default": "prod"}},
        "Mappings": MAPS,
        "Conditions": {"IsDev": {"Fn::Equals": [{"Ref": "Env"}, "dev"]}},
    }
    collection = {"Fn::FindInMap": ["Envs", {"Ref": "Env"}, "Tokens"]}
    made = looped(collection, config({"Ref": "Tok"}, Condition="IsDev"), **sections)
    assert tokens_of(judge(made)) == {"Infra${Tok}": UNKNOWN}
    del made["Resources"]["Fn::ForEach::Tokens"][2]["Infra${Tok}"]["Condition"]
    assert tokens_of(judge(made)) == {"Infrarequired": PASS}
    nested = {"Resources": {"Fn::ForEach::Outer": ["X", ["a"], {"W${X}": config(Condition="IsDev")}]}}
    nested["Resources"]["Fn::ForEach::Outer"][2]["W${X}"]["Properties"]["InstanceMetadataOptions"] = {
        "Fn::ForEach::Inner": ["Tok", collection, {"HttpTokens": "${Tok}"}]
    }
    assert tokens_of(judge({**sections, **nested})) == {"Wa": UNKNOWN}


def test_a_variable_of_sub_with_the_name_of_the_loops_is_not_clear(judge):
    own = {"Fn::Sub": ["${Tok}", {"Tok": "optional"}]}
    assert tokens_of(judge(looped(["required"], config(own)))) == {"Infra${Tok}": UNKNOWN}


@pytest.mark.parametrize(("item", "name"), [("1", "Infra1"), ("010", "Infra${Tok}"), ("yes", "Infra${Tok}")])
def test_numbers_are_items_if_their_text_is_certain(judge, item, name):
    text = f"""\
        Resources:
          Fn::ForEach::Tokens:
            - Tok
            - [{item}]
            - Infra${{Tok}}:
                Type: {TYPE}
                Properties: {{Name: web, InstanceMetadataOptions: {{HttpTokens: required}}}}
        """
    assert tokens_of(judge(text)) == {name: PASS}


def test_a_macro_may_replace_what_a_loop_makes(judge):
    made = looped(["required"], config())
    made["Transform"] = ["AWS::LanguageExtensions", "OurMacro"]
    assert tokens_of(judge(made)) == {"Infrarequired": UNKNOWN}


def test_a_loop_without_a_variable_in_its_key_is_not_expanded(judge):
    assert tokens_of(judge(looped(["optional", "required"], key="Infra"))) == {"Infra": UNKNOWN}


def test_loops_that_make_too_much_stay_as_they_are(judge, monkeypatch):
    monkeypatch.setattr(loops, "MAX_NODES", 100)
    items = [f"i{number}" for number in range(50)]
    assert tokens_of(judge(looped(items))) == {"Infra${Tok}": UNKNOWN}


def test_nested_loops_of_any_size_are_read_quickly(judge):
    body = {"Infra${V0}${V1}${V2}${V3}": config({"Ref": "V0"})}
    for level in range(4):
        body = {f"Fn::ForEach::L{level}": [f"V{level}", [f"i{n}" for n in range(60)], body]}
    assert list(tokens_of(judge({"Resources": body})).values()) == [UNKNOWN]


def test_comments_in_a_loop_apply_to_each_resource(judge):
    text = f"""\
        Resources:
          Fn::ForEach::Tokens:
            - Tok
            - [a, b]
            # iblint: build-type=ami
            - Infra${{Tok}}:
                Type: {TYPE}
                Properties: {{Name: !Sub 'web-${{Tok}}', InstanceMetadataOptions: {{HttpPutResponseHopLimit: 1}}}}
        """
    report = judge(text)
    assert [o.verdict for c in report.configurations for o in c.outcomes if o.rule == "IB202"] == [PASS, PASS]


def test_a_looped_template_survives_another_process():
    made = looped(["a", "b"], config())
    made["Resources"]["Fn::ForEach::T"] = ["T", ["x"], {"Topic${T}": {"Type": "AWS::SNS::Topic", "Properties": {}}}]
    (document,) = load(Source("web.json", json.dumps(made).encode()))
    extraction = extract(document_unit(document))
    copy = pickle.loads(pickle.dumps(extraction))
    assert [dict(r.spec) for r in copy.resources] == [dict(r.spec) for r in extraction.resources]
    assert [r.places[("name",)] for r in copy.resources if r.kind != "Topic"] == [
        r.places[("name",)] for r in extraction.resources if r.kind != "Topic"
    ]


@pytest.mark.parametrize("names", [("a",), ("a", "b"), ("dev", "prod", "test-1")])
def test_a_loop_is_judged_as_what_it_stands_for(judge, names):
    """Metamorphic: the written-out resources have the same verdicts."""
    body = config({"Fn::FindInMap": ["M", "${Tok}", "Tokens", {"DefaultValue": "required"}]}, KeyPair="${Tok}")
    body["Properties"]["Tags"] = {"${Tok}": {"Ref": "Tok"}}
    body["Properties"]["SnsTopicArn"] = {"Ref": "Topic&{Tok}"}
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "builds-${Tok}"}}
    section = {"Infra&{Tok}": body, "Topic&{Tok}": topic}
    mappings = {"M": {"b": {"Tokens": "optional"}, "prod": {"Tokens": "Required"}}}
    as_loop = {"Mappings": mappings, "Resources": {"Fn::ForEach::T": ["Tok", list(names), section]}}
    written = {}
    for name in names:
        text = json.dumps(section).replace('{"Ref": "Tok"}', json.dumps(name))
        text = text.replace("${Tok}", name).replace("&{Tok}", name.replace("-", ""))
        written |= json.loads(text)
    out = {"Mappings": mappings, "Resources": written}
    reports = [judge(made, account="111122223333", region="eu-west-1") for made in (as_loop, out)]
    results = [{c.id: [(o.rule, o.verdict) for o in c.outcomes] for c in report.configurations} for report in reports]
    assert results[0] == results[1]
    assert len(results[0]) == len(names)
