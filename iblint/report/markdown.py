"""Markdown for people: the summary of a step in GitHub Actions, or a comment on a pull request.

The page fits into a comment (65,536 characters): the most severe findings come first, and the others are counted. Text
of files is escaped, so that it cannot change the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from iblint.model.report import Configuration, Report
from iblint.model.rule import Rule
from iblint.model.verdict import Severity, Verdict
from iblint.report._issues import INPUT_NOT_JUDGED, Issue, issues_of, most_severe_first
from iblint.report._places import relative_uri
from iblint.report._style import Needs, Style
from iblint.report._summary import counts, result, show_notice
from iblint.text.safe import is_web_address, single_line
from iblint.text.wording import split_message

NEEDS = Needs(reasons=True, checkout=True)
_MAX_LENGTHS = {"Configurations": 20_000, "Findings": 25_000, "Not judged": 5_000, "Notices": 5_000}
"""Characters of the rows of each section."""
_SEVERITIES = {Severity.ERROR: "❌ error", Severity.WARNING: "⚠️ warning", Severity.NOTE: "🔹 note"}
_VERDICTS = {
    Verdict.PASS: "✅ pass",
    Verdict.FAIL: "❌ fail",
    Verdict.UNKNOWN: "❔ unknown",
    Verdict.NOT_APPLICABLE: "⬜ not applicable",
    Verdict.ERROR: "💥 error",
}
_WORST = (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN)
_SIGNS = {0: "✅", 1: "❌"}

_SPECIAL = re.compile(r"[!\"#$&*:<>@\[\\\]^_`{|}~]")
"""Characters that can begin markup."""
_AUTOLINKED = re.compile(r"[@#]|:(?=//)|(?i:(?<=www)\.)")
"""Characters of mentions, issue numbers and addresses, which code hosts find even in escaped text."""


def render(report: Report, style: Style) -> str:
    """Write the verdicts of the core rules for each configuration, then every finding with its fix."""
    lines = [
        f"## {_SIGNS.get(report.exit_code, '⚠️')} iblint: {result(report)}",
        "",
        f"{counts(report)}.",
        *_section("Configurations", *_configurations(report, style)),
        *_section("Findings", *_findings(report, style)),
        *_section("Not judged", *_not_judged(report, style)),
        *_section("Notices", None, [f"- Notice: {escaped(show_notice(notice))}" for notice in report.notices]),
        "",
        f"<sub>{', '.join(_versions(report, style))}</sub>",
    ]
    return "".join(line + "\n" for line in lines)


def escaped(text: str, limit: int = 300) -> str:
    """Escape text of a file for GitHub's Markdown, on one line of at most ``limit`` characters before escaping.

    Special characters are written as character references. A zero-width space breaks up what is autolinked.
    """
    parts = []
    line = single_line(text, limit)
    for index, character in enumerate(line):
        autolinked = _AUTOLINKED.match(line, index)
        parts.append(f"&#{ord(character)};" if autolinked or _SPECIAL.match(character) else character)
        parts.append("&#8203;" if autolinked else "")
    return "".join(parts)


def link(label: str, address: str | None) -> str:
    """Return a link around escaped Markdown; only the label if there is no address that is safe in a link."""
    return f"[{label}]({address})" if address and is_web_address(address) else label


def _code(text: str, limit: int = 120) -> str:
    """Return text of a file as code. The HTML element is used because backticks allow no escaping."""
    return f"<code>{escaped(text, limit)}</code>"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _section(title: str, head: list[str] | None, rows: list[str]) -> Iterator[str]:
    """Yield a section with as many rows as fit, as a table if there is a head; nothing if there are no rows."""
    if not rows:
        return
    kept, used = 0, 0
    for row in rows:
        used += len(row) + 1
        if used > _MAX_LENGTHS[title]:
            break
        kept += 1
    yield from ("", f"### {title}", "")
    if head:
        yield from (_row(head), "|" + " --- |" * len(head))
    yield from rows[:kept]
    if kept < len(rows):
        yield from ("", f"{len(rows) - kept} more do not fit here: see the other reports of this run.")


def _configurations(report: Report, style: Style) -> tuple[list[str], list[str]]:
    """Return a row for each configuration and a column for each core rule, those with the worst verdicts first."""
    core = [rule for rule in report.rules if rule.core]
    head = ["Configuration", *map(_rule, core), "All rules"]
    rows = []
    for configuration in report.configurations:
        verdicts = {outcome.rule: outcome.verdict for outcome in configuration.outcomes}
        of_core = [verdicts.get(rule.code) for rule in core]
        badness = [of_core.count(verdict) for verdict in _WORST]
        cells = [_VERDICTS[verdict] if verdict else "not selected" for verdict in of_core]
        name = f"{_code(configuration.name, 80)}<br>{_place(configuration.file, configuration.line, style)}"
        rows.append((badness, _row([name, *cells, _verdict_counts(configuration)])))
    return head, [row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]


def _verdict_counts(configuration: Configuration) -> str:
    found = Counter(configuration.outcomes.verdicts)
    words = {
        Verdict.ERROR: "could not be applied",
        Verdict.FAIL: "failed",
        Verdict.UNKNOWN: "unknown",
        Verdict.PASS: "passed",
    }
    return ", ".join(f"{found[verdict]} {word}" for verdict, word in words.items() if found[verdict]) or "none applies"


def _findings(report: Report, style: Style) -> tuple[list[str], list[str]]:
    """Return a row for each finding and input error: input errors first, because something was not judged."""
    issues = sorted(most_severe_first(issues_of(report)), key=lambda issue: issue.rule is not INPUT_NOT_JUDGED)
    return ["Severity", "Rule", "Where", "What is wrong, and how to fix it"], [_finding(i, style) for i in issues]


def _finding(issue: Issue, style: Style) -> str:
    title, _ = split_message(issue.message)
    fix = f"<br>**Fix:** {escaped(issue.help)}" if issue.help else ""
    place = _place(issue.location.file, issue.location.span.line, style)
    return _row([_SEVERITIES[issue.severity], _rule(issue.rule), place, escaped(title) + fix])


def _not_judged(report: Report, style: Style) -> tuple[list[str], list[str]]:
    """Return a row for each entry that was not judged."""
    rows = [
        _row([_place(n.file, n.line, style), escaped(n.kind), f"{escaped(n.reason)}<br>**Do:** {escaped(n.help)}"])
        for n in report.not_judged
    ]
    return ["Where", "What", "Why it was not judged, and what to do"], rows


def _rule(rule: Rule) -> str:
    return link(f"{escaped(rule.code)} {escaped(rule.name)}", rule.url)


def _place(file: str, line: int, style: Style) -> str:
    address = style.checkout.link(relative_uri(file), line) if style.checkout else None
    return link(_code(f"{file}:{line}"), address)


def _versions(report: Report, style: Style) -> Iterator[str]:
    yield f"iblint {escaped(report.version)}"
    for pack in report.packs:
        yield f"pack {escaped(pack.name)} {escaped(pack.version)}"
    if style.checkout and style.checkout.revision:
        yield f"{escaped(style.checkout.repository)} at {_code(style.checkout.revision)}"
