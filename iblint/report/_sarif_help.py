"""The documentation of a rule as the Markdown that code scanning shows beside an alert."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iblint.model.rule import Control, Rule
from iblint.report._style import Prose


def help_markdown(rule: Rule, prose: Prose, remediation: str) -> str:
    """Why, how to fix, an example of both, the controls, and where to read on."""
    return "\n\n".join(_sections(rule, prose, remediation))


def _sections(rule: Rule, prose: Prose, remediation: str) -> Iterator[str]:
    yield f"### Why\n\n{prose.rationale}"
    yield f"### How to fix\n\n{remediation}"
    if prose.bad:
        yield f"Fails:\n\n{_fenced(prose.bad, prose.syntax)}"
    if prose.good:
        yield f"Passes:\n\n{_fenced(prose.good, prose.syntax)}"
    if prose.controls:
        yield "### Controls\n\n" + "\n".join(f"- {_control(control)}" for control in prose.controls)
    if rule.url:
        yield f"[Documentation of {rule.code}]({rule.url})"


def _fenced(text: str, syntax: str) -> str:
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{syntax}\n{text.rstrip()}\n{fence}"


def _control(control: Control) -> str:
    words = " ".join(part for part in (control.framework, control.version, control.id) if part)
    return f"{words} ({control.relation})"
