"""Evaluate conditions to decision trees of booleans.

Parameter values decide what they can. Anything else that a comparison depends on becomes a variable, named by the
comparison itself, so conditions with the same comparison always agree.

The tree of a condition depends on the template only, not on the order of evaluation: references are followed to their
end, and a condition that depends on itself becomes a variable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial, reduce

from iblint.dialects.cloudformation.intrinsics import Call, read_call, written
from iblint.dialects.cloudformation.macros import has_macro
from iblint.dialects.cloudformation.parameters import ALLOWED_VALUES, may_be
from iblint.dialects.cloudformation.template import Template
from iblint.dialects.shared.decision_tree import Value, as_text, graft, is_bounded, leaves, lift, placeholder
from iblint.dialects.shared.places import Where
from iblint.model.values import Choice, Option, Unresolved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 50
"""Levels of nested condition functions."""

_OF_THE_TARGET = ("AWS::Region", "AWS::AccountId")
"""Whatever they are compared with, they may be another one."""

_LONG = frozenset({"Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"})


class Conditions:
    """The conditions of a template. ``resolve`` returns the value of an operand."""

    def __init__(self, template: Template, resolve: Callable[[Any, Where], Value]) -> None:
        self._template = template
        self._section = template.section("Conditions")
        self._is_replaced = has_macro(self._section)
        self._resolve = resolve
        self._known: dict[str, Value] = {}
        """The trees without an assumption."""
        self._assuming: dict[str, Value] = {}
        """The trees under the present assumption, of the conditions that depend on it."""
        self._affected: set[str] | None = None
        """The conditions that depend on the assumed one; None until that is needed."""
        self._depth = 0
        self._comparisons: dict[str, tuple[str, str]] = {}
        """Variable -> the parameter and the literal that it compares."""
        self.assumed: str | None = None
        """The condition that is assumed to be true."""

    def assume(self, name: str | None) -> Mapping[str, str]:
        """Assume from now on that a condition is true, that of a resource; None ends the assumption.

        Return the labels of variables that follow from it.
        """
        self.assumed = None
        labels = {} if name is None else _forced(self.named(name))
        self._assuming, self._affected = {}, None
        self.assumed = name
        return labels

    @property
    def because(self) -> str:
        """What decides the decided conditions, as the end of a sentence."""
        if self.assumed is None:
            return "with the values of the parameters"
        return f"where the resource exists, because that depends on '{self.assumed}'"

    def named(self, name: str) -> Value:
        """Return the tree of a condition. One that is missing, circular or too large is a variable of its own."""
        where = self._template.lazy_place(self._section, name)
        if name == self.assumed:
            return Value(True, where)
        if name not in self._section or name in self._circular or self._is_replaced:
            return _variable(f"condition '{name}'", where)
        waiting = [name]
        while waiting:  # referenced conditions first
            first = [other for other in self._references[waiting[-1]] if not self._is_known(other)]
            if first:
                waiting += first
                continue
            ready = waiting.pop()
            if not self._is_known(ready):
                self._trees_with(ready)[ready] = self._tree(ready)
        return self._trees_with(name)[name]

    def may_hold(self, name: str) -> bool:
        """Return whether a condition is certainly true with some values of the open parameters."""
        tree = self.named(name)
        return any(self._is_possible(world) for world in _true(tree, {}))

    def _is_possible(self, world: Mapping[str, str]) -> bool:
        """Return whether values of parameters certainly make all comparisons have their labels."""
        literals: dict[str, str] = {}
        for variable, label in world.items():
            if variable.startswith(ALLOWED_VALUES):
                continue
            if variable not in self._comparisons:
                return False
            name, literal = self._comparisons[variable]
            equal = label == "true"
            declared = self._template.section("Parameters")
            if not (may_be(declared[name], literal, equal=equal) if name in declared else not equal):
                return False
            if equal and literals.setdefault(name, literal) != literal:
                return False
        return True

    def _is_known(self, name: str) -> bool:
        return name == self.assumed or name in self._circular or name in self._trees_with(name)

    def _trees_with(self, name: str) -> dict[str, Value]:
        """Return the trees that a condition belongs to: those under the assumption only if it depends on it."""
        if self.assumed is None:
            return self._known
        if self._affected is None:
            self._affected = self._dependents(self.assumed)
        return self._assuming if name in self._affected else self._known

    def _dependents(self, name: str) -> set[str]:
        """Return the conditions that depend on one."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            new = [user for user in self._users.get(waiting.pop(), ()) if user not in found]
            found.update(new)
            waiting += new
        return found

    def _tree(self, name: str) -> Value:
        where = self._template.lazy_place(self._section, name)
        depth, self._depth = self._depth, 0
        tree = self._evaluate(self._section[name], where)
        self._depth = depth
        return tree if is_bounded(tree) else _variable(f"condition '{name}'", where)

    @cached_property
    def _references(self) -> Mapping[str, tuple[str, ...]]:
        """Condition -> the other conditions that it names."""
        found: dict[str, tuple[str, ...]] = {}
        for name, raw in self._section.items():
            named = _named_in(raw, self._template.lazy_place(self._section, name))
            found[name] = tuple(dict.fromkeys(other for other in named if other in self._section))
        return found

    @cached_property
    def _users(self) -> Mapping[str, list[str]]:
        """Condition -> the conditions that name it."""
        users: dict[str, list[str]] = {name: [] for name in self._section}
        for name, others in self._references.items():
            for other in others:
                users[other].append(name)
        return users

    @cached_property
    def _circular(self) -> frozenset[str]:
        """Conditions that depend on themselves or on one that does. CloudFormation refuses them."""
        left = {name: len(others) for name, others in self._references.items()}
        followed = [name for name, others in left.items() if not others]
        for name in followed:
            for user in self._users[name]:
                left[user] -= 1
                if not left[user]:
                    followed.append(user)
        return frozenset(self._section) - frozenset(followed)

    def _evaluate(self, raw: Any, where: Where) -> Value:
        """Return the tree of a raw condition."""
        call = _read(raw, where)
        if call is None:
            return _variable(f"the condition {written(raw)}", where)
        if self._depth >= MAX_DEPTH:
            return _variable(call.expression, where)
        self._depth += 1
        tree = self._operator(call)
        self._depth -= 1
        return tree

    def _operator(self, call: Call) -> Value:
        arguments = call.argument if isinstance(call.argument, list) else []
        match call.name, arguments:
            case "Condition", _ if isinstance(call.argument, str):
                return self.named(call.argument)
            case "Equals", [_, _]:
                one, other = (
                    self._resolve(arg, self._template.lazy_place(arguments, i)) for i, arg in enumerate(arguments)
                )
                tree = _settled(lift(partial(_compare, call), one, other, expression=call.expression))
                self._note_comparison(tree, arguments)
                return tree
            case "Not", [operand]:
                inner = self._evaluate(operand, self._template.lazy_place(arguments, 0))
                return lift(_not, inner, expression=call.expression)
            case (("And" | "Or"), [_, *_]):
                return self._joined(call, stop=call.name == "Or")
        return _variable(call.expression, call.where)

    def _note_comparison(self, tree: Value, operands: list[Any]) -> None:
        """Keep which parameter is compared with which literal, if the comparison is open."""
        for index, literal in enumerate(operands):
            reference = read_call(operands[1 - index], tree.where)
            if reference is None or reference.name != "Ref" or not isinstance(literal, str) or placeholder(literal):
                continue
            name = reference.argument
            is_open = isinstance(name, str) and (name in _OF_THE_TARGET or name in self._template.section("Parameters"))
            if is_open and isinstance(tree.data, Choice):
                self._comparisons[tree.data.variable] = (name, literal)

    def _joined(self, call: Call, *, stop: bool) -> Value:
        """Return the tree of And or Or. The first operand equal to ``stop`` decides, so chains stay small."""
        operands = (
            self._evaluate(raw, self._template.lazy_place(call.argument, i)) for i, raw in enumerate(call.argument)
        )

        def step(so_far: Value, operand: Value) -> Value:
            if not is_bounded(so_far):
                return so_far
            return _settled(graft(so_far, lambda leaf: leaf if leaf.data is stop else operand, call.expression))

        tree = reduce(step, operands, Value(not stop, call.where))
        return tree if is_bounded(tree) else _variable(call.expression, call.where)


def _read(raw: Any, where: Where) -> Call | None:
    if isinstance(raw, dict) and len(raw) == 1 and next(iter(raw)) in _LONG:
        key = next(iter(raw))
        return Call(key.removeprefix("Fn::"), raw[key], raw, where)
    return read_call(raw, where)


def _named_in(raw: Any, where: Where) -> Iterator[str]:
    """Yield the names of the conditions in a raw node."""
    waiting, seen = [raw], set()
    while waiting:
        node = waiting.pop()
        call = _read(node, where)
        if call is not None:
            node = call.argument
            match call.name, node:
                case ("Condition", str(name)) | ("If", [str(name), *_]):
                    yield name
        if isinstance(node, dict | list) and id(node) not in seen:  # an alias may repeat it without end
            seen.add(id(node))
            waiting += node.values() if isinstance(node, dict) else node


def _variable(name: str, where: Where) -> Value:
    options = tuple(Option(label, Value(label == "true", where)) for label in ("true", "false"))
    return Value(Choice(name, options, name), where)


def _forced(tree: Value) -> Mapping[str, str]:
    """Return the labels that variables have in every world in which a tree is true."""
    worlds = [set(world.items()) for world in _true(tree, {})]
    return dict(set.intersection(*worlds)) if worlds else {}


def _true(tree: Value, world: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    if isinstance(tree.data, Choice):
        for option in tree.data.options:
            yield from _true(option.value, {**world, tree.data.variable: option.label})
    elif tree.data:
        yield world


def _compare(call: Call, one: Value, other: Value) -> Value:
    """Compare two values without choices as strings, since all parameters are strings."""
    names: list[str] = []
    texts = [as_text(value.data) for value in (one, other)]
    for value, text in zip((one, other), texts, strict=True):
        if text is not None:
            names.append(written(text))
        elif isinstance(value.data, Unresolved):
            names.append(value.data.expression)
        else:
            return _variable(call.expression, call.where)
    if None not in texts or names[0] == names[1]:  # the text of a literal never equals that of an expression
        return Value(names[0] == names[1], call.where)
    return _variable(f"!Equals [{', '.join(sorted(names))}]", call.where)


def _not(value: Value) -> Value:
    return Value(not value.data, value.where)


def _settled(tree: Value) -> Value:
    """Return a single value if all leaves of a tree are equal, else the tree."""
    found = {leaf.data for leaf in leaves(tree)}
    return Value(found.pop(), tree.where) if len(found) == 1 else tree
