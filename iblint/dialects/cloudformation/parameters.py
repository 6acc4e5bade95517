"""Resolve references to the parameters of a template: the given value, the default, or the allowed values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from iblint.dialects.cloudformation.intrinsics import Call
from iblint.dialects.cloudformation.macros import REASON, has_macro
from iblint.dialects.cloudformation.requirements import Requirements
from iblint.dialects.cloudformation.return_values import parameter_kind
from iblint.dialects.cloudformation.template import Template
from iblint.dialects.shared.decision_tree import MAX_LEAVES, Value, as_text, placeholder
from iblint.dialects.shared.extraction import Given
from iblint.model.record import replace
from iblint.model.resource import Place
from iblint.model.values import Choice, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ALLOWED_VALUES = "parameter "
"""The beginning of the name of a variable that has the allowed values of a parameter as its labels."""

_LIMITS = frozenset({"AllowedPattern", "AllowedValues", "MaxLength", "MaxValue", "MinLength", "MinValue"})
_STORED = "AWS::SSM::Parameter::Value<"
"""The value of such a parameter is the name of an entry in the Parameter Store."""


class Parameters:
    """The parameters of one template, with given values, or with those that a resource requires to exist."""

    def __init__(self, template: Template, given: Mapping[str, Given], requirements: Requirements) -> None:
        self._template = template
        self._requirements = requirements
        self._declared = template.section("Parameters")
        self._is_replaced = has_macro(self._declared)
        self._given = given

    def __contains__(self, name: str) -> bool:
        return name in self._declared

    @cached_property
    def known(self) -> frozenset[str]:
        """The parameters with a given value or a default."""
        declared = self._declared.items()
        defaults = [name for name, each in declared if isinstance(each, dict) and "Default" in each]
        return frozenset([*defaults, *self._given])

    def refer(self, name: str, call: Call) -> Value:
        """Return the value of a reference. The place of a known value is where the parameter gets it."""
        declaration = self._declared[name]
        if not isinstance(declaration, dict):
            return Value(call.unresolved(f"the declaration of parameter '{name}' is not a mapping"), call.where)
        if self._is_replaced or has_macro(declaration):
            return Value(call.unresolved(f"parameter '{name}' is not certain: {REASON}"), call.where)
        kind = declaration.get("Type")
        kind = kind if isinstance(kind, str) else "String"
        if kind.startswith(_STORED):
            reason = f"parameter '{name}' is looked up in the Parameter Store at deployment"
        elif as_text(declaration.get("NoEcho")) in ("true", "True"):
            reason = f"parameter '{name}' is a secret (NoEcho)"
        elif name in self._requirements.values:
            return self._required(name, kind, call)
        elif name in self._requirements.open and "AllowedValues" in declaration:
            return self._allowed(name, declaration, kind, call)
        elif name in self._requirements.open:
            reason = f"the resource exists with other values of parameter '{name}' than the known one"
        elif name in self._given:
            return self._from_file(name, kind, call)
        elif "Default" in declaration:
            place = replace(self._template.place(declaration, "Default"), file=self._template.document.file)
            provenance = f"the default of parameter '{name}'"
            return self._known(declaration["Default"], kind, place, provenance, call)
        elif "AllowedValues" in declaration:
            return self._allowed(name, declaration, kind, call)
        else:
            reason = f"parameter '{name}' has no default"
        related = (self._template.location(self._template.place(self._declared, name), f"parameter '{name}'"),)
        return Value(call.unresolved(reason, kind=parameter_kind(kind)), replace(call.place, related=related))

    def _required(self, name: str, kind: str, call: Call) -> Value:
        value = self._requirements.values[name]
        place = Place(value.location.span, file=value.location.file)
        provenance = f"the value of parameter '{name}' with which the resource exists"
        return self._known(value.text, kind, place, provenance, call)

    def _from_file(self, name: str, kind: str, call: Call) -> Value:
        given = self._given[name]
        place = Place(given.location.span, file=given.location.file)
        provenance = f"the value of parameter '{name}' in {given.location.file}"
        if given.text is None:
            reason = f"{given.location.file} does not give the value of '{name}'"
            return Value(call.unresolved(reason, kind=parameter_kind(kind)), call.where)
        return self._known(given.text, kind, place, provenance, call)

    def _known(self, raw: Any, kind: str, place: Place, provenance: str, call: Call) -> Value:
        text = as_text(raw)
        if text is None:
            return Value(call.unresolved(f"{provenance} is not a string"), call.where)
        later = placeholder(text)
        if later is not None:
            return Value(later, call.where)
        used = (self._template.location(call.place, "used here"),)
        place = replace(place, provenance=provenance, related=used)
        if kind == "CommaDelimitedList" or kind.startswith("List<"):
            items = [item.strip() for item in text.split(",")] if text.strip() else []
            return Value([Value(item, place) for item in items], place)
        return Value(text, place)

    def _allowed(self, name: str, declaration: dict[Any, Any], kind: str, call: Call) -> Value:
        """Return the allowed values as a choice. For a list they limit its items only, so it stays unresolved."""
        values = declaration["AllowedValues"]
        texts = [as_text(item) for item in values] if isinstance(values, list) else []
        known = [text for text in texts if text is not None]
        is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
        allowed = self._template.place(declaration, "AllowedValues")
        related = (self._template.location(allowed, f"the allowed values of parameter '{name}'"),)
        place = replace(call.place, related=related)
        if is_list or not known or len(known) < len(texts) or len(known) > MAX_LEAVES:
            reason = f"the allowed values of parameter '{name}' do not decide it"
            return Value(call.unresolved(reason, kind=parameter_kind(kind)), place)
        options = tuple(Option(text, Value(text, call.where)) for text in dict.fromkeys(known))
        return Value(Choice(f"{ALLOWED_VALUES}'{name}'", options, call.expression), place)


def may_be(declaration: Any, text: str, *, equal: bool) -> bool:
    """Return whether a parameter without a known value may certainly be given a text, or another one."""
    if not isinstance(declaration, dict) or not _LIMITS.isdisjoint(declaration):
        return False
    kind = declaration.get("Type", "String")
    if kind == "Number":
        return not equal or re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII) is not None
    return kind == "String" or not equal
