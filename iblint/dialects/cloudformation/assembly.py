"""The CDK constructs that made the resources of a template, as the cloud assembly around it records them.

An assembly has a ``manifest.json`` beside its templates. For each stack it has the logical id of every construct and
often the stack trace of its creation: there, or in a file of its own.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator

from iblint.model.record import Record, replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Resource
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Read = Callable[[str], bytes | None]
"""Reads a file beside the template, by its name."""

MANIFEST = "manifest.json"
_NESTED = ".nested.template.json"
_FRAME = re.compile(r"(?:.*\()?(?:file://)?([^()]+):([0-9]{1,9}):([0-9]{1,9})\)?", re.ASCII)
_LONGEST_FRAME = 4096


class _Construct(Record):
    """A construct with the resource that it makes."""

    path: str
    logical_id: str
    trace: tuple[str, ...]


def with_constructs(resources: tuple[Resource, ...], template: str, read: Read, folder: str) -> tuple[Resource, ...]:
    """The configurations of a template with the construct of each, and the line of code below ``folder`` that makes it.

    A construct counts when it is the only one that can be meant. Without an assembly nothing changes.
    """
    made = list(_constructs(os.path.basename(template), read))
    return tuple(_with_construct(r, made, folder) if r.kind == INFRASTRUCTURE_CONFIGURATION else r for r in resources)


def _with_construct(resource: Resource, made: list[_Construct], folder: str) -> Resource:
    same = [c for c in made if c.logical_id == resource.address and resource.construct in (None, c.path)]
    if len(same) != 1:
        return resource
    location = _location(same[0], folder)
    related = resource.related if location is None else (*resource.related, location)
    return replace(resource, construct=same[0].path, related=related)


def _constructs(template: str, read: Read) -> Iterator[_Construct]:
    """The constructs of the stack whose template it is; of a nested stack, those of all stacks of the assembly."""
    artifacts = _read(MANIFEST, read).get("artifacts")
    for artifact in artifacts.values() if isinstance(artifacts, dict) else ():
        match artifact:
            case {"type": "aws:cloudformation:stack", "properties": {"templateFile": str(file)}}:
                if file == template or template.endswith(_NESTED):
                    yield from _described(artifact.get("metadata"))
                    yield from _described(_read(artifact.get("additionalMetadataFile"), read))


def _read(name: Any, read: Read) -> dict[str, Any]:
    """A JSON file of the assembly; one that is missing or broken says nothing."""
    data = read(name) if isinstance(name, str) else None
    try:
        found = json.loads(data) if data is not None else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _described(metadata: Any) -> Iterator[_Construct]:
    for path, entries in metadata.items() if isinstance(metadata, dict) else ():
        logical_id = ""
        trace: tuple[str, ...] = ()
        for entry in entries if isinstance(entries, list) else ():
            match entry:
                case {"type": "aws:cdk:logicalId", "data": str(name)}:
                    logical_id, trace = name, trace or _frames(entry.get("trace"))
                case {"type": "aws:cdk:creationStack", "data": frames}:
                    trace = _frames(frames)
        if logical_id:
            yield _Construct(path.strip("/"), logical_id, trace)


def _frames(trace: Any) -> tuple[str, ...]:
    return tuple(frame for frame in trace if isinstance(frame, str)) if isinstance(trace, list) else ()


def _location(construct: _Construct, folder: str) -> Location | None:
    """The line that makes the construct: the innermost one that is no library's, if it is below ``folder``."""
    folder = os.path.join(folder, "")
    for frame in construct.trace:
        found = _FRAME.fullmatch(frame[:_LONGEST_FRAME])
        if found is None or not os.path.isabs(found[1]) or "node_modules" in found[1].replace("\\", "/").split("/"):
            continue
        line, column = int(found[2]), int(found[3])
        code = os.path.normpath(found[1])
        if not code.startswith(folder) or line < 1 or column < 1:
            return None
        file = code.removeprefix(folder).replace(os.sep, "/")
        return Location(file, Span(line, column, line, column + 1), f"the construct {construct.path}")
    return None
