"""IB903: the topic exists and is a standard topic."""

from __future__ import annotations

from iblint.checks._live import identifier_at, missing, unavailable
from iblint.checks._sns import TOPIC, parse_topic_arn
from iblint.facts import questions
from iblint.model.answers import Missing, Unavailable
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, passed


def check(resource: Resource, context: Context) -> Judgement:
    """Look up the topic's attributes."""
    arn = identifier_at(resource, TOPIC, context)
    if isinstance(arn, Judgement):
        return arn
    if parse_topic_arn(arn) is None:
        return not_applicable(f"{resource.spell(TOPIC)} is not the ARN of a standard topic.")
    topic = context.facts.ask(questions.TOPIC, arn)
    if isinstance(topic, Unavailable):
        return unavailable(TOPIC, f"The topic '{arn}'", topic)
    if isinstance(topic, Missing):
        help = f"Create the topic, or set {resource.spell(TOPIC)} to one that exists."
        return missing(resource, TOPIC, topic, "Image Builder rejects the configuration.", help)
    if topic.fifo:
        message = f"The topic in {resource.spell(TOPIC)} is a FIFO topic. Image Builder only supports standard topics."
        return failed(Violation(TOPIC, message, f"Set {resource.spell(TOPIC)} to a standard topic."))
    return passed("The topic exists and is a standard topic.")
