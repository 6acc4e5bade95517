"""Convert a node of tree-sitter's tree to an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from iblint.parse.hcl.expressions import (
    Broken,
    Call,
    Conditional,
    Each,
    Expression,
    For,
    Literal,
    Name,
    ObjectCons,
    Operation,
    Step,
    TupleCons,
)
from iblint.parse.hcl.numbers import number
from iblint.parse.hcl.source import HclText
from iblint.parse.hcl.templates import heredoc, quoted
from iblint.parse.parsed import MAX_DEPTH, MAX_NUMBER_LENGTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

_STEPS = frozenset({"get_attr", "index", "splat"})
_PASSED_THROUGH = frozenset(
    {"expression", "literal_value", "template_expr", "collection_value", "operation", "for_expr"}
)
"""Nodes that only hold another one."""


def convert(source: HclText, node: Node, depth: int = 0) -> Expression:
    """Return the expression that a node is. ``depth`` is the number of levels above it."""
    start, end = node.start_byte, node.end_byte
    if node.is_error or node.is_missing or node.has_error:
        return Broken(source, start, end, "it has a syntax error")
    if depth > MAX_DEPTH:
        return Broken(source, start, end, f"it is nested more than {MAX_DEPTH} levels deep")
    children = [child for child in node.children if child.type != "comment"]
    if node.type in _PASSED_THROUGH:
        inner = [child for child in children if child.type not in "()"]
        return _stepped(source, inner, depth + (len(inner) < len(children)))
    convert_one = _CONVERTERS.get(node.type)
    if convert_one is None:
        return Broken(source, start, end, f"iblint does not know '{node.type}'")
    return convert_one(source, node, children, depth + 1)


def _stepped(source: HclText, children: list[Node], depth: int) -> Expression:
    """Return an expression and the steps behind it, each of which encloses what precedes it."""
    made = convert(source, children[0], depth)
    for step in children[1:]:
        made = _step(source, made, step, depth)
    return made


def _step(source: HclText, on: Expression, node: Node, depth: int) -> Expression:
    start, end = on.start, node.end_byte
    children = [child for child in node.children if child.type != "comment"]
    match node.type:
        case "get_attr":
            name = children[-1]
            key = Literal(source, name.start_byte, name.end_byte, source.cut(name.start_byte, name.end_byte))
            return Step(source, start, end, on, key, is_attribute=True)
        case "index":
            return _index(source, on, children[0], end, depth)
        case "splat":
            splat = children[0]
            item: Expression = Name(source, start, splat.start_byte, "")
            rest = [child for child in splat.children if child.type in _STEPS]
            attributes = rest
            if splat.type == "attr_splat":  # an index behind it applies to the whole list
                attributes = [child for number, child in enumerate(rest) if _only_attributes(rest[: number + 1])]
            for step in attributes:
                item = _step(source, item, step, depth)
            made: Expression = Each(source, start, attributes[-1].end_byte if attributes else end, on, item)
            for step in rest[len(attributes) :]:
                made = _step(source, made, step, depth)
            return made
    return Broken(source, start, end, f"iblint does not know '{node.type}'")


def _only_attributes(steps: list[Node]) -> bool:
    return all(step.type == "get_attr" for step in steps)


def _index(source: HclText, on: Expression, node: Node, end: int, depth: int) -> Expression:
    if node.type == "legacy_index":  # ``list.0``
        digits = source.cut(node.start_byte, node.end_byte).lstrip(".").strip()
        if not digits.isdecimal() or len(digits) > MAX_NUMBER_LENGTH:
            return Broken(source, on.start, end, "iblint cannot read the index")
        return Step(source, on.start, end, on, Literal(source, node.start_byte, end, int(digits)), is_attribute=False)
    inner = [child for child in node.children if child.type == "expression"]
    return Step(source, on.start, end, on, convert(source, inner[0], depth), is_attribute=False)


def _name(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:  # noqa: ARG001
    return Name(source, node.start_byte, node.end_byte, source.cut(node.start_byte, node.end_byte))


def _number(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:  # noqa: ARG001
    value = number(source.cut(node.start_byte, node.end_byte))
    if value is None:
        return Broken(source, node.start_byte, node.end_byte, "the number is too long")
    return Literal(source, node.start_byte, node.end_byte, value)


def _word(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:  # noqa: ARG001
    word = source.cut(node.start_byte, node.end_byte)
    return Literal(source, node.start_byte, node.end_byte, {"true": True, "false": False, "null": None}[word])


def _call(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:
    name = source.cut(children[0].start_byte, children[0].end_byte)
    arguments: list[Expression] = []
    expands = False
    for child in (inner for each in children if each.type == "function_arguments" for inner in each.children):
        if child.type == "expression":
            arguments.append(convert(source, child, depth))
        expands = expands or child.type == "ellipsis"
    return Call(source, node.start_byte, node.end_byte, name, tuple(arguments), expands=expands)


def _binary(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:
    """Return a binary operation. An operand is a node, or one in brackets; steps may follow it."""
    operands: list[list[Node]] = [[]]
    operator = ""
    within = 0
    for child in children:
        within += {"(": 1, ")": -1}.get(child.type, 0)
        if child.type in "()":
            continue
        if child.is_named or within:
            operands[-1].append(child)
        else:
            operator = source.cut(child.start_byte, child.end_byte)
            operands.append([])
    if len(operands) != 2 or not all(operands):
        return Broken(source, node.start_byte, node.end_byte, "iblint cannot read the operation")
    converted = tuple(_stepped(source, each, depth) for each in operands)
    return Operation(source, node.start_byte, node.end_byte, operator, converted)


def _unary(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:
    operator = source.cut(children[0].start_byte, children[0].end_byte)
    operand = [child for child in children[1:] if child.type not in "()"]
    return Operation(source, node.start_byte, node.end_byte, operator, (_stepped(source, operand, depth),))


def _conditional(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:
    parts: list[list[Node]] = [[]]
    for child in children:
        if child.is_named:
            parts[-1].append(child)
        elif child.type in "?:":
            parts.append([])
    if len(parts) != 3 or not all(parts):
        return Broken(source, node.start_byte, node.end_byte, "iblint cannot read the conditional")
    condition, yes, no = (_stepped(source, part, depth) for part in parts)
    return Conditional(source, node.start_byte, node.end_byte, condition, yes, no)


def _tuple(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:
    items = tuple(convert(source, child, depth) for child in children if child.type == "expression")
    return TupleCons(source, node.start_byte, node.end_byte, items)


def _object(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:
    entries: list[tuple[Expression, Expression]] = []
    for element in (child for child in children if child.type == "object_elem"):
        both = [child for child in element.children if child.type == "expression"]
        if len(both) != 2:
            return Broken(source, node.start_byte, node.end_byte, "iblint cannot read an entry of it")
        key = convert(source, both[0], depth)
        if isinstance(key, Name) and source.data[both[0].start_byte : both[0].start_byte + 1] != b"(":
            key = Literal(source, key.start, key.end, key.name)
        entries.append((key, convert(source, both[1], depth)))
    return ObjectCons(source, node.start_byte, node.end_byte, tuple(entries))


def _for(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:
    intro = next(child for child in children if child.type == "for_intro")
    names = [source.cut(c.start_byte, c.end_byte) for c in intro.children if c.type == "identifier"]
    over = next(child for child in intro.children if child.type == "expression")
    made = [convert(source, child, depth) for child in children if child.type == "expression"]
    tests = [inner for c in children if c.type == "for_cond" for inner in c.children if inner.type == "expression"]
    return For(
        source,
        node.start_byte,
        node.end_byte,
        key_name=names[0] if len(names) > 1 else None,
        value_name=names[-1],
        over=convert(source, over, depth),
        key=made[0] if len(made) > 1 else None,
        value=made[-1],
        test=convert(source, tests[0], depth) if tests else None,
        groups=any(child.type == "ellipsis" for child in children),
    )


def _quoted(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:  # noqa: ARG001
    return quoted(source, node, lambda inner: convert(source, inner, depth))


def _heredoc(source: HclText, node: Node, children: list[Node], depth: int) -> Expression:  # noqa: ARG001
    return heredoc(source, node, lambda inner: convert(source, inner, depth))


_CONVERTERS: Mapping[str, Callable[[HclText, Node, list[Node], int], Expression]] = {
    "variable_expr": _name,
    "numeric_lit": _number,
    "bool_lit": _word,
    "null_lit": _word,
    "string_lit": _quoted,
    "quoted_template": _quoted,
    "heredoc_template": _heredoc,
    "function_call": _call,
    "binary_operation": _binary,
    "unary_operation": _unary,
    "conditional": _conditional,
    "tuple": _tuple,
    "object": _object,
    "for_tuple_expr": _for,
    "for_object_expr": _for,
}
