"""Resolve and construct scalars with PyYAML's own tables, as users of boto3 and the AWS CLI get them."""

from __future__ import annotations

import math

from yaml import ScalarEvent, ScalarNode, YAMLError
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from iblint.model.values import Tagged
from iblint.parse.parsed import MAX_NUMBER_LENGTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CORE = "tag:yaml.org,2002:"
STR, MERGE, VALUE = CORE + "str", CORE + "merge", CORE + "value"
_NUMBERS = frozenset({CORE + "int", CORE + "float"})
_CONSTRUCTED = _NUMBERS | {CORE + name for name in ("null", "bool", "timestamp", "binary")}
_COLLECTIONS = frozenset(CORE + name for name in ("map", "seq", "set", "omap", "pairs"))
KNOWN = _CONSTRUCTED | _COLLECTIONS | {STR, MERGE, VALUE}
"""The tags that YAML defines."""
_CONSTRUCTOR = SafeConstructor()


def tag_of(event: ScalarEvent) -> str:
    """Return the long tag of a scalar: the one that is written, else the one that YAML 1.1 resolves to."""
    if event.tag is not None and event.tag != "!":
        return str(event.tag)
    return _implied(event.value) if event.implicit[0] else STR


def resolved(text: str) -> Any:
    """Return the value of a scalar without quotes and tag. Raises ValueError as ``construct`` does."""
    return construct(_implied(text), text)


def _implied(text: str) -> str:
    for tag, pattern in Resolver.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return str(tag)
    return STR


def construct(tag: str, text: str) -> Any:
    """Return the value of a scalar, or ``Tagged`` if YAML does not define the tag.

    Raises ValueError, with a message for the user, if the tag does not allow the text.
    """
    if tag == STR:
        return text
    if tag not in _CONSTRUCTED:
        if tag in _COLLECTIONS:
            raise ValueError(f"the tag {short(tag)} does not fit a scalar. Remove the tag.")
        if tag in (MERGE, VALUE):
            raise ValueError(f"{text!r} has a special meaning in YAML that does not fit here. Put it in quotes.")
        return Tagged(short(tag), text)
    if tag in _NUMBERS and len(text) > MAX_NUMBER_LENGTH:
        raise ValueError(f"a number of {len(text)} characters is too long. Put it in quotes if a text is meant.")
    try:
        value = _CONSTRUCTOR.yaml_constructors[tag](_CONSTRUCTOR, ScalarNode(tag, text))
    except (ValueError, LookupError, AttributeError, OverflowError, YAMLError):
        kind = tag.removeprefix(CORE)
        raise ValueError(f"{_shown(text)} is not a valid {kind}. Correct it, or quote it if a text is meant.") from None
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{_shown(text)} is not a finite number. Write a number, or quote it if a text is meant.")
    return value


def short(tag: str) -> str:
    """Return a tag as authors write it: ``!!int`` for ``tag:yaml.org,2002:int``."""
    return "!!" + tag.removeprefix(CORE) if tag.startswith(CORE) else tag


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
