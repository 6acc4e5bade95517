"""Functions over JSON, YAML, base64 and paths, and those that read files of the module."""

from __future__ import annotations

import base64
import json
import posixpath
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.terraform.functions.arguments import string
from iblint.dialects.terraform.values import (
    Json,
    NotKnownError,
    RefusedError,
    at,
    first_unknown,
    number_text,
    plain,
    reason_of,
    wrapped,
)
from iblint.parse.hcl.expressions import Expression
from iblint.parse.hcl.numbers import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.scope import Scope

MAX_NODES = 100_000
"""Values in a JSON or YAML text."""

_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_PLAIN_TEXT = r"[A-Za-z_/][^\n]*"
_LIKE_OTHER_TYPES = frozenset(
    word for each in ("yes", "no", "on", "off", "y", "n", "true", "false", "null") for word in (each, each.title())
) | {"YES", "NO", "ON", "OFF", "Y", "N", "TRUE", "FALSE", "NULL"}


def jsonencode(expression: Expression, value: Value) -> Value:
    """Write JSON. If a value in it is not known, the structure still is."""
    missing = first_unknown(value)
    if missing is None:
        return Value(_json(plain(value)), at(expression))
    reason = reason_of(missing)
    return Value(Json(expression.text, reason, structure=value), at(expression))


def _json(data: Any) -> str:
    if isinstance(data, dict):
        members = sorted(data.items(), key=lambda item: item[0].encode("utf-8", "surrogatepass"))
        return "{" + ",".join(f"{_json(key)}:{_json(item)}" for key, item in members) + "}"
    if isinstance(data, list):
        return "[" + ",".join(map(_json, data)) + "]"
    if isinstance(data, int | Decimal) and not isinstance(data, bool):
        return number_text(data)
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":  # as Go writes it
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def jsondecode(text: Any) -> Any:
    """Read JSON."""
    left = [MAX_NODES]

    def checked(data: Any, depth: int = 0) -> Any:
        left[0] -= 1
        if left[0] < 0 or depth > 100:
            raise NotKnownError("the JSON text is too large")
        if isinstance(data, dict):
            return {key: checked(item, depth + 1) for key, item in data.items()}
        return [checked(item, depth + 1) for item in data] if isinstance(data, list) else data

    def parsed(text: str) -> Any:
        found = number(text)
        if found is None:
            raise NotKnownError("the JSON text has a number that iblint does not read")
        return found

    def refuse(word: str) -> Any:
        raise RefusedError(f"JSON has no {word}")

    try:
        return checked(json.loads(string(text), parse_int=parsed, parse_float=parsed, parse_constant=refuse))
    except ValueError:
        raise RefusedError("the text is not JSON") from None
    except RecursionError:
        raise NotKnownError("the JSON text is nested too deeply") from None


def yamldecode(text: Any) -> Any:
    """Read YAML, as far as Terraform and others agree on its meaning."""
    import yaml

    left = [MAX_NODES]

    def made(node: Any, depth: int) -> Any:
        left[0] -= 1
        if left[0] < 0 or depth > 100:
            raise NotKnownError("the YAML text is too large")
        if node.tag not in _TAGS:
            raise NotKnownError("the YAML text has a tag that iblint does not read")
        if isinstance(node, yaml.SequenceNode):
            return [made(item, depth + 1) for item in node.value]
        if isinstance(node, yaml.MappingNode):
            pairs = [(made(key, depth + 1), made(value, depth + 1)) for key, value in node.value]
            if not all(isinstance(key, str) and key != "<<" for key, _ in pairs) or len(dict(pairs)) < len(pairs):
                raise NotKnownError("iblint does not read a key of the YAML text")
            return dict(pairs)
        return node.value if node.style is not None else _scalar(node.value)

    try:
        node = yaml.compose(string(text), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        raise NotKnownError("iblint cannot read the YAML text") from None
    return None if node is None else made(node, 0)


_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "seq", "map"))


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?", text, re.ASCII):
        return number(text)
    if re.fullmatch(_PLAIN_TEXT, text) and text not in _LIKE_OTHER_TYPES:
        return text
    raise NotKnownError("iblint does not read a value of the YAML text")


def _base64encode(text: Any) -> str:
    return base64.b64encode(string(text).encode()).decode()


def _base64decode(text: Any) -> str:
    try:
        return base64.b64decode(string(text), validate=True).decode()
    except ValueError:
        raise RefusedError("the text is not base64") from None


def _basename(path: Any) -> str:
    found = string(path).rstrip("/")
    return posixpath.basename(found) or ("/" if string(path) else ".")


def _dirname(path: Any) -> str:
    text = string(path)
    return posixpath.normpath(posixpath.dirname(text)) if text else "."


def file(scope: Scope, expression: Expression, path: Value) -> Value:
    """Return the text of a file inside the root of the run."""
    name = string(plain(path))
    data = scope.run.read_file(scope, name)
    try:
        return wrapped(data.decode(), at(expression))
    except UnicodeDecodeError:
        raise RefusedError("the file is not UTF-8") from None


def sensitive(scope: Scope, expression: Expression, value: Value) -> Value:
    """Return the value, and remember that it must not be shown."""
    del expression
    scope.run.mark("sensitive")
    return value


STRUCTURAL: Mapping[str, Callable[..., Value]] = {"jsonencode": jsonencode}
OF_MODULE: Mapping[str, Callable[..., Value]] = {"file": file, "sensitive": sensitive}
"""Functions ``(scope, expression, *values)`` that need the module."""
PLAIN: Mapping[str, Callable[..., Any]] = {
    "jsondecode": jsondecode,
    "yamldecode": yamldecode,
    "base64encode": _base64encode,
    "base64decode": _base64decode,
    "basename": _basename,
    "dirname": _dirname,
}
