"""IB301: build and test instances end when a build does, failed or not."""

from __future__ import annotations

from iblint.checks._values import is_unresolved, cannot_tell
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Violation, failed, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FAILURE: Path = ("terminateInstanceOnFailure",)
COMPLETION: Path = ("terminateInstanceOnCompletion",)

_KEPT = {
    FAILURE: "the instance of every failed build keeps running",
    COMPLETION: "the instance of every build that ends without a failure keeps running",
}
_COST = "It is billed until somebody ends it, and goes on handing out the build role's credentials."


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each of the two settings that is not true; an absent one is judged by the default of its origin."""
    values = {path: lookup(resource.spec, path) for path in (FAILURE, COMPLETION)}
    violations = [_kept(resource, path, value) for path, value in values.items() if _is_wrong(value)]
    if values[FAILURE] is ABSENT:
        violations += _absent(resource, required=context.options["require-explicit"])
    if violations:
        return failed(*violations)
    unknowns = [
        cannot_tell(resource, path, value, f"If it is not true, {_KEPT[path]}.")
        for path, value in values.items()
        if is_unresolved(value)
    ]
    if unknowns:
        return unknown(*unknowns)
    return passed("By default failed instances are terminated." if values[FAILURE] is ABSENT else "")


def _is_wrong(value: Any) -> bool:
    return value is not ABSENT and value is not True and not is_unresolved(value)


def _kept(resource: Resource, path: Path, value: Any) -> Violation:
    field = resource.spell(path)
    if value is False:
        message = f"{field} is false, so {_KEPT[path]}. {_COST}"
    else:
        message = f"{field} is {show(value)}, not the boolean true. If it is not true, {_KEPT[path]}."
    return Violation(path, message, f"Set {field} to true.")


def _absent(resource: Resource, required: bool) -> list[Violation]:
    """What an absent terminateInstanceOnFailure means: true, except in Terraform, which then sends false."""
    field = resource.spell(FAILURE)
    if resource.origin == "terraform":
        message = f"{field} is not set, and Terraform then sends false, so {_KEPT[FAILURE]}. {_COST}"
    elif required:
        message = f"{field} is not set, but the option require-explicit asks for it. Its default is only implied."
    else:
        return []
    return [Violation(FAILURE, message, f"Set {field} to true.")]
