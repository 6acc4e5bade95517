"""Functions over numbers and booleans."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from iblint.dialects.terraform.functions.arguments import boolean, listed, number
from iblint.dialects.terraform.values import MAX_ITEMS, ListOf, NotKnownError, RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any


def whole(data: Any) -> int:
    """Return an argument as an integer. Raises NotKnownError for a fraction, with which Terraform calculates."""
    made = number(data)
    if made != int(made):
        raise NotKnownError("iblint does not calculate with decimal fractions")
    return int(made)


def _min(*numbers: Any) -> Any:
    return min(map(number, numbers)) if numbers else _empty()


def _max(*numbers: Any) -> Any:
    return max(map(number, numbers)) if numbers else _empty()


def _sum(numbers: Any) -> Any:
    items = [whole(item) for item in listed(numbers)]
    return sum(items) if items else _empty()


def _empty() -> Any:
    raise RefusedError("it needs at least one number")


def _abs(value: Any) -> int | Decimal:
    found = number(value)
    return -found if found < 0 else found


def _floor(value: Any) -> int:
    return math.floor(number(value))


def _ceil(value: Any) -> int:
    return math.ceil(number(value))


def _signum(value: Any) -> int:
    found = number(value)
    return (found > 0) - (found < 0)


def _range(*limits: Any) -> list[int]:
    if not 1 <= len(limits) <= 3:
        raise RefusedError("it takes one to three numbers")
    start, end = (0, whole(limits[0])) if len(limits) == 1 else (whole(limits[0]), whole(limits[1]))
    step = whole(limits[2]) if len(limits) > 2 else (1 if start <= end else -1)
    if step == 0 or ((step > 0) != (start <= end) and start != end):
        raise RefusedError("the step does not lead from the start to the end")
    found = range(start, end, step)
    if len(found) > min(MAX_ITEMS, 1024):
        raise NotKnownError("the range is too long")
    return ListOf(found)


def _alltrue(values: Any) -> bool:
    return False not in [item is not None and boolean(item) for item in listed(values)]


def _anytrue(values: Any) -> bool:
    return True in [item is not None and boolean(item) for item in listed(values)]


PLAIN: Mapping[str, Callable[..., Any]] = {
    "min": _min,
    "max": _max,
    "sum": _sum,
    "abs": _abs,
    "floor": _floor,
    "ceil": _ceil,
    "signum": _signum,
    "range": _range,
    "alltrue": _alltrue,
    "anytrue": _anytrue,
}
