"""Data of JSON and YAML files that programs read, as values with their places."""

from __future__ import annotations

from iblint.dialects.shared.decision_tree import Value
from iblint.model.document import InputError, Source, SpanTable
from iblint.model.resource import Place
from iblint.model.span import Entry
from iblint.model.values import Tagged, Unresolved
from iblint.parse.load import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def lifted_document(file: str, data: bytes) -> Value | None:
    """Return the one document of a file; None if it cannot be read."""
    loaded = load(Source(file, data))
    if isinstance(loaded, InputError) or len(loaded) != 1:
        return None
    document = loaded[0]
    return lifted(document.data, document.spans, Entry(None, document.spans.root), file)


def lifted(data: Any, spans: SpanTable, entry: Entry, file: str) -> Value:
    """Return data of a file as values."""
    place = Place(entry.value, entry.key, file, f"the content of {file}")
    if isinstance(data, Tagged):
        return Value(Unresolved(data.tag, "it is a tag of YAML"), place)
    if isinstance(data, dict):
        members = {key: lifted(value, spans, spans.entry(data, key) or entry, file) for key, value in data.items()}
        return Value(members, place)
    if isinstance(data, list):
        items = [lifted(value, spans, spans.entry(data, index) or entry, file) for index, value in enumerate(data)]
        return Value(items, place)
    return Value(data, place)
