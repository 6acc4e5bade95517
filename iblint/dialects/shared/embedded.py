"""Find templates and requests in the strings of a document: inline templates, JSON as text, here-documents.

A text that can be read as it stands becomes a document of its own, with places in the file. Any other is a problem,
because nothing judges it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from iblint.dialects.shared.embedded_text import EmbeddedSpans, EmbeddedText, here_documents, text_of
from iblint.dialects.shared.prefilter import KNOWN
from iblint.model.document import Document, InputError
from iblint.model.path import Path, to_pointer
from iblint.model.record import Record, replace
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged
from iblint.parse.load import load_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 4
"""Texts within texts."""
MAX_TEXTS = 200
"""Texts of one document that are read: strings, and here-documents in them."""

_TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"
_DECLARES = re.compile(rf"""(?<!\w)Type(?:\\*["'])?\s*:\s*(?:\\*["'])?{_TYPE}(?!\w)""")
_CAPITAL = re.compile("[A-Z]")
ANY_SPELLING = "|".join(
    f"[{key[0].upper()}{key[0]}]" + _CAPITAL.sub(lambda found: f"[-_]?[{found[0]}{found[0].lower()}]", key[1:])
    for key in sorted(KNOWN)
)
"""The keys of a request in camelCase, PascalCase, snake_case or kebab-case, as a regular expression."""
_KEY = re.compile(rf"""(?<![\w.$/-])(?:\\*["'])?({ANY_SPELLING})(?:\\*["'])?\s*:""")
"""A key of a request as JSON and YAML write it."""
_COMMON = frozenset({"name", "description", "tags", "logging", "placement"})
"""Keys that prove nothing."""
_CALL = re.compile(
    r"""(?<![\w-])(?:create|update)InfrastructureConfiguration(?!\w)"""
    r"""|(?:[aA]pi|[aA]ction)(?:\\*["'])?\s*:\s*(?:\\*["'])?(?:Create|Update)InfrastructureConfiguration(?!\w)"""
)
"""A call as data: of AwsCustomResource, Step Functions, Systems Manager. Policies write the action in capitals."""
_COMMENT = re.compile(r"^[ \t]*(?:#|//).*$", re.MULTILINE)

_DATA = re.compile(r"""\s*(?:---|[{\[]|- |%YAML|["']?[\w$.-]+["']?\s*:)""")

_PROSE = frozenset(
    {"$comment", "comment", "description", "documentation", "help", "markdowndescription", "summary", "title"}
)
"""Keys of texts for people. They may describe or show a configuration."""
_OF_FORMS = frozenset({"DesiredState", "PatchDocument", "ResourceModel"})
"""Keys of texts of Cloud Control: the request dialect reads them, or they record what was done."""
_PARAMETERS = frozenset({"parameters", "templateparameters", "parameteroverrides"})
_LITERAL = frozenset({"!Base64", "Fn::Base64", "!Sub", "Fn::Sub"})
"""Functions that leave a text as it is, if it has no substitutions."""

_RENDER = "Write it as a file of its own, or exclude the file in the configuration."


class Embedded(Record):
    """What the strings of a document hold."""

    documents: tuple[Document, ...] = ()
    problems: tuple[InputError, ...] = ()


def embedded_in(document: Document, judged: Collection[int] = ()) -> Embedded:
    """Return the documents in the strings of a document, and a problem for each text that cannot be judged.

    ``judged`` are the lines with values of calls in scripts: what a call sends is judged already.
    """
    return _Search(document, judged).result()


class _String(Record):
    """A string of a document that holds a request or a template."""

    text: str
    path: Path
    container: Any
    is_computed: bool


class _Search:
    """One search of a document."""

    def __init__(self, document: Document, judged: Collection[int]) -> None:
        self.document = document
        self.judged = judged
        self.lines: list[str] = []
        self.documents: list[Document] = []
        self.problems: dict[InputError, None] = {}
        self.seen: set[str] = set()
        self.read = 0
        """Texts that were read."""

    def result(self) -> Embedded:
        """Return what was found, problems in the order of the file."""
        for string in _strings(self.document.data):
            if string.text in self.seen:
                continue  # AwsCustomResource has the same call for create and update
            self.seen.add(string.text)
            if self._is_full(self._span(string.path)):
                break
            self._read(string)
        problems = sorted(self.problems, key=lambda problem: (problem.line, problem.column))
        return Embedded(tuple(self.documents), tuple(problems))

    def _read(self, string: _String) -> None:
        span = self._span(string.path)
        self.read += 1
        if string.is_computed:
            self._problem(span, f"holds {_what(string.text)}, but functions compute it", _RENDER)
        elif self.document.depth >= MAX_DEPTH:
            self._problem(span, f"is a text in more than {MAX_DEPTH} others", _RENDER)
        else:
            self.lines = self.lines or re.split(r"\r\n?|\n", self.document.text)
            self._text(string, text_of(self.document, string.text, span, self.lines), to_pointer(string.path), 0)

    def _text(self, string: _String, text: EmbeddedText, name: str, depth: int) -> None:
        """Read a text, or the here-documents in it; what else it holds is a problem.

        Data may hold scripts with here-documents: those are in strings of its own.
        """
        rest = text.text.split("\n")
        is_script = "<<" in text.text and depth < MAX_DEPTH and not self._is_document(text.text)
        found = list(here_documents(text)) if is_script else []
        if not any(_is_ours(each.text) for each, _ in found):
            if not self._is_judged(text):
                self._load(string, text, name)
            return
        for number, (each, lines) in enumerate(found):
            if _is_ours(each.text) and not self._is_judged(each):
                if number and self._is_full(text.string):
                    return
                self.read += number > 0  # the first stands for the string itself
                self._text(string, each, f"{name}@{number + 1}", depth + 1)
            rest[lines.start : lines.stop] = [""] * len(lines)
        if _is_ours("\n".join(rest)) and not self._is_judged(text):
            self._not_certain(text, "\n".join(rest))

    def _is_judged(self, text: EmbeddedText) -> bool:
        """Return whether a call sends values that stand in a text."""
        first, last = text.at(1).line, text.at(text.text.count("\n") + 1).end_line
        return any(first <= line <= last for line in self.judged)

    def _is_document(self, text: str) -> bool:
        """Return whether a text can be read as a mapping or a list."""
        loaded = load_text(text, self.document.file, syntax_of="") if _is_data(text) else None
        return isinstance(loaded, tuple) and any(isinstance(each.data, dict | list) for each in loaded)

    def _load(self, string: _String, text: EmbeddedText, name: str) -> None:
        loaded = load_text(text.text, self.document.file, syntax_of="")
        if isinstance(loaded, InputError):
            if not _declares(text.text) or (loaded.malformed and "```" in text.text):
                return  # a text for people may show a request
            if loaded.malformed and not _is_data(text.text) and not loaded.message.startswith("template"):
                self._not_certain(text, text.text)
            else:
                span = text.at(loaded.line, loaded.column)
                self._problem(span, f"holds {_what(text.text)} that cannot be read: {loaded.message}", "")
            return
        if text.expands and _is_expanded(text.text, is_template=bool(_DECLARES.search(text.text))):
            self._problem(text.at(1), f"holds {_what(text.text)} that a shell changes first", _RENDER)
            return
        if not any(isinstance(each.data, dict | list | Tagged) for each in loaded):
            self._not_certain(text, text.text)
            return
        if any(_declares_parameters(each.data) for each in loaded) and _has_parameters(string.container):
            self._problem(text.at(1), "holds a template whose parameters get values beside it", _RENDER)
            return
        outer = self.document
        for each in loaded:
            spans = EmbeddedSpans(each.spans, text)
            within, depth = f"{outer.within}{'#' if outer.within else ''}{name}", outer.depth + 1
            inner = Document(
                outer.file, each.syntax, outer.text, each.data, spans, each.index, outer.explicit, within, depth
            )
            self.documents.append(inner)

    def _is_full(self, span: Span) -> bool:
        """Return whether as many texts were read as are allowed, and report that the one at a span is left out."""
        if self.read < MAX_TEXTS:
            return False
        message = f"The file holds more than {MAX_TEXTS} texts; from here on none was judged. Split it."
        self.problems[InputError(self.document.file, span.line, span.column, message)] = None
        return True

    def _not_certain(self, text: EmbeddedText, ours: str) -> None:
        """Report a program that holds a request: what it makes of it is not certain."""
        match = _DECLARES.search(ours) or _KEY.search(_COMMENT.sub(lambda comment: " " * len(comment[0]), ours))
        line = 1 if match is None else ours.count("\n", 0, match.start()) + 1
        self._problem(text.at(line), f"holds {_what(ours)} in the text of a program", _RENDER)

    def _problem(self, span: Span, what: str, help: str) -> None:
        message = f"This string {what}; it was not judged. {help}" if help else f"This string {what}"
        self.problems[InputError(self.document.file, span.line, span.column, message)] = None

    def _span(self, path: Path) -> Span:
        return (self.document.spans.at(path) or Entry(None, self.document.spans.root)).value


def _strings(data: Any) -> Iterator[_String]:
    """Yield the strings that hold a request or a template, in the order of the document."""
    seen: set[int] = set()
    waiting: list[tuple[Any, Path, Any]] = [(data, (), None)]
    while waiting:
        node, path, container = waiting.pop()
        if isinstance(node, str):
            if _is_ours(node):
                yield _String(node, path, container, False)
            continue
        made = _made_by_function(node, path)
        if made is not None and _is_ours(made.text):
            yield replace(made, container=container)
            continue
        while isinstance(node, Tagged):
            node = node.value
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        steps = [key for key in node if not _is_prose(key)] if isinstance(node, dict) else range(len(node))
        waiting += [(node[step], (*path, step), node) for step in reversed(steps)]


def _is_prose(key: Any) -> bool:
    return isinstance(key, str) and (key.lower() in _PROSE or key in _OF_FORMS)


def _made_by_function(node: Any, path: Path) -> _String | None:
    """Return the string that functions or tags make of strings; None for a node without any."""
    name: Any = None
    if isinstance(node, Tagged):
        name, argument = node.tag, node.value
    elif isinstance(node, dict) and len(node) == 1:
        name, argument = next(iter(node.items()))
        path = (*path, name)
        if not isinstance(name, str) or not name.startswith("Fn::"):
            return None
    if name is None:
        return None
    text = "".join(_pieces(argument))
    is_literal = isinstance(argument, str) and name in _LITERAL and "${" not in text
    return _String(text, path, None, not is_literal)


def _pieces(argument: Any) -> Iterator[str]:
    """Yield the strings that functions make a string of, in order. A mapping is a value of its own, not a string."""
    waiting, seen = [argument], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, Tagged):
            waiting.append(node.value)
        elif isinstance(node, list) and id(node) not in seen:
            seen.add(id(node))
            waiting += reversed(node)
        elif isinstance(node, dict) and len(node) == 1 and str(next(iter(node))).startswith("Fn::"):
            waiting += node.values()


def _is_ours(text: str) -> bool:
    """Return whether a text holds a template with a configuration, keys of a request, or a call as data."""
    if "nfrastructureConfiguration" in text and text.lstrip().startswith("{") and _CALL.search(text):
        return True
    return _declares(text)


def _declares(text: str) -> bool:
    """Return whether a text holds a template with a configuration, or keys of a request where keys are written."""
    if _TYPE in text and _DECLARES.search(text):
        return True
    if "nstance" not in text:
        return False
    return declare_request({match[1] for match in _KEY.finditer(_COMMENT.sub("", text))})


def declare_request(written: Collection[str]) -> bool:
    """Return whether keys, in any spelling, are those of a request."""
    keys = {key.replace("_", "").replace("-", "").lower() for key in written}
    # Resources of other types have InstanceProfileName, and other programs httpTokens below instanceMetadataOptions.
    certain = "instanceProfileName" in written or any(key.startswith("terminateinstanceon") for key in keys)
    return len(keys) >= 2 if certain else "instancemetadataoptions" in keys and len(keys - _COMMON) >= 2


def _is_data(text: str) -> bool:
    """Return whether the first line after comments begins with a key, a list item or a bracket, as data does."""
    return _DATA.match(_COMMENT.sub("", text)) is not None


def _what(text: str) -> str:
    return "a template" if _DECLARES.search(text) else "a request"


def _is_expanded(text: str, *, is_template: bool) -> bool:
    """Return whether a shell changes a text in a way that cannot be told from its values."""
    return "`" in text or "\\" in text or (is_template and "$" in text)


def _has_parameters(container: Any) -> bool:
    """Return whether a mapping gives values to the parameters of a template in it."""
    if not isinstance(container, dict):
        return False
    return any(value and str(key).replace("_", "").lower() in _PARAMETERS for key, value in container.items())


def _declares_parameters(data: Any) -> bool:
    return isinstance(data, dict) and bool(data.get("Parameters")) and "Resources" in data
