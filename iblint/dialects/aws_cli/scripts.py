"""The shell scripts in a document: the whole file, RUN instructions of a Dockerfile, scripts of pipelines in YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from iblint.dialects.aws_cli.invocations import MENTION
from iblint.model.document import Document
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged
from iblint.parse.program import Places, Program
from iblint.parse.shell.source import EXPRESSIONS, MACROS
from iblint.parse.yaml.scalar_places import scalar_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MENTION = "-infrastructure-configuration"
_KEYS = frozenset(
    {"run", "script", "before_script", "after_script", "before-script", "after-script", "commands", "command", "bash"}
    | {"inlinescript", "inline", "cmd", "shell", "finally"}
)
"""Keys of GitHub, GitLab, CircleCI, Azure, Bitbucket, build specifications and Ansible that hold scripts, folded."""
_OTHER_SHELLS = re.compile(r"pwsh|powershell|python|cmd|node|pscore|ps\b|batch|perl|ruby", re.IGNORECASE)
_SHELL_KEYS = ("shell", "scriptType", "scripttype", "executable")
_MOST = 16 * 1024 * 1024
"""Characters of all scripts of a document, aliases included, that are read."""
_RUN = re.compile(r"^[ \t]*RUN[ \t]+(?:--\w+=\S+[ \t]+)*", re.MULTILINE | re.IGNORECASE)


class Embedded(Record, eq=False):
    """A script that is the whole or a part of a document."""

    program: Program
    prefix: str = ""
    """Where it stands in the document; begins the addresses of its commands."""
    lines: range | None = None
    """The lines of the document that it stands on, if comments of the document may be about it."""
    used: Span | None = None
    """The alias that uses it, if it is written elsewhere."""
    masked: re.Pattern[str] = EXPRESSIONS
    shell: str = "bash"


def scripts_of(document: Document) -> Iterator[Embedded]:
    """Yield the scripts of a document that mention a configuration."""
    if document.syntax == "yaml":
        yield from _in_yaml(document)
    elif document.syntax == "dockerfile":
        yield from _in_dockerfile(document)
    else:
        yield Embedded(Program(document.text, document.file), shell=_shell_of(document))


def _shell_of(document: Document) -> str:
    first = document.text.partition("\n")[0]
    is_zsh = document.file.endswith(".zsh") or (first.startswith("#!") and "zsh" in first)
    return "zsh" if is_zsh else "bash"


def _in_dockerfile(document: Document) -> Iterator[Embedded]:
    """Yield the RUN instructions in the form of a shell command."""
    text = document.text
    for match in _RUN.finditer(text):
        starts: list[int] = []
        at = match.end()
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end + 1
            line = text[at:end]
            if not (starts and line.lstrip().startswith("#")):  # Docker removes comments between the lines
                starts += range(at, end)
                if not line.rstrip().endswith("\\"):
                    break
            at = end
        script = "".join([text[start] for start in starts])
        if _MENTION in script and not script.startswith(("[", "<<")):
            places = Places(starts, [start + 1 for start in starts])
            yield Embedded(Program(script, document.file, text, places))


def unread_of(document: Document, read: Sequence[Embedded]) -> Iterator[int]:
    """Yield the offsets of the commands of a Dockerfile outside of the scripts that were read, and of comments."""
    starts = {start for each in read for start in each.program.starts}
    for match in MENTION.finditer(document.text):
        line = document.text[document.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if match.start() not in starts and not line.lstrip().startswith("#"):
            yield match.start(1)


def _in_yaml(document: Document) -> Iterator[Embedded]:
    waiting: list[tuple[Path, Any, bool]] = [((), document.data, False)]
    seen: set[tuple[int, bool]] = set()
    room = _MOST
    while waiting:
        path, data, is_script = waiting.pop()
        while isinstance(data, Tagged):
            data = data.value
        if isinstance(data, dict | list):
            if (id(data), is_script) in seen:  # an alias
                continue
            seen.add((id(data), is_script))
        if isinstance(data, str):
            if is_script and _MENTION in data and room > 0:
                room -= len(data) + 1000
                yield from _script(document, path, data)
        elif isinstance(data, dict):
            other = any(isinstance(data.get(k), str) and _OTHER_SHELLS.match(data[k]) for k in _SHELL_KEYS)
            found = [((*path, key), value, not other and _is_key(key)) for key, value in data.items()]
            waiting += reversed(found)
        elif isinstance(data, list):
            waiting += reversed([((*path, index), item, is_script) for index, item in enumerate(data)])


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and key.lower() in _KEYS


def _script(document: Document, path: Path, text: str) -> Iterator[Embedded]:
    """Yield the script at a path. If its characters cannot be told apart, all stand at its key."""
    entry = document.spans.at(path) or Entry(None, document.spans.root)
    whole = Program(document.text, document.file)
    span = entry.written or entry.value
    start, end = whole.offset(span.line, span.column), whole.offset(span.end_line, span.end_column)
    places = scalar_places(document.text, start, end, text)
    if places is None:
        key = entry.key or entry.value
        first, last = whole.offset(key.line, key.column), whole.offset(key.end_line, key.end_column)
        places = Places([first] * len(text), [last] * len(text))
    lines = range(_first_line(document, path, entry), entry.value.end_line + 1)
    pointer = "".join(f"/{step}" for step in path)
    program = Program(text, document.file, document.text, places)
    yield Embedded(program, pointer + "/", lines, None if entry.written is None else entry.value, MACROS)


def _first_line(document: Document, path: Path, entry: Entry) -> int:
    """Return the line on which the step begins that has a script: that of its item of a list, else that of its key."""
    first = (entry.key or entry.value).line
    for length in range(len(path), 0, -1):
        if isinstance(path[length - 1], int):
            item = document.spans.at(path[:length])
            return first if item is None else min(item.value.line, first)
    return first
