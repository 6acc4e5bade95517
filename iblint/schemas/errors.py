"""JSON Schema errors in words: of the configuration, of rule files, and of the options of rules.

jsonschema is imported on first use: a run whose configuration is valid does not need it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from iblint.model.path import Path
from iblint.model.resource import dotted
from iblint.schemas import read_schema
from iblint.text.safe import visible
from iblint.text.templates import expected
from iblint.text.wording import AS_CLAUSE, IN_BRACKETS, did_you_mean, shorten, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

MAX_KEYS = 24
"""The keys of a mapping are listed in a message if there are at most this many."""

_SIZES = frozenset({"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"})
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})


def file_errors(data: Any, name: str, whole: str) -> list[tuple[Path, str]]:
    """Return the errors of a file's data under the schema that ships as ``name``: see ``value_errors``."""
    return _describe_all(_shipped_validator(name), data, whole)


def value_errors(value: Any, schema: Any, whole: str = "the value") -> list[tuple[Path, str]]:
    """Return the errors of a value under a schema, each with its path in the value.

    A message says what is wrong and what to do, as a clause without a final period. ``whole`` is the subject of the
    messages about the value itself.
    """
    from jsonschema import Draft202012Validator

    return _describe_all(Draft202012Validator(schema), value, whole)


@cache
def _shipped_validator(name: str) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(read_schema(name)))


def _describe_all(validator: Validator, value: Any, whole: str) -> list[tuple[Path, str]]:
    errors = list(validator.iter_errors(value))
    patterns = {tuple(error.absolute_path) for error in errors if error.validator == "pattern"}
    described = (
        message
        for error in errors
        # The description of a pattern covers the length too.
        if error.validator != "maxLength" or tuple(error.absolute_path) not in patterns
        for message in _describe(error, whole)
    )
    return list(dict.fromkeys((path, visible(message)) for path, message in described))


def _describe(error: ValidationError, whole: str) -> Iterator[tuple[Path, str]]:
    """Yield the path and the message of each fault that a validation error stands for."""
    path: Path = tuple(error.absolute_path)
    name = f"'{dotted(path)}'" if path else whole
    keyword = str(error.validator)
    argument: Any = error.validator_value
    value: Any = error.instance
    failed: Any = error.schema
    description = failed.get("description") if isinstance(failed, dict) else None
    if keyword == "additionalProperties" and argument is False:
        known = failed.get("properties", {})
        for key in sorted(value.keys() - known.keys(), key=str):
            hint = did_you_mean(key, known, AS_CLAUSE) or _list_keys(known)
            yield (*path, key), f"unknown key {_show(key)}{hint}"
    elif keyword == "required":
        yield from ((path, f"{name} lacks '{key}'; add it") for key in argument if key not in value)
    elif "propertyNames" in error.absolute_schema_path:
        yield (*path, value), f"the key {_show(value)} in {name} is not valid{_must_be(description)}"
    elif keyword in ("type", "enum") and value is None:
        yield path, f"{name} has no value; give one or remove the key"
    elif keyword == "type":
        yield path, _wrong_type(name, value, argument)
    elif keyword == "enum":
        hint = did_you_mean(value, map(str, argument), IN_BRACKETS)
        yield path, f"{name} is {_show(value)}; it must be {expected(keyword, argument)}{hint}"
    elif keyword in _SIZES and not value:
        yield path, f"{name} is empty; fill it in or remove it"
    elif keyword in _SIZES:
        yield path, f"{name} is {_show(value)}; it must have {expected(keyword, argument)}"
    elif keyword in _BOUNDS:
        yield path, f"{name} is {_show(value)}; it must be {expected(keyword, argument)}"
    elif keyword == "uniqueItems":
        yield path, f"{name} has the same item twice; remove one"
    elif keyword == "pattern" and description:
        yield path, f"{name} is {_show(value)}{_must_be(description)}"
    elif description:
        yield path, description.rstrip(".")
    else:
        yield path, f"{name} is not valid: {shorten(error.message)}"


def _must_be(description: str | None) -> str:
    """Return the clause of a pattern's description. Descriptions of patterns say what the value must be."""
    return f"; it must be {description}" if description else ""


def _wrong_type(name: str, value: Any, argument: Any) -> str:
    if argument == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{name} is a number; write it in quotes"
    if argument == "array" and isinstance(value, str):
        return f"{name} is {_show(value)}; it must be a list: [{shorten(value)}]"
    return f"{name} is {_show(value)}; it must be {expected('type', argument)}"


def _list_keys(known: Any) -> str:
    return f"; the known keys are {', '.join(sorted(known))}" if 0 < len(known) <= MAX_KEYS else ""


def _show(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return show(value)
