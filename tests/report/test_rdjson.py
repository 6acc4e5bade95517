from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from iblint.model.report import Report
from iblint.report import Style, render
from tests.report import builder

TEXT = {"type": "string", "minLength": 1}
POSITION = {
    "type": "object",
    "required": ["line", "column"],
    "additionalProperties": False,
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
}
LOCATION = {
    "type": "object",
    "required": ["path", "range"],
    "additionalProperties": False,
    "properties": {
        "path": {"type": "string", "pattern": r"^(?!/|\.\.?/)."},
        "range": {
            "type": "object",
            "required": ["start", "end"],
            "additionalProperties": False,
            "properties": {"start": POSITION, "end": POSITION},
        },
    },
}
RELATED = {"type": "array", "minItems": 1, "items": {"properties": {"message": TEXT, "location": LOCATION}}}
DIAGNOSTIC = {
    "type": "object",
    "required": ["message", "location", "severity", "code"],
    "additionalProperties": False,
    "properties": {
        "message": TEXT,
        "location": LOCATION,
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "code": {"required": ["value"], "additionalProperties": False, "properties": {"value": TEXT, "url": TEXT}},
        "related_locations": RELATED,
    },
}
SCHEMA = {
    "type": "object",
    "required": ["source", "diagnostics"],
    "additionalProperties": False,
    "properties": {
        "source": {"const": {"name": "iblint", "url": "https://github.com/iblint/iblint"}},
        "diagnostics": {"type": "array", "items": DIAGNOSTIC},
    },
}
"""The part of reviewdog's messages (rdf.DiagnosticResult) that iblint writes."""


def result(report: Report) -> Any:
    return json.loads(render("rdjson", report, Style()))


@pytest.mark.parametrize("make", [builder.plain_report, builder.nasty_report, lambda: builder.report({})])
def test_results_have_the_shape_of_the_format(make: Any) -> None:
    written = result(make())
    jsonschema.validate(written, SCHEMA)
    report = make()
    assert len(written["diagnostics"]) == len(report.findings) + len(report.problems) + len(report.not_judged)


@pytest.mark.parametrize(
    ("line", "needle", "start", "end"),
    [
        ("a: bc", "bc", 4, 6),
        ("é: bc", "bc", 5, 7),
        ("日本: bc", "bc", 9, 11),
        ("😀: 日", "日", 7, 10),
        ("password: 'päßwörter1' # bc", "bc", 29, 31),
    ],
)
def test_columns_count_bytes(line: str, needle: str, start: int, end: int) -> None:
    text = f"# first\n{line}\n"
    found = builder.finding(builder.IMDS, "a.yaml", builder.locate(text, needle), (), "It is wrong.")
    (diagnostic,) = result(builder.report({"a.yaml": text}, [found]))["diagnostics"]
    assert diagnostic["location"]["range"] == {
        "start": {"line": 2, "column": start},
        "end": {"line": 2, "column": end},
    }
    assert line.encode()[start - 1 : end - 1].decode() == needle


def test_a_diagnostic_has_message_fix_and_related_locations(plain: Report) -> None:
    first, second = result(plain)["diagnostics"]
    assert first["severity"] == "ERROR"
    assert first["code"] == {"value": "IB201", "url": builder.IMDS.url}
    assert "\nSet instanceMetadataOptions.httpTokens to required:\n  httpTokens: required" in first["message"]
    assert second["severity"] == "INFO"
    (related,) = second["related_locations"]
    assert related["message"] == "the configuration begins here"
    assert related["location"]["range"]["start"] == {"line": 1, "column": 1}
