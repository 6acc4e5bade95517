"""Configuration files to plain data, with the line of every key for messages."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from iblint.config.find import ConfigFile
from iblint.discovery.config_files import PYPROJECT
from iblint.model.errors import ConfigError, ParseError
from iblint.model.path import Path
from iblint.model.record import NamedTuple
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Content(NamedTuple):
    """What a configuration file says."""

    data: dict[str, Any]
    shown: str
    """The file, for messages."""
    key_line: Callable[[Path], int | None]
    """Path in the data -> line of its key, when that is known."""

    def line(self, path: Path) -> int:
        """The line of the key at ``path``, or of the nearest one above it."""
        lines = (self.key_line(path[:length]) for length in range(len(path), -1, -1))
        return next((line for line in lines if line), 1)

    def where(self, path: Path) -> str:
        """``file:line`` of the key at ``path``, or of the nearest one above it."""
        return f"{self.shown}:{self.line(path)}"


def read(file: ConfigFile) -> Content:
    """Parse a configuration file, as TOML when its name ends in .toml, else as YAML.

    Raises ConfigError with file and line.
    """
    return _read_toml(file) if file.path.endswith(".toml") else _read_yaml(file)


def _read_yaml(file: ConfigFile) -> Content:
    from iblint.parse.yaml import parse

    try:
        documents = parse(_decode(file))
    except ParseError as problem:
        raise ConfigError(f"{file.shown}:{problem.line}: {problem.message}") from None
    if len(documents) > 1:
        line = documents[1].spans.root.line
        raise ConfigError(f"{file.shown}:{line}: A configuration is one YAML document; remove the second one.")
    if not documents or documents[0].data is None:
        return Content({}, file.shown, lambda _: None)
    data, spans = documents[0].data, documents[0].spans

    def line_of(path: Path) -> int | None:
        entry = spans.at(path)
        return (entry.key or entry.value).line if entry else None

    content = Content(data, file.shown, line_of)
    if not isinstance(data, dict):
        raise ConfigError(f"{content.where(())}: A configuration is a mapping of keys, such as 'select:'.")
    _refuse_odd_nodes(data, (), content.where, set())
    return content


def _refuse_odd_nodes(value: Any, path: Path, where: Callable[[Path], str], seen: set[int]) -> None:
    """Refuse what YAML can say and a configuration cannot: tags, and keys that are not text."""
    if isinstance(value, Tagged):
        raise ConfigError(f"{where(path)}: The tag '{value.tag}' has no meaning in a configuration; remove it.")
    if not isinstance(value, dict | list) or id(value) in seen:
        return
    seen.add(id(value))
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict) and not isinstance(step, str):
            raise ConfigError(f"{where(path)}: The key {step!r} is not text; write it in quotes.")
        _refuse_odd_nodes(item, (*path, step), where, seen)


def _read_toml(file: ConfigFile) -> Content:
    data = parse_toml(file)
    if not has_table(data) and os.path.basename(file.path) == PYPROJECT:
        raise ConfigError(f"{file.shown}:1: There is no table [tool.iblint]; add it.")
    prefix = ("tool", "iblint") if has_table(data) else ()
    table = data["tool"]["iblint"] if prefix else data
    content = Content(table, file.shown, _toml_lines(_decode(file), prefix).get)
    if not isinstance(table, dict):
        raise ConfigError(f"{content.where(())}: 'tool.iblint' is a table; write [tool.iblint].")
    return content


def has_table(data: dict[str, Any]) -> bool:
    """Whether a pyproject.toml has ``[tool.iblint]``."""
    tool = data.get("tool")
    return isinstance(tool, dict) and "iblint" in tool


def parse_toml(file: ConfigFile) -> dict[str, Any]:
    """Parse a TOML file. Raises ConfigError with file and line."""
    import tomllib

    text = _decode(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).rpartition(" (at ")
        found = re.match(r"line (\d+)", place)
        line = found[1] if found else str(len(text.splitlines()) or 1)
        raise ConfigError(f"{file.shown}:{line}: Not valid TOML: {message or place}.") from None
    except RecursionError:
        raise ConfigError(f"{file.shown}:1: Not valid TOML: nested too deeply.") from None
    except ValueError:  # of int(), which Python bounds
        raise ConfigError(f"{file.shown}:1: A number has too many digits; write a shorter one.") from None


def _decode(file: ConfigFile) -> str:
    try:
        return file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{file.shown}:{line}: Not UTF-8; save the file as UTF-8.") from None


_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_LINE = re.compile(rf"\s*(?:(\[\[?)\s*({_KEYS})\s*\]|({_KEYS})\s*=)")


def _toml_lines(text: str, table: tuple[str, ...]) -> dict[Path, int]:
    """The lines of the tables and keys below ``table``, as far as they begin a line; tomllib does not tell."""
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
