"""Each format against a stored example; ``IBLINT_UPDATE_SNAPSHOTS=1`` rewrites them: read the diff."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from iblint.report import FORMATS, Checkout, Style, render
from tests.report import builder

SNAPSHOTS = Path(__file__).parent / "snapshots"
ORIGIN = Checkout("https://github.com/acme/images", "0123456789abcdef0123456789abcdef01234567", "main")

EMPTY = builder.report({}, files=3, rules=())
PASSED = builder.report(
    {},
    files=1,
    configurations=[builder.configuration("infra/web.yaml", outcomes=builder.configuration("x").outcomes[2:])],
)
CASES = {
    "plain.text": ("text", builder.plain_report(), Style(width=80)),
    "plain-color.text": ("text", builder.plain_report(), Style(width=80, color=True)),
    "plain-quiet.text": ("text", builder.plain_report(), Style(verbosity=-1)),
    "plain-verbose.text": ("text", builder.plain_report(), Style(width=80, verbosity=1)),
    "plain-passed.text": ("text", builder.plain_report(), Style(width=80, show_passed=True)),
    "plain.concise": ("concise", builder.plain_report(), Style()),
    "plain.json": ("json", builder.plain_report(), Style()),
    "plain.sarif": ("sarif", builder.plain_report(), Style(prose=builder.PROSE, checkout=ORIGIN)),
    "plain.github": ("github", builder.plain_report(), Style()),
    "plain.gitlab": ("gitlab", builder.plain_report(), Style()),
    "plain.html": ("html", builder.plain_report(), Style(checkout=ORIGIN)),
    "plain.junit": ("junit", builder.plain_report(), Style()),
    "plain.markdown": ("markdown", builder.plain_report(), Style(checkout=ORIGIN)),
    "plain.rdjson": ("rdjson", builder.plain_report(), Style()),
    "nasty.github": ("github", builder.nasty_report(), Style()),
    "nasty.gitlab": ("gitlab", builder.nasty_report(), Style()),
    "nasty.junit": ("junit", builder.nasty_report(), Style()),
    "nasty.markdown": ("markdown", builder.nasty_report(), Style()),
    "nasty.rdjson": ("rdjson", builder.nasty_report(), Style()),
    "nasty.text": ("text", builder.nasty_report(), Style(width=80, verbosity=1)),
    "nasty-narrow.text": ("text", builder.nasty_report(), Style(width=40)),
    "nasty.concise": ("concise", builder.nasty_report(), Style()),
    "nasty.json": ("json", builder.nasty_report(), Style()),
    "nasty.sarif": ("sarif", builder.nasty_report(), Style(prose=builder.PROSE)),
    "empty.github": ("github", EMPTY, Style()),
    "empty.gitlab": ("gitlab", EMPTY, Style()),
    "empty.junit": ("junit", EMPTY, Style()),
    "empty.markdown": ("markdown", EMPTY, Style()),
    "empty.rdjson": ("rdjson", EMPTY, Style()),
    "empty.text": ("text", EMPTY, Style()),
    "empty.concise": ("concise", EMPTY, Style()),
    "empty.json": ("json", EMPTY, Style()),
    "empty.sarif": ("sarif", EMPTY, Style()),
    "passed.text": ("text", PASSED, Style()),
}


@pytest.mark.parametrize("name", CASES)
def test_snapshot(name: str) -> None:
    form, report, style = CASES[name]
    written = render(form, report, style).encode("utf-8")
    path = SNAPSHOTS / name
    if os.environ.get("IBLINT_UPDATE_SNAPSHOTS") == "1":
        path.write_bytes(written)
    assert written.decode() == path.read_bytes().decode()


def test_every_format_has_a_snapshot_and_no_snapshot_is_stale() -> None:
    assert {form for form, _, _ in CASES.values()} == set(FORMATS)
    assert {path.name for path in SNAPSHOTS.iterdir()} == set(CASES)
