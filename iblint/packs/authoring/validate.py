"""Rule files against the JSON Schema that ships, with messages a person can act on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

from iblint.model.path import Path
from iblint.packs.authoring.errors import Complaints
from iblint.packs.authoring.reader import RawFile
from iblint.schemas import read_schema
from iblint.text.wording import AS_CLAUSE, did_you_mean, shorten, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_LIMITS = {
    "minimum": "is less than {}",
    "maximum": "is more than {}",
    "minLength": "is shorter than {} characters",
    "maxLength": "is longer than {} characters",
    "minItems": "has less than {} items",
    "maxItems": "has more than {} items",
    "minProperties": "has less than {} entries",
    "maxProperties": "has more than {} entries",
}


def validate(raw: RawFile, kind: str, complaints: Complaints) -> bool:
    """Whether a file meets the schema of its kind, ``rule`` or ``pack``; ``complaints`` says what does not."""
    errors = list(_validator(kind).iter_errors(raw.data))
    told = {tuple(error.absolute_path) for error in errors if error.validator == "pattern"}
    for error in errors:
        if error.validator == "maxLength" and tuple(error.absolute_path) in told:
            continue  # what the pattern's description says holds for the length too
        for path, message in _describe(error):
            complaints.add(raw.file, raw.line(path), message)
    return not errors


def value_errors(value: Any, value_schema: Any) -> list[str]:
    """What is wrong with the value of an option, as clauses: ``0 is less than 1``."""
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(value_schema).iter_errors(value)
    return [message for error in errors for _, message in _describe(error)]


@cache
def _validator(kind: str) -> Validator:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(read_schema(kind)))


def _describe(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """The places that an error is about, and what to say of each."""
    path: Path = tuple(error.absolute_path)
    keyword = str(error.validator)
    argument: Any = error.validator_value
    value: Any = error.instance
    failed: Mapping[str, Any] = error.schema  # type: ignore[assignment]
    where = f"'{path[-1]}' " if path and isinstance(path[-1], str) else ""
    description = failed.get("description") if isinstance(failed, dict) else None
    if keyword == "additionalProperties" and argument is False:
        known = failed.get("properties", {})
        for key in value:
            if key not in known:
                near = did_you_mean(key, known, AS_CLAUSE) or _known(known)
                yield (*path, key), f"unknown key '{shorten(key)}'{near}"
    elif keyword == "required":
        where = where or ("the item " if path else "the file ")
        yield from ((path, f"{where}lacks '{name}'") for name in argument if name not in value)
    elif keyword == "type":
        yield path, f"{where}must be {_TYPES.get(str(argument), str(argument))}, not {show(value)}"
    elif keyword == "enum":
        words = [str(word) for word in argument]
        yield path, f"{where}{show(value)} is none of {', '.join(words)}{did_you_mean(value, words, AS_CLAUSE)}"
    elif keyword in _LIMITS:
        yield path, f"{where}{show(value)} {_LIMITS[keyword].format(argument)}"
    elif keyword == "uniqueItems":
        yield path, f"{where}lists a value twice; remove one"
    elif keyword == "pattern" and description:
        yield path, f"{where}{show(value)} is not {description}"
    elif description:
        yield path, description.rstrip(".")
    else:
        yield path, f"{where}{shorten(error.message)}"


def _known(known: Any) -> str:
    return f"; known are {', '.join(known)}" if len(known) <= 12 else ""
