"""IB506: no allowed value of a parameter breaks a rule that its default keeps."""

from __future__ import annotations

from iblint.model.context import Context
from iblint.model.record import replace
from iblint.model.resource import Resource, Variant
from iblint.model.rule import Rule
from iblint.model.verdict import Judgement, Verdict, Violation, failed, not_applicable, passed
from iblint.text.wording import show

_KEPT = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


def check(resource: Resource, context: Context) -> Judgement:
    """Judge what the configuration would be with each other value that a parameter allows, by the mission rules."""
    if not resource.variants:
        return not_applicable("No value depends on a parameter that has a default and allows others.")
    kept = {rule.code for rule, judgement in context.judge_core_rules(resource) if judgement.verdict in _KEPT}
    violations = [
        _violation(variant, rule, violation)
        for variant in resource.variants
        for rule, judgement in context.judge_core_rules(replace(resource, spec=variant.spec))
        if judgement.verdict is Verdict.FAIL and rule.code in kept
        for violation in judgement.violations
    ]
    return failed(*violations) if violations else passed("No value that a parameter allows breaks a mission rule.")


def _violation(variant: Variant, rule: Rule, violation: Violation) -> Violation:
    name, value = variant.parameter, show(variant.value)
    return replace(
        violation,
        message=f"Parameter '{name}' also allows {value}, which breaks {rule.code} {rule.name}. {violation.message}",
        help=f"Remove {value} from the AllowedValues of parameter '{name}', or let the value not depend on it.",
        severity=None,
        related=(variant.location, *violation.related),
    )
