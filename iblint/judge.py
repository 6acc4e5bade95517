"""Judging configurations one by one: each by the rules that are selected for its file, in the world of its run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from iblint.config import overrides
from iblint.engine.build_type import resolve_build_type
from iblint.engine.choices import has_choices
from iblint.engine.evaluator import PreparedRule, prepare
from iblint.engine.prepared_rules import PreparedRules, Wrap
from iblint.findings.collect import Judged, findings_of, outcomes_of
from iblint.model.context import BuildType, Context, Facts, World
from iblint.model.errors import ConfigError
from iblint.model.record import replace
from iblint.model.references import is_alone
from iblint.model.report import Configuration, Finding, Outcomes
from iblint.model.resource import Resource
from iblint.model.rule import Rule
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Judgement
from iblint.packs import ConfiguredRule, RuleSet, configure

Result = tuple[Configuration, list[Finding]]
Ready = tuple[tuple[ConfiguredRule, ...], PreparedRules]
"""Rules made ready, with what judges by them."""

LIVE = "live"
"""The group of the rules that judge by facts from an account, and run only when there is one."""


def world_of(resources: Sequence[Resource], settings: Settings) -> World:
    """All resources of the run with what is declared for the file of each."""
    files = dict.fromkeys(resource.file for resource in resources)
    return World(tuple(resources), targets=overrides.targets_for(settings, files))


class Judge:
    """Rules made ready once for each set of settings that some file runs with."""

    def __init__(
        self,
        settings: Settings,
        ruleset: RuleSet,
        world: World,
        facts: Facts,
        wrap: Wrap | None = None,
        *,
        reasons: bool = True,
    ) -> None:
        """``wrap`` is put around whatever judges by a rule, given its code. Without ``reasons`` outcomes are untold."""
        self.settings = settings
        self.ruleset = ruleset
        self.world = world
        self.facts = facts
        self._wrap = wrap
        self._reasons = reasons
        self._ready: dict[Override | None, Ready] = {}
        self._core: list[PreparedRule] | None = None
        self._ready_for(None)  # so that wrong settings are reported even when there is nothing to judge
        for override in settings.overrides:
            self._configure(override)

    def selected(self) -> tuple[Rule, ...]:
        """Every rule that was selected for some file, by code."""
        selected = {configured.rule.code: configured.rule for rules, _ in self._ready.values() for configured in rules}
        return tuple(selected[code] for code in sorted(selected))

    def judge(self, resource: Resource) -> Result:
        """Judge one configuration by every rule selected for its file."""
        configured, prepared = ready = self._ready_for_file(resource.file)
        context = self._context(resource)
        judgements = prepared.judge(resource, context)
        configuration = Configuration(
            id=resource.id,
            name=resource.name,
            dialect=resource.dialect,
            file=resource.file,
            line=resource.span.line,
            address=f"{resource.address} ({resource.construct})" if resource.construct else resource.address,
            build_type=context.build_type.value,
            outcomes=self._outcomes(resource, ready, judgements),
        )
        judged = zip(configured, judgements, strict=True)
        return configuration, findings_of(resource, judged, strict=self.settings.strict)

    def _outcomes(self, resource: Resource, ready: Ready, judgements: Sequence[Judgement]) -> Outcomes:
        if not self._reasons:
            return Outcomes.verdicts_only([judgement.verdict for judgement in judgements])
        configured, prepared = ready
        return outcomes_of(configured, judgements, partial(prepared.reason, resource))

    def judgements(self, resource: Resource) -> list[Judged]:
        """What every rule selected for the resource's file says of it, in words."""
        configured, prepared = self._ready_for_file(resource.file)
        judged = zip(configured, prepared.rules, prepared.judge(resource, self._context(resource)), strict=True)
        return [(each, rule.with_reason(resource, resource.spec, judgement)) for each, rule, judgement in judged]

    def _context(self, resource: Resource) -> Context:
        """What a rule without options may look at besides the resource, or besides what the resource might be."""
        target = self.world.targets[resource.file]
        alone = is_alone(self.world, resource)
        build_type = self._build_type(resource)

        def judge_core_rules(resource: Resource) -> tuple[tuple[Rule, Judgement], ...]:
            plain = Context({}, target, build_type, self.world, self.facts, alone)
            choices = has_choices(resource.spec)
            return tuple((each.rule, each.judge(resource, plain, choices=choices)) for each in self._core_rules())

        return Context({}, target, build_type, self.world, self.facts, alone, judge_core_rules=judge_core_rules)

    def _core_rules(self) -> list[PreparedRule]:
        """Return the core rules, selected or not, as they are configured for all files."""
        if self._core is None:
            core = tuple(rule.code for rule in self.ruleset.rules if rule.core)
            configured = configure(self.ruleset.rules, replace(self.settings, select=core, ignore=()), None)
            self._core = [prepare(c, self.ruleset.resolve_check) for c in configured]
        return self._core

    def _build_type(self, resource: Resource) -> BuildType:
        return resolve_build_type(resource, self.world.targets[resource.file], self.world, self.facts)

    def _configure(self, override: Override | None) -> tuple[ConfiguredRule, ...]:
        configured = configure(self.ruleset.rules, self.settings, override)
        if override is not None and not configured:
            where = overrides.place_of(self.settings, override)
            raise ConfigError(
                f"{where}No rule is left for {', '.join(override.files)}: everything that is selected is ignored too. "
                "Select a rule, or leave the files out with 'exclude'."
            )
        return configured

    def _ready_for_file(self, file: str) -> Ready:
        return self._ready_for(overrides.override_for(self.settings, file))

    def _ready_for(self, override: Override | None) -> Ready:
        if override not in self._ready:
            configured = self._configure(override)
            judged = tuple(c for c in configured if self.facts.live or c.rule.group != LIVE)
            if configured and not judged:
                raise ConfigError("The rules that are selected need an account to ask. Select others, or add --live.")
            prepared = [prepare(c, self.ruleset.resolve_check) for c in judged]
            self._ready[override] = judged, PreparedRules(prepared, self._wrap)
        return self._ready[override]
