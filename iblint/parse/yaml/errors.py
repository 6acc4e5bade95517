"""Explain PyYAML's errors: what is wrong, and what to do."""

from __future__ import annotations

from yaml import MarkedYAMLError, YAMLError

from iblint.model.errors import ParseError
from iblint.parse.line_index import Lines

_TAB = "the indentation contains a tab. Indent with spaces."
_OPEN = "a ',' or the closing bracket is missing: the bracket opened on line {opened} is not closed before this place."
_HINTS = {
    "found a tab character that violates indentation": _TAB,
    "found a tab character where an indentation space is expected": _TAB,
    "mapping values are not allowed in this context": (
        "a ':' begins a value where none is allowed. Put the text in quotes, or correct the indentation."
    ),
    "did not find expected key": (
        "a key is expected here. Correct the indentation, or put the value before it in quotes as a whole."
    ),
    "did not find expected '-' indicator": "a list item ('- ') is expected here. Correct the indentation.",
    "did not find expected ',' or ']'": _OPEN,
    "did not find expected ',' or '}'": _OPEN,
    "did not find expected node content": "a value is expected here. Add it, or close the bracket before it.",
    "could not find expected ':'": "a ':' is expected after a key, on the key's own line. Add it, or quote the text.",
    "found unexpected end of stream": "the quote opened here is never closed. Add the closing quote.",
    "found unknown escape character": (
        "the escape after the backslash is unknown in YAML. Write the backslash twice, or use single quotes."
    ),
    "found undefined tag handle": "the tag's handle is not declared. Declare it with %TAG, or write '!Name'.",
    "found incompatible YAML document": "the %YAML directive names a version that is not 1.1 or 1.2. Remove it.",
    "found unknown directive name": "a line that begins with '%' is a directive, and this one is unknown. Remove it.",
    "did not find expected <document start>": (
        "more text follows the end of the document. Begin a new document with '---', or correct the indentation."
    ),
}


def explain(error: YAMLError, text: str, lines: Lines) -> ParseError:
    """Return the ParseError for an error of PyYAML, at its place in the text."""
    if not isinstance(error, MarkedYAMLError):
        return unreadable(text, lines)
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index, len(text)) if mark else 0
    problem = str(error.problem or error.context)
    opened = error.context_mark.index if error.context_mark else offset
    if problem == "found unexpected end of stream":
        offset = opened
    if problem.endswith("that cannot start any token"):
        hint = _TAB if text[offset] == "\t" else f"no value begins with {text[offset]!r}. Put the value in quotes."
    else:
        hint = _HINTS.get(problem, f"{problem}. Correct the text at this place.")
    message = "not valid YAML: " + hint.format(opened=lines.position(opened)[0])
    return lines.error(message, offset, malformed=True)


def is_too_deep(error: YAMLError) -> bool:
    """Return whether libyaml stopped at its own limit of nested collections (1,000 since 0.2.6)."""
    return getattr(error, "problem", None) == "exceeded maximum nesting depth"


def unreadable(text: str, lines: Lines) -> ParseError:
    """Return the ParseError for a text with a character that YAML does not allow."""
    for offset, char in enumerate(text):
        if not _allowed(char):
            message = f"the character U+{ord(char):04X} is not allowed in YAML. Remove it, or write it as an escape."
            return lines.error(message, offset, malformed=True)
    return ParseError("not valid YAML: the text cannot be read. Save the file as UTF-8.", malformed=True)


def _allowed(char: str) -> bool:
    """Return whether YAML 1.1 allows a character (5.1, printable characters)."""
    return (
        char in "\t\n\r\x85"
        or " " <= char <= "~"
        or "\xa0" <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char >= "\U00010000"
    )
