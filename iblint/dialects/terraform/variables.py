"""Values of variables: given, from a .tfvars file, an argument of the call, or the default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iblint.dialects.shared.decision_tree import MAX_LEAVES, Value
from iblint.dialects.shared.places import place_of
from iblint.dialects.terraform.evaluate import evaluate
from iblint.dialects.terraform.scope_names import renamed
from iblint.dialects.terraform.types import Optional, convert
from iblint.dialects.terraform.values import RefusedError, at, location, refused, unknown
from iblint.model.document import InputError, Source
from iblint.model.record import replace
from iblint.model.resource import Location, Place
from iblint.model.values import Choice, Option
from iblint.parse.hcl.body import Block, HclFile
from iblint.parse.hcl.expressions import Call, Expression, Literal, Name, ObjectCons, TupleCons
from iblint.parse.hcl.json_body import JsonBody, JsonFile, bare_expression
from iblint.parse.load import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.scope import Scope

_COMMAND_LINE = "the command line"


def value_of(scope: Scope, name: str, expression: Expression) -> Value:
    """Return the value of a variable, as it is used by an expression."""
    block = scope.folder.variables.get(name)
    if block is None:
        return unknown(expression, f"the module has no variable '{name}'")
    value = scope.remember(("var", name), expression, lambda: _value(scope, name, block, expression))
    if value.data is not None and not isinstance(value.where, Place):
        return value
    place = place_of(value.where)
    if place.provenance is None or "sensitive" in scope.run.marks:
        return Value(value.data, at(expression))
    used = location(expression, "used here")
    return Value(value.data, replace(place, related=(*place.related, used)))


def _value(scope: Scope, name: str, block: Block, expression: Expression) -> Value:
    body = block.body
    if _flag(scope, block, "sensitive", default=False):
        scope.run.mark("sensitive")
    given = _given(scope, name, block)
    nullable = _flag(scope, block, "nullable", default=True)
    if given is not None and given.data is None and not nullable:
        given = None
    if given is None:
        given = _default(scope, name, block)
    if given is None:
        return _open(scope, name, block)
    kind = body.attributes.get("type")
    try:
        converted = convert(given, "any" if kind is None else constraint(scope, kind.expression))
    except RefusedError as error:
        return refused(expression, f"the value of '{name}' does not fit its type: {error}")
    return renamed(converted, f"var.{name}")


def _flag(scope: Scope, block: Block, name: str, *, default: bool) -> bool:
    attribute = block.body.attributes.get(name)
    value = None if attribute is None else evaluate(scope, attribute.expression).data
    return value if isinstance(value, bool) else default


def _given(scope: Scope, name: str, block: Block) -> Value | None:
    """Return the value that is given to a variable: by the call, or for the root module."""
    if scope.parent is not None:
        argument = scope.argument(name)
        if argument is None:
            return None
        value = evaluate(scope.parent, argument, scope.frame)
        module = "" if scope.call is None else scope.call.labels[0]
        return from_elsewhere(value, f"the argument '{name}' of module '{module}'")
    found = assignments(scope).get(name)
    if found is None:
        return None
    given, where = found
    if isinstance(given, str):
        given = _from_text(given, block)
    value = evaluate(scope, given)
    provenance = (
        f"the value of variable '{name}' on {where}"
        if where == _COMMAND_LINE
        else (f"the value of variable '{name}' in {where}")
    )
    if where == _COMMAND_LINE:
        return Value(value.data, Place(block.header, file=block.source.file, provenance=provenance))
    return from_elsewhere(value, provenance)


def _from_text(text: str, block: Block) -> Expression:
    """Return the value of ``--var``: a string, or an expression if the type is that of a collection."""
    file, span = block.source.file, block.header
    kind = block.body.attributes.get("type")
    if kind is None or isinstance(kind.expression, Name):
        source = bare_expression("null", file, span).source
        return Literal(source, 0, 0, text)
    return bare_expression(text, file, span)


def from_elsewhere(value: Value, provenance: str) -> Value:
    """Return a value with the note where it comes from, unless it already comes from elsewhere."""
    place = place_of(value.where)
    return value if place.provenance else Value(value.data, replace(place, provenance=provenance))


def _default(scope: Scope, name: str, block: Block) -> Value | None:
    attribute = block.body.attributes.get("default")
    if attribute is None:
        return None
    if scope.parent is None:
        if name in scope.run.opened:
            return None
        scope.run.mark(f"default {name}")
    return from_elsewhere(evaluate(scope, attribute.expression), f"the default of variable '{name}'")


def _open(scope: Scope, name: str, block: Block) -> Value:
    """Return a variable without a value: the values that its validation allows, or unresolved."""
    declared = Location(block.source.file, block.header, f"variable '{name}'")
    place = Place(block.header, file=block.source.file, related=(declared,))
    allowed = _allowed(name, block)
    text = f"var.{name}"
    if allowed:
        prefix = scope.tag(scope.frame).prefix if scope.parent else ""
        options = tuple(Option(label, Value(data, place)) for label, data in allowed.items())
        return Value(Choice(f"{prefix}variable '{name}'", options, text), place)
    reason = f"variable '{name}' has no default"
    if scope.parent is None and name in scope.run.opened:
        reason = f"the resource exists with other values of variable '{name}' than the default"
    elif scope.parent is not None:
        reason = f"variable '{name}' has neither a default nor an argument in the call"
    from iblint.model.values import Unresolved

    return Value(Unresolved(text, reason), place)


def _allowed(name: str, block: Block) -> dict[str, Any]:
    """Return the values that ``validation { condition = contains([...], var.x) }`` allows."""
    for validation in block.body.blocks_of("validation"):
        condition = validation.body.attributes.get("condition")
        expression = None if condition is None else condition.expression
        if not isinstance(expression, Call) or expression.name != "contains" or len(expression.arguments) != 2:
            continue
        listed, wanted = expression.arguments
        if wanted.text != f"var.{name}" or not isinstance(listed, TupleCons):
            continue
        literals = [item.value for item in listed.items if isinstance(item, Literal)]
        if len(literals) == len(listed.items) <= MAX_LEAVES and all(isinstance(each, str) for each in literals):
            return {each: each for each in literals}
    return {}


def constraint(scope: Scope, expression: Expression) -> Any:
    """Return a type constraint. Raises RefusedError for one that iblint cannot read."""
    match expression:
        case Name(name=("string" | "number" | "bool" | "any") as name):
            return name
        case Name(name=("list" | "set" | "map") as name):
            return name, "any"
        case Literal(value=str(name)) if name in ("string", "list", "map"):
            return name if name == "string" else (name, "any")
        case Call(name=("list" | "set" | "map") as name, arguments=(inner,)):
            return name, constraint(scope, inner)
        case Call(name="tuple", arguments=(TupleCons(items=items),)):
            return "tuple", tuple(constraint(scope, item) for item in items)
        case Call(name="object", arguments=(ObjectCons(entries=entries),)):
            members = {}
            for key, kind in entries:
                if not isinstance(key, Literal) or not isinstance(key.value, str):
                    raise RefusedError("its type cannot be read")
                members[key.value] = _member(scope, kind)
            return "object", members
    raise RefusedError("its type cannot be read")


def _member(scope: Scope, expression: Expression) -> Any:
    if not isinstance(expression, Call) or expression.name != "optional" or not expression.arguments:
        return constraint(scope, expression)
    kind = constraint(scope, expression.arguments[0])
    if len(expression.arguments) == 1:
        return Optional(kind)
    default = evaluate(scope, expression.arguments[1])
    return Optional(kind, from_elsewhere(default, "the default in the type of the variable"))


# Files


def assignments(scope: Scope) -> Mapping[str, tuple[Expression | str, str]]:
    """Return what is given to the variables of a root module: an expression or text, and where it is written.

    In Terraform's order: terraform.tfvars, *.auto.tfvars by name, --var-file, --var; the last one wins.
    """
    run = scope.run
    if run.assignments is None:
        run.assignments = {}
        folder = scope.folder.path
        listed = run.unit.files.listed(folder)
        automatic = sorted(name for name in listed if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
        for name in ("terraform.tfvars", "terraform.tfvars.json", *automatic):
            if name in listed:
                path = name if folder == "." else f"{folder}/{name}"
                data = run.read(path)
                if data is not None:
                    run.assignments.update(_read(scope, path, data))
        for path, data in run.deployment.variable_files:
            run.assignments.update(_read(scope, path, data))
        for name, text in run.deployment.variables.items():
            run.assignments[name] = (text, _COMMAND_LINE)
    return run.assignments


def _read(scope: Scope, path: str, data: bytes) -> Iterator[tuple[str, tuple[Expression | str, str]]]:
    """Yield the variables that a file sets. What is wrong with it is a problem of the run."""
    if len(data) > MAX_TFVARS:
        scope.run.problems.append(InputError(path, 1, 1, f"The file has more than {MAX_TFVARS} bytes. Split it."))
        return
    loaded = load(Source(path if path.endswith(".json") else f"{path}.tf", data))
    if isinstance(loaded, InputError):
        scope.run.problems.append(replace(loaded, file=path))
        return
    for document in loaded:
        scope.run.texts[path] = document.text
        if isinstance(document.data, HclFile):
            file = HclFile(document.text, path)
            if file.first_error is not None:
                line, column = file.first_error[:2]
                scope.run.problems.append(
                    InputError(path, line, column, "The file of variables has a syntax error here. Correct it.")
                )
            yield from ((name, (each.expression, path)) for name, each in file.body.attributes.items())
        elif isinstance(document.data, dict):
            body = JsonBody(JsonFile(replace(document, data={}))._reader, document.data)
            yield from ((name, (each.expression, path)) for name, each in body.attributes.items())


MAX_TFVARS = 1 << 20
"""Bytes of a file of variables."""
