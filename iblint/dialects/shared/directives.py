"""Read directives in comments: ``# iblint: build-type=container sns-topic-key=none``.

Above the first key of a document, a directive applies to every configuration in it; on or above a line of one
configuration, to that one. A directive that is invalid or applies to nothing is an InputError, never ignored.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from iblint.model.document import Comment, Document, InputError
from iblint.model.kms_names import KEY
from iblint.model.record import Record
from iblint.model.resource import Directive, Location
from iblint.model.span import Span
from iblint.text.wording import did_you_mean, shorten

_DIRECTIVE = r"(?i)(?:#+|//+)\s*iblint(?P<colon>\s*:|\s+(?=[\w-]+=))(?P<body>.*)"
_NAME = "blint"  # without its i, which has several upper-case forms
_KEYS = {
    "build-type": ("container|ami|both", "container, ami or both"),
    "sns-topic-key": (rf"none|{KEY}", "a KMS key's ARN, an alias (alias/...), a key id, or none"),
}

MAX_DECLARED = 20
"""Different directives that may apply to one configuration: every configuration of a document keeps them all."""

_EVERYWHERE = -1
"""The line of comments that apply to every configuration of the document."""

_Distinct = dict[tuple[str, str], Directive]
"""Directives by key and value, without repetitions."""


class Attached(Record):
    """The directives of each resource, in the order of the resources."""

    directives: tuple[tuple[Directive, ...], ...]
    problems: tuple[InputError, ...]


def attach(document: Document, lines: Sequence[range]) -> Attached:
    """Find the directives of the document, and the resources that each applies to.

    ``lines`` are the lines of each resource (1-based, the end exclusive), from the line that introduces it. Comments of
    a document without resources are ignored.
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
    """Return the different directives of some lines, at most one more than MAX_DECLARED."""
    found: _Distinct = {}
    for line in lines:
        for key, directive in declared.get(line, {}).items():
            found.setdefault(key, directive)
            if len(found) > MAX_DECLARED:
                return tuple(found.values())
    return tuple(found.values())


_STRAY = (
    "This iblint comment applies to nothing. Put it above the first key of the document, or on or directly above a "
    "line of the configuration that it is meant for."
)

_TOO_MANY = (
    f"More than {MAX_DECLARED} different iblint directives apply to one configuration; those from here on are "
    "ignored. Remove those that are not true."
)


def _problem(document: Document, span: Span, message: str) -> InputError:
    return InputError(document.file, span.line, span.column, message)


def _read(file: str, comment: Comment) -> list[Directive]:
    """Return the directives of one comment, none of an ordinary one. Raises ValueError if it is invalid."""
    match = re.match(_DIRECTIVE, comment.text)
    if match is None:
        return []
    if ":" not in match["colon"]:
        raise ValueError("An iblint comment needs a colon: write '# iblint: build-type=container'.")
    words = match["body"].split()
    if not words:
        raise ValueError("This iblint comment is empty: write '# iblint: build-type=container'.")
    location = Location(file, comment.span, "declared here")
    return [Directive(key, value, location) for key, value in map(_read_word, words)]


def _read_word(word: str) -> tuple[str, str]:
    """Return key and value of ``key=value``. Raises ValueError with what is wrong and what to write."""
    key, equals, value = word.partition("=")
    if not equals:
        known = " or ".join(f"{known}=..." for known in _KEYS)
        raise ValueError(f"'{shorten(word)}' in this iblint comment is not key=value; write {known}.")
    check_directive(key, value, "this iblint comment")
    return key, value


def check_directive(key: str, value: str, where: str) -> None:
    """Raise ValueError, with what is wrong and what to write, if a directive is invalid."""
    if key not in _KEYS:
        raise ValueError(f"Unknown key '{shorten(key)}' in {where}.{_did_you_mean(key)}")
    pattern, expected = _KEYS[key]
    if not re.fullmatch(pattern, value):
        hint = _did_you_mean(value, ("container", "ami", "both")) if key == "build-type" else ""
        raise ValueError(f"'{shorten(value)}' is not a value of {key}: write {expected}.{hint}")


def _did_you_mean(word: str, known: Sequence[str] = tuple(_KEYS)) -> str:
    near = did_you_mean(word, known)
    return near or ("" if known != tuple(_KEYS) else f" Known are: {', '.join(known)}.")


class _Target:
    """Finds the line that a comment applies to."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._root = document.spans.root[:2]
        self._below: list[int] | None = None

    def line_of(self, comment: Comment) -> int:
        """Return the line that a comment applies to; 0 for none."""
        if comment.span[:2] < self._root:
            return _EVERYWHERE
        return self._line_below(comment.span.line) if comment.own_line else comment.span.line

    def _line_below(self, line: int) -> int:
        """Return the first line below that is neither blank nor a comment; 0 if there is none."""
        if self._below is None:
            marks = ("#", "//") if self._document.syntax == "hcl" else ("#",)
            self._below = _lines_below(self._document.text, marks)
        return self._below[line] if line < len(self._below) else 0


def _lines_below(text: str, marks: tuple[str, ...]) -> list[int]:
    """Return for each line (1-based) the number of the next line that is neither blank nor a comment; 0 for none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    below = [0] * (len(lines) + 1)
    for number in range(len(lines) - 1, 0, -1):
        stripped = lines[number].lstrip()
        below[number] = below[number + 1] if not stripped or stripped.startswith(marks) else number + 1
    return below
