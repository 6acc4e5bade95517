"""Markdown reports as read by GitHub's parser: no text of a file becomes a link, a cell or a tag."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest

from iblint.model.record import replace
from iblint.model.rule import Control
from iblint.report import Prose, Style, render
from tests.report import builder
from tests.report.test_markdown import HOSTILE, hostile_report
from tests.support import tools

pytestmark = pytest.mark.integration


class Shape(HTMLParser):
    """The tags of a page, with what they point to, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, str | None]] = []
        self.text = ""
        self.comments: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs).get("href") or dict(attrs).get("src")))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def parsed(markdown: str) -> Shape:
    try:
        import cmarkgfm
    except ImportError:
        tools.missing("cmarkgfm", "pip install '.[dev]'")
    return Shape(cmarkgfm.github_flavored_markdown_to_html(markdown, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE))


def shape(hostile: str) -> Shape:
    return parsed(render("markdown", hostile_report(hostile), Style()))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_page_has_the_same_shape_whatever_the_files_hold(hostile: str) -> None:
    tame, page = shape("tame"), shape(hostile)
    assert page.tags == tame.tags
    assert page.comments == []


def help_of(hostile: str) -> Shape:
    """Return the parsed help of a rule whose file has a hostile text in every place."""
    control = Control(hostile, hostile, "exact", hostile)
    prose = {"IB201": Prose(f"{hostile}\n\n- {hostile}", hostile, hostile, "yaml", (control,))}
    rule = replace(builder.IMDS, remediation=hostile)
    log = json.loads(render("sarif", replace(builder.plain_report(), rules=(rule,), findings=()), Style(prose=prose)))
    (described,) = (r for r in log["runs"][0]["tool"]["driver"]["rules"] if r["id"] == "IB201")
    return parsed(described["help"]["markdown"])


@pytest.mark.parametrize("hostile", [*HOSTILE, "1. a", "---", "+ a", "<group> is *not* [shown](https://evil.example)"])
def test_the_help_of_a_rule_has_the_same_shape_whatever_its_file_holds(hostile: str) -> None:
    tame, page = help_of("tame words"), help_of(hostile)
    assert [tag for tag, _ in page.tags if tag != "p"] == [tag for tag, _ in tame.tags if tag != "p"]
    assert {to for _, to in page.tags} == {None, builder.IMDS.url}
    assert page.comments == []


def test_the_parser_finds_unescaped_links() -> None:
    """Checks the test above."""
    assert ("a", "http://www.evil.example") in parsed("a www.evil.example b").tags


@pytest.mark.parametrize("hostile", ["a | b", "[x](https://evil.example)", "<b>&lt;", "`x` *y*", "@octocat #1"])
def test_text_of_a_file_is_shown_unchanged(hostile: str) -> None:
    assert f"It is '{hostile}'." in shape(hostile).text.replace("\u200b", "")
