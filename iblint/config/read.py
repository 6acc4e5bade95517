"""Parse and validate a configuration file: plain data, with the line of every key for messages."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator

from iblint.config.find import ConfigFile, decode, has_table, parse_toml
from iblint.discovery.config_files import PYPROJECT
from iblint.discovery.globs import compile_globs
from iblint.logic.compiler import conforms
from iblint.model.errors import ConfigError, ParseError
from iblint.model.path import Path
from iblint.model.record import NamedTuple
from iblint.model.resource import dotted
from iblint.model.values import Tagged
from iblint.schemas import read_schema
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Content(NamedTuple):
    """The content of a configuration file."""

    data: dict[str, Any]
    shown: str
    """The name of the file in messages."""
    key_line: Callable[[Path], int | None]
    """Return the line of the key at a path in the data, or None if it is not known."""

    def line(self, path: Path) -> int:
        """Return the line of the key at ``path``, or of the nearest key above it."""
        lines = (self.key_line(path[:length]) for length in range(len(path), -1, -1))
        return next((line for line in lines if line), 1)

    def where(self, path: Path) -> str:
        """Return ``file:line`` of the key at ``path``, or of the nearest key above it."""
        return f"{self.shown}:{self.line(path)}"


def read_config(file: ConfigFile) -> Content:
    """Parse and validate a configuration file, as TOML if its name ends in .toml, else as YAML.

    Raises ConfigError with file and line for each error, in the order of the file.
    """
    content = _read_toml(file) if file.path.endswith(".toml") else read_yaml(file, "configuration", "select:")
    refuse(content, schema_errors(content.data, "config", "the configuration") or list(_glob_errors(content.data)))
    return content


def refuse(content: Content, errors: Iterable[tuple[Path, str]]) -> None:
    """Raise ConfigError, with file and line of each error, in the order of the file, if there are any."""
    lines = sorted({(content.line(path), message) for path, message in errors})
    if lines:
        raise ConfigError("\n".join(f"{content.shown}:{line}: {message}" for line, message in lines))


def schema_errors(data: dict[str, Any], name: str, whole: str) -> list[tuple[Path, str]]:
    """Return the errors of a file's data under the schema that ships as ``name``. ``whole`` is the file in messages.

    iblint's own evaluator accepts a valid file. Only an invalid one needs jsonschema, for the error messages: its
    import takes longer than a whole run.
    """
    if conforms(data, json.loads(read_schema(name))):
        return []
    from iblint.schemas.errors import file_errors

    errors = file_errors(data, name, whole)
    return [
        (path, f"{message[0].upper()}{message[1:]}{'' if message.endswith('?') else '.'}") for path, message in errors
    ]


def _glob_errors(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield the globs that git would not accept, in data that meets the schema."""
    lists: list[tuple[Path, list[str]]] = [((key,), data.get(key, [])) for key in ("include", "exclude")]
    lists += [(("overrides", index, "files"), item["files"]) for index, item in enumerate(data.get("overrides", []))]
    for path, globs in lists:
        for index, glob in enumerate(globs):
            yield from glob_errors((*path, index), glob)


def glob_errors(path: Path, glob: str) -> Iterator[tuple[Path, str]]:
    """Yield an error if the value at ``path`` is not a glob that git would accept."""
    try:
        compile_globs([glob])
    except ValueError:
        expected = "it must be a glob as in a .gitignore, with few stars"
        yield path, f"'{dotted(path)}' is {show(glob)}; {expected}."


def read_yaml(file: ConfigFile, noun: str, key: str) -> Content:
    """Parse a YAML file that is one mapping. ``noun`` and ``key`` name the file and one of its keys in messages.

    Raises ConfigError with file and line.
    """
    from iblint.parse.yaml import parse

    try:
        documents = parse(decode(file))
    except ParseError as problem:
        raise ConfigError(f"{file.shown}:{problem.line}: {problem.message}") from None
    if len(documents) > 1:
        line = documents[1].spans.root.line
        raise ConfigError(f"{file.shown}:{line}: A {noun} is a single YAML document; remove the second one.")
    if not documents or documents[0].data is None:
        return Content({}, file.shown, lambda _: None)
    data, spans = documents[0].data, documents[0].spans

    def line_of(path: Path) -> int | None:
        entry = spans.at(path)
        return (entry.key or entry.value).line if entry else None

    content = Content(data, file.shown, line_of)
    if not isinstance(data, dict):
        raise ConfigError(f"{content.where(())}: A {noun} must be a mapping of keys, such as '{key}'.")
    _check_nodes(data, (), content.where, set(), noun)
    return content


def _check_nodes(value: Any, path: Path, where: Callable[[Path], str], seen: set[int], noun: str) -> None:
    """Raise ConfigError for YAML that a configuration may not hold: tags, and keys that are not strings."""
    if isinstance(value, Tagged):
        raise ConfigError(f"{where(path)}: The tag '{value.tag}' has no meaning in a {noun}; remove it.")
    if not isinstance(value, dict | list) or id(value) in seen:
        return
    seen.add(id(value))
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict) and not isinstance(step, str):
            raise ConfigError(f"{where(path)}: The key {step!r} is not a string; write it in quotes.")
        _check_nodes(item, (*path, step), where, seen, noun)


def _read_toml(file: ConfigFile) -> Content:
    data = parse_toml(file)
    if not has_table(data) and os.path.basename(file.path) == PYPROJECT:
        raise ConfigError(f"{file.shown}:1: There is no table [tool.iblint]; add it.")
    prefix = ("tool", "iblint") if has_table(data) else ()
    table = data["tool"]["iblint"] if prefix else data
    content = Content(table, file.shown, _toml_lines(decode(file), prefix).get)
    if not isinstance(table, dict):
        raise ConfigError(f"{content.where(())}: 'tool.iblint' must be a table; write [tool.iblint].")
    return content


_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_LINE = re.compile(rf"\s*(?:(\[\[?)\s*({_KEYS})\s*\]|({_KEYS})\s*=)")


def _toml_lines(text: str, table: tuple[str, ...]) -> dict[Path, int]:
    """Return the lines of the tables and keys below ``table`` that begin a line. tomllib keeps no positions."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    current: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        found = _LINE.match(line)
        if not found:
            continue
        brackets, header, keys = found.groups()
        steps: Path = tuple(key.strip("\"'") for key in re.findall(_KEY, header or keys))
        if brackets == "[[":
            counts[steps] = counts.get(steps, -1) + 1
            current = (*steps, counts[steps])
        elif brackets:
            array = next((steps[:n] for n in range(len(steps), 0, -1) if steps[:n] in counts), ())
            current = (*array, counts[array], *steps[len(array) :]) if array else steps
        path = current if brackets else (*current, *steps)
        if path[: len(table)] == table:
            lines.setdefault(path[len(table) :], number)
    return lines
