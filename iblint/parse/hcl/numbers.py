"""Numbers of HCL: integers are ``int``, all others ``Decimal``."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from iblint.parse.parsed import MAX_NUMBER_LENGTH

MAX_EXPONENT = 100
"""Powers of ten of a number: an integer has that many digits."""

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE](?P<exponent>[+-]?[0-9]+))?"


def number(text: str) -> int | Decimal | None:
    """Return a number; None for a text that is none, or that has too many digits."""
    if text.isascii() and text.isdigit() and len(text) < 19:  # most numbers
        return int(text)
    match = re.fullmatch(_NUMBER, text)
    if match is None or len(text) > MAX_NUMBER_LENGTH or abs(int(match["exponent"] or 0)) > MAX_EXPONENT:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return int(value) if value == value.to_integral_value() else value
