"""Rules as ``iblint rules`` and ``iblint explain`` print them for other programs."""

from __future__ import annotations

from iblint.model.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def describe(rule: Rule) -> dict[str, Any]:
    """A rule as JSON. New keys may be added, none is renamed or removed."""
    return {
        "code": rule.code,
        "name": rule.name,
        "title": rule.title,
        "group": rule.group,
        "severity": rule.severity.value,
        "status": rule.status,
        "enabled": rule.enabled,
        "core": rule.core,
        "mission": rule.core,  # its name in 0.1.0
        "tags": list(rule.tags),
        "aliases": list(rule.aliases),
        "pack": rule.pack,
        "url": rule.url,
        "since": rule.since,
        "options": [
            {"name": o.name, "description": o.description.strip(), "schema": o.schema, "default": o.default}
            for o in rule.options
        ],
    }
