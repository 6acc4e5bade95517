"""JUnit XML, as GitLab, Jenkins and Azure Pipelines read it: a suite for each configuration, a case for each rule.

A rule that passed is a case that passed, so the report shows what was judged and not only what is wrong. A rule that is
not met fails whatever its severity, which is the failure's type; what cannot be decided and what does not apply is
skipped, with the reason. No time is written: the same report gives the same bytes.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby

from iblint.model.document import InputError
from iblint.model.record import NamedTuple
from iblint.model.report import Configuration, Finding, Outcome, Report
from iblint.model.verdict import Verdict
from iblint.report._escape import sentence, split_message, visible
from iblint.report._items import INPUT_NOT_JUDGED
from iblint.report._style import Style

_FORBIDDEN = re.compile("[\ufffe\uffff]")
_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
_KINDS = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.UNKNOWN: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
}


class _Case(NamedTuple):
    """One testcase, written."""

    kind: str
    """``failure``, ``error``, ``skipped`` or, when it passed, nothing."""
    xml: str


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - every writer has this signature
    """Write a suite for each configuration, and one for the files that could not be judged when there are any."""
    findings: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault((finding.configuration, finding.rule), []).append(finding)
    suites = [
        (
            f"{configuration.name} ({configuration.id})",
            [_judged(configuration, outcome, findings) for outcome in configuration.outcomes],
        )
        for configuration in report.configurations
    ]
    if report.problems:
        by_file = groupby(sorted(report.problems, key=lambda p: p.file), key=lambda p: p.file)
        suites.append(("inputs that could not be judged", [_unread(file, problems) for file, problems in by_file]))
    everything = [case for _, cases in suites for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="iblint"{_totals(everything)}>']
    for name, cases in suites:
        lines += [f"  <testsuite{_attributes(name=name)}{_totals(cases)}>", *(c.xml for c in cases), "  </testsuite>"]
    return "\n".join([*lines, "</testsuites>\n"])


def _judged(configuration: Configuration, outcome: Outcome, findings: Mapping[tuple[str, str], list[Finding]]) -> _Case:
    found = [f for f in findings.get((configuration.id, outcome.rule), ()) if f.verdict is outcome.verdict]
    head = _attributes(
        classname=configuration.id,
        name=f"{outcome.rule} {outcome.name}",
        file=configuration.file,
        line=found[0].location.span.line if found else configuration.line,
    )
    kind = _KINDS.get(outcome.verdict, "")
    if kind == "skipped":
        return _case(head, kind, {"message": f"{outcome.verdict.value}: {outcome.reason}".removesuffix(": ")})
    if not kind:
        return _case(head)
    gravest = max(found, key=lambda f: f.severity.rank, default=None)
    about = {
        "type": gravest.severity.value if gravest else outcome.verdict.value,
        "message": split_message(gravest.message if gravest else outcome.reason)[0],
    }
    return _case(head, kind, about, [_described(f) for f in found])


def _unread(file: str, problems: Iterable[InputError]) -> _Case:
    listed = list(problems)
    name = f"{INPUT_NOT_JUDGED.code} {INPUT_NOT_JUDGED.name}"
    head = _attributes(classname=file, name=name, file=file, line=listed[0].line)
    told = [f"{file}:{p.line}:{p.column}: {sentence(p.message)}" for p in listed]
    return _case(head, "error", {"type": "problem", "message": listed[0].message}, told)


def _described(finding: Finding) -> str:
    span = finding.location.span
    place = f"{finding.location.file}:{span.line}:{span.column}"
    source = f"\nThe value is {sentence(finding.provenance)}." if finding.provenance else ""
    return f"{place}: {sentence(finding.message)}{source}\n{finding.help.strip()}"


def _case(head: str, kind: str = "", about: Mapping[str, str] | None = None, paragraphs: Iterable[str] = ()) -> _Case:
    if not kind:
        return _Case(kind, f'    <testcase{head} time="0"/>')
    text = _escaped("\n\n".join(paragraphs))
    inner = f"      <{kind}{_attributes(**about or {})}" + (f">{text}</{kind}>" if text else "/>")
    return _Case(kind, f'    <testcase{head} time="0">\n{inner}\n    </testcase>')


def _totals(cases: Iterable[_Case]) -> str:
    kinds = Counter(case.kind for case in cases)
    return _attributes(
        tests=kinds.total(), failures=kinds["failure"], errors=kinds["error"], skipped=kinds["skipped"], time=0
    )


def _attributes(**values: str | int) -> str:
    return "".join(f' {name}="{_escaped(sentence(str(value)))}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """Text for XML 1.0, which cannot hold most control characters even as references.

    A line that begins with ``::`` would be a command to a CI runner that prints the report.
    """
    lines = (_FORBIDDEN.sub("\ufffd", visible(line.rstrip("\r"))) for line in text.split("\n"))
    return _COMMAND.sub(r"\1&#58;:", html.escape("\n".join(lines)))
