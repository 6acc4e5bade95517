"""A self-contained HTML page: the matrix of configurations and rules, every finding with its lines, and a filter.

It loads nothing and needs no server. Its content security policy allows only its own style and script, by their
digests, so that injected markup could neither load nor run anything. The same report gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

from iblint.model.report import Report
from iblint.model.verdict import Severity
from iblint.report._issues import Issue, issues_of, most_severe_first
from iblint.report._style import Needs, Style
from iblint.report._summary import counts, result, show_not_judged, show_notice
from iblint.report.html.elements import Html, element, join
from iblint.report.html.findings import FindingList
from iblint.report.html.matrix import matrix

NEEDS = Needs(reasons=True, checkout=True)


def render(report: Report, style: Style) -> str:
    """Write the page. Of the style it uses ``excerpts`` and ``checkout``."""
    css, js = (Path(__file__).with_name(f"report.{kind}").read_text("utf-8") for kind in ("css", "js"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(css, js)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"iblint: {result(report)}"),
        element("link", rel="icon", href="data:,"),
        element("style", Html(css)),
    )
    body = element("body", join(_body(report, style), "\n"), element("script", Html(js)))
    return f'<!doctype html>\n<html lang="en">\n{head}\n{body}\n</html>\n'


def _policy(css: str, js: str) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (css, js))
    style, script = (f"'sha256-{digest}'" for digest in digests)
    allowed = f"style-src {style}; script-src {script}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _body(report: Report, style: Style) -> Iterator[Html]:
    issues = most_severe_first(issues_of(report))
    yield from _heading(report, style)
    yield _filter(issues)
    if report.configurations:
        yield element("h2", "Configurations and rules")
        yield from matrix(report, issues)
    if issues:
        findings = FindingList(report, style)
        articles = [findings.article(number, issue) for number, issue in enumerate(issues, 1)]
        yield element("h2", "Findings")
        yield element("div", join(articles, "\n"), class_="findings")
    if report.not_judged:
        yield element("h2", "Not judged")
        yield element("ul", *(element("li", f"{n.kind}: {show_not_judged(n)}") for n in report.not_judged))
    if report.notices:
        yield element("h2", "Notices")
        yield element("ul", *(element("li", show_notice(notice)) for notice in report.notices))


def _heading(report: Report, style: Style) -> Iterator[Html]:
    yield element("h1", "Image Builder infrastructure configurations")
    yield element("p", result(report), class_=f"result {'bad' if report.exit_code else 'good'}")
    yield element("p", f"{counts(report)}.")
    versions = [f"iblint {report.version}", *(f"pack {p.name} {p.version} ({p.digest})" for p in report.packs)]
    checkout = style.checkout
    if checkout:
        revision = f" at {checkout.revision}" if checkout.revision else ""
        versions.append(f"{checkout.repository}{revision}{f' ({checkout.branch})' if checkout.branch else ''}")
    yield element("p", "; ".join(versions), class_="faint")


def _filter(issues: list[Issue]) -> Html:
    """Return the filter form. It is hidden until the script runs, because it has no effect without the script."""
    rules = sorted({(issue.rule.code, issue.rule.name) for issue in issues})
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
        element("label", element("input", type="checkbox", name="brief"), " hide rules that pass everywhere"),
        element("button", "Reset", type="reset"),
        element("output", id="shown", aria_live="polite"),
        id="filter",
        hidden=True,
    )
