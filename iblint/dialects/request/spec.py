"""The spec of a request: its members under the names of the API, and where each is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from iblint.dialects.request.evidence import MEMBERS, Members
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

    from iblint.dialects.request.forms import Form


class Shaped(Record):
    """The spec of a request."""

    spec: dict[str, Any]
    written: dict[Path, Path] = field(default_factory=dict)
    """Path in the spec -> path below the members in the document, where they differ."""


def resolve(document: Document, data: Any) -> Any:
    """Return data with tags and placeholders as unresolved values: the data itself if the document has neither."""
    return _plain(data, ROOT) if _may_be_open(document.text) else data


@lru_cache(maxsize=1)
def _may_be_open(text: str) -> bool:
    """Return whether a text may have tags or placeholders. A file has one text and may have thousands of requests."""
    return "\\" in text or "!" in text or may_hold_markup(text)


def correct(data: Mapping[Any, Any], *, is_answer: bool = False) -> Shaped:
    """Return the spec of a request with misspelled keys: each value also under the member that its key means.

    The misspelled key stays, so that it is reported. In an answer it does not: nobody sends it.
    """
    shaped = Shaped({})
    shaped.spec.update(_corrected(data, MEMBERS, ROOT, ROOT, shaped.written, is_answer))
    return shaped


def _corrected(
    data: Mapping[Any, Any], names: Members, path: Path, at: Path, written: dict[Path, Path], is_answer: bool
) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in data.items():
        member = names.meant(key)
        if is_answer and (member is None or value in ({}, [], "", None)):
            continue  # of a response, or not set
        if member is None or (member != key and (member in data or member in made)):
            if key not in made:
                made[key] = value
                _note(written, (*path, key), (*at, key))
            continue
        inner = names[member]
        below = (*path, member)
        made[member] = value
        if inner is not None and isinstance(value, dict):
            made[member] = _corrected(value, inner, below, (*at, key), written, is_answer)
        _note(written, below, (*at, key))
        if member != key and not is_answer:
            made[key] = value
            _note(written, (*path, key), (*at, key))
    return made


def translate(form: Form, data: Mapping[Any, Any]) -> Shaped:
    """Return the spec of a request in the form of another tool."""
    shaped = Shaped({})
    shaped.spec.update(_translated(form, data, MEMBERS, ROOT, ROOT, shaped.written))
    for name, why in form.unknown.items():
        shaped.spec.setdefault(name, Unresolved(name, why))
    return shaped


def _translated(
    form: Form, data: Mapping[Any, Any], names: Members, path: Path, at: Path, written: dict[Path, Path]
) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in data.items():
        if not path and key in form.without:
            continue
        referenced = _referenced(key, names) if form.has_references else None
        if referenced is not None:
            if referenced not in data:
                made.setdefault(referenced, Unresolved(key, "it names another object, which has the value"))
                _note(written, (*path, referenced), (*at, key))
            continue
        name, open_value = _name_of(form, key, names)
        below, there = (*path, name), (*at, key)
        if open_value:
            value = Unresolved(shorten(str(value)), "the input of the state decides it")
        inner = names.get(name)
        if inner is not None and isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            value, there = value[0], (*there, 0)  # a block of Terraform
        if isinstance(value, dict):
            if any(isinstance(step, str) and step.startswith("fn::") for step in value):
                value = Unresolved(shorten(str(next(iter(value)))), "Pulumi calls a function for it")
            elif inner is not None:
                value = _translated(form, value, inner, below, there, written)
        made[name] = value
        _note(written, below, (*at, key))
    return made


def _name_of(form: Form, key: Any, names: Members) -> tuple[Any, bool]:
    """Return the member that a key is, else the key; and whether the value is an expression (``Name.$``)."""
    if not isinstance(key, str) or not form.capitals:
        return key, False
    bare = key.removesuffix(".$")
    name = bare[:1].lower() + bare[1:]
    return (name if name in names else bare), bare != key


def _referenced(key: Any, names: Members) -> str | None:
    """Return the member whose value the object has that a ``...Ref``, ``...Refs`` or ``...Selector`` names."""
    for end in _REFERENCES:
        if isinstance(key, str) and key not in names and key.endswith(end):
            name = key.removesuffix(end)
            return next((each for each in (name, name + "s") if each in names), None)
    return None


_REFERENCES = ("Ref", "Refs", "Selector")


def _note(written: dict[Path, Path], path: Path, at: Path) -> None:
    if path != at:
        written[path] = at


@cache
def spelling_in_capitals() -> dict[Path, str]:
    """Return how a form in PascalCase writes each member of the request, for messages."""
    return dict(_spelled(MEMBERS, ROOT, ""))


def _spelled(names: Members, path: Path, start: str) -> Iterator[tuple[Path, str]]:
    for name, inner in names.items():
        words = f"{start}{name[0].upper()}{name[1:]}"
        yield (*path, name), words
        yield from _spelled(inner, (*path, name), words + ".") if inner is not None else ()


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
        return {key: _plain(item, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, (*path, index)) for index, item in enumerate(value)]
    return value


def _is_filled_in(text: str, path: Path) -> bool:
    from iblint.dialects.shared.filled_in import is_filled_in  # few values may hold markup

    return is_filled_in(text, path)


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
