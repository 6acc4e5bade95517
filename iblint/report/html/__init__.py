"""One HTML file that stands alone: the matrix of configurations and rules, every finding with its lines, a filter.

It loads nothing and needs no server. Its policy (CSP) lets only its own style and script run, by their digests, so
that not even markup that had slipped in could do anything. The same report gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

from iblint.model.report import Report
from iblint.model.verdict import Severity
from iblint.report._escape import relative_uri, split_message
from iblint.report._items import Item, gravest_first, items
from iblint.report._lines import Lines
from iblint.report._source import SourceLine, source_lines
from iblint.report._style import Style
from iblint.report._summary import counts, meaning
from iblint.report.html.elements import Html, element, join, link
from iblint.report.html.matrix import matrix


def render(report: Report, style: Style) -> str:
    """Write the page; of the style it reads ``excerpts`` and ``checkout``."""
    css, js = (Path(__file__).with_name(f"report.{kind}").read_text("utf-8") for kind in ("css", "js"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(css, js)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"iblint: {meaning(report)}"),
        element("link", rel="icon", href="data:,"),
        element("style", Html(css)),
    )
    body = element("body", join(_parts(report, style), "\n"), element("script", Html(js)))
    return f'<!doctype html>\n<html lang="en">\n{head}\n{body}\n</html>\n'


def _policy(css: str, js: str) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (css, js))
    style, script = (f"'sha256-{digest}'" for digest in digests)
    allowed = f"style-src {style}; script-src {script}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _parts(report: Report, style: Style) -> Iterator[Html]:
    listed = gravest_first(items(report))
    numbers = {(item.configuration, item.rule.code): n for n, item in reversed([*enumerate(listed, 1)])}
    yield from _heading(report, style)
    yield _filter(listed)
    if report.configurations:
        yield element("h2", "Configurations and rules")
        yield from matrix(report, {item: f"#f{n}" for item, n in numbers.items()}, listed)
    if listed:
        page = _Findings(report, style)
        articles = [page.finding(number, item) for number, item in enumerate(listed, 1)]
        yield element("h2", "Findings")
        yield element("div", join(articles, "\n"), class_="findings")
    if report.notices:
        yield element("h2", "Notices")
        yield element("ul", *(element("li", notice) for notice in report.notices))


def _heading(report: Report, style: Style) -> Iterator[Html]:
    yield element("h1", "Image Builder infrastructure configurations")
    yield element("p", meaning(report), class_=f"result {'bad' if report.exit_code else 'good'}")
    yield element("p", f"{counts(report)}.")
    versions = [f"iblint {report.version}", *(f"pack {p.name} {p.version} ({p.digest})" for p in report.packs)]
    origin = style.checkout
    if origin:
        at = f" at {origin.revision}" if origin.revision else ""
        versions.append(f"{origin.repository}{at}{f' ({origin.branch})' if origin.branch else ''}")
    yield element("p", "; ".join(versions), class_="faint")


def _filter(listed: list[Item]) -> Html:
    """The form, which the script shows: without scripts there is nothing that could filter."""
    rules = sorted({(item.rule.code, item.rule.name) for item in listed})
    return element(
        "form",
        element("label", "Search ", element("input", type="search", name="text", autocomplete="off")),
        *(
            element(
                "label", element("input", type="checkbox", name="severity", value=s.value, checked=True), f" {s.value}"
            )
            for s in Severity
        ),
        element(
            "label",
            "Rule ",
            element(
                "select",
                Html('<option value="">all rules</option>'),
                *(element("option", f"{code} {name}", value=code) for code, name in rules),
                name="rule",
            ),
        ),
        element("label", element("input", type="checkbox", name="failing"), " only configurations with these findings"),
        element("label", element("input", type="checkbox", name="brief"), " hide rules that are met everywhere"),
        element("button", "Reset", type="reset"),
        element("output", id="shown", aria_live="polite"),
        id="filter",
        hidden=True,
    )


class _Findings:
    """The list of findings: what all of them need."""

    def __init__(self, report: Report, style: Style) -> None:
        self.origin = style.checkout
        self.texts = Lines(report.texts if style.excerpts else {})
        self.names = {c.id: (n, c.name) for n, c in enumerate(report.configurations)}

    def finding(self, number: int, item: Item) -> Html:
        title, why = split_message(item.message)
        index, name = self.names.get(item.configuration, ("", ""))
        severity = item.severity.value
        source = source_lines(self.texts, item.location)
        head = element("span", severity, class_="severity")
        return element(
            "article",
            element("h3", head, link(item.rule.url, f"{item.rule.code} {item.rule.name}"), f": {title}"),
            element(
                "p",
                self.place(item.location.file, item.location.span[:2]),
                f" in {name}" if name else "",
                class_="faint",
            ),
            element("pre", *map(_line, source)) if source else "",
            element("p", why) if why else "",
            element("p", element("b", "Edit: "), item.help, class_="edit") if item.help else "",
            *(element("p", self.place(r.file, r.span[:2]), f": {r.label}", class_="faint") for r in item.related),
            id=f"f{number}",
            class_=severity,
            data_severity=severity,
            data_rule=item.rule.code,
            data_configuration=str(index),
        )

    def place(self, file: str, position: tuple[int, ...]) -> Html:
        shown = element("code", ":".join(map(str, (file, *position))))
        return link(self.origin.link(relative_uri(file), position[0]) if self.origin else None, shown)


def _line(line: SourceLine) -> Html:
    marked = element("mark", line.marked) if line.marked else ""
    return element("span", line.before, marked, line.after, data_line=line.number)
