"""Resolve ``Fn::FindInMap`` in the mappings of a template."""

from __future__ import annotations

from collections.abc import Callable

from iblint.dialects.cloudformation.intrinsics import Call
from iblint.dialects.cloudformation.macros import REASON, has_macro
from iblint.dialects.cloudformation.template import Template
from iblint.dialects.shared.decision_tree import MAX_LEAVES, Value, as_text, bounded, leaves, lift, placeholder
from iblint.model.record import replace
from iblint.model.resource import Place
from iblint.model.values import Choice, Option, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _AnyOther(str):
    """The label of all keys but some: equal to none of them, whatever they are called, and to no other set of keys."""

    keys: frozenset[str]

    def __new__(cls, keys: frozenset[str]) -> _AnyOther:
        made = super().__new__(cls, "any other key")
        made.keys = keys
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (self.keys,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _AnyOther) and self.keys == other.keys

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.keys)


_OPEN = "YAML does not read a key of the mapping as a string (quote it), or a macro adds keys"


class Mappings:
    """The mappings of a template. ``child`` returns the value of an entry of a mapping or list of the document."""

    def __init__(self, template: Template, child: Callable[[Any, str | int], Value]) -> None:
        self._template = template
        self._mappings = template.section("Mappings")
        self._child = child
        self._texts: dict[int, dict[str, Any]] = {}

    def find(self, call: Call) -> Value:
        """Return the value of a ``Fn::FindInMap``."""
        match call.argument:
            case [_, _, _]:
                default = None
            case [_, _, _, {"DefaultValue": _} as options]:
                default = self._child(options, "DefaultValue")
            case _:
                return Value(call.unresolved("FindInMap takes a mapping and two keys"), call.where)
        found = Value(self._mappings, call.where)
        for index in range(3):
            found = self._step(call, found, self._child(call.argument, index), default)
        return lift(lambda entry: _as_entry(call, entry), found, expression=call.expression)

    def _step(self, call: Call, table: Value, key: Value, default: Value | None) -> Value:
        """Look up one key in a mapping. An unknown key is taken to be one of the existing keys."""

        def step(table: Value, key: Value) -> Value:
            if isinstance(table.data, Unresolved):
                return table
            if isinstance(key.data, Unresolved):
                return Value(call.unresolved(key.data.reason), call.where)
            text, entries = as_text(key.data), table.data if isinstance(table.data, dict) else {}
            texts = self._texts_of(entries)
            if len(texts) < len(entries) and has_macro(entries):
                return Value(call.unresolved(REASON), call.where)
            if text is not None and text in texts:
                return self._entry(call, entries, texts[text])
            if len(texts) < len(entries):
                return Value(call.unresolved(_OPEN), call.where)
            return default or Value(call.unresolved(f"the mapping has no entry '{text}'"), call.where)

        if isinstance(key.data, Unresolved):
            key = self._one_of(table, key, or_other=default is not None)
        return bounded(lift(step, table, key, expression=call.expression))

    def _one_of(self, table: Value, key: Value, *, or_other: bool) -> Value:
        """Return an unknown key as a choice among the keys of the mapping that it is looked up in."""
        tables = [leaf.data for leaf in leaves(table) if isinstance(leaf.data, dict)]
        found = [self._texts_of(entries) for entries in tables]
        if any(len(each) >= MAX_LEAVES for each in found):
            return key
        texts = dict.fromkeys(text for each in found for text in each)
        is_complete = all(len(each) == len(entries) for each, entries in zip(found, tables, strict=True))
        if not texts or len(texts) >= MAX_LEAVES or not is_complete:
            return key
        options = [Option(text, Value(text, key.where)) for text in texts]
        if or_other:
            options.append(Option(_AnyOther(frozenset(texts)), Value(None, key.where)))
        return Value(Choice(key.data.expression, tuple(options), key.data.expression), key.where)

    def _texts_of(self, entries: dict[Any, Any]) -> dict[str, Any]:
        """Return the keys of a mapping of the document by their text, computed once for each mapping."""
        if not entries:
            return {}
        texts = self._texts.get(id(entries))
        if texts is None:
            texts = self._texts[id(entries)] = self._template.texts_of(entries)
        return texts

    def _entry(self, call: Call, table: dict[Any, Any], key: Any) -> Value:
        """Return an entry of a mapping. Its place is the property, with the entry as a related location."""
        written = self._template.place(table, key)
        if isinstance(table[key], dict):
            return Value(table[key], call.where)
        related = (self._template.location(written, "the entry of the mapping"),)
        place = replace(call.place, related=related, provenance="the value of the mapping's entry")
        return self._literal(call, table[key], place)

    def _literal(self, call: Call, raw: Any, place: Place) -> Value:
        """Return the value of an entry: a string or a list of strings. Functions are not allowed there."""
        if isinstance(raw, list):
            return Value([self._literal(call, item, place) for item in raw], place)
        if as_text(raw) is None:
            return Value(call.unresolved("the entry of the mapping is not a string"), call.where)
        return Value(placeholder(raw) or raw, place)


def _as_entry(call: Call, found: Value) -> Value:
    """Return the result of a lookup in one branch; unresolved if it ends at a mapping of further entries."""
    if isinstance(found.data, dict):
        return Value(call.unresolved("the entry of the mapping is not a string"), call.where)
    return found
