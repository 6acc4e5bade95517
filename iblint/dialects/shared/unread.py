"""Configurations that data declares in forms that iblint does not read. They are problems, because nothing judges them.

Data declares one by a type with properties beside it, by a task that calls the API, by a call of the AWS CLI in a
string, and as a resource of Terraform in its JSON syntax or in a plan. A program in a string is listed as not judged.
A form that a dialect reads is no longer looked for here: what a dialect has said something of is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from iblint.dialects.shared.embedded import ANY_SPELLING, declare_request
from iblint.dialects.shared.mentions import CALLS, CLOUDFORMATION_TYPE, COMMANDS, TERRAFORM_TYPES, TYPES, is_prose
from iblint.dialects.shared.programs import KINDS, TYPE_BEFORE, entry, find_in_text
from iblint.model.document import Document, InputError, Notice, NotJudged
from iblint.model.path import Path
from iblint.model.record import Record, field
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TERRAFORM_SUFFIXES = (".tf.json", ".tofu.json")
_PROPERTIES = frozenset({"properties", "desiredstate", "values", "inputs", "args", "spec", "change"})
"""Keys beside a type that hold the properties, folded."""
_SERVICE_KEYS = frozenset({"service", "servicename", "awscommand"})
_CALL_KEYS = frozenset({"api", "action", "operation", "apiname", "method", "awssubcommand"})
_WORD_KEYS = ("command", "entrypoint", "args")
"""Keys of the words of a container's command, in their order."""
_PROSE_KEYS = frozenset({"description", "summary", "title", "help", "documentation", "comment", "message", "example"})
"""Keys of strings for people, folded."""

_CLI = re.compile(
    r"\bimagebuilder(?:[\s\"',\\]+|\s+--\S+\s+\S+\s+)(?:create|update)-infrastructure-configuration(?![\w./-])"
)
_PLANNED = frozenset({"planned_values", "resource_changes"})
_OF_STATES = frozenset({"terraform_version", "lineage"})
_WITH_RESOURCES = ("planned_values", "resource_changes", "resources")
"""Keys of plans and states below which the resources are. The first one that is there is looked at."""
_REMEDY = "Judge the request that is sent, or exclude the file in the configuration."

_PLAN = "The Terraform plan makes an infrastructure configuration, and iblint does not read plans yet"
_TYPE = "An infrastructure configuration is declared here in a form that iblint does not read"
_CALL = "A task calls the API to make an infrastructure configuration here, in a form that iblint does not read"
_TEMPLATE = "A string holds a template with an infrastructure configuration, and iblint does not read it here"
_COMMAND = "A command makes an infrastructure configuration here, and iblint does not read commands yet"


class Unread(Record):
    """What is said of one file, or a part of it, that no dialect reads."""

    problems: list[InputError] = field(default_factory=list)
    not_judged: list[NotJudged] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


def find_unread(documents: Sequence[Document], said: Sequence[int]) -> Unread:
    """Return what nothing was said of. ``said`` has the lines at which dialects found something in the file."""
    found = Unread()
    for document in documents:
        if document.syntax == "hcl" or document.file.lower().endswith(_TERRAFORM_SUFFIXES):
            continue  # the dialect reads every block of it
        walk = _Walk(document, said, found)
        if _is_plan(document.data):
            walk.add(_managed(document.data), _PLAN)
        elif _is_state(document.data):
            walk.add_state()
        else:
            walk.run()
    return found


class _Walk:
    """One walk over a document."""

    def __init__(self, document: Document, said: Sequence[int], found: Unread) -> None:
        self.document = document
        self.said = sorted(said)
        self.found = found

    def add(self, paths: Iterator[Path], what: str) -> None:
        """Add a problem for each path that nothing was said of."""
        for path in paths:
            entry = self.document.spans.at(path)
            span = self.document.spans.root if entry is None else entry.key or entry.value
            self.found.problems.append(_problem(self.document, span, what))

    def add_state(self) -> None:
        """List the first resource of Terraform's state that is one."""
        for path in _managed(self.document.data):
            where = self.document.spans.at(path)
            span = self.document.spans.root if where is None else where.value
            self.found.not_judged.append(entry(self.document.file, "terraform-state", span.line, span.column))

    def run(self) -> None:
        """Look at every mapping and every string, also one that is the whole document, unless it is for people.

        Only what is said needs a span, which takes long to find.
        """
        if isinstance(self.document.data, str) and not is_prose(self.document.file):
            self.look_at_string(self.document.data, ())
        seen: set[int] = set()
        waiting: list[tuple[Any, Path]] = [(self.document.data, ())]
        while waiting:
            node, path = waiting.pop()
            while isinstance(node, Tagged):
                node = node.value
            if not isinstance(node, dict | list) or id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, dict):
                self.look_at_mapping(node, path)
            for step, value in _steps(node):
                plain = value.value if isinstance(value, Tagged) else value
                if isinstance(plain, str):
                    if "nfrastructure" in plain:
                        self.look_at_string(plain, (*path, step))
                elif isinstance(plain, dict | list):
                    waiting.append((plain, (*path, step)))
            if isinstance(node, list):
                self.look_at_command(node, path)

    def look_at_mapping(self, node: dict[Any, Any], path: Path) -> None:
        """Add a mapping whose type is that of the resource, and one that calls the API."""
        if any(node.get(key) in TYPES for key in ("Type", "TypeName", "type") if isinstance(node.get(key), str)):
            if any(isinstance(key, str) and _fold(key) in _PROPERTIES for key in node):
                self.say(self.span(path), _TYPE)
        elif any(isinstance(value, str) and "magebuilder" in value.lower() for value in node.values()) and _calls(node):
            self.say(self.span(path), _CALL)
        elif isinstance(node.get("args"), list):
            parts = [node[key] for key in _WORD_KEYS if isinstance(node.get(key), list)]
            if not any(map(_is_command, parts)) and _is_command([word for part in parts for word in part]):
                self.say(self.span(path), _COMMAND)

    def look_at_string(self, text: str, path: Path) -> None:
        """Add a command, a template or a program in a string."""
        if path and isinstance(path[-1], str) and _fold(path[-1]) in _PROSE_KEYS:
            return
        span = self.span(path)
        if any(not _is_comment(text, match.start()) for match in _CLI.finditer(text)) or _has_command(text):
            self.say(span, _COMMAND)
        elif _declares_type(text):
            self.say(span, _TEMPLATE)
        elif ("\n" in text or "(" in text) and not self.is_said(span):
            kind = find_in_text(text)
            if kind is not None:
                what, help = KINDS[kind]
                reason = f"{what}, in a string. It was not judged: iblint runs no programs."
                self.found.not_judged.append(NotJudged(self.document.file, span.line, span.column, kind, reason, help))

    def look_at_command(self, items: list[Any], path: Path) -> None:
        """Add a list of the words of a command."""
        if _is_command(items):
            self.say(self.span(path), _COMMAND)

    def span(self, path: Path) -> Span:
        """Return the span of a value, its key included."""
        entry = self.document.spans.at(path)
        return self.document.spans.root if entry is None else _with_key(entry)

    def say(self, span: Span, what: str) -> None:
        """Add a problem, unless a dialect said something there."""
        if not self.is_said(span):
            self.found.problems.append(_problem(self.document, span, what))

    def is_said(self, span: Span) -> bool:
        """Return whether something was said at a line of the span."""
        return any(span.line <= line <= span.end_line for line in self.said)


def _problem(document: Document, span: Span, what: str) -> InputError:
    return InputError(document.file, span.line, span.column, f"{what}; it was not judged. {_REMEDY}")


def _steps(node: Any) -> Iterator[tuple[Any, Any]]:
    return iter(node.items()) if isinstance(node, dict) else iter(enumerate(node))


def _with_key(entry: Entry) -> Span:
    """Return the span of an entry from its key on."""
    if entry.key is None:
        return entry.value
    return Span(entry.key.line, entry.key.column, entry.value.end_line, entry.value.end_column)


def _fold(key: str) -> str:
    return key.replace("-", "").replace("_", "").lower()


def _calls(node: dict[Any, Any]) -> bool:
    """Return whether a mapping is a task that calls the API: an action beside its service, or of Step Functions."""
    folded = {_fold(key): value for key, value in node.items() if isinstance(key, str) and isinstance(value, str)}
    resource = folded.get("resource", "")
    if resource.partition("aws-sdk:imagebuilder:")[2].partition(".")[0] in CALLS:
        return True
    if not any(folded.get(key, "").lower() == "imagebuilder" for key in _SERVICE_KEYS):
        return False
    return any(folded.get(key) in CALLS for key in _CALL_KEYS)


def _is_command(words: Sequence[Any]) -> bool:
    """Return whether a list has the words of a command that makes a configuration."""
    return "imagebuilder" in words and any(word in CALLS for word in words if isinstance(word, str))


def _declares_type(text: str) -> bool:
    places = (match.start() for match in re.finditer(CLOUDFORMATION_TYPE, text))
    return any(TYPE_BEFORE.search(text[max(place - 80, 0) : place]) for place in places)


def _has_command(text: str) -> bool:
    lower = text.lower()  # PowerShell does not distinguish case
    return any(command.lower() in lower for command in COMMANDS)


def _is_comment(text: str, place: int) -> bool:
    line = text[text.rfind("\n", 0, place) + 1 : place].lstrip()
    return line.startswith("#")


def _is_plan(data: Any) -> bool:
    return isinstance(data, dict) and "format_version" in data and not _PLANNED.isdisjoint(data)


def _is_state(data: Any) -> bool:
    return isinstance(data, dict) and "resources" in data and not _OF_STATES.isdisjoint(data)


def _managed(data: dict[str, Any]) -> Iterator[Path]:
    """Yield the path of the first resource that a plan makes or keeps, or that a state has."""
    key = next(key for key in _WITH_RESOURCES if key in data)
    waiting: list[tuple[Any, Path]] = [(data[key], (key,))]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, dict) and node.get("type") in TERRAFORM_TYPES and node.get("mode", "managed") == "managed":
            if _actions(node) != ["delete"]:
                yield path
                return
            continue
        if isinstance(node, dict | list):
            waiting += [(value, (*path, step)) for step, value in reversed(list(_steps(node)))]


def _actions(change: dict[str, Any]) -> Any:
    """Return what a plan does with a resource."""
    return change["change"].get("actions") if isinstance(change.get("change"), dict) else None


_TOML_TYPE = re.compile(rf"""^\s*["']?(?:Type|TypeName|type)["']?\s*=\s*["']{CLOUDFORMATION_TYPE}["']""", re.MULTILINE)
_TOML_KEY = re.compile(rf"""(?:^|[\[{{,.])[ \t]*["']?({ANY_SPELLING})["']?[ \t]*[=.\]]""", re.MULTILINE)
_TOML_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_TOML = "The file declares an infrastructure configuration in TOML, which iblint does not read"


def find_in_toml(file: str, text: str) -> tuple[InputError, ...]:
    """Return a problem for a TOML file that declares a configuration: by its type, a command or keys of a request."""
    text = _TOML_COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    keys = {match[1]: match.start(1) for match in _TOML_KEY.finditer(text)}
    places = [match.start() for match in _TOML_TYPE.finditer(text)]
    places += [match.start() for match in _CLI.finditer(text)]
    if declare_request(frozenset(keys)):
        places += keys.values()
    if not places:
        return ()
    line = text.count("\n", 0, min(places)) + 1
    return (InputError(file, line, 1, f"{_TOML}; it was not judged. {_REMEDY}"),)
