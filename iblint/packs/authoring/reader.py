"""Read rule files: the bytes of a folder, then plain data with line numbers. All of it is untrusted input.

A pack is a folder with an optional ``pack.yaml`` and one file per rule, directly in the folder or in one folder per
group. Rule files end in ``.yaml``. Names that begin with a dot or an underscore are ignored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from iblint.model import path as paths
from iblint.model.errors import ParseError, RulePackError
from iblint.model.record import Record
from iblint.model.span import Span
from iblint.model.values import Tagged
from iblint.packs.locations import Disk, Folder, read_bytes
from iblint.text.safe import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_FILE_BYTES = 256 * 1024
MAX_RULES = 1000
MAX_DEPTH = 40
"""Levels of lists and mappings in a rule file. The checks of rule files are recursive."""
MAX_NODES = 10_000
"""Values in a rule file. Each alias counts all values again."""
MAX_INTEGER = 2**53
"""The largest integer that every JSON reader keeps exactly."""
MAX_ERRORS = 20
"""Errors shown; more are only counted."""

PACK_FILE = "pack.yaml"


class NotAPackError(RulePackError):
    """The folder does not exist or holds no rule files."""


class PackErrors:
    """Collects the errors of a pack, each with file and line, and raises them as one RulePackError."""

    def __init__(self) -> None:
        self._errors: set[tuple[str, int, str]] = set()

    def add(self, file: str, line: int, message: str) -> None:
        """Add an error: what is wrong and what to do, without a final period."""
        self._errors.add((file, line, message))

    def raise_any(self) -> None:
        """Raise RulePackError with all errors, sorted by file and line, if there are any."""
        if not self._errors:
            return
        lines = [visible(f"{file}:{line}: {_sentence(message)}") for file, line, message in sorted(self._errors)]
        if len(lines) > MAX_ERRORS:
            lines[MAX_ERRORS:] = [f"... and {len(lines) - MAX_ERRORS} more errors in rule files."]
        raise RulePackError("\n".join(lines))


def _sentence(text: str) -> str:
    """Add a final period, unless the text already ends a sentence."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


class PackFiles(Record):
    """The bytes of a pack's files."""

    folder: Folder
    shown: str
    """The name of the folder in messages."""
    name: str
    """The last part of the folder's path."""
    files: tuple[tuple[str, bytes], ...]
    """Names relative to the folder, with forward slashes, and contents; sorted; pack.yaml included."""

    @property
    def digest(self) -> str:
        """The SHA-256 digest of all names and contents, as ``sha256:`` and hex digits."""
        import hashlib  # not needed for packs from a wheel or the cache

        digest = hashlib.sha256()
        for name, data in self.files:
            digest.update(b"%s\0%d\0%s" % (name.encode(), len(data), data))
        return f"sha256:{digest.hexdigest()}"


class RawFile(Record):
    """One YAML file of a pack: plain JSON data and its lines."""

    file: str
    """The name in messages."""
    name: str
    """The name relative to the pack's folder."""
    data: dict[str, Any]
    spans: Any

    def line(self, path: paths.Path = ()) -> int:
        """Return the line of the key at ``path``, or of the nearest key above it."""
        for length in range(len(path), 0, -1):
            entry = self.spans.at(path[:length])
            if entry is not None:
                span: Span = entry.key or entry.value
                return span.line
        return 1


class RawPack(Record):
    """The parsed files of a pack: pack.yaml, if it has one, and the rule files."""

    shown: str
    meta: RawFile | None
    rules: tuple[RawFile, ...]


def read_pack(folder: str | os.PathLike[str] | Folder, shown: str) -> PackFiles:
    """Read the files of a pack from a folder of the file system or of a zipped distribution.

    Raises NotAPackError for a folder that is missing or holds no rule files, and RulePackError for links out of the
    folder and for files that are too large, too many, or in folders that are nested too deep.
    """
    if isinstance(folder, str | os.PathLike):
        folder = Disk(os.fspath(folder))
    if not folder.is_dir():
        raise NotAPackError(f"{shown}: no such folder; give the path of a folder with rule files.")
    errors = PackErrors()
    files: list[tuple[str, bytes]] = []
    try:
        for name, entry in _entries(folder, shown, errors):
            data = read_bytes(entry, MAX_FILE_BYTES + 1)
            if len(data) > MAX_FILE_BYTES:
                errors.add(f"{shown}/{name}", 1, f"a rule file may have at most {MAX_FILE_BYTES} bytes; shorten it")
            files.append((name, data))
            if len(files) > MAX_RULES + 1:
                errors.add(shown, 1, f"a pack may have at most {MAX_RULES} rules; split it")
                break
    except OSError as error:
        raise RulePackError(f"{shown}: the rule files cannot be read: {error.strerror or error}.") from error
    errors.raise_any()
    if not any(name != PACK_FILE for name, _ in files):
        raise NotAPackError(f"{shown}: no rule files in this folder; a rule file is named CODE-name.yaml.")
    name = os.path.basename(os.path.realpath(folder)) if isinstance(folder, Disk) else folder.name
    return PackFiles(folder, shown, name, tuple(sorted(files)))


def parse_pack(files: PackFiles, errors: PackErrors) -> RawPack:
    """Parse the files of a pack. Files with errors are left out, and their errors added to ``errors``."""
    meta: RawFile | None = None
    rules: list[RawFile] = []
    for name, data in files.files:
        raw = parse_file(f"{files.shown}/{name}", name, data, errors)
        if raw is None:
            continue
        if name == PACK_FILE:
            meta = raw
        else:
            rules.append(raw)
    return RawPack(files.shown, meta, tuple(rules))


def parse_file(file: str, name: str, data: bytes, errors: PackErrors) -> RawFile | None:
    """Parse one file into a mapping of plain data. If it is not one, add to ``errors`` and return None."""
    from iblint.parse import yaml  # not needed for packs from the cache

    try:
        documents = yaml.parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        errors.add(file, line, "not UTF-8; save the file as UTF-8")
        return None
    except ParseError as problem:
        errors.add(file, problem.line, problem.message.rstrip("."))
        return None
    if len(documents) != 1 or not isinstance(documents[0].data, dict):
        errors.add(file, 1, "a rule file must be a single YAML document that is a mapping")
        return None
    raw = RawFile(file, name, documents[0].data, documents[0].spans)
    wrong = _not_plain(raw.data)
    if wrong is not None:
        errors.add(file, raw.line(wrong[0]), wrong[1])
        return None
    return raw


def _entries(folder: Folder, shown: str, errors: PackErrors) -> Iterator[tuple[str, Folder]]:
    """Yield rule files and pack.yaml, sorted by name. Anything else that looks like a rule file is an error."""
    for entry in _sorted(folder):
        if _is_link_outside(entry, folder, shown, errors):
            continue
        if entry.is_dir():
            for inner in _sorted(entry):
                name = f"{entry.name}/{inner.name}"
                if _is_link_outside(inner, folder, shown, errors):
                    continue
                if inner.is_dir():
                    errors.add(f"{shown}/{name}", 1, "the folder of a group may not hold folders; move the files up")
                elif _is_rule_file(inner, f"{shown}/{name}", errors):
                    yield name, inner
        elif _is_rule_file(entry, f"{shown}/{entry.name}", errors):
            yield entry.name, entry


def _sorted(folder: Folder) -> list[Folder]:
    return sorted((e for e in folder.iterdir() if not e.name.startswith((".", "_"))), key=lambda e: e.name)


def _is_link_outside(entry: Folder, root: Folder, shown: str, errors: PackErrors) -> bool:
    """Return whether an entry is a link out of the pack, which is an error: nothing outside the folder is read."""
    if not isinstance(entry, Disk) or not isinstance(root, Disk) or not entry.is_link():
        return False
    try:
        real = os.path.join(os.path.realpath(entry, strict=True), "")
        inside = real.startswith(os.path.join(os.path.realpath(root), ""))
    except OSError:  # a dangling link, or a cycle
        inside = False
    if not inside:
        errors.add(f"{shown}/{entry.name}", 1, "a link out of the folder is not followed; copy the file")
    return not inside


def _is_rule_file(entry: Folder, shown: str, errors: PackErrors) -> bool:
    if entry.name.endswith(".yml"):
        errors.add(shown, 1, "the names of rule files must end in .yaml; rename it")
        return False
    if not entry.name.endswith(".yaml"):
        return False
    if not entry.is_file():
        errors.add(shown, 1, "not a regular file; remove it")
        return False
    return True


def _not_plain(data: Any) -> tuple[paths.Path, str] | None:
    """Return the path and the error of the first value that is not plain JSON or exceeds a limit, else None."""
    todo: list[tuple[paths.Path, Any]] = [((), data)]
    seen = 0
    while todo:
        path, value = todo.pop()
        seen += 1
        if seen > MAX_NODES:
            return path, f"more than {MAX_NODES} values in the file, aliases included; shorten it"
        if len(path) > MAX_DEPTH:
            return path, f"the file is nested more than {MAX_DEPTH} levels deep; make it flatter"
        wrong = _wrong_value(value)
        if wrong is not None:
            return path, wrong
        if isinstance(value, dict):
            for key, item in value.items():
                if not isinstance(key, str):
                    return path, f"the key {key!r} is not a string; quote it"
                todo.append(((*path, key), item))
        elif isinstance(value, list):
            todo += [((*path, index), item) for index, item in enumerate(value)]
    return None


def _wrong_value(value: Any) -> str | None:
    if isinstance(value, Tagged):
        return f"the YAML tag {value.tag} is not allowed in a rule file; remove it"
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        return f"a number may be at most {MAX_INTEGER}; write a smaller one, or quote it"
    if value is None or isinstance(value, str | bool | int | float | dict | list):
        return None
    return f"a value of the type {type(value).__name__} is not allowed in a rule file; quote it"
