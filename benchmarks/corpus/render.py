"""Plain data as YAML and JSON, without a library, whose releases could change the figures."""

from __future__ import annotations

import json
import re
from typing import Any

PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./:-]*[A-Za-z0-9]")
"""Strings that need no quotes. Colons are allowed inside a word."""

WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null"})

SHORT = {"Ref": "!Ref", "Fn::Sub": "!Sub", "Fn::GetAtt": "!GetAtt"}


def to_json(data: Any) -> str:
    """Return JSON with an indent of two."""
    return json.dumps(data, indent=2) + "\n"


def to_yaml(data: Any) -> str:
    """Return YAML in block style, with short intrinsic functions and ``|`` for strings of several lines."""
    return "\n".join(_block(data, "")) + "\n"


def _block(data: Any, indent: str) -> list[str]:
    lines: list[str] = []
    if isinstance(data, dict):
        for key, value in data.items():
            lines += _entry(f"{indent}{_scalar(key)}:", value, indent + "  ")
    else:
        for item in data:
            if isinstance(item, dict) and _short(item) is None:
                first, *rest = _block(item, indent + "  ")
                lines += [f"{indent}- {first.lstrip()}", *rest]
            else:
                lines += _entry(f"{indent}-", item, indent + "  ")
    return lines


def _entry(head: str, value: Any, indent: str) -> list[str]:
    short = _short(value)
    if short is not None:
        return [f"{head} {short}"]
    if isinstance(value, dict | list) and value:
        return [head, *_block(value, indent)]
    if isinstance(value, str) and "\n" in value:
        return [f"{head} |", *(f"{indent}{line}" if line else "" for line in value.splitlines())]
    return [f"{head} {_scalar(value)}"]


def _short(value: Any) -> str | None:
    """Return the short form of an intrinsic function with a string argument."""
    if isinstance(value, dict) and len(value) == 1:
        [(name, argument)] = value.items()
        if name in SHORT and isinstance(argument, str):
            return f"{SHORT[name]} {_scalar(argument)}"
    return None


def _scalar(value: Any) -> str:
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value)
