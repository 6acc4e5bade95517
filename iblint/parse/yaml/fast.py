"""Parse ordinary YAML texts with PyYAML's composer in C.

The strict reader spends most of its time on events, and on spans that are rarely needed. The composer makes nodes of
the same events in a third of that time, and spans can be computed from the nodes later. But it follows aliases,
recurses as deep as the text nests, and has none of our limits. So only texts without such features are read here, with
the same data, spans and comments as the strict reader gives (a test compares them for any text). The strict reader
alone decides what is refused.
"""

from __future__ import annotations

import re

from iblint.model.values import Tagged
from iblint.parse.parsed import MAX_DOCUMENTS, SHALLOW, SHORT_KEY, Parsed
from iblint.parse.yaml.libyaml import MappingNode, ScalarNode
from iblint.parse.yaml.nodes import Spans, compose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

AMBIGUOUS = frozenset(["", *"-+.0123456789~<=yYnNtTfFoO"])
"""First characters of the plain scalars that may be something else than a string."""
_WORDS = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys(["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], True),
    **dict.fromkeys(["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], False),
    "0": 0,
}
_OF_NUMBERS = frozenset("0123456789+-._: \teEoxXabcdfABCDFinNIFtTzZ")
"""Characters of numbers, dates and times; a plain scalar with any other, or with two full stops, is a string."""
_CORE = "tag:yaml.org,2002:"
_MANY = 4096
_keys: dict[str, str] = {}
"""Cache of string keys, quoted or not: one object for each saves time and memory. At most _MANY."""


class _NotOrdinaryError(Exception):
    """The text is for the strict reader."""


def documents(text: str) -> list[Parsed] | None:
    """Return the documents of an ordinary text, or None if the strict reader must read it."""
    nodes = compose(text) if _is_ordinary(text) else None
    if nodes is None or (len(nodes) > 1 and ("#" in text or len(nodes) > MAX_DOCUMENTS)):
        return None  # a comment belongs to a document by the end of the document, which the nodes do not give
    made: dict[int, Any] = {}
    try:
        data = [_value(node, 0, made) for node in nodes]
    except _NotOrdinaryError:
        return None
    return [
        Parsed(value, Spans(value, text, index, node, made))
        for index, (value, node) in enumerate(zip(data, nodes, strict=True))
    ]


def _is_ordinary(text: str) -> bool:
    """Return whether a text is safe to compose, and has no aliases."""
    if text.startswith("\ufeff") or "%TAG" in text or not _is_shallow(text):
        return False
    if "&" not in text or "*" not in text:
        return True
    return not (re.search(r"&[\w-]", text) and re.search(r"\*[\w-]", text))


def _is_shallow(text: str) -> bool:
    """Return whether collections nest at most some hundreds of levels deep: the composer in C recurses for each level.

    A level takes at least one character, in flow style a bracket. In block style at most two levels begin in one
    column, after nothing but indentation and indicators.
    """
    if len(text) <= 1000:
        return True
    if text.count("[") + text.count("{") > 200:
        return False
    return all(len(line) - len(line.lstrip(" \t-?:\ufeff")) < 200 for line in text.splitlines() if len(line) > 200)


def _value(node: Any, depth: int, made: dict[int, Any]) -> Any:
    """Return the value of a node at a nesting ``depth``; record the nodes of collections in ``made``."""
    if node.__class__ is ScalarNode:
        tag, text = node.tag, node.value
        if tag.__class__ is not tuple:
            return _tagged(tag, text)
        return _plain(text) if tag[0] and text[:1] in AMBIGUOUS else text
    if depth == SHALLOW:
        raise _NotOrdinaryError
    if node.__class__ is MappingNode:
        value: Any = _mapping(node, depth + 1, made)
    else:
        value = [_value(item, depth + 1, made) for item in node.value]
    made[id(value)] = node
    return value if node.tag.__class__ is bool else _tagged(node.tag, value)


def _mapping(node: Any, depth: int, made: dict[int, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        # Most keys are in the cache, and most values are scalars without a tag: no call for them.
        plain = key_node.__class__ is ScalarNode and key_node.tag.__class__ is tuple
        key = (plain and _keys.get(key_node.value)) or _key(key_node)
        if key in data:
            raise _NotOrdinaryError
        if value_node.__class__ is ScalarNode and value_node.tag.__class__ is tuple:
            text = value_node.value
            data[key] = _plain(text) if value_node.tag[0] and text[:1] in AMBIGUOUS else text
        else:
            data[key] = _value(value_node, depth, made)
    return data


def _key(node: Any) -> str:
    if node.__class__ is not ScalarNode or node.tag.__class__ is not tuple:
        raise _NotOrdinaryError
    text: str = node.value
    if len(text) > SHORT_KEY:
        raise _NotOrdinaryError
    if text[:1] in AMBIGUOUS and not isinstance(_plain(text), str):
        if node.tag[0]:
            raise _NotOrdinaryError
        return text
    if len(_keys) < _MANY:
        _keys[text] = text
    return text


def _tagged(tag: str, value: Any) -> Tagged:
    if tag.startswith(_CORE):
        raise _NotOrdinaryError
    return Tagged(tag, value)


def _plain(text: str) -> Any:
    """Return the value of a plain scalar that begins with an ambiguous character."""
    if text in _WORDS:
        return _WORDS[text]
    if text in ("<<", "="):
        raise _NotOrdinaryError
    first = text[0]
    if "A" <= first <= "z" or first in "~<=":
        return text
    if not _OF_NUMBERS.issuperset(text) or text.count(".") > 1:
        return text
    if first != "0" and len(text) < 19 and text.isdigit():
        return int(text)
    return _date(text) or _resolved(text)


def _date(text: str) -> Any:
    """Return the date that a text denotes, or None. Templates often begin with one."""
    year, month, day = text[:4], text[5:7], text[8:]
    if len(text) != 10 or text[4] + text[7] != "--" or not (year + month + day).isdigit():
        return None
    from datetime import date

    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _NotOrdinaryError from None


def _resolved(text: str) -> Any:
    from iblint.parse.yaml import scalars as yaml_scalars  # imports PyYAML in full

    try:
        return yaml_scalars.resolved(text)
    except ValueError:
        raise _NotOrdinaryError from None
