"""Find the commands of a script that send an infrastructure configuration, and those that cannot be read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

from iblint.dialects.aws_cli.options import GLOBAL, Arguments, read_arguments
from iblint.model.record import Record
from iblint.parse.shell.source import ShellSource
from iblint.parse.shell.variables import Variables
from iblint.parse.shell.word import HOLE, Word
from iblint.parse.shell.words import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

    from iblint.model.resource import Operation

SERVICE = "imagebuilder"
OPERATIONS: dict[str, Operation] = {
    "create-infrastructure-configuration": "create",
    "update-infrastructure-configuration": "update",
}
_PRINTING = frozenset(
    {"echo", "printf", "print", "cat", "grep", "egrep", "rg", "ag", "sed", "awk", "man", "which", "whatis", "test", "["}
    | {"[[", "true", ":", "log", "info", "warn", "error", "die", "usage", "apropos", "type", "case", "complete"}
)
"""Commands that do not run what their arguments say."""
_MAX_MENTIONS = 2000
"""Mentions of one script that are looked at."""
MENTION = re.compile(
    rf"\b{SERVICE}(?:[\s\"',\\]+|\s+--\S+\s+\S+\s+)((?:create|update)-infrastructure-configuration)(?![\w./-])"
)


class Invocation(Record, eq=False):
    """One command that sends a configuration."""

    node: Node
    operation: Operation
    name: Word
    """The word of the operation."""
    arguments: Arguments
    before: Arguments
    """The global options between ``aws`` and the name of the service."""
    address: str
    """The function that it stands in and the operation; ``[2]`` follows if there are several."""


class Script:
    """A shell script: its tree, its variables and its commands."""

    def __init__(self, source: ShellSource) -> None:
        self.source = source
        self.variables = Variables(source)
        self.reader = Reader(source, self.variables)

    def find(self) -> tuple[list[Invocation], list[int]]:
        """Return the commands, and the offsets of mentions that are not judged, such as a command in a string."""
        found: list[Invocation] = []
        seen: list[tuple[int, int]] = []
        for node in self.source.nodes:
            if node.type != "command":
                continue
            start, end = self.source.extent(node)
            if not any(name in self.source.text[start:end] for name in OPERATIONS):
                continue
            words = self._words(node)
            if _name(words[0] if words else None) in _PRINTING:
                seen.append((start, end))
                continue
            invocation = self._read(node, words)
            if invocation is not None:
                seen.append((start, end))
                if invocation.arguments.sends:
                    found.append(invocation)
        return _numbered(found), list(self._rest(seen))

    def _words(self, node: Node) -> list[Word]:
        parts = [c for c in node.named_children if c.type not in ("variable_assignment", "file_redirect", "comment")]
        return self.reader.words([c for c in parts if not c.type.endswith("redirect")])

    def _read(self, node: Node, words: Sequence[Word]) -> Invocation | None:
        """Return a command as an invocation, or None if it is another one."""
        for index, word in enumerate(words):
            if word.known not in OPERATIONS:
                continue
            service = _service_before(words, index)
            if service is None:
                return None
            operation = OPERATIONS[word.known]
            before = read_arguments(words[:service], operation)
            arguments = read_arguments(words[index + 1 :], operation)
            arguments.given[:0] = read_arguments(words[service + 1 : index], operation).given
            if _name(words[0]) == "xargs":
                arguments.others.append(words[0])
            return Invocation(node, operation, word, arguments, before, self._address(node, word.known))
        return None

    def _address(self, node: Node, operation: str) -> str:
        above, names = node.parent, [operation]
        while above is not None:
            name = above.child_by_field_name("name") if above.type == "function_definition" else None
            names += [] if name is None else [self.source.text_of(name)]
            above = above.parent
        return ".".join(reversed(names))

    def _rest(self, seen: Sequence[tuple[int, int]]) -> Iterator[int]:
        """Yield the offsets of mentions outside commands that were read, comments, and text that is printed."""
        matches = list(islice(MENTION.finditer(self.source.text), _MAX_MENTIONS))
        if not matches:
            return
        quiet = sorted([*seen, *(self.source.extent(node) for node in self.source.nodes if self._is_quiet(node))])
        reach = list(accumulate((end for _, end in quiet), max))
        for match in matches:
            index = bisect_right(quiet, (match.start(), len(self.source.text))) - 1
            if index < 0 or reach[index] <= match.start():
                yield match.start(1)

    def _is_quiet(self, node: Node) -> bool:
        if node.type == "comment":
            return True
        if node.type == "command":
            name = node.child_by_field_name("name")
            return name is not None and self.source.text_of(name) in _PRINTING
        if node.type != "redirected_statement" or not any(c.type == "heredoc_redirect" for c in node.named_children):
            return False
        parts = [node, *node.named_children]
        writes = any(child.type in ("file_redirect", "pipeline") for part in parts for child in part.named_children)
        command = node.named_children[0]
        return self.source.text_of(command).partition(" ")[0] in _PRINTING and not writes


def _numbered(found: list[Invocation]) -> list[Invocation]:
    """Return invocations with the number of each in its address, from the second on."""
    counts: dict[str, int] = {}
    numbered = []
    for each in found:
        number = counts[each.address] = counts.get(each.address, 0) + 1
        address = each.address if number == 1 else f"{each.address}[{number}]"
        numbered.append(Invocation(each.node, each.operation, each.name, each.arguments, each.before, address))
    return numbered


def _name(word: Word | None) -> str:
    """Return the name of a command without its folder."""
    return "" if word is None else (word.known or HOLE).rpartition("/")[2].lower()


def _service_before(words: Sequence[Word], index: int) -> int | None:
    """Return the index of the name of the service, if nothing but global options stands before the operation."""
    at = index - 1
    while at >= 0:
        if words[at].known == SERVICE and at > 0:
            return at
        is_value = at > 0 and words[at - 1].text.removeprefix("--") in GLOBAL
        if not words[at].text.startswith("--") and not is_value:
            return None
        at -= 1
    return None
