"""Other resources of the run as evidence: which ones use a configuration, and which ones a value names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context
from iblint.model.path import ROOT, Path
from iblint.model.references import find_resource, possible_values, referrers
from iblint.model.resource import Location, Resource
from iblint.model.values import ABSENT
from iblint.model.verdict import Judgement, Verdict, not_applicable, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_USERS = ("ImagePipeline", "Image")


def users(resource: Resource, context: Context) -> tuple[Resource, ...]:
    """Return the pipelines and images of the run that use a configuration."""
    path = ("infrastructureConfigurationArn",)
    return tuple(user for kind in _USERS for user in referrers(context.world, resource, kind, path))


def find(resource: Resource, value: Any, kind: str, sibling: Resource, context: Context) -> Resource | None:
    """Return the resource of a kind that a value of ``sibling`` names, if it is certain where ``resource`` exists."""
    return find_resource(context.world, value, kind, sibling.scope, resource, context.given)


def values_at(sibling: Resource, path: Path, context: Context) -> tuple[Any, ...]:
    """Return the values that a sibling resource may have at a path: one for each branch of a condition."""
    return tuple(possible_values(sibling.spec, path, context.given_for(sibling)))


def items_at(sibling: Resource, path: Path, context: Context) -> Iterator[Any]:
    """Yield the items of a sibling's list at a path, in all branches. A value that is not a list is one item."""
    return (item for item, _ in items_at_with_certainty(sibling, path, context))


def items_at_with_certainty(sibling: Resource, path: Path, context: Context) -> Iterator[tuple[Any, bool]]:
    """Yield the same items, each with whether every branch has it."""
    lists = values_at(sibling, path, context)
    for value in lists:
        for item in value if isinstance(value, list) else [value]:
            each = tuple(possible_values(item, ROOT, context.given_for(sibling)))
            yield from ((one, len(each) == len(lists) == 1) for one in each if one is not ABSENT)


def describe(sibling: Resource, kind: str) -> str:
    """Return how messages name a sibling: ``the topic 'Alarms'``."""
    return f"the {kind} '{sibling.address}'"


def location(sibling: Resource, path: Path = ROOT, label: str = "") -> Location:
    """Return the location of a sibling's value, or of the sibling itself."""
    place = sibling.place(path)
    return Location(place.file or sibling.file, place.key or place.value, label or f"{sibling.kind} {sibling.address}")


def not_in_document(resource: Resource, path: Path, value: Any, what: str) -> Judgement:
    """Judge a value that names no resource of the document: UNKNOWN if unresolved, else NOT_APPLICABLE."""
    if is_unresolved(value):
        return unknown(cannot_tell(resource, path, value, f"So {what} cannot be found in the document."))
    return not_applicable(f"{what[:1].upper()}{what[1:]} is not part of the document.")


def combine(judgements: Sequence[Judgement]) -> Judgement:
    """Combine the judgements of all branches. If they differ, the result is UNKNOWN."""
    if len(judgements) == 1:
        return judgements[0]
    verdicts = {judgement.verdict for judgement in judgements}
    for verdict in (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN):
        if verdict in verdicts and (verdict is Verdict.ERROR or len(verdicts) == 1):
            return next(j for j in judgements if j.verdict is verdict)
    if verdicts <= {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        return next((j for j in judgements if j.verdict is Verdict.PASS), judgements[0])
    other = next(j for v in (Verdict.FAIL, Verdict.UNKNOWN) for j in judgements if j.verdict is v)
    return Judgement(Verdict.UNKNOWN, f"It depends on a condition: {other.reason}", other.violations)
