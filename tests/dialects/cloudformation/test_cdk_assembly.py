"""Cloud assemblies of the CDK: which files are read, and which construct and line of code a finding leads to."""

from __future__ import annotations

import json

import pytest

from iblint.model.settings import Settings
from iblint.pipeline import check_paths
from tests.dialects.cloudformation.conftest import RULES
from tests.dialects.cloudformation.templates import FAIL, found, verdict

STACK = "aws:cloudformation:stack"
NESTED = "AppInner1234.nested.template.json"


def template(*logical_ids, **metadata):
    body = {
        "Type": "AWS::ImageBuilder::InfrastructureConfiguration",
        "Properties": {"Name": "web", "InstanceProfileName": "builder"},
    }
    if metadata:
        body["Metadata"] = metadata["metadata"]
    return {"Resources": dict.fromkeys(logical_ids, body)}


def trace(folder, line, *before):
    return [
        *before,
        "...new InfrastructureConfiguration in @aws-cdk/aws-imagebuilder-alpha...",
        f"new Construct ({folder}/node_modules/constructs/lib/construct.js:7:9)",
        f"new Main ({folder}/lib/app.ts:{line}:5)",
        f"<anonymous> ({folder}/bin/app.ts:1:1)",
        "...node internals...",
    ]


@pytest.fixture
def assembly(tmp_path, monkeypatch):
    """Write an assembly and judge it: files by name, besides what every assembly has."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "cdk.out"

    def judged(*paths, **settings):
        return check_paths(paths or ["cdk.out"], Settings(**{"select": ("IB201",), **settings}), rules=RULES)

    def written(files, artifacts):
        manifest = {"version": "55.0.0", "artifacts": artifacts}
        for name, content in {"cdk.out": {"version": "55.0.0"}, "manifest.json": manifest, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content))
        return judged

    return written


def stack(file="App.template.json", **more):
    return {"type": STACK, "properties": {"templateFile": file}, **more}


def lines_of_code(report):
    return [(place.file, place.span.line, place.label) for f in report.findings for place in f.related]


def test_the_line_that_makes_the_construct_is_in_a_file_of_its_own(assembly, tmp_path):
    described = {
        "/App/Web/Resource": [
            {"type": "aws:cdk:logicalId", "data": "Web1"},
            {"type": "aws:cdk:creationStack", "data": trace(tmp_path, 20)},
        ]
    }
    files = {"App.template.json": template("Web1"), "App.metadata.json": described}
    report = assembly(files, {"App": stack(additionalMetadataFile="App.metadata.json")})()
    assert lines_of_code(report) == [("lib/app.ts", 20, "the construct App/Web/Resource")]
    assert [c.address for c in report.configurations] == ["Web1 (App/Web/Resource)"]
    assert [c.id for c in report.configurations] == ["cdk.out/App.template.json#Web1"]


def test_the_line_that_makes_the_construct_is_in_the_manifest_of_older_versions(assembly, tmp_path):
    entries = {"/App/Web": [{"type": "aws:cdk:logicalId", "data": "Web1", "trace": trace(tmp_path, 8)}]}
    judged = assembly({"App.template.json": template("Web1")}, {"App": stack(metadata=entries)})
    expected = [("lib/app.ts", 8, "the construct App/Web")]
    assert lines_of_code(judged()) == expected
    assert lines_of_code(judged("cdk.out/App.template.json")) == expected


@pytest.mark.parametrize(
    "frame",
    ["new Main (/elsewhere/lib/app.ts:20:5)", "new Main (lib/app.ts:20:5)", "lib", "a:b:c", "x" * 9999, 7, None],
)
def test_a_trace_that_leads_nowhere_leaves_the_construct(assembly, frame):
    entries = {"/App/Web": [{"type": "aws:cdk:logicalId", "data": "Web1", "trace": [frame]}]}
    report = assembly({"App.template.json": template("Web1")}, {"App": stack(metadata=entries)})()
    assert lines_of_code(report) == []
    assert report.configurations[0].address == "Web1 (App/Web)"


def test_a_trace_that_leads_out_of_the_working_folder_leads_nowhere(assembly, tmp_path):
    frame = f"new Main ({tmp_path}/lib/../../../etc/passwd:1:1)"
    entries = {"/App/Web": [{"type": "aws:cdk:logicalId", "data": "Web1", "trace": [frame]}]}
    assert lines_of_code(assembly({"App.template.json": template("Web1")}, {"App": stack(metadata=entries)})()) == []


def test_nested_stacks_are_templates_and_know_their_constructs(assembly, tmp_path):
    entries = {
        "/App/Web": [{"type": "aws:cdk:logicalId", "data": "Web1", "trace": trace(tmp_path, 3)}],
        "/App/Inner/Web": [{"type": "aws:cdk:logicalId", "data": "Inner1", "trace": trace(tmp_path, 4)}],
    }
    files = {"App.template.json": template("Web1"), NESTED: template("Inner1")}
    report = assembly(files, {"App": stack(metadata=entries)})()
    assert [c.address for c in report.configurations] == ["Web1 (App/Web)", "Inner1 (App/Inner/Web)"]


def test_of_two_constructs_with_one_logical_id_the_metadata_of_the_resource_decides(assembly):
    entries = {path: [{"type": "aws:cdk:logicalId", "data": "Web1"}] for path in ("/App/Web", "/App/Inner/Web")}
    inner = template("Web1", metadata={"aws:cdk:path": "App/Inner/Web"})
    judged = assembly({"App.template.json": template("Web1"), NESTED: inner}, {"App": stack(metadata=entries)})
    assert [c.address for c in judged().configurations] == ["Web1", "Web1 (App/Inner/Web)"]


def test_a_template_that_left_its_assembly_still_names_the_construct(assembly, tmp_path):
    judged = assembly({}, {})
    (tmp_path / "template.json").write_text(json.dumps(template("Web1", metadata={"aws:cdk:path": "App/Web"})))
    report = judged("template.json")
    assert [c.address for c in report.configurations] == ["Web1 (App/Web)"]


def test_stages_have_assemblies_of_their_own(assembly):
    entries = {"/Prod/App/Web": [{"type": "aws:cdk:logicalId", "data": "Web1"}]}
    stage = {"artifacts": {"ProdApp": stack("ProdApp.template.json", metadata=entries)}}
    files = {
        "assembly-Prod/cdk.out": {},
        "assembly-Prod/manifest.json": stage,
        "assembly-Prod/ProdApp.template.json": template("Web1"),
    }
    report = assembly(files, {"assembly-Prod": {"type": "cdk:cloud-assembly"}})()
    assert [c.address for c in report.configurations] == ["Web1 (Prod/App/Web)"]


def test_assets_and_records_are_no_templates(assembly):
    request = {"name": "web", "instanceProfileName": "builder"}
    files = {
        "App.template.json": template("Web1"),
        "asset.0123/config.json": request,
        "asset.4567.json": request,
        "tree.json": request,
        "App.assets.json": request,
    }
    judged = assembly(files, {"App": stack()})
    assert [c.file for c in judged().configurations] == ["cdk.out/App.template.json"]
    wanted = judged(include=("asset.0123/*.json", "tree.json"))
    assert "cdk.out/tree.json" in [c.file for c in wanted.configurations]


def test_a_manifest_alone_makes_no_assembly(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "manifest.json").write_text('{"name": "web app"}')
    (tmp_path / "web.json").write_text(json.dumps(template("Web1")))
    assert verdict(check_paths(["."], Settings(), rules=RULES)) is FAIL


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[" * 100_000,
        "[]",
        '{"artifacts": []}',
        '{"artifacts": {"App": 1}}',
        json.dumps({"artifacts": {"App": stack(metadata={"/App/Web": 1})}}),
        json.dumps({"artifacts": {"App": stack(metadata={"/App/Web": [{"type": "aws:cdk:logicalId", "data": 1}]})}}),
        json.dumps({"artifacts": {"App": stack(additionalMetadataFile="../secret.json")}}),
        json.dumps({"artifacts": {"App": stack(additionalMetadataFile="missing.json")}}),
        json.dumps({"artifacts": {"App": stack(additionalMetadataFile=7)}}),
    ],
)
def test_a_manifest_that_is_broken_takes_nothing_from_the_template(assembly, tmp_path, manifest):
    described = {"/Stolen": [{"type": "aws:cdk:logicalId", "data": "Web1"}]}
    (tmp_path / "secret.json").write_text(json.dumps(described))
    report = assembly({"App.template.json": template("Web1"), "manifest.json": manifest}, {})()
    assert found(report, "IB201") == [(1, "/instanceMetadataOptions/httpTokens")]
    assert [c.address for c in report.configurations] == ["Web1"]
    assert report.problems == ()


def test_an_assembly_that_git_ignores_is_read_when_it_is_named(assembly, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("cdk.out\n")
    judged = assembly({"App.template.json": template("Web1")}, {"App": stack()})
    assert len(judged("cdk.out").configurations) == 1
    assert len(judged(".").configurations) == 0
    assert len(judged(".", include=("cdk.out/",)).configurations) == 1
