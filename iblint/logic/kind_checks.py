"""What keywords say of an unresolved value whose kind is known, such as the id of a subnet."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from iblint.logic.combinators import Check, Errors, Keyword, Unknowns, needs_value
from iblint.logic.kleene import TRUE, Truth
from iblint.model.kinds import fits_length, is_expected, item_of
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.values import Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def of_type(names: Collection[str], keyword: Keyword) -> Check:
    """``type``: a value of a kind is a string or a list."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        kind = _kind(value)
        if kind is None:
            return needs_value(value, path, errors, unknowns)
        is_allowed = ("string" if item_of(kind) is None else "array") in names
        return TRUE if is_allowed else keyword.fail(errors, path, value)

    return check


def of_length(schema: Mapping[str, Any]) -> Check:
    """``minLength`` and ``maxLength`` together: TRUE if every string of the kind has such a length."""
    least, most = schema.get("minLength", 0), schema.get("maxLength")

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        kind = _kind(value)
        is_met = kind is not None and fits_length(kind, least, most)
        return TRUE if is_met else needs_value(value, path, errors, unknowns)

    return check


def of_items(child: Check) -> Check:
    """``items``: a list of a kind has items of one kind, and strings have none."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        kind = _kind(value)
        if kind is None:
            return needs_value(value, path, errors, unknowns)
        item = item_of(kind)
        return TRUE if item is None else child(replace(value, kind=item), path, errors, unknowns)

    return check


def of_kind(expected: str, keyword: Keyword, otherwise: Check) -> Check:
    """``kind``: a value of the expected kind meets the whole schema, and one that cannot be of that kind does not."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        is_met = is_expected(_kind(value), expected)
        if is_met is None:
            return otherwise(value, path, errors, unknowns)
        return TRUE if is_met else keyword.fail(errors, path, value)

    return check


def _kind(value: Any) -> str | None:
    return value.kind if isinstance(value, Unresolved) else None
