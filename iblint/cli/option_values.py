"""Values of options, made from what was given. Each function raises ValueError saying what is wrong with it.

Nothing is imported before a value needs it: the short lane comes through here.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would cost more than the short lane takes
if TYPE_CHECKING:
    from collections.abc import Sequence


MAX_JOBS = 256


def split_commas(values: Sequence[str]) -> list[str]:
    """``("IB1,IB2", "IB3")`` -> ``["IB1", "IB2", "IB3"]``."""
    names = [name.strip() for value in values for name in value.split(",")]
    if not all(names):
        raise ValueError("it holds an empty name")
    return names


def _matches(pattern: str, value: str) -> bool:
    import re

    return re.fullmatch(pattern, value) is not None


def jobs(value: str) -> int | None:
    """``auto`` -> None, else the number of processes."""
    if value == "auto":
        return None
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MAX_JOBS):
        raise ValueError(f"'{value}' is neither 'auto' nor a number from 1 to {MAX_JOBS}")
    return int(value)


def account(value: str | None) -> str | None:
    """Check an account ID."""
    if value is not None and not _matches("[0-9]{12}", value):
        raise ValueError(f"'{value}' is no AWS account ID: it has twelve digits")
    return value


def region(value: str | None) -> str | None:
    """Check the name of a Region."""
    if value is not None and not _matches(r"[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}", value):
        raise ValueError(f"'{value}' is no AWS Region such as eu-west-1")
    return value


def role_arn(value: str | None) -> str | None:
    """Check the ARN of a role."""
    if value is not None and not _matches(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,577}", value):
        raise ValueError(f"'{value}' is no role such as arn:aws:iam::ACCOUNT:role/NAME")
    return value
