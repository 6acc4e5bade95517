"""The SNS topic that a configuration notifies, and the evidence about the key that encrypts it."""

from __future__ import annotations

import re
from functools import lru_cache

from iblint.checks._related import location, values_at
from iblint.model.answers import OFFLINE, KeyFacts, Missing, TopicFacts, Unavailable
from iblint.model.context import Context, Evidence
from iblint.model.kms_names import BARE_KEY, OPEN_KEY_ARN
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.references import find_resource, named_resource, resolve_import
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, Unresolved, lookup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TOPIC: Path = ("snsTopicArn",)
NO_KEY = "none"
"""Evidence that a topic is not encrypted."""
AWS_MANAGED = "alias/aws/"
"""Prefix of the aliases of AWS managed keys. They are not looked up, because that can create the key."""
OWN_KEY = "a key of the stack's account"
"""Evidence that a topic of a template has a key in the account that the template is deployed in."""
KEY: Path = ("kmsMasterKeyId",)

DECLARE = (
    "Declare the topic's KmsMasterKeyId: the comment '# iblint: sns-topic-key=KEY-ARN' above the configuration "
    "('sns-topic-key=none' if the topic is not encrypted), or sns-topic-keys in .iblint.yaml."
)

_DIRECTIVE = "sns-topic-key"
_ANY_TOPIC = "*"

_TOPIC_ARN = r"arn:(aws[^:]*):sns:([^:]+):([0-9]{12}):[A-Za-z0-9_-]{1,256}"
_OWN_ACCOUNT = "${AWS::AccountId}"


class Topic(Record):
    """The parts of a topic's ARN."""

    partition: str
    region: str
    account: str


def parse_topic_arn(arn: Any) -> Topic | None:
    """Parse the ARN of a standard topic; return None for anything else."""
    return _parse_topic_arn(arn) if isinstance(arn, str) else None


@lru_cache(maxsize=256)  # several rules need it, and many configurations notify one topic
def _parse_topic_arn(arn: str) -> Topic | None:
    found = re.fullmatch(_TOPIC_ARN, arn)
    return Topic(*found.groups()) if found else None


def key_evidence(resource: Resource, context: Context) -> tuple[tuple[Evidence, ...], ...]:
    """Return the evidence about the topic's key: one tuple for each key that the topic's definition may give it.

    The value ``none`` means that the topic has no key. A declaration for any topic ("*") counts only if there is no
    evidence about this one.
    """
    topic = sibling_topic(resource, context)
    defined = (
        [_defined(resource, topic, value, context) for value in values_at(topic, KEY, context)] if topic else [None]
    )
    found = [_all_evidence(resource, context, evidence) for evidence in defined]
    return tuple(found if len(found) == 1 else dict.fromkeys(found))


def sibling_topic(resource: Resource, context: Context) -> Resource | None:
    """Return the topic if the run certainly has its definition, else None."""
    value = lookup(resource.spec, TOPIC)
    return find_resource(context.world, value, "Topic", resource.scope, resource, context.given)


def topic_of_the_name(resource: Resource, context: Context) -> Resource | None:
    """Return the topic of the file that has the name in the topic's ARN, if it is not certain that it is the topic."""
    found = named_resource(context.world, lookup(resource.spec, TOPIC), "Topic", resource.scope)
    return found if found is not None and sibling_topic(resource, context) is None else None


def sibling_key(resource: Resource, topic: Resource, value: Any, context: Context) -> Resource | None:
    """Return the key that a topic's KmsMasterKeyId names, directly or by an alias, if the run has its definition."""

    def named(value: Any, kind: str, file: str) -> Resource | None:
        return find_resource(context.world, value, kind, file, resource, context.given)

    alias = named(value, "Alias", topic.scope)
    if alias is None:
        return named(value, "Key", topic.scope)
    keys = [named(v, "Key", alias.scope) for v in values_at(alias, ("targetKeyId",), context)]
    return keys[0] if len(keys) == 1 else None


def _defined(resource: Resource, topic: Resource, value: Any, context: Context) -> Evidence | None:
    """Return the evidence that this value of a topic's KmsMasterKeyId gives; None if the value is not known."""
    source = f"the topic '{topic.address}' on line {topic.span.line} of {topic.file}"
    if value is ABSENT:
        return Evidence(NO_KEY, source, location(topic))
    if isinstance(value, Unresolved):
        known = resolve_import(context.world, value, topic.scope)
        if isinstance(known, Unresolved):
            key = _unresolved_key(resource, topic, known, context)
            return None if key is None else Evidence(key, source, location(topic, KEY))
        value = known
    if not isinstance(value, str) or has_unresolved_parts(value):
        return None
    own = bool(re.fullmatch(BARE_KEY, value))  # it is resolved in the account of the topic
    return Evidence(OWN_KEY if own else value, source, location(topic, KEY))


def _unresolved_key(resource: Resource, topic: Resource, value: Unresolved, context: Context) -> str | None:
    """Return the key that a partly known value names; None if its account is not known."""
    arn = re.fullmatch(OPEN_KEY_ARN, value.text or "")
    if arn is not None:
        return OWN_KEY if arn["account"] == _OWN_ACCOUNT else arn[0]
    kinds = ("Key", "Alias")
    defined_here = any(
        find_resource(context.world, value, kind, topic.scope, resource, context.given) for kind in kinds
    )
    return OWN_KEY if defined_here else None


def _all_evidence(resource: Resource, context: Context, defined: Evidence | None) -> tuple[Evidence, ...]:
    """Return what directives, settings and the topic's definition declare about its key."""
    declared = [
        Evidence(d.value, f"'{_DIRECTIVE}={d.value}' on line {d.location.span.line}", d.location)
        for d in resource.directives
        if d.key == _DIRECTIVE
    ]
    keys = context.target.sns_topic_keys
    topic = lookup(resource.spec, TOPIC)
    if isinstance(topic, str) and topic in keys:
        declared.append(Evidence(keys[topic], "the setting sns-topic-keys"))
    if defined is not None:
        declared.append(defined)
    if not declared and _ANY_TOPIC in keys:
        declared.append(Evidence(keys[_ANY_TOPIC], "the setting sns-topic-keys for any topic"))
    return tuple(declared)


def live_topic(arn: Any, context: Context) -> TopicFacts | Missing | Unavailable:
    """Look up a topic, if the caller is in the target account."""
    identity = context.facts.identity()
    if parse_topic_arn(arn) is None or isinstance(identity, Unavailable) or not context.target.may_be(identity):
        return OFFLINE
    from iblint.facts.questions import TOPIC as TOPIC_FACTS  # few runs ask an account

    return context.facts.ask(TOPIC_FACTS, arn)


def live_key(topic: TopicFacts, id: str, context: Context) -> KeyFacts | Missing | Unavailable:
    """Look up a topic's key. A bare ID or alias belongs to the owner of the topic."""
    partition, region = topic.arn.split(":")[1], topic.arn.split(":")[3]
    if topic.owner != context.facts.account and not id.startswith("arn:"):
        id = f"arn:{partition}:kms:{region}:{topic.owner}:{id if id.startswith('alias/') else f'key/{id}'}"
    from iblint.facts.questions import KEY as KEY_FACTS

    return context.facts.ask(KEY_FACTS, id, region)


def is_key(key: str) -> bool:
    """Return whether evidence is a KMS key ID, an alias, the ARN of one, or ``OWN_KEY``."""
    return key == OWN_KEY or bool(re.fullmatch(BARE_KEY, key) or re.fullmatch(OPEN_KEY_ARN, key))


def has_unresolved_parts(key: str) -> bool:
    """Return whether parts of a key's ARN are unresolved."""
    return "${" in key


def key_account(key: str, topic: Topic | None) -> str | None:
    """Return the account in a key's ARN or, for a bare ID or alias, the topic's account; None if not known."""
    found = re.fullmatch(OPEN_KEY_ARN, key)
    if found:
        return found["account"]
    return topic.account if topic else None


def key_partition(key: str) -> str | None:
    """Return the partition in a key's ARN; None for a bare ID or alias, or if it is unresolved."""
    found = re.fullmatch(OPEN_KEY_ARN, key)
    return found["partition"] if found and "$" not in found["partition"] else None
