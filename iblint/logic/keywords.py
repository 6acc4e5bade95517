"""What each keyword of the schema subset says of a value: one function a keyword, each returning a closure.

Every closure judges values of the kinds that its keyword is about; the compiler sees to it that no other arrives.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Hashable, Mapping

from iblint.logic.checks import Blame, Check, Errors, Unknowns, always, probe
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
from iblint.logic.regex import MAX_TEXT, translate
from iblint.model.path import Path
from iblint.model.values import ABSENT, Unresolved
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_KNOWN = 256
MAX_KNOWN_TEXT = 64

# --- values of any kind -------------------------------------------------------------------------------------------


def one_of_values(constants: list[Any], blame: Blame) -> Check:
    """``enum``, and ``const`` as the enum of one."""
    scalars: set[Hashable] = {scalar_key(constant) for constant in constants if isinstance(constant, SCALARS)}
    words = tuple(constant for constant in constants if isinstance(constant, str))

    strings = frozenset(words)

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        if type(value) is str:
            return TRUE if value in strings else blame.on(errors, path, value, words)
        if isinstance(value, SCALARS):
            return TRUE if scalar_key(value) in scalars else blame.on(errors, path, value, words)
        truths = [same(value, constant) for constant in constants]
        if TRUE in truths:
            return TRUE
        if UNKNOWN in truths:
            unknowns.extend(unresolved_in(value, path))
            return UNKNOWN
        return blame.on(errors, path, value, words)

    return check


# --- numbers, and whatever has a size -----------------------------------------------------------------------------

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


def bound(limit: float, blame: Blame) -> Check:
    """``minimum``, ``maximum`` and their exclusive forms. Not-a-number is within no bounds."""
    within = _BOUNDS[blame.keyword]
    return lambda value, path, errors, _: TRUE if within(value, limit) else blame.on(errors, path, value)


def size(limit: int, blame: Blame) -> Check:
    """``minLength``, ``maxItems`` and the like. Unresolved items count: they are there."""
    measure = _MEASURES.get(blame.keyword[3:], len)
    if blame.keyword.startswith("min"):
        return lambda value, path, errors, _: TRUE if measure(value) >= limit else blame.on(errors, path, value)
    return lambda value, path, errors, _: TRUE if measure(value) <= limit else blame.on(errors, path, value)


# --- strings ------------------------------------------------------------------------------------------------------


class Pattern:
    """A regular expression that is compiled when it is first needed: most patterns never are."""

    __slots__ = ("_text", "search")

    def __init__(self, text: str) -> None:
        self._text = text
        self.search: Callable[[str], object] = self._first_search

    def _first_search(self, value: str) -> object:
        self.search = re.compile(translate(self._text), re.ASCII).search
        return self.search(value)

    def __call__(self, value: str) -> Truth:
        """Whether the pattern occurs in ``value``; UNKNOWN for a text too long to be searched in bounded time."""
        if len(value) > MAX_TEXT:
            return UNKNOWN
        return FALSE if self.search(value) is None else TRUE


def pattern(matches: Pattern, blame: Blame) -> Check:
    """``pattern``: a search, not a full match."""

    def check(value: str, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        if len(value) > MAX_TEXT:
            unknowns.append((path, _too_long(value)))
            return UNKNOWN
        return TRUE if matches.search(value) is not None else blame.on(errors, path, value)

    return check


def _too_long(value: str) -> Unresolved:
    return Unresolved(
        shorten(value), f"it has {len(value)} characters, and patterns are matched against {MAX_TEXT} at most"
    )


_ABOUT_TEXTS = frozenset({"minLength", "maxLength", "pattern"})
_BESIDE = frozenset({"type", "fault", "title", "description", "$comment"})


def quick_for_texts(schema: Mapping[str, Any], check: Check) -> Check:
    """The check of a schema, in a quick form for texts when it is about them alone: most conditions are such.

    The quick form gives the answer when nobody wants more than that; ``check`` is asked for all else.
    """
    if schema.keys().isdisjoint(_ABOUT_TEXTS) or not schema.keys() <= _ABOUT_TEXTS | _BESIDE:
        return check
    if "string" not in schema.get("type", "string"):
        return check
    least, most = schema.get("minLength", 0), min(schema.get("maxLength", MAX_TEXT), MAX_TEXT)
    matches = Pattern(schema["pattern"]) if "pattern" in schema else None

    def quick(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        if type(value) is str and len(value) <= MAX_TEXT:
            if least <= len(value) <= most and (matches is None or matches.search(value) is not None):
                return TRUE
            if errors is None:
                return FALSE
        return check(value, path, errors, unknowns)

    return quick


# --- lists --------------------------------------------------------------------------------------------------------


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


def unique_items(blame: Blame) -> Check:
    """``uniqueItems: true``."""

    def check(value: list[Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        truth = distinct(item for _, item in items(value))
        if truth is UNKNOWN:
            unknowns.extend(unresolved_in(value, path))
        return blame.on(errors, path, value) if truth is FALSE else truth

    return check


def contains(child: Check, least: int, most: int | None, blames: tuple[Blame, Blame, Blame]) -> Check:
    """``contains`` with ``minContains`` and ``maxContains``; ``blames`` in that order."""
    none, too_few, too_many = blames

    def check(value: list[Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        own: Unknowns = []
        truths = [probe(child, item, (*path, index), own) for index, item in items(value)]
        sure, maybe = truths.count(TRUE), truths.count(UNKNOWN)
        if most is not None and sure > most:
            return too_many.on(errors, path, value)
        if sure + maybe < least:
            return (too_few if sure + maybe else none).on(errors, path, value)
        if sure >= least and (most is None or sure + maybe <= most):
            return TRUE
        unknowns.extend(own)
        return UNKNOWN

    return check


# --- mappings -----------------------------------------------------------------------------------------------------


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


def required(names: list[str], blame: Blame) -> Check:
    """``required``: the key alone counts, its value may be unresolved."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, _unknowns: Unknowns) -> Truth:
        result = TRUE
        for name in names:
            if value.get(name, ABSENT) is ABSENT:
                result = blame.on(errors, (*path, name), ABSENT)
        return result

    return check


def dependent_required(dependencies: Mapping[str, Check]) -> Check:
    """``dependentRequired``: for each name, what ``required`` says of the mapping once the name is there."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for name, needs in dependencies.items():
            if value.get(name, ABSENT) is not ABSENT and needs(value, path, errors, unknowns) is FALSE:
                result = FALSE
        return result

    return check


class Known(set):  # type: ignore[type-arg]
    """Texts that are known to meet a schema, since the keys and values of tags recur: a few hundred short ones."""

    def __init__(self, learns: bool) -> None:
        """It knows nothing, ever, unless it ``learns``."""
        super().__init__()
        self._learns = learns

    def learn(self, value: Any) -> None:
        """Remember a value that meets the schema, if it is a text that may come back."""
        if self._learns and type(value) is str and len(value) <= MAX_KNOWN_TEXT:
            if len(self) >= MAX_KNOWN:
                self.clear()
            self.add(value)


def additional_properties(named: frozenset[str], additional: Check, known: Known) -> Check:
    """``additionalProperties`` without ``patternProperties``; ``named`` are the keys that ``properties`` speaks of."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for key, item in value.items():
            if key in named or item is ABSENT or (type(item) is str and item in known):
                continue
            truth = additional(item, (*path, key), errors, unknowns)
            if truth is TRUE:
                known.learn(item)
            else:
                result = both(result, truth)
        return result

    return check


def pattern_properties(named: frozenset[str], patterns: list[tuple[Pattern, Check]], additional: Check) -> Check:
    """``patternProperties`` with ``additionalProperties``, which are those that neither a name nor a pattern covers."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for key, item in members(value).items():
            below = (*path, key)
            hits = [(_hit(matches, key), child) for matches, child in patterns]
            if any(hit is UNKNOWN for hit, _ in hits):
                unknowns.append((below, _too_long(key)))
                result = both(result, UNKNOWN)
                continue
            applying = [child for hit, child in hits if hit is TRUE]
            if not applying and key not in named:
                applying = [additional]
            for child in applying:
                result = both(result, child(item, below, errors, unknowns))
        return result

    return check


def _hit(matches: Pattern, key: Any) -> Truth:
    return matches(key) if isinstance(key, str) else FALSE


def property_names(child: Check, known: Known) -> Check:
    """``propertyNames``: the schema judges each key; errors stand at the property."""

    def check(value: Mapping[Any, Any], path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for key, item in value.items():
            if item is ABSENT or key in known:
                continue
            truth = child(key, (*path, key), errors, unknowns)
            if truth is TRUE:
                known.learn(key)
            else:
                result = both(result, truth)
        return result

    return check


def forbidden(known: tuple[str, ...], blame: Blame) -> Check:
    """``additionalProperties: false``: the keys that are known may have been meant."""
    return lambda value, path, errors, _: blame.on(errors, path, value, known)
