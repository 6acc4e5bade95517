"""Files that give parameters their values, as ``aws cloudformation`` and CodePipeline take them.

[{"ParameterKey": "Tokens", "ParameterValue": "required"}]
{"Parameters": {"Tokens": "required"}}
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence

from iblint.dialects.shared.extraction import Given
from iblint.model.document import Document, InputError, Source
from iblint.model.errors import ConfigError
from iblint.model.path import Path
from iblint.model.record import Record, field
from iblint.model.resource import Location
from iblint.parse.load import load
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHAPES = (
    'Write [{"ParameterKey": "...", "ParameterValue": "..."}] as for CloudFormation, '
    'or {"Parameters": {"...": "..."}} as for CodePipeline.'
)


class ParameterFiles(Record):
    """What parameter files say."""

    values: dict[str, Given] = field(default_factory=dict)
    """By the name of the parameter; later files win."""
    texts: dict[str, str] = field(default_factory=dict)
    """The text of each file, for excerpts."""


def read_parameters(files: Sequence[str]) -> ParameterFiles:
    """Read parameter files, in YAML or JSON. Raises ConfigError (``file:line: what is wrong; what to do``)."""
    found = ParameterFiles()
    for file in map(_shown, files):
        document = _load(file)
        found.texts[file] = document.text
        values: dict[str, Given] = {}
        for name, value, path in _entries(document):
            location = _location(document, path)
            if name in values:
                raise _wrong(document, path, f"The parameter '{name}' is given twice; remove one of them.")
            values[name] = Given(_text(document, name, value, path), location)
        found.values.update(values)
    return found


def _shown(file: str) -> str:
    """The path as reports show it: relative to the working folder."""
    with contextlib.suppress(ValueError):  # on another drive
        file = os.path.relpath(file)
    return file.replace(os.sep, "/")


def _load(file: str) -> Document:
    try:
        with open(file, "rb") as opened:
            data = opened.read()
    except OSError as error:
        raise ConfigError(f"{file}:1: The parameters cannot be read: {error.strerror}.") from None
    loaded = load(Source(file, data, explicit=True))
    if isinstance(loaded, InputError):
        raise ConfigError(f"{file}:{loaded.line}: The parameters cannot be read: {loaded.message}")
    if len(loaded) != 1:
        raise ConfigError(f"{file}:1: A file of parameters is one document, not {len(loaded)}. {_SHAPES}")
    return loaded[0]


def _entries(document: Document) -> Iterator[tuple[str, Any, Path]]:
    """Name, raw value and path of each parameter; None for a value that is left to AWS."""
    match document.data:
        case list() as items:
            for index, item in enumerate(items):
                yield _listed(document, item, index)
        case {"Parameters": dict() as values}:
            for name, value in values.items():
                yield str(name), value, ("Parameters", name)
        case _:
            raise _wrong(document, (), f"This is no file of parameters. {_SHAPES}")


def _listed(document: Document, item: Any, index: int) -> tuple[str, Any, Path]:
    match item:
        case {"ParameterKey": str(name), "ParameterValue": value}:
            return name, value, (index, "ParameterValue")
        case {"ParameterKey": str(name), "UsePreviousValue": True | "true"}:
            return name, None, (index, "UsePreviousValue")
    raise _wrong(document, (index,), f"This is no parameter. {_SHAPES}")


def _text(document: Document, name: str, value: Any, path: Path) -> str | None:
    match value:
        case str():
            return value
        case bool() | int() | float():
            return show(value)
        case None if path[-1] == "UsePreviousValue":
            return None
        case dict() if len(value) == 1 and str(next(iter(value))).startswith("Fn::"):
            return None  # CodePipeline looks it up in an artifact
    raise _wrong(document, path, f"The value of parameter '{name}' is no string; write it in quotes.")


def _location(document: Document, path: Path) -> Location:
    entry = document.spans.at(path)
    return Location(document.file, entry.value if entry else document.spans.root)


def _wrong(document: Document, path: Path, message: str) -> ConfigError:
    return ConfigError(f"{document.file}:{_location(document, path).span.line}: {message}")
