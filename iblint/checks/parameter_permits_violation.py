"""IB506: no allowed value of a parameter violates a core rule that its default satisfies."""

from __future__ import annotations

from iblint.model.context import Context
from iblint.model.record import replace
from iblint.model.resource import Resource, Variant
from iblint.model.rule import Rule
from iblint.model.verdict import Judgement, Verdict, Violation, failed, not_applicable, passed
from iblint.text.wording import show

_SATISFIED = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


def check(resource: Resource, context: Context) -> Judgement:
    """Judge the configuration by the core rules with each other value that a parameter allows."""
    if not resource.variants:
        return not_applicable("No value comes from a parameter that has a default and allows other values.")
    satisfied = {rule.code for rule, judgement in context.judge_core_rules(resource) if judgement.verdict in _SATISFIED}
    violations = [
        _violation(variant, rule, violation)
        for variant in resource.variants
        for rule, judgement in context.judge_core_rules(replace(resource, spec=variant.spec))
        if judgement.verdict is Verdict.FAIL and rule.code in satisfied
        for violation in judgement.violations
    ]
    return failed(*violations) if violations else passed("No allowed value of a parameter violates a core rule.")


def _violation(variant: Variant, rule: Rule, violation: Violation) -> Violation:
    name, value = variant.parameter, show(variant.value)
    return replace(
        violation,
        message=f"Parameter '{name}' also allows {value}, which violates {rule.code} {rule.name}. {violation.message}",
        help=f"Remove {value} from the AllowedValues of parameter '{name}', or do not take the value from it.",
        severity=None,
        related=(variant.location, *violation.related),
    )
