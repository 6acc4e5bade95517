from __future__ import annotations

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from iblint.model.record import replace
from iblint.model.report import Report
from iblint.report import Style, render
from tests.report import builder

SCHEMA = json.loads(resources.files("iblint").joinpath("schemas/report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def written(report: Report) -> Any:
    return json.loads(render("json", report, Style()))


@pytest.mark.parametrize("make", [builder.plain_report, builder.nasty_report, lambda: builder.report({}, rules=())])
def test_report_is_what_its_schema_says(make: Any) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(written(make()))] == []


def test_schema_refuses_what_the_contract_does_not_have(plain: Report) -> None:
    for change in (
        {"extra": 1},
        {"schemaVersion": 1},
        {"findings": [written(plain)["findings"][0] | {"column": 0}]},
        {"findings": [written(plain)["findings"][0] | {"fix": {}}]},
        {"summary": written(plain)["summary"] | {"pass": -1}},
    ):
        assert not VALIDATOR.is_valid(written(plain) | change)


def test_fields_and_their_order(plain: Report) -> None:
    report = written(plain)
    lists = ["configurations", "findings", "notJudged", "problems", "notices"]
    assert list(report) == ["schemaVersion", "tool", "summary", *lists]
    assert report["summary"] == {
        "files": 1,
        "configurations": 1,
        "pass": 1,
        "fail": 1,
        "unknown": 1,
        "notApplicable": 1,
        "error": 0,
        "suppressed": 0,
        "notJudged": 0,
        "leftOut": {},
        "exitCode": 1,
    }
    assert list(report["summary"])[:4] == ["files", "configurations", "pass", "fail"]
    finding = report["findings"][0]
    assert list(finding) == [
        "rule",
        "name",
        "severity",
        "verdict",
        "message",
        "file",
        "line",
        "column",
        "endLine",
        "endColumn",
        "path",
        "configuration",
        "fingerprint",
        "help",
        "fix",
        "suppressed",
    ]
    assert (finding["line"], finding["column"], finding["endLine"], finding["endColumn"]) == (5, 15, 5, 23)
    assert finding["path"] == "/instanceMetadataOptions/httpTokens"
    assert finding["fix"] is None
    assert finding["suppressed"] is None
    assert list(report["configurations"][0]) == [
        "id",
        "name",
        "dialect",
        "file",
        "line",
        "address",
        "buildType",
        "outcomes",
    ]
    assert report["configurations"][0]["outcomes"][3]["verdict"] == "not-applicable"


def test_a_fix_and_a_suppression_have_the_shape_of_the_contract() -> None:
    report = written(builder.report({}, [builder.accepted_finding()]))
    (finding,) = report["findings"]
    token = {"line": 5, "column": 15, "endLine": 5, "endColumn": 23}
    assert finding["fix"] == {
        "title": "Require IMDSv2",
        "safety": "safe",
        "edits": [
            {"file": "infra/web.yaml", **token, "text": "required"},
            {
                "file": "infra/web.yaml",
                "line": 7,
                "column": 1,
                "endLine": 7,
                "endColumn": 1,
                "text": "description: d\n",
            },
            {"file": "b.yaml", **token, "text": ""},
        ],
    }
    assert finding["suppressed"] == {
        "kind": "inline",
        "reason": "Legacy agent.",
        "until": "2027-01-31",
        "owner": "team-images",
        "file": "infra/web.yaml",
        "line": 4,
    }
    assert report["summary"]["suppressed"] == 1
    bare = replace(builder.accepted_finding(), suppression=builder.Suppression("baseline", "Known."))
    (finding,) = written(builder.report({}, [bare]))["findings"]
    assert finding["suppressed"] == {
        "kind": "baseline",
        "reason": "Known.",
        "until": None,
        "owner": None,
        "file": None,
        "line": None,
    }


def test_escapes_change_nothing_for_a_reader(nasty: Report) -> None:
    """Control characters are escaped, values are the same; only a lone surrogate cannot be kept."""
    report = written(nasty)
    assert report["configurations"][0]["name"] == "日本\x1b[31m"
    assert "\u202ereversed\u2069, \x9b2J" in report["findings"][2]["message"]
    assert "\ufffd" in report["findings"][4]["message"]
    assert report["findings"][4]["path"] == "/tags/a]b\n~1~0"
    assert report["problems"][0] == {
        "file": "::error::.yaml",
        "line": 1,
        "column": 1,
        "message": "The file is not UTF-8.\n::error::forged",
    }


def test_indented_by_two_blanks_and_not_ascii_only(nasty: Report) -> None:
    text = render("json", nasty, Style())
    assert text.startswith('{\n  "schemaVersion": "1",\n')
    assert text.endswith("}\n")
    assert "日本" in text
