"""What CloudFormation makes of a template in one deployment. It shares no code with iblint, which it is compared with.

It knows the functions of ``random_templates``. Where AWS documents no result, the value is OPEN.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

OPEN = type("Open", (), {"__repr__": lambda _: "OPEN"})()
"""A value that the template and its parameters do not decide."""
NOTHING = type("Nothing", (), {"__repr__": lambda _: "NOTHING"})()
"""AWS::NoValue."""
CONFIGURATION = "AWS::ImageBuilder::InfrastructureConfiguration"


class DeploymentFails(Exception):
    """CloudFormation refuses the template with these parameters."""


class Deployment:
    """One template with one value for each parameter."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        self.template = template
        self.parameters = parameters

    def configurations(self) -> dict[str, dict[str, Any]]:
        """The properties of each configuration that is made, by logical id.

        Raises DeploymentFails, also if another resource of the template cannot be made.
        """
        found = {}
        for name, body in self.resources(self.template["Resources"]):
            if "Condition" not in body or self.condition(body["Condition"]):
                properties = self.value(body.get("Properties", {}))
                if body["Type"] == CONFIGURATION:
                    found[name] = properties
        return found

    def resources(self, section: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """The resources of a section, those of loops with the variable filled in."""
        found: list[tuple[str, Any]] = []
        for name, body in section.items():
            if not name.startswith("Fn::ForEach::"):
                found.append((name, body))
                continue
            variable, collection, inner = body
            for item in self.value(collection):
                found += self.resources(filled(inner, variable, text(item)))
        if len(dict(found)) < len(found):
            raise DeploymentFails("two resources with one logical id")
        return found

    def condition(self, name: str) -> bool:
        return self.truth(self.template["Conditions"][name])

    def truth(self, node: Any) -> bool:
        ((function, argument),) = node.items()
        match function:
            case "Condition":
                return self.condition(argument)
            case "Fn::Not":
                return not self.truth(argument[0])
            case "Fn::And":
                return all(list(map(self.truth, argument)))
            case "Fn::Or":
                return any(list(map(self.truth, argument)))
        one, other = (self.value(operand) for operand in argument)
        return text(one) == text(other)

    def value(self, node: Any) -> Any:
        if isinstance(node, list):
            return [item for item in map(self.settled, node) if item is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            method = FUNCTIONS.get(key)
            if method is not None:
                return method(self, argument)
        items = {key: self.settled(item) for key, item in node.items()}
        return {key: item for key, item in items.items() if item is not NOTHING}

    def settled(self, node: Any) -> Any:
        """The value of a member; OPEN if it is not decided."""
        try:
            return self.value(node)
        except Undecided:
            return OPEN

    def ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NOTHING
        if name not in self.parameters:
            return OPEN
        declared = self.template["Parameters"][name]
        given = self.parameters[name]
        if declared["Type"] == "CommaDelimitedList":
            return [item.strip() for item in given.split(",")] if given else []
        return given

    def chosen(self, argument: Any) -> Any:
        return self.value(argument[1] if self.condition(argument[0]) else argument[2])

    def looked_up(self, argument: Any) -> Any:
        keys = [text(self.value(key)) for key in argument[:3]]
        entry: Any = self.template["Mappings"]
        for key in keys:
            if key not in entry:
                if len(argument) == 4:
                    return self.value(argument[3]["DefaultValue"])
                raise DeploymentFails(f"no entry {key}")
            entry = entry[key]
        return entry

    def substituted(self, argument: Any) -> Any:
        template, own = (argument, {}) if isinstance(argument, str) else argument

        def variable(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            return text(self.value(own[name]) if name in own else self.ref(name))

        return re.sub(r"\$\{([^}]*)\}", variable, template)

    def joined(self, argument: Any) -> Any:
        items = [item for item in self.items(argument[1]) if item is not NOTHING]
        return argument[0].join(text(item) for item in items)

    def selected(self, argument: Any) -> Any:
        number = text(self.value(argument[0]))
        if not number.isdecimal():
            raise DeploymentFails(f"no index {number}")
        index, items = int(number), self.items(argument[1])
        if NOTHING in items[: index + 1]:
            raise Undecided  # whether NoValue counts as an item is not documented
        if index >= len(items):
            raise DeploymentFails(f"no item {index}")
        return items[index]

    def items(self, node: Any) -> list[Any]:
        """The items of a list, with those that are NOTHING."""
        if isinstance(node, dict) and "Fn::If" in node:
            condition, one, other = node["Fn::If"]
            return self.items(one if self.condition(condition) else other)
        if isinstance(node, list):
            return [self.settled(item) for item in node]
        found = self.value(node)
        if not isinstance(found, list):
            raise DeploymentFails("not a list")
        return found

    def split(self, argument: Any) -> Any:
        return text(self.value(argument[1])).split(argument[0])


class Undecided(Exception):
    """The value of an expression is not known, so neither is that of what contains it."""


def text(value: Any) -> str:
    """The text of a value in a place that takes a string."""
    if value is OPEN:
        raise Undecided
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is NOTHING or isinstance(value, list | dict):
        raise DeploymentFails("not a string")
    return str(value)


FUNCTIONS = {
    "Ref": Deployment.ref,
    "Fn::If": Deployment.chosen,
    "Fn::FindInMap": Deployment.looked_up,
    "Fn::Sub": Deployment.substituted,
    "Fn::Join": Deployment.joined,
    "Fn::Select": Deployment.selected,
    "Fn::Split": Deployment.split,
}


def filled(node: Any, variable: str, item: str) -> Any:
    """A node with a loop variable replaced."""
    if isinstance(node, str):
        return node.replace("${" + variable + "}", item)
    if isinstance(node, list):
        return [filled(each, variable, item) for each in node]
    if node == {"Ref": variable}:
        return item
    if isinstance(node, dict):
        return {filled(key, variable, item): filled(each, variable, item) for key, each in node.items()}
    return node
