"""The value of an expression of a Python program, as far as it is certain. Nothing is executed.

A value is known only if nothing in the program can make it another one: names that are bound once, mappings whose every
use is understood. All else is unresolved, with the reason.
"""

from __future__ import annotations

import ast

from iblint.dialects.boto3_calls.changes import changed
from iblint.dialects.boto3_calls.files import Files
from iblint.dialects.boto3_calls.scopes import Names
from iblint.dialects.boto3_calls.texts import Sum, format_parts, joined_texts, percent_parts
from iblint.dialects.shared.decision_tree import Value, bounded
from iblint.dialects.shared.places import place_of
from iblint.dialects.shared.rest import REST, merged
from iblint.model.record import replace
from iblint.model.resource import Location, Place
from iblint.model.values import ABSENT, Choice, Option, Unresolved
from iblint.parse.python.source import PythonSource, brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from iblint.dialects.shared.rest import Members

_MAX_DEPTH = 40
"""Expressions inside one another that are evaluated."""
MAX_STEPS = 100_000
"""Expressions of one program that are evaluated."""
_MAX_MEMBERS = 1000
"""Members of one mapping, or items of one list."""

_WHY_NOT = {
    "parameter": "it is a parameter of a function",
    "imported": "it comes from another module",
    "other": "it is bound in a loop, a condition or a function that may run again",
    "with": "it is what a context manager returns",
    "defined": "it is a function",
    "class": "it is a class",
}


class Steps:
    """How many expressions of a program have been evaluated."""

    def __init__(self) -> None:
        self.taken = 0


class Evaluator:
    """Evaluates expressions as they are when one call is made."""

    def __init__(self, source: PythonSource, names: Names, files: Files, at: ast.AST, steps: Steps) -> None:
        self.source = source
        self.names = names
        self.files = files
        self.at = at
        self._steps = steps
        self._active: list[ast.AST] = []

    def value(self, node: ast.AST) -> Value:
        """Return the value of an expression."""
        if len(self._active) >= _MAX_DEPTH:
            return self.unresolved(node, "the expression is nested too deeply")
        self._steps.taken += 1
        if self._steps.taken > MAX_STEPS:
            return self.unresolved(node, f"the program has more than {MAX_STEPS} expressions to evaluate")
        if node in self._active:
            return self.unresolved(node, "it is defined by itself")
        self._active.append(node)
        try:
            return bounded(self._value(node))
        finally:
            self._active.pop()

    def place(self, node: ast.AST) -> Place:
        """Return where an expression is written."""
        return Place(self.source.span(node))

    def unresolved(self, node: ast.AST, reason: str, text: str | None = None) -> Value:
        """Return an expression as a value that is not known."""
        return Value(Unresolved(self.source.shown(node), reason, text=text), self.place(node))

    def _value(self, node: ast.AST) -> Value:
        match node:
            case ast.Constant(value=str() | bool() | int() | float() | None as data):
                return Value(data, self.place(node))
            case ast.Dict():
                return self._dict(node)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return self._items(node, items)
            case ast.JoinedStr(values=parts):
                return self._sum(node, [self._part(part) for part in parts])
            case ast.BinOp():
                return self._operation(node)
            case ast.IfExp():
                return self._conditional(node)
            case ast.BoolOp(op=ast.Or(), values=[first, *rest]):
                return self._or(node, first, rest)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return Value(-number, self.place(node))
            case ast.Name():
                return self._name(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Call():
                return self._call(node)
            case ast.NamedExpr(value=inner):
                return self.value(inner)
        return self.unresolved(node, "its value is only known when the program runs")

    def _dict(self, node: ast.Dict) -> Value:
        if len(node.keys) > _MAX_MEMBERS:
            return self.unresolved(node, f"it has more than {_MAX_MEMBERS} members")
        members: Members = {}
        for key, written in zip(node.keys, node.values, strict=True):
            if key is None:
                members = merged(members, self.value(written), f"**{self.source.shown(written)}")
                continue
            name = self.value(key).data
            if isinstance(name, str | int):
                members[name] = self._keyed(self.value(written), key)
            else:
                unknown = Unresolved(self.source.shown(key), "the key is not known")
                members = merged(members, Value(unknown, self.place(key)), self.source.shown(key))
        return Value(members, self.place(node))

    def _keyed(self, value: Value, key: ast.AST) -> Value:
        return Value(value.data, replace(place_of(value.where), key=self.source.span(key)))

    def _items(self, node: ast.AST, items: Sequence[ast.expr]) -> Value:
        if len(items) > _MAX_MEMBERS:
            return self.unresolved(node, f"it has more than {_MAX_MEMBERS} items")
        found: list[Value] = []
        for item in items:
            if not isinstance(item, ast.Starred):
                found.append(self.value(item))
                continue
            inner = self.value(item.value)
            if not isinstance(inner.data, list):
                return self.unresolved(node, "some of its items are only known when the program runs")
            found += inner.data
        return Value(found, self.place(node))

    def _part(self, node: ast.AST) -> Value:
        """Return a part of an f-string."""
        if not isinstance(node, ast.FormattedValue):
            return self.value(node)
        if node.conversion != -1 or node.format_spec is not None:
            return self.unresolved(node.value, "it is formatted")
        return self.value(node.value)

    def _sum(self, node: ast.AST, parts: list[Value], delimiter: str = "") -> Value:
        return joined_texts(Sum(self.source.shown(node), self.place(node)), delimiter, parts)

    def _operation(self, node: ast.BinOp) -> Value:
        left, right = self.value(node.left), None
        match node.op:
            case ast.Mod() if isinstance(left.data, str):
                operands = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
                parts = percent_parts(left, [self.value(operand) for operand in operands])
                if parts is not None:
                    return self._sum(node, parts)
            case ast.Add():
                right = self.value(node.right)
                if isinstance(left.data, list) and isinstance(right.data, list):
                    return Value([*left.data, *right.data], self.place(node))
                if any(isinstance(v.data, str) for v in (left, right)) and all(map(_may_be_text, (left, right))):
                    return self._sum(node, [left, right])
            case ast.BitOr():
                right = self.value(node.right)
                if isinstance(left.data, dict):
                    return Value(merged(left.data, right, self.source.shown(node.right)), self.place(node))
        return self.unresolved(node, "its value is only known when the program runs")

    def _conditional(self, node: ast.IfExp) -> Value:
        test = self.truth(node.test)
        if test is not None:
            return self.value(node.body if test else node.orelse)
        variable = self.source.shown(node.test)
        if not self._is_stable(node.test):
            variable += f" (line {node.lineno})"
        options = (Option("true", self.value(node.body)), Option("false", self.value(node.orelse)))
        return Value(Choice(variable, options, self.source.shown(node)), self.place(node))

    def truth(self, node: ast.AST) -> bool | None:
        """Return whether an expression is true, or None if that is not known."""
        match node:
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as op], comparators=[right]):
                values = self.value(left).data, self.value(right).data
                if all(isinstance(value, str | bool | int) or value is None for value in values):
                    return (values[0] == values[1]) is isinstance(op, ast.Eq)
                return None
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.truth(operand)
                return None if inner is None else not inner
        data = self.value(node).data
        return bool(data) if isinstance(data, str | bool | int | float) or data is None else None

    def _is_stable(self, test: ast.AST) -> bool:
        """Return whether a condition has the same value wherever it is written."""
        for node in ast.walk(test):
            if isinstance(node, ast.Name):
                scope = self.names.find(node.id, self.names.scopes[node])
                bindings = [] if scope is None else scope.bindings[node.id]
                if len(bindings) != 1 or bindings[0].kind not in ("assigned", "parameter", "imported"):
                    return False
            elif isinstance(node, ast.Call | ast.Attribute | ast.Subscript | ast.NamedExpr | ast.Await):
                return False
        return True

    def _or(self, node: ast.BoolOp, first: ast.expr, rest: list[ast.expr]) -> Value:
        """Return the value of ``a or b``."""
        known = self.truth(first)
        if known is not None:
            others = rest[0] if len(rest) == 1 else ast.copy_location(ast.BoolOp(node.op, rest), node)
            return self.value(first if known else others)
        last = self.value(rest[-1]).data
        default = f", or {last!r}" if isinstance(last, str) and len(last) < 80 else ""
        inner = self.value(first).data
        reason = inner.reason if isinstance(inner, Unresolved) else "it depends on a condition"
        return self.unresolved(node, f"{reason}{default}")

    def _name(self, node: ast.Name) -> Value:
        scope = self.names.find(node.id, self.names.scopes[node])
        if node.id in self.names.doubtful or self.names.is_dynamic:
            return self.unresolved(node, "code that is not read may set it")
        if scope is None:
            return self.unresolved(node, "it is not defined in this program")
        bindings = scope.bindings[node.id]
        if len(bindings) > 1:
            return self.unresolved(node, "it is assigned more than once")
        binding = bindings[0]
        if binding.kind != "assigned" or binding.value is None:
            return self.unresolved(node, _WHY_NOT.get(binding.kind, _WHY_NOT["other"]))
        if scope is self.names.module and self.names.star_line > binding.value.lineno:
            return self.unresolved(node, "an import of all names of a module may set it")
        value = self.value(binding.value)
        if _may_change(value):
            value = changed(self, node, scope, binding, value)
        return self._named(value, node)

    def _named(self, value: Value, use: ast.Name) -> Value:
        """Return the value of a name, with the place where it is written."""
        if isinstance(value.data, Unresolved):
            return self.unresolved(use, value.data.reason, value.data.text)
        place = place_of(value.where)
        if place.provenance is None and place.file is None:
            used = Location(self.source.program.file, self.source.span(use), "used here")
            place = replace(place, provenance=f"the value of '{use.id}'", related=(used,))
        return Value(value.data, place)

    def keywords(self, members: Members, call: ast.Call) -> Members:
        """Return a mapping with the keyword arguments of a call added.

        Python refuses a call in which ``**`` repeats a keyword, so what is written is certain.
        """
        for keyword in sorted(call.keywords, key=lambda keyword: keyword.arg is not None):
            if keyword.arg is None:
                members = merged(members, self.value(keyword.value), f"**{self.source.shown(keyword.value)}")
                continue
            start, _ = self.source.extent(keyword)
            key = self.source.program.span(start, start + len(keyword.arg))
            value = self.value(keyword.value)
            members = {**members, keyword.arg: Value(value.data, replace(place_of(value.where), key=key))}
        return members

    def _subscript(self, node: ast.Subscript) -> Value:
        base, key = self.value(node.value), self.value(node.slice).data
        if isinstance(base.data, dict) and isinstance(key, str | int):
            found = base.data.get(key)
            if found is not None and found.data is not ABSENT:
                return Value(found.data, found.where)
            rest = base.data.get(REST)
            reason = "Python would not find it" if rest is None else rest.data.reason
            return self.unresolved(node, reason)
        if isinstance(base.data, list) and isinstance(key, int) and -len(base.data) <= key < len(base.data):
            found = base.data[key]
            return Value(found.data, found.where)
        text = brief(node.value) if isinstance(node.value, ast.Attribute | ast.Name) else ""
        if text in ("os.environ", "environ"):
            return self.unresolved(node, "it is an environment variable")
        return self.unresolved(node, "its value is only known when the program runs")

    def _call(self, node: ast.Call) -> Value:
        match node.func:
            case ast.Name(id="dict") if self.names.is_builtin("dict", self.names.scopes[node]):
                return self._made_dict(node)
            case ast.Attribute(attr="format", value=base):
                text = self.value(base)
                parts = format_parts(text, node, self.value) if isinstance(text.data, str) else None
                if parts is not None:
                    return self._sum(node, parts)
            case ast.Attribute(attr="join", value=base) if len(node.args) == 1 and not node.keywords:
                delimiter, items = self.value(base).data, self.value(node.args[0]).data
                if isinstance(delimiter, str) and isinstance(items, list) and all(map(_may_be_text, items)):
                    return self._sum(node, items, delimiter)
            case ast.Attribute(attr="copy", value=base) if not node.args and not node.keywords:
                copied = self.value(base)
                if isinstance(copied.data, dict | list):
                    return copied
            case ast.Attribute(attr="deepcopy") if len(node.args) == 1:
                return self.value(node.args[0])
        from_environment = self._environment(node)
        if from_environment is not None:
            return from_environment
        content = self.files.content(node, self)
        return content or self.unresolved(node, "its value is only known when the program runs")

    def _made_dict(self, node: ast.Call) -> Value:
        members: Members = {}
        for argument in node.args:
            members = merged(members, self.value(argument), self.source.shown(argument))
        return Value(self.keywords(members, node), self.place(node))

    def _environment(self, node: ast.Call) -> Value | None:
        """Return the value of a call that reads an environment variable, or None."""
        if not isinstance(node.func, ast.Attribute | ast.Name):
            return None
        if brief(node.func) not in ("os.environ.get", "os.getenv", "environ.get", "getenv"):
            return None
        reason = "it is an environment variable"
        default = self.value(node.args[1]).data if len(node.args) == 2 else None
        if isinstance(default, str | int):
            reason += f", and {default!r} if that is not set"
        return self.unresolved(node, reason)


def _may_be_text(value: Value) -> bool:
    """Return whether Python joins a value to a text."""
    if isinstance(value.data, Choice):
        return all(_may_be_text(option.value) for option in value.data.options)
    return isinstance(value.data, str | Unresolved)


def _may_change(value: Value) -> bool:
    """Return whether a value is a mapping or list, in some branch."""
    if isinstance(value.data, Choice):
        return any(_may_change(option.value) for option in value.data.options)
    return isinstance(value.data, dict | list)
