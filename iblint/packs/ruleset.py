"""All packs of a run, together."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping

from iblint.model.errors import RulePackError, UsageError
from iblint.model.record import Record, field
from iblint.model.rule import PackInfo, Rule
from iblint.model.settings import Settings
from iblint.packs.compiled import BUILTIN, LoadedPack, SourcedPack, to_pack
from iblint.packs.locations import builtin_rules, compiled_rules
from iblint.packs.select import no_such_rule
from iblint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.packs.authoring.compile import Refusal
    from iblint.packs.python_checks import Check


class RuleSet(Record):
    """The rules of a run, by code, and where they come from."""

    rules: tuple[Rule, ...]
    packs: tuple[PackInfo, ...]
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Profile -> settings, in the keys of ``.iblint.yaml``."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Group -> one line on it, or nothing."""
    sources: Mapping[str, SourcedPack] = field(default_factory=dict)
    """Pack -> its folder of rule files."""

    def find(self, label: str) -> Rule:
        """The rule of a code (in any case), name or alias. Raises UsageError, with the nearest name, without one."""
        for rule in self.rules:
            if not {label, label.upper()}.isdisjoint((rule.code, rule.name, *rule.aliases)):
                return rule
        raise UsageError(no_such_rule(self.rules, label))

    def resolve_check(self, rule: Rule) -> Check:
        """The function of a rule's check. Raises RulePackError when it cannot be loaded."""
        from iblint.packs.python_checks import resolve_check

        return resolve_check(rule)


def load_packs(settings: Settings, refusal: Refusal | None = None) -> RuleSet:
    """Load the built-in pack, the folders and the installed packs that the settings name.

    ``refusal`` is asked of the schema of every rule that is not built in (see ``compile.compile_pack``).

    Raises RulePackError when any of them is wrong: a run never goes on with fewer rules than were asked for.
    """
    packs = [load_builtin()]
    if settings.rules:
        packs += _folders(settings, refusal)
    if settings.packs:
        packs += _distributions(settings, refusal)
    return combine(packs)


def _folders(settings: Settings, refusal: Refusal | None) -> Iterator[SourcedPack]:
    from iblint.packs.authoring.reader import NoPack
    from iblint.packs.folders import load_folder

    seen: set[str] = set()
    for index, path in enumerate(settings.rules):
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        try:
            yield load_folder(path, refusal)
        except NoPack as error:  # what is wrong in a folder that is one has its own file and line
            raise RulePackError(f"{settings.place(('rules', index))}{error}") from None


def _distributions(settings: Settings, refusal: Refusal | None) -> Iterator[SourcedPack]:
    from iblint.packs.installed import load_distribution

    for name in dict.fromkeys(settings.packs):
        try:
            yield load_distribution(name, refusal)
        except RulePackError as error:
            raise RulePackError(f"{settings.place(('packs', settings.packs.index(name)))}{error}") from error


def load_builtin() -> SourcedPack:
    """The built-in pack: compiled when the wheel was built; in a checkout compiled once for each change of it."""
    compiled = compiled_rules()
    if compiled is not None:
        content = json.loads(compiled)
        if content["pack"]["version"] == __version__:
            return SourcedPack(to_pack(content), None, "rules")
    from iblint.packs.authoring.compile import compile_pack
    from iblint.packs.authoring.reader import read_pack
    from iblint.packs.cache import cached

    files = read_pack(builtin_rules(), "rules")
    return SourcedPack(cached(files, lambda: compile_pack(files, builtin=True), BUILTIN), None, "rules")


def combine(packs: Iterable[SourcedPack]) -> RuleSet:
    """Put packs together. Raises RulePackError when two of them use one name, code, alias or profile."""
    sources: dict[str, SourcedPack] = {}
    owners: dict[str, str] = {}
    profiles: dict[str, Mapping[str, Any]] = {}
    groups: dict[str, str] = {}
    for sourced in packs:
        pack: LoadedPack = sourced.pack
        name = pack.info.name
        if name in sources:
            raise RulePackError(f"{sourced.shown}: another pack is named '{name}' too; name it in its pack.yaml.")
        sources[name] = sourced
        for rule in pack.rules:
            for label in (rule.code, rule.name, *rule.aliases):
                if label in owners:
                    raise RulePackError(
                        f"{sourced.shown}: '{label}' belongs to the pack {owners[label]} already; rename the rule."
                    )
        owners |= {label: name for rule in pack.rules for label in (rule.code, rule.name, *rule.aliases)}
        for profile in pack.profiles.keys() & profiles.keys():
            raise RulePackError(f"{sourced.shown}: another pack has a profile '{profile}' too; rename it.")
        profiles |= pack.profiles
        groups = {**pack.groups, **groups}
    rules = sorted((rule for s in sources.values() for rule in s.pack.rules), key=lambda rule: rule.code)
    return RuleSet(tuple(rules), tuple(s.pack.info for s in sources.values()), profiles, groups, sources)
