"""Judge one configuration by all rules that are selected for its file.

Which rules absence decides depends only on which of the rules' ``at`` paths are set, so that is computed once for all
configurations that set the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set

from iblint.engine.choices import has_choices
from iblint.engine.evaluator import ABSENCE_JUDGEMENTS, NO_RELATED_RESOURCES, PreparedRule
from iblint.model.context import Context
from iblint.model.resource import Origin, Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, TypeAlias

Wrap: TypeAlias = "Callable[[str, Callable[..., Any]], Callable[..., Any]]"
"""Wraps the function that judges by one rule, given the rule's code: ``--timings`` measures it."""

MAX_DECISIONS: Final = 256
"""Size of the cache of what absence decides."""

_NONE: Final[Set[int]] = frozenset()


class PreparedRules:
    """The rules of a file. Each gives the judgement that ``PreparedRule.judge`` gives."""

    def __init__(self, rules: Sequence[PreparedRule], wrap: Wrap | None = None) -> None:
        wrap = wrap or (lambda _code, judge: judge)
        self.rules = tuple(rules)
        self._judge = [wrap(rule.rule.code, rule.judge) for rule in rules]
        self._judge_present = [wrap(rule.rule.code, rule.judge_present) for rule in rules]
        self._paths = tuple(dict.fromkeys(path for rule in rules for path in rule.rule.at))
        self._decisions: dict[tuple[Any, ...], _Decision] = {}

    def judge(self, resource: Resource, context: Context) -> list[Judgement]:
        """Return the judgement of each rule, in the order of the rules.

        The reason of a judgement whose ``explanation`` is None can be had from ``reason``.
        """
        decision = self._decision(resource.origin, resource.spec, context.alone)
        by_combination = self._reading_choices(resource.spec)
        judgements = list(decision.judgements)
        for index in decision.undecided - by_combination:
            judgements[index] = self._judge_present[index](resource, context)
        for index in decision.violated - by_combination:
            judgements[index] = self._judge[index](resource, context, choices=False)
        for index in by_combination:
            judgements[index] = self._judge[index](resource, context)
        return judgements

    def reason(self, resource: Resource, index: int) -> str:
        """Return the reason of a judgement of ``resource`` whose ``explanation`` is None."""
        return self.rules[index].reason(resource, resource.spec)

    def _reading_choices(self, spec: Mapping[str, Any]) -> Set[int]:
        """Return the rules that read a member with a ``Choice``: these judge each combination of the choices."""
        if not has_choices(spec):
            return _NONE
        members = [name for name, value in spec.items() if has_choices(value)]
        return {index for index, rule in enumerate(self.rules) if rule.reads_any(members)}

    def _decision(self, origin: Origin, spec: Mapping[str, Any], alone: bool) -> _Decision:
        """Return what absence decides for ``spec``. When the cache is full, clear it."""
        key = (origin, alone, *[lookup(spec, path) is ABSENT for path in self._paths])
        decision = self._decisions.get(key)
        if decision is None:
            if len(self._decisions) >= MAX_DECISIONS:
                self._decisions.clear()
            decision = self._decisions[key] = _Decision(self.rules, origin, spec, alone)
        return decision


class _Decision:
    """What absence decides for the configurations that set the same ``at`` paths. Rules are given by their index."""

    __slots__ = ("judgements", "undecided", "violated")

    def __init__(self, rules: Sequence[PreparedRule], origin: Origin, spec: Mapping[str, Any], alone: bool) -> None:
        self.judgements = [NO_RELATED_RESOURCES] * len(rules)
        """The judgement of each rule that needs no further work; of the others, any."""
        undecided: list[int] = []
        violated: list[int] = []
        for index, rule in enumerate(rules):
            verdict = rule.verdict_if_absent(origin, spec)
            if verdict in ABSENCE_JUDGEMENTS:
                self.judgements[index] = ABSENCE_JUDGEMENTS[verdict]
            elif verdict is not None:
                violated.append(index)
            elif not (alone and rule.rule.needs_siblings and rule.check is not None):
                undecided.append(index)
        self.undecided = frozenset(undecided)
        """The rules that have to look at the values."""
        self.violated = frozenset(violated)
        """The rules that absence violates: their message has to be filled in."""
