"""Decide by the bytes of a file whether to parse it, and whether it is an error if it cannot be parsed.

A file without a marker is never parsed, so the list is generous: a file with one misspelled key is found by another
marker, and whatever could hide a marker (another encoding, escaped letters) counts as one.
"""

from __future__ import annotations

from iblint.dialects.shared import mentions

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

TYPE_STRINGS = (
    b"AWS::ImageBuilder::InfrastructureConfiguration",
    b"aws_imagebuilder_infrastructure_configuration",
    b"create_infrastructure_configuration",
    b"imagebuilder create-infrastructure-configuration",
)
"""Strings that occur only in documents with an infrastructure configuration."""

MARKERS = (
    b"nstanceProfile",
    b"erminateInstanceOn",
    b"nstanceMetadataOptions",
    b"nstance_profile",
    b"nstance-profile",
    b"nstanceprofile",
    b"erminate_instance_on",
    b"erminate-instance-on",
    b"erminateinstanceon",
    b"nstance_metadata_options",
    b"nstance-metadata-options",
    b"nstancemetadataoptions",
    b"httpTokens",
    b"httpPutResponseHopLimit",
    b"snsTopicArn",
    b"instanceTypes",
    b"securityGroupIds",
    b"resourceTags",
    b"ImageBuilder",
    b"imagebuilder",
    *mentions.PARTS,
    b"iblint:",
)
"""A file is parsed if it contains any of these."""

_TYPE = TYPE_STRINGS[0].decode()

_IN_STRINGS = ("ateInfrastructureConfiguration", "_instance_on_", "-instance-on-")
"""A call, and parts of keys in spellings that templates do not have."""

_ESCAPES = ("\\u00", "\\U0", "\\x", "\\\n", "\\\r")
"""Escapes that may spell a character of the type or of a key, or fold a line in it."""

_SHARED = (b"nstance", b"uilder", b"nfrastructure")
"""Parts of several markers: most files contain neither, so two searches replace many."""

_SEARCHES = tuple(
    (infix, tuple(marker for marker in MARKERS if infix in marker))
    for infix in (*_SHARED, *(marker for marker in MARKERS if not any(shared in marker for shared in _SHARED)))
)
"""Each string to search for, and the markers that contain it."""

DISTINCTIVE = frozenset(
    {"instanceProfileName", "terminateInstanceOnFailure", "terminateInstanceOnCompletion", "instanceMetadataOptions"}
)
"""Keys that distinguish a request from other documents."""

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


def may_declare(data: bytes, file: str) -> bool:
    """Return whether a file may declare an infrastructure configuration: a program by a mention, data by a marker."""
    if mentions.is_plain(file) or mentions.program_of(file) is None:
        return has_marker(data)
    return mentions.has_mention(data)


def has_marker(data: bytes) -> bool:
    """Return whether a file may contain an infrastructure configuration, so that it must be parsed."""
    for infix, markers in _SEARCHES:
        if infix in data and any(marker in data for marker in markers):
            return True
    if b"\0" in data:
        return True
    if b"\\" not in data:  # the rest takes as long as all of the above
        return False
    return _has_escaped_letter(data) or any(marker in unfolded for unfolded in _unfolded(data) for marker in MARKERS)


def _has_escaped_letter(data: bytes) -> bool:
    r"""Return whether a string may spell an ASCII letter as ``\u0069``, ``\U00000069`` or ``\x69``."""
    if b"\\u00" not in data and b"\\x" not in data and b"\\U0" not in data:
        return False
    import re

    return re.search(rb"\\(u00|U000000|x)[4-7]", data) is not None


def _unfolded(data: bytes) -> list[bytes]:
    """Return the bytes without escaped line breaks, if there are any: YAML removes them from quoted strings."""
    if not any(fold in data for fold in (b"\\\n", b"\\\r", b"\\\xc2\x85", b"\\\xe2\x80")):
        return []
    import re

    return [re.sub(rb"\\(?:\r\n?|\n|\xc2\x85|\xe2\x80[\xa8\xa9])[ \t]*", b"", data)]


_DATA_SUFFIXES = (".json", ".template")
"""Suffixes of files that are never prose."""


def is_ours(data: bytes, *, malformed: bool = True, file: str = "") -> bool:
    """Return whether a file that cannot be parsed declares a configuration, so that ignoring it would be wrong.

    It does if it names the resource's type, or a distinctive key and another key of the request: anywhere in a text
    that other tools may read, and in the place of a key in a ``malformed`` one. Prose that shows a request in a fenced
    block does not, unless the block is the whole text or the name of the ``file`` says that it is data.
    """
    may_be_prose = malformed and not file.lower().endswith(_DATA_SUFFIXES)
    return any(_is_ours(text, malformed=malformed, may_be_prose=may_be_prose) for text in _readings(data))


_MENTIONS = tuple(name.encode() for name in (*mentions.TYPES, *mentions.CALLS, *mentions.COMMANDS))


def find_mention(data: bytes, file: str) -> int | None:
    """Return the line at which a file that is not read mentions a configuration; None if it does not.

    The line is 1 if it is not known, as for a file with escapes or in another encoding.
    """
    places = [place for place in map(data.find, _MENTIONS) if place >= 0]
    if places:
        return data.count(b"\n", 0, min(places)) + 1
    return 1 if has_marker(data) and is_ours(data, file=file) else None


def _is_ours(text: str, *, malformed: bool, may_be_prose: bool) -> bool:
    prose = _around_fences(text) if may_be_prose else ""
    if prose and _is_ours(_documents_before_the_error(text), malformed=malformed, may_be_prose=False):
        return True
    if not prose and any(name.decode() in text for name in TYPE_STRINGS):
        return True
    keys = _keys(prose or text, _AS_KEY if malformed else _AS_WORD)
    return looks_distinctive(keys) and len(keys) >= 2


def may_embed(text: str, judged: int) -> bool:
    """Return whether strings of a document may hold templates or requests that are not among its ``judged`` ones.

    ``judged`` is the number of configurations of a template: each has the type once. The members of a request are
    spelled otherwise there.
    """
    if text.count(_TYPE) > judged or any(key in text for key in _IN_STRINGS) or any(key in text for key in DISTINCTIVE):
        return True
    if "\\" in text and any(escape in text for escape in _ESCAPES):
        return True
    return not judged and "TerminateInstanceOn" in text


def looks_distinctive(keys: frozenset[str]) -> bool:
    """Return whether the keys of a mapping distinguish a request from other documents."""
    return not keys.isdisjoint(DISTINCTIVE)


_NAMES = "|".join(sorted(KNOWN))
_AS_WORD = rf"(?<!\w)({_NAMES})(?!\w)"
_EXPLICIT = rf"""\?[ \t]+(?:[!&]\S*[ \t]+){{0,2}}["']?({_NAMES})(?!\w)"""
_AS_KEY = rf"""{_EXPLICIT}|(?<![\w.$/-])["']?({_NAMES})["']?\s*(?:\#[^\n\r]{{0,200}}[\n\r]\s*)?:"""
"""A key as YAML and JSON write it: ``name:``, ``"name"`` with the colon on the next line, ``? !!str name``."""


def _keys(text: str, form: str) -> frozenset[str]:
    """Return the known keys in a text that have a form."""
    import re

    return frozenset(match[match.lastindex or 0] for match in re.finditer(form, text))


def _around_fences(text: str) -> str:
    """Return the text around the fenced blocks of Markdown; empty if there are none."""
    outside, within = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            within = not within
        elif not within:
            outside.append(line)
    fenced = len(outside) < len(text.splitlines())
    return "\n".join(outside).strip() if fenced and not within else ""


def _documents_before_the_error(text: str) -> str:
    """Return the part of a text that a reader of YAML gets documents from before it meets an error."""
    from iblint.parse.yaml import libyaml  # for texts with fences that cannot be parsed alone

    end = 0
    if libyaml.CParser is None:
        return ""
    try:
        parser = libyaml.CParser(text)
        while (event := parser.get_event()) is not None:
            if type(event).__name__ == "DocumentEndEvent":
                end = event.end_mark.index
    except libyaml.YAMLError:
        pass
    return text[:end]


def _readings(data: bytes) -> list[str]:
    """Return the decoded text as it is written, and with the escapes of JSON and YAML resolved.

    Only a reader that knows where strings begin could tell whether a backslash escapes another one, so both are tried.
    """
    text = decoded(data)
    plain = [text]
    if b"\0" in data:
        plain.append(data.replace(b"\0", b"").decode(errors="replace"))  # the NUL may say nothing of the encoding
    if "\\" not in text:
        return plain
    import re

    escape = r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(?:\r\n?|[\n\x85\u2028\u2029])[ \t]*%s)"
    return [*plain, *(re.sub(escape % also, _unescape, text) for also in ("", r"|\\"))]


def _unescape(match: re.Match[str]) -> str:
    """Return the character of an escape, the backslash of an escaped backslash, or nothing for a line break."""
    digits = match[1] or match[2] or match[3]
    if digits is None:
        return "\\" if match[0] == "\\\\" else ""
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else ""


def decoded(data: bytes) -> str:
    """Return the text of bytes in any encoding of Unicode, with replacements for what is wrong in it."""
    return data.decode(_encoding(data), errors="replace")


def _encoding(data: bytes) -> str:
    """Return the encoding by the byte order mark, else by the places of NUL bytes in the first character."""
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
