"""IB205: the topic is in the target account, Region and partition."""

from __future__ import annotations

from iblint.checks._sns import TOPIC, parse_topic_arn, sibling_topic
from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.context import Context, partition_of
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Severity, Violation, failed, not_applicable, passed, unknown

_WHERE = "--account and --region, or account and region in .iblint.yaml"


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the topic's ARN with the target: one violation, a warning if only the account differs."""
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
    other_region = region is not None and (topic.region, topic.partition) != (region, partition_of(region))
    other_account = account is not None and topic.account != account
    if other_region or other_account:
        target = ", ".join([f"account '{account}'"] * bool(account) + [f"Region '{region}'"] * bool(region))
        message = (
            f"The topic in {field} is in account '{topic.account}', Region '{topic.region}' ({topic.partition}), "
            f"but the target is {target}. " + (_REGION if other_region else _ACCOUNT)
        )
        return failed(Violation(TOPIC, message, severity=None if other_region else Severity.WARNING))
    if account is None or region is None:
        absent = "account" if account is None else "Region"
        message = (
            f"Cannot tell whether the topic in {field} has the target's account and Region: no {absent} is declared."
        )
        return unknown(Violation(TOPIC, message, f"Declare the target: {_WHERE}."))
    return passed(f"The topic is in account {account}, Region {region}, like the target.")


_REGION = "A topic can only be reached through the endpoint of its own Region."
_ACCOUNT = "How a topic of another account is encrypted cannot be verified."
