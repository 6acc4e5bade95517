"""Rules x resources -> judgements. The only place where verdicts are made.

A rule that crashes becomes an ERROR judgement that names it, never silence.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache, partial

from iblint.engine.choices import judge_choices
from iblint.logic.compiler import Evaluation, Evaluator, SchemaFault, Truth, compile_schema, substitute_options
from iblint.model.context import Context
from iblint.model.errors import RulePackError
from iblint.model.path import Path, from_pointer
from iblint.model.record import Record, replace
from iblint.model.references import is_alone
from iblint.model.resource import Origin, Resource, spelled
from iblint.model.rule import Rule
from iblint.model.values import ABSENT, Unresolved, lookup
from iblint.model.verdict import Judgement, Severity, Verdict, Violation, not_applicable, unknown
from iblint.text.wording import IN_BRACKETS, did_you_mean, shorten, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, Protocol
else:
    Protocol = object

BUILTIN = "iblint"
"""The pack whose patterns were checked before it was shipped."""

_ABOUT_KEYS = frozenset({"additionalProperties", "propertyNames", "false"})
"""Keywords that refuse a key, whatever its value."""

ALONE = not_applicable("The document holds no other resources that could tell.")

MET: Final = Judgement(Verdict.PASS, None)
"""The rule's schema is met."""

UNWRITTEN: Final = {verdict: Judgement(verdict, None) for verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE)}
"""None of the values that the rule is about is written, and that is no fault."""

Check = Callable[[Resource, Context], Judgement]


class RuleRun(Protocol):
    """A rule with the options it runs with."""

    @property
    def rule(self) -> Rule:
        """The rule."""

    @property
    def options(self) -> Mapping[str, Any]:
        """Its options, defaults filled in."""


class PreparedRule(Record):
    """One rule, ready to judge any number of resources."""

    rule: Rule
    options: Mapping[str, Any]
    compiled: Callable[[], Evaluator] | None
    """Makes the evaluator of the rule's schema, once."""
    check: Callable[[], Check] | None
    """Finds the rule's check, once."""

    def __call__(self, resource: Resource, context: Context, *, choices: bool = True) -> Judgement:
        """Judge one resource. Never raises: a crash of the rule is an ERROR judgement.

        ``context`` is that of a rule without options. ``choices=False`` says that no value of the resource is a Choice.
        """
        try:
            if choices:
                return self._fill(resource, self._judge_choices(resource, context))
            return self._judge(resource, resource.spec, context)
        except Exception as crash:  # a rule must not take the run down, nor vanish
            return self._crashed(crash)

    def ask(self, resource: Resource, context: Context, part: Mapping[str, Any] | None = None) -> Judgement:
        """Judge likewise, when no value is a Choice and it is known that absence does not decide (``when_unwritten``).

        The judgement may leave unsaid what ``reason`` can tell later. Members that are known to meet the rule's schema,
        which says nothing else of them, may be left out of the ``part`` of the spec that is to be judged.
        """
        try:
            return self._ask(resource, resource.spec if part is None else part, context)
        except Exception as crash:
            return self._crashed(crash)

    def when_unwritten(self, origin: Origin, spec: Mapping[str, Any]) -> Verdict | None:
        """The verdict that absence decides: None when one of the rule's values is written, or the rule decides itself.

        What is not written is no fault of a schema, and says nothing to a check, whatever it means to the rule.
        """
        meaning = self.rule.absent[origin].verdict if self.rule.at else None
        if meaning is None:
            return None
        for path in self.rule.at:
            if lookup(spec, path) is not ABSENT:
                return None
        return meaning

    def reason(self, resource: Resource, spec: Mapping[str, Any]) -> str:
        """Why the rule is met by a spec of the resource, or does not apply to it, where the judgement leaves it unsaid.

        Either none of the values that the rule is about is written, or its schema accepts them.
        """
        if self.when_unwritten(resource.origin, spec) is not None:
            return f"{resource.spell(self.rule.at[0])} is not set."
        return self._evidence(spec, resource.spelling)

    def in_words(self, resource: Resource, spec: Mapping[str, Any], judgement: Judgement) -> Judgement:
        """The judgement of a spec of the resource, with what tells its reason."""
        if judgement.said is not None:
            return judgement
        return Judgement(judgement.verdict, partial(self.reason, resource, spec))

    def _crashed(self, crash: Exception) -> Judgement:
        message = f"Rule {self.rule.code} crashed: {type(crash).__name__}: {shorten(str(crash))}."
        return Judgement(Verdict.ERROR, message, (Violation((), message, "This is a defect of the rule: report it."),))

    def looks_at(self, names: Collection[str]) -> bool:
        """Whether the rule may look at one of these members of a spec."""
        try:
            reads = self._reads()
        except Exception:  # the rule says so when it is asked
            return True
        return not reads or any(not path or path[0] in names for path in reads)

    def _reads(self) -> tuple[Path, ...]:
        """What the rule looks at; () for the whole spec."""
        reads = self.compiled().reads if self.compiled else self.rule.reads
        return (*reads, *self.rule.at) if reads else ()

    def _judge_choices(self, resource: Resource, context: Context) -> Judgement:
        reads = self._reads()

        def judge(spec: Mapping[str, Any], given: Mapping[str, str]) -> Judgement:
            return self._judge(resource, spec, replace(context, given=given) if given else context)

        return judge_choices(resource.spec, reads, judge)

    def _judge(self, resource: Resource, spec: Mapping[str, Any], context: Context) -> Judgement:
        decided = self.when_unwritten(resource.origin, spec)
        if decided is None:
            return self.in_words(resource, spec, self._ask(resource, spec, context))
        if decided in UNWRITTEN:
            return self.in_words(resource, spec, UNWRITTEN[decided])
        at = self.rule.at[0]
        message = self._text(resource, at, self.rule.absent[resource.origin].message or self.rule.message, None)
        return self._fill(resource, Judgement(decided, message, (Violation(at, message),)))

    def _ask(self, resource: Resource, spec: Mapping[str, Any], context: Context) -> Judgement:
        if self.compiled is not None:
            evaluation = self.compiled().evaluate(spec)
            return MET if evaluation.truth is Truth.TRUE else self._from_schema(resource, evaluation)
        if self.check is None:
            raise TypeError("the rule has neither schema nor check")
        judged = resource if spec is resource.spec else replace(resource, spec=spec)
        if self.rule.needs_siblings and (context.alone or is_alone(context.world, judged)):
            return ALONE
        judgement = self.check()(judged, _with_options(context, self.options) if self.options else context)
        return self._fill(resource, judgement) if judgement.faults else judgement

    def _from_schema(self, resource: Resource, evaluation: Evaluation) -> Judgement:
        if evaluation.truth is Truth.FALSE:
            faults = tuple(self._fault(resource, error) for error in evaluation.errors)
            return self._fill(resource, Judgement(Verdict.FAIL, faults[0].message, faults))
        return unknown(*(self._unresolved(resource, path, value) for path, value in evaluation.unknowns))

    def _evidence(self, spec: Mapping[str, Any], spelling: Mapping[Path, str]) -> str:
        """Why the rule passes: the values that it is about."""
        values = ((path, lookup(spec, path)) for path in self.rule.at)
        written = [f"{spelled(spelling, path)} is {show(value)}" for path, value in values if value is not ABSENT]
        return "; ".join(written) + "." if written else ""

    def _fault(self, resource: Resource, error: SchemaFault) -> Violation:
        note = error.annotation or {}
        path = _pointer(note.get("path"), error.path)
        severity = note.get("severity")
        return Violation(
            path=path,
            message=self._text(resource, path, note.get("message", self.rule.message), error),
            help=self._text(resource, path, note.get("help", self.rule.remediation), error),
            severity=Severity(severity) if severity else None,
            locate=from_pointer(note["locate"]) if "locate" in note else None,
            at_key=error.keyword in _ABOUT_KEYS,
        )

    def _unresolved(self, resource: Resource, path: Path, value: Unresolved) -> Violation:
        return Violation(
            path,
            f"Cannot tell whether the rule is met: {resource.spell(path)} is '{shorten(value.expression)}', "
            f"and {value.reason}.",
            "Write the value, or judge the file that is made from this one.",
        )

    def _text(self, resource: Resource, path: Path, template: str, error: SchemaFault | None) -> str:
        from iblint.text.templates import expected, fill  # only for faults

        values: dict[str, str | Callable[[], str]] = {f"option:{name}": show(v) for name, v in self.options.items()}
        values["actual"] = lambda: show(error.actual if error else ABSENT)
        values["expected"] = lambda: expected(error.keyword, error.expected) if error else ""
        values["suggestion"] = lambda: _suggestion(resource, path, error) if error else ""
        return fill(template, resource, path, values)

    def _fill(self, resource: Resource, judgement: Judgement) -> Judgement:
        """Give every fault that has no help of its own the rule's remediation."""
        if not judgement.faults:
            return judgement
        faults = tuple(
            f if f.help else replace(f, help=self._text(resource, f.path, self.rule.remediation, None))
            for f in judgement.faults
        )
        return Judgement(judgement.verdict, judgement.said, faults)


def prepare(run: RuleRun, resolve_check: Callable[[Rule], Check]) -> PreparedRule:
    """Make a rule ready: compile its schema with its options, or find its check.

    Built-in rules are known to be right: they are compiled or imported when a value is there that they are about.

    Raises RulePackError when the schema is not one that the evaluator can judge or the check cannot be loaded.
    """
    rule = run.rule
    if rule.check is not None:
        resolved = cache(partial(resolve_check, rule))
        if rule.pack != BUILTIN:
            resolved()
        return PreparedRule(rule, run.options, None, resolved)
    compiled = cache(partial(_compile, rule, run.options))
    if rule.pack != BUILTIN or run.options:
        compiled()
    return PreparedRule(rule, run.options, compiled, None)


def _compile(rule: Rule, options: Mapping[str, Any]) -> Evaluator:
    try:
        schema = substitute_options(rule.schema, options) if options else rule.schema
        return compile_schema(schema, trusted=rule.pack == BUILTIN)
    except RulePackError as error:
        raise RulePackError(f"{rule.code} {rule.name}: {error}") from None


def _with_options(context: Context, options: Mapping[str, Any]) -> Context:
    """The context of a rule with options; written out, because it is made for each configuration."""
    c = context
    return Context(options, c.target, c.build_type, c.world, c.facts, c.alone, c.given, c.missions)


def _suggestion(resource: Resource, path: Path, error: SchemaFault) -> str:
    """What may have been meant, as part of the sentence before it, which is all that the short formats show.

    For the name of a field it is among the names that the resource's dialect has.
    """
    if error.keyword != "additionalProperties" or not path:
        return did_you_mean(error.actual, error.suggestions, IN_BRACKETS)
    if not resource.spelling:
        return did_you_mean(path[-1], error.suggestions, IN_BRACKETS)
    paths = ((*path[:-1], name) for name in error.suggestions)
    known = (resource.spelling[found] for found in paths if found in resource.spelling)
    word = resource.spell(path).rpartition(".")[2]
    return did_you_mean(word, (name.rpartition(".")[2] for name in known), IN_BRACKETS)


def _pointer(pointer: str | None, default: Path) -> Path:
    return default if pointer is None else from_pointer(pointer)
