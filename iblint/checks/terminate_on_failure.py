"""IB301: build and test instances are terminated at the end of a build, failed or not."""

from __future__ import annotations

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Violation, failed, passed, unknown
from iblint.text.wording import show_as_written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FAILURE: Path = ("terminateInstanceOnFailure",)
COMPLETION: Path = ("terminateInstanceOnCompletion",)

_KEPT = {
    FAILURE: "the instance of every failed build keeps running",
    COMPLETION: "the instance of every successful build keeps running",
}
_COST = "It is billed until someone terminates it, and still provides the credentials of the build role."


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each of the two settings that is not true. An absent one has the default of its origin."""
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
    field, shown = resource.spell(path), show_as_written(value, resource.readings.get(path))
    if value is False:
        message = f"{field} is {shown}, so {_KEPT[path]}. {_COST}"
    else:
        message = f"{field} is {shown}, not the boolean true. If it is not true, {_KEPT[path]}."
    return Violation(path, message, f"Set {field} to true.")


def _absent(resource: Resource, required: bool) -> list[Violation]:
    """Judge an absent terminateInstanceOnFailure: the default is true, but Terraform sends false."""
    field = resource.spell(FAILURE)
    if resource.origin == "terraform":
        message = f"{field} is not set, and Terraform then sends false, so {_KEPT[FAILURE]}. {_COST}"
    elif required:
        message = f"{field} is not set, but the option require-explicit requires it."
    else:
        return []
    return [Violation(FAILURE, message, f"Set {field} to true.")]
