"""The content of JSON and YAML files that a program reads by a literal name: ``json.load(open("spec.json"))``."""

from __future__ import annotations

import ast

from iblint.dialects.shared.content import lifted_document
from iblint.dialects.shared.decision_tree import Value
from iblint.dialects.shared.extraction import Unit
from iblint.parse.python.source import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.boto3_calls.evaluate import Evaluator
    from iblint.dialects.boto3_calls.scopes import Names

_FROM_FILE = ("json.load", "yaml.safe_load", "yaml.load")
_FROM_TEXT = ("json.loads", *_FROM_FILE[1:])
_BESIDE = ("Path(__file__).parent", "Path(__file__).resolve().parent", "pathlib.Path(__file__).parent")
_BESIDE_TEXT = ("os.path.dirname(__file__)", "os.path.dirname(os.path.abspath(__file__))")
BESIDE = "./"
"""Begins the name of a file that is looked for in the folder of the program alone."""


class Files:
    """The files that a program reads."""

    def __init__(self, unit: Unit, names: Names, text: str) -> None:
        """The companions of ``unit`` are the files that exist, by the names that ``wanted`` collects."""
        self._unit = unit
        self._names = names
        self._text = text
        self.wanted: dict[str, None] = {}

    def content(self, call: ast.Call, evaluator: Evaluator) -> Value | None:
        """Return what a call reads from a file; None for any other call."""
        if not call.args or not isinstance(call.func, ast.Attribute):
            return None
        function = brief(call.func)
        path = None
        if function in _FROM_FILE:
            path = self._opened(call.args[0])
        if path is None and function in _FROM_TEXT:
            path = self._text_of(call.args[0])
        if path is None:
            return None
        name = self._name(path, evaluator)
        if name is None:
            return evaluator.unresolved(call, "the name of the file is not known")
        self.wanted[name] = None
        data = self._unit.companions.get(name)
        plain = name.removeprefix(BESIDE)
        if data is None:
            return evaluator.unresolved(call, f"the file '{plain}' is not there, or there are several")
        if self._text.count(plain) > 1:
            return evaluator.unresolved(call, f"the program may write the file '{plain}'")
        found = lifted_document(self._unit.names.get(name, plain), data)
        return found or evaluator.unresolved(call, f"the file '{plain}' cannot be read as one document")

    def _opened(self, node: ast.expr) -> ast.expr | None:
        """Return the path of an open file: ``open(path)``, or a name bound by ``with open(path) as name``."""
        if isinstance(node, ast.Name):
            scope = self._names.find(node.id, self._names.scopes[node])
            bindings = [] if scope is None else scope.bindings[node.id]
            if len(bindings) != 1 or bindings[0].kind not in ("with", "assigned") or bindings[0].value is None:
                return None
            node = bindings[0].value
        match node:
            case ast.Call(func=ast.Name(id="open"), args=[path, *mode]) if _reads(mode, node.keywords):
                return path
            case ast.Call(func=ast.Attribute(attr="open", value=path), args=mode) if _reads(mode, node.keywords):
                return path
        return None

    def _text_of(self, node: ast.expr) -> ast.expr | None:
        match node:
            case ast.Call(func=ast.Attribute(attr="read", value=opened), args=[]):
                return self._opened(opened)
            case ast.Call(func=ast.Attribute(attr="read_text", value=path)):
                return path
        return None

    def _name(self, path: ast.expr, evaluator: Evaluator) -> str | None:
        """Return the name of a file by the expression of its path; None if it is not certain."""
        match path:
            case ast.Call(func=ast.Name(id="Path") | ast.Attribute(attr="Path"), args=[inner]):
                return self._name(inner, evaluator)
            case ast.BinOp(op=ast.Div(), left=left, right=right) if brief(left) in _BESIDE:
                return _beside(evaluator.value(right).data)
            case ast.Call(func=ast.Attribute(attr="join"), args=[folder, name]) if brief(folder) in _BESIDE_TEXT:
                return _beside(evaluator.value(name).data)
        name = evaluator.value(path).data
        return name.removeprefix("./") if isinstance(name, str) else None


def _beside(name: Any) -> str | None:
    return BESIDE + name if isinstance(name, str) else None


def _reads(mode: list[ast.expr], keywords: list[ast.keyword]) -> bool:
    """Return whether the arguments of ``open`` open a file for reading."""
    modes = [*mode[:1], *(keyword.value for keyword in keywords if keyword.arg == "mode")]
    return all(isinstance(each, ast.Constant) and each.value in ("r", "rb", "rt") for each in modes)
