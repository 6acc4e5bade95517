"""Evaluate one rule on one resource. Verdicts are decided here and nowhere else.

A rule that crashes gives an ERROR judgement that names the rule; it does not end the run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from itertools import islice

from iblint.engine.choices import judge_choices
from iblint.logic.budget import RunBudget
from iblint.logic.compiler import Evaluation, Evaluator, SchemaFault, Truth, compile_schema, substitute_options
from iblint.model.context import Context
from iblint.model.errors import RulePackError
from iblint.model.path import Path, from_pointer
from iblint.model.record import Record, field, replace
from iblint.model.references import is_alone
from iblint.model.report import MAX_FINDINGS
from iblint.model.resource import Origin, Resource
from iblint.model.rule import Rule
from iblint.model.values import ABSENT, Unresolved, lookup
from iblint.model.verdict import Judgement, Severity, Verdict, Violation, not_applicable, passed, unknown
from iblint.text.wording import IN_BRACKETS, did_you_mean, shorten, show, show_as_written, show_with_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, Protocol
else:
    Protocol = object

BUILTIN = "iblint"
"""The built-in pack. Its patterns are checked when it is built, so a run does not check them again."""

_KEY_KEYWORDS = frozenset({"additionalProperties", "propertyNames", "false"})
"""Keywords that reject a key for any value."""

NO_RELATED_RESOURCES = not_applicable("The document holds no other resources to judge by.")

NO_READINGS = passed("Every value is written as it is read.")

SCHEMA_PASSED: Final = Judgement(Verdict.PASS, None)
"""The value satisfies the rule's schema."""

ABSENCE_JUDGEMENTS: Final = {verdict: Judgement(verdict, None) for verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE)}
"""None of the rule's ``at`` paths is set, and the rule allows that."""

_MAX_VIOLATIONS: Final = MAX_FINDINGS + 1
"""Violations of a judgement: one more than a report holds, so that it says so."""

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
    """Return the compiled schema, if the rule has one. Compiles it on the first call."""
    check: Callable[[], Check] | None
    """Return the rule's Python check, if it has one. Imports it on the first call."""
    budget: RunBudget = field(default_factory=RunBudget)
    """What the rules of the run may take together."""
    compiled_for_update: Callable[[], Evaluator] | None = None
    """Return the compiled schema for update requests, if it is another one."""

    def judge(self, resource: Resource, context: Context, *, choices: bool = True) -> Judgement:
        """Judge one resource. Never raises: if the rule crashes, the judgement is ERROR.

        ``context`` holds no options. With ``choices=False`` the caller asserts that no value the rule reads is a
        ``Choice``.
        """
        try:
            if choices:
                return self._fill_help(resource, self._judge_choices(resource, context))
            return self._judge(resource, resource.spec, context)
        except Exception as crash:  # one broken rule must neither end the run nor go unnoticed
            return self._crashed(crash)

    def judge_present(self, resource: Resource, context: Context) -> Judgement:
        """Judge one resource, if ``verdict_if_absent`` is None and no value that the rule reads is a ``Choice``.

        The judgement may have None for its explanation; ``with_reason`` adds it.
        """
        try:
            return self._judge_present(resource, resource.spec, context)
        except Exception as crash:
            return self._crashed(crash)

    def verdict_if_absent(self, origin: Origin, spec: Mapping[str, Any]) -> Verdict | None:
        """Return the verdict under ``absent:`` if none of the rule's ``at`` paths is set, else None."""
        verdict = self.rule.absent[origin].verdict if self.rule.at else None
        if verdict is None:
            return None
        for path in self.rule.at:
            if lookup(spec, path) is not ABSENT:
                return None
        return verdict

    def reason(self, resource: Resource, spec: Mapping[str, Any]) -> str:
        """Return why the rule passes or does not apply: its ``at`` values are not set, or its schema accepts them."""
        if self.verdict_if_absent(resource.origin, spec) is not None:
            return f"{resource.spell(self.rule.at[0])} is not set."
        values = ((path, lookup(spec, path)) for path in self.rule.at)
        present = [
            f"{resource.spell(path)} is {show_as_written(v, resource.readings.get(path))}"
            for path, v in values
            if v is not ABSENT
        ]
        return "; ".join(present) + "." if present else ""

    def with_reason(self, resource: Resource, spec: Mapping[str, Any], judgement: Judgement) -> Judgement:
        """Return a judgement of ``spec`` that can give its reason."""
        if judgement.explanation is not None:
            return judgement
        return Judgement(judgement.verdict, partial(self.reason, resource, spec))

    def reads_any(self, members: Collection[str]) -> bool:
        """Return whether the rule may read one of these top-level members of a spec."""
        try:
            reads = self._reads()
        except Exception:  # reported when the rule is evaluated
            return True
        return not reads or any(not path or path[0] in members for path in reads)

    def _reads(self) -> tuple[Path, ...]:
        """Return the paths that the rule reads; () means the whole spec."""
        reads = self.compiled().reads if self.compiled else self.rule.reads
        return (*reads, *self.rule.at) if reads else ()

    def _crashed(self, crash: Exception) -> Judgement:
        message = f"Rule {self.rule.code} crashed: {type(crash).__name__}: {shorten(str(crash))}."
        return Judgement(Verdict.ERROR, message, (Violation((), message, "This is a defect of the rule: report it."),))

    def _judge_choices(self, resource: Resource, context: Context) -> Judgement:
        reads = self._reads()

        def judge(spec: Mapping[str, Any], given: Mapping[str, str]) -> Judgement:
            return self._judge(
                resource, spec, replace(context, given=given, template=resource.template) if given else context
            )

        return judge_choices(resource.spec, reads, judge, self.budget)

    def _judge(self, resource: Resource, spec: Mapping[str, Any], context: Context) -> Judgement:
        verdict = self.verdict_if_absent(resource.origin, spec)
        if verdict is None:
            return self.with_reason(resource, spec, self._judge_present(resource, spec, context))
        if verdict in ABSENCE_JUDGEMENTS:
            return self.with_reason(resource, spec, ABSENCE_JUDGEMENTS[verdict])
        at = self.rule.at[0]
        message = self._text(resource, at, self.rule.absent[resource.origin].message or self.rule.message, None)
        return self._fill_help(resource, Judgement(verdict, message, (Violation(at, message),)))

    def _judge_present(self, resource: Resource, spec: Mapping[str, Any], context: Context) -> Judgement:
        if self.compiled is not None:
            compiled = self.compiled
            if resource.operation == "update" and self.compiled_for_update is not None:
                compiled = self.compiled_for_update
            evaluation = compiled().evaluate(spec)
            return SCHEMA_PASSED if evaluation.truth is Truth.TRUE else self._from_schema(resource, evaluation)
        if self.check is None:
            raise TypeError("the rule has neither schema nor check")
        judged = resource if spec is resource.spec else replace(resource, spec=spec)
        if self.rule.needs_siblings and (context.alone or is_alone(context.world, judged)):
            return NO_RELATED_RESOURCES
        if self.rule.needs_readings and not resource.readings:
            return NO_READINGS
        judgement = self.check()(judged, _with_options(context, self.options) if self.options else context)
        return self._fill_help(resource, judgement) if judgement.violations else judgement

    def _from_schema(self, resource: Resource, evaluation: Evaluation) -> Judgement:
        if evaluation.truth is Truth.FALSE:
            most = max(1, min(self.budget.violations, _MAX_VIOLATIONS))
            self.budget.violations -= len(evaluation.errors)
            violations = tuple(self._violation(resource, error) for error in islice(evaluation.errors, most))
            return self._fill_help(resource, Judgement(Verdict.FAIL, violations[0].message, violations))
        open_values = islice(evaluation.unknowns, _MAX_VIOLATIONS)
        return unknown(*(self._unresolved(resource, path, value) for path, value in open_values))

    def _violation(self, resource: Resource, error: SchemaFault) -> Violation:
        note = error.annotation or {}
        path = from_pointer(note["path"]) if "path" in note else error.path
        severity = note.get("severity")
        return Violation(
            path=path,
            message=self._text(resource, path, note.get("message", self.rule.message), error),
            help=self._text(resource, path, note.get("help", self.rule.remediation), error),
            severity=Severity(severity) if severity else None,
            locate=from_pointer(note["locate"]) if "locate" in note else None,
            at_key=error.keyword in _KEY_KEYWORDS,
        )

    def _unresolved(self, resource: Resource, path: Path, value: Unresolved) -> Violation:
        return Violation(
            path,
            f"Cannot tell whether the rule is met: {resource.spell(path)} is '{shorten(value.expression)}', "
            f"and {value.reason}.",
            "Write the value, or check the file that is generated from this one.",
        )

    def _text(self, resource: Resource, path: Path, template: str, error: SchemaFault | None) -> str:
        from iblint.text.templates import expected, fill  # only for faults

        values: dict[str, str | Callable[[], str]] = {f"option:{name}": show(v) for name, v in self.options.items()}
        values["actual"] = lambda: (
            show_with_kind(error.actual, resource.readings.get(error.path)) if error else show(ABSENT)
        )
        values["expected"] = lambda: expected(error.keyword, error.expected) if error else ""
        values["suggestion"] = lambda: _suggestion(resource, path, error) if error else ""
        return fill(template, resource, path, values)

    def _fill_help(self, resource: Resource, judgement: Judgement) -> Judgement:
        """Give each violation without a help text the rule's remediation."""
        if not judgement.violations:
            return judgement
        violations = tuple(
            v if v.help else replace(v, help=self._text(resource, v.path, self.rule.remediation, None))
            for v in judgement.violations
        )
        return Judgement(judgement.verdict, judgement.explanation, violations)


def prepare(run: RuleRun, resolve_check: Callable[[Rule], Check], budget: RunBudget | None = None) -> PreparedRule:
    """Prepare a rule: compile its schema with its options, or import its check. ``budget`` is that of the run.

    For a built-in rule without options that happens when the rule is first evaluated.

    Raises RulePackError if the evaluator cannot judge by the schema, or if the check cannot be loaded.
    """
    rule = run.rule
    if rule.check is not None:
        resolved = cache(partial(resolve_check, rule))
        if rule.pack != BUILTIN:
            resolved()
        return PreparedRule(rule, run.options, None, resolved, budget or RunBudget())
    compiled = cache(partial(_compile, rule, rule.schema, run.options, budget))
    if rule.pack != BUILTIN or run.options:
        compiled()
    of_update = rule.update_schema and cache(partial(_compile, rule, rule.update_schema, run.options, budget))
    return PreparedRule(rule, run.options, compiled, None, budget or RunBudget(), of_update or None)


def _compile(rule: Rule, schema: Any, options: Mapping[str, Any], budget: RunBudget | None) -> Evaluator:
    try:
        schema = substitute_options(schema, options) if options else schema
        return compile_schema(schema, trusted=rule.pack == BUILTIN, run=budget)
    except RulePackError as error:
        raise RulePackError(f"{rule.code} {rule.name}: {error}") from None


def _with_options(context: Context, options: Mapping[str, Any]) -> Context:
    """Return the context with a rule's options. Called for each configuration, so ``replace`` would be too slow."""
    c = context
    return Context(options, c.target, c.build_type, c.world, c.facts, c.alone, c.given, c.judge_core_rules, c.template)


def _suggestion(resource: Resource, path: Path, error: SchemaFault) -> str:
    """Return a "did you mean" in brackets, to follow the first sentence of a message; else "".

    For an unknown field the suggestion is spelled as the resource's dialect spells it.
    """
    if error.keyword != "additionalProperties" or not path:
        return did_you_mean(error.actual, error.suggestions, IN_BRACKETS)
    if not resource.spelling:
        return did_you_mean(path[-1], error.suggestions, IN_BRACKETS)
    paths = ((*path[:-1], name) for name in error.suggestions)
    known = (resource.spelling[found] for found in paths if found in resource.spelling)
    word = resource.spell(path).rpartition(".")[2]
    return did_you_mean(word, (name.rpartition(".")[2] for name in known), IN_BRACKETS)
