"""Trees of tree-sitter: the parser of a language, and the nodes at which it could not follow the text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree


@cache
def parser_of(language: str) -> Parser:
    """Return the parser of a language, whose grammar is the package ``tree_sitter_LANGUAGE``."""
    import tree_sitter

    grammar = import_module(f"tree_sitter_{language}")
    return tree_sitter.Parser(tree_sitter.Language(grammar.language()))


def nodes(tree: Tree) -> Iterator[Node]:
    """Yield all named nodes of a tree, in the order of the text."""
    waiting = [tree.root_node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.named_children)


def first_fault(tree: Tree) -> Node | None:
    """Return the first place at which the text is not of the language, or None."""
    if not tree.root_node.has_error:
        return None
    node = tree.root_node
    while True:
        inner = [child for child in node.children if child.has_error or child.is_missing]
        if not inner:
            break
        node = inner[0]
    # An error around much of the text begins long before the place at which the parser gave up.
    return node.children[-1] if node.is_error and node.children else node
