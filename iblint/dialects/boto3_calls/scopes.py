"""Which binding a name of a Python program has: its scope, all its bindings there, and all its uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    Kind: TypeAlias = Literal["assigned", "with", "imported", "defined", "class", "parameter", "other"]

CALLS = ("create_infrastructure_configuration", "update_infrastructure_configuration")
"""The methods of boto3's client that send a configuration."""

_LEAVES = (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
"""Nodes that say nothing of names. A program has very many of them."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Binding(Record, eq=False):
    """One place that gives a name a value."""

    kind: Kind
    node: ast.AST
    """The statement, or the import's alias."""
    value: ast.expr | None = None
    """What is assigned, or the context manager."""


class Scope:
    """A module, class, function or comprehension, and the names that are bound in it."""

    def __init__(self, node: ast.AST, parent: Scope | None) -> None:
        self.node = node
        self.parent = parent
        self.bindings: dict[str, list[Binding]] = {}
        self.elsewhere: dict[str, bool] = {}
        """Names declared global (True) or nonlocal (False)."""

    @property
    def is_class(self) -> bool:
        """Whether it is the body of a class, whose names the functions in it do not see."""
        return isinstance(self.node, ast.ClassDef)

    def bind(self, name: str, kind: Kind, node: ast.AST, value: ast.expr | None = None) -> None:
        """Add a binding."""
        self.bindings.setdefault(name, []).append(Binding(kind, node, value))


class Names:
    """The scopes of a module. Found without recursion, so that no expression is too deep."""

    def __init__(self, tree: ast.Module, doubtful: frozenset[str] = frozenset()) -> None:
        """``doubtful`` are names that code which is not part of the tree may bind."""
        self.module = Scope(tree, None)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.scopes: dict[ast.AST, Scope] = {}
        """The scope of each name and call, and the scope that each function or class opens."""
        self.names: dict[str, list[ast.Name]] = {}
        self._uses: dict[tuple[str, Scope], list[ast.Name]] = {}
        self.doubtful = doubtful
        self.star_line = 0
        """The last line with ``from x import *``, which may bind any name."""
        self.is_dynamic = False
        """Whether code binds names by their text."""
        self.has_stray_changes: bool | None = None
        """The answer of ``effects.has_stray_changes``, once it is asked for."""
        self._visit(tree)
        self._settle_global_names()

    def find(self, name: str, scope: Scope) -> Scope | None:
        """Return the scope that binds a name as it is seen from another scope; None for built-in and unknown names."""
        start = scope
        at: Scope | None = scope
        while at is not None:
            if at.elsewhere.get(name):
                return self.module if name in self.module.bindings else None
            if name in at.bindings and (at is start or not at.is_class):
                return at
            at = at.parent
        return None

    def uses(self, name: str, scope: Scope) -> list[ast.Name]:
        """Return where a name that a scope binds is used or bound."""
        found = self._uses.get((name, scope))
        if found is None:
            found = [node for node in self.names.get(name, ()) if self.find(name, self.scopes[node]) is scope]
            self._uses[name, scope] = found
        return found

    def is_builtin(self, name: str, scope: Scope) -> bool:
        """Return whether a name has the meaning that Python gives it."""
        return self.find(name, scope) is None and name not in self.doubtful and not self.star_line

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def _visit(self, tree: ast.Module) -> None:
        waiting: list[tuple[ast.AST, Scope]] = [(tree, self.module)]
        while waiting:
            node, scope = waiting.pop()
            inner = self._open(node, scope)
            self._bind(node, scope)
            outside, around = _outside(node), scope.parent or scope
            for child in ast.iter_child_nodes(node):
                if isinstance(child, _LEAVES) or (isinstance(child, ast.Constant) and child.value not in CALLS):
                    continue
                self.parents[child] = node
                if child in outside:
                    waiting.append((child, around if isinstance(node, ast.arguments) else scope))
                else:
                    waiting.append((child, inner))

    def _open(self, node: ast.AST, scope: Scope) -> Scope:
        if isinstance(node, (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)):
            inner = Scope(node, scope)
            self.scopes[node] = inner
            return inner
        if isinstance(node, ast.Name | ast.Call | ast.Attribute):
            self.scopes[node] = scope
        if isinstance(node, ast.Name):
            self.names.setdefault(node.id, []).append(node)
        return scope

    def _bind(self, node: ast.AST, scope: Scope) -> None:
        """Add the bindings that a node makes in the scope that it stands in."""
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                self._bind_name(name, node, scope)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope.bind(name, "defined", node)
            case ast.ClassDef(name=name):
                scope.bind(name, "class", node)
            case ast.arg(arg=name):
                scope.bind(name, "parameter", node)
            case ast.Import(names=aliases):
                for alias in aliases:
                    scope.bind(alias.asname or alias.name.partition(".")[0], "imported", alias)
            case ast.ImportFrom(names=aliases):
                for alias in aliases:
                    scope.bind(alias.asname or alias.name, "imported", alias)
                    self.star_line = max(self.star_line, node.lineno if alias.name == "*" else 0)
            case ast.Global(names=names):
                scope.elsewhere |= dict.fromkeys(names, True)
            case ast.Nonlocal(names=names):
                scope.elsewhere |= dict.fromkeys(names, False)
            case ast.ExceptHandler(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchAs(name=str(name)):
                scope.bind(name, "other", node)
            case ast.MatchMapping(rest=str(name)):
                scope.bind(name, "other", node)
            case ast.Call(func=ast.Name(id="exec")):
                self.is_dynamic = True
            case ast.Call(func=ast.Name(id="globals" | "locals" | "vars"), args=[]):
                above = self.parents[node]
                is_stored = isinstance(above, ast.Subscript) and not isinstance(above.ctx, ast.Load)
                self.is_dynamic |= is_stored or isinstance(above, ast.Attribute | ast.Assign)
        if node.__class__.__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):  # of Python 3.12
            scope.bind(str(getattr(node, "name", "")), "other", node)

    def _bind_name(self, name: str, node: ast.Name, scope: Scope) -> None:
        above = self.parents[node]
        kind: Kind = "other"
        value: ast.expr | None = None
        if (isinstance(above, ast.Assign) and node in above.targets) or (
            isinstance(above, ast.AnnAssign) and node is above.target and above.value is not None
        ):
            kind, value = "assigned", above.value
        elif isinstance(above, ast.withitem):
            kind, value = "with", above.context_expr
        scope.bind(name, kind, above, value)

    def _settle_global_names(self) -> None:
        """Move the bindings of names declared global or nonlocal to the scope that has them: when is not known."""
        for scope in {id(scope): scope for scope in self.scopes.values()}.values():
            for name, is_global in scope.elsewhere.items():
                if name not in scope.bindings:
                    continue
                owner: Scope | None = self.module
                if not is_global:
                    owner = scope.parent
                    while owner is not None and (name not in owner.bindings or owner.is_class):
                        owner = owner.parent
                bound = scope.bindings.pop(name)
                for binding in bound if owner is not None else ():
                    assert owner is not None
                    owner.bind(name, "other", binding.node)


def _outside(node: ast.AST) -> set[ast.AST]:
    """Return the parts of a function, of its arguments or of a class that are evaluated in the scope around it."""
    match node:
        case ast.arguments():
            return {default for default in (*node.defaults, *node.kw_defaults) if default is not None}
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return {*node.decorator_list, *([node.returns] if node.returns else [])}
        case ast.ClassDef():
            return {*node.decorator_list, *node.bases, *node.keywords}
    return set()
