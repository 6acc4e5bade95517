"""Which files are worth parsing, and which are ours even when they cannot be parsed. Bytes only, nothing is imported.

A file without any of the markers is never parsed, so the list errs on the side of too many: one misspelled key does not
hide a file as long as it holds another marker, and what could hide a marker (another encoding, escaped letters) counts
as one itself.
"""

from __future__ import annotations

TYPE_STRINGS = (
    b"AWS::ImageBuilder::InfrastructureConfiguration",
    b"aws_imagebuilder_infrastructure_configuration",
    b"create_infrastructure_configuration",
)
"""What only a document with an infrastructure configuration holds, beside the keys of a request."""

MARKERS = (
    b"nstanceProfile",
    b"erminateInstanceOn",
    b"nstanceMetadataOptions",
    b"httpTokens",
    b"httpPutResponseHopLimit",
    b"snsTopicArn",
    b"instanceTypes",
    b"securityGroupIds",
    b"resourceTags",
    b"ImageBuilder",
    b"imagebuilder",
    b"create_infrastructure_configuration",
    b"iblint:",
)
"""A file is parsed when it holds any of these."""

DISTINCTIVE = frozenset(
    {"instanceProfileName", "terminateInstanceOnFailure", "terminateInstanceOnCompletion", "instanceMetadataOptions"}
)
"""Keys that tell a request from other documents. ``snsTopicArn`` does so beside ``name``."""

KNOWN = DISTINCTIVE | {
    "name",
    "description",
    "instanceTypes",
    "securityGroupIds",
    "subnetId",
    "logging",
    "keyPair",
    "snsTopicArn",
    "resourceTags",
    "tags",
    "placement",
    "parentInstance",
    "clientToken",
    "dryRun",
}
"""All members of the request."""


def has_marker(data: bytes) -> bool:
    """Whether a file may hold an infrastructure configuration, and is worth parsing."""
    return any(marker in data for marker in MARKERS) or b"\0" in data or _has_escaped_letter(data)


def _has_escaped_letter(data: bytes) -> bool:
    r"""Whether a string may spell an ASCII letter as ``\u0069``, ``\U00000069`` or ``\x69``."""
    if b"\\u00" not in data and b"\\x" not in data and b"\\U0" not in data:
        return False
    import re

    return re.search(rb"\\(u00|U000000|x)[4-7]", data) is not None


def is_ours(data: bytes) -> bool:
    """Whether a file that cannot be parsed is ours, so that leaving it unjudged would be wrong.

    It is when it names the resource's type, or holds a distinctive key and another key of the request where keys stand.
    Prose that shows a request is not ours, unless the fenced request is the whole text.
    """
    text = _readable(data)
    if "```" in text and not _is_one_fence(text):
        return False
    if any(name.decode() in text for name in TYPE_STRINGS):
        return True
    keys = _keys(text)
    return looks_distinctive(keys) and len(keys & KNOWN) >= 2


def looks_distinctive(keys: frozenset[str]) -> bool:
    """Whether the keys of a mapping hold one that tells a request from other documents."""
    return not keys.isdisjoint(DISTINCTIVE) or {"name", "snsTopicArn"} <= keys


def _keys(text: str) -> frozenset[str]:
    """Known keys that stand where YAML and JSON have keys: at the start of a line, a list item or a flow mapping."""
    import re

    key = rf"""(?m)(?:^|[{{,])[ \t]*(?:-[ \t]+)*(["']?)({"|".join(sorted(KNOWN))})\1[ \t]*:"""
    return frozenset(match[2] for match in re.finditer(key, text))


def _is_one_fence(text: str) -> bool:
    """Whether the text is one fenced block and nothing else."""
    stripped = text.strip()
    return stripped.startswith("```") and stripped.endswith("```") and stripped.count("```") == 2


def _readable(data: bytes) -> str:
    """The text as well as it can be decoded, with escaped letters spelled out."""
    text = data.decode(_encoding(data), errors="replace")
    if "\\" not in text:
        return text
    import re

    letter = re.compile(r"\\(?:u00|U000000|x)([4-7][0-9A-Fa-f])")
    return letter.sub(lambda match: chr(int(match[1], 16)), text)


def _encoding(data: bytes) -> str:
    """The encoding by byte order mark, else by where NUL bytes stand in the first character."""
    marks = (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\0\0\0", "utf-32-be"),
    )
    for mark, encoding in marks:
        if data.startswith(mark):
            return encoding
    if data[1:4] == b"\0\0\0":
        return "utf-32-le"
    if data[:1] == b"\0":
        return "utf-16-be"
    return "utf-16-le" if data[1:2] == b"\0" else "utf-8"
