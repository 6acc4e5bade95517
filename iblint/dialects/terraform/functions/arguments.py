"""Arguments of functions, converted as Terraform converts them. Raises RefusedError for those that it refuses."""

from __future__ import annotations

from iblint.dialects.terraform.types import _primitive
from iblint.dialects.terraform.values import NotKnownError, RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Any


def string(data: Any) -> str:
    """Return an argument as a string."""
    made: str = _primitive(data, "string") if data is not None else _null()
    return made


def number(data: Any) -> int | Decimal:
    """Return an argument as a number."""
    made: int | Decimal = _primitive(data, "number") if data is not None else _null()
    return made


def whole(data: Any) -> int:
    """Return an argument as an integer."""
    made = number(data)
    if made != int(made):
        raise RefusedError("a whole number is required")
    return int(made)


def boolean(data: Any) -> bool:
    """Return an argument as a boolean."""
    made: bool = _primitive(data, "bool") if data is not None else _null()
    return made


def listed(data: Any) -> list[Any]:
    """Return an argument that is a list, set or tuple."""
    if not isinstance(data, list):
        raise RefusedError("a list is required")
    return data


def mapping(data: Any) -> dict[str, Any]:
    """Return an argument that is a map or object."""
    if not isinstance(data, dict):
        raise RefusedError("a map is required")
    return data


def strings(data: Any) -> list[str]:
    """Return an argument as a list of strings."""
    return [string(item) for item in listed(data)]


def ascii_only(text: str) -> str:
    """Return a text in which every character counts as one. Raises NotKnownError."""
    if not text.isascii():
        raise NotKnownError("iblint does not count the characters of texts with other than ASCII characters")
    return text


def _null() -> Any:
    raise RefusedError("an argument is null")
