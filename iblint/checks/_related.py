"""The other resources of the run as evidence: who uses a configuration, what a value names, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iblint.checks._values import is_open, open_fault
from iblint.model.context import Context
from iblint.model.path import ROOT, Path
from iblint.model.references import linked, possible, referrers
from iblint.model.resource import Location, Resource
from iblint.model.values import ABSENT
from iblint.model.verdict import Judgement, Verdict, not_applicable, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_USERS = ("ImagePipeline", "Image")


def users(resource: Resource, context: Context) -> tuple[Resource, ...]:
    """The pipelines and images of the run that use a configuration."""
    path = ("infrastructureConfigurationArn",)
    return tuple(user for kind in _USERS for user in referrers(context.world, resource, kind, path))


def branches(sibling: Resource, path: Path, context: Context) -> tuple[Any, ...]:
    """The values that a sibling may have at a path, in this judgement."""
    return tuple(possible(sibling.spec, path, context.given))


def entries(sibling: Resource, path: Path, context: Context) -> Iterator[Any]:
    """The items of a sibling's list at a path, in every branch; what is no list is its only item."""
    return (item for item, _ in weighed(sibling, path, context))


def weighed(sibling: Resource, path: Path, context: Context) -> Iterator[tuple[Any, bool]]:
    """The same items, each with whether it is there in every branch."""
    lists = branches(sibling, path, context)
    for value in lists:
        for item in value if isinstance(value, list) else [value]:
            each = tuple(possible(item, ROOT, context.given))
            yield from ((one, len(each) == len(lists) == 1) for one in each if one is not ABSENT)


def named(sibling: Resource, path: Path, kind: str, context: Context) -> tuple[Resource, ...]:
    """The resources of a kind that a sibling names at a path, in any branch, each once."""
    found = (linked(context.world, value, kind, sibling.file) for value in entries(sibling, path, context))
    return tuple({r.id: r for r in found if r is not None}.values())


def called(sibling: Resource, kind: str) -> str:
    """How messages name a sibling: ``the topic 'Alarms'``."""
    return f"the {kind} '{sibling.address}'"


def location(sibling: Resource, path: Path = ROOT, label: str = "") -> Location:
    """Where a sibling's value stands, or the sibling itself."""
    place = sibling.place(path)
    return Location(place.file or sibling.file, place.key or place.value, label or f"{sibling.kind} {sibling.address}")


def not_in_sight(resource: Resource, path: Path, value: Any, what: str) -> Judgement:
    """The judgement when a value names no resource of the document: open it is unknown, written it is not ours."""
    if is_open(value):
        return unknown(open_fault(resource, path, value, f"So {what} is not in sight."))
    return not_applicable(f"{what[:1].upper()}{what[1:]} is not part of the document.")


def together(judgements: Sequence[Judgement]) -> Judgement:
    """One judgement of all branches that may be: what they do not agree on is unknown."""
    if len(judgements) == 1:
        return judgements[0]
    verdicts = {judgement.verdict for judgement in judgements}
    for verdict in (Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN):
        if verdict in verdicts and (verdict is Verdict.ERROR or len(verdicts) == 1):
            return next(j for j in judgements if j.verdict is verdict)
    if verdicts <= {Verdict.PASS, Verdict.NOT_APPLICABLE}:
        return next((j for j in judgements if j.verdict is Verdict.PASS), judgements[0])
    doubtful = next(j for v in (Verdict.FAIL, Verdict.UNKNOWN) for j in judgements if j.verdict is v)
    return Judgement(Verdict.UNKNOWN, f"It depends on a condition: {doubtful.reason}", doubtful.faults)
