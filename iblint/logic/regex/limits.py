"""The limit on the cost of regular expressions in rule files.

A backtracking matcher must need at most MAX_STEPS steps on any text of MAX_TEXT characters. The bound is computed from
the pattern. At each choice (repeat again or continue, one branch or another) there are two cases: if the next character
decides it, the costs add up; if not, every alternative may have to be tried, and the costs multiply.
"""

from __future__ import annotations

from iblint.logic.regex import MAX_TEXT
from iblint.logic.regex.parser import END, Alternation, Anchor, Chars, Expression, Repeat, Sequence, parse
from iblint.model.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

MAX_STEPS: Final = 5 * MAX_TEXT**2
"""Characters compared. Enough for two choices that the next character does not decide, as in ``^.*a.*b$``. A search
without an anchor is such a choice."""

MAX_PATTERN: Final = 1000

_TOO_COSTLY: Final = (
    "too many ways to match it: anchor it with '^', and make the first character after a repeat or of a branch decide "
    "which way to go, as in '[^:]*:'"
)


def check_pattern(pattern: str) -> None:
    """Raise ValueError, with what to write instead, for a pattern outside the subset or above the limit."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"longer than {MAX_PATTERN} characters")
    if count_steps(parse(pattern)) > MAX_STEPS:
        raise ValueError(_TOO_COSTLY)


def count_steps(expression: Expression, length: int = MAX_TEXT) -> int:
    """Return the maximum number of comparisons of a backtracking search in a text of ``length`` characters.

    Not exact above MAX_STEPS. Raises ValueError for a repeat of something that is itself unbounded or may be empty.
    """
    end = _Next(0, 0)
    steps = _cost(expression, end, length).steps
    if _anchored(expression):
        return steps + length * _first(expression, end).steps
    return steps * (length + 1)


class _Next(NamedTuple):
    """What may come next: the set of its first characters, and the comparisons needed to reject all of them."""

    mask: int
    steps: int


class _Cost(NamedTuple):
    """The number of ways in which an expression may match at one position, and the comparisons of all of them."""

    ways: int
    steps: int


def _first(expression: Expression, after: _Next) -> _Next:
    """Return what an expression may begin with if ``after`` follows it."""
    match expression:
        case Chars(mask):
            return _Next(mask, 1)
        case Anchor(end):
            return _Next(END if end else after.mask, after.steps + 1)
        case Sequence(parts):
            for part in reversed(parts):
                after = _first(part, after)
            return after
        case Alternation(branches):
            return _either([_first(branch, after) for branch in branches])
        case Repeat(body, least, _):
            first = _first(body, after)
            return first if least else _either([first, after])


def _either(options: list[_Next]) -> _Next:
    mask = 0
    for option in options:
        mask |= option.mask
    return _Next(mask, sum(option.steps for option in options))


def _cost(expression: Expression, after: _Next, length: int) -> _Cost:
    match expression:
        case Chars() | Anchor():
            return _Cost(1, 1)
        case Sequence(parts):
            return _sequence_cost(parts, after, length)
        case Alternation(branches):
            costs = [_cost(branch, after, length) for branch in branches]
            ways = [cost.ways for cost in costs]
            decided = _disjoint([_first(branch, after).mask for branch in branches])
            return _Cost(max(ways) if decided else sum(ways), sum(cost.steps for cost in costs))
        case Repeat():
            return _repeat_cost(expression, after, length)


def _sequence_cost(parts: tuple[Expression, ...], after: _Next, length: int) -> _Cost:
    costs: list[_Cost] = []
    for part in reversed(parts):
        costs.append(_cost(part, after, length))
        after = _first(part, after)
    ways, steps = 1, 0
    for cost in reversed(costs):
        steps += ways * cost.steps
        ways = _capped(ways * cost.ways)
    return _Cost(ways, steps)


def _repeat_cost(repeat: Repeat, after: _Next, length: int) -> _Cost:
    first = _first(repeat.body, after)
    decided = not first.mask & after.mask
    if repeat.most == 1 and repeat.least == 0:
        ways, steps = _cost(repeat.body, after, length)
        return _Cost(ways if decided else ways + 1, steps + after.steps)
    if _unbounded(repeat.body):
        raise ValueError("a repeat without a limit inside another repeat: give the inner one a limit, as in {1,63}")
    if _nullable(repeat.body):
        raise ValueError("the repeated part may be empty: make the repeat itself optional")
    times = length if repeat.most is None else min(repeat.most, length)
    ways, steps = _cost(repeat.body, _either([first, after]), length)
    every_way = _power(ways, times)
    exits = 1 if decided or repeat.least == repeat.most else max(times - repeat.least, 0) + 1
    return _Cost(_capped(every_way * exits), times * (every_way * steps + after.steps) + 1)


def _capped(number: int) -> int:
    return min(number, MAX_STEPS + 1)


def _power(ways: int, times: int) -> int:
    return 1 if ways == 1 else _capped(ways ** min(times, MAX_STEPS.bit_length()))


def _disjoint(masks: list[int]) -> bool:
    seen = 0
    for mask in masks:
        if seen & mask:
            return False
        seen |= mask
    return True


def _nullable(expression: Expression) -> bool:
    match expression:
        case Chars():
            return False
        case Anchor():
            return True
        case Sequence(parts):
            return all(_nullable(part) for part in parts)
        case Alternation(branches):
            return any(_nullable(branch) for branch in branches)
        case Repeat(body, least, _):
            return least == 0 or _nullable(body)


def _unbounded(expression: Expression) -> bool:
    match expression:
        case Sequence(parts) | Alternation(parts):
            return any(_unbounded(part) for part in parts)
        case Repeat(body, _, most):
            return most is None or _unbounded(body)
    return False


def _anchored(expression: Expression) -> bool:
    """Return whether a match can begin only at the start of the text."""
    match expression:
        case Anchor(end):
            return not end
        case Sequence(parts):
            return bool(parts) and _anchored(parts[0])
        case Alternation(branches):
            return all(_anchored(branch) for branch in branches)
    return False
