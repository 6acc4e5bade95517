"""From the commands of scripts to resources."""

from __future__ import annotations

from collections.abc import Iterable

from iblint.dialects.aws_cli.contents import Contents
from iblint.dialects.aws_cli.invocations import Invocation, Script
from iblint.dialects.aws_cli.options import (
    GLOBAL,
    GLOBAL_FLAGS,
    INPUTS,
    Given,
    members_of,
    spelling_of,
)
from iblint.dialects.aws_cli.scripts import Embedded, scripts_of, unread_of
from iblint.dialects.aws_cli.values import Values
from iblint.dialects.shared.api_shape import UPDATE_KEY, conventions, shape_of
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.directives import attach
from iblint.dialects.shared.extraction import MAX_CONFIGURATIONS, Extraction, Unit
from iblint.dialects.shared.placed import outer_problem, placed_directives
from iblint.dialects.shared.places import place_of
from iblint.dialects.shared.programs import entry
from iblint.dialects.shared.request_shape import Spec
from iblint.dialects.shared.rest import REST, is_rest, merged
from iblint.dialects.shared.targets import configuration_arn, region_name
from iblint.model.document import Document, InputError, NotJudged
from iblint.model.record import replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Directive, Location, Resource
from iblint.model.span import Span
from iblint.model.values import Unresolved
from iblint.parse.program import Program
from iblint.parse.shell.source import ShellSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tree_sitter import Node

_STATEMENT = frozenset(
    {"command", "redirected_statement", "list", "pipeline", "negated_command", "command_substitution", "string"}
    | {"variable_assignment", "declaration_command", "concatenation", "subshell"}
)
"""Nodes that are parts of one statement."""
_MAX_CHARACTERS = 4 * 1024 * 1024
_TOO_LONG = (
    f"The script has more than {_MAX_CHARACTERS} characters, and sends an infrastructure configuration. It was not "
    "judged. Split it."
)
_FAULT = (
    "The shell script cannot be read from here on, and sends an infrastructure configuration. What was understood was "
    "judged. Correct the script."
)
_SURPLUS = (
    f"More than {MAX_CONFIGURATIONS} commands send configurations; those from here on were not judged. Split the file."
)


def extract_commands(unit: Unit) -> tuple[Extraction, tuple[str, ...]]:
    """Return the configurations that the commands of a document send, and the files that they read."""
    found = _Found(unit)
    scripts = list(scripts_of(unit.document))
    for script in scripts:
        found.read(script)
    found.attach_outside()
    if unit.document.syntax == "dockerfile":
        found.add_unread(unread_of(unit.document, scripts))
    extraction = Extraction(tuple(found.resources), tuple(found.problems), tuple(found.not_judged))
    return extraction, tuple(found.wanted)


class _Found:
    """What was found in a document so far."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.document: Document = unit.document
        self.resources: list[Resource] = []
        self.problems: list[InputError] = []
        self.not_judged: list[NotJudged] = []
        self.wanted: dict[str, None] = {}
        self.ranges: list[range | None] = []
        """The lines of the document that the script of each resource stands on."""

    def read(self, embedded: Embedded) -> None:
        """Add the configurations of one script."""
        program = embedded.program
        if len(program.text) > _MAX_CHARACTERS:
            self.problems.append(InputError(program.file, 1, 1, _TOO_LONG))
            return
        source = ShellSource(program, masked=embedded.masked, shell=embedded.shell)
        script = Script(source)
        invocations, rest = script.find()
        room = MAX_CONFIGURATIONS - len(self.resources)
        if len(invocations) > room:
            self._problem(program.span(*source.extent(invocations[room].node)), _SURPLUS)
            invocations = invocations[:room]
        self._add_fault(source, bool(invocations or rest))
        text = replace(self.document, text=program.text, spans=source.comments)
        attached = attach(text, [_lines(source, each.node) for each in invocations])
        self.problems += [outer_problem(program, problem) for problem in attached.problems]
        values = Values(program)
        contents = Contents(script, values, self.unit)
        for each, directives in zip(invocations, attached.directives, strict=True):
            reader = _Request(each, values, contents)
            self.resources.append(self._resource(embedded, reader, placed_directives(program, directives)))
            self.ranges.append(embedded.lines)
        self.wanted |= contents.wanted
        for offset in rest:
            span = program.span(offset, offset + 1)
            self.not_judged.append(entry(program.file, "shell-script", span.line, span.column))

    def _add_fault(self, source: ShellSource, is_ours: bool) -> None:
        fault = source.fault if is_ours else None
        if fault is not None and self.document.syntax == "shell-script":
            self._problem(source.program.span(fault[0], fault[0]), _FAULT)

    def _problem(self, span: Span, message: str) -> None:
        self.problems.append(InputError(self.document.file, span.line, span.column, message))

    def _resource(self, embedded: Embedded, request: _Request, directives: tuple[Directive, ...]) -> Resource:
        operation = request.invocation.operation
        spec = Spec(conventions(is_rest, {} if request.has_input else spelling_of(operation)))
        spec.build(request.members(), shape_of(operation))
        address = embedded.prefix + request.invocation.address
        taken = sum(r.address == address or r.address.startswith(f"{address}[") for r in self.resources)
        if taken:  # several RUN instructions
            address += f"[{taken + 1}]"
        name = request.invocation.name
        return Resource(
            id=f"{self.document.file}#{address}",
            kind=INFRASTRUCTURE_CONFIGURATION,
            dialect="aws-cli",
            origin="api",
            file=self.document.file,
            address=address,
            span=embedded.program.span(name.start, name.end),
            spec=spec.spec,
            places=spec.known_places,
            directives=directives,
            spelling=spec.spelling,
            operation=operation,
            arn=configuration_arn(spec.spec.get(UPDATE_KEY)) if operation == "update" else None,
            region=request.region,
            related=() if embedded.used is None else (Location(self.document.file, embedded.used, "used here"),),
        )

    def add_unread(self, offsets: Iterable[int]) -> None:
        """List commands of a Dockerfile that are not in the form of a shell command."""
        whole = Program(self.document.text, self.document.file)
        for offset in offsets:
            line, column = whole.lines.position(offset)
            self.not_judged.append(entry(self.document.file, "dockerfile", line, column))

    def attach_outside(self) -> None:
        """Add the directives of the document around the scripts, such as comments of YAML."""
        lines = [lines for lines in self.ranges if lines is not None]
        if not lines or len(lines) != len(self.resources):
            return
        attached = attach(self.document, lines)
        self.problems += attached.problems
        pairs = zip(self.resources, attached.directives, strict=True)
        self.resources = [replace(r, directives=(*more, *r.directives)) if more else r for r, more in pairs]


class _Request:
    """The request that one command sends."""

    def __init__(self, invocation: Invocation, values: Values, contents: Contents) -> None:
        self.invocation = invocation
        self.values = values
        self.contents = contents
        given = [*invocation.before.given, *invocation.arguments.given]
        self.options = {each.name: each for each in given}  # the last one counts
        self.has_input = any(name in self.options for name in INPUTS)

    @property
    def region(self) -> str | None:
        """The Region that the command names."""
        given = self.options.get("region")
        return region_name(given.values[0].known) if given is not None and given.values else None

    def members(self) -> Value:
        """Return the members of the request."""
        members: dict[Any, Value] = {}
        for name in INPUTS:
            if name in self.options:
                given = self.options[name]
                shown = self.values.program.shown(
                    given.word.start, max([given.word.end, *(w.end for w in given.values)])
                )
                members = merged(members, self._input(given), shown)
        known = members_of(self.invocation.operation)
        for name, given in self.options.items():
            if name in known:
                member, schema = known[name]
                members[member] = self._member(given, schema)
            elif name.startswith("no-") and name[3:] in known and known[name[3:]][1].get("type") == "boolean":
                place = self.values.whole(given.word)
                members[known[name[3:]][0]] = Value(False, replace(place, key=place.value))
            elif name not in GLOBAL and name not in GLOBAL_FLAGS and name not in INPUTS and name != "no-dry-run":
                place = self.values.whole(given.word)
                members[f"--{name}"] = Value(Unresolved(f"--{name}", "the option is not known"), place)
        unknown = self._open_words()
        if unknown is not None:
            members = {**members, REST: unknown}
        return Value(members, self.values.whole(self.invocation.name))

    def _member(self, given: Given, schema: dict[str, Any] | Any) -> Value:
        key = self.values.whole(given.word)
        if schema.get("type") == "boolean":
            return Value(True, replace(key, key=key.value))
        value = None
        if len(given.values) == 1:
            value = self.contents.of(given.values[0], self.invocation.node)
            if value is not None and schema.get("type") not in ("object", "array"):
                value = self.values.unresolved(given.values[0], self.values.whole(given.values[0]))
                value = Value(replace(value.data, reason="it is the text of a file", text=None), value.where)
        value = value or self.values.member(given.values, schema, key)
        if given.values and given.values[0].starts and given.values[0].start < given.word.end:  # --name=value
            name_end = given.word.starts[len(given.name) + 1] + 1
            key = replace(key, value=self.values.program.span(given.word.start, name_end))
        return Value(value.data, replace(place_of(value.where), key=key.value))

    def _input(self, given: Given) -> Value:
        """Return the request that ``--cli-input-json`` or ``--cli-input-yaml`` gives."""
        place = self.values.whole(given.word)
        if not given.values:
            return Value(Unresolved(f"--{given.name}", "it has no value"), place)
        word, yaml = given.values[0], given.name.endswith("yaml")
        value = self.contents.of(word, self.invocation.node, yaml=yaml) or self.values.json(word, yaml=yaml)
        return value or self.values.unresolved(word, self.values.whole(word))

    def _open_words(self) -> Value | None:
        """Return why there may be further options, or None."""
        others = self.invocation.arguments.others
        words = [word for word in others if word.known is None or word.known == "xargs"]
        for given in self.options.values():
            words += [word for word in given.values[1:] if word.is_open]
        if not words:
            return None
        if words[0].known == "xargs":
            return Value(Unresolved("xargs", "xargs adds arguments"), self.values.whole(words[0]))
        unknown = self.values.unresolved(words[0], self.values.whole(words[0]))
        return Value(replace(unknown.data, text=None), unknown.where)


def _lines(source: ShellSource, node: Node) -> range:
    """Return the lines of the statement of a command."""
    while node.parent is not None and node.parent.type in _STATEMENT:
        node = node.parent
    start, end = source.extent(node)
    lines = source.program.lines
    return range(lines.position(start)[0], lines.position(max(end - 1, start))[0] + 1)
