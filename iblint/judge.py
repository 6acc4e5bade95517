"""Judge configurations: each by the rules that are selected for its file, with the resources that it may refer to.

Rules that compare configurations of several files are aggregate rules. They are judged in two steps: ``collect`` keeps
of every configuration what they read, and when all configurations are known ``Judge.conclude`` gives the verdicts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from iblint.checks import AGGREGATE
from iblint.config import overrides
from iblint.engine.build_type import resolve_build_type
from iblint.engine.choices import has_choices
from iblint.engine.evaluator import PreparedRule, prepare
from iblint.engine.prepared_rules import PreparedRules, Wrap
from iblint.findings.collect import SHOWN, findings_of, outcomes_of
from iblint.findings.limit import Room
from iblint.logic.budget import RunBudget
from iblint.model.context import BuildType, Context, Facts, NoFacts, Target, World
from iblint.model.errors import ConfigError
from iblint.model.path import Path
from iblint.model.record import Record, replace
from iblint.model.references import is_alone
from iblint.model.report import Configuration, Finding, Outcome, Outcomes
from iblint.model.resource import Place, Resource
from iblint.model.rule import Rule
from iblint.model.settings import Override, Settings
from iblint.model.values import lookup
from iblint.model.verdict import Judgement
from iblint.packs import ConfiguredRule, RuleSet, configure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.timings import Timings

LIVE = "live"
"""The group of the rules that judge by facts from an account, and run only if there is one."""


class Judged(Record, compiled=True):
    """A configuration that was judged by every rule but the aggregate ones."""

    resource: Resource
    """The configuration, or as much of it as is still needed (``collect``)."""
    target: Target
    """What is declared for its file."""
    build_type: str
    outcomes: Outcomes
    findings: list[Finding]
    is_cut: bool = False
    """Whether it has more findings than are kept."""

    def within(self, room: Room) -> Judged:
        """Return it with the findings that there is room for."""
        kept = room.take(self.findings)
        return self if kept is self.findings else replace(self, findings=kept, is_cut=True)


class _Ready(Record):
    """The rules for some files, prepared."""

    configured: tuple[ConfiguredRule, ...]
    """The rules that look at one unit, by code."""
    prepared: PreparedRules
    aggregate: tuple[tuple[int, ConfiguredRule, Callable[..., Judgement]], ...]
    """The aggregate rules with their places among the outcomes."""


def world_of(resources: Sequence[Resource], settings: Settings) -> World:
    """Return resources that may refer to each other, with what is declared for the file of each."""
    files = dict.fromkeys([resource.file for resource in resources])
    targets = overrides.targets_for(settings, files)
    for resource in resources:
        if resource.unit:  # the unit has the target of its first resource, which is a configuration
            targets.setdefault(resource.unit, targets[resource.file])
    return World(tuple(resources), targets)


class Judge:
    """Rules prepared once for each set of settings that some file has."""

    def __init__(
        self,
        settings: Settings,
        ruleset: RuleSet,
        facts: Facts,
        timings: Timings | None = None,
        *,
        reasons: bool = True,
    ) -> None:
        """Prepare the rules. Without ``reasons`` only the verdicts of outcomes are kept.

        Raises ConfigError for settings that leave no rule, also if there is nothing to judge.
        """
        self.settings = settings
        self.ruleset = ruleset
        self.facts = facts
        self.reasons = reasons
        self.budget = RunBudget()
        """The evaluation steps that rules of other packs have left in this run and process."""
        self._wrap: Wrap = (lambda _code, judge: judge) if timings is None else timings.timed_rule
        self._ready: dict[Override | None, _Ready] = {}
        self._core: list[PreparedRule] | None = None
        self._ready_for(None)
        for override in settings.overrides:
            self._configure(override)

    def selected(self) -> frozenset[str]:
        """Return the codes of the rules that were selected for some file so far."""
        found = [c.rule.code for ready in self._ready.values() for c in ready.configured]
        return frozenset(found).union(c.rule.code for ready in self._ready.values() for _, c, _ in ready.aggregate)

    def judge(self, resource: Resource, world: World) -> Judged:
        """Judge one configuration by every rule selected for its file, but the aggregate ones.

        ``world`` holds the resources that it may refer to, and that may refer to it.
        """
        self.budget.add_configuration()
        ready = self._ready_for_file(resource.file)
        context = self._context(resource, world)
        judgements = ready.prepared.judge(resource, context)
        judged = zip(ready.configured, judgements, strict=True)
        outcomes = self._outcomes(resource, ready, judgements)
        findings = findings_of(resource, judged, strict=self.settings.strict)
        return Judged(resource, context.target, context.build_type.value, outcomes, findings)

    def conclude(self, judged: Judged, world: World) -> tuple[Configuration, list[Finding]]:
        """Judge a configuration by the aggregate rules; return it with all outcomes, and the findings that are kept.

        ``world`` holds the judged resources of the run, in its order.
        """
        resource, outcomes, findings = judged.resource, judged.outcomes, judged.findings
        for place, configured, rule in self._ready_for_file(resource.file).aggregate:
            context = Context({}, judged.target, BuildType("unknown"), world, NoFacts())
            choices = has_choices([lookup(resource.spec, path) for path in configured.rule.reads])
            judgement = rule(resource, context, choices=choices)
            outcomes = self._insert(outcomes, place, configured.rule, judgement)
            if judgement.verdict in SHOWN:
                found = findings_of(resource, [(configured, judgement)], strict=self.settings.strict)
                findings = [*findings, *found]
        configuration = Configuration(
            id=resource.id,
            name=resource.name,
            dialect=resource.dialect,
            file=resource.file,
            line=resource.span.line,
            address=_address(resource),
            build_type=judged.build_type,
            outcomes=outcomes,
        )
        return configuration, findings

    def _outcomes(self, resource: Resource, ready: _Ready, judgements: Sequence[Judgement]) -> Outcomes:
        if not self.reasons:
            return Outcomes.verdicts_only([judgement.verdict for judgement in judgements])
        return outcomes_of(ready.configured, judgements, partial(ready.prepared.reason, resource))

    def _insert(self, outcomes: Outcomes, place: int, rule: Rule, judgement: Judgement) -> Outcomes:
        """Return the outcomes with one more at its place."""
        verdicts = list(outcomes.verdicts)
        verdicts.insert(place, judgement.verdict)
        if not self.reasons:
            return Outcomes.verdicts_only(verdicts)

        def outcome(index: int) -> Outcome:
            if index == place:
                return Outcome(rule.code, rule.name, judgement.verdict, judgement.reason)
            return outcomes[index - (index > place)]

        return Outcomes(verdicts, outcome)

    def _context(self, resource: Resource, world: World) -> Context:
        """Return what a rule without options may look at in addition to the resource, or to a variant of it."""
        target = _target_of(resource, world.targets[resource.file])
        alone = is_alone(world, resource)
        build_type = resolve_build_type(resource, target, world, self.facts)

        def judge_core_rules(resource: Resource) -> tuple[tuple[Rule, Judgement], ...]:
            plain = Context({}, target, build_type, world, self.facts, alone)
            choices = has_choices(resource.spec)
            return tuple((each.rule, each.judge(resource, plain, choices=choices)) for each in self._core_rules())

        return Context({}, target, build_type, world, self.facts, alone, judge_core_rules=judge_core_rules)

    def _core_rules(self) -> list[PreparedRule]:
        """Return the core rules, selected or not, as they are configured for all files."""
        if self._core is None:
            core = tuple(rule.code for rule in self.ruleset.rules if rule.core)
            configured = configure(self.ruleset.rules, replace(self.settings, select=core, ignore=()), None)
            self._core = [prepare(c, self.ruleset.resolve_check, self.budget) for c in configured]
        return self._core

    def _configure(self, override: Override | None) -> tuple[ConfiguredRule, ...]:
        configured = configure(self.ruleset.rules, self.settings, override)
        if override is not None and not configured:
            where = overrides.place_of(self.settings, override)
            raise ConfigError(
                f"{where}No rule is left for {', '.join(override.files)}: everything that is selected is ignored too. "
                "Select a rule, or leave the files out with 'exclude'."
            )
        return configured

    def _ready_for_file(self, file: str) -> _Ready:
        return self._ready_for(overrides.override_for(self.settings, file))

    def _ready_for(self, override: Override | None) -> _Ready:
        if override not in self._ready:
            configured = self._configure(override)
            judged = tuple(c for c in configured if self.facts.live or c.rule.group != LIVE)
            if configured and not judged:
                raise ConfigError("The rules that are selected need an account to ask. Select others, or add --live.")
            alone = tuple([c for c in judged if c.rule.check not in AGGREGATE])
            aggregate = tuple(
                [(n, each, self._prepare(each)) for n, each in enumerate(judged) if each.rule.check in AGGREGATE]
            )
            prepared = PreparedRules([prepare(c, self.ruleset.resolve_check, self.budget) for c in alone], self._wrap)
            self._ready[override] = _Ready(alone, prepared, aggregate)
        return self._ready[override]

    def _prepare(self, configured: ConfiguredRule) -> Callable[..., Judgement]:
        return self._wrap(configured.rule.code, prepare(configured, self.ruleset.resolve_check, self.budget).judge)


def collect(resource: Resource, rules: RuleSet, places: Mapping[Path, Place]) -> Resource:
    """Return a judged configuration with its name and what the aggregate rules read, so that it is small to send.

    ``places`` is what its places are to be looked up in.
    """
    reads = [("name",), *[path for rule in rules.rules if rule.check in AGGREGATE for path in rule.reads]]
    names = {path[0] for path in reads}
    return Resource(
        id=resource.id,
        kind=resource.kind,
        dialect=resource.dialect,
        origin=resource.origin,
        file=resource.file,
        address=resource.address,
        span=resource.span,
        spec={name: value for name, value in resource.spec.items() if name in names},
        places=places,
        spelling={path: words for path, words in resource.spelling.items() if path in reads},
        construct=resource.construct,
        related=resource.related,
        form=resource.form,
        operation=resource.operation,
        arn=resource.arn,
        region=resource.region,
    )


def _address(resource: Resource) -> str:
    """Return the address of a configuration with what it is there: the path of a construct, or a form."""
    explained = resource.construct or resource.form
    return f"{resource.address} ({explained})" if explained else resource.address


def _target_of(resource: Resource, declared: Target) -> Target:
    """Return the target of a configuration: that of its ARN or its document, else the one declared for its file."""
    if resource.arn is not None:
        _, _, _, region, account, _ = resource.arn.split(":")
        return replace(declared, account=account, region=region)
    return declared if resource.region is None else replace(declared, region=resource.region)
