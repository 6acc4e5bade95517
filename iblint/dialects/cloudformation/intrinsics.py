"""Read intrinsic functions in both forms: short (``!Ref X``) and long (``{"Ref": "X"}``)."""

from __future__ import annotations

import json
import re
from functools import cached_property

from iblint.dialects.shared.decision_tree import as_text
from iblint.dialects.shared.places import Where, place_of
from iblint.model.resource import Place
from iblint.model.values import Tagged, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PLAIN = re.compile(r"[^\s,\[\]{}\"'!](?:[^,\[\]{}\"']*[^\s,\[\]{}\"'])?")


class Call:
    """One use of an intrinsic function. Not a Record, because its expression is computed once, when it is needed."""

    def __init__(self, name: str, argument: Any, raw: Any, where: Where) -> None:
        self.name = name
        """Without prefix: ``Ref``, ``Sub``, ``GetAtt``."""
        self.argument = argument
        """The raw argument."""
        self.raw = raw
        self.where = where

    @property
    def place(self) -> Place:
        """The place of the call."""
        return place_of(self.where)

    @cached_property
    def expression(self) -> str:
        """The call as its author wrote it, on one line."""
        return written(self.raw)

    def unresolved(self, reason: str, refers_to: str | None = None, **known: str | None) -> Unresolved:
        """Return the call as an unresolved value. ``known`` may give its known ``text`` or what it ``imports``."""
        return Unresolved(self.expression, reason, refers_to, **known)


def read_call(raw: Any, where: Where) -> Call | None:
    """Return the intrinsic function that a node is, or None.

    ``{"Condition": "X"}`` is a function only inside conditions, not here.
    """
    if isinstance(raw, Tagged):
        return Call(raw.tag.removeprefix("!"), raw.value, raw, where)
    if isinstance(raw, dict) and len(raw) == 1:
        key = next(iter(raw))
        if is_function(key):
            return Call(key.removeprefix("Fn::"), raw[key], raw, where)
    return None


def is_function(key: Any) -> bool:
    """Return whether the key of a mapping is the long name of an intrinsic function."""
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))


def written(raw: Any) -> str:
    """Return a raw node as its author would write it on one line: ``!If [IsProd, !Ref Tokens, optional]``.

    Different nodes give different texts, so the text can identify the node.
    """
    match raw:
        case Tagged(tag=tag, value=value):
            return f"{tag} {written(value)}"
        case dict():
            return "{" + ", ".join(f"{_quoted(str(key))}: {_in_mapping(value)}" for key, value in raw.items()) + "}"
        case list():
            return "[" + ", ".join(written(item) for item in raw) + "]"
        case str():
            return raw if _PLAIN.fullmatch(raw) else _quoted(raw)
    text = as_text(raw)
    return "null" if text is None else text


def _in_mapping(raw: Any) -> str:
    match raw:
        case str():
            return _quoted(raw)
        case list():
            return "[" + ", ".join(_in_mapping(item) for item in raw) + "]"
    return written(raw)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
