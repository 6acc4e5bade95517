"""IB124: every plain scalar has one value, whether YAML 1.1 or YAML 1.2 reads it."""

from __future__ import annotations

from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import Reading, lookup
from iblint.model.verdict import Judgement, Violation, failed, passed
from iblint.text.wording import shorten, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OTHER_TYPES: dict[Path, type] = {
    ("terminateInstanceOnFailure",): bool,
    ("terminateInstanceOnCompletion",): bool,
    ("dryRun",): bool,
    ("instanceMetadataOptions", "httpPutResponseHopLimit"): int,
    ("parentInstance", "autoScalingGroup", "capacityWaitTimeoutSeconds"): int,
}
"""The fields that are not strings."""


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each scalar that the versions read differently. IB103 reports those that have a wrong type in YAML 1.1."""
    found = [(path, reading, lookup(resource.spec, path)) for path, reading in resource.readings.items()]
    violations = [
        _ambiguous(resource, path, reading, value)
        for path, reading, value in found
        if type(value) is _OTHER_TYPES.get(path, str) and reading.differs(value)
    ]
    return failed(*violations) if violations else passed()


def _ambiguous(resource: Resource, path: Path, reading: Reading, value: Any) -> Violation:
    other = reading.in_yaml_1_2
    field = resource.spell(path)
    effect = "another value" if type(other) is type(value) else "a value of another type, which is refused"
    message = (
        f"{field} is {shorten(reading.text)}, which YAML 1.1 (PyYAML) reads as {_kind(value)} "
        f"and YAML 1.2 (AWS CLI v2) as {_kind(other)}. To the CLI it is {effect}."
    )
    if isinstance(value, str):
        return Violation(path, message, "Put it in quotes.")
    same = " or ".join(dict.fromkeys(show(each) for each in (value, other) if type(each) is type(value)))
    return Violation(path, message, f"Write {same}, without quotes.")


def _kind(value: Any) -> str:
    return f"the text {show(value)}" if isinstance(value, str) else show(value)
