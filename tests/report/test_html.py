from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from iblint.model.report import Report
from iblint.model.span import Span
from iblint.model.verdict import Verdict
from iblint.report import Checkout, Style, render
from tests.report import builder
from tests.report.test_markdown import hostile_report

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """The elements of a page, with attributes and text. An element that is not closed in order is a failure."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[int, str] = {}
        self._open: list[tuple[str, int]] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, len(self.elements)))
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, index in self._open:
            self.texts[index] = self.texts.get(index, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text_of(self, tag: str) -> list[str]:
        return [self.texts.get(n, "") for n, (name, _) in enumerate(self.elements) if name == tag]


def page_of(report: Report, **style: object) -> Page:
    return Page(render("html", report, Style(**style)))


@pytest.mark.parametrize("make", [builder.plain_report, builder.nasty_report, lambda: builder.report({})])
def test_nothing_is_loaded_and_only_its_own_style_and_script_may_run(make) -> None:
    page = page_of(make())
    (policy,) = [m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in (policy or "").split("; "))
    assert directives["default-src"] == "'none'"
    for tag in ("style", "script"):
        (text,) = page.text_of(tag)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert directives[f"{tag}-src"] == f"'sha256-{digest}'"
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert not {"img", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.elements}
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "srcdoc")]


def test_a_row_for_each_configuration_and_a_cell_for_each_rule(plain: Report) -> None:
    page = page_of(plain)
    cells = page.all("td")[1:]  # the first is the corner
    assert [(cell["class"], cell["title"]) for cell in cells] == [
        ("fail error", "IB201 fail: httpTokens is 'optional'."),
        ("unknown", "IB202 unknown: The build type is not known."),
        ("pass quiet", 'IB320 pass: instanceTypes is ["m5.large"].'),
    ]
    assert page.text_of("td")[1:] == ["✗", "?", "✓"]
    assert [text for text in page.text_of("th") if text.startswith("IB")] == [
        f"{rule.code} {rule.name}" for rule in builder.RULES
    ]


def test_every_verdict_has_its_sign() -> None:
    outcomes = [
        builder.Outcome(rule.code, rule.name, v, "")
        for rule, v in zip(builder.RULES, (Verdict.ERROR, Verdict.NOT_APPLICABLE), strict=False)
    ]
    page = page_of(builder.report({}, configurations=[builder.configuration("a.yaml", outcomes=tuple(outcomes))]))
    assert page.text_of("td")[1:] == ["!", "·", ""]
    assert page.all("td")[3]["title"] == "IB320 is not selected here"


def test_many_rules_are_several_tables() -> None:
    rules = tuple(builder.rule(f"IB{n}", f"rule-{n}", "T", "security", builder.Severity.NOTE) for n in range(300, 420))
    outcomes = tuple(builder.Outcome(rule.code, rule.name, Verdict.PASS, "") for rule in rules)
    page = page_of(builder.report({}, configurations=[builder.configuration("a.yaml", outcomes=outcomes)], rules=rules))
    assert len(page.all("table")) == 3
    assert len(page.all("td")) - 3 == 120


def test_links_inside_the_page_have_targets(nasty: Report) -> None:
    page = page_of(nasty)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    anchors = [str(a["href"])[1:] for a in page.all("a") if str(a["href"]).startswith("#")]
    assert anchors
    assert set(anchors) <= set(ids)


def test_a_finding_has_its_lines_with_the_value_marked(plain: Report) -> None:
    page = page_of(plain)
    excerpt = page.text_of("pre")[0]
    assert page.text_of("mark") == ["optional", "!Ref Hops"]
    assert excerpt == (
        "instanceTypes: [m5.large]instanceMetadataOptions:  httpTokens: optional  httpPutResponseHopLimit: !Ref Hops"
    )
    assert [span["data-line"] for span in page.all("span") if "data-line" in span][:4] == ["3", "4", "5", "6"]
    assert page.text_of("article")[1].count("the configuration begins here") == 1


def test_without_excerpts_there_are_no_lines(plain: Report) -> None:
    assert page_of(plain, excerpts=False).all("pre") == []


@pytest.mark.parametrize(("before", "after"), [(0, 0), (500, 0), (0, 500), (500, 500)])
def test_long_lines_are_cut_around_the_value(before: int, after: int) -> None:
    line = "b" * before + "XYZ" + "a" * after
    found = builder.finding(builder.IMDS, "a.json", builder.locate(line, "XYZ"), (), "It is wrong.")
    page = page_of(builder.report({"a.json": line}, [found]))
    (excerpt,) = page.text_of("pre")
    assert len(excerpt) <= 202
    assert page.text_of("mark") == ["XYZ"]
    assert (excerpt.startswith("…"), excerpt.endswith("…")) == (before > 0, after > 0)


def test_a_place_links_to_the_commit_when_the_host_is_known(plain: Report) -> None:
    origin = Checkout("https://github.com/acme/images", "0123abc", "main")
    links = [a["href"] for a in page_of(plain, checkout=origin).all("a")]
    assert "https://github.com/acme/images/blob/0123abc/infra/web.yaml#L5" in links
    assert "https://github.com/acme/images at 0123abc (main)" in " ".join(page_of(plain, checkout=origin).text_of("p"))


def test_problems_and_notices_are_shown(nasty: Report) -> None:
    page = page_of(nasty)
    assert Counter(article["data-rule"] for article in page.all("article"))["IB000"] == 3
    not_judged, notice = page.text_of("li")
    assert notice == "a.yaml:1: no file matches '\\x1b*.yaml'"
    assert not_judged.startswith("shell-script: ./::error::x y.sh:3:5: A script '\\x1b[31m' | makes one ::error::here.")


HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</title></style><h1>",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "\x00\u202e\x1b[31m",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_file_is_markup(hostile: str) -> None:
    tame, page = page_of(hostile_report("tame")), page_of(hostile_report(hostile))
    assert [(tag, sorted(attributes)) for tag, attributes in page.elements] == [
        (tag, sorted(attributes)) for tag, attributes in tame.elements
    ]
    assert [a["href"] for a in page.all("a")] == [a["href"] for a in tame.all("a")]
    if hostile.isprintable():
        assert f"It is '{hostile}'." in page.text_of("article")[-1]


def test_an_odd_address_of_a_rule_is_no_link() -> None:
    odd = builder.rule("IB201", "x", "T", "security", builder.Severity.ERROR, url="javascript:alert(1)")
    found = builder.finding(odd, "a.yaml", Span(1, 1, 1, 2), (), "It is wrong.")
    report = builder.report({"a.yaml": "a"}, [found], configurations=[builder.configuration("a.yaml")], rules=(odd,))
    assert not re.search("javascript", render("html", report, Style()))
