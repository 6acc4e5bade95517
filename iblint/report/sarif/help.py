"""The documentation of a rule as the Markdown that code scanning shows beside an alert.

What a rule file says is plain text, and the file may be a stranger's: nothing in it is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iblint.model.rule import Control, Rule
from iblint.report._markdown import link, text
from iblint.report._style import Prose
from iblint.text.safe import printable

_MAX_PROSE = 4000
"""Characters of a paragraph: what a rule file may say at all."""


def help_markdown(rule: Rule, prose: Prose, remediation: str) -> str:
    """Why, how to fix, an example of both, the controls, and where to read on."""
    return "\n\n".join(_sections(rule, prose, remediation))


def _sections(rule: Rule, prose: Prose, remediation: str) -> Iterator[str]:
    yield f"### Why\n\n{_paragraphs(prose.rationale)}"
    yield f"### How to fix\n\n{_paragraphs(remediation)}"
    if prose.bad:
        yield f"Fails:\n\n{_fenced(prose.bad, prose.syntax)}"
    if prose.good:
        yield f"Passes:\n\n{_fenced(prose.good, prose.syntax)}"
    if prose.controls:
        yield "### Controls\n\n" + "\n".join(f"- {_control(control)}" for control in prose.controls)
    if rule.url:
        yield link(f"Documentation of {text(rule.code)}", rule.url)


def _paragraphs(prose: str) -> str:
    return "\n\n".join(_paragraph(paragraph) for paragraph in re.split(r"\n\s*\n", prose.strip()))


def _paragraph(prose: str) -> str:
    """Text that begins no list and is no line across the page."""
    return re.sub(r"^[-+=\d]", lambda match: f"&#{ord(match[0])};", text(prose, _MAX_PROSE))


def _fenced(example: str, syntax: str) -> str:
    longest = max((len(ticks) for ticks in re.findall("`+", example)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{syntax}\n{printable(example.rstrip())}\n{fence}"


def _control(control: Control) -> str:
    words = " ".join(part for part in (control.framework, control.version, control.id) if part)
    return f"{_paragraph(words)} ({control.relation})"
