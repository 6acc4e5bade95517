"""Rule files as they are written: bytes of a folder, then plain data with line numbers. Everything here is hostile.

A pack is a folder with an optional ``pack.yaml`` and one rule a file, directly in the folder or in one folder for each
group. Only names that end in ``.yaml`` are rule files; names that begin with a dot or an underscore are passed over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from iblint.model import path as paths
from iblint.model.errors import ParseError, RulePackError
from iblint.model.record import Record
from iblint.model.span import Span
from iblint.model.values import Tagged
from iblint.packs.authoring.errors import Complaints
from iblint.packs.locations import Disk, Folder, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_FILE_BYTES = 256 * 1024
MAX_RULES = 1000
MAX_DEPTH = 40
"""Levels of lists and mappings in a rule file; what checks them recurses."""
MAX_NODES = 10_000
"""Values in a rule file, counted again wherever an alias repeats them."""
MAX_INTEGER = 2**53
"""What JSON can carry exactly."""

PACK_FILE = "pack.yaml"


class NoPack(RulePackError):
    """A folder that was named is none, or holds no rules."""


class PackFiles(Record):
    """The bytes of a pack, not parsed."""

    folder: Folder
    shown: str
    """The folder as it is named in messages."""
    name: str
    """The folder's own name."""
    files: tuple[tuple[str, bytes], ...]
    """Name relative to the folder, with forward slashes, and contents; sorted; pack.yaml included."""

    @property
    def digest(self) -> str:
        """``sha256:`` of all names and contents."""
        import hashlib  # a run from a wheel, or the cache, needs none

        digest = hashlib.sha256()
        for name, data in self.files:
            digest.update(b"%s\0%d\0%s" % (name.encode(), len(data), data))
        return f"sha256:{digest.hexdigest()}"


class RawFile(Record):
    """One YAML file of a pack: plain JSON data, and the line of everything in it."""

    file: str
    """As it is shown."""
    name: str
    """Relative to the pack's folder."""
    data: dict[str, Any]
    spans: Any

    def line(self, path: paths.Path = ()) -> int:
        """The line of the key at ``path``, or of the nearest one above it that is written."""
        for length in range(len(path), 0, -1):
            entry = self.spans.at(path[:length])
            if entry is not None:
                span: Span = entry.key or entry.value
                return span.line
        return 1


class RawPack(Record):
    """A pack as written: its pack.yaml, when it has one, and its rule files."""

    shown: str
    meta: RawFile | None
    rules: tuple[RawFile, ...]


def read_pack(folder: str | os.PathLike[str] | Folder, shown: str) -> PackFiles:
    """Read the bytes of a pack's files, in a folder of the file system or of a zipped distribution.

    Raises NoPack for a folder that is missing or holds no rules, RulePackError for links that lead out of it, for files
    that are too big, too many or too deep.
    """
    if isinstance(folder, str | os.PathLike):
        folder = Disk(os.fspath(folder))
    if not folder.is_dir():
        raise NoPack(f"{shown}: no such folder of rules; give the path of a folder that holds rule files.")
    complaints = Complaints()
    files: list[tuple[str, bytes]] = []
    try:
        for name, entry in _entries(folder, shown, complaints):
            data = read_bytes(entry, MAX_FILE_BYTES + 1)
            if len(data) > MAX_FILE_BYTES:
                complaints.add(f"{shown}/{name}", 1, f"a rule file has at most {MAX_FILE_BYTES} bytes; shorten it")
            files.append((name, data))
            if len(files) > MAX_RULES + 1:
                complaints.add(shown, 1, f"a pack has at most {MAX_RULES} rules; split it")
                break
    except OSError as error:
        raise RulePackError(f"{shown}: the rule files cannot be read: {error.strerror or error}.") from error
    complaints.raise_any()
    if not any(name != PACK_FILE for name, _ in files):
        raise NoPack(f"{shown}: no rule files here; a rule file is named CODE-name.yaml.")
    name = os.path.basename(os.path.realpath(folder)) if isinstance(folder, Disk) else folder.name
    return PackFiles(folder, shown, name, tuple(sorted(files)))


def parse_pack(files: PackFiles, complaints: Complaints) -> RawPack:
    """Parse the files of a pack; what is wrong with them goes to ``complaints``, and such files are left out."""
    meta: RawFile | None = None
    rules: list[RawFile] = []
    for name, data in files.files:
        raw = parse_file(f"{files.shown}/{name}", name, data, complaints)
        if raw is None:
            continue
        if name == PACK_FILE:
            meta = raw
        else:
            rules.append(raw)
    return RawPack(files.shown, meta, tuple(rules))


def parse_file(file: str, name: str, data: bytes, complaints: Complaints) -> RawFile | None:
    """Parse one file into plain data; None when it is not one mapping of plain data, which ``complaints`` then says."""
    from iblint.parse import yaml  # a run from a wheel parses no rule file

    try:
        documents = yaml.parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        complaints.add(file, line, "the file is not encoded in UTF-8; save it as UTF-8")
        return None
    except ParseError as problem:
        complaints.add(file, problem.line, problem.message.rstrip("."))
        return None
    if len(documents) != 1 or not isinstance(documents[0].data, dict):
        complaints.add(file, 1, "a rule file is one YAML document that is a mapping; make it one")
        return None
    raw = RawFile(file, name, documents[0].data, documents[0].spans)
    wrong = _not_plain(raw.data)
    if wrong is not None:
        complaints.add(file, raw.line(wrong[0]), wrong[1])
        return None
    return raw


def _entries(folder: Folder, shown: str, complaints: Complaints) -> Iterator[tuple[str, Folder]]:
    """Rule files and pack.yaml, sorted by name; refuses what stands where no rule file is looked for."""
    for entry in _sorted(folder):
        if _refused_link(entry, folder, shown, complaints):
            continue
        if entry.is_dir():
            for inner in _sorted(entry):
                name = f"{entry.name}/{inner.name}"
                if _refused_link(inner, folder, shown, complaints):
                    continue
                if inner.is_dir():
                    complaints.add(f"{shown}/{name}", 1, "a group's folder holds no folders; move the files up")
                elif _is_rule_file(inner, f"{shown}/{name}", complaints):
                    yield name, inner
        elif _is_rule_file(entry, f"{shown}/{entry.name}", complaints):
            yield entry.name, entry


def _sorted(folder: Folder) -> list[Folder]:
    return sorted((e for e in folder.iterdir() if not e.name.startswith((".", "_"))), key=lambda e: e.name)


def _refused_link(entry: Folder, root: Folder, shown: str, complaints: Complaints) -> bool:
    """Whether a symbolic link leads out of the pack: nothing outside the folder is ever read."""
    if not isinstance(entry, Disk) or not isinstance(root, Disk) or not entry.is_link():
        return False
    try:
        real = os.path.join(os.path.realpath(entry, strict=True), "")
        inside = real.startswith(os.path.join(os.path.realpath(root), ""))
    except OSError:  # a dangling link, or a circle of them
        inside = False
    if not inside:
        complaints.add(f"{shown}/{entry.name}", 1, "a link that leads out of the rules is not followed; copy the file")
    return not inside


def _is_rule_file(entry: Folder, shown: str, complaints: Complaints) -> bool:
    if entry.name.endswith(".yml"):
        complaints.add(shown, 1, "rule files end in .yaml; rename it")
        return False
    if not entry.name.endswith(".yaml"):
        return False
    if not entry.is_file():
        complaints.add(shown, 1, "not a regular file; remove it")
        return False
    return True


def _not_plain(data: Any) -> tuple[paths.Path, str] | None:
    """The first value that is not plain JSON, or that makes the file too big: its path and what to do about it."""
    todo: list[tuple[paths.Path, Any]] = [((), data)]
    seen = 0
    while todo:
        path, value = todo.pop()
        seen += 1
        if seen > MAX_NODES:
            return path, f"the file holds more than {MAX_NODES} values, aliases included; split or shorten it"
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
        return f"the YAML tag {value.tag} has no meaning in a rule file; remove it"
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        return f"a number is at most {MAX_INTEGER}; write a smaller one, or quote it"
    if value is None or isinstance(value, str | bool | int | float | dict | list):
        return None
    return f"a value of the type {type(value).__name__} has no meaning in a rule file; quote it"
