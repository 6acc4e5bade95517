"""How checks report and combine: Kleene logic over compiled schemas.

A check takes a value, its path and a sink, and returns a truth. TRUE leaves nothing in the sink, FALSE leaves errors
(when they are wanted), UNKNOWN leaves the unresolved values that it is for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from iblint.engine.kleene import FALSE, TRUE, UNKNOWN, UNRESOLVED, Truth, as_unresolved
from iblint.model.path import Path
from iblint.model.record import record
from iblint.model.values import Unresolved


@record
class SchemaFault:
    """One keyword that a value breaks.

    ``path`` is the value's; for ``required`` and ``dependentRequired`` it is the missing property's, for a forbidden
    additional property or a bad property name that property's.
    """

    path: Path
    keyword: str
    """The schema's keyword; "false" for the schema that nothing meets."""
    expected: Any
    """The keyword's argument."""
    actual: Any
    """The value found, ABSENT for a missing property, the name itself for a bad property name."""
    suggestions: tuple[str, ...] = ()
    """What may have been meant: the known properties, or the strings of an enum."""
    annotation: Mapping[str, Any] | None = None
    """The innermost ``fault:`` around the keyword."""


class Sink:
    """Where an evaluation leaves what it finds; ``errors`` is None where nobody wants them (below a ``not``)."""

    __slots__ = ("errors", "unknowns")

    def __init__(self, errors: list[SchemaFault] | None) -> None:
        self.errors = errors
        self.unknowns: list[tuple[Path, Unresolved]] = []


Check = Callable[[Any, Path, Sink], Truth]


@record
class Blame:
    """A keyword as it stands in the schema, ready to be blamed."""

    keyword: str
    expected: Any
    annotation: Mapping[str, Any] | None

    def on(self, sink: Sink, path: Path, actual: Any, suggestions: tuple[str, ...] = ()) -> Truth:
        """Record that the value at ``path`` breaks the keyword; always FALSE."""
        if sink.errors is not None:
            sink.errors.append(SchemaFault(path, self.keyword, self.expected, actual, suggestions, self.annotation))
        return FALSE


def always(_value: Any, _path: Path, _sink: Sink) -> Truth:
    """The schema that everything meets."""
    return TRUE


def never(blame: Blame) -> Check:
    """A keyword that no value of its kind meets: ``type`` for the other types, the schema ``false``."""
    return lambda value, path, sink: blame.on(sink, path, value)


def needs_value(value: Any, path: Path, sink: Sink) -> Truth:
    """Any assertion about a value that is not known."""
    sink.unknowns.append((path, as_unresolved(value)))
    return UNKNOWN


def conjunction(checks: list[Check]) -> Check:
    """All of ``checks``. Every one runs, so that every error is found, unless nobody wants the errors."""
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, path: Path, sink: Sink) -> Truth:
        result = TRUE
        for conjunct in checks:
            truth = conjunct(value, path, sink)
            if truth is TRUE:
                continue
            if truth is FALSE:
                if sink.errors is None:
                    return FALSE
                result = FALSE
            elif result is TRUE:
                result = UNKNOWN
        return result

    return check if checks else always


def for_one_kind(kind: type, only: Check) -> Check:
    """Judge values of one kind by ``only``, and no other: the quick form of ``by_kind`` for most schemas."""

    def check(value: Any, path: Path, sink: Sink) -> Truth:
        if type(value) is kind or isinstance(value, Mapping if kind is dict else kind):
            return only(value, path, sink)
        return needs_value(value, path, sink) if isinstance(value, UNRESOLVED) else TRUE

    return check


def by_kind(checks: Mapping[type, Check]) -> Check:
    """Judge each value by the check for its kind. ``checks`` has every kind of ``node.ANY``."""

    chosen_for = checks.get

    def check(value: Any, path: Path, sink: Sink) -> Truth:
        chosen = chosen_for(type(value))
        if chosen is None:
            chosen = checks[next(kind for kind in checks if isinstance(value, Mapping if kind is dict else kind))]
        return TRUE if chosen is always else chosen(value, path, sink)

    return check


def probe(check: Check, value: Any, path: Path, unknowns: list[tuple[Path, Unresolved]]) -> Truth:
    """The truth of a branch whose errors nobody wants; what leaves it UNKNOWN is added to ``unknowns``."""
    sink = Sink(None)
    truth = check(value, path, sink)
    if truth is UNKNOWN:
        unknowns.extend(sink.unknowns)
    return truth


def any_of(branches: list[Check], blame: Blame) -> Check:
    """``anyOf``: TRUE dominates, then UNKNOWN; one error for all branches."""

    def check(value: Any, path: Path, sink: Sink) -> Truth:
        unknowns: list[tuple[Path, Unresolved]] = []
        result = FALSE
        for branch in branches:
            truth = probe(branch, value, path, unknowns)
            if truth is TRUE:
                return TRUE
            if truth is UNKNOWN:
                result = UNKNOWN
        sink.unknowns.extend(unknowns)
        return blame.on(sink, path, value) if result is FALSE else UNKNOWN

    return check


def one_of(branches: list[Check], blame: Blame) -> Check:
    """``oneOf``: how many branches hold, and how many may."""

    def check(value: Any, path: Path, sink: Sink) -> Truth:
        unknowns: list[tuple[Path, Unresolved]] = []
        truths = [probe(branch, value, path, unknowns) for branch in branches]
        sure, maybe = truths.count(TRUE), truths.count(UNKNOWN)
        if sure > 1 or sure + maybe == 0:
            return blame.on(sink, path, value)
        if maybe == 0:
            return TRUE
        sink.unknowns.extend(unknowns)
        return UNKNOWN

    return check


def negation(branch: Check, blame: Blame) -> Check:
    """``not``."""

    def check(value: Any, path: Path, sink: Sink) -> Truth:
        quiet = Sink(None)
        truth = branch(value, path, quiet)
        if truth is FALSE:
            return TRUE
        if truth is TRUE:
            return blame.on(sink, path, value)
        sink.unknowns.extend(quiet.unknowns)
        return UNKNOWN

    return check


def conditional(condition: Check, then: Check, otherwise: Check) -> Check:
    """``if``, ``then``, ``else``. An unknown condition leaves what both branches agree on."""

    def check(value: Any, path: Path, sink: Sink) -> Truth:
        quiet = Sink(None)
        decided = condition(value, path, quiet)
        if decided is TRUE:
            return then(value, path, sink)
        if decided is FALSE:
            return otherwise(value, path, sink)
        return _undecided(then, otherwise, value, path, sink, quiet.unknowns)

    return check


def _undecided(
    then: Check, otherwise: Check, value: Any, path: Path, sink: Sink, unknowns: list[tuple[Path, Unresolved]]
) -> Truth:
    sinks = [Sink(None if sink.errors is None else []) for _ in range(2)]
    truths = [branch(value, path, own) for branch, own in zip((then, otherwise), sinks, strict=True)]
    if truths == [TRUE, TRUE]:
        return TRUE
    if truths == [FALSE, FALSE]:
        if sink.errors is not None:
            found = [error for own in sinks for error in own.errors or ()]
            sink.errors.extend(error for index, error in enumerate(found) if error not in found[:index])
        return FALSE
    sink.unknowns.extend(unknowns)
    for truth, own in zip(truths, sinks, strict=True):
        if truth is UNKNOWN:
            sink.unknowns.extend(own.unknowns)
    return UNKNOWN
