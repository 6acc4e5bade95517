"""Settings that a document declares in comments: ``# iblint: build-type=container sns-topic-key=none``.

Above the first key of a document they hold for every configuration in it; on or above a line of one configuration, for
that one. What cannot be read, or would hold for nothing, is an InputError: a declaration is never dropped in silence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from iblint.model.document import Comment, Document, InputError
from iblint.model.kms import KEY
from iblint.model.record import Record
from iblint.model.resource import Directive, Location
from iblint.model.span import Span
from iblint.text.wording import did_you_mean, shorten

_DIRECTIVE = re.compile(r"#+\s*iblint(?P<colon>\s*:|\s+(?=[\w-]+=))(?P<body>.*)", re.IGNORECASE)
_NAME = "blint"  # without its i, which has more capitals than one
_BUILD_TYPE = re.compile(r"container|ami|both")
_TOPIC_KEY = re.compile(rf"none|{KEY}")
_KEYS = {
    "build-type": (_BUILD_TYPE, "container, ami or both"),
    "sns-topic-key": (_TOPIC_KEY, "a KMS key's ARN, an alias (alias/...), a key id, or none"),
}

MAX_DECLARED = 20
"""Different declarations that may hold for one configuration: each is carried by every configuration of a document."""

_EVERYWHERE = -1
"""The line of comments that hold for every configuration of the document."""

_Distinct = dict[tuple[str, str], Directive]
"""Directives by key and value: what is declared once more says nothing new."""


class Attached(Record):
    """Directives of each resource, in the order in which the resources were given."""

    directives: tuple[tuple[Directive, ...], ...]
    problems: tuple[InputError, ...]


def attach(document: Document, lines: Sequence[range]) -> Attached:
    """Find the directives of the document and hand each to the resources that it holds for.

    ``lines`` are the lines of each resource (1-based, the end exclusive), from the line that introduces it. A document
    without resources has no directives either: then its comments are none of our business.
    """
    if not lines or _NAME not in document.text.lower():
        return Attached(((),) * len(lines), ())
    declared: dict[int, _Distinct] = {}
    problems: list[InputError] = []
    target = _Target(document)
    for comment in document.spans.comments_with(_NAME):
        try:
            for directive in _read(document.file, comment):
                here = declared.setdefault(target.line_of(comment), {})
                here.setdefault((directive.key, directive.value), directive)
        except ValueError as wrong:
            problems.append(_problem(document, comment.span, str(wrong)))
    if not problems and declared.keys() <= {_EVERYWHERE}:  # the usual case
        everywhere = _holding(declared, [_EVERYWHERE])
        if len(everywhere) <= MAX_DECLARED:
            return Attached((everywhere,) * len(lines), ())
    ordered = sorted(declared)
    inside = {of: ordered[bisect_left(ordered, of.start) : bisect_left(ordered, of.stop)] for of in set(lines)}
    for line in declared.keys() - {_EVERYWHERE}.union(*inside.values()):
        problems += [_problem(document, directive.location.span, _STRAY) for directive in declared[line].values()]
    found = {of: _holding(declared, [_EVERYWHERE, *within]) for of, within in inside.items()}
    surplus = {of[MAX_DECLARED].location.span for of in found.values() if len(of) > MAX_DECLARED}
    problems += [_problem(document, span, _TOO_MANY) for span in surplus]
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return Attached(tuple(found[of][:MAX_DECLARED] for of in lines), tuple(problems))


def _holding(declared: Mapping[int, _Distinct], lines: Sequence[int]) -> tuple[Directive, ...]:
    """The different directives of some lines, one more than MAX_DECLARED at most."""
    found: _Distinct = {}
    for line in lines:
        for key, directive in declared.get(line, {}).items():
            found.setdefault(key, directive)
            if len(found) > MAX_DECLARED:
                return tuple(found.values())
    return tuple(found.values())


_STRAY = (
    "This iblint comment holds for nothing. Put it above the first key of the document, or on or directly above a line "
    "of the configuration that it is meant for."
)

_TOO_MANY = (
    f"More than {MAX_DECLARED} different iblint declarations hold for one configuration; from here on they do not "
    "count. Remove those that are not true."
)


def _problem(document: Document, span: Span, message: str) -> InputError:
    return InputError(document.file, span.line, span.column, message)


def _read(file: str, comment: Comment) -> list[Directive]:
    """The directives of one comment; none when it is an ordinary one. Raises ValueError when it cannot be read."""
    match = _DIRECTIVE.match(comment.text)
    if match is None:
        return []
    if ":" not in match["colon"]:
        raise ValueError("An iblint comment needs a colon: write '# iblint: build-type=container'.")
    words = match["body"].split()
    if not words:
        raise ValueError("This iblint comment declares nothing: write '# iblint: build-type=container'.")
    location = Location(file, comment.span, "declared here")
    return [Directive(key, value, location) for key, value in map(_read_word, words)]


def _read_word(word: str) -> tuple[str, str]:
    """Key and value of ``key=value``. Raises ValueError saying what is wrong and what to write."""
    key, equals, value = word.partition("=")
    if not equals:
        known = " or ".join(f"{known}=..." for known in _KEYS)
        raise ValueError(f"'{shorten(word)}' in this iblint comment is not key=value; write {known}.")
    check_directive(key, value, "this iblint comment")
    return key, value


def check_directive(key: str, value: str, where: str) -> None:
    """Raise ValueError, saying what is wrong and what to write, when no such setting can be made."""
    if key not in _KEYS:
        raise ValueError(f"Unknown key '{shorten(key)}' in {where}.{_did_you_mean(key)}")
    pattern, expected = _KEYS[key]
    if not pattern.fullmatch(value):
        hint = _did_you_mean(value, ("container", "ami", "both")) if key == "build-type" else ""
        raise ValueError(f"'{shorten(value)}' is no value of {key}: write {expected}.{hint}")


def _did_you_mean(word: str, known: Sequence[str] = tuple(_KEYS)) -> str:
    near = did_you_mean(word, known)
    return near or ("" if known != tuple(_KEYS) else f" Known are: {', '.join(known)}.")


class _Target:
    """What the comments of a document are about."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._root = document.spans.root[:2]
        self._below: list[int] | None = None

    def line_of(self, comment: Comment) -> int:
        """The line that a comment is about; 0 for none."""
        if comment.span[:2] < self._root:
            return _EVERYWHERE
        return self._line_below(comment.span.line) if comment.own_line else comment.span.line

    def _line_below(self, line: int) -> int:
        """The first line below that is neither blank nor a comment; 0 when there is none."""
        if self._below is None:
            self._below = _lines_below(self._document.text)
        return self._below[line] if line < len(self._below) else 0


def _lines_below(text: str) -> list[int]:
    """For each line (1-based), the number of the next line that is neither blank nor a comment; 0 for none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    below = [0] * (len(lines) + 1)
    for number in range(len(lines) - 1, 0, -1):
        stripped = lines[number].lstrip()
        below[number] = below[number + 1] if not stripped or stripped.startswith("#") else number + 1
    return below
