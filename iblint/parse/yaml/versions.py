"""What YAML 1.2 has for a plain scalar, as the AWS CLI v2 reads it: ruamel.yaml, ``YAML(typ="safe", pure=True)``.

iblint's own values are those of YAML 1.1 (PyYAML). The patterns are those of ruamel.yaml for version 1.2; a test
compares them with ruamel.yaml itself.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BOOLEANS = {word: kind == "true" for kind in ("true", "false") for word in (kind, kind.title(), kind.upper())}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FLOAT = re.compile(
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_INT = re.compile(r"[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|(?!_)[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+")
_BASES = {"0b": 2, "0o": 8, "0x": 16}


def in_yaml_1_2(text: str, value: Any) -> Any:
    """Return the value that YAML 1.2 has for a plain scalar with a ``value`` in YAML 1.1.

    Null and dates are the same in both. A number that cannot be constructed is returned as text.
    """
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _NULLS or hasattr(value, "isoformat"):
        return value
    digits = text.replace("_", "").lower()
    try:
        if _FLOAT.fullmatch(text):
            return float(digits.replace(".inf", "inf").replace(".nan", "nan"))
        if _INT.fullmatch(text):
            sign, digits = (-1 if digits[0] == "-" else 1), digits.lstrip("+-")
            base = _BASES.get(digits[:2])
            return sign * (int(digits) if base is None else int(digits[2:], base))
    except ValueError:
        pass
    return text
