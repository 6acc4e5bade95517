"""IB206: the topic is encrypted, as far as anything is said of its key."""

from __future__ import annotations

from iblint.checks._related import combine_branches
from iblint.checks._sns import DECLARE, NO_KEY, TOPIC, is_key, key_evidence, parse_topic_arn
from iblint.checks._values import is_unresolved, evidence_locations
from iblint.model.context import Context, Evidence
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed, unknown


def check(resource: Resource, context: Context) -> Judgement:
    """Fail a topic that is known to have no key; without evidence the answer is unknown."""
    value, field = lookup(resource.spec, TOPIC), resource.spell(TOPIC)
    if parse_topic_arn(value) is None and not is_unresolved(value):
        return not_applicable(f"{field} is not the ARN of a topic.")
    return combine_branches([_weigh(field, evidence) for evidence in key_evidence(resource, context)])


def _weigh(field: str, evidence: tuple[Evidence, ...]) -> Judgement:
    """The verdict by everything that is said of one key that the topic may have."""
    if evidence and all(e.value == NO_KEY for e in evidence):
        message = f"The topic in {field} has no key, says {evidence[0].source}. Its messages are not encrypted at rest."
        return failed(Violation(TOPIC, message, related=evidence_locations(*evidence)))
    if evidence and all(is_key(e.value) for e in evidence):
        return passed(f"The topic's key is named by {evidence[0].source}.")
    why = "What is said of it contradicts itself or is no key." if evidence else "Nothing is said of its key."
    return unknown(Violation(TOPIC, f"It is not known whether the topic in {field} is encrypted. {why}", DECLARE))
