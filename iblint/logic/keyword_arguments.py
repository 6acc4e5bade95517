"""The keywords of the schema subset: each validates its argument and builds its check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType

from iblint.logic import combinators as logic
from iblint.logic import keyword_checks as keywords
from iblint.logic import kind_checks
from iblint.logic.combinators import Check
from iblint.logic.schema_node import ANY, KNOWN, LIST, MAPPING, NUMBER, STRING, Kinds, Node, Part, Scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, TypeAlias

SEVERITIES: Final = ("error", "warning", "note")
"""The words of ``severity`` in a fault: those of ``model.verdict``, which this package does not import."""

_INFINITE: Final = float("inf")

_TYPES: Mapping[str, Kinds] = {
    "string": STRING,
    "integer": (int,),
    "number": NUMBER,
    "boolean": (bool,),
    "object": MAPPING,
    "array": LIST,
    "null": (NoneType,),
}


def read_fault(node: Node, argument: Any) -> Mapping[str, str]:
    """Validate a ``fault:`` annotation and return it."""
    if not isinstance(argument, dict) or not all(isinstance(text, str) for text in argument.values()):
        raise node.error("expected a mapping of strings", "fault")
    for key, text in argument.items():
        if key not in ("message", "help", "severity", "path", "locate"):
            raise node.error("a fault has only the keys message, help, severity, path and locate", "fault", str(key))
        if key == "severity" and text not in SEVERITIES:
            raise node.error(f"expected one of {', '.join(SEVERITIES)}", "fault", key)
        if key in ("path", "locate") and text and not text.startswith("/"):
            raise node.error("expected a JSON Pointer, which starts with '/'", "fault", key)
    return argument


# --- values of any type -----------------------------------------------------------------------------------------------


def _type(node: Node, argument: Any) -> Part:
    names = argument if isinstance(argument, list) else [argument]
    if not names or not all(isinstance(name, str) and name in _TYPES for name in names):
        raise node.error(f"expected one or more of {', '.join(_TYPES)}", "type")
    node.reads_presence()
    keyword = node.keyword("type")
    return Part(_other_kinds(*names), logic.never(keyword), kind_checks.of_type(names, keyword))


@cache
def _other_kinds(*names: str) -> Kinds:
    """Return the value types that a ``type`` keyword rejects."""
    allowed = {kind for name in names for kind in _TYPES[name]}
    return tuple(kind for kind in KNOWN if kind not in allowed)


def _enum(node: Node, argument: Any) -> Part:
    if not isinstance(argument, list) or not argument:
        raise node.error("expected a list with at least one value", "enum")
    node.reads_value()
    return Part(KNOWN, keywords.one_of_values(argument, node.keyword("enum")))


def _const(node: Node, argument: Any) -> Part:
    node.reads_value()
    return Part(KNOWN, keywords.one_of_values([argument], node.keyword("const")))


def _all_of(node: Node, _argument: Any) -> Part:
    return Part(ANY, logic.conjunction(node.branches("allOf")))


def _any_of(node: Node, _argument: Any) -> Part:
    return Part(ANY, logic.any_of(node.branches("anyOf"), node.keyword("anyOf")))


def _one_of(node: Node, _argument: Any) -> Part:
    node.reads_presence()  # branches that read nothing may still reject any value that is present
    return Part(ANY, logic.one_of(node.branches("oneOf"), node.keyword("oneOf")))


def _not(node: Node, _argument: Any) -> Part:
    node.reads_presence()  # likewise
    return Part(ANY, logic.negation(node.branch("not"), node.keyword("not")))


def _if(node: Node, _argument: Any) -> Part:
    if "then" not in node.schema and "else" not in node.schema:
        raise node.error("'if' has no effect without 'then' or 'else'", "if")
    return Part(ANY, logic.conditional(node.branch("if"), node.branch("then"), node.branch("else")))


def _ref(node: Node, argument: Any) -> Part:
    if not isinstance(argument, str) or not argument.startswith("#/$defs/"):
        raise node.error("expected a reference like '#/$defs/name'", "$ref")
    name = argument.removeprefix("#/$defs/").replace("~1", "/").replace("~0", "~")
    if name not in node.definitions:
        raise node.error(f"there is no '{name}' in $defs", "$ref")
    if name in node.scope.refs:
        raise node.error(f"'{name}' refers to itself", "$ref")
    refs, depth = (*node.scope.refs, name), node.scope.depth + 1
    scope = Scope(("$defs", name), node.scope.value, node.scope.annotation, refs, depth)
    return Part(ANY, node.compile(node.definitions[name], scope))


def _kind(node: Node, argument: Any) -> None:
    """Validate a ``kind``, which the compiler applies to the whole schema object."""
    if not isinstance(argument, str) or not argument:
        raise node.error("expected a kind of values, such as 'subnet id'", "kind")
    node.reads_value()


def _defs(node: Node, _argument: Any) -> None:
    if node.scope.pointer:
        raise node.error("$defs is allowed only at the top of a schema", "$defs")
    node.mapping("$defs")


def _annotation(keyword: str) -> Builder:
    def build(node: Node, argument: Any) -> None:
        if not isinstance(argument, str):
            raise node.error("expected a string", keyword)

    return build


def _companion(keyword: str, main: str) -> Builder:
    """Return the builder of a keyword that ``main`` reads and that has no effect without it."""

    def build(node: Node, _argument: Any) -> None:
        if main not in node.schema:
            raise node.error(f"'{keyword}' has no effect without '{main}'", keyword)

    return build


# --- numbers, strings, and sizes of collections -----------------------------------------------------------------------


def _bound(keyword: str) -> Builder:
    def build(node: Node, argument: Any) -> Part:
        if not isinstance(argument, int | float) or isinstance(argument, bool) or not -_INFINITE < argument < _INFINITE:
            raise node.error("expected a number", keyword)
        node.reads_value()
        return Part(NUMBER, keywords.bound(argument, node.keyword(keyword)))

    return build


def _size(keyword: str, kinds: Kinds) -> Builder:
    def build(node: Node, _argument: Any) -> Part:
        limit = node.count(keyword)
        node.reads_value()
        unresolved = kind_checks.of_length(node.schema) if kinds is STRING else None
        return Part(kinds, keywords.size(limit, node.keyword(keyword)), unresolved)

    return build


def _pattern(node: Node, argument: Any) -> Part:
    node.reads_value()
    return Part(STRING, keywords.pattern(node.pattern(argument, "pattern"), node.keyword("pattern")))


# --- lists ------------------------------------------------------------------------------------------------------------


def _items(node: Node, argument: Any) -> Part:
    node.reads_value()
    child = node.child(argument, "items")
    return Part(LIST, keywords.all_items(child), kind_checks.of_items(child))


def _contains(node: Node, argument: Any) -> Part:
    node.reads_value()
    least = node.count("minContains") if "minContains" in node.schema else 1
    most = node.count("maxContains") if "maxContains" in node.schema else None
    used = (node.keyword("contains"), node.keyword("minContains"), node.keyword("maxContains"))
    return Part(LIST, keywords.contains(node.child(argument, "contains"), least, most, used))


def _unique_items(node: Node, argument: Any) -> Part | None:
    if not isinstance(argument, bool):
        raise node.error("expected true or false", "uniqueItems")
    node.reads_value()
    return Part(LIST, keywords.unique_items(node.keyword("uniqueItems"))) if argument else None


# --- mappings ---------------------------------------------------------------------------------------------------------


def _properties(node: Node, _argument: Any) -> Part:
    above = node.scope.value
    children: dict[str, Check] = {}
    for name, schema in node.mapping("properties").items():
        value = None if above is None else (*above, name)
        children[name] = node.child(schema, "properties", name, value=value)
    return Part(MAPPING, keywords.properties(children))


def _pattern_properties(node: Node, _argument: Any) -> Part:
    """Build the check of ``additionalProperties`` too, because the patterns decide which properties are additional."""
    node.reads_value()
    patterns = [
        (node.pattern(text, "patternProperties", text), node.child(schema, "patternProperties", text))
        for text, schema in node.mapping("patternProperties").items()
    ]
    named = frozenset(node.mapping("properties"))
    return Part(MAPPING, keywords.pattern_properties(named, patterns, _additional(node)))


def _additional_properties(node: Node, _argument: Any) -> Part | None:
    if "patternProperties" in node.schema:
        return None
    node.reads_value()
    named, additional = frozenset(node.mapping("properties")), _additional(node)
    known = keywords.KnownTexts(node.trusted)  # a budget counts every evaluation, so nothing is skipped then
    return Part(MAPPING, keywords.additional_properties(named, additional, known))


def _additional(node: Node) -> Check:
    schema = node.schema.get("additionalProperties", True)
    if schema is False:
        return keywords.forbidden(tuple(node.mapping("properties")), node.keyword("additionalProperties"))
    return node.child(schema, "additionalProperties")


def _property_names(node: Node, argument: Any) -> Part:
    node.reads_value()
    return Part(
        MAPPING, keywords.property_names(node.child(argument, "propertyNames"), keywords.KnownTexts(node.trusted))
    )


def _required(node: Node, argument: Any) -> Part:
    names = node.names(argument, "required")
    for name in names:
        node.reads_presence(name)
    return Part(MAPPING, keywords.required(names, node.keyword("required")))


def _dependent_required(node: Node, _argument: Any) -> Part:
    dependencies: dict[str, Check] = {}
    for name, argument in node.mapping("dependentRequired").items():
        needed = node.names(argument, "dependentRequired", name)
        for each in (name, *needed):
            node.reads_presence(each)
        dependencies[name] = keywords.required(needed, node.keyword("dependentRequired"))
    return Part(MAPPING, keywords.dependent_required(dependencies))


Builder: TypeAlias = "Callable[[Node, Any], Part | None]"

BUILDERS: Final[Mapping[str, Builder]] = {
    **{keyword: _annotation(keyword) for keyword in ("title", "description", "$comment")},
    "$defs": _defs,
    "$ref": _ref,
    "fault": lambda _node, _argument: None,  # read before all other keywords, because it applies to them
    "kind": _kind,
    "type": _type,
    "const": _const,
    "enum": _enum,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "then": _companion("then", "if"),
    "else": _companion("else", "if"),
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "required": _required,
    "dependentRequired": _dependent_required,
    "items": _items,
    "contains": _contains,
    "minContains": _companion("minContains", "contains"),
    "maxContains": _companion("maxContains", "contains"),
    "uniqueItems": _unique_items,
    "pattern": _pattern,
    **{keyword: _bound(keyword) for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")},
    **{keyword: _size(keyword, STRING) for keyword in ("minLength", "maxLength")},
    **{keyword: _size(keyword, LIST) for keyword in ("minItems", "maxItems")},
    **{keyword: _size(keyword, MAPPING) for keyword in ("minProperties", "maxProperties")},
}
"""Keyword -> its builder. Any other keyword is an error."""
