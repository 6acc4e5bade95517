"""What a program may do to a mapping or list between its making and a call, use by use of its name.

In doubt a use may change everything, so that no value that was changed is taken for known.
"""

from __future__ import annotations

import ast

from iblint.dialects.boto3_calls.scopes import CALLS, Binding, Names, Scope
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    Order: TypeAlias = Literal["before", "maybe", "after"]

_READING = frozenset({"get", "items", "keys", "values", "copy", "index", "count"})
_CHANGING = frozenset(
    {"update", "setdefault", "pop", "popitem", "clear", "append", "extend", "insert", "remove", "sort", "reverse"}
    | {"__setitem__", "__delitem__", "add"}
)
_HARMLESS_FUNCTIONS = frozenset({"print", "len", "str", "repr", "bool", "isinstance", "type", "any", "all"})
_COPYING_FUNCTIONS = frozenset({"dict", "list", "tuple", "sorted", "set", "enumerate", "zip"})
_HARMLESS_METHODS = frozenset(
    {"debug", "info", "warning", "error", "exception", "critical", "log", "dumps", "dump", "pformat", "pprint"}
    | {"safe_dump", "deepcopy", "echo", "secho"}
)
_READING_MODULES = frozenset({"json", "yaml", "pprint", "copy", "logging", "click"})
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FRESH = (ast.Dict, ast.List, ast.ListComp, ast.DictComp, ast.Set, ast.Constant, ast.JoinedStr, ast.Tuple)


class Effect(Record, eq=False):
    """What one use of a name may do to its value."""

    kind: Literal["set", "merge", "default", "remove", "member", "leak", "anything"]
    """``member``: changes one member, or what is in it. ``leak``: what is in the members may be changed elsewhere."""
    key: Any = None
    node: ast.AST | None = None
    """The value that is set, or the call that merges."""


def effect_of(use: ast.Name, names: Names) -> Effect | None:
    """Return what a use of a name may do to its value; None for nothing."""
    above = names.parents[use]
    match above:
        case ast.Subscript(value=base) if base is use:
            return _of_member(above, names)
        case ast.Subscript() | ast.Compare() | ast.FormattedValue() | ast.Expr() | ast.Assert():
            return None
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if test is use:
            return None
        case ast.UnaryOp(op=ast.Not()):
            return None
        case ast.Attribute():
            return _of_method(above, names)
        case ast.keyword(arg=None):
            call = names.parents[above]
            return None if isinstance(call, ast.Call) and _name_of(call.func) in CALLS else Effect("leak")
        case ast.Dict() if _is_spread(use, above):
            return Effect("leak")
        case ast.Starred() | ast.BinOp() | ast.For() | ast.AsyncFor() | ast.comprehension():
            return Effect("leak")
        case ast.Call(func=func, args=args) if use in args:
            return _of_argument(func, names)
    return Effect("anything")


def _is_spread(use: ast.expr, display: ast.Dict) -> bool:
    """Return whether a display has ``**use``."""
    return any(v is use and k is None for k, v in zip(display.keys, display.values, strict=True))


def _of_argument(func: ast.expr, names: Names) -> Effect | None:
    name = _name_of(func)
    if isinstance(func, ast.Name) and names.is_builtin(name, names.scopes[func]):
        if name in _COPYING_FUNCTIONS:
            return Effect("leak")
        return None if name in _HARMLESS_FUNCTIONS else Effect("anything")
    is_harmless = name in _HARMLESS_METHODS and isinstance(func, ast.Attribute) and _only_reads(func.value, names)
    return None if is_harmless else Effect("anything")


def _only_reads(node: ast.expr, names: Names) -> bool:
    """Return whether an object is a module that writes values, or one of its loggers."""
    if not isinstance(node, ast.Name):
        return False
    scope = names.find(node.id, names.scopes[node])
    bindings = [] if scope is None else scope.bindings[node.id]
    if len(bindings) != 1:
        return False
    made = bindings[0].value
    if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) and made.func.attr == "getLogger":
        return _only_reads(made.func.value, names)
    imported = bindings[0].node
    return isinstance(imported, ast.alias) and imported.name in _READING_MODULES


def _of_member(subscript: ast.Subscript, names: Names) -> Effect | None:
    """Return the effect of ``x[key]`` and of what is done with it."""
    if not isinstance(subscript.slice, ast.Constant):
        return Effect("leak") if isinstance(subscript.ctx, ast.Load) else Effect("anything")
    key = subscript.slice.value
    above = names.parents[subscript]
    if isinstance(subscript.ctx, ast.Store):
        if isinstance(above, ast.Assign) and above.targets == [subscript]:
            return Effect("set", key, above.value)
        return Effect("member", key)
    if isinstance(subscript.ctx, ast.Del):
        return Effect("remove", key)
    top: ast.AST = subscript
    while isinstance(above, ast.Subscript | ast.Attribute) and above.value is top:
        top, above = above, names.parents[above]
    if top is subscript:
        read = isinstance(above, ast.Compare | ast.FormattedValue | ast.BinOp | ast.Expr)
        return None if read else Effect("leak", key)
    return None if isinstance(top, ast.Attribute) and top.attr in _READING else Effect("member", key)


def _of_method(attribute: ast.Attribute, names: Names) -> Effect | None:
    """Return the effect of ``x.method(...)``."""
    call = names.parents[attribute]
    if not isinstance(call, ast.Call) or call.func is not attribute:
        return Effect("anything")
    if attribute.attr in _READING:
        return Effect("leak")
    first = call.args[0] if call.args else None
    is_statement = isinstance(names.parents[call], ast.Expr)
    if attribute.attr == "update" and is_statement:
        return Effect("merge", node=call)
    if isinstance(first, ast.Constant) and attribute.attr in ("setdefault", "pop"):
        return Effect("default" if attribute.attr == "setdefault" else "remove", first.value)
    return Effect("anything")


def _name_of(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def has_stray_changes(names: Names) -> bool:
    """Return whether the program changes a mapping or list that it did not make where it named it.

    That may be one which is inside another.
    """
    if names.has_stray_changes is None:
        names.has_stray_changes = any(_is_stray(node, names) for node in names.parents)
    return names.has_stray_changes


def _is_stray(node: ast.AST, names: Names) -> bool:
    match node:
        case ast.Subscript(ctx=ast.Store() | ast.Del(), value=base):
            pass
        case ast.Call(func=ast.Attribute(attr=method, value=base)) if method in _CHANGING:
            pass
        case _:
            return False
    root = base
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return True
    scope = names.find(root.id, names.scopes[root])
    bindings = [] if scope is None else scope.bindings[root.id]
    if root is not base:  # os.environ
        return not (bindings and all(binding.kind == "imported" for binding in bindings))
    return not bindings or not all(_is_fresh(binding) for binding in bindings)


def _is_fresh(binding: Binding) -> bool:
    value = binding.value
    made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in ("dict", "list", "set")
    return binding.kind == "assigned" and (made or isinstance(value, _FRESH))


def order_of(change: ast.AST, at: ast.AST, binding: Binding, scope: Scope, names: Names) -> Order:
    """Return whether a change happens before a place of the program, after it, or perhaps."""
    if any(_function_of(node, names) is not scope.node for node in (change, at)):
        return "maybe"
    changes, places = _statements(change, names), _statements(at, names)
    depth = 0
    while depth < min(len(changes), len(places)) and changes[depth] is places[depth]:
        depth += 1
    if depth == len(changes) or depth == len(places):
        return "maybe"  # in one statement
    one, other = changes[depth], places[depth]
    parent = names.parents[one]
    block = _block_of(one, parent)
    if other not in block:
        is_exclusive = isinstance(parent, ast.If) and not _is_repeated(one, binding, scope, names)
        return "after" if is_exclusive else "maybe"
    if block.index(one) > block.index(other):
        return "maybe" if _is_repeated(one, binding, scope, names) else "after"
    is_certain = one is changes[-1] and not hasattr(one, "body")  # even a context manager may end its body early
    return "before" if is_certain else "maybe"


def _function_of(node: ast.AST, names: Names) -> ast.AST:
    """Return the function, class or module that a node is in; the node itself never counts."""
    for above in names.ancestors(node):
        if isinstance(above, (*_FUNCTIONS, *_COMPREHENSIONS, ast.Module)):
            return above
    return node


def _statements(node: ast.AST, names: Names) -> list[ast.stmt]:
    """Return the statements around a node, from the outside in."""
    found = [each for each in (node, *names.ancestors(node)) if isinstance(each, ast.stmt)]
    return found[::-1]


def _block_of(statement: ast.stmt, parent: ast.AST) -> list[ast.stmt]:
    """Return the list of statements that a statement is in."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(parent, field, None)
        if isinstance(block, list) and any(each is statement for each in block):
            return block
    return [statement]


def _is_repeated(statement: ast.stmt, binding: Binding, scope: Scope, names: Names) -> bool:
    """Return whether a loop runs a statement again without binding the name anew."""
    bound = set(names.ancestors(binding.node))
    for above in names.ancestors(statement):
        if above is scope.node:
            return False
        if isinstance(above, _LOOPS) and above not in bound:
            return True
    return False
