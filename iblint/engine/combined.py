"""All rules of a file judging its configurations together: what many rules look at is looked at once.

Which rules have nothing to judge depends on what is written alone. And most schemas say of a configuration only what
they say of each of its members: so all of them judge a member together, and what they said of a value is remembered,
because thousands of configurations share their instance types, tags and profiles. A rule that is not surely met in this
way is asked by itself: faults are found there, and nowhere else.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Mapping, Sequence

from iblint.engine.choices import has_choices
from iblint.engine.evaluator import ALONE, BUILTIN, MET, UNWRITTEN, PreparedRule
from iblint.logic.checks import Check, always
from iblint.logic.kleene import TRUE
from iblint.model.context import Context
from iblint.model.resource import Origin, Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, TypeAlias

Wrap: TypeAlias = "Callable[[str, Callable[..., Any]], Callable[..., Any]]"
"""What is put around whatever judges by a rule, given the rule's code."""

Numbers = frozenset[int]
"""Places of rules on the panel."""

MAX_SHAPES: Final = 256
MAX_VALUES: Final = 512
MAX_SIZE: Final = 512
"""How much is remembered at most: shapes, values of each member, and the size of each value as it is written."""

_NONE: Numbers = frozenset()


class Panel:
    """Rules that judge every configuration together, each with the judgement that it would give by itself."""

    def __init__(self, judges: Sequence[PreparedRule], wrap: Wrap | None = None) -> None:
        self.judges = tuple(judges)
        self._wrap = wrap or (lambda _code, judging: judging)
        self._alone = [self._wrap(judge.rule.code, judge) for judge in judges]
        self._asked = [self._wrap(judge.rule.code, judge.ask) for judge in judges]
        self._paths = tuple(dict.fromkeys(path for judge in judges for path in judge.rule.at))
        self._shapes: dict[tuple[Any, ...], _Shape] = {}
        self._readings: dict[frozenset[str], Numbers] = {}
        self._named = frozenset(name for judge in judges for name in _named(judge.rule.schema))
        self._members: dict[Any, _Member] = {}
        """By name; all that no schema names are one, since all are said the same of."""

    def judge(self, resource: Resource, context: Context) -> list[Judgement]:
        """What each rule says, in their order; what is left unsaid its ``PreparedRule.reason`` tells."""
        spec = resource.spec
        doubted, part, undecided = self._doubts(spec)
        chosen = [name for name in undecided if has_choices(spec[name])]
        reading = self._reading(frozenset(chosen)) if chosen else _NONE
        shape = self._shape(resource.origin, spec, context.alone)
        judgements = list(shape.judgements)
        for number in shape.asked:
            if number not in reading:
                judgements[number] = self._asked[number](resource, context)
        for number in (doubted & shape.met) - reading:
            judgements[number] = self._asked[number](resource, context, part)
        for number in shape.missing:
            judgements[number] = self._alone[number](resource, context, choices=False)
        for number in reading:
            judgements[number] = self._alone[number](resource, context)
        return judgements

    def _doubts(self, spec: Mapping[str, Any]) -> tuple[Numbers, Mapping[str, Any], list[str]]:
        """The rules that are not surely met, the members for which they are not, and those that are no plain data."""
        doubted: Numbers = _NONE
        part: dict[str, Any] = {}
        undecided: list[str] = []
        for name, value in spec.items():
            known = name if name in self._named else None
            member = self._members.get(known) or self._member(known)
            try:
                # Two values are written alike only when they are alike: 1, True and 1.0 are not. A text is itself.
                doubts = member.doubts(value, value if type(value) is str else marshal.dumps(value, 2))
            except ValueError:  # no plain data: an unresolved value in it, a choice, or a date
                undecided.append(name)
                doubts = member.rules if value is not ABSENT else _NONE
            if doubts:
                doubted |= doubts
                part[name] = value
        return doubted, part, undecided

    def _reading(self, chosen: frozenset[str]) -> Numbers:
        """The rules that look at one of the members, in which there are choices: these judge each combination."""
        reading = self._readings.get(chosen)
        if reading is None:
            reading = frozenset([number for number, judge in enumerate(self.judges) if judge.looks_at(chosen)])
            _remember(self._readings, chosen, reading, MAX_SHAPES)
        return reading

    def reason(self, resource: Resource, number: int) -> str:
        """What a rule has left unsaid of a resource that it judged."""
        return self.judges[number].reason(resource, resource.spec)

    def _shape(self, origin: Origin, spec: Mapping[str, Any], alone: bool) -> _Shape:
        key = (origin, alone, *[lookup(spec, path) is ABSENT for path in self._paths])
        shape = self._shapes.get(key)
        if shape is None:
            shape = _Shape(self.judges, origin, spec, alone)
            _remember(self._shapes, key, shape, MAX_SHAPES)
        return shape

    def _member(self, name: Any) -> _Member:
        checks: list[tuple[int, Check]] = []
        for number, judge in enumerate(self.judges):
            schema = judge.rule.schema  # it need not be compiled when it says nothing of the member
            speaks = name in _named(schema) or (isinstance(schema, dict) and "additionalProperties" in schema)
            of_member = _of_member(judge) if speaks else None
            check = always if of_member is None else of_member(name)
            if check is not always:
                checks.append((number, self._wrap(judge.rule.code, check)))
        self._members[name] = member = _Member(checks)
        return member


class _Shape:
    """What is known of configurations that have the same values written."""

    __slots__ = ("asked", "judgements", "met", "missing")

    def __init__(self, judges: Sequence[PreparedRule], origin: Origin, spec: Mapping[str, Any], alone: bool) -> None:
        self.judgements = [MET] * len(judges)
        """What each rule says unless it is asked."""
        self.asked: list[int] = []
        """The rules that are asked in any case."""
        self.missing: list[int] = []
        """The rules that absence decides, with a fault to be put into words."""
        met: list[int] = []
        for number, judge in enumerate(judges):
            unwritten = judge.when_unwritten(origin, spec)
            if unwritten in UNWRITTEN:
                self.judgements[number] = UNWRITTEN[unwritten]
            elif unwritten is not None:
                self.missing.append(number)
            elif alone and judge.rule.needs_siblings and judge.check is not None:
                self.judgements[number] = ALONE
            elif _of_member(judge) is not None:
                met.append(number)
            else:
                self.asked.append(number)
        self.met = frozenset(met)
        """The rules that are met unless a member leaves it in doubt."""


class _Member:
    """What the schemas say of the values of a member."""

    __slots__ = ("_checks", "_known", "rules")

    def __init__(self, checks: list[tuple[int, Check]]) -> None:
        self._checks = checks
        self.rules = frozenset(number for number, _ in checks)
        """The rules that say anything of it."""
        self._known: dict[bytes | str, Numbers] = {}

    def doubts(self, value: Any, key: bytes | str) -> Numbers:
        """The rules that a value does not surely meet; no other value has its ``key``."""
        doubts = self._known.get(key)
        if doubts is None:
            doubts = self._judge(value)
            if len(key) <= MAX_SIZE:
                _remember(self._known, key, doubts, MAX_VALUES)
        return doubts

    def _judge(self, value: Any) -> Numbers:
        doubts: list[int] = []
        for number, check in self._checks:
            try:
                met = check(value, (), None, []) is TRUE
            except Exception:  # the rule says so when it is asked
                met = False
            if not met:
                doubts.append(number)
        return frozenset(doubts)


def _of_member(judge: PreparedRule) -> Callable[[Any], Check] | None:
    """What a rule says of each member, when it says no more. A rule of another pack is metered, so it is asked."""
    if judge.compiled is None or judge.rule.pack != BUILTIN:
        return None
    try:
        return judge.compiled().of_member
    except Exception:  # the rule says so when it is asked
        return None


def _named(schema: Any) -> Collection[Any]:
    """The members that a schema speaks of by name, if it speaks of members."""
    named: Any = schema.get("properties", ()) if isinstance(schema, dict) else ()
    return named if isinstance(named, dict) else ()


def _remember(known: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    """Keep a value, and no more than so many: beyond that all is forgotten, and what is common comes back soon."""
    if len(known) >= most:
        known.clear()
    known[key] = value
