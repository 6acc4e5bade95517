"""Kinds: what a value certainly is although it is not known, such as the id of a subnet.

A kind is a noun that ends with its form: ``subnet id``, ``SNS topic ARN``, ``IAM role name``. TEXT is any string, also
an empty one. ``list of Xs`` is a list whose items have the kind X. The values of all other kinds are strings that AWS
makes, or has checked, so they are not empty.
"""

from __future__ import annotations

import re

TEXT = "text"
ANY = "any"
"""What a rule expects if every kind but TEXT and lists will do."""

SUBNET_ID = "subnet id"
SECURITY_GROUP_ID = "security group id"
INSTANCE_PROFILE_NAME = "instance profile name"
ROLE_NAME = "IAM role name"
TOPIC_ARN = "SNS topic ARN"
FIFO_TOPIC_ARN = "FIFO topic ARN"
BUCKET_NAME = "S3 bucket name"
KEY_PAIR_NAME = "key pair name"

_LIST = "list of "
_NAME = "name"
_LONGEST = {"id": 64, _NAME: 256, "ARN": 1024}
"""Characters of a value by its form, at most. The longest are ARNs of IAM, whose paths have up to 512."""


def list_of(kind: str) -> str:
    """Return the kind of a list of values of a kind."""
    return f"{_LIST}{kind}s"


def item_of(kind: str | None) -> str | None:
    """Return the kind of the items of a list; None if the kind is not that of a list."""
    return kind.removeprefix(_LIST)[:-1] if kind is not None and kind.startswith(_LIST) else None


def is_made_by_aws(kind: str | None) -> bool:
    """Return whether a value of a kind is a string that is not empty."""
    return kind is not None and kind != TEXT and item_of(kind) is None


def fits_length(kind: str, least: int, most: int | None) -> bool:
    """Return whether every string of a kind certainly has at least and at most so many characters."""
    if least > 1 or (least and not is_made_by_aws(kind)):
        return False
    longest = _LONGEST.get(kind.rpartition(" ")[2])
    return most is None or (longest is not None and is_made_by_aws(kind) and longest <= most)


def is_expected(kind: str | None, expected: str) -> bool | None:
    """Return whether values of a kind are what is expected; None if they may be.

    Names of different things may be equal, but no role is an instance profile.
    """
    if kind is None or kind == TEXT:
        return None
    if kind == expected:
        return True
    if item_of(kind) is not None:
        return False
    if expected == ANY:
        return True
    is_name = kind.endswith(f" {_NAME}") and expected.endswith(f" {_NAME}")
    return None if is_name and (kind, expected) != (ROLE_NAME, INSTANCE_PROFILE_NAME) else False


_SNS = (
    r"arn:(?:aws[^:$]*|\$\{AWS::Partition\}):sns:(?:[^:$]+|\$\{AWS::Region\}):(?:[0-9]{12}|\$\{AWS::AccountId\})"
    r":[A-Za-z0-9_-]{1,256}(?P<fifo>\.fifo)?"
)


def kind_of_text(text: str | None) -> str | None:
    """Return the kind of a string with unknown parts, given its known text (``Unresolved.text``); None if not known."""
    found = re.fullmatch(_SNS, text) if text is not None and text.startswith("arn:") else None
    if found is None:
        return None
    return FIFO_TOPIC_ARN if found["fifo"] else TOPIC_ARN
