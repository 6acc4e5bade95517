"""The spec of a request: its members under the names of the API, and where each of them is in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from iblint.model.document import Document, SpanTable
from iblint.model.path import ROOT, Path
from iblint.model.record import Record, field
from iblint.model.resource import Location, Place
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged, Unresolved
from iblint.parse.markup import may_hold_markup
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Shaped(Record):
    """The spec of a request."""

    spec: dict[str, Any]
    written: dict[Path, Path] = field(default_factory=dict)
    """Path in the spec -> path below the members in the document, where they differ."""
    arn: str | None = None
    """The ARN of the configuration that an update changes, or that an answer describes, if it is known."""
    is_update: bool = False
    spelling: Mapping[Path, str] = {}
    """How the form writes the members, for messages, if in another way than the API."""


def resolve(document: Document, data: Any) -> Any:
    """Return data with tags and placeholders as unresolved values: the data itself if the document has neither."""
    return _plain(data, ROOT) if _may_be_open(document.text) else data


@lru_cache(maxsize=1)
def _may_be_open(text: str) -> bool:
    """Return whether a text may have tags or placeholders. A file has one text and may have thousands of requests."""
    return "\\" in text or "!" in text or may_hold_markup(text)


class Places(Mapping[Path, Place]):
    """The places of the values of a request, by path. Each is computed when it is needed."""

    __slots__ = ("_all", "_file", "_path", "_spans", "_spec", "_written")

    def __init__(self, document: Document, path: Path, shaped: Shaped, everywhere: Span | None = None) -> None:
        """``everywhere`` is the place of all values, if they are text within one."""
        self._file = document.file
        self._spans: SpanTable = document.spans
        self._path = path
        self._spec = shaped.spec
        self._written = shaped.written
        self._all = everywhere

    def __getitem__(self, path: Path) -> Place:
        value: Any = self._spec
        step: Any
        for step in path:
            if not isinstance(value, dict | list):
                raise KeyError(path)
            try:
                value = value[step]
            except (LookupError, TypeError):
                raise KeyError(path) from None
        if path and self._all is not None:
            return Place(self._all)
        entry = self.entry(path)
        if entry is None:
            raise KeyError(path)
        related = (Location(self._file, entry.written, "anchor"),) if entry.written is not None else ()
        return Place(entry.value, entry.key, related=related)

    def entry(self, path: Path) -> Entry | None:
        """Return the spans of the value at a path of the spec in the document, or None if it has none of its own."""
        return self._spans.at((*self._path, *self._where(path))) if path and self._all is None else None

    def _where(self, path: Path) -> Path:
        """Return the path below the members in the document."""
        for length in range(len(path), 0, -1) if self._written else ():
            written = self._written.get(path[:length])
            if written is not None:
                return (*written, *path[length:])
        return path

    def __iter__(self) -> Iterator[Path]:
        return (path for path, _ in below(self._spec, ROOT))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def below(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield everything inside a value: its path, and the mapping or list that contains it."""
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, step), value
            yield from below(item, (*path, step))


def _plain(value: Any, path: Path) -> Any:
    """Return the value with tags and placeholders as unresolved values."""
    if isinstance(value, Tagged):
        return Unresolved(_expression(value), "it is a YAML tag that only another tool resolves")
    if isinstance(value, str):
        if may_hold_markup(value) and _is_filled_in(value, path):
            return Unresolved(shorten(value), "it is a placeholder that is filled in later")
        return value
    if isinstance(value, dict):
        filled_in = next(filter(is_filled_in_key, value), None) if path else None
        if filled_in is not None:
            return Unresolved(shorten(filled_in), "it is a key that is filled in later")
        return {key: _plain(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, (*path, index)) for index, item in enumerate(value)]
    return value


def _is_filled_in(text: str, path: Path) -> bool:
    from iblint.dialects.shared.filled_in import is_filled_in  # few values may hold markup

    return is_filled_in(text, path)


def is_filled_in_key(key: Any) -> bool:
    """Return whether a key is a placeholder, so that it is not known what it becomes."""
    if not isinstance(key, str) or not may_hold_markup(key):
        return False
    from iblint.dialects.shared import filled_in  # few keys may hold markup

    return filled_in.is_filled_in_key(key)


def _expression(tagged: Tagged) -> str:
    """Return a tagged value as it is written, shortened: ``!Ref Tokens``, ``!Join [...]``."""
    match tagged.value:
        case dict():
            inner = "{...}"
        case list():
            inner = "[...]"
        case inner:
            pass
    return shorten(f"{tagged.tag} {inner}".rstrip())
