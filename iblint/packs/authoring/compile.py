"""Rule files -> the compiled pack: JSON that holds what a run needs, without prose and examples.

The wheel's build, the cache of custom packs and a bare checkout all use this one function.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from iblint.model.path import Path
from iblint.model.resource import ORIGINS
from iblint.packs.authoring.errors import Complaints
from iblint.packs.authoring.reader import PACK_FILE, PackFiles, RawFile, RawPack, parse_pack
from iblint.packs.authoring.request_rules import Area, project
from iblint.packs.authoring.templates import wrong_placeholders
from iblint.packs.authoring.validate import validate, value_errors
from iblint.packs.compiled import BUILTIN, BUILTIN_PREFIX, FORMAT
from iblint.schemas import read_schema
from iblint.text.wording import AS_CLAUSE, did_you_mean
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

RESERVED = frozenset({"default", "all", "mission"})
"""Selectors that no rule, group or tag may be named."""

FAULT_KEYS = frozenset({"message", "help", "severity", "path", "locate"})


Refusal: TypeAlias = "Callable[[Any, Mapping[str, Any]], tuple[Path, str] | None]"
"""Says of a schema and the defaults of its options why no rule can be judged by it: where in the schema, and what."""


def compile_pack(files: PackFiles, *, builtin: bool = False, refusal: Refusal | None = None) -> dict[str, Any]:
    """Compile a pack; the result is JSON data that ``compiled.to_rules`` reads.

    ``refusal`` looks at the schema of every rule, whether the rule will be selected or not; None trusts them.

    Raises RulePackError with everything that is wrong in the pack, each with file and line.
    """
    complaints = Complaints()
    raw = parse_pack(files, complaints)
    pack = _pack(raw, files, complaints, builtin)
    valid = [rule for rule in raw.rules if validate(rule, "rule", complaints)]
    rules = [compile_rule(rule, pack, complaints) for rule in valid]
    if refusal is not None:
        for written, rule in zip(valid, rules, strict=True):
            _refuse_schema(written, rule, refusal, complaints)
    _refuse_doubles([r for r in raw.rules if "code" in r.data and "name" in r.data], complaints)
    complaints.raise_any()
    return {"format": FORMAT, "pack": pack, "rules": sorted(rules, key=lambda rule: str(rule["code"]))}


def _pack(raw: RawPack, files: PackFiles, complaints: Complaints, builtin: bool) -> dict[str, Any]:
    """What a run needs of pack.yaml; a folder without one is a pack named after the folder."""
    meta: Mapping[str, Any] = {}
    if raw.meta is not None and validate(raw.meta, "pack", complaints):
        meta = raw.meta.data
    name = str(meta.get("name") or _slug(files.name))
    prefix = str(meta.get("code-prefix", ""))
    if not builtin and (name == BUILTIN or prefix.startswith(BUILTIN_PREFIX)):
        what = f"the name '{BUILTIN}' and the prefix {BUILTIN_PREFIX} are the built-in pack's; give others in pack.yaml"
        complaints.add(f"{files.shown}/{PACK_FILE}", 1, what)
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
    """The name of a pack that has only the name of its folder."""
    return re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-") or "rules"


def compile_rule(raw: RawFile, pack: Mapping[str, Any], complaints: Complaints) -> dict[str, Any]:
    """Compile one rule file that meets the schema of rule files."""
    data = raw.data
    _check_names(raw, pack, complaints)
    _check_options(raw, complaints)
    _check_templates(raw, complaints)
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
        "mission": data.get("mission", False),
        "report_unknown": data["unknown"] == "report",
        "at": at,
        "absent": _absent(data["absent"]) if at else {},
        "schema": _schema(raw, complaints),
        "check": data.get("check"),
        "reads": data.get("reads", []),
        "needs_siblings": data.get("needs") == "siblings",
        "message": data.get("message", "").strip(),
        "remediation": data["remediation"].strip(),
        "options": [{"name": name, **spec} for name, spec in data.get("options", {}).items()],
        "fix": data.get("fix"),
        "url": pack["url"].replace("{code}", data["code"]).replace("{name}", data["name"]),
    }


def group_of(raw: RawFile, pack: Mapping[str, Any]) -> str:
    """The folder of the rule file; the pack's name for a file directly in the pack's folder."""
    folder, slash, _ = raw.name.partition("/")
    return folder if slash else str(pack["name"])


def _check_names(raw: RawFile, pack: Mapping[str, Any], complaints: Complaints) -> None:
    """File name, code, group and words agree with each other and with the pack."""
    code, name, prefix = raw.data["code"], raw.data["name"], pack["prefix"]

    def complain(key: str, message: str) -> None:
        complaints.add(raw.file, raw.line((key,)), message)

    wanted = f"{code}-{name}.yaml"
    if raw.name.rpartition("/")[2] != wanted:
        complain("code", f"the file of {code} {name} must be named {wanted}; rename it")
    if not code.startswith(prefix):
        complain("code", f"codes of the pack {pack['name']} begin with {prefix}; renumber the rule")
    if code.startswith(BUILTIN_PREFIX) and not pack["builtin"]:
        complain("code", f"codes that begin with {BUILTIN_PREFIX} are the built-in pack's; choose another prefix")
    if raw.data.get("mission") and not pack["builtin"]:
        complain("mission", "only the built-in pack has mission rules; remove 'mission'")
    group = group_of(raw, pack)
    if pack["groups"] and "/" in raw.name and group not in pack["groups"]:
        complain("", f"pack.yaml has no group '{group}'; add it there{did_you_mean(group, pack['groups'], AS_CLAUSE)}")
    for key in ("name", "tags", "aliases"):
        own = {"mission"} if raw.data.get("mission") and key == "tags" else set()
        for word in (RESERVED - own).intersection(_as_list(raw.data.get(key, []))):
            complain(key, f"'{word}' is a selector of its own; choose another word")


def _check_options(raw: RawFile, complaints: Complaints) -> None:
    """Defaults meet the schemas of their options, and options that are referred to are declared."""
    options = raw.data.get("options", {})
    for name, spec in options.items():
        for error in value_errors(spec["default"], spec["schema"]):
            line = raw.line(("options", name, "default"))
            complaints.add(raw.file, line, f"the default of the option '{name}': {error}")
    for name in option_references(raw.data.get("schema")):
        if name not in options:
            what = f"$option names '{name}', which the rule does not declare{did_you_mean(name, options, AS_CLAUSE)}"
            complaints.add(raw.file, raw.line(("schema",)), what)


def option_references(schema_part: Any) -> Iterator[str]:
    """The names in all ``{$option: NAME}`` of a schema."""
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
    """Every template of a rule file, with the key that it stands below."""
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
    """The ``fault:`` annotations of a schema, wherever schemas stand in it."""
    if isinstance(schema_part, Mapping):
        for key, part in schema_part.items():
            if key == "fault" and isinstance(part, Mapping) and part.keys() <= FAULT_KEYS:
                yield part
            elif key not in ("const", "enum"):
                yield from _faults(part)
    elif isinstance(schema_part, list):
        for part in schema_part:
            yield from _faults(part)


def _check_templates(raw: RawFile, complaints: Complaints) -> None:
    for key, template in templates_of(raw.data):
        for wrong in wrong_placeholders(template, raw.data.get("options", {})):
            complaints.add(raw.file, raw.line(key), f"in '{key[0]}': {wrong}")


def _absent(absent: Any) -> dict[str, Any]:
    """Meaning by origin; the verdict None leaves it to the schema or the check."""
    words = absent if isinstance(absent, Mapping) else dict.fromkeys(ORIGINS, absent)
    meanings = {origin: word if isinstance(word, Mapping) else {"verdict": word} for origin, word in words.items()}
    return {
        origin: {"verdict": None if m["verdict"] == "judged" else m["verdict"], "message": m.get("message")}
        for origin, m in meanings.items()
    }


def _schema(raw: RawFile, complaints: Complaints) -> Any:
    """The rule's schema; for ``request:`` the part of the request schema that it names; None for a check."""
    request = raw.data.get("request")
    if request is None:
        return raw.data.get("schema")
    area = Area(request.get("paths", []), request.get("except", []))
    projected = project(json.loads(read_schema("request")), request["keywords"], area)
    if not projected:
        what = "the request schema has none of these keywords at these paths; correct 'keywords' or 'paths'"
        complaints.add(raw.file, raw.line(("request",)), what)
    return projected


def _refuse_schema(raw: RawFile, rule: Mapping[str, Any], refusal: Refusal, complaints: Complaints) -> None:
    """Complain of a schema that no rule can be judged by, at its line."""
    options = {option["name"]: option["default"] for option in rule["options"]}
    refused = None if rule["schema"] is None else refusal(rule["schema"], options)
    if refused is not None:
        place, what = refused
        complaints.add(raw.file, raw.line(("request",) if "request" in raw.data else ("schema", *place)), what)


def _refuse_doubles(rules: list[RawFile], complaints: Complaints) -> None:
    """Codes, names and aliases belong to one rule each."""
    owners: dict[str, str] = {}
    for raw in rules:
        for label in [raw.data["code"], raw.data["name"], *_as_list(raw.data.get("aliases", []))]:
            if not isinstance(label, str):
                continue
            if label in owners:
                complaints.add(raw.file, 1, f"'{label}' belongs to {owners[label]} already; choose another")
            owners[label] = raw.file


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
