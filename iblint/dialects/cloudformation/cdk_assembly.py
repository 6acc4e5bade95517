"""The CDK constructs that made the resources of a template, as the cloud assembly around it records them.

An assembly has a ``manifest.json`` beside its templates. For each stack it has the logical id of every construct and
often the stack trace of its creation: there, or in a file of its own.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence

from iblint.dialects.shared.extraction import Unit
from iblint.model.record import Record, replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Resource
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MANIFEST = "manifest.json"
_NESTED = ".nested.template.json"
_FRAME = re.compile(r"(?:.*\()?(?:file://)?([^()]+):([0-9]{1,9}):([0-9]{1,9})\)?", re.ASCII)
_LONGEST_FRAME = 4096


class _Construct(Record):
    """A construct with the resource that it makes."""

    path: str
    logical_id: str
    trace: tuple[str, ...]


def is_assembly(signs: Mapping[str, bytes]) -> bool:
    """Return whether two files of a folder, by their content, make it a cloud assembly.

    Both have the version of their format, and the manifest the artifacts. Their names alone prove nothing: whoever may
    add two empty files could hide all others.
    """
    version, manifest = _parse(signs, "cdk.out").get("version"), _parse(signs, MANIFEST)
    return all(isinstance(v, str) and v for v in (version, manifest.get("version"))) and isinstance(
        manifest.get("artifacts"), dict
    )


def is_construct_tree(file: str, data: bytes) -> bool:
    """Return whether a file is ``tree.json``, in which the CDK records its constructs with their properties.

    No tool accepts it as a template or a request: both refuse its members at the top.
    """
    if os.path.basename(file) != "tree.json":
        return False
    tree = _parse({"tree.json": data}, "tree.json")
    return isinstance(tree.get("version"), str) and isinstance(tree.get("tree"), dict) and len(tree) == 2


def files_of(unit: Unit) -> tuple[str, ...]:
    """Return the files of its assembly that a template needs: the manifest, and those that the manifest names."""
    named = [artifact.get("additionalMetadataFile") for artifact in _stacks(unit)]
    return (MANIFEST, *[name for name in named if isinstance(name, str)])


def with_constructs(unit: Unit, resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """Return the resources of a template, the configurations with their construct and the line of code that makes it.

    Only a construct that is certain is added, and only a line below the working folder.
    """
    made = list(_constructs(unit))
    return tuple(
        _with_construct(resource, made, unit.folder) if resource.kind == INFRASTRUCTURE_CONFIGURATION else resource
        for resource in resources
    )


def _with_construct(resource: Resource, made: list[_Construct], folder: str) -> Resource:
    same = [c for c in made if c.logical_id == resource.address and resource.construct in (None, c.path)]
    if len(same) != 1:
        return resource
    location = _location(same[0], folder)
    related = resource.related if location is None else (*resource.related, location)
    return replace(resource, construct=same[0].path, related=related)


def _constructs(unit: Unit) -> Iterator[_Construct]:
    """Yield the constructs of the stack that a template is of; for a nested stack, those of all stacks."""
    for artifact in _stacks(unit):
        yield from _described(artifact.get("metadata"))
        yield from _described(_parse(unit.companions, artifact.get("additionalMetadataFile")))


def _stacks(unit: Unit) -> Iterator[Mapping[str, Any]]:
    """Yield the records of the stack that a template is of; for a nested stack, those of all stacks."""
    template = os.path.basename(unit.file)
    artifacts = _parse(unit.companions, MANIFEST).get("artifacts")
    for artifact in artifacts.values() if isinstance(artifacts, dict) else ():
        match artifact:
            case {"type": "aws:cloudformation:stack", "properties": {"templateFile": str(file)}}:
                if file == template or template.endswith(_NESTED):
                    yield artifact


def _parse(companions: Mapping[str, bytes], name: Any) -> dict[str, Any]:
    """Return a JSON file of the assembly; an empty mapping if it is missing or broken."""
    data = companions.get(name) if isinstance(name, str) else None
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
    """Return the line that makes the construct: the innermost one outside libraries, if it is below ``folder``."""
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
