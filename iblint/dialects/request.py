"""The request dialect: YAML and JSON in the shape of boto3's create_infrastructure_configuration call.

``aws imagebuilder create-infrastructure-configuration --cli-input-yaml|--cli-input-json`` reads the same. Recognised by
content: a mapping at the root of a document, or an item of a list at the root or of a list inside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.dialects.shared.directives import attach
from iblint.dialects.shared.extraction import (
    Deployment,
    Extraction,
    Unit,
    no_companions,
    unit_per_document,
    within_bounds,
)
from iblint.dialects.shared.prefilter import DISTINCTIVE, KNOWN, looks_distinctive
from iblint.model.document import Document, InputError
from iblint.model.path import ROOT, Path
from iblint.model.record import Record
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Location, Place, Resource
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged, Unresolved
from iblint.parse.placeholders import is_placeholder, may_hold_placeholder
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DIALECT = "request"
SUFFIXES = (".json", ".yaml", ".yml")
MARKERS = (
    b"instanceProfileName",
    b"terminateInstanceOnFailure",
    b"terminateInstanceOnCompletion",
    b"instanceMetadataOptions",
    b"snsTopicArn",
    b"instanceTypes",
    b"securityGroupIds",
    b"resourceTags",
)

_SUPPORTING = frozenset({"instanceTypes", "securityGroupIds", "resourceTags", "snsTopicArn"})
"""Together with one of these, a misspelled distinctive key also distinguishes a request."""
_MOST_COMPARED = 4 * len(KNOWN)
"""Unknown keys of one mapping that are compared with the known ones letter by letter."""
_KINDS = {
    "bool": "a boolean",
    "NoneType": "null",
    "int": "a number",
    "float": "a number",
    "date": "a date",
    "datetime": "a date",
}


class _Candidate(Record):
    """A mapping that may be a request: its place, and its lines with those that introduce it."""

    path: Path
    data: Any
    entry: Entry
    lines: range


unit_of = unit_per_document
companions = no_companions


def extract(unit: Unit, _deployment: Deployment, *, forced: bool) -> Extraction:
    """Return the requests of a document: its root, or every item of a list at the root and of the lists inside it.

    If one item is recognised, or if ``forced``, all are judged, so that none is ignored silently.
    """
    document = unit.document
    if not forced and not _holds_request(document.data):
        return Extraction()
    candidates = _candidates(document)
    mappings = [c for c in candidates if isinstance(c.data, dict)]
    chosen, surplus = within_bounds(document, mappings, lambda c: c.entry.value)
    wrong = [_not_a_request(document, c) for c in candidates if not isinstance(c.data, dict)]
    attached = attach(document, [c.lines for c in chosen])
    resources: list[Resource] = []
    problems = [*wrong, *surplus, *attached.problems]
    for candidate, directives in zip(chosen, attached.directives, strict=True):
        wrong = _wrong_keys(document, candidate)
        problems += wrong
        if not wrong:
            resources.append(_resource(document, candidate, directives=directives))
    document.spans.forget()
    return Extraction(tuple(resources), tuple(problems))


def _holds_request(value: Any) -> bool:
    """Return whether a value is a request, also under tags, which make it an error but do not hide it."""
    if isinstance(value, Tagged):
        inner = value.value
        return any(map(_holds_request, inner)) if isinstance(inner, list) else _holds_request(inner)
    if isinstance(value, list):
        return any(map(_holds_request, value))
    return isinstance(value, dict) and is_request(value)


def is_request(data: dict[Any, Any]) -> bool:
    """Return whether a mapping is a request: a distinctive key, at least two known keys, most keys nearly known."""
    known = KNOWN.intersection(data)
    if len(known) < 2:
        return False
    unknown = [key for key in data if key not in KNOWN and key != "$schema"][:_MOST_COMPARED]
    if not unknown:
        return looks_distinctive(known)
    near = [meant for key in unknown if isinstance(key, str) and (meant := _nearly(key)) is not None]
    if len(unknown) - len(near) >= len(known) + len(near):
        return False
    misspelled = not DISTINCTIVE.isdisjoint(near) and not _SUPPORTING.isdisjoint(known)
    return looks_distinctive(known) or misspelled


def _nearly(key: str) -> str | None:
    """Return the known key that a key misspells (case, separators, or a letter or two), or None."""
    if _fold(key) in _FOLDED:
        return _FOLDED[_fold(key)]
    from difflib import get_close_matches

    return next(iter(get_close_matches(key[:64], KNOWN, n=1, cutoff=0.9)), None)


def _fold(key: str) -> str:
    return key.replace("-", "").replace("_", "").lower()


_FOLDED = {_fold(key): key for key in KNOWN}


def _candidates(document: Document) -> list[_Candidate]:
    """Return the root, or the items of a list at the root and of the lists inside it."""
    if document.data is None and document.index:
        return []  # after the last '---' of a stream
    root = document.spans.root
    if not isinstance(document.data, list):
        return [_Candidate(ROOT, document.data, Entry(None, root), range(root.line, root.end_line + 1))]
    candidates = []
    previous = root.line - 1
    for path, data, entry in _items(document):
        first = min(previous + 1, entry.value.line)
        previous = entry.value.end_line
        candidates.append(_Candidate(path, data, entry, range(first, previous + 1)))
    return candidates


def _items(document: Document) -> Iterator[tuple[Path, Any, Entry]]:
    """Yield everything but lists with items, from the root down, in the order of the document."""
    waiting: list[tuple[Path, Any, Entry]] = [(ROOT, document.data, Entry(None, document.spans.root))]
    while waiting:
        path, data, entry = waiting.pop()
        if isinstance(data, list) and (data or not path):
            entries = document.spans.of(data)
            items = [((*path, index), item, _used(entry, entries[index])) for index, item in enumerate(data)]
            waiting += reversed(items)
        else:
            yield path, data, entry


def _used(outer: Entry, inner: Entry) -> Entry:
    """Return the place where an item is used: the alias, if it is inside an aliased list."""
    return inner if outer.written is None else Entry(outer.key, outer.value, inner.written or inner.value)


def _not_a_request(document: Document, candidate: _Candidate) -> InputError:
    where = f"Item {'/'.join(map(str, candidate.path))} of the list" if candidate.path else "The document"
    span = candidate.entry.value
    if isinstance(candidate.data, Tagged):
        message = (
            f"{where} has the tag '{shorten(candidate.data.tag)}', which only another tool resolves; "
            "it was not judged. Remove the tag, or judge the file that is made from this one."
        )
    else:
        message = (
            f"{where} is not a mapping, so it cannot be a request. "
            "Write the request's keys (name, instanceProfileName, ...), or do not check it as a request."
        )
    return InputError(document.file, span.line, span.column, message)


def _resource(document: Document, candidate: _Candidate, **rest: Any) -> Resource:
    pointer = "".join(f"/{step}" for step in candidate.path)
    ordinal = str(document.index) if document.index else ""
    fragment = f"#{ordinal}{pointer}" if ordinal or pointer else ""
    spec = _spec(document, candidate.data)
    return Resource(
        id=document.file + fragment,
        kind=INFRASTRUCTURE_CONFIGURATION,
        dialect=DIALECT,
        origin="api",
        file=document.file,
        address=(f"document {document.index + 1} " if ordinal else "") + (pointer or "/"),
        span=_first_key(document, candidate),
        spec=spec,
        places=_Places(document, candidate.path, spec),
        **rest,
    )


def _first_key(document: Document, candidate: _Candidate) -> Span:
    """Return the span of the first key of the request; for an alias, that of the alias."""
    key = document.spans.first_key(candidate.data) if candidate.entry.written is None else None
    return candidate.entry.value if key is None else key


def _spec(document: Document, data: dict[str, Any]) -> dict[str, Any]:
    """Return the spec of a request: the data itself if the document has no tags or placeholders."""
    if "\\" in document.text or "!" in document.text or may_hold_placeholder(document.text):
        data = _plain(data)
    return {key: value for key, value in data.items() if key != "$schema"} if "$schema" in data else data


def _plain(value: Any) -> Any:
    """Return the value with tags and placeholders as unresolved values."""
    if isinstance(value, Tagged):
        return Unresolved(_expression(value), "it is a YAML tag that only another tool resolves")
    if isinstance(value, str):
        if is_placeholder(value):
            return Unresolved(shorten(value), "it is a placeholder that is filled in later")
        return value
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(map(_plain, value))
    return value


class _Places(Mapping[Path, Place]):
    """The places of the values of a request, by path. Each is computed when it is needed."""

    __slots__ = ("_file", "_path", "_spans", "_spec")

    def __init__(self, document: Document, path: Path, spec: dict[str, Any]) -> None:
        self._file = document.file
        self._spans = document.spans
        self._path = path
        self._spec = spec

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
        entry = self._spans.at((*self._path, *path)) if path else None
        if entry is None:
            raise KeyError(path)
        related = (Location(self._file, entry.written, "anchor"),) if entry.written is not None else ()
        return Place(entry.value, entry.key, related=related)

    def __iter__(self) -> Iterator[Path]:
        return (path for path, _ in _below(self._spec, ROOT))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _below(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield everything inside a value: its path, and the mapping or list that contains it."""
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*path, step), value
            yield from _below(item, (*path, step))


def _wrong_keys(document: Document, candidate: _Candidate) -> list[InputError]:
    """Return an error for every key of a request that is not a string."""
    if document.spans.has_text_keys:
        return []
    wrong = [p for p, parent in _below(candidate.data, ROOT) if parent.__class__ is dict and not isinstance(p[-1], str)]
    return [_not_a_string(document, (*candidate.path, *path)) for path in wrong]


def _not_a_string(document: Document, path: Path) -> InputError:
    key, entry = path[-1], document.spans.at(path) or Entry(None, document.spans.root)
    span = entry.key or entry.value
    kind = _KINDS.get(type(key).__name__, "binary data")
    message = (
        f"A key of this mapping is not a string: YAML reads it as {kind} ({shorten(str(key))}). "
        "Put it in quotes; the configuration was not judged."
    )
    return InputError(document.file, span.line, span.column, message)


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
