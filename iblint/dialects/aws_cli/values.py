"""The values of options: words to values by the schema of the member, as the AWS CLI reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from iblint.dialects.aws_cli.options import part
from iblint.dialects.aws_cli.shorthand import Pair, ShorthandError, Text
from iblint.dialects.aws_cli.shorthand import parse as parse_shorthand
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.rest import REST
from iblint.dialects.shared.text_sums import OPEN_PART
from iblint.model.errors import ParseError
from iblint.model.record import replace
from iblint.model.resource import Location, Place
from iblint.model.span import Entry, Span
from iblint.model.values import Unresolved
from iblint.parse.program import Program
from iblint.parse.shell.word import HOLE, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.aws_cli.shorthand import Parsed
    from iblint.parse.parsed import Parsed as ParsedText

_STRING_OR_HOLE = re.compile(rf'"(?:[^"\\]|\\.)*"|{HOLE}', re.DOTALL)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)


class Values:
    """Reads the values of one command of a script."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def place(self, word: Word, start: int = 0, end: int | None = None) -> Place:
        """Return where a part of a word is written."""
        stop = len(word.text) if end is None else end
        if start >= stop or not word.starts:
            at = word.starts[start] if start < len(word.starts) else word.end
            return Place(self.program.span(at, at) if word.starts else self.program.span(word.start, word.end))
        return Place(self.program.span(word.starts[start], word.ends[stop - 1]))

    def whole(self, word: Word) -> Place:
        """Return where a word is written, quotes included."""
        return Place(self.program.span(word.start, word.end))

    def unresolved(self, word: Word, place: Place) -> Value:
        """Return a word with holes as a value that is not known."""
        hole = word.holes[0] if word.holes else None
        shown = self.program.shown(word.start, word.end) if word.end > word.start else "..."
        reason = hole.reason if hole is not None else "it cannot be read"
        text = word.text.replace(HOLE, OPEN_PART) if "$" not in word.text else None
        return Value(Unresolved(shown, reason, text=text), place)

    def text(self, word: Word) -> Value:
        """Return a word as a string."""
        place = self.whole(word)
        if HOLE in word.text:
            return self.unresolved(word, place)
        if word.origin is not None:
            written = self.whole(word.origin.word)
            used = Location(self.program.file, place.value, "used here")
            place = replace(written, provenance=f"the value of '{word.origin.name}'", related=(used,))
        return Value(word.text, place)

    def member(self, words: Sequence[Word], schema: Mapping[str, Any], around: Place) -> Value:
        """Return the value of an option for a member of the request."""
        kind = schema.get("type")
        if not words:
            return Value(Unresolved("", "the option has no value"), around)
        if kind == "array":
            return self._list(words, around)
        word = words[0]
        if kind == "object":
            return self._complex(word, schema)
        return self.text(word)

    def _list(self, words: Sequence[Word], around: Place) -> Value:
        if len(words) == 1 and words[0].text.strip().startswith("["):
            return self.json(words[0]) or self.unresolved(words[0], self.whole(words[0]))
        unknown = next((word for word in words if word.is_open), None)
        if unknown is not None:
            return self.unresolved(unknown, self.whole(unknown))
        first, last = self.whole(words[0]).value, self.whole(words[-1]).value
        place = replace(around, value=Span(first.line, first.column, last.end_line, last.end_column))
        return Value([self.text(word) for word in words], place)

    def _complex(self, word: Word, schema: Mapping[str, Any]) -> Value:
        if word.text.lstrip().startswith(("{", "[")):
            return self.json(word) or self.unresolved(word, self.whole(word))
        try:
            parsed = parse_shorthand(word.text)
        except ShorthandError:
            unknown = self.unresolved(word, self.whole(word))
            reason = unknown.data.reason if word.holes else "the AWS CLI cannot read it"
            return Value(replace(unknown.data, reason=reason), unknown.where)
        return self._lifted(parsed, word, schema, self.whole(word))

    def _lifted(self, parsed: Parsed, word: Word, schema: Mapping[str, Any], place: Place) -> Value:
        """Return what the shorthand syntax gives, with the types of the schema."""
        if isinstance(parsed, dict):
            members: dict[Any, Value] = {}
            for name, pair in parsed.items():
                members[name] = self._pair(pair, word, _member(schema, name))
            return Value(members, place)
        if isinstance(parsed, list):
            items = schema.get("items", {})
            return Value([self._lifted(item, word, items, place) for item in parsed], place)
        inner = part(word, parsed.start, parsed.end)
        where = replace(place, value=self.place(word, parsed.start, parsed.end).value)
        value: Value
        if HOLE in inner.text:
            value = self.unresolved(inner, where)
        else:
            value = Value(_converted(parsed.text, schema.get("type")), where)
        return Value([value], where) if schema.get("type") == "array" else value

    def _pair(self, pair: Pair, word: Word, schema: Mapping[str, Any]) -> Value:
        key = self.place(word, pair.key.start, pair.key.end).value
        last = _end_of(pair.value, pair.key.end)
        around = self.place(word, min(pair.key.end + 1, last), last)
        return self._lifted(pair.value, word, schema, replace(around, key=key))

    def json(self, word: Word, *, yaml: bool = False) -> Value | None:
        """Return a text of JSON, or of YAML, with its holes; None if it is none."""
        text = _without_bare_holes(word.text) if not yaml else word.text
        try:
            parsed = _parse(text, yaml)
        except ParseError:
            return None
        inner = Program(text, self.program.file)
        return _Json(self, word, inner, parsed).value(parsed.data, Entry(None, parsed.spans.root))


class _Json:
    """Lifts parsed JSON of a word to values."""

    def __init__(self, values: Values, word: Word, inner: Program, parsed: ParsedText) -> None:
        self.values = values
        self.word = word
        self.inner = inner
        self.spans = parsed.spans

    def value(self, data: Any, entry: Entry) -> Value:
        start, end = self._extent(entry.value)
        key = None if entry.key is None else self.values.place(self.word, *self._extent(entry.key)).value
        place = replace(self.values.place(self.word, start, end), key=key)
        if isinstance(data, dict):
            members: dict[Any, Value] = {}
            for name, value in data.items():
                found = self.value(value, self.spans.entry(data, name) or entry)
                if isinstance(name, str) and HOLE in name:
                    members[REST] = Value(Unresolved(name.replace(HOLE, OPEN_PART), "the key is not known"), place)
                else:
                    members[name] = found
            return Value(members, place)
        if isinstance(data, list):
            items = [self.value(item, self.spans.entry(data, i) or entry) for i, item in enumerate(data)]
            return Value(items, place)
        if HOLE in self.word.text[start:end]:
            unknown = self.values.unresolved(part(self.word, start, end), place)
            text = data.replace(HOLE, OPEN_PART) if isinstance(data, str) and "$" not in data else None
            return Value(replace(unknown.data, text=text), place)
        return Value(data, place)

    def _extent(self, span: Span) -> tuple[int, int]:
        return self.inner.offset(span.line, span.column), self.inner.offset(span.end_line, span.end_column)


def _parse(text: str, yaml: bool) -> ParsedText:
    """Parse the one document of a text. Raises ParseError."""
    if yaml:
        from iblint.parse.yaml import parse as parse_yaml

        documents = parse_yaml(text)
        if len(documents) != 1:
            raise ParseError("the text is not one document", 1, 1)
        return documents[0]
    from iblint.parse.json import fast

    return fast.parse(text)


def _without_bare_holes(text: str) -> str:
    """Return JSON with a number in place of each hole outside strings."""
    if HOLE not in text:
        return text
    return _STRING_OR_HOLE.sub(lambda match: "0" if match[0] == HOLE else match[0], text)


def _member(schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
    return found if isinstance(found, dict) else {}


def _converted(text: str, kind: Any) -> Any:
    """Return a scalar of the shorthand syntax with the type of the member."""
    if kind == "integer" and _INTEGER.fullmatch(text) and len(text) < 19:
        return int(text)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def _end_of(parsed: Parsed, otherwise: int) -> int:
    """Return the offset at which a value of the shorthand syntax ends."""
    if isinstance(parsed, Text):
        return parsed.end
    inner = [pair.value for pair in parsed.values()] if isinstance(parsed, dict) else parsed
    return max([_end_of(each, otherwise) for each in inner], default=otherwise)
