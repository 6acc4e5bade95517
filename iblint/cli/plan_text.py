"""Plans and results as text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from iblint.apply.diff import Change
from iblint.apply.execute import Result
from iblint.apply.gate import Reason
from iblint.apply.plan import Action, Notices, Plan
from iblint.apply.sites import Unreachable
from iblint.exit_codes import ExitCode
from iblint.model.path import Path
from iblint.model.resource import dotted
from iblint.model.values import ABSENT
from iblint.model.waiver import Waiver
from iblint.text.safe import visible
from iblint.text.secrets import redact, redact_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RED, GREEN, YELLOW, BOLD = "31", "32", "33", "1"

_MARKS: dict[Action, tuple[str, str, str]] = {
    "create": ("+", GREEN, "create"),
    "none": ("=", "", "no change"),
    "update": ("~", YELLOW, "update: everything is replaced"),
    "drift": ("!", RED, "drift: the account has other content; --update would replace it"),
    "missing": ("!", RED, "missing: there is no such configuration to update"),
    "conflict": ("!", RED, "conflict: the account has a configuration whose name AWS treats as the same"),
    "refused": ("x", RED, "refused"),
    "misplaced": ("x", RED, "refused: wrong account or Region"),
    "unreadable": ("x", RED, "not readable"),
}
_COUNTED: dict[Action, str] = {
    "create": "to create",
    "update": "to update",
    "none": "unchanged",
    "drift": "drifted",
    "missing": "missing",
    "conflict": "in conflict",
    "refused": "refused",
    "misplaced": "refused: wrong account or Region",
    "unreadable": "not readable",
}

_STATUS = {"differs": "created with other content"}
"""Words for the statuses that are not words themselves."""


class Painter:
    """Adds colours, if enabled."""

    def __init__(self, color: bool) -> None:
        self.color = color

    def paint(self, code: str, text: str) -> str:
        """Return the text in a colour."""
        return f"\033[{code}m{text}\033[0m" if self.color and code else text


def plan_text(
    plans: Sequence[Plan],
    unreachable: Sequence[Unreachable],
    unused: Iterable[Waiver],
    notices: Notices,
    painter: Painter,
) -> str:
    """Return the plans by account and Region: the action for each configuration, and the reasons of refusals.

    ``unused`` are the waivers that had no effect; those of a file have a notice of their own.
    """
    lines: list[str] = []
    place: object = ()
    for plan in plans:
        if plan.identity is not place:
            place = plan.identity
            lines += ["", *_place(plan, painter)] if lines else _place(plan, painter)
        lines += _plan(plan, painter)
    lines += [painter.paint(RED, f"x {safe(site.label)}: {safe(site.message)}") for site in unreachable]
    lines += [f"The waiver of {waiver.rule} is not needed." for waiver in unused if waiver.place is None]
    lines += [f"notice: {safe(n.file)}:{n.line}: {safe(n.message)}" for n in notices.messages]
    counts = Counter(plan.action for plan in plans)
    summary = [f"{counts[action]} {words}" for action, words in _COUNTED.items() if counts[action]]
    if unreachable:
        count = len(unreachable)
        places = "account/Region" if count == 1 else "accounts/Regions"
        summary.append(f"{count} {places} could not be reached")
    left_out = sum(notices.left_out.values())
    note = f" ({left_out} left out of the search)" if left_out else ""
    lines += ["", f"Plan: {', '.join(summary) or 'nothing'}{note}."]
    return "\n".join(lines) + "\n"


def _place(plan: Plan, painter: Painter) -> list[str]:
    if plan.identity is None:
        return [painter.paint(BOLD, "Judged without asking an AWS account")]
    at = plan.identity
    return [painter.paint(BOLD, f"Account {at.account}, {at.region}, as {safe(at.arn)}")]


def _plan(plan: Plan, painter: Painter) -> Iterator[str]:
    mark, color, words = _MARKS[plan.action]
    where = f"{plan.configuration.file}:{plan.configuration.line}"
    yield painter.paint(color, f"{mark} {safe(plan.configuration.name)} ({safe(where)}): {words}")
    if plan.arn:
        yield f"    {safe(plan.arn)}"
    if plan.action == "create":
        yield from (f"      {safe(dotted(path))}: {show_value(value, path)}" for path, value in _leaves(plan.request))
    yield from (_change(change, painter) for change in plan.changes)
    if plan.action == "conflict" and plan.observed is not None:
        yield f"    Its name in the account is {show_value(plan.observed.get('name'))}. Choose another name."
    if plan.message:
        yield f"    {safe(plan.message)}"
    yield from (f"    {_reason(reason)}" for reason in plan.decision.reasons)
    for reason in plan.decision.waived:
        assert reason.waiver is not None
        yield painter.paint(YELLOW, f"    waived {_waiver(reason.waiver)}: {_reason(reason)}")
    yield from (f"    not decided: {_reason(reason)}" for reason in plan.decision.undecided)


def _waiver(waiver: Waiver) -> str:
    """Return the end, the owner and ticket if they are given, and the reason of a waiver."""
    until = "without an end" if waiver.until is None else f"until {waiver.until}"
    given = [("owner", waiver.owner), ("ticket", waiver.ticket)]
    responsible = ", ".join(f"{name} {safe(text)}" for name, text in given if text is not None)
    return f"{until}{f' ({responsible})' if responsible else ''}: {safe(waiver.reason)}"


def _change(change: Change, painter: Painter) -> str:
    path = safe(dotted(change.path))
    old, new = show_value(change.old, change.path), show_value(change.new, change.path)
    match change.kind:
        case "add":
            return painter.paint(GREEN, f"    + {path}: {new}")
        case "clear":
            return painter.paint(RED, f"    - {path}: {old} is in the account but not in the specification")
        case _:
            return painter.paint(YELLOW, f"    ~ {path}: {old} -> {new}")


def _reason(reason: Reason) -> str:
    rule = f"{reason.rule} {reason.name}" if reason.rule else reason.name
    return f"{rule} ({reason.verdict.value}): {safe(reason.message)}"


def result_text(results: Sequence[Result], painter: Painter) -> str:
    """Return the result of each plan."""
    return "".join(f"{line}\n" for result in results for line in _result(result, painter))


def _result(result: Result, painter: Painter) -> Iterator[str]:
    plan = result.plan
    at = f"{plan.identity.account}, {plan.identity.region}" if plan.identity else "no account"
    color = GREEN if result.exit_code == ExitCode.CLEAN else RED
    yield painter.paint(color, f"{safe(plan.configuration.name)} ({at}): {_STATUS.get(result.status, result.status)}")
    if result.exit_code == ExitCode.CLEAN:
        yield f"    {safe(str((result.observed or {}).get('arn', plan.arn)))}, verified"
    if result.request_id:
        yield f"    request {safe(result.request_id)}"
    if result.message:
        yield f"    {safe(result.message)}"


def safe(text: str) -> str:
    """Return the text with secrets redacted and control characters escaped."""
    return visible(redact(text))


def show_value(value: Any, path: Path = ()) -> str:
    """Return a value as JSON with secrets redacted; its path decides, too, what is a secret."""
    return "not set" if value is ABSENT else visible(json.dumps(redact_all(value, dotted(path)), ensure_ascii=False))


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield the path and value of each scalar, list and empty mapping."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    else:
        yield path, value
