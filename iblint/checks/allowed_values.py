"""IB405: values are among those that a policy allows."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from iblint.checks._values import is_unresolved, cannot_tell
from iblint.model.context import Context
from iblint.model.path import ROOT, Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FIELDS: Mapping[str, Path] = {
    "names": ("name",),
    "instance-profiles": ("instanceProfileName",),
    "instance-types": ("instanceTypes",),
    "subnets": ("subnetId",),
    "security-groups": ("securityGroupIds",),
    "topics": ("snsTopicArn",),
    "key-prefixes": ("logging", "s3Logs", "s3KeyPrefix"),
}
_CHOSEN_BY_AWS = frozenset({"instance-types", "subnets", "security-groups"})
"""What AWS picks when nothing is written, so that leaving it out would evade the list."""


def check(resource: Resource, context: Context) -> Judgement:
    """Compare each value with the patterns of its option; an option without patterns allows everything."""
    options = context.options
    if not any(options.values()):
        return not_applicable("No values are restricted: all options of the rule are empty.")
    target, facts = context.target, context.facts
    targets = {"account": target.account or facts.account, "region": target.region or facts.region}
    restricted = {what: value for what, value in targets.items() if options[f"{what}s"]}
    unknowns = [_undeclared(what) for what, value in restricted.items() if value is None]
    refused = [what for what, value in restricted.items() if value and not _is_allowed(value, options[f"{what}s"])]
    violations = [_refused_target(refused, restricted, options)] if refused else []
    for option, path in _FIELDS.items():
        if options[option]:
            wrong, open_faults = _judge_field(resource, path, options[option], needed=option in _CHOSEN_BY_AWS)
            violations += wrong
            unknowns += open_faults
    if violations:
        return failed(*violations)
    return unknown(*unknowns) if unknowns else passed("All restricted values are allowed.")


def _judge_field(
    resource: Resource, path: Path, allowed: list[str], *, needed: bool
) -> tuple[list[Violation], list[Violation]]:
    """The faults and the doubts of one member; ``needed``: it must be written."""
    value: Any = lookup(resource.spec, path)
    if needed and (value is ABSENT or value == []):
        field = resource.spell(path)
        message = f"{field} is not set, so AWS chooses. The policy allows {_words(allowed)}."
        return [Violation(path, message, f"Set {field} to an allowed value.")], []
    entries = [((*path, i), item) for i, item in enumerate(value)] if isinstance(value, list) else [(path, value)]
    why = f"The policy allows {_words(allowed)}."
    wrong = [
        Violation(where, f"{resource.spell(where)} is {show(item)}. {why}")
        for where, item in entries
        if isinstance(item, str) and not _is_allowed(item, allowed)
    ]
    return wrong, [cannot_tell(resource, where, item, why) for where, item in entries if is_unresolved(item)]


def _undeclared(what: str) -> Violation:
    message = f"It is not known whether the target {what} is allowed: it is not declared."
    return Violation(ROOT, message, f"Declare it: --{what}, or {what} in .iblint.yaml.")


def _refused_target(refused: list[str], targets: Mapping[str, str | None], options: Mapping[str, Any]) -> Violation:
    """One fault for account and Region, because both are about the configuration as a whole."""
    words = {what: _words(options[f"{what}s"]) for what in refused}
    message = " ".join(f"The target {what} is {show(targets[what])}; allowed: {words[what]}." for what in refused)
    return Violation(ROOT, message, "Create the configuration in an allowed account and Region.")


def _is_allowed(value: str, allowed: list[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in allowed)


def _words(allowed: list[str]) -> str:
    shown = [show(pattern) for pattern in allowed[:5]]
    return ", ".join(shown) + (f" and {len(allowed) - 5} more" if len(allowed) > 5 else "")
