"""Decide by its field whether another tool fills in a value or a key of the request."""

from __future__ import annotations

import re

from iblint.model.path import Path
from iblint.parse.markup import is_markup, is_placeholder, may_be_markup

_FREE: frozenset[Path] = frozenset(
    {
        ("$schema",),
        ("clientToken",),
        ("description",),
        ("keyPair",),
        ("logging", "s3Logs", "s3KeyPrefix"),
        ("parentInstance", "autoScalingGroup", "name"),
    }
)
"""The fields whose values may be any text. Values of tags may be too."""
_FREE_MAPS = ("tags", "resourceTags")

_ARN = r"arn:aws[a-z-]*:%s:[a-z0-9-]+:[0-9]{12}:"
_VALID: dict[Path, str] = {
    ("name",): r"[-_A-Za-z0-9 ]+",
    ("instanceProfileName",): r"[A-Za-z0-9_+=,.@-]+",
    ("logging", "s3Logs", "s3BucketName"): r"[A-Za-z0-9._-]+",
    ("snsTopicArn",): _ARN % "sns" + r"[A-Za-z0-9_-]+",
    ("placement", "hostResourceGroupArn"): _ARN % "resource-groups" + r"group/[A-Za-z0-9_.-]+",
}
"""The other fields with valid values that look like markup: ``__X__`` is a name, ``@@X@@`` that of a profile."""


def is_filled_in(text: str, path: Path, *, substituted: bool = True) -> bool:
    """Return whether the value of a field is markup, and no valid value of the field.

    ``substituted`` says whether ``${X}`` counts: in a template of CloudFormation it does not.
    """
    free = path in _FREE or (len(path) > 1 and path[0] in _FREE_MAPS)
    if not free and path in _VALID and re.fullmatch(_VALID[path], text):
        return False
    certain = is_placeholder if substituted else is_markup
    return certain(text) or (not free and may_be_markup(text))


def is_filled_in_key(key: str) -> bool:
    """Return whether a key is markup, and no valid key of tags or one of an editor, such as ``$schema``."""
    return is_placeholder(key) or (may_be_markup(key) and re.fullmatch(_VALID_KEY, key) is None)


_VALID_KEY = r"[\w .:/=+@-]*|\$[a-z]\w*"
