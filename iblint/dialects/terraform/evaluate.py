"""Evaluate expressions to values.

Nothing here raises: a value that is not known, or that Terraform would refuse, is Unresolved with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial

from iblint.dialects.shared.decision_tree import Value, bounded, graft, leaves, lift
from iblint.dialects.shared.text_sums import OPEN_PART
from iblint.dialects.shared.text_sums import joined as joined_texts
from iblint.dialects.terraform import functions, logic
from iblint.dialects.terraform.types import as_set, common_type, convert, type_of
from iblint.dialects.terraform.values import (
    MAX_ITEMS,
    ListOf,
    Lookup,
    MapOf,
    NotKnownError,
    RefusedError,
    SetOf,
    any_unknown,
    at,
    children,
    first_choice,
    first_unknown,
    is_number,
    is_unknown,
    over_choices,
    plain,
    reason_of,
    refused,
    text_of,
    unknown,
)
from iblint.model.record import Record, replace
from iblint.model.resource import Place
from iblint.model.values import Choice, Open, Unresolved
from iblint.parse.hcl import expressions as hcl
from iblint.parse.hcl.expressions import Expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.dialects.terraform.scope import Scope
    from iblint.dialects.terraform.values import Names

MAX_DEPTH = 60
"""Levels of expressions that are evaluated for one value, those that it refers to included."""


class Frame(Record):
    """The names that loops and instances define around an expression."""

    names: Names
    tag: str = ""
    """Distinguishes the iterations of loops: what is not known in one may be another value in the next."""
    instance: str = ""
    """The key of the instance: ``["a"]``."""

    def inside(self, names: Names, tag: str) -> Frame:
        """Return the frame of one iteration of a loop."""
        return Frame({**self.names, **names}, f"{self.tag}{tag}", self.instance)


TOP = Frame({})


class Sum:
    """The expression of a composed string, for ``text_sums``."""

    __slots__ = ("expression", "where")

    def __init__(self, expression: Expression) -> None:
        self.expression = expression.text
        self.where = at(expression)

    def unresolved(self, reason: str) -> Unresolved:
        """Return it as an unresolved value."""
        return Unresolved(self.expression, reason)


def evaluate(scope: Scope, expression: Expression, frame: Frame = TOP) -> Value:
    """Return the value of an expression in a module."""
    run = scope.run
    if not run.spend():
        return unknown(expression, "the module takes too many steps to evaluate")
    if run.depth >= MAX_DEPTH:
        return unknown(expression, f"it depends on more than {MAX_DEPTH} levels of expressions")
    run.depth += 1
    try:
        return bounded(_EVALUATORS[type(expression)](scope, expression, frame))
    except NotKnownError as error:
        return unknown(expression, str(error))
    except RefusedError as error:
        return refused(expression, str(error))
    except RecursionError:
        return unknown(expression, "it is nested too deeply")
    finally:
        run.depth -= 1


def _literal(scope: Scope, expression: hcl.Literal, frame: Frame) -> Value:  # noqa: ARG001
    return Value(expression.value, at(expression))


def _broken(scope: Scope, expression: hcl.Broken, frame: Frame) -> Value:  # noqa: ARG001
    return unknown(expression, expression.reason)


def _template(scope: Scope, expression: hcl.Template, frame: Frame) -> Value:
    parts = [evaluate(scope, part, frame) for part in expression.parts]
    if expression.is_wrapped:
        return parts[0]
    return join_texts(expression, "", parts)


def join_texts(expression: Expression, delimiter: str, parts: list[Value]) -> Value:
    """Return parts as one string."""

    def text(part: Value) -> Value:
        if isinstance(part.data, Unresolved):
            return Value(replace(part.data, text=part.data.text or OPEN_PART), part.where)
        if isinstance(part.data, Lookup):
            return unknown(expression, reason_of(part.data), text=OPEN_PART)
        made = text_of(part.data)
        if made is None:
            raise RefusedError("a part of it is not a string, number or boolean")
        return Value(made, part.where)

    texts = [lift(text, part, expression=expression.text) for part in parts]
    if len(texts) == 1 and isinstance(texts[0].data, Unresolved):
        one = texts[0].data
        return unknown(expression, one.reason, one.refers_to, one.text)
    return joined_texts(Sum(expression), delimiter, texts)


def _name(scope: Scope, expression: hcl.Name, frame: Frame) -> Value:
    if expression.name in frame.names:
        return frame.names[expression.name]
    value, rest = scope.refer(expression, (), frame)
    return value if not rest else refused(expression, "it is no value")


def _step(scope: Scope, expression: hcl.Step, frame: Frame) -> Value:
    steps: list[hcl.Step] = []
    root: Expression = expression
    while isinstance(root, hcl.Step):
        steps.append(root)
        root = root.on
    steps.reverse()
    if isinstance(root, hcl.Name) and root.name not in frame.names:
        value, left = scope.refer(root, tuple(steps), frame)
        steps = list(left)
    else:
        value = evaluate(scope, root, frame)
    for step in steps:
        key = Value(step.key.value, at(step.key)) if isinstance(step.key, hcl.Literal) else None
        key = evaluate(scope, step.key, frame) if key is None else key
        value = lift(partial(get, step), value, key, expression=step.text)
    return value


def get(expression: Expression, value: Value, key: Value) -> Value:
    """Return an attribute or element of a value."""
    data, wanted = value.data, key.data
    if isinstance(data, Unresolved):
        return unknown(expression, data.reason, data.refers_to if _is_whole(data) else None)
    if isinstance(wanted, Unresolved | Lookup):
        return unknown(expression, f"its index is not known: {reason_of(wanted)}")
    if isinstance(data, Lookup):
        if not isinstance(wanted, str):
            return unknown(expression, "it is not certain that there are several instances")
        return data.attribute(wanted, expression)
    if isinstance(data, dict):
        name = text_of(wanted)
        if name is not None and name in data:
            return _inside(value, data[name])
        if isinstance(data, Open):
            return Value(replace(data.rest, expression=expression.text), at(expression))
        raise RefusedError(f"there is no '{name}' in it")
    if isinstance(data, list) and not isinstance(data, SetOf):
        index = convert(key, "number").data
        if is_number(index) and index == int(index) and 0 <= index < len(data):
            return _inside(value, data[int(index)])
        raise RefusedError("the list has no such element")
    raise RefusedError("null has no attributes" if data is None else "the value has no attributes and elements")


def _is_whole(data: Unresolved) -> bool:
    return data.expression == "" and data.refers_to is not None


def _inside(outer: Value, inner: Value) -> Value:
    """Return an element of a value; if the whole comes from elsewhere, so does the element."""
    where, place = outer.where, inner.where
    if isinstance(where, Place) and where.provenance and not isinstance(place, Place):
        return Value(inner.data, replace(place.place(), provenance=where.provenance, related=where.related))
    return inner


def _each(scope: Scope, expression: hcl.Each, frame: Frame) -> Value:
    """Return a splat. Any value but a list counts as a list of one item, and null as an empty list."""

    def spread(over: Value) -> Value:
        data = over.data
        if isinstance(data, Unresolved):
            return unknown(expression, data.reason, data.refers_to)
        if data is None:
            return Value([], at(expression))
        items = elements(data, expression) if isinstance(data, list) else [over]
        found = [
            evaluate(scope, expression.item, frame.inside({"": item}, f"*{number}"))
            for number, item in enumerate(items)
        ]
        return Value(found, at(expression))

    return lift(spread, evaluate(scope, expression.on, frame), expression=expression.text)


def elements(data: list[Value], expression: Expression) -> list[Value]:  # noqa: ARG001 - for symmetry with mappings
    """Return the elements of a list or set in Terraform's order. Raises NotKnownError if that is not known."""
    if isinstance(data, SetOf) and len(data) > 1 and any(children(item.data) for item in data):
        raise NotKnownError("iblint does not know the order of the set")
    return list(data)


def entries(value: Value, expression: Expression) -> list[tuple[Value, Value]]:
    """Return the keys and values that a loop goes over. Raises NotKnownError and RefusedError."""
    data = value.data
    if is_unknown(data):
        raise NotKnownError(reason_of(data))
    if isinstance(data, Open):
        raise NotKnownError(data.rest.reason)
    if isinstance(data, dict):
        names = sorted(data, key=lambda name: name.encode("utf-8", "surrogatepass"))
        return [(Value(name, value.where), data[name]) for name in names]
    if isinstance(data, SetOf):
        if isinstance(data, SetOf) and any(first_unknown(item) for item in data):
            raise NotKnownError("an element of the set is not known")
        return [(item, item) for item in elements(data, expression)]
    if isinstance(data, list):
        return [(Value(number, value.where), item) for number, item in enumerate(data)]
    raise RefusedError("a loop needs a list, set or map")


def _for(scope: Scope, expression: hcl.For, frame: Frame) -> Value:
    over = evaluate(scope, expression.over, frame)
    return lift(partial(_loop, scope, expression, frame), over, expression=expression.text)


def _loop(scope: Scope, expression: hcl.For, frame: Frame, over: Value) -> Value:
    listed: list[Value] = []
    mapped: dict[str, Value] = {}
    for number, (key, item) in enumerate(entries(over, expression)):
        names = {expression.value_name: item}
        if expression.key_name is not None:
            names[expression.key_name] = key
        inner = frame.inside(names, f"#{number}")
        if expression.test is not None:
            test = logic.as_condition(evaluate(scope, expression.test, inner), expression.test, scope.tag(inner))
            if not isinstance(test.data, bool):
                raise NotKnownError("it is not known which elements the loop takes")
            if not test.data:
                continue
        value = evaluate(scope, expression.value, inner)
        if expression.key is None:
            listed.append(value)
            continue
        name = convert(evaluate(scope, expression.key, inner), "string").data
        if not isinstance(name, str):
            raise NotKnownError("a key of the map is not known")
        if expression.groups:
            group = mapped.setdefault(name, Value([], at(expression)))
            group.data.append(value)
        elif name in mapped:
            raise RefusedError(f"the loop makes the key '{name}' twice")
        else:
            mapped[name] = value
    if expression.joins:
        return join_texts(expression, "", listed) if listed else Value("", at(expression))
    return Value(listed if expression.key is None else mapped, at(expression))


def _tuple(scope: Scope, expression: hcl.TupleCons, frame: Frame) -> Value:
    return Value([evaluate(scope, item, frame) for item in expression.items], at(expression))


def _object(scope: Scope, expression: hcl.ObjectCons, frame: Frame) -> Value:
    made: dict[str, Value] = {}
    rest: Unresolved | None = None
    for key_expression, value_expression in expression.entries:
        key = convert(evaluate(scope, key_expression, frame), "string").data
        value = evaluate(scope, value_expression, frame)
        if isinstance(key, str):
            made[key] = value
        elif key is None:
            raise RefusedError("null is no key")
        else:
            rest = Unresolved(key_expression.text, "a key of the mapping is not known")
    if rest is None:
        return Value(made, at(expression))
    # A key that is not known may be one of the others, so none of the others is certain.
    return Value(Open({}, rest), at(expression))


def _conditional(scope: Scope, expression: hcl.Conditional, frame: Frame) -> Value:
    condition = logic.as_condition(evaluate(scope, expression.condition, frame), expression.condition, scope.tag(frame))
    if not isinstance(condition.data, bool | Choice):
        return unknown(expression, reason_of(condition.data))
    branches = {True: evaluate(scope, expression.yes, frame), False: evaluate(scope, expression.no, frame)}
    kind = common_type([type_of(leaf.data) for branch in branches.values() for leaf in leaves(branch)])
    if kind is None:
        raise RefusedError("the two results have no type in common")
    chosen = {truth: _converted(branch, kind) for truth, branch in branches.items()}
    return logic.over_leaves(condition, lambda truth: chosen[truth], expression)


def _converted(branch: Value, kind: Any) -> Value:
    return branch if kind == "any" or first_unknown(branch) is not None else convert(branch, kind)


def _operation(scope: Scope, expression: hcl.Operation, frame: Frame) -> Value:
    operator, tag = expression.operator, scope.tag(frame)
    operands = [evaluate(scope, operand, frame) for operand in expression.operands]
    if operator in ("&&", "||", "!"):
        conditions = [
            logic.as_condition(value, operand, tag)
            for value, operand in zip(operands, expression.operands, strict=True)
        ]
        if operator == "!":
            return logic.negate(conditions[0])
        return logic.joined(conditions[0], conditions[1], stop=operator == "||", expression=expression)
    if operator in ("==", "!="):
        same = logic.compared(operands[0], operands[1], expression, tag)
        return same if operator == "==" else logic.negate(same)
    return over_choices(partial(_arithmetic, expression, tag), operands, expression.text)


def _arithmetic(expression: hcl.Operation, tag: logic.Tag, *operands: Value) -> Value:
    operator = expression.operator
    missing = any_unknown(operands)
    if missing is not None:
        if operator in ("<", ">", "<=", ">=") and isinstance(missing, Unresolved):
            return logic.variable(tag.name(expression.text), expression.text, at(expression))
        return unknown(expression, reason_of(missing))
    numbers = [convert(operand, "number").data for operand in operands]
    if None in numbers:
        raise RefusedError("null is no number")
    return Value(_calculated(operator, numbers), at(expression))


def _calculated(operator: str, numbers: list[Any]) -> Any:
    exact = [Fraction(number) for number in numbers]
    match operator, exact:
        case "-", [one]:
            return -numbers[0]
        case "<", [one, other]:
            return one < other
        case ">", [one, other]:
            return one > other
        case "<=", [one, other]:
            return one <= other
        case ">=", [one, other]:
            return one >= other
    if any(number.denominator & (number.denominator - 1) for number in exact):
        raise NotKnownError("iblint does not calculate with decimal fractions")
    match operator, exact:
        case "+", [one, other]:
            return _number(one + other)
        case "-", [one, other]:
            return _number(one - other)
        case "*", [one, other]:
            return _number(one * other)
        case (("/" | "%"), [_, other]) if other == 0:
            raise RefusedError("it divides by zero")
        case "/", [one, other]:
            return _number(one / other)
        case "%", [one, other]:
            quotient = one / other
            whole = (
                quotient.numerator // quotient.denominator
                if quotient >= 0
                else -(-quotient.numerator // quotient.denominator)
            )
            return _number(one - whole * other)
    raise NotKnownError(f"iblint does not know the operator '{operator}'")


def _number(value: Fraction) -> int | Decimal:
    """Return a number that binary and decimal fractions can both write. Raises NotKnownError."""
    if value.denominator == 1 and abs(value.numerator) < 10**100:
        return value.numerator
    if value.denominator & (value.denominator - 1) or value.denominator > 2**20:
        raise NotKnownError("iblint does not calculate with decimal fractions")
    return Decimal(value.numerator) / Decimal(value.denominator)


def _call(scope: Scope, expression: hcl.Call, frame: Frame) -> Value:
    if expression.name in ("try", "can"):
        return _tried(scope, expression, frame)
    arguments = [evaluate(scope, argument, frame) for argument in expression.arguments]
    if expression.expands and arguments:
        last = arguments.pop()
        if isinstance(last.data, Choice) or is_unknown(last.data):
            raise NotKnownError("the list of its arguments is not known")
        if not isinstance(last.data, list):
            raise RefusedError("'...' needs a list")
        arguments += elements(last.data, expression)
    if len(arguments) > MAX_ITEMS:
        raise NotKnownError(f"it has more than {MAX_ITEMS} arguments")
    return functions.call(scope, expression, arguments)


def _tried(scope: Scope, expression: hcl.Call, frame: Frame) -> Value:
    """Return the first argument of ``try`` that Terraform would not refuse, or whether ``can`` has such a one."""
    if not expression.arguments:
        raise RefusedError("it needs an argument")
    return _try_from(scope, expression, frame, 0)


def _try_from(scope: Scope, expression: hcl.Call, frame: Frame, number: int) -> Value:
    """Return ``try`` or ``can`` of the arguments from a number on."""
    if number == len(expression.arguments):
        if expression.name == "can":
            return Value(False, at(expression))
        raise RefusedError("none of the arguments of try() can be evaluated")
    value = evaluate(scope, expression.arguments[number], frame)
    rest: list[Value] = []

    def branch(leaf: Value) -> Value:
        if _is_refused(leaf):
            if not rest:
                rest.append(_try_from(scope, expression, frame, number + 1))
            return rest[0]
        found = first_unknown(leaf)
        if found is not None and not is_certain(found):
            return unknown(expression, reason_of(found))
        if isinstance(leaf.data, list | dict) and first_choice(leaf) is not None:
            return unknown(expression, "whether Terraform would refuse it depends on a condition")
        return Value(True, at(expression)) if expression.name == "can" else leaf

    return graft(value, branch, expression.text)


REFUSED = "Terraform would refuse it"


def _is_refused(value: Value) -> bool:
    """Return whether Terraform would refuse an expression, as a whole or in a part of it."""
    if isinstance(value.data, Unresolved):
        return value.data.reason.startswith(REFUSED)
    return any(_is_refused(child) for child in children(value.data))


def is_certain(data: Unresolved | Lookup) -> bool:
    """Return whether an unknown value certainly exists, as the attribute of a resource does."""
    return isinstance(data, Lookup) or data.refers_to is not None


_EVALUATORS: Mapping[type, Callable[..., Value]] = {
    hcl.Literal: _literal,
    hcl.Template: _template,
    hcl.Name: _name,
    hcl.Step: _step,
    hcl.Each: _each,
    hcl.Call: _call,
    hcl.Operation: _operation,
    hcl.Conditional: _conditional,
    hcl.TupleCons: _tuple,
    hcl.ObjectCons: _object,
    hcl.For: _for,
    hcl.Broken: _broken,
}

__all__ = ["TOP", "Frame", "ListOf", "MapOf", "as_set", "evaluate", "plain"]
