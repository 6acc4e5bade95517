"""What the names in expressions refer to: variables, locals, resources, data sources, modules, paths."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from functools import partial

from iblint.dialects.shared.decision_tree import Value, graft, lift
from iblint.dialects.terraform import policies
from iblint.dialects.terraform.evaluate import Frame, evaluate
from iblint.dialects.terraform.instances import Instance, Instances
from iblint.dialects.terraform.values import Lookup, at, is_number, refused, text_of, unknown
from iblint.model.values import Choice, Unresolved
from iblint.parse.hcl.body import Block
from iblint.parse.hcl.expressions import Expression, Name, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from iblint.dialects.terraform.scope import Scope

    Steps: TypeAlias = "tuple[Step, ...]"
    Reference: TypeAlias = "tuple[Value, Steps]"
    Make: TypeAlias = "Callable[[Instance], Value]"

COPIED = frozenset({"name", "bucket", "key_name", "description", "availability_zone"})
"""Arguments of resources that can be read as they were written, if they are strings."""

IDENTITIES = frozenset({"id", "arn", "name", "bucket", "key_id", "default_security_group_id"})
"""Attributes that name their resource."""

_LATER = "it is known only after apply"
_READ = "it is read from the account at plan time"
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-isob-", "aws-iso-b"), ("us-iso-", "aws-iso"))


def refer(scope: Scope, root: Name, steps: Steps, frame: Frame) -> Reference:
    """Return what a reference names, and the steps that are left to apply to it."""
    attribute = _attribute(steps, 0)
    match root.name:
        case "var" if attribute is not None:
            return scope.variable(attribute, steps[0]), steps[1:]
        case "local" if attribute is not None:
            return scope.local(attribute, steps[0]), steps[1:]
        case "path" if attribute is not None:
            return _path(scope, attribute, steps[0]), steps[1:]
        case "module" if attribute is not None:
            return _module(scope, attribute, steps, frame)
        case "data" if attribute is not None and _attribute(steps, 1) is not None:
            name = _attribute(steps, 1) or ""
            return _resource(
                scope, scope.folder.data.get((attribute, name)), f"data.{attribute}.{name}", steps, 2, frame
            )
        case "terraform":
            return unknown(steps[-1] if steps else root, "the workspace is not declared"), ()
        case "each" | "count" | "self":
            return refused(root, f"'{root.name}' has no value here"), ()
    if attribute is None:
        return refused(root, f"'{root.name}' is no value"), ()
    address = f"{root.name}.{attribute}"
    return _resource(scope, scope.folder.resources.get((root.name, attribute)), address, steps, 1, frame)


def _attribute(steps: Steps, place: int) -> str | None:
    if place >= len(steps) or not steps[place].is_attribute:
        return None
    value = getattr(steps[place].key, "value", None)
    return value if isinstance(value, str) else None


def _path(scope: Scope, name: str, expression: Expression) -> Value:
    match name:
        case "root":
            return Value(".", at(expression))
        case "module":
            return Value(posixpath.relpath(scope.folder.path, scope.root_path), at(expression))
    return unknown(expression, "it depends on where Terraform runs")


# Resources and data sources


def _resource(scope: Scope, block: Block | None, address: str, steps: Steps, used: int, frame: Frame) -> Reference:
    """Return a resource, with the index in the reference if it has several instances."""
    expression = steps[used - 1]
    if block is None:
        why = f"the module has no '{address}'"
        return unknown(steps[-1], why), ()
    instances = scope.instances(block)
    make = partial(_instance_value, scope, block, address)
    return _indexed(scope, instances, make, expression, steps, used, frame)


def _instance_value(scope: Scope, block: Block, address: str, instance: Instance) -> Value:
    return Value(ResourceInstance(scope, block, address, instance), at_block(block))


def at_block(block: Block) -> Any:
    """Return the place of a block."""
    from iblint.model.resource import Place

    return Place(block.header, file=block.source.file)


def _indexed(
    scope: Scope, instances: Instances, make: Make, expression: Expression, steps: Steps, used: int, frame: Frame
) -> Reference:
    """Return the instance of a block that a reference names, or all of them."""
    if not instances.repeats:
        return make(instances.found[0]), steps[used:]
    step = steps[used] if used < len(steps) and not steps[used].is_attribute else None
    if instances.reason is not None:  # whichever instance it is, it is one of this block
        return make(instances.found[0]), steps[used + (step is not None) :]
    if step is None:
        return _all(instances, make, expression), steps[used:]
    key = evaluate(scope, step.key, frame)
    chosen = lift(partial(_chosen, instances, make, step), key, expression=step.text)
    return chosen, steps[used + 1 :]


def _chosen(instances: Instances, make: Make, step: Step, key: Value) -> Value:
    if isinstance(key.data, Unresolved | Lookup):
        return unknown(step, "it is not known which instance it is")
    written = f"[{key.data}]" if is_number(key.data) else f"[{json.dumps(text_of(key.data), ensure_ascii=False)}]"
    found = instances.by_key(written)
    if found is None:
        return refused(step, "there is no such instance")
    if found.exists is None:
        return make(found)
    missing = refused(step, "there is no such instance")
    made = make(found)
    return graft(found.exists, lambda leaf: _existing(leaf, made, missing), step.text)


def _existing(leaf: Value, made: Value, missing: Value) -> Value:
    return made if leaf.data is True else missing if leaf.data is False else leaf


def _all(instances: Instances, make: Make, expression: Expression) -> Value:
    """Return all instances as a list or mapping, or unresolved if it is open which of them exist."""
    uncertain = [instance for instance in instances.found if instance.exists is not None]
    only = uncertain[0] if len(uncertain) == 1 == len(instances.found) else None
    if only is not None and only.exists is not None:
        one, none = _listed(instances, make, (only,), expression), _listed(instances, make, (), expression)
        return graft(only.exists, lambda leaf: _existing(leaf, one, none), expression.text)
    if uncertain:
        return unknown(expression, "it is not known which instances there are")
    return _listed(instances, make, instances.found, expression)


def _listed(instances: Instances, make: Any, found: tuple[Instance, ...], expression: Expression) -> Value:
    if instances.repeats == "count":
        return Value([make(instance) for instance in found], at(expression))
    return Value({json.loads(instance.key[1:-1]): make(instance) for instance in found}, at(expression))


class ResourceInstance(Lookup):
    """An instance of a resource or data source."""

    def __init__(self, scope: Scope, block: Block, address: str, instance: Instance) -> None:
        self.scope = scope
        self.block = block
        self.type = block.labels[0]
        self.address = f"{address}{instance.key}"
        self.instance = instance

    @property
    def id(self) -> str:
        """The ID of the resource in the run."""
        return self.scope.id_of(self.address)

    def unresolved(self, expression: Expression) -> Unresolved:
        """Return the whole as an unresolved value."""
        return Unresolved(expression.text, _LATER)

    def attribute(self, name: str, expression: Expression) -> Value:
        """Return an attribute: as it is written, or unresolved with a link to the resource."""
        if self.block.type == "data":
            return _data(self, name, expression)
        attribute = self.block.body.attributes.get(name)
        text = None
        refers = self.id if name in IDENTITIES else None
        if attribute is not None and name in COPIED:
            written = self.scope.remember(
                ("resource", self.address, name),
                expression,
                lambda: evaluate(self.scope, attribute.expression, self.instance.frame),
            )
            if isinstance(written.data, str) and written.data:
                return written
            if isinstance(written.data, Choice):
                return written
            if isinstance(written.data, Unresolved):
                text = written.data.text
                return unknown(expression, written.data.reason, refers, text)
        return unknown(expression, _LATER, refers, text)


def _data(source: ResourceInstance, name: str, expression: Expression) -> Value:
    """Return an attribute of a data source: the declared target, a policy, or unresolved."""
    scope, region = source.scope, region_of(source.scope, source.block, source.instance.frame)
    target = scope.run.deployment
    match source.type, name:
        case "aws_region", ("name" | "id" | "region"):
            return _declared(region, "${AWS::Region}", "the Region is not declared (--region)", expression)
        case "aws_caller_identity", ("account_id" | "id"):
            why = "the account is not declared (--account)"
            return _declared(target.account, "${AWS::AccountId}", why, expression)
        case "aws_partition", ("partition" | "id"):
            known = None if region is None else partition_of(region)
            return _declared(known, "${AWS::Partition}", "the Region, which decides it, is not declared", expression)
        case "aws_partition", "dns_suffix":
            known = None if region is None else _SUFFIXES.get(partition_of(region))
            return _declared(known, "${AWS::URLSuffix}", "the Region, which decides it, is not declared", expression)
        case "aws_iam_policy_document", ("json" | "minified_json"):
            return policies.document(scope, source.block, source.instance.frame, expression)
        case ("aws_kms_alias", "name") | ("aws_kms_key", "key_id"):
            attribute = source.block.body.attributes.get(name)
            if attribute is not None:
                value = evaluate(scope, attribute.expression, source.instance.frame)
                if isinstance(value.data, str) and value.data.startswith("alias/"):
                    return value
    return unknown(expression, _READ)


_SUFFIXES = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}


def _declared(value: str | None, text: str, why: str, expression: Expression) -> Value:
    return unknown(expression, why, None, text) if value is None else Value(value, at(expression))


def partition_of(region: str) -> str:
    """Return the partition of a Region."""
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


# Providers


def provider_of(scope: Scope, block: Block) -> tuple[Scope, Block] | None:
    """Return the provider configuration of a resource or data source, with its module; None if there is none."""
    attribute = block.body.attributes.get("provider")
    name = block.labels[0].partition("_")[0]
    alias = ""
    if attribute is not None:
        name, alias = _provider_name(attribute.expression)
    return _provider(scope, name, alias)


def _provider_name(expression: Expression) -> tuple[str, str]:
    name, _, alias = expression.text.strip('"').partition(".")
    return name, alias


def _provider(scope: Scope, name: str, alias: str) -> tuple[Scope, Block] | None:
    for _ in range(scope.depth + 1):
        own = scope.folder.providers.get((name, alias))
        if own is not None:
            return scope, own
        if scope.parent is None or scope.call is None:
            return None
        passed = scope.call.body.attributes.get("providers")
        wanted = f"{name}.{alias}".rstrip(".")
        found = None
        for key, value in getattr(getattr(passed, "expression", None), "entries", ()):
            if key.text.strip('"') == wanted or getattr(key, "value", None) == wanted:
                found = _provider_name(value)
        if found is None and alias:
            return None
        name, alias = found or (name, alias)
        scope = scope.parent
    return None


def region_of(scope: Scope, block: Block, frame: Frame) -> str | None:
    """Return the Region of a resource: its own, the declared one, or that of its provider; None if not known."""
    own = block.body.attributes.get("region")
    if own is not None and block.labels[0] not in ("aws_region",):
        value = evaluate(scope, own.expression, frame).data
        if value is not None:
            return value if isinstance(value, str) else None
    if scope.run.deployment.region is not None:
        return scope.run.deployment.region
    found = provider_of(scope, block)
    attribute = None if found is None else found[1].body.attributes.get("region")
    if found is None or attribute is None:
        return None
    value = evaluate(found[0], attribute.expression).data
    return value if isinstance(value, str) else None


# Modules


def _module(scope: Scope, name: str, steps: Steps, frame: Frame) -> Reference:
    block = scope.folder.modules.get(name)
    if block is None:
        return unknown(steps[-1], f"the module has no module '{name}'"), ()
    folder = scope.called_folder(block)
    if isinstance(folder, str):
        return unknown(steps[-1], folder), ()
    instances = scope.instances(block)
    return _indexed(scope, instances, partial(_called, scope, block), steps[0], steps, 1, frame)


def _called(scope: Scope, block: Block, instance: Instance) -> Value:
    return Value(ModuleInstance(scope, block, instance), at_block(block))


class ModuleInstance(Lookup):
    """An instance of a module call."""

    def __init__(self, scope: Scope, block: Block, instance: Instance) -> None:
        self.scope = scope
        self.block = block
        self.instance = instance

    def unresolved(self, expression: Expression) -> Unresolved:
        """Return the whole as an unresolved value."""
        return Unresolved(expression.text, "a whole module is not one value")

    def attribute(self, name: str, expression: Expression) -> Value:
        """Return an output."""
        instance = self.instance
        address = f"module.{self.block.labels[0]}{instance.key}"
        child = self.scope.child(self.block, address, instance.frame, instance.exists)
        return unknown(expression, child) if isinstance(child, str) else child.output(name, expression)
