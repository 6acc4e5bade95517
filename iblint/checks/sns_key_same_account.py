"""IB204: the key that encrypts the topic belongs to the account that owns the Image Builder resources."""

from __future__ import annotations

import re
from typing import Any

from iblint.checks._values import disagreement, is_open, open_fault, places
from iblint.model.context import Context, Evidence
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Fault, Judgement, contradicted, failed, not_applicable, passed, unknown
from iblint.model.wording import show

TOPIC: Path = ("snsTopicArn",)
DIRECTIVE = "sns-topic-key"
NO_KEY = "none"
ANY_TOPIC = "*"

_TOPIC_ARN = re.compile(r"arn:aws[^:]*:sns:[^:]+:([0-9]{12}):[A-Za-z0-9_-]{1,256}")
_KEY_ARN = re.compile(r"arn:aws[^:]*:kms:[^:]+:([0-9]{12}):(?:key|alias)/[A-Za-z0-9/_-]+")
_KEY_ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}"
_BARE_KEY = re.compile(rf"alias/[A-Za-z0-9/_-]+|{_KEY_ID}")

_WHY = "Image Builder cannot send notifications to a topic that is encrypted with another account's key."
DECLARE = (
    "Declare the topic's KmsMasterKeyId: the comment '# iblint: sns-topic-key=KEY-ARN' above the configuration "
    "('sns-topic-key=none' if the topic is not encrypted), or sns-topic-keys in .iblint.yaml."
)


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the account of the topic's key with the target's; with no evidence about the key it is unknown."""
    topic = lookup(resource.spec, TOPIC)
    field = resource.spell(TOPIC)
    if topic is ABSENT:
        return not_applicable("There is no topic.")
    correct = f"Set {field} to the ARN of a topic, arn:aws:sns:REGION:ACCOUNT:NAME."
    if not is_open(topic) and not isinstance(topic, str):
        return failed(Fault(TOPIC, f"{field} is {show(topic)}, not the ARN of a topic. {_WHY}", correct))
    if isinstance(topic, str) and account_of(topic) is None:
        message = f"{field} is {show(topic)}: the topic ARN cannot be read. So the account of its key is not known."
        return unknown(Fault(TOPIC, message, correct))
    evidence = key_evidence(resource, context)
    if not evidence:
        return unknown(_no_evidence(resource, topic, context))
    others = [other for other in evidence if other.value != evidence[0].value]
    if others:
        return contradicted(disagreement(TOPIC, f"What is said of the key of {field}", evidence[0], others[0]))
    return _judge(resource, topic, evidence[0], context)


def account_of(topic: Any) -> str | None:
    """The account of a topic's ARN; None when it cannot be read."""
    return _account(_TOPIC_ARN, topic) if isinstance(topic, str) else None


def key_evidence(resource: Resource, context: Context) -> tuple[Evidence, ...]:
    """Everything that is said about the topic's key; the value ``none`` says that the topic has no key.

    What is declared for any topic ("*") counts only when nothing is said of this one.
    """
    declared = [
        Evidence(d.value, f"'{DIRECTIVE}={d.value}' on line {d.location.span.line}", d.location)
        for d in resource.directives
        if d.key == DIRECTIVE
    ]
    keys = context.target.sns_topic_keys
    topic = lookup(resource.spec, TOPIC)
    if isinstance(topic, str) and topic in keys:
        declared.append(Evidence(keys[topic], "the setting sns-topic-keys"))
    if not declared and ANY_TOPIC in keys:
        declared.append(Evidence(keys[ANY_TOPIC], "the setting sns-topic-keys for any topic"))
    return tuple(declared)


def _judge(resource: Resource, topic: Any, evidence: Evidence, context: Context) -> Judgement:
    """The verdict once it is said what the topic's key is."""
    key = evidence.value
    if key == NO_KEY:
        return passed(f"The topic has no key, says {evidence.source}.")
    in_arn = _account(_KEY_ARN, key)
    if in_arn is None and not _BARE_KEY.fullmatch(key):
        message = f"The key '{key}' is not a key id, an alias or an ARN of one, as {evidence.source} has it."
        return unknown(Fault(TOPIC, f"{message} So its account is not known.", DECLARE, related=places(evidence)))
    # A bare id or alias, alias/aws/sns too, is resolved in the account of the topic.
    key_account = in_arn or account_of(topic)
    owner = _owner(topic, context)
    if owner is None or key_account is None:
        missing = "the target account with --account" if owner is None else "the key by its ARN"
        help = f"Declare {missing}, or write the ARN in {resource.spell(TOPIC)} out."
        return unknown(open_fault(resource, TOPIC, topic, _WHY, help))
    if key_account == owner.value:
        return passed(f"The topic's key is in account {key_account}, that of {owner.source}. It is named by {evidence.source}.")
    return failed(_foreign(resource, key_account, owner, evidence))


def _account(pattern: re.Pattern[str], arn: str) -> str | None:
    found = pattern.fullmatch(arn)
    return found.group(1) if found else None


def _owner(topic: Any, context: Context) -> Evidence | None:
    """The account that the key has to be in; without a target the topic's own stands in, and the source says so."""
    if context.target.account is not None:
        return Evidence(context.target.account, "the target")
    if context.facts.account is not None:
        return Evidence(context.facts.account, "the caller")
    own = account_of(topic)
    return Evidence(own, "the topic itself, which stands in: no target account is declared") if own else None


def _foreign(resource: Resource, key_account: str, owner: Evidence, evidence: Evidence) -> Fault:
    field = resource.spell(TOPIC)
    message = (
        f"The key of the topic in {field} is in account '{key_account}', not in '{owner.value}', that of {owner.source}. "
        f"{_WHY} The key is named by {evidence.source}."
    )
    help = f"Encrypt the topic with a key of account {owner.value}, or set {field} to a topic whose key is in it."
    return Fault(TOPIC, message, help, related=places(evidence))


def _no_evidence(resource: Resource, topic: Any, context: Context) -> Fault:
    if is_open(topic):
        return open_fault(resource, TOPIC, topic, f"So its key is not known either. {_WHY}", DECLARE)
    target, own = context.target.account, account_of(topic)
    belongs = f" It belongs to account '{own}', not to the target '{target}'." if target not in (None, own) else ""
    return Fault(TOPIC, f"It is not known which key, if any, encrypts {show(topic)}.{belongs} {_WHY}", DECLARE)
