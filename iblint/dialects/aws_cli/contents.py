"""What options read: the text behind ``file://``, which the script may write itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iblint.dialects.aws_cli.invocations import Script
from iblint.dialects.aws_cli.options import part
from iblint.dialects.aws_cli.values import Values
from iblint.dialects.shared.content import lifted_document
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.extraction import Unit
from iblint.model.record import replace
from iblint.parse.shell.variables import dominates
from iblint.parse.shell.word import HOLE, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

_PREFIX = "file://"


class Contents:
    """The files of one script."""

    def __init__(self, script: Script, values: Values, unit: Unit) -> None:
        """The companions of ``unit`` are the files that exist, by the names that ``wanted`` collects."""
        self.script = script
        self.values = values
        self.unit = unit
        self.wanted: dict[str, None] = {}

    def of(self, word: Word, reader: Node, *, yaml: bool = False) -> Value | None:
        """Return what the file holds that a word names by ``file://``; None if it names none.

        ``reader`` is the command that reads it.
        """
        if not word.text.startswith(_PREFIX):
            return None
        path = part(word, len(_PREFIX), len(word.text))
        writers = [node for node, target in self._written() if self._same(target, path)]
        since = writers[0].end_byte if writers else 0
        if self._moves(since, reader) and not path.text.startswith(("/", HOLE)):
            return self._unknown(word, "it is not certain in which folder the file is")
        if self._mentions(path) > len(writers):
            return self._unknown(word, "the script may write the file")
        if writers:
            return self._here_document(writers, word, reader, yaml)
        if HOLE in path.text:
            return self._unknown(word, f"the name of the file is not known: {path.holes[0].reason}")
        name = path.text.removeprefix("./")
        self.wanted[name] = None
        data = self.unit.companions.get(name)
        if data is None:
            return self._unknown(word, f"the file '{name}' is not there, or there are several")
        found = lifted_document(self.unit.names.get(name, name), data)
        return found or self._unknown(word, f"the file '{name}' cannot be read as one document")

    def _mentions(self, path: Word) -> int:
        """Return how often the document mentions a file other than by ``file://``."""
        whole = self.unit.document.text
        base = path.text.rpartition("/")[2]
        if HOLE not in base:
            total = len(re.findall(rf"(?<![\w.-]){re.escape(base)}(?![\w.-])", whole))
            return total - len(re.findall(rf"{_PREFIX}[^\s'\"]*?(?<![\w.-]){re.escape(base)}(?![\w.-])", whole))
        name = re.escape(path.holes[-1].expression.strip('"').strip("${}"))
        total = len(re.findall(rf"\$\{{?{name}\b", whole))
        return total - len(re.findall(rf"{_PREFIX}\$\{{?{name}\b", whole))

    def _moves(self, since: int, reader: Node) -> bool:
        """Return whether the script may go to another folder before a command, or is run in another one."""
        if not since and re.search(r"working[-_]?directory", self.unit.document.text, re.IGNORECASE):
            return True
        for node in self.script.source.nodes:
            name = node.child_by_field_name("name") if node.type == "command" else None
            is_move = name is not None and self.script.source.text_of(name) in ("cd", "pushd", "popd")
            if is_move and since <= node.start_byte < reader.start_byte:
                return True
        return False

    def _unknown(self, word: Word, reason: str) -> Value:
        value = self.values.unresolved(word, self.values.whole(word))
        return Value(replace(value.data, reason=reason, text=None), value.where)

    def _written(self) -> Iterator[tuple[Node, Word]]:
        """Yield each redirection into a file: the node, and the word of the file's name."""
        for node in self.script.source.nodes:
            if node.type == "file_redirect" and "<" not in self.script.source.text_of(node)[:2]:
                target = node.child_by_field_name("destination")
                if target is not None:
                    yield node, self.script.reader.word(target)
            elif node.type == "command" and self.script.source.text_of(node).startswith("tee "):
                for target in node.named_children[1:]:
                    yield node, self.script.reader.word(target)

    @staticmethod
    def _same(one: Word, other: Word) -> bool:
        """Return whether two words name the same file, also by the same variables."""
        names = [[hole.expression.strip('"').strip("${}") for hole in word.holes] for word in (one, other)]
        return one.text.removeprefix("./") == other.text.removeprefix("./") and names[0] == names[1]

    def _here_document(self, writers: list[Node], word: Word, reader: Node, yaml: bool) -> Value:
        """Return the content of the here-document that is the only writer of a file."""
        statement = writers[0].parent
        while statement is not None and statement.type not in ("redirected_statement", "program"):
            statement = statement.parent
        redirect = None
        if statement is not None and statement.type == "redirected_statement":
            redirect = next((c for c in statement.named_children if c.type == "heredoc_redirect"), None)
        is_plain = (
            len(writers) == 1
            and redirect is not None
            and self._only_copies(writers[0], statement)
            and statement is not None
            and dominates(statement, reader)
        )
        if not is_plain or redirect is None:
            return self._unknown(word, "it is not certain what the script writes to the file")
        body = self.script.reader.here_document(redirect)
        value = self.values.json(body, yaml=yaml)
        return value or self._unknown(word, "the here-document cannot be read")

    def _only_copies(self, writer: Node, statement: Node | None) -> bool:
        """Return whether the here-document goes into the file as it is: by ``cat`` or ``tee``, and not appended."""
        text = self.script.source.text_of
        if statement is None or text(statement.named_children[0]).partition(" ")[0] not in ("cat", "tee"):
            return False
        if len(text(statement.named_children[0]).split()) > 1 and text(statement.named_children[0])[:3] == "cat":
            return False
        if writer.type == "command":
            return "-a" not in text(writer).split()
        return text(writer).lstrip().startswith((">|", ">")) and not text(writer).startswith(">>")
