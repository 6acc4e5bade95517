"""IB206: the topic is encrypted, according to the evidence about its key."""

from __future__ import annotations

from iblint.checks._related import combine
from iblint.checks._sns import DECLARE, NO_KEY, TOPIC, is_key, key_evidence, parse_topic_arn
from iblint.checks._values import is_unresolved, locations
from iblint.model.context import Context, Evidence
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown


def check(resource: Resource, context: Context) -> Judgement:
    """Fail a topic that is known to have no key. Without evidence: UNKNOWN."""
    value, field = lookup(resource.spec, TOPIC), resource.spell(TOPIC)
    if parse_topic_arn(value) is None and not is_unresolved(value):
        return not_applicable(f"{field} is not the ARN of a topic.")
    return combine([_judge_evidence(field, evidence) for evidence in key_evidence(resource, context)])


def _judge_evidence(field: str, evidence: tuple[Evidence, ...]) -> Judgement:
    """Judge by all the evidence about one key that the topic may have."""
    if evidence and all(e.value == NO_KEY for e in evidence):
        message = f"The topic in {field} is not encrypted at rest: it has no key, according to {evidence[0].source}."
        return failed(Violation(TOPIC, message, related=locations(*evidence)))
    if evidence and all(is_key(e.value) for e in evidence):
        return passed(f"The topic's key is named by {evidence[0].source}.")
    why = "The evidence about its key is contradictory or not a key." if evidence else "Nothing declares its key."
    return unknown(Violation(TOPIC, f"Cannot tell whether the topic in {field} is encrypted. {why}", DECLARE))
