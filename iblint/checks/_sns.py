"""What is known of the topic that a configuration notifies, and of the key that encrypts it."""

from __future__ import annotations

import re
from functools import lru_cache

from iblint.checks._related import possible_values, location
from iblint.model.answers import OFFLINE, KeyFacts, Missing, TopicFacts, Unavailable
from iblint.model.context import Context, Evidence
from iblint.model.kms import BARE_KEY, OPEN_KEY_ARN
from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.references import exported, linked
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, Unresolved, lookup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

TOPIC: Path = ("snsTopicArn",)
NO_KEY = "none"
"""The evidence that a topic is not encrypted."""
AWS_MANAGED = "alias/aws/"
"""How the aliases of keys begin that AWS manages. They are never looked up, because that can create the key."""
OWN_KEY = "a key of the stack's account"
"""The evidence that a topic of the template has a key of the account that the template is deployed in."""
KEY: Path = ("kmsMasterKeyId",)

DECLARE = (
    "Declare the topic's KmsMasterKeyId: the comment '# iblint: sns-topic-key=KEY-ARN' above the configuration "
    "('sns-topic-key=none' if the topic is not encrypted), or sns-topic-keys in .iblint.yaml."
)

_DIRECTIVE = "sns-topic-key"
_ANY_TOPIC = "*"

_TOPIC_ARN = re.compile(r"arn:(aws[^:]*):sns:([^:]+):([0-9]{12}):[A-Za-z0-9_-]{1,256}")
_KEY_ARN = re.compile(OPEN_KEY_ARN)
_OWN_ACCOUNT = "${AWS::AccountId}"
_BARE_KEY = re.compile(BARE_KEY)


class Topic(Record):
    """The parts of a topic's ARN."""

    partition: str
    region: str
    account: str


def parse_topic_arn(arn: Any) -> Topic | None:
    """Read the ARN of a standard topic; None when it is not one."""
    return _read_topic(arn) if isinstance(arn, str) else None


@lru_cache(maxsize=256)  # several rules ask, and many configurations notify one topic
def _read_topic(arn: str) -> Topic | None:
    found = _TOPIC_ARN.fullmatch(arn)
    return Topic(*found.groups()) if found else None


def key_evidence(resource: Resource, context: Context) -> tuple[tuple[Evidence, ...], ...]:
    """Everything that is said about the topic's key, once for each key that the topic's definition may give it.

    The value ``none`` says that the topic has no key. What is declared for any topic ("*") counts only when nothing is
    said of this one.
    """
    topic = sibling_topic(resource, context)
    defined = [_defined(topic, value, context) for value in possible_values(topic, KEY, context)] if topic else [None]
    said = [_said(resource, context, evidence) for evidence in defined]
    return tuple(said if len(said) == 1 else dict.fromkeys(said))


def sibling_topic(resource: Resource, context: Context) -> Resource | None:
    """The topic, when the run holds its definition."""
    return linked(context.world, lookup(resource.spec, TOPIC), "Topic", resource.file)


def sibling_key(topic: Resource, value: Any, context: Context) -> Resource | None:
    """The definition of the key that a topic's KmsMasterKeyId names, by itself or by an alias; None if not in sight."""
    alias = linked(context.world, value, "Alias", topic.file)
    if alias is None:
        return linked(context.world, value, "Key", topic.file)
    keys = [linked(context.world, v, "Key", alias.file) for v in possible_values(alias, ("targetKeyId",), context)]
    return keys[0] if len(keys) == 1 else None


def _defined(topic: Resource, value: Any, context: Context) -> Evidence | None:
    """What a topic's definition says of its key by this value; None when the value is not known."""
    source = f"the topic '{topic.address}' on line {topic.span.line} of {topic.file}"
    if value is ABSENT:
        return Evidence(NO_KEY, source, location(topic))
    if isinstance(value, Unresolved):
        known = exported(context.world, value, topic.file)
        if isinstance(known, Unresolved):
            key = _open_key(topic, known, context)
            return None if key is None else Evidence(key, source, location(topic, KEY))
        value = known
    if not isinstance(value, str) or has_unresolved_parts(value):
        return None
    own = bool(_BARE_KEY.fullmatch(value))  # it is resolved in the account of the topic
    return Evidence(OWN_KEY if own else value, source, location(topic, KEY))


def _open_key(topic: Resource, value: Unresolved, context: Context) -> str | None:
    """The key that a value names which is not known as a whole; None when its account is not known either."""
    arn = _KEY_ARN.fullmatch(value.text or "")
    if arn is not None:
        return OWN_KEY if arn["account"] == _OWN_ACCOUNT else arn[0]
    in_sight = any(linked(context.world, value, kind, topic.file) for kind in ("Key", "Alias"))
    return OWN_KEY if in_sight else None


def _said(resource: Resource, context: Context, defined: Evidence | None) -> tuple[Evidence, ...]:
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
    """What the account says of a topic, when it is the account that the configuration is for."""
    identity = context.facts.identity()
    if parse_topic_arn(arn) is None or isinstance(identity, Unavailable) or not context.target.may_be(identity):
        return OFFLINE
    return context.facts.topic(arn)


def live_key(topic: TopicFacts, id: str, context: Context) -> KeyFacts | Missing | Unavailable:
    """What the account says of a topic's key. A bare id or alias is one of the topic owner's."""
    partition, region = topic.arn.split(":")[1], topic.arn.split(":")[3]
    if topic.owner != context.facts.account and not id.startswith("arn:"):
        id = f"arn:{partition}:kms:{region}:{topic.owner}:{id if id.startswith('alias/') else f'key/{id}'}"
    return context.facts.key(id, region)


def is_key(key: str) -> bool:
    """Whether it has the form of a KMS key id, an alias, or the ARN of one, or is known to be one."""
    return key == OWN_KEY or bool(_BARE_KEY.fullmatch(key) or _KEY_ARN.fullmatch(key))


def has_unresolved_parts(key: str) -> bool:
    """Whether parts of a key's ARN are not known, as a template leaves them open."""
    return "${" in key


def key_account(key: str, topic: Topic | None) -> str | None:
    """The account of a key: the ARN's, or for a bare id or alias (alias/aws/sns too) the topic's; None if not known."""
    found = _KEY_ARN.fullmatch(key)
    if found:
        return found["account"]
    return topic.account if topic else None


def key_partition(key: str) -> str | None:
    """The partition that the ARN of a key names; None for a bare id or alias, and when it is left open."""
    found = _KEY_ARN.fullmatch(key)
    return found["partition"] if found and "$" not in found["partition"] else None
