"""Resolve the raw nodes of a template to values, with all intrinsic functions.

Nothing here raises: a value that is unknown, or not written as CloudFormation requires, is Unresolved with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from weakref import proxy

from iblint.dialects.cloudformation import macros
from iblint.dialects.cloudformation.conditions import Conditions
from iblint.dialects.cloudformation.intrinsics import Call, is_function, read_call
from iblint.dialects.cloudformation.mappings import Mappings
from iblint.dialects.cloudformation.parameters import Parameters
from iblint.dialects.cloudformation.requirements import Requirements, named_by, requirements_of
from iblint.dialects.cloudformation.return_values import REF, kind_of
from iblint.dialects.cloudformation.strings import join, select, split, substitute
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.cloudformation.work import LEAF, TOO_MUCH, Work
from iblint.dialects.shared.decision_tree import Value, assume_all, bounded, graft, leaves, lift, placeholder, sources
from iblint.dialects.shared.extraction import Deployment
from iblint.dialects.shared.places import LazyPlace, Where, with_related
from iblint.model.context import partition_of
from iblint.model.kinds import TEXT, TOPIC_ARN, list_of
from iblint.model.record import replace
from iblint.model.resource import ALWAYS, Existence
from iblint.model.values import ABSENT, Choice, Option, Unresolved
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 50
"""Levels of nested functions."""

_LATER = "it is known only after deployment"
_REASONS = {
    "GetAZs": "the account decides which Availability Zones there are",
    "Transform": "a macro makes it at deployment",
    "Cidr": "iblint does not calculate address ranges",
    "Base64": "iblint does not encode values",
    "Length": "iblint does not count items",
    "ToJsonString": "iblint does not write JSON",
}
_KINDS = {
    "GetAZs": list_of("Availability Zone name"),
    "Cidr": list_of("CIDR block"),
    "Base64": TEXT,
    "ToJsonString": TEXT,
    "AWS::NotificationARNs": list_of(TOPIC_ARN),
    "AWS::StackId": "stack ARN",
    "AWS::StackName": "stack name",
}
"""The kinds of what functions and pseudo parameters give, although iblint does not know the values."""
MAYBE = Unresolved("Condition", "it is not certain that the resource exists")


class Resolver:
    """Resolves the values of one template for one deployment, or for one that meets some requirements."""

    def __init__(
        self,
        template: Template,
        deployment: Deployment,
        requirements: Requirements | None = None,
        work: Work | None = None,
    ) -> None:
        """``work`` counts the steps, if other resolvers of the template share them."""
        self._template = template
        self.work = work or Work(deployment.steps)
        self._spans = template.document.spans
        self._deployment = deployment
        self.requirements = requirements or Requirements()
        self._is_required = requirements is not None
        self._parameters = Parameters(template, deployment.parameters, self.requirements)
        this = proxy(self)  # no reference cycle, so that a template is freed as soon as it has been read
        self._conditions = Conditions(template, lambda raw, where: this.operand(raw, where))
        self._mappings = Mappings(template, lambda container, step: this.child(container, step))
        self._depth = 0
        self._latest: tuple[str, Resolver] | None = None
        self._existing: dict[str, bool] = {}
        self.loops: Mapping[str, str] = {}
        """Variables of the loops around the value that is resolved now, each with its collection as it is written."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Resolver, (self._template, self._deployment, self.requirements if self._is_required else None)

    def properties(self, declared: Declared, keys: Iterable[Any] | None = None) -> Value:
        """Return the properties of a resource in the deployments in which it exists.

        Parameter values with which it does not exist are not used. If a macro generates properties, the others are
        unresolved. With ``keys``, return only these properties.
        """
        body, condition = declared.body, declared.body.get("Condition")
        self.loops = declared.loops
        if isinstance(condition, str) and not self._may_exist(condition):
            return self._where(condition).properties(declared, keys)
        labels = self._conditions.assume(condition if isinstance(condition, str) else None)
        if "Properties" not in body:
            found = Value({}, declared.place)
        elif keys is None:
            found = self.child(body, "Properties")
        else:
            members = {key: self.child(body["Properties"], key) for key in keys}
            found = Value(members, self._template.lazy_place(body, "Properties"))
        made = {key: self.child(body, key) for key in body if is_function(key)}
        self._conditions.assume(None)
        if declared.replaced:
            made = {"Fn::Transform": Value(Unresolved("Transform", macros.REASON), declared.place), **made}
        if made and isinstance(found.data, dict):
            found = Value({**found.data, **made}, found.where)
        return assume_all(found, labels) if labels else found

    def existence(self, condition: Any) -> Existence:
        """Return when a resource or output with a condition exists, given what it has under ``Condition``."""
        if condition is None:
            return ALWAYS
        if not isinstance(condition, str):
            return Existence(None, MAYBE)
        return Existence(condition, _as_choice(self._conditions.named(condition)))

    def existence_with(self, condition: Any, others: Collection[str]) -> Existence:
        """Return the same, and for the deployments in which the resource exists whether other conditions are true."""
        own = self.existence(condition)
        if isinstance(condition, str) and not self._may_exist(condition):
            required = self._where(condition)
            deviating = required.requirements.open.union(required.requirements.values)
            return replace(required.existence_with(condition, others), holds=own.holds, deviating=deviating)
        labels = self._conditions.assume(own.condition)
        trees = {name: _as_choice(assume_all(self._conditions.named(name), labels)) for name in others}
        self._conditions.assume(None)
        return replace(own, others=trees, labels=labels)

    def _may_exist(self, condition: str) -> bool:
        """Return whether a resource may exist with the known values of the parameters that its condition reads."""
        if self._is_required:
            return True
        holds = self._conditions.named(condition).data
        if isinstance(holds, bool):
            return holds
        if condition not in self._existing:
            known = self._parameters.known.intersection(named_by(self._template, condition))
            self._existing[condition] = not known or self._conditions.may_hold(condition)
        return self._existing[condition]

    def _where(self, condition: str) -> Resolver:
        """Return a resolver for the deployments in which a condition is true. The latest one is kept."""
        latest = self._latest
        if latest is None or latest[0] != condition:
            required = requirements_of(self._template, condition)
            latest = self._latest = (condition, Resolver(self._template, self._deployment, required, self.work))
        return latest[1]

    def operand(self, raw: Any, where: Where) -> Value:
        """Return the value of an operand of a condition, the same wherever the condition is used."""
        depth, self._depth = self._depth, 0
        value = self.resolve(raw, where)
        self._depth = depth
        return value

    def child(self, container: Any, step: str | int) -> Value:
        """Return the value of an entry of a mapping or list of the document."""
        return self.resolve(container[step], LazyPlace(self._spans, container, step))

    def resolve(self, raw: Any, where: Where) -> Value:
        """Return the value of a raw node."""
        if isinstance(raw, str):
            return Value((self.loops and self._of_loop(raw)) or placeholder(raw) or raw, where)
        call = read_call(raw, where)
        if call is not None:
            return self._call(call)
        if isinstance(raw, dict):
            return Value({key: self.child(raw, key) for key in raw}, where)
        if isinstance(raw, list):
            return Value([self.child(raw, index) for index in range(len(raw))], where)
        return Value(raw, where)

    def _of_loop(self, raw: str) -> Unresolved | None:
        """Return a string with a loop variable as unresolved; None for any other string."""
        for name in self.loops:
            if f"${{{name}}}" in raw or f"&{{{name}}}" in raw:
                return Unresolved(raw, self._variable_of_loop(name))
        return None

    def _variable_of_loop(self, name: str) -> str:
        return f"'{name}' is the variable of a loop over {shorten(self.loops[name])}"

    def _call(self, call: Call) -> Value:
        function = self._FUNCTIONS.get(call.name)
        if self.work.is_over:
            return Value(call.unresolved(TOO_MUCH), call.where)
        if self._depth >= MAX_DEPTH:
            return Value(call.unresolved(f"functions are nested more than {MAX_DEPTH} levels deep"), call.where)
        if function is not None:
            self._depth += 1
            value = bounded(function(self, call))
            if isinstance(value.data, Choice):
                self.work.add(LEAF * sum(1 for _ in leaves(value)))
            self._depth -= 1
            return value
        if call.name.startswith("ForEach::"):
            return Value(call.unresolved("a loop makes it at deployment"), call.where)
        reason = _REASONS.get(call.name, f"iblint does not know what '{call.name}' does")
        return Value(call.unresolved(reason, kind=_KINDS.get(call.name)), call.where)

    # References

    def _ref(self, call: Call) -> Value:
        if not isinstance(call.argument, str):
            return Value(call.unresolved("Ref takes the name of a parameter or resource"), call.where)
        return self._named(call.argument, call)

    def _named(self, name: str, call: Call) -> Value:
        """Return the value of a name in Ref or Sub."""
        if name in self.loops:
            return Value(call.unresolved(self._variable_of_loop(name)), call.where)
        if name.startswith("AWS::"):
            return Value(self._pseudo(name, call), call.where)
        if name in self._parameters:
            return self._parameters.refer(name, call)
        if name in self._template.logical_ids:
            kind = kind_of(self._template, name, REF)
            return Value(call.unresolved(_LATER, self._template.id_of(name), kind=kind), call.where)
        return Value(call.unresolved(f"the template has no parameter and no resource '{name}'"), call.where)

    def _pseudo(self, name: str, call: Call) -> Any:
        account, region = self._deployment.account, self._deployment.region
        match name:
            case "AWS::NoValue":
                return ABSENT
            case "AWS::AccountId":
                return account or call.unresolved("the account is not declared (--account)", text="${AWS::AccountId}")
            case "AWS::Region":
                return region or call.unresolved("the Region is not declared (--region)", text="${AWS::Region}")
            case "AWS::Partition" | "AWS::URLSuffix" if region is None:
                reason = "the Region, which decides it, is not declared (--region)"
                return call.unresolved(reason, text=f"${{{name}}}")
            case "AWS::Partition":
                return partition_of(region or "")
            case "AWS::URLSuffix" if partition_of(region or "") in ("aws", "aws-us-gov", "aws-cn"):
                return "amazonaws.com.cn" if partition_of(region or "") == "aws-cn" else "amazonaws.com"
        return call.unresolved(_LATER, kind=_KINDS.get(name))

    def _get_att(self, call: Call) -> Value:
        match call.argument:
            case str(path) if "." in path:
                return self._attribute(path, call)
            case [str(name), attribute]:
                return self._attribute(f"{name}.{attribute if isinstance(attribute, str) else ''}", call)
        return Value(call.unresolved("GetAtt takes a resource and the name of its attribute"), call.where)

    def _attribute(self, path: str, call: Call) -> Value:
        """Return the value of ``Resource.Attribute``."""
        name, _, attribute = path.partition(".")
        if name in self._template.logical_ids:
            kind = kind_of(self._template, name, attribute)
            return Value(call.unresolved(_LATER, self._template.id_of(name), kind=kind), call.where)
        return Value(call.unresolved(f"the template has no resource '{name}'"), call.where)

    def _import_value(self, call: Call) -> Value:
        def imported(name: Value) -> Value:
            known = name.data if isinstance(name.data, str) else ""
            return Value(call.unresolved("another stack exports it", imports=known, kind=TEXT), call.where)

        return lift(imported, self.resolve(call.argument, call.where), expression=call.expression)

    # Conditions

    def _if(self, call: Call) -> Value:
        """Return the branch that is decided, or a choice. Impossible branches are not resolved."""
        match call.argument:
            case [str(name), _, _]:
                condition = self._conditions.named(name)
            case _:
                return Value(call.unresolved("Fn::If takes a condition and two values"), call.where)

        taken = {leaf.data: self.child(call.argument, 1 if leaf.data else 2) for leaf in _distinct(condition)}
        result = graft(condition, lambda leaf: taken[leaf.data], call.expression)
        if isinstance(condition.data, Choice):
            return Value(result.data, with_related(call.where, sources(result)))
        if result.place.provenance is None:
            note = f"condition '{name}' is {'true' if condition.data else 'false'} {self._conditions.because}"
            return Value(result.data, replace(result.place, key=call.place.key, provenance=note))
        return result

    # Strings and lists

    def _sub(self, call: Call) -> Value:
        match call.argument:
            case str(text):
                return substitute(call, text, lambda name: self._in_sub(name, call))
            case [str(text), dict(own)] if self.loops.keys().isdisjoint(own):  # else it is not clear which one it is
                values = {key: self.child(own, key) for key in own}
                return substitute(call, text, lambda name: values.get(name) or self._in_sub(name, call))
        return Value(call.unresolved("Sub takes a string, or a string and a mapping"), call.where)

    def _in_sub(self, name: str, call: Call) -> Value:
        inner = Call("Sub", name, call.raw, call.where)
        inner.expression = call.expression  # one text for all variables, not a copy for each
        return self._attribute(name, inner) if "." in name else self._named(name, inner)

    def _on_list(self, call: Call, function: Callable[[Call, Value, Value], Value]) -> Value:
        match call.argument:
            case [_, _]:
                return function(call, self.child(call.argument, 0), self.child(call.argument, 1))
        return Value(call.unresolved(f"Fn::{call.name} takes a list of two"), call.where)

    _FUNCTIONS: Mapping[str, Callable[[Resolver, Call], Value]] = {
        "Ref": _ref,
        "GetAtt": _get_att,
        "If": _if,
        "FindInMap": lambda self, call: self._mappings.find(call),
        "ImportValue": _import_value,
        "Sub": _sub,
        "Join": lambda self, call: self._on_list(call, join),
        "Select": lambda self, call: self._on_list(call, select),
        "Split": lambda self, call: self._on_list(call, split),
    }


def _distinct(condition: Value) -> Iterable[Value]:
    """Return one leaf for each value that a condition may have, so that each branch is resolved once."""
    return {leaf.data: leaf for leaf in leaves(condition)}.values()


def _as_choice(tree: Value) -> Any:
    """Return a decision tree of booleans without the places of its values."""
    choice = tree.data
    if not isinstance(choice, Choice):
        return choice
    options = tuple(Option(option.label, _as_choice(option.value)) for option in choice.options)
    return Choice(choice.variable, options, choice.expression)
