"""Markdown for people: the summary of a step in GitHub Actions, or a comment on a pull request.

Short enough for both (a comment holds 65,536 characters): the gravest first, and what does not fit is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from iblint.model.report import Configuration, Report
from iblint.model.rule import Rule
from iblint.model.verdict import Severity, Verdict
from iblint.report._escape import relative_uri, split_message
from iblint.report._items import INPUT_NOT_JUDGED, Item, gravest_first, items
from iblint.report._markdown import code, link, row, table, text
from iblint.report._style import Style
from iblint.report._summary import counts, meaning

_ROOM = {"configurations": 20_000, "findings": 30_000, "notices": 5_000}
"""Characters for the rows of each part."""
_SEVERITIES = {Severity.ERROR: "❌ error", Severity.WARNING: "⚠️ warning", Severity.NOTE: "🔹 note"}
_VERDICTS = {
    Verdict.PASS: "✅ pass",
    Verdict.FAIL: "❌ fail",
    Verdict.UNKNOWN: "❔ unknown",
    Verdict.NOT_APPLICABLE: "⬜ not applicable",
    Verdict.ERROR: "💥 error",
}
_GRAVEST = (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE, Verdict.PASS)
_SIGNS = {0: "✅", 1: "❌"}


def render(report: Report, style: Style) -> str:
    """Write the verdicts of the mission rules for each configuration, then every finding with its edit."""
    lines = [
        f"## {_SIGNS.get(report.exit_code, '⚠️')} iblint: {meaning(report)}",
        "",
        f"{counts(report)}.",
        *_section("configurations", "Configurations", *_configurations(report, style)),
        *_section("findings", "Findings", *_findings(report, style)),
        *_section("notices", "Notices", None, [f"- Notice: {text(notice)}" for notice in report.notices]),
        "",
        f"<sub>{', '.join(_versions(report, style))}</sub>",
    ]
    return "".join(line + "\n" for line in lines)


def _section(name: str, title: str, head: list[str] | None, rows: list[str]) -> Iterator[str]:
    """A part of the page with as many rows as it has room for; nothing when there are none."""
    if not rows:
        return
    kept, used = [], 0
    for line in rows:
        used += len(line) + 1
        if used > _ROOM[name]:
            break
        kept.append(line)
    yield from ("", f"### {title}", "")
    yield from table(head, kept) if head else kept
    if left := len(rows) - len(kept):
        yield from ("", f"And {left} more, which do not fit here: see the other reports of this run.")


def _configurations(report: Report, style: Style) -> tuple[list[str], list[str]]:
    """A row for each configuration, a column for each mission rule, those with the gravest verdicts first."""
    mission = [rule for rule in report.rules if rule.core]
    head = ["Configuration", *(_rule(rule) for rule in mission), "All rules"]
    rows = []
    for configuration in report.configurations:
        verdicts = {outcome.rule: outcome.verdict for outcome in configuration.outcomes}
        of_mission = [verdicts.get(rule.code) for rule in mission]
        gravity = [sum(verdict is grave for verdict in of_mission) for grave in _GRAVEST[:3]]
        cells = [_VERDICTS[verdict] if verdict else "not selected" for verdict in of_mission]
        name = f"{code(configuration.name, 80)}<br>{_place(configuration.file, configuration.line, style)}"
        rows.append((gravity, row([name, *cells, _tally(configuration)])))
    return head, [line for _, line in sorted(rows, key=lambda both: both[0], reverse=True)]


def _tally(configuration: Configuration) -> str:
    found = Counter(configuration.outcomes.verdicts)
    words = {Verdict.ERROR: "not judged", Verdict.FAIL: "failed", Verdict.UNKNOWN: "unknown", Verdict.PASS: "passed"}
    return ", ".join(f"{found[verdict]} {word}" for verdict, word in words.items() if found[verdict]) or "none applies"


def _findings(report: Report, style: Style) -> tuple[list[str], list[str]]:
    """A row for each finding and problem, the gravest first: a problem means that something was not judged."""
    listed = sorted(gravest_first(items(report)), key=lambda item: item.rule is not INPUT_NOT_JUDGED)
    return ["Severity", "Rule", "Where", "What is wrong, and the edit"], [_finding(item, style) for item in listed]


def _finding(item: Item, style: Style) -> str:
    title, _ = split_message(item.message)
    edit = f"<br>**Edit:** {text(item.help)}" if item.help else ""
    place = _place(item.location.file, item.location.span.line, style)
    return row([_SEVERITIES[item.severity], _rule(item.rule), place, text(title) + edit])


def _rule(rule: Rule) -> str:
    return link(f"{text(rule.code)} {text(rule.name)}", rule.url)


def _place(file: str, line: int, style: Style) -> str:
    address = style.checkout.link(relative_uri(file), line) if style.checkout else None
    return link(code(f"{file}:{line}"), address)


def _versions(report: Report, style: Style) -> Iterator[str]:
    yield f"iblint {text(report.version)}"
    for pack in report.packs:
        yield f"pack {text(pack.name)} {text(pack.version)}"
    if style.checkout and style.checkout.revision:
        yield f"{text(style.checkout.repository)} at {code(style.checkout.revision)}"
