"""The configuration against its JSON Schema, with every error as ``file:line: what is wrong; what to do``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from iblint.config.read import Content
from iblint.discovery.globs import compile_globs
from iblint.model.errors import ConfigError
from iblint.model.path import Path
from iblint.model.resource import dotted
from iblint.schemas import read_schema
from iblint.text.safe import visible
from iblint.text.wording import did_you_mean, shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from jsonschema import ValidationError

_KINDS = {
    "string": "text",
    "array": "a list",
    "object": "a mapping",
    "boolean": "true or false",
}


def validate(content: Content, accepts: Callable[[Any, Any], bool] | None = None) -> None:
    """Check a configuration. Raises ConfigError that lists every error, in the order of the file.

    ``accepts`` may say beforehand that the configuration meets the schema.
    """
    schema = json.loads(read_schema("config"))
    accepted = accepts is not None and accepts(schema, content.data)
    found = ([] if accepted else _faults(schema, content.data)) or list(_bad_globs(content.data))
    if found:
        lines = sorted({(content.line(path), message) for path, message in found})
        raise ConfigError("\n".join(f"{content.shown}:{line}: {message}" for line, message in lines))


def _faults(schema: Any, data: Any) -> list[tuple[Path, str]]:
    from jsonschema import Draft202012Validator

    return [fault for error in Draft202012Validator(schema).iter_errors(data) for fault in _explain(error)]


def _explain(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """The faults of one error. Every pattern of the schema stands beside a description, which says what must be."""
    path: Path = tuple(error.absolute_path)
    name = f"'{dotted(path)}'"
    value: Any = error.instance
    argument: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            known = schema["properties"]
            for key in sorted(value.keys() - known.keys()):
                hint = did_you_mean(key, known) or f" The keys here are: {', '.join(sorted(known))}."
                yield (*path, key), f"Unknown key {_show(key)}.{hint}"
        case "required":
            missing = next(key for key in argument if key not in value)
            yield path, f"{name} lacks '{missing}'; add it."
        case "type" | "enum" if value is None:
            yield path, f"{name} has no value; give one or remove the key."
        case "type":
            yield path, _wrong_type(name, value, argument)
        case "enum":
            hint = did_you_mean(value, argument)
            yield path, f"{name} is {_show(value)}; it must be one of: {', '.join(argument)}.{hint}"
        case "minItems" | "minProperties" | "minLength":
            yield path, f"{name} is empty; fill it in or remove it."
        case _ if "propertyNames" in error.absolute_schema_path:
            yield (*path, value), f"The key {_show(value)} in {name} is not valid; it must be {schema['description']}."
        case _:
            yield path, f"{name} is {_show(value)}; it must be {schema['description']}."


def _wrong_type(name: str, value: Any, kind: str) -> str:
    if kind == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{name} is a number; write it in quotes."
    if kind == "array" and isinstance(value, str):
        return f"{name} is {_show(value)}; it must be a list: [{value}]."
    return f"{name} is {_show(value)}; it must be {_KINDS[kind]}."


def _show(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = f"'{value}'" if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return visible(shorten(text))


def _bad_globs(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Globs that git would not accept; looked at once the shape is known to be right."""
    lists: list[tuple[Path, list[str]]] = [((key,), data.get(key, [])) for key in ("include", "exclude")]
    lists += [(("overrides", index, "files"), item["files"]) for index, item in enumerate(data.get("overrides", []))]
    for path, globs in lists:
        for index, glob in enumerate(globs):
            try:
                compile_globs([glob])
            except ValueError:
                place = (*path, index)
                yield (
                    place,
                    f"'{dotted(place)}' is {_show(glob)}; it must be a glob as in a .gitignore, with few stars.",
                )
