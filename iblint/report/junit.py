"""JUnit XML for GitLab, Jenkins and Azure Pipelines: a suite for each configuration, a case for each rule.

A rule that passed is a passed case, so that the report shows what was judged. A rule that failed is a failure, whose
type is the severity. UNKNOWN and NOT_APPLICABLE are skipped cases with the reason. No time is written: the same report
gives the same bytes.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby

from iblint.model.document import InputError, NotJudged
from iblint.model.record import NamedTuple
from iblint.model.report import Configuration, Finding, Outcome, Report
from iblint.model.verdict import Verdict
from iblint.report._issues import INPUT_NOT_JUDGED
from iblint.report._style import Needs, Style
from iblint.text.safe import single_line, visible
from iblint.text.wording import split_message

NEEDS = Needs(reasons=True)
_FORBIDDEN = re.compile("[\ufffe\uffff]")
_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
_KINDS = {
    Verdict.FAIL: "failure",
    Verdict.ERROR: "error",
    Verdict.UNKNOWN: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
}


class _Case(NamedTuple):
    """A written testcase."""

    kind: str
    """``failure``, ``error``, ``skipped``, or empty if it passed."""
    xml: str


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - every writer has this signature
    """Write a suite for each configuration, one for the input errors, and one for what was not judged."""
    findings: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault((finding.configuration, finding.rule), []).append(finding)
    suites = [
        (
            f"{configuration.name} ({configuration.id})",
            [_outcome_case(configuration, outcome, findings) for outcome in configuration.outcomes],
        )
        for configuration in report.configurations
    ]
    if report.problems:
        by_file = groupby(sorted(report.problems, key=lambda p: p.file), key=lambda p: p.file)
        suites.append(("inputs that could not be judged", [_file_case(file, errors) for file, errors in by_file]))
    if report.not_judged:
        suites.append(("not judged", [_not_judged_case(each) for each in report.not_judged]))
    all_cases = [case for _, cases in suites for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="iblint"{_totals(all_cases)}>']
    for name, cases in suites:
        lines += [f"  <testsuite{_attributes(name=name)}{_totals(cases)}>", *(c.xml for c in cases), "  </testsuite>"]
    return "\n".join([*lines, "</testsuites>\n"])


def _outcome_case(
    configuration: Configuration, outcome: Outcome, findings: Mapping[tuple[str, str], list[Finding]]
) -> _Case:
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
    worst = max(found, key=lambda f: f.severity.rank, default=None)
    attributes = {
        "type": worst.severity.value if worst else outcome.verdict.value,
        "message": split_message(worst.message if worst else outcome.reason)[0],
    }
    return _case(head, kind, attributes, map(_finding_text, found))


def _file_case(file: str, errors: Iterable[InputError]) -> _Case:
    listed = list(errors)
    name = f"{INPUT_NOT_JUDGED.code} {INPUT_NOT_JUDGED.name}"
    head = _attributes(classname=file, name=name, file=file, line=listed[0].line)
    texts = [f"{file}:{error.line}:{error.column}: {single_line(error.message)}" for error in listed]
    return _case(head, "error", {"type": "problem", "message": listed[0].message}, texts)


def _not_judged_case(each: NotJudged) -> _Case:
    head = _attributes(classname=each.file, name=f"not judged: {each.kind}", file=each.file, line=each.line)
    return _case(head, "skipped", {"message": f"{each.reason} {each.help}"})


def _finding_text(finding: Finding) -> str:
    span = finding.location.span
    place = f"{finding.location.file}:{span.line}:{span.column}"
    source = f"\nThe value comes from {single_line(finding.provenance)}." if finding.provenance else ""
    return f"{place}: {single_line(finding.message)}{source}\n{finding.help.strip()}"


def _case(
    head: str, kind: str = "", attributes: Mapping[str, str] | None = None, paragraphs: Iterable[str] = ()
) -> _Case:
    if not kind:
        return _Case(kind, f'    <testcase{head} time="0"/>')
    text = _escaped("\n\n".join(paragraphs))
    inner = f"      <{kind}{_attributes(**attributes or {})}" + (f">{text}</{kind}>" if text else "/>")
    return _Case(kind, f'    <testcase{head} time="0">\n{inner}\n    </testcase>')


def _totals(cases: Iterable[_Case]) -> str:
    kinds = Counter(case.kind for case in cases)
    return _attributes(
        tests=kinds.total(), failures=kinds["failure"], errors=kinds["error"], skipped=kinds["skipped"], time=0
    )


def _attributes(**values: str | int) -> str:
    return "".join(f' {name}="{_escaped(single_line(str(value)))}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """Escape a text for XML 1.0, which allows most control characters not even as references.

    A line that begins with ``::`` would be a command to a CI runner that prints the report, so it is escaped, too.
    """
    lines = (_FORBIDDEN.sub("\ufffd", visible(line.rstrip("\r"))) for line in text.split("\n"))
    return _COMMAND.sub(r"\1&#58;:", html.escape("\n".join(lines)))
