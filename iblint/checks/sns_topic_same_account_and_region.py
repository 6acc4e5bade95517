"""IB205: the topic is in the account, the Region and the partition of the target."""

from __future__ import annotations

from iblint.checks._sns import TOPIC, Topic, parse_topic_arn, sibling_topic
from iblint.checks._values import is_unresolved, cannot_tell
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, not_applicable, passed, unknown

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
"""By the beginning of a Region's name; the partitions that any account holder can meet."""

_WHERE = "--account and --region, or account and region in .iblint.yaml"


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the topic's ARN with the target: one fault, a warning when only the account differs."""
    value, field = lookup(resource.spec, TOPIC), resource.spell(TOPIC)
    account, region = context.target.account or context.facts.account, context.target.region or context.facts.region
    topic = parse_topic_arn(value)
    sibling = sibling_topic(resource, context) if is_unresolved(value) else None
    if sibling is not None:
        return passed(f"The topic is '{sibling.address}' of {sibling.file}, created in the same account and Region.")
    if is_unresolved(value):
        return unknown(cannot_tell(resource, TOPIC, value))
    if topic is None:
        return not_applicable(f"{field} is not the ARN of a topic.")
    other_region = region is not None and (topic.region, topic.partition) != (region, _partition(region, topic))
    other_account = account is not None and topic.account != account
    if other_region or other_account:
        target = ", ".join([f"account '{account}'"] * bool(account) + [f"Region '{region}'"] * bool(region))
        message = (
            f"The topic in {field} is in account '{topic.account}', Region '{topic.region}' ({topic.partition}), "
            f"the target is {target}. " + (_REGION if other_region else _ACCOUNT)
        )
        return failed(Violation(TOPIC, message, severity=None if other_region else Severity.WARNING))
    if account is None or region is None:
        missing = "account" if account is None else "Region"
        message = f"It is not known whether the topic in {field} is near: the target's {missing} is not declared."
        return unknown(Violation(TOPIC, message, f"Declare the target: {_WHERE}."))
    return passed(f"The topic is in account {account}, Region {region}, like the target.")


_REGION = "A topic is reached through the endpoint of its own Region."
_ACCOUNT = "Whether a topic of another account is encrypted, and with whose key, cannot be verified from here."


def _partition(region: str, topic: Topic) -> str:
    """The partition of a Region; of one that is not told by its name the topic's own is taken."""
    if region.startswith(("us-iso", "eu-iso", "eusc-")):
        return topic.partition
    return next((partition for prefix, partition in _PARTITIONS.items() if region.startswith(prefix)), "aws")
