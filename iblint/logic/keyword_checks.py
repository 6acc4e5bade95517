"""The checks of the keywords: one function per keyword, which returns the check as a closure.

A check gets only values of the types that its keyword applies to; the compiler makes sure of that.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Mapping

from iblint.logic.combinators import Check, Errors, Keyword, Unknowns, always, probe
from iblint.logic.kleene import (
    FALSE,
    SCALARS,
    TRUE,
    UNKNOWN,
    Truth,
    both,
    distinct,
    items,
    members,
    same,
    scalar_key,
    unresolved_in,
)
from iblint.logic.regex import MAX_TEXT, Pattern
from iblint.model.path import Path
from iblint.model.values import ABSENT, Unresolved
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_KNOWN = 256
MAX_KNOWN_TEXT = 64
"""Bounds of KnownTexts: the number of texts and the length of each, in characters."""

# --- values of any type -----------------------------------------------------------------------------------------------


def one_of_values(constants: list[Any], keyword: Keyword) -> Check:
    """``enum``, and ``const`` as an enum with one value."""
    scalars: set[Hashable] = {scalar_key(constant) for constant in constants if isinstance(constant, SCALARS)}
    words = tuple(constant for constant in constants if isinstance(constant, str))
    strings = frozenset(words)

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        if type(value) is str:
            return TRUE if value in strings else keyword.fail(errors, path, value, words)
        if isinstance(value, SCALARS):
            return TRUE if scalar_key(value) in scalars else keyword.fail(errors, path, value, words)
        truths = [same(value, constant) for constant in constants]
        if TRUE in truths:
            return TRUE
        if UNKNOWN in truths:
            unknowns.extend(unresolved_in(value, path))
            return UNKNOWN
        return keyword.fail(errors, path, value, words)

    return check


# --- numbers, and sizes of strings and collections --------------------------------------------------------------------

_MEASURES: Mapping[str, Callable[[Any], int]] = {
    "Items": lambda value: len(items(value)),
    "Properties": lambda value: len(members(value)),
}

_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}


def bound(limit: float, keyword: Keyword) -> Check:
    """``minimum``, ``maximum`` and their exclusive forms. Not-a-number is out of bounds."""
    within = _BOUNDS[keyword.name]
    return lambda value, path, errors, _: TRUE if within(value, limit) else keyword.fail(errors, path, value)


def size(limit: int, keyword: Keyword) -> Check:
    """``minLength``, ``maxItems`` and the like. Unresolved items count."""
    measure = _MEASURES.get(keyword.name[3:], len)
    if keyword.name.startswith("min"):
        return lambda value, path, errors, _: TRUE if measure(value) >= limit else keyword.fail(errors, path, value)
    return lambda value, path, errors, _: TRUE if measure(value) <= limit else keyword.fail(errors, path, value)


# --- strings ----------------------------------------------------------------------------------------------------------


def pattern(regex: Pattern, keyword: Keyword) -> Check:
    """``pattern``: a search, not a full match. A text longer than MAX_TEXT is UNKNOWN."""

    def check(value: str, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        if len(value) > MAX_TEXT:
            unknowns.append((path, _too_long(value)))
            return UNKNOWN
        return TRUE if regex.search(value) is not None else keyword.fail(errors, path, value)

    return check


def _too_long(value: str) -> Unresolved:
    return Unresolved(
        shorten(value), f"it has {len(value)} characters, and patterns are matched against at most {MAX_TEXT}"
    )


_TEXT_KEYWORDS = frozenset({"minLength", "maxLength", "pattern"})
_COMPATIBLE = frozenset({"type", "kind", "fault", "title", "description", "$comment"})


def with_fast_text_path(schema: Mapping[str, Any], check: Check) -> Check:
    """Return the check of a schema, with a fast path for strings if all its assertions are about strings.

    The fast path answers TRUE, and FALSE if no errors are collected. Everything else goes to ``check``.
    """
    if schema.keys().isdisjoint(_TEXT_KEYWORDS) or not schema.keys() <= _TEXT_KEYWORDS | _COMPATIBLE:
        return check
    if "string" not in schema.get("type", "string"):
        return check
    least, most = schema.get("minLength", 0), min(schema.get("maxLength", MAX_TEXT), MAX_TEXT)
    regex = Pattern(schema["pattern"]) if "pattern" in schema else None

    def fast_check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        if type(value) is str and len(value) <= MAX_TEXT:
            if least <= len(value) <= most and (regex is None or regex.search(value) is not None):
                return TRUE
            if errors is None:
                return FALSE
        return check(value, path, errors, unknowns)

    return fast_check


# --- lists ------------------------------------------------------------------------------------------------------------


def all_items(child: Check) -> Check:
    """``items``."""

    def check(value: list[Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for index, item in enumerate(value):
            if item is not ABSENT:
                truth = child(item, (*path, index), errors, unknowns)
                if truth is not TRUE:
                    result = both(result, truth)
        return result

    return check


def unique_items(keyword: Keyword) -> Check:
    """``uniqueItems: true``."""

    def check(value: list[Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        truth = distinct(item for _, item in items(value))
        if truth is UNKNOWN:
            unknowns.extend(unresolved_in(value, path))
        return keyword.fail(errors, path, value) if truth is FALSE else truth

    return check


def contains(child: Check, least: int, most: int | None, used: tuple[Keyword, Keyword, Keyword]) -> Check:
    """``contains`` with ``minContains`` and ``maxContains``; ``used`` has these keywords in that order."""
    contained, too_few, too_many = used

    def check(value: list[Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        own: Unknowns = []
        truths = [probe(child, item, (*path, index), own) for index, item in items(value)]
        sure, maybe = truths.count(TRUE), truths.count(UNKNOWN)
        if most is not None and sure > most:
            return too_many.fail(errors, path, value)
        if sure + maybe < least:
            return (too_few if sure + maybe else contained).fail(errors, path, value)
        if sure >= least and (most is None or sure + maybe <= most):
            return TRUE
        unknowns.extend(own)
        return UNKNOWN

    return check


# --- mappings ---------------------------------------------------------------------------------------------------------


def properties(children: Mapping[str, Check]) -> Check:
    """``properties``."""
    pairs = tuple((key, child) for key, child in children.items() if child is not always)

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for key, child in pairs:
            item = value.get(key, ABSENT)
            if item is not ABSENT:
                truth = child(item, (*path, key), errors, unknowns)
                if truth is not TRUE:
                    result = both(result, truth)
        return result

    return check


def required(names: list[str], keyword: Keyword) -> Check:
    """``required``: only the key counts; its value may be unresolved."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, _unknowns: Unknowns) -> Truth:
        result = TRUE
        for name in names:
            if value.get(name, ABSENT) is ABSENT:
                result = keyword.fail(errors, (*path, name), ABSENT)
        return result

    return check


def dependent_required(dependencies: Mapping[str, Check]) -> Check:
    """``dependentRequired``: the ``required`` check of each name, which applies if the name is present."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for name, needs in dependencies.items():
            if value.get(name, ABSENT) is not ABSENT and needs(value, path, errors, unknowns) is FALSE:
                result = FALSE
        return result

    return check


class KnownTexts(set):  # type: ignore[type-arg]
    """A cache of short texts that meet a schema: the keys and values of tags recur. Always empty unless ``enabled``."""

    def __init__(self, enabled: bool) -> None:
        super().__init__()
        self._enabled = enabled

    def remember(self, value: Any) -> None:
        """Cache a value that meets the schema, if it is a short text. When the cache is full, clear it."""
        if self._enabled and type(value) is str and len(value) <= MAX_KNOWN_TEXT:
            if len(self) >= MAX_KNOWN:
                self.clear()
            self.add(value)


def additional_properties(named: frozenset[str], additional: Check, known: KnownTexts) -> Check:
    """``additionalProperties`` without ``patternProperties``; ``named`` are the keys in ``properties``."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for key, item in value.items():
            if key in named or item is ABSENT or (type(item) is str and item in known):
                continue
            truth = additional(item, (*path, key), errors, unknowns)
            if truth is TRUE:
                known.remember(item)
            else:
                result = both(result, truth)
        return result

    return check


def pattern_properties(named: frozenset[str], patterns: list[tuple[Pattern, Check]], additional: Check) -> Check:
    """``patternProperties`` with ``additionalProperties``: the keys that no name and no pattern covers."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for key, item in members(value).items():
            below = (*path, key)
            if patterns and isinstance(key, str) and len(key) > MAX_TEXT:
                unknowns.append((below, _too_long(key)))
                result = both(result, UNKNOWN)
                continue
            applying = [child for regex, child in patterns if isinstance(key, str) and regex.search(key) is not None]
            if not applying and key not in named:
                applying = [additional]
            for child in applying:
                result = both(result, child(item, below, errors, unknowns))
        return result

    return check


def property_names(child: Check, known: KnownTexts) -> Check:
    """``propertyNames``: the schema judges each key. Errors have the path of the property."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for key, item in value.items():
            if item is ABSENT or key in known:
                continue
            truth = child(key, (*path, key), errors, unknowns)
            if truth is TRUE:
                known.remember(key)
            else:
                result = both(result, truth)
        return result

    return check


def forbidden(known: tuple[str, ...], keyword: Keyword) -> Check:
    """``additionalProperties: false``; ``known`` are the allowed keys, as suggestions."""
    return lambda value, path, errors, _: keyword.fail(errors, path, value, known)
