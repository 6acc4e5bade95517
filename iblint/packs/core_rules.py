"""The mission rules at the gate: nothing that a configuration file or a command line says takes them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from iblint.model.record import replace
from iblint.model.rule import Rule
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Severity
from iblint.packs.select import select

ALWAYS = ("mission", "live")
"""Selectors that ``plan`` and ``apply`` add to what is selected."""


def with_missions(settings: Settings, rules: Sequence[Rule]) -> Settings:
    """The settings with every mission rule selected at its own severity, everywhere, and the live rules selected.

    Raises ConfigError for a selector that no rule answers to.
    """
    named = {label for rule in rules if rule.mission for label in (rule.code, rule.name, *rule.aliases)}
    return replace(
        settings,
        select=(*settings.select, *ALWAYS),
        ignore=_without_missions(settings.ignore, rules),
        severity=_unnamed(settings.severity, named),
        overrides=tuple(_override(override, rules, named) for override in settings.overrides),
    )


def _override(override: Override, rules: Sequence[Rule], named: set[str]) -> Override:
    return replace(
        override,
        select=(*override.select, *ALWAYS) if override.select else (),
        ignore=_without_missions(override.ignore, rules),
        severity=_unnamed(override.severity, named),
    )


def _without_missions(ignore: Sequence[str], rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(rule.code for rule in select(rules, ignore) if not rule.mission)


def _unnamed(severity: Mapping[str, Severity], named: set[str]) -> Mapping[str, Severity]:
    return {label: value for label, value in severity.items() if label not in named}
