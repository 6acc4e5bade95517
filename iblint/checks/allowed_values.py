"""IB405: values are allowed by the organisation's policy."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context
from iblint.model.path import ROOT, Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FIELDS: Mapping[str, tuple[str, Path]] = {
    "names": ("name", ("name",)),
    "instance-profiles": ("instance profile", ("instanceProfileName",)),
    "instance-types": ("instance type", ("instanceTypes",)),
    "subnets": ("subnet", ("subnetId",)),
    "security-groups": ("security group", ("securityGroupIds",)),
    "topics": ("topic", ("snsTopicArn",)),
    "key-prefixes": ("key prefix", ("logging", "s3Logs", "s3KeyPrefix")),
}
"""Option -> what its values are, and where they stand in the spec."""

_CHOSEN_BY_AWS = frozenset({"instance-types", "subnets", "security-groups"})
"""Values that AWS chooses if they are not set. They must be set, or leaving them out would bypass the policy."""

_TARGET_WORDS = {"account": "account", "region": "Region"}


def check(resource: Resource, context: Context) -> Judgement:
    """Compare each value with the patterns of its option. An option without patterns allows everything."""
    options = context.options
    if not any(options.values()):
        return not_applicable("No values are restricted: all options of the rule are empty.")
    target, facts = context.target, context.facts
    targets = {"account": target.account or facts.account, "region": target.region or facts.region}
    restricted = {what: value for what, value in targets.items() if options[f"{what}s"]}
    unknowns = [_undeclared(what) for what, value in restricted.items() if value is None]
    refused = [what for what, value in restricted.items() if value and not _is_allowed(value, options[f"{what}s"])]
    violations = [_refused_target(refused, restricted, options)] if refused else []
    for option, (noun, path) in _FIELDS.items():
        if options[option]:
            wrong, unresolved = _judge_field(resource, path, noun, options[option], option in _CHOSEN_BY_AWS)
            violations += wrong
            unknowns += unresolved
    if violations:
        return failed(*violations)
    return unknown(*unknowns) if unknowns else passed("All restricted values are allowed.")


def _judge_field(
    resource: Resource, path: Path, noun: str, allowed: list[str], required: bool
) -> tuple[list[Violation], list[Violation]]:
    """Return the violations and the unknown values of one member; ``required``: it must be set."""
    value: Any = lookup(resource.spec, path)
    if required and (value is ABSENT or value == []):
        field = resource.spell(path)
        message = f"{field} is not set, so AWS may choose a disallowed {noun}. Allowed: {_words(allowed)}."
        return [Violation(path, message, f"Set {field} to an allowed value.")], []
    entries = [((*path, i), item) for i, item in enumerate(value)] if isinstance(value, list) else [(path, value)]
    why = f"Allowed: {_words(allowed)}."
    wrong = [
        Violation(where, f"{resource.spell(where)} {show(item)} is not an allowed {noun}. {why}")
        for where, item in entries
        if isinstance(item, str) and not _is_allowed(item, allowed)
    ]
    return wrong, [cannot_tell(resource, where, item, why) for where, item in entries if is_unresolved(item)]


def _undeclared(what: str) -> Violation:
    message = f"Cannot tell whether the target {_TARGET_WORDS[what]} is allowed: it is not declared."
    return Violation(ROOT, message, f"Declare it: --{what}, or {what} in .iblint.yaml.")


def _refused_target(refused: list[str], targets: Mapping[str, str | None], options: Mapping[str, Any]) -> Violation:
    """Return one violation for account and Region, because both concern the configuration as a whole."""
    sentences = [
        f"The target {_TARGET_WORDS[what]} {show(targets[what])} is not allowed. "
        f"Allowed: {_words(options[f'{what}s'])}."
        for what in refused
    ]
    return Violation(ROOT, " ".join(sentences), "Create the configuration in an allowed account and Region.")


def _is_allowed(value: str, allowed: list[str]) -> bool:
    return any(fnmatchcase(value, pattern) for pattern in allowed)


def _words(allowed: list[str]) -> str:
    shown = [show(pattern) for pattern in allowed[:5]]
    return ", ".join(shown) + (f" and {len(allowed) - 5} more" if len(allowed) > 5 else "")
