"""Variables of a shell script whose value is certain: assigned once, before the use, by a command that surely ran."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from iblint.parse.shell.source import ShellSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

_SETTING = frozenset(
    {"read", "mapfile", "readarray", "getopts", "unset", "let", "printf", "local", "declare", "typeset", "export"}
)
"""Commands that may set the variables that their arguments name."""
_OPAQUE = frozenset({"eval", "source", "."})
"""Commands that may set any variable."""
_TRANSPARENT = frozenset({"redirected_statement", "declaration_command", "compound_statement", "program"})
"""Nodes whose commands run if they run, in the same shell."""
_ENDS = ("", *" \t\r\n;&|)<>`")
"""What may follow a word."""
_LOOPS = frozenset({"for_statement", "while_statement", "c_style_for_statement"})


class Variables:
    """The variables of one script."""

    def __init__(self, source: ShellSource) -> None:
        self.source = source
        self._has_references = False
        """Whether a name may stand for any other variable."""
        self._opaque: list[Node] = []
        self._set: set[str] = set()
        """Names that something else than an assignment may set."""
        self._assignments: dict[str, list[Node]] = {}
        for node in source.nodes:
            self._look_at(node)

    def _look_at(self, node: Node) -> None:
        match node.type:
            case "variable_assignment":
                name = node.child_by_field_name("name")
                plain = "" if name is None else self._text(name).partition("[")[0]
                if node.parent is None or node.parent.type != "command":
                    self._assignments.setdefault(plain, []).append(node)
                elif not self._is_whole(node):  # not before a command: the tree takes the rest of the value for one
                    self._set.add(plain)
            case "for_statement" | "select_statement":
                variable = node.child_by_field_name("variable")
                self._set.add("" if variable is None else self._text(variable))
            case "command" | "declaration_command" | "unset_command":
                self._look_at_command(node)
            case "binary_expression" | "postfix_expression" | "unary_expression":  # of arithmetic, which may assign
                self._set.update(self._text(n) for n in node.named_children if n.type in ("variable_name", "word"))
            case "expansion" if "=" in self._text(node) and any(c.type in (":=", "=") for c in node.children):
                self._set.update(self._text(n) for n in node.named_children if n.type == "variable_name")

    def _look_at_command(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        command = self._text(node.children[0] if name is None else name)
        if command in ("builtin", "command") and node.named_child_count > 1:
            command = self._text(node.named_children[1])
        if _makes_reference(self._text(node)):
            self._has_references = True
        if command in _OPAQUE:
            self._opaque.append(node)
        elif command == "printf" and "-v" not in self._text(node).split():
            return
        elif command in _SETTING or node.type == "unset_command":
            options = {"word", "variable_name", "concatenation", "string", "raw_string"}
            words = [self._text(child).strip("'\"") for child in node.named_children if child.type in options]
            self._set.update(words)
            is_refused = command == "local" and _function_of(node) is None
            if node.type == "declaration_command" and (is_refused or any(_changes_values(word) for word in words)):
                inner = [child for child in node.named_children if child.type == "variable_assignment"]
                self._set.update(self._text(child).partition("=")[0].rstrip("+") for child in inner)

    def _text(self, node: Node) -> str:
        return self.source.text_of(node)

    def name_of(self, node: Node) -> tuple[str | None, str]:
        """Return the name of an expansion, and what it says of a variable that is not set.

        The name is None if the expansion is more than the value of a variable.
        """
        names = [child for child in node.named_children if child.type == "variable_name"]
        text = self._text(node)
        if len(names) != 1:
            return None, "it is only known when the script runs"
        name = self._text(names[0])
        if node.type == "simple_expansion" or text == f"${{{name}}}":
            return name, ""
        for operator in (":-", "-", ":?", "?", ":=", "="):
            begin = f"${{{name}{operator}"
            if text.startswith(begin):
                default = text[len(begin) : -1]
                is_default = operator in (":-", "-", ":=", "=") and default
                # A value that is set in the script is not empty only if it is known.
                return name, f", and {default[:80]!r} if it is not set" if is_default else ""
        return None, "it is only known when the script runs"

    def why_not(self, name: str) -> str:
        """Return why the value of a variable is not known."""
        if name not in self._assignments and name not in self._set:
            return "it is a variable that the script does not set" if not name.isdigit() else "it is an argument"
        return "the script does not set it in one place that is certain"

    def value(self, name: str, use: Node) -> Node | None:
        """Return the node of the value that a variable certainly has at a use, or None."""
        assignment = self._assignment(name, use)
        value = None if assignment is None else assignment.child_by_field_name("value")
        if value is None or value.type == "array":
            return None
        return value

    def items(self, node: Node) -> list[Node] | None:
        """Return the items of an array that a word is the whole of: ``"${ARGS[@]}"``; None for any other word."""
        text = self._text(node)
        if not (text.startswith('"${') and text.endswith('[@]}"') and text[3:-5].isidentifier()):
            return None
        assignment = self._assignment(text[3:-5], node)
        value = None if assignment is None else assignment.child_by_field_name("value")
        return value.named_children if value is not None and value.type == "array" else None

    def _assignment(self, name: str, use: Node) -> Node | None:
        """Return the only assignment of a variable, if it certainly ran before a use."""
        # A function that is called sees the local variables of its caller. Outside of functions there are none.
        outside = _function_of(use) is None
        found = [a for a in self._assignments.get(name, ()) if not (outside and _is_local(a))]
        if len(found) != 1 or name in self._set or self._has_references:
            return None
        assignment = found[0]
        if any(child.type == "+=" for child in assignment.children) or "[" in self._text(assignment).partition("=")[0]:
            return None
        if not self._is_whole(assignment):
            return None
        is_certain = dominates(assignment, use) and not any(self._may_set(o, assignment, use) for o in self._opaque)
        return assignment if is_certain else None

    def _is_whole(self, assignment: Node) -> bool:
        """Return whether the tree has the whole value of an assignment: it ends some at an escaped character."""
        _, end = self.source.extent(assignment)
        return self.source.text[end : end + 1] in _ENDS

    def _may_set(self, opaque: Node, assignment: Node, use: Node) -> bool:
        """Return whether a command that may set anything may run between an assignment and a use."""
        if opaque.start_byte < assignment.start_byte and _function_of(opaque) is None:
            return False
        is_later = opaque.start_byte > use.end_byte and _function_of(opaque) is None
        return not (is_later and _function_of(use) is None and not any(n.type in _LOOPS for n in _around(use)))

    def printed_here_document(self, node: Node) -> Node | None:
        """Return the redirection of ``$(cat <<EOF ...)``, or None for any other command."""
        inner = node.named_children
        if len(inner) != 1 or inner[0].type != "redirected_statement":
            return None
        parts = inner[0].named_children
        if len(parts) != 2 or self._text(parts[0]) != "cat" or parts[1].type != "heredoc_redirect":
            return None
        is_plain = all(child.type.startswith("heredoc") for child in parts[1].named_children)
        return parts[1] if is_plain else None

    @cached_property
    def functions(self) -> set[str]:
        """The names of the functions of the script."""
        found = [node.child_by_field_name("name") for node in self.source.nodes if node.type == "function_definition"]
        return {self._text(name) for name in found if name is not None}


def _makes_reference(command: str) -> bool:
    """Return whether a command makes a name by which another variable is set: ``declare -n``."""
    words = command.split(maxsplit=2)
    return words[0] in ("declare", "local", "typeset") and len(words) > 1 and re.match(r"-\w*n", words[1]) is not None


def _changes_values(option: str) -> bool:
    """Return whether an option of ``declare`` changes what is assigned: to a number, to upper case, to a reference."""
    return option[:1] in "-+" and any(letter in option for letter in "iulnAc")


def _around(node: Node) -> Iterator[Node]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _function_of(node: Node) -> Node | None:
    return next((above for above in _around(node) if above.type == "function_definition"), None)


def _is_local(assignment: Node) -> bool:
    """Return whether an assignment is that of a function alone."""
    above = assignment.parent
    if above is None or above.type != "declaration_command" or _function_of(assignment) is None:
        return False
    return above.children[0].type in ("local", "declare", "typeset")


def _contains(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def dominates(assignment: Node, use: Node) -> bool:
    """Return whether a use can only be reached after an assignment."""
    if assignment.end_byte > use.start_byte:
        return False
    at = assignment
    for above in _around(assignment):
        if _contains(above, use):
            branches = ("elif_clause", "else_clause", "case_item")
            is_other = any(c.type in branches and _contains(c, use) for c in above.named_children)
            is_condition = above.type in ("while_statement", "if_statement") and at == above.named_children[0]
            return above.type != "pipeline" and not is_other and not is_condition
        is_first = above.type == "list" and above.named_children[0] == at
        is_body = above.parent is not None and above.parent.type == "function_definition"
        if not is_first and (above.type not in _TRANSPARENT or is_body):
            return False
        at = above
    return False
