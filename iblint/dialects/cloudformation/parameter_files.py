"""Files that give parameters their values, in the formats of ``aws cloudformation`` and CodePipeline.

[{"ParameterKey": "Tokens", "ParameterValue": "required"}]
["Tokens=required"]
{"Parameters": {"Tokens": "required"}}
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence

from iblint.dialects.shared.extraction import Given, ParameterFiles
from iblint.model.document import Document, InputError, Source
from iblint.model.errors import ConfigError
from iblint.model.path import Path
from iblint.model.resource import Location
from iblint.parse.load import load
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SHAPES = (
    'Write [{"ParameterKey": "...", "ParameterValue": "..."}] or ["name=value"] as for CloudFormation, '
    'or {"Parameters": {"...": "..."}} as for CodePipeline.'
)


def parse(files: Sequence[str], read: Callable[[str], bytes]) -> ParameterFiles:
    """Parse parameter files, in YAML or JSON; ``read`` returns the bytes of a file or raises OSError.

    Raises ConfigError (``file:line: what is wrong; what to do``).
    """
    found = ParameterFiles()
    for path in files:
        document = _load(_shown(path), path, read)
        found.texts[document.file] = document.text
        values: dict[str, Given] = {}
        for name, value, step in _entries(document):
            location = _location(document, step)
            if name in values:
                raise _wrong(document, step, f"The parameter '{name}' is given twice; remove one of them.")
            values[name] = Given(_text(document, name, value, step), location)
        found.values.update(values)
    return found


def _shown(file: str) -> str:
    """Return the path as reports show it: relative to the working folder."""
    with contextlib.suppress(ValueError):  # on another drive
        file = os.path.relpath(file)
    return file.replace(os.sep, "/")


def _load(file: str, path: str, read: Callable[[str], bytes]) -> Document:
    try:
        data = read(path)
    except OSError as error:
        raise ConfigError(f"{file}:1: The parameters cannot be read: {error.strerror}.") from None
    loaded = load(Source(file, data, explicit=True))
    if isinstance(loaded, InputError):
        raise ConfigError(f"{file}:{loaded.line}: The parameters cannot be read: {loaded.message}")
    if len(loaded) != 1:
        raise ConfigError(f"{file}:1: A file of parameters is one document, not {len(loaded)}. {_SHAPES}")
    return loaded[0]


def _entries(document: Document) -> Iterator[tuple[str, Any, Path]]:
    """Yield name, raw value and path of each parameter; None for a value that is left to AWS."""
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
        case str() if item.partition("=")[0].isalnum() and "=" in item:  # a parameter has an alphanumeric name
            name, _, value = item.partition("=")
            return name, value, (index,)
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
