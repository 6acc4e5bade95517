"""IB204: the key that encrypts the topic belongs to the account that owns the Image Builder resources."""

from __future__ import annotations

from iblint.checks._live import unavailable
from iblint.checks._related import combine, location
from iblint.checks._sns import (
    AWS_MANAGED,
    DECLARE,
    KEY,
    NO_KEY,
    OWN_KEY,
    TOPIC,
    Topic,
    has_unresolved_parts,
    is_key,
    key_account,
    key_evidence,
    key_partition,
    live_key,
    live_topic,
    parse_topic_arn,
    sibling_topic,
    topic_of_the_name,
)
from iblint.checks._values import cannot_tell, contradiction, is_unresolved, locations
from iblint.model.answers import KeyFacts, Missing, TopicFacts, Unavailable
from iblint.model.context import Context, Evidence
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Verdict, Violation, contradicted, failed, not_applicable, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHY = "Image Builder cannot send notifications to a topic that is encrypted with another account's key."


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the account of the topic's key with the target account. Without evidence about the key: UNKNOWN."""
    value = lookup(resource.spec, TOPIC)
    if value is ABSENT:
        return not_applicable("No topic is set.")
    topic, field = parse_topic_arn(value), resource.spell(TOPIC)
    if topic is None and not is_unresolved(value):
        correct = f"Set {field} to the ARN of a topic, arn:aws:sns:REGION:ACCOUNT:NAME."
        if not isinstance(value, str):
            return failed(Violation(TOPIC, f"{field} {show(value)} is not the ARN of a topic. {_WHY}", correct))
        message = f"Cannot tell the account of the topic's key: {field} {show(value)} is not a topic ARN."
        return unknown(Violation(TOPIC, message, correct))
    live = live_topic(value, context)
    if isinstance(live, TopicFacts):
        return _judge_live(resource, live, context)
    judged = combine([_judge_all(resource, topic, evidence, context) for evidence in key_evidence(resource, context)])
    if isinstance(live, Missing) or live.kind == "offline" or judged.verdict in (Verdict.FAIL, Verdict.ERROR):
        return judged
    # In a live run a declaration is no proof: the account could contradict it.
    return unavailable(TOPIC, f"The key of the topic {show(value)}", live)


def _judge_live(resource: Resource, live: TopicFacts, context: Context) -> Judgement:
    """Judge by the topic's attributes in the account, which overrule what is declared."""
    topic, source = parse_topic_arn(live.arn), "the topic's attributes in the account"
    judged = _judge(resource, topic, Evidence(live.kms_key or NO_KEY, source), context)
    if judged.verdict is not Verdict.PASS or live.kms_key is None or AWS_MANAGED in live.kms_key:
        return judged
    key, owner = live_key(live, live.kms_key, context), _owner(topic, context)
    if isinstance(key, Unavailable):
        return unavailable(TOPIC, f"The key '{live.kms_key}' of the topic in {resource.spell(TOPIC)}", key)
    if isinstance(key, KeyFacts) and owner is not None and key.account != owner.value:
        return failed(_foreign(resource, key.account, owner, Evidence(key.arn, source)))
    return judged


def _judge_all(resource: Resource, topic: Topic | None, evidence: tuple[Evidence, ...], context: Context) -> Judgement:
    """Judge by all the evidence about one key that the topic may have."""
    if not evidence:
        return unknown(_no_evidence(resource, lookup(resource.spec, TOPIC), topic, context))
    owner = _owner(topic, context)
    for other in evidence[1:]:
        if _contradict(evidence[0], other, owner):
            subject = f"The evidence about the key of {resource.spell(TOPIC)}"
            return contradicted(contradiction(TOPIC, subject, evidence[0], other))
    return _judge(resource, topic, next((e for e in evidence if e.value == OWN_KEY), evidence[0]), context)


def _contradict(one: Evidence, other: Evidence, owner: Evidence | None) -> bool:
    """Return whether two sources contradict each other. A key of the stack may have any ID or alias of its account."""
    if has_unresolved_parts(one.value) or has_unresolved_parts(other.value):
        accounts = {key_account(evidence.value, None) for evidence in (one, other)}
        return NO_KEY in (one.value, other.value) or (None not in accounts and len(accounts) > 1)
    if one.value == other.value or OWN_KEY not in (one.value, other.value):
        return one.value != other.value
    declared = one.value if other.value == OWN_KEY else other.value
    account = key_account(declared, None)
    return declared == NO_KEY or (None not in (account, owner) and account != (owner and owner.value))


def _judge(resource: Resource, topic: Topic | None, evidence: Evidence, context: Context) -> Judgement:
    """Judge by evidence that names the topic's key; ``topic`` is None if its ARN is unresolved."""
    key = evidence.value
    if key == NO_KEY:
        return passed(f"The topic has no key, according to {evidence.source}.")
    if key == OWN_KEY:
        return passed(f"The topic's key is in the account of the stack, according to {evidence.source}.")
    if not is_key(key):
        message = f"The key '{key}' in {evidence.source} is not a KMS key ID, an alias or the ARN of one."
        message += " So its account is unknown."
        return unknown(Violation(TOPIC, message, DECLARE, related=locations(evidence)))
    partition = key_partition(key)
    if topic is not None and partition not in (None, topic.partition):
        return failed(_other_partition(resource, topic, partition, evidence))
    account, owner = key_account(key, topic), _owner(topic, context)
    if account is None:
        help = f"Declare the key by its ARN, or write the whole ARN in {resource.spell(TOPIC)}."
        return unknown(cannot_tell(resource, TOPIC, lookup(resource.spec, TOPIC), _WHY, help))
    if owner is None:
        return unknown(_no_owner(resource, account, evidence))
    if account == owner.value:
        return passed(f"The topic's key, named by {evidence.source}, is in the account of {owner.source}, {account}.")
    return failed(_foreign(resource, account, owner, evidence))


def _owner(topic: Topic | None, context: Context) -> Evidence | None:
    """Return the account that must own the key: the target, the caller or, without either, the topic's own."""
    if context.target.account is not None:
        return Evidence(context.target.account, "the target")
    if context.facts.account is not None:
        return Evidence(context.facts.account, "the caller")
    if topic is not None:
        return Evidence(topic.account, "the topic itself (no target account is declared)")
    return None


def _no_owner(resource: Resource, account: str, evidence: Evidence) -> Violation:
    message = (
        f"Cannot tell whether the key of the topic in {resource.spell(TOPIC)} belongs to the target account: it is in "
        f"account '{account}' according to {evidence.source}, and no target account is declared. {_WHY}"
    )
    help = f"Declare the target account with --account, or write the whole ARN in {resource.spell(TOPIC)}."
    return Violation(TOPIC, message, help, related=locations(evidence))


def _foreign(resource: Resource, account: str, owner: Evidence, evidence: Evidence) -> Violation:
    field = resource.spell(TOPIC)
    message = (
        f"The key of the topic in {field} is in account '{account}', not in '{owner.value}', the account of "
        f"{owner.source}. {_WHY} The key is named by {evidence.source}."
    )
    help = f"Encrypt the topic with a key of account {owner.value}, or set {field} to a topic whose key is in it."
    return Violation(TOPIC, message, help, related=locations(evidence))


def _other_partition(resource: Resource, topic: Topic, partition: str | None, evidence: Evidence) -> Violation:
    field = resource.spell(TOPIC)
    message = (
        f"The key of the topic in {field} is in partition '{partition}', but the topic is in '{topic.partition}'. "
        f"Accounts of different partitions are different accounts. {_WHY} The key is named by {evidence.source}."
    )
    return Violation(TOPIC, message, f"Use a key in partition '{topic.partition}'.", related=locations(evidence))


def _doubtful(resource: Resource, value: Any, named: Resource) -> Violation:
    message = (
        f"Cannot tell which key, if any, encrypts {show(value)}. It is not certain that it is the topic "
        f"'{named.address}', which has the same name: its account and Region, or whether '{named.address}' is created, "
        f"is not known. {_WHY}"
    )
    field = resource.spell(TOPIC)
    help = (
        f"Write a reference to '{named.address}' in {field}, or declare the target (--account and --region). {DECLARE}"
    )
    return Violation(TOPIC, message, help, related=(location(named),))


def _no_evidence(resource: Resource, value: Any, topic: Topic | None, context: Context) -> Violation:
    sibling = sibling_topic(resource, context)
    if sibling is not None:
        key = show(lookup(sibling.spec, KEY))
        message = f"Cannot tell the account of the key of the topic '{sibling.address}': the key is '{key}'. {_WHY}"
        return Violation(TOPIC, message, DECLARE, related=(location(sibling, KEY),))
    if topic is None:
        return cannot_tell(resource, TOPIC, value, f"So its key is unknown too. {_WHY}", DECLARE)
    named = topic_of_the_name(resource, context)
    if named is not None:
        return _doubtful(resource, value, named)
    target, own = context.target.account, topic.account
    belongs = (
        f" The topic belongs to account '{own}', not to the target '{target}'." if target not in (None, own) else ""
    )
    return Violation(TOPIC, f"Cannot tell which key, if any, encrypts {show(value)}.{belongs} {_WHY}", DECLARE)
