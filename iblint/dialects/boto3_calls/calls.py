"""Find the calls of a Python program that send an infrastructure configuration.

A call is ``client.create_infrastructure_configuration(name=...)``, with keywords or ``**``. It is none if the receiver
is known to be something else: a class or module of the program's own, a mock, or the client of another service. The
definition of a function, a bare name and an assertion of a mock never are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from iblint.dialects.boto3_calls.scopes import CALLS, Names, Scope
from iblint.dialects.shared.prefilter import DISTINCTIVE, KNOWN
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    Receiver: TypeAlias = "Literal['client', 'other', 'unknown']"

SERVICE = "imagebuilder"
_MEMBERS = KNOWN | {"infrastructureConfigurationArn"}
_MOCKS = frozenset({"Mock", "MagicMock", "AsyncMock", "create_autospec", "patch", "call", "NonCallableMock"})


class ApiCall(Record, eq=False):
    """One call that sends a configuration."""

    node: ast.Call
    method: str
    address: str
    """The function that it stands in and the method; ``[2]`` follows if there are several."""
    client: ast.Call | None
    """The call that makes the client, if it is known."""


class Unclear(Record, eq=False):
    """A use of the method that may send a configuration, in a form that is not evaluated."""

    node: ast.AST


def find_calls(names: Names) -> list[ApiCall | Unclear]:
    """Return the calls of a program, in its order."""
    found: list[ApiCall | Unclear] = []
    counts: dict[str, int] = {}
    for node in sorted(_mentions(names), key=lambda node: (node.lineno, node.col_offset)):
        what = _classified(node, names)
        if isinstance(what, ApiCall):
            counts[what.address] = counts.get(what.address, 0) + 1
            if counts[what.address] > 1:
                what = ApiCall(what.node, what.method, f"{what.address}[{counts[what.address]}]", what.client)
        if what is not None:
            found.append(what)
    return found


def _mentions(names: Names) -> Iterator[ast.expr]:
    for node in names.parents:
        match node:
            case ast.Attribute(attr=name) | ast.Constant(value=str(name)) if name in CALLS:
                assert isinstance(node, ast.expr)
                yield node


def _classified(node: ast.expr, names: Names) -> ApiCall | Unclear | None:
    above = names.parents[node]
    if isinstance(node, ast.Constant):  # getattr(client, "create_infrastructure_configuration")(...)
        is_lookup = isinstance(above, ast.Call) and isinstance(above.func, ast.Name) and above.func.id == "getattr"
        if not is_lookup or not isinstance(above, ast.Call) or not above.args:
            return None
        return None if _receiver(above.args[0], names)[0] == "other" else Unclear(above)
    assert isinstance(node, ast.Attribute)
    if not isinstance(node.ctx, ast.Load):
        return None  # a mock is given its method
    kind, client = _receiver(node.value, names)
    if kind == "other":
        return None
    if isinstance(above, ast.Call) and above.func is node:
        if not above.keywords or (kind == "unknown" and not _is_api(above)):
            return None
        return ApiCall(above, node.attr, _address(above, node.attr, names), client)
    return Unclear(node) if _is_passed_on(node, above, names) else None


def _is_api(call: ast.Call) -> bool:
    """Return whether the keywords of a call are those of the API, and not of a wrapper with the same name."""
    if call.args:
        return False
    given = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
    foreign = [name for name in given if name not in _MEMBERS]
    return not foreign or (not DISTINCTIVE.isdisjoint(given) and 2 * len(foreign) < len(given))


def _is_passed_on(node: ast.Attribute, above: ast.AST, names: Names) -> bool:
    """Return whether the method itself is given to other code, which may call it: ``partial(client.create_...)``."""
    match above:
        case ast.Attribute():
            return False  # of a mock, as a client's method has no members
        case ast.Call(args=args, keywords=keywords) if node in args:
            given = [keyword.arg for keyword in keywords if keyword.arg is not None]
            return bool(keywords) and all(name in _MEMBERS for name in given) and not _is_mock(above.func, names)
        case ast.Assign(value=value) if value is node:
            return True
    return False


def _receiver(node: ast.expr, names: Names, depth: int = 0) -> tuple[Receiver, ast.Call | None]:
    """Return what the receiver of a call is, and the call that makes it if it is a client."""
    if depth > 10:
        return "unknown", None
    match node:
        case ast.Await(value=inner):
            return _receiver(inner, names, depth + 1)
        case ast.Call(func=ast.Attribute(attr="client" | "create_client")):
            return _client(node)
        case ast.Call(func=ast.Attribute(attr="__aenter__" | "__enter__", value=inner)):
            return _receiver(inner, names, depth + 1)
        case ast.Call(func=ast.Name(id="super")):
            return "other", None
        case ast.Call(func=func):
            return ("other" if _is_mock(func, names) or _is_own_class(func, names) else "unknown"), None
        case ast.Attribute(attr=attribute):
            return ("other" if _is_mock(node, names) or _MOCK in attribute.lower() else "unknown"), None
        case ast.Name(id="self" | "cls"):
            return ("other" if _defines_method(node, names) else "unknown"), None
        case ast.Name():
            return _named(node, names, depth)
    return "unknown", None


_MOCK = "mock"


def _client(call: ast.Call) -> tuple[Receiver, ast.Call | None]:
    services = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "service_name")]
    if services and isinstance(services[0], ast.Constant) and services[0].value != SERVICE:
        return "other", None
    return "client", call


def _named(node: ast.Name, names: Names, depth: int) -> tuple[Receiver, ast.Call | None]:
    scope = names.find(node.id, names.scopes[node])
    bindings = [] if scope is None else scope.bindings[node.id]
    if _MOCK in node.id.lower() or (node.id in _MOCKS and _is_imported(node.id, names.scopes[node], names)):
        return "other", None
    found: list[tuple[Receiver, ast.Call | None]] = []
    for binding in bindings:
        if binding.kind in ("assigned", "with") and binding.value is not None:
            found.append(_receiver(binding.value, names, depth + 1))
        elif binding.kind in ("class", "defined"):
            found.append(("other", None))
        elif binding.kind == "imported":
            is_module = isinstance(names.parents[binding.node], ast.Import)
            found.append(("other" if is_module else "unknown", None))
        else:
            found.append(("unknown", None))
    kinds = {kind for kind, _ in found}
    if len(found) == 1:
        return found[0]
    return ("client" if kinds == {"client"} else "other" if kinds == {"other"} else "unknown"), None


def _is_imported(name: str, scope: Scope, names: Names) -> bool:
    owner = names.find(name, scope)
    return owner is not None and all(binding.kind == "imported" for binding in owner.bindings[name])


def _is_mock(node: ast.AST, names: Names) -> bool:
    """Return whether an expression is a class of mocks, or a member of one."""
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr in _MOCKS - {"call"}:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in _MOCKS and _is_imported(node.id, names.scopes[node], names)


def _is_own_class(func: ast.AST, names: Names) -> bool:
    """Return whether a function is a class of the program that defines the method."""
    if not isinstance(func, ast.Name):
        return False
    scope = names.find(func.id, names.scopes[func])
    bindings = [] if scope is None else scope.bindings[func.id]
    return any(isinstance(binding.node, ast.ClassDef) and _has_method(binding.node) for binding in bindings)


def _defines_method(node: ast.Name, names: Names) -> bool:
    """Return whether the class around a use of ``self`` defines the method, or has bases that may."""
    for above in names.ancestors(node):
        if isinstance(above, ast.ClassDef):
            return _has_method(above)
    return False


def _has_method(node: ast.ClassDef) -> bool:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(each, functions) and each.name in CALLS for each in node.body)


def _address(node: ast.AST, method: str, names: Names) -> str:
    owners = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    around = [above.name for above in names.ancestors(node) if isinstance(above, owners)]
    return ".".join([*around[::-1], method])
