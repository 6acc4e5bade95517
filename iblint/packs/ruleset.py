"""The rules of a run: the packs that the settings name, loaded and combined."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping

from iblint.model.errors import RulePackError, UsageError
from iblint.model.record import Record, field
from iblint.model.rule import FORMER_CORE, PackInfo, Rule
from iblint.model.settings import Settings
from iblint.packs.compiled import SourcedPack, to_pack
from iblint.packs.locations import builtin_rules, compiled_rules
from iblint.packs.select import no_such_rule
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.packs.python_checks import Check


class RuleSet(Record):
    """The rules of a run, sorted by code, and their packs."""

    rules: tuple[Rule, ...]
    packs: tuple[PackInfo, ...]
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Profile -> settings, in the keys of ``.iblint.yaml``."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Group -> its description in one line; groups without a description are missing."""
    sources: Mapping[str, SourcedPack] = field(default_factory=dict)
    """Pack -> the loaded pack with its folder."""

    def find(self, label: str) -> Rule:
        """Return the rule with a code (in any case), name or alias.

        Raises UsageError, with the nearest name, if there is none.
        """
        for rule in self.rules:
            if not {label, label.upper()}.isdisjoint((rule.code, rule.name, *rule.aliases)):
                return rule
        raise UsageError(no_such_rule(self.rules, label))

    def resolve_check(self, rule: Rule) -> Check:
        """Return the function of a rule's check. Raises RulePackError if it cannot be loaded."""
        from iblint.packs.python_checks import resolve_check

        return resolve_check(rule)


def load_packs(settings: Settings) -> RuleSet:
    """Load the built-in pack, and the folders and installed packs that the settings name.

    Every schema of a custom rule is compiled once for each change of its pack, whether the rule is selected or not.
    Raises RulePackError if anything in a pack is wrong: a run never has fewer rules than the settings name.
    """
    packs = [load_builtin()]
    if settings.rules:
        packs += _load_folders(settings)
    if settings.packs:
        packs += _load_distributions(settings)
    return combine(packs)


def _load_folders(settings: Settings) -> Iterator[SourcedPack]:
    from iblint.packs.authoring.reader import NotAPackError
    from iblint.packs.folders import load_folder

    seen: set[str] = set()
    for index, path in enumerate(settings.rules):
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        try:
            yield load_folder(path)
        except NotAPackError as error:  # other errors have the place in the rule file
            raise RulePackError(f"{settings.place(('rules', index))}{error}") from None


def _load_distributions(settings: Settings) -> Iterator[SourcedPack]:
    from iblint.packs.installed import load_distribution

    for name in dict.fromkeys(settings.packs):
        try:
            yield load_distribution(name)
        except RulePackError as error:
            raise RulePackError(f"{settings.place(('packs', settings.packs.index(name)))}{error}") from error


def load_builtin() -> SourcedPack:
    """Load the built-in pack: as compiled in the wheel, or in a checkout compiled once for each change of it."""
    compiled = compiled_rules()
    if compiled is not None:
        content = json.loads(compiled)
        if content["pack"]["version"] == __version__:
            return SourcedPack(to_pack(content), None, "rules")
    from iblint.packs.authoring.reader import read_pack
    from iblint.packs.cache import load_compiled

    return SourcedPack(load_compiled(read_pack(builtin_rules(), "rules"), builtin=True), None, "rules")


def combine(packs: Iterable[SourcedPack]) -> RuleSet:
    """Combine packs. Raises RulePackError if two of them use the same name, code, alias or profile."""
    sources: dict[str, SourcedPack] = {}
    owners: dict[str, str] = {}
    profiles: dict[str, Mapping[str, Any]] = {}
    groups: dict[str, str] = {}
    for sourced in packs:
        pack = sourced.pack
        name = pack.info.name
        if name in sources:
            raise RulePackError(f"{sourced.shown}: another pack is named '{name}' too; rename it in its pack.yaml.")
        sources[name] = sourced
        for rule in pack.rules:
            for label in (rule.code, rule.name, *rule.aliases):
                if label in owners:
                    raise RulePackError(
                        f"{sourced.shown}: '{label}' already belongs to the pack {owners[label]}; rename the rule."
                    )
        owners |= {label: name for rule in pack.rules for label in (rule.code, rule.name, *rule.aliases)}
        for profile in pack.profiles.keys() & {*profiles, FORMER_CORE}:
            raise RulePackError(f"{sourced.shown}: another pack has a profile '{profile}' too; rename this one.")
        profiles |= pack.profiles
        groups = {**pack.groups, **groups}
    rules = sorted((rule for s in sources.values() for rule in s.pack.rules), key=lambda rule: rule.code)
    return RuleSet(tuple(rules), tuple(s.pack.info for s in sources.values()), profiles, groups, sources)
