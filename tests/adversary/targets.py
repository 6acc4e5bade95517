"""What must hold for any bytes: as an input, as a configuration file, as a rule file, in every format of a report."""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jsonschema import Draft202012Validator

from iblint.config.load import load_settings
from iblint.model.document import Source
from iblint.model.errors import ConfigError, RulePackError
from iblint.model.report import Report
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.packs.folders import load_folder
from iblint.pipeline import check_sources
from iblint.report import Style, render
from iblint.schemas import read_schema
from iblint.session import Session
from tests.adversary.parts import Fault

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
COMMAND = re.compile(r"^[ \t]*::(?!: )(?!(error|warning|notice) file=)|##\w*\[", re.MULTILINE)
SUFFIXES = (".yaml", ".json", ".template", ".tf.json")
SETTINGS = Settings(select=("all",))
RULES = load_packs(Settings())
SESSION = Session()


def judge(data: bytes, suffix: str) -> Report:
    """Judge bytes as a file. Raises Fault if iblint, or a rule, crashes."""
    report = check_sources([Source(f"x{suffix}", data)], SETTINGS, RULES, SESSION)
    crashed = [problem.message for problem in report.problems if "Internal error" in problem.message]
    crashed += [o.reason for c in report.configurations for o in c.outcomes if "crashed" in o.reason]
    if crashed:
        raise Fault(crashed[0], {f"x{suffix}": data})
    return report


def written(report: Report, form: str, data: bytes) -> None:
    """Write a report in a format. Raises Fault for what its readers refuse, or what controls a terminal or runner."""
    text = render(form, report, Style(verbosity=1, show_passed=True))
    wrong = _refused(form, text)
    if wrong:
        raise Fault(f"{form}: {wrong}", {"x.yaml": data, f"report.{form}": text.encode("utf-8", "backslashreplace")})


def document(data: bytes, suffix: str, form: str) -> Report:
    """Judge bytes and write the report."""
    report = judge(data, suffix)
    written(report, form, data)
    return report


def configuration(data: bytes, name: str = ".iblint.yaml") -> None:
    """Read bytes as a configuration: settings, or an error in one line each."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".git").mkdir()
        (Path(folder) / name).write_bytes(data)
        try:
            load_settings(None, folder)
        except ConfigError as error:
            _one_line_each(str(error), {name: data})


def rule(data: bytes) -> None:
    """Read bytes as a rule file: rules, or an error in one line each."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "ACME001-described.yaml").write_bytes(data)
        try:
            load_folder(folder)
        except RulePackError as error:
            _one_line_each(str(error), {"ACME001-described.yaml": data})


def _one_line_each(message: str, files: dict[str, bytes]) -> None:
    if not message or "Internal error" in message:
        raise Fault(f"not an error for a user: {message!r}", files)


def _refused(form: str, text: str) -> str:
    found = CONTROL.search(text) or COMMAND.search(text)
    if found and not (form == "markdown" and found.group().startswith("\t")):
        return f"unsafe: {text[max(0, found.start() - 40) : found.end() + 40]!r}"
    if not text.endswith("\n") and text:
        return "no newline at the end"
    if form in ("json", "sarif", "rdjson", "gitlab"):
        return _refused_json(form, json.loads(text))
    if form == "junit":
        ElementTree.fromstring(text)
    return ""


def _refused_json(form: str, data: Any) -> str:
    if form == "json":
        errors = [error.message for error in _report_schema().iter_errors(data)]
        return errors[0] if errors else ""
    if form == "sarif":
        (run,) = data["runs"]
        rules = run["tool"]["driver"]["rules"]
        for result in run.get("results", ()):
            region = result["locations"][0]["physicalLocation"]["region"]
            if rules[result["ruleIndex"]]["id"] != result["ruleId"] or min(region.values(), key=_number) == 0:
                return f"SARIF: {result}"
    return ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 1


@cache
def _report_schema() -> Any:
    return Draft202012Validator(json.loads(read_schema("report")))
