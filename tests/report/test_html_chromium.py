"""The HTML report in a real browser: quiet console, working filter, legible on screen and on paper."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import iblint
from iblint.report import Style, render
from tests.report import builder
from tests.report.test_html import HOSTILE
from tests.report.test_markdown import hostile_report
from tests.support import tools
from tests.support.chromium import Chromium

pytestmark = pytest.mark.integration

MIN_CONTRAST = 4.5
"""Of text to its ground, as WCAG 2.2 asks for (level AA)."""
MIN_POINTS = 6

VISIBLE = "(selector) => [...document.querySelectorAll(selector)].filter((e) => e.getClientRects().length > 0)"
CONTRAST = """
(() => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = parts(color).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if ((parts(color)[3] ?? 1) === 1) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const low = [];
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.getClientRects().length === 0) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < LEAST) low.push(`${ratio.toFixed(1)} ${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`);
  }
  return low;
})()
""".replace("LEAST", str(MIN_CONTRAST))
SMALLEST = """
Math.min(...[...document.body.querySelectorAll("*")]
  .filter((e) => e.getClientRects().length && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((e) => parseFloat(getComputedStyle(e).fontSize))) * 0.75
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("examples") / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tools.ROOT)
        page.write_text(render("html", iblint.check(["examples"]), Style()), "utf-8")
    return page


def count(browser: Chromium, selector: str) -> int:
    return int(browser.run(f"({VISIBLE})({selector!r}).length"))


def act(browser: Chromium, script: str) -> None:
    """Change the form as a user does, and tell the page."""
    form = "document.getElementById('filter')"
    browser.run(f"(() => {{ const form = {form}; {script}; form.dispatchEvent(new Event('input')); }})()")


def test_it_opens_without_complaints_and_loads_nothing(browser: Chromium, examples: Path) -> None:
    browser.open(examples)
    assert browser.complaints == []
    assert [url for url in browser.loaded if url != "data:,"] == [examples.as_uri()]
    assert count(browser, "article") > 10
    assert count(browser, "tbody tr") > 10
    assert browser.run("document.compatMode") == "CSS1Compat"


def test_the_policy_keeps_out_what_had_slipped_in(browser: Chromium, examples: Path) -> None:
    """Guards the test above too: what a page may not do is complained of."""
    browser.open(examples)
    browser.run("document.body.append(Object.assign(document.createElement('script'), {textContent: 'forged = 1'}))")
    browser.run("document.body.insertAdjacentHTML('beforeend', '<img src=\"https://evil.example/x.png\">')")
    assert browser.run("typeof forged") == "undefined"
    assert len([text for text in browser.complaints if "Content Security Policy" in text]) >= 2
    assert not [url for url in browser.loaded if "evil" in url]


def test_the_filter(browser: Chromium, examples: Path) -> None:
    browser.open(examples)
    everything, rows = count(browser, "article"), count(browser, "tbody tr")
    columns = count(browser, "thead .rule")
    by_severity = {s: count(browser, f"article.{s}") for s in ("error", "warning", "note")}
    assert all(by_severity.values())

    act(browser, "form.elements.severity[0].checked = false")
    assert count(browser, "article") == everything - by_severity["error"]
    assert count(browser, "article.error") == 0

    act(browser, "form.elements.severity[0].checked = true; form.elements.rule.value = 'IB201'")
    imdsv2 = count(browser, "article")
    assert 0 < imdsv2 < everything
    assert count(browser, "article[data-rule=IB201]") == imdsv2
    assert browser.run("document.getElementById('shown').textContent") == f"{imdsv2} of {everything} findings"
    assert count(browser, "tbody tr") == rows

    act(browser, "form.elements.failing.checked = true")
    assert 0 < count(browser, "tbody tr") <= imdsv2

    act(browser, "form.elements.text.value = 'TOKENS-optional.json  httpTokens'")
    assert count(browser, "article") == count(browser, "tbody tr") == 1

    act(browser, "form.elements.brief.checked = true")
    assert 0 < count(browser, "thead .rule") < columns

    browser.run("new Promise((done) => { document.querySelector('button').click(); setTimeout(done, 50); })")
    assert (count(browser, "article"), count(browser, "tbody tr"), count(browser, "thead .rule")) == (
        everything,
        rows,
        columns,
    )
    assert browser.complaints == []


def test_enter_in_the_search_field_stays_on_the_page(browser: Chromium, examples: Path) -> None:
    browser.open(examples)
    browser.run("document.querySelector('input').focus()")
    browser.call("Input.insertText", text="imdsv2")
    for kind in ("keyDown", "keyUp"):
        browser.call(
            "Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r"
        )
    assert browser.run("location.href") == examples.as_uri()
    assert 0 < count(browser, "article") < browser.run("document.querySelectorAll('article').length")
    assert browser.complaints == []


def test_the_names_stay_when_the_matrix_is_scrolled(browser: Chromium, examples: Path) -> None:
    browser.open(examples)
    browser.run("document.querySelector('.scroll').scrollLeft = 300")
    lefts = "(e) => Math.round(e.getBoundingClientRect().left)"
    heads = browser.run(f"[...document.querySelectorAll('thead .name, tbody th')].map({lefts})")
    assert len(set(heads)) == 1
    assert browser.run("document.querySelector('.scroll').scrollLeft") > 0


def test_a_cell_leads_to_its_finding(browser: Chromium, examples: Path) -> None:
    browser.open(examples)
    browser.run("document.querySelector('td.fail a').click()")
    assert browser.run("document.querySelector('article:target').getBoundingClientRect().top < innerHeight")


def test_without_scripts_all_is_shown_and_the_form_is_not(browser: Chromium, examples: Path) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(examples)
        assert count(browser, "form") == 0
        assert count(browser, "article") > 10
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_a_file_is_markup(browser: Chromium, tmp_path: Path, hostile: str) -> None:
    shapes: list[Any] = []
    for text in ("tame", hostile):
        page = tmp_path / "report.html"
        page.write_text(render("html", hostile_report(text), Style()), "utf-8")
        browser.open(page)
        shapes.append(browser.run("[...document.querySelectorAll('*')].map((e) => [e.tagName, e.getAttributeNames()])"))
        assert browser.complaints == []
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("width", [1500, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_screens(browser: Chromium, examples: Path, scheme: str, width: int) -> None:
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    try:
        browser.open(examples)
        assert browser.run("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
        assert browser.run(CONTRAST) == []
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), "the page itself scrolls sideways"
    finally:
        browser.call("Emulation.setEmulatedMedia", features=[])
        browser.call("Emulation.clearDeviceMetricsOverride")


def test_it_can_be_read_on_paper(browser: Chromium, examples: Path) -> None:
    browser.call("Emulation.setDeviceMetricsOverride", width=1039, height=711, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        browser.open(examples)
        assert browser.run(CONTRAST) == []
        assert browser.run(SMALLEST) >= MIN_POINTS
        assert browser.run("document.documentElement.scrollWidth <= innerWidth"), "wider than the sheet"
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")
        browser.call("Emulation.clearDeviceMetricsOverride")


def test_the_printed_pages_hold_everything(browser: Chromium, examples: Path) -> None:
    try:
        import pypdf
    except ImportError:
        tools.missing("pypdf", "pip install '.[dev]'")
    browser.open(examples)
    articles = browser.run("[...document.querySelectorAll('article h3')].map((e) => e.textContent)")
    pages = pypdf.PdfReader(io.BytesIO(browser.pdf())).pages
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(842, 595)}, (
        "A4, landscape"
    )
    printed = [squeezed(page.extract_text()) for page in pages]
    text = "".join(printed)
    for title in articles:
        assert squeezed(title).lower() in text.lower()
    assert "Search" not in text
    heads = [page for page in printed if "IB101unknown-field" in page]
    assert len(heads) >= 2, "the names of the rules are repeated where the matrix goes on"


def squeezed(text: str) -> str:
    """Without blanks and ligatures."""
    return unicodedata.normalize("NFKC", "".join(text.split()))


def test_the_report_of_nothing(browser: Chromium, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(render("html", builder.report({}, files=3), Style()), "utf-8")
    browser.open(page)
    assert browser.complaints == []
    assert browser.run("document.getElementById('shown').textContent") == "0 of 0 findings"
