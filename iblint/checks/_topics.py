"""What is known of the topic that a configuration notifies, and of the key that encrypts it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from iblint.model.context import Context, Evidence
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup

TOPIC: Path = ("snsTopicArn",)
NO_KEY = "none"
"""The evidence that a topic is not encrypted."""

DECLARE = (
    "Declare the topic's KmsMasterKeyId: the comment '# iblint: sns-topic-key=KEY-ARN' above the configuration "
    "('sns-topic-key=none' if the topic is not encrypted), or sns-topic-keys in .iblint.yaml."
)

_DIRECTIVE = "sns-topic-key"
_ANY_TOPIC = "*"

_TOPIC_ARN = re.compile(r"arn:(aws[^:]*):sns:([^:]+):([0-9]{12}):[A-Za-z0-9_-]{1,256}")
_KEY_ARN = re.compile(r"arn:aws[^:]*:kms:[^:]+:([0-9]{12}):(?:key|alias)/[A-Za-z0-9/_-]+")
_KEY_ID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}"
_BARE_KEY = re.compile(rf"alias/[A-Za-z0-9/_-]+|{_KEY_ID}")


@dataclass(frozen=True, slots=True)
class Topic:
    """The parts of a topic's ARN."""

    partition: str
    region: str
    account: str


def read_topic(arn: Any) -> Topic | None:
    """Read the ARN of a standard topic; None when it is not one."""
    found = _TOPIC_ARN.fullmatch(arn) if isinstance(arn, str) else None
    return Topic(*found.groups()) if found else None


def key_evidence(resource: Resource, context: Context) -> tuple[Evidence, ...]:
    """Everything that is said about the topic's key; the value ``none`` says that the topic has no key.

    What is declared for any topic ("*") counts only when nothing is said of this one.
    """
    declared = [
        Evidence(d.value, f"'{_DIRECTIVE}={d.value}' on line {d.location.span.line}", d.location)
        for d in resource.directives
        if d.key == _DIRECTIVE
    ]
    keys = context.target.sns_topic_keys
    topic = lookup(resource.spec, TOPIC)
    if isinstance(topic, str) and topic in keys:
        declared.append(Evidence(keys[topic], "the setting sns-topic-keys"))
    if not declared and _ANY_TOPIC in keys:
        declared.append(Evidence(keys[_ANY_TOPIC], "the setting sns-topic-keys for any topic"))
    return tuple(declared)


def is_key(key: str) -> bool:
    """Whether it has the form of a KMS key id, an alias, or the ARN of one."""
    return bool(_BARE_KEY.fullmatch(key) or _KEY_ARN.fullmatch(key))


def key_account(key: str, topic: Topic | None) -> str | None:
    """The account of a key: the ARN's, or for a bare id or alias (alias/aws/sns too) the topic's; None if not known."""
    found = _KEY_ARN.fullmatch(key)
    if found:
        return found.group(1)
    return topic.account if topic else None
