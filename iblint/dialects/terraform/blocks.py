"""The arguments and nested blocks of a block as values, ``dynamic`` blocks included."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.dialects.shared.decision_tree import Value, bounded, lift, sources
from iblint.dialects.shared.places import Lazy
from iblint.dialects.terraform.evaluate import Frame, entries, evaluate
from iblint.dialects.terraform.values import NotKnownError, RefusedError, is_primitive, unknown
from iblint.model.record import replace
from iblint.model.resource import Place
from iblint.model.values import Choice, Unresolved
from iblint.parse.hcl.body import Attribute, Block, Body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from iblint.dialects.terraform.scope import Scope

    Blocks: TypeAlias = "Mapping[str, Any]"

META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})
"""Arguments and blocks that every resource may have."""


class AttributeAt(Lazy):
    """The place of an argument."""

    __slots__ = ("_attribute",)

    def __init__(self, attribute: Attribute) -> None:
        self._attribute = attribute

    def __reduce__(self) -> tuple[Any, ...]:
        place = self.place()
        return Place, (place.value, place.key, place.file)

    def place(self) -> Place:
        """Return the place."""
        attribute = self._attribute
        return Place(attribute.expression.span, attribute.key_span, attribute.source.file)


class BlockAt(Lazy):
    """The place of a block."""

    __slots__ = ("_block",)

    def __init__(self, block: Block) -> None:
        self._block = block

    def __reduce__(self) -> tuple[Any, ...]:
        place = self.place()
        return Place, (place.value, place.key, place.file)

    def place(self) -> Place:
        """Return the place."""
        return Place(self._block.span, self._block.header, self._block.source.file)


def argument(scope: Scope, attribute: Attribute, frame: Frame) -> Value:
    """Return the value of an argument, at the place where it is decided."""
    value, marks = scope.run.marked(lambda: evaluate(scope, attribute.expression, frame))
    if "sensitive" in marks:
        return Value(_hidden(value.data), AttributeAt(attribute))
    where = value.where
    if isinstance(where, Place) and where.provenance and is_primitive(value.data):
        return value
    if isinstance(value.data, Unresolved) and isinstance(where, Place) and where.related:
        return Value(value.data, replace(AttributeAt(attribute).place(), related=where.related))
    if isinstance(value.data, Choice):
        found = sources(value)
        if found:
            return Value(value.data, replace(AttributeAt(attribute).place(), related=found))
    return Value(value.data, AttributeAt(attribute))


def _hidden(data: Any) -> Any:
    """Return a sensitive value: rules decide by a boolean, but nothing shows a text or number."""
    if isinstance(data, bool | None):
        return data
    return Unresolved("(sensitive value)", "the module calls it sensitive, so iblint does not show it")


def content(scope: Scope, body: Body, blocks: Blocks, frame: Frame) -> dict[str, Value]:
    """Return the arguments of a body, and its nested blocks as lists of mappings.

    ``blocks`` has the names of the nested blocks, each with the blocks inside it.
    """
    made = {
        name: argument(scope, attribute, frame)
        for name, attribute in body.attributes.items()
        if name not in blocks and name not in META and name != "dynamic"
    }
    for name, inner in blocks.items():
        parts = [_listed(scope, block, inner, frame) for block in body.blocks_of(name)]
        dynamic = [block for block in body.blocks_of("dynamic") if block.labels == (name,)]
        parts += [_dynamic(scope, block, inner, frame) for block in dynamic]
        if parts:
            made[name] = _together(parts)
    for block in body.blocks:
        if block.type not in blocks and block.type not in META and block.type != "dynamic" and block.type not in made:
            made[block.type] = Value(content(scope, block.body, {}, frame), BlockAt(block))
    return made


def _listed(scope: Scope, block: Block, inner: Blocks, frame: Frame) -> Value:
    where = BlockAt(block)
    return Value([Value(content(scope, block.body, inner, frame), where)], where)


def _together(parts: list[Value]) -> Value:
    """Return several lists of blocks as one; unresolved if one of them is."""
    made = parts[0]
    for part in parts[1:]:
        made = bounded(lift(_appended, made, part, expression="dynamic"))
    return made


def _appended(one: Value, other: Value) -> Value:
    for each in (one, other):
        if isinstance(each.data, Unresolved):
            return each
    return Value([*one.data, *other.data], one.where)


def _dynamic(scope: Scope, block: Block, inner: Blocks, frame: Frame) -> Value:
    """Return the blocks that a dynamic block makes."""
    attribute = block.body.attributes.get("for_each")
    bodies = block.body.blocks_of("content")
    where = BlockAt(block)
    if attribute is None or len(bodies) != 1:
        return Value(Unresolved("dynamic", "Terraform would refuse it: it needs for_each and content"), where)
    iterator = block.body.attributes.get("iterator")
    name = block.labels[0] if iterator is None else iterator.expression.text.strip('"')
    expression = attribute.expression

    def made(over: Value) -> Value:
        try:
            found = entries(over, expression)
        except (NotKnownError, RefusedError) as error:
            return Value(unknown(expression, f"which blocks there are is not known: {error}").data, where)
        blocks = []
        for number, (key, item) in enumerate(found):
            own = Value({"key": key, "value": item}, item.where)
            within = frame.inside({name: own}, f"~{number}")
            blocks.append(Value(content(scope, bodies[0].body, inner, within), where))
        return Value(blocks, where)

    over, marks = scope.run.marked(lambda: evaluate(scope, expression, frame))
    if "sensitive" in marks:
        return Value(_hidden(over.data) if over.data is not None else [], where)
    return Value(lift(made, over, expression=expression.text).data, where)
