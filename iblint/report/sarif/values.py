"""Small values of a SARIF log, in the spelling that its readers ask for. Plain functions, no object model."""

from __future__ import annotations

import re
from collections.abc import Set

from iblint.model.path import from_pointer
from iblint.model.resource import dotted
from iblint.model.rule import Rule
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")
_IN_GENERAL = {
    "field": "the field",
    "key": "the key",
    "actual": "the value",
    "expected": "what is expected",
    "suggestion": "",
    "configuration": "the configuration",
}
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:(a|b|rc)(\d+))?(?:\.dev(\d+))?")


def to_plain(value: Any, always: Set[tuple[type, str]]) -> Any:
    """Turn objects of the SARIF object model into what JSON holds.

    Properties that are None or have their default are left out, because the model's defaults (``rank: -1``) are not all
    defaults of readers; those in ``always`` (class, attribute) are written whatever they are.
    """
    fields = getattr(type(value), "__attrs_attrs__", None)
    if fields is not None:
        plain = {}
        for field in fields:
            item = getattr(value, field.name)
            default = field.default.factory() if hasattr(field.default, "factory") else field.default
            if item is not None and (item != default or (type(value), field.name) in always):
                plain[field.metadata["schema_property_name"]] = to_plain(item, always)
        return plain
    if isinstance(value, dict):
        return {key: to_plain(item, always) for key, item in value.items()}
    if isinstance(value, list):
        return [to_plain(item, always) for item in value]
    return value


def semantic_version(version: str) -> str | None:
    """A Python version as a semantic one: ``1.0rc1`` is ``1.0.0-rc.1``; None for one that has no counterpart."""
    match = _VERSION.fullmatch(version)
    if not match:
        return None
    major, minor, patch, phase, number, dev = match.groups()
    labels = {"a": "alpha", "b": "beta", "rc": "rc"}
    pre = [f"{labels[phase]}.{number}"] if phase else []
    pre += [f"dev.{dev}"] if dev else []
    return f"{major}.{minor}.{patch or 0}" + (f"-{'.'.join(pre)}" if pre else "")


def pascal_case(name: str) -> str:
    """``imdsv2-required`` -> ``Imdsv2Required``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def in_general(template: str, rule: Rule) -> str:
    """A rule's template said of any configuration: ``{/instanceTypes}`` -> ``instanceTypes``, options as by default."""
    defaults = {f"option:{option.name}": show(option.default) for option in rule.options}

    def replace(match: re.Match[str]) -> str:
        whole, name = match.group(0), match.group(1)
        if whole in ("{{", "}}"):
            return whole[0]
        if name.startswith("/"):
            return dotted(from_pointer(name))
        return defaults.get(name, _IN_GENERAL.get(name, whole))

    return _PLACEHOLDER.sub(replace, template).strip()
