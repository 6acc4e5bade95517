"""Validate the rule files of a pack and compile them: JSON data with what a run needs, without prose and examples.

The build of the wheel, the cache of custom packs and a checkout all use ``compile_pack``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from iblint.logic.compiler import SchemaError, compile_schema, substitute_options
from iblint.model.path import from_pointer
from iblint.model.resource import ORIGINS
from iblint.model.rule import CORE, FORMER_CORE
from iblint.packs.authoring.reader import PACK_FILE, PackErrors, PackFiles, RawFile, RawPack, parse_pack
from iblint.packs.authoring.request_rules import Area, of_update, project, refused_by_update
from iblint.packs.compiled import BUILTIN, BUILTIN_PREFIX, FORMAT
from iblint.packs.select import CORE_TAGS
from iblint.schemas import read_schema
from iblint.schemas.errors import file_errors, value_errors
from iblint.text.templates import wrong_placeholders
from iblint.text.wording import AS_CLAUSE, did_you_mean
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RESERVED = frozenset({"default", "all", FORMER_CORE})
"""Selectors that may not be the name or an alias of a rule. ``core`` is not reserved: packs for 0.1.0 may use it."""

FAULT_KEYS = frozenset({"message", "help", "severity", "path", "locate"})


def compile_pack(files: PackFiles, *, builtin: bool = False) -> dict[str, Any]:
    """Compile a pack to JSON data, which ``compiled.to_pack`` reads.

    The schemas of all rules are compiled once, to check them. Patterns of the built-in pack may go beyond the linear
    subset. Raises RulePackError with all errors in the pack, each with file and line.
    """
    errors = PackErrors()
    raw = parse_pack(files, errors)
    pack = _pack(raw, files, errors, builtin)
    valid = [rule for rule in raw.rules if validate(rule, "rule", errors)]
    rules = [compile_rule(rule, pack, errors) for rule in valid]
    for file, rule in zip(valid, rules, strict=True):
        _check_schema(file, rule, errors, trusted=builtin)
    _check_duplicates([r for r in raw.rules if "code" in r.data and "name" in r.data], errors)
    errors.raise_any()
    return {"format": FORMAT, "pack": pack, "rules": sorted(rules, key=lambda rule: str(rule["code"]))}


def validate(raw: RawFile, schema: str, errors: PackErrors) -> bool:
    """Return whether a file meets the schema ``rule`` or ``pack``, and add to ``errors`` if it does not."""
    found = file_errors(raw.data, schema, "the file")
    for path, message in found:
        errors.add(raw.file, raw.line(path), message)
    return not found


def _pack(raw: RawPack, files: PackFiles, errors: PackErrors, builtin: bool) -> dict[str, Any]:
    """Return what a run needs of pack.yaml. A pack without one is named after its folder."""
    meta: Mapping[str, Any] = {}
    if raw.meta is not None and validate(raw.meta, "pack", errors):
        meta = raw.meta.data
    name = str(meta.get("name") or _slug(files.name))
    prefix = str(meta.get("code-prefix", ""))
    if not builtin and (name == BUILTIN or prefix.startswith(BUILTIN_PREFIX)):
        reserved = f"the name '{BUILTIN}' and the prefix {BUILTIN_PREFIX} belong to the built-in pack"
        errors.add(f"{files.shown}/{PACK_FILE}", 1, f"{reserved}; choose others in pack.yaml")
    return {
        "name": name,
        "version": __version__ if builtin else str(meta.get("version", "0")),
        "digest": files.digest,
        "url": str(meta.get("url", "")),
        "prefix": prefix,
        "groups": dict(meta.get("groups", {})),
        "profiles": dict(meta.get("profiles", {})),
        "builtin": builtin,
    }


def _slug(folder: str) -> str:
    """Return the name of a pack for the name of its folder."""
    return re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-") or "rules"


def compile_rule(raw: RawFile, pack: Mapping[str, Any], errors: PackErrors) -> dict[str, Any]:
    """Compile one rule file that meets the schema."""
    data = raw.data
    _check_names(raw, pack, errors)
    _check_options(raw, errors)
    _check_templates(raw, errors)
    at = _as_list(data.get("at", []))
    return {
        "code": data["code"],
        "name": data["name"],
        "title": data["title"],
        "group": group_of(raw, pack),
        "severity": data["severity"],
        "status": data["status"],
        "since": data["since"],
        "tags": data["tags"],
        "aliases": data.get("aliases", []),
        "enabled": data["enabled"],
        "core": _is_core(data),
        "report_unknown": data["unknown"] == "report",
        "at": at,
        "absent": _absent(data["absent"]) if at else {},
        "schema": _schema(raw, errors),
        "update_schema": _update_schema(raw),
        "check": data.get("check"),
        "reads": data.get("reads", []),
        "needs_siblings": data.get("needs") == "siblings",
        "needs_readings": data.get("needs") == "readings",
        "message": data.get("message", "").strip(),
        "remediation": data["remediation"].strip(),
        "options": [{"name": name, **spec} for name, spec in data.get("options", {}).items()],
        "fix": data.get("fix"),
        "url": pack["url"].replace("{code}", data["code"]).replace("{name}", data["name"]),
    }


def group_of(raw: RawFile, pack: Mapping[str, Any]) -> str:
    """Return the folder of the rule file, or the name of the pack for a file directly in its folder."""
    folder, slash, _ = raw.name.partition("/")
    return folder if slash else str(pack["name"])


def _check_names(raw: RawFile, pack: Mapping[str, Any], errors: PackErrors) -> None:
    """Check that file name, code, group and labels agree with each other and with the pack."""
    code, name, prefix = raw.data["code"], raw.data["name"], pack["prefix"]

    def error(key: str, message: str) -> None:
        errors.add(raw.file, raw.line((key,)), message)

    expected = f"{code}-{name}.yaml"
    if raw.name.rpartition("/")[2] != expected:
        error("code", f"the file of {code} {name} must be named {expected}; rename it")
    if not code.startswith(prefix):
        error("code", f"codes of the pack {pack['name']} must begin with {prefix}; renumber the rule")
    if code.startswith(BUILTIN_PREFIX) and not pack["builtin"]:
        error("code", f"codes that begin with {BUILTIN_PREFIX} belong to the built-in pack; choose another prefix")
    for key in _CORE_KEYS:
        if raw.data.get(key) and not pack["builtin"]:
            error(key, f"only the built-in pack has core rules; remove '{key}'")
    group = group_of(raw, pack)
    if pack["groups"] and "/" in raw.name and group not in pack["groups"]:
        error("", f"pack.yaml has no group '{group}'; add it{did_you_mean(group, pack['groups'], AS_CLAUSE)}")
    for key in ("name", "tags", "aliases"):
        reserved = RESERVED - CORE_TAGS if key == "tags" else RESERVED
        for word in reserved.intersection(_as_list(raw.data.get(key, []))):
            error(key, f"'{word}' is a reserved selector; choose another word")


_CORE_KEYS = (CORE, FORMER_CORE)
"""The key of core rules in rule files, and its former name."""


def _is_core(data: Mapping[str, Any]) -> bool:
    return any(data.get(key, False) for key in _CORE_KEYS)


def _check_options(raw: RawFile, errors: PackErrors) -> None:
    """Check that defaults meet the schemas of their options."""
    for name, spec in raw.data.get("options", {}).items():
        for _, message in value_errors(spec["default"], spec["schema"]):
            line = raw.line(("options", name, "default"))
            errors.add(raw.file, line, f"the default of the option '{name}' is wrong: {message}")


def option_references(schema_part: Any) -> Iterator[str]:
    """Yield the names in all ``{$option: NAME}`` of a schema."""
    if isinstance(schema_part, Mapping):
        if set(schema_part) == {"$option"}:
            yield str(schema_part["$option"])
            return
        for part in schema_part.values():
            yield from option_references(part)
    elif isinstance(schema_part, list):
        for part in schema_part:
            yield from option_references(part)


def templates_of(data: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every template of a rule file, with the path of its key."""
    yield ("remediation",), data["remediation"]
    if "message" in data:
        yield ("message",), data["message"]
    absent = data.get("absent")
    for origin, meaning in absent.items() if isinstance(absent, Mapping) else ():
        if isinstance(meaning, Mapping) and "message" in meaning:
            yield ("absent", origin), meaning["message"]
    for fault in _faults(data.get("schema")):
        yield from ((("schema",), fault[key]) for key in ("message", "help") if key in fault)


def _faults(schema_part: Any) -> Iterator[Mapping[str, str]]:
    """Yield the ``fault:`` annotations in a schema and its subschemas."""
    if isinstance(schema_part, Mapping):
        for key, part in schema_part.items():
            if key == "fault" and isinstance(part, Mapping) and part.keys() <= FAULT_KEYS:
                yield part
            elif key not in ("const", "enum"):
                yield from _faults(part)
    elif isinstance(schema_part, list):
        for part in schema_part:
            yield from _faults(part)


def _check_templates(raw: RawFile, errors: PackErrors) -> None:
    for key, template in templates_of(raw.data):
        for message in wrong_placeholders(template, raw.data.get("options", {})):
            errors.add(raw.file, raw.line(key), f"in '{key[0]}': {message}")


def _absent(absent: Any) -> dict[str, Any]:
    """Return the meaning of absence by origin. The verdict None leaves it to the schema or the check."""
    words = absent if isinstance(absent, Mapping) else dict.fromkeys(ORIGINS, absent)
    meanings = {origin: word if isinstance(word, Mapping) else {"verdict": word} for origin, word in words.items()}
    return {
        origin: {"verdict": None if m["verdict"] == "judged" else m["verdict"], "message": m.get("message")}
        for origin, m in meanings.items()
    }


def _schema(raw: RawFile, errors: PackErrors) -> Any:
    """Return the rule's schema, which for ``request:`` is a part of the request schema; None for a check."""
    request = raw.data.get("request")
    if request is None:
        return raw.data.get("schema")
    area = Area(request.get("paths", []), request.get("except", []))
    projected = project(json.loads(read_schema("request")), request["keywords"], area)
    if not projected:
        what = "the request schema has none of these keywords at these paths; correct 'keywords' or 'paths'"
        errors.add(raw.file, raw.line(("request",)), what)
    return projected


def _update_schema(raw: RawFile) -> Any:
    """Return the schema of a ``request:`` rule for update requests; None if it is the same as for create requests."""
    request = raw.data.get("request")
    if request is None:
        return None
    area = Area(request.get("paths", []), request.get("except", []))
    create = json.loads(read_schema("request"))
    projected = project(of_update(create), request["keywords"], area)
    if projected.get("additionalProperties") is False:
        projected["properties"] |= refused_by_update(create)
    return None if projected == project(create, request["keywords"], area) else projected


def _check_schema(raw: RawFile, rule: Mapping[str, Any], errors: PackErrors, *, trusted: bool) -> None:
    """Check that the evaluator supports the schema of a rule, with the defaults of its options."""
    if rule["schema"] is None:
        return
    try:
        defaults = {option["name"]: option["default"] for option in rule["options"]}
        for schema in filter(None, (rule["schema"], rule["update_schema"])):
            compile_schema(substitute_options(schema, defaults), trusted=trusted)
    except SchemaError as error:
        path = ("request",) if "request" in raw.data else ("schema", *from_pointer(error.pointer))
        errors.add(raw.file, raw.line(path), error.reason)


def _check_duplicates(rules: list[RawFile], errors: PackErrors) -> None:
    """Check that codes, names and aliases belong to one rule each."""
    owners: dict[str, str] = {}
    for raw in rules:
        for label in [raw.data["code"], raw.data["name"], *_as_list(raw.data.get("aliases", []))]:
            if not isinstance(label, str):
                continue
            if label in owners:
                errors.add(raw.file, 1, f"'{label}' already belongs to {owners[label]}; choose another")
            owners[label] = raw.file


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
