"""The interface of checks, and their combination by Kleene logic.

A check takes a value, its path and two lists, and returns a truth value. For FALSE it appends errors (unless the list
is None), for UNKNOWN the unresolved values that the result depends on, for TRUE nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.logic.kleene import FALSE, TRUE, UNKNOWN, UNRESOLVED, Truth, as_unresolved
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.values import Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias


class SchemaFault(Record, compiled=True):
    """One keyword that a value breaks.

    ``path`` is that of the value. For ``required`` and ``dependentRequired`` it is that of the missing property, for
    ``additionalProperties`` and ``propertyNames`` that of the property.
    """

    path: Path
    keyword: str
    """The keyword; "false" for the schema ``false``."""
    expected: Any
    """The keyword's argument."""
    actual: Any
    """The value; ABSENT for a missing property; the name of the property for ``propertyNames``."""
    suggestions: tuple[str, ...] = ()
    """Words that may have been meant: the known properties, or the strings of an enum."""
    annotation: Mapping[str, Any] | None = None
    """The innermost ``fault:`` around the keyword."""


Errors = list[SchemaFault] | None
"""The list that a check appends faults to; None if they are not needed (below a ``not``)."""

Unknowns = list[tuple[Path, Unresolved]]
"""The list that a check appends the unresolved values to that its result depends on."""

Check: TypeAlias = "Callable[[Any, Path, Errors, Unknowns], Truth]"


class Keyword:
    """A keyword of a schema object, for the faults of its check. Not a Record: see ``schema_node``."""

    __slots__ = ("annotation", "argument", "name")

    def __init__(self, name: str, argument: Any, annotation: Mapping[str, Any] | None) -> None:
        self.name = name
        self.argument = argument
        self.annotation = annotation
        """The innermost ``fault:`` around the keyword."""

    def fail(self, errors: Errors, path: Path, actual: Any, suggestions: tuple[str, ...] = ()) -> Truth:
        """Append a fault if faults are collected, and return FALSE."""
        if errors is not None:
            errors.append(SchemaFault(path, self.name, self.argument, actual, suggestions, self.annotation))
        return FALSE


def always(_value: Any, _path: Path, _errors: Errors, _unknowns: Unknowns) -> Truth:
    """Return TRUE: the schema ``true``."""
    return TRUE


def never(keyword: Keyword) -> Check:
    """A check that always fails: ``type`` for values of other types, and the schema ``false``."""
    return lambda value, path, errors, _: keyword.fail(errors, path, value)


def needs_value(value: Any, path: Path, _errors: Errors, unknowns: Unknowns) -> Truth:
    """Return UNKNOWN: any assertion about an unresolved value."""
    unknowns.append((path, as_unresolved(value)))
    return UNKNOWN


def conjunction(checks: list[Check]) -> Check:
    """All of ``checks``. If errors are collected, every check runs, so that all errors are found."""
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        result = TRUE
        for conjunct in checks:
            truth = conjunct(value, path, errors, unknowns)
            if truth is TRUE:
                continue
            if truth is FALSE:
                if errors is None:
                    return FALSE
                result = FALSE
            elif result is TRUE:
                result = UNKNOWN
        return result

    return check if checks else always


def for_unresolved(unresolved: Check, known: Check) -> Check:
    """Judge unresolved values by one check, and all others by another."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        return (unresolved if isinstance(value, UNRESOLVED) else known)(value, path, errors, unknowns)

    return check


def for_one_kind(kind: type, only: Check, unresolved: Check) -> Check:
    """Judge values of one type by ``only``, unresolved ones by ``unresolved``, and accept all others.

    A fast form of ``by_kind`` for most schemas.
    """

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        if type(value) is kind or isinstance(value, Mapping if kind is dict else kind):
            return only(value, path, errors, unknowns)
        return unresolved(value, path, errors, unknowns) if isinstance(value, UNRESOLVED) else TRUE

    return check


def by_kind(checks: Mapping[type, Check]) -> Check:
    """Judge each value by the check for its type. ``checks`` has every type of ``schema_node.ANY``."""
    chosen_for = checks.get

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        chosen = chosen_for(type(value))
        if chosen is None:
            chosen = checks[next(kind for kind in checks if isinstance(value, Mapping if kind is dict else kind))]
        return TRUE if chosen is always else chosen(value, path, errors, unknowns)

    return check


def probe(check: Check, value: Any, path: Path, unknowns: Unknowns) -> Truth:
    """Return the truth of a branch without collecting errors. If it is UNKNOWN, add the reason to ``unknowns``."""
    own: Unknowns = []
    truth = check(value, path, None, own)
    if truth is UNKNOWN:
        unknowns.extend(own)
    return truth


def any_of(branches: list[Check], keyword: Keyword) -> Check:
    """``anyOf``: TRUE dominates, then UNKNOWN. One error stands for all branches."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        own: Unknowns = []
        result = FALSE
        for branch in branches:
            truth = probe(branch, value, path, own)
            if truth is TRUE:
                return TRUE
            if truth is UNKNOWN:
                result = UNKNOWN
        unknowns.extend(own)
        return keyword.fail(errors, path, value) if result is FALSE else UNKNOWN

    return check


def one_of(branches: list[Check], keyword: Keyword) -> Check:
    """``oneOf``: counts the branches that are TRUE and those that may be."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        own: Unknowns = []
        truths = [probe(branch, value, path, own) for branch in branches]
        sure, maybe = truths.count(TRUE), truths.count(UNKNOWN)
        if sure > 1 or sure + maybe == 0:
            return keyword.fail(errors, path, value)
        if maybe == 0:
            return TRUE
        unknowns.extend(own)
        return UNKNOWN

    return check


def negation(branch: Check, keyword: Keyword) -> Check:
    """``not``."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        own: Unknowns = []
        truth = branch(value, path, None, own)
        if truth is FALSE:
            return TRUE
        if truth is TRUE:
            return keyword.fail(errors, path, value)
        unknowns.extend(own)
        return UNKNOWN

    return check


def conditional(condition: Check, then: Check, otherwise: Check) -> Check:
    """``if``, ``then``, ``else``. If the condition is UNKNOWN, the result is what both branches agree on."""

    def check(value: Any, path: Path, errors: Errors, unknowns: Unknowns) -> Truth:
        own: Unknowns = []
        decided = condition(value, path, None, own)
        if decided is TRUE:
            return then(value, path, errors, unknowns)
        if decided is FALSE:
            return otherwise(value, path, errors, unknowns)
        return _undecided(then, otherwise, value, path, errors, unknowns, own)

    return check


def _undecided(
    then: Check, otherwise: Check, value: Any, path: Path, errors: Errors, unknowns: Unknowns, deciding: Unknowns
) -> Truth:
    """Return what both branches agree on if the condition is UNKNOWN because of the values in ``deciding``."""
    wrong: list[SchemaFault] = []
    own: tuple[Unknowns, Unknowns] = ([], [])
    truths = [
        branch(value, path, None if errors is None else wrong, unknown)
        for branch, unknown in zip((then, otherwise), own, strict=True)
    ]
    if truths == [TRUE, TRUE]:
        return TRUE
    if truths == [FALSE, FALSE]:
        if errors is not None:
            errors.extend(error for index, error in enumerate(wrong) if error not in wrong[:index])
        return FALSE
    unknowns.extend(deciding)
    for truth, unknown in zip(truths, own, strict=True):
        if truth is UNKNOWN:
            unknowns.extend(unknown)
    return UNKNOWN
