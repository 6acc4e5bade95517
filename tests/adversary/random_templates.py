"""Random CloudFormation templates with one to three configurations, and the deployments that they may have."""

from __future__ import annotations

import contextlib
import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.adversary.evaluator import CONFIGURATION, Deployment, DeploymentFails

NO_VALUE = {"Ref": "AWS::NoValue"}
KEYS = ("a", "b", "dev", "another", "1", "true")
TEXTS = (*KEYS, "zzz", "required", "optional", "2", "3", "")
LISTS = ("a,b", "required,optional", "optional,required", "1, 2", "a", "")
MAX_WORLDS = 60
LOOPED = "Loop${V}"
"""The address of the configurations of a loop whose items are not known."""

POOLS: dict[str, tuple[Any, ...]] = {
    "tokens": ("required", "required", "required", "optional", "Required", "${!x}"),
    "hops": (2, 2, 3, 1, "2", "1", 64),
    "ends": (True, True, False, "true", "false"),
}
"""Kind of value -> what is written for it."""


class RandomTemplate:
    """A template made from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        chance = self.random
        self.depth = chance.choice((1, 2, 2, 3, 4))
        self.parameters = {f"P{n}": self.parameter() for n in range(chance.randint(1, 3))}
        self.mappings = {kind.title(): self.mapping(pool) for kind, pool in POOLS.items()}
        self.mappings["Words"] = self.mapping(TEXTS[:-1])
        self.mappings["Lists"] = {
            key: {inner: chance.sample(KEYS, chance.randint(0, 2)) for inner in "xy"} for key in chance.sample(KEYS, 3)
        }
        self.conditions: dict[str, Any] = {}
        for n in range(chance.randint(1, 4)):
            self.conditions[f"C{n}"] = self.truth(2)
        self.loop = ""
        resources = {f"Plain{n}": self.configuration() for n in range(chance.choice((1, 1, 2)))}
        if chance.random() < 0.2:
            self.loop = "V"
            resources["Fn::ForEach::Loop"] = ["V", self.collection(), {LOOPED: self.configuration()}]
        resources["Topic"] = {"Type": "AWS::SNS::Topic"}
        self.template: dict[str, Any] = {
            "Transform": "AWS::LanguageExtensions",
            "Parameters": self.parameters,
            "Mappings": self.mappings,
            "Conditions": self.conditions,
            "Resources": resources,
        }

    # What is declared

    def parameter(self) -> dict[str, Any]:
        chance = self.random
        kind = chance.choice(("String", "String", "String", "Number", "CommaDelimitedList"))
        pool = {"Number": ("1", "2", "3"), "CommaDelimitedList": LISTS}.get(kind, TEXTS)
        declared: dict[str, Any] = {"Type": kind}
        allowed = chance.sample(pool, chance.randint(1, 3))
        if kind != "CommaDelimitedList" and chance.random() < 0.4:
            declared["AllowedValues"] = allowed
        if chance.random() < 0.5:
            declared["Default"] = chance.choice(allowed)
        return declared

    def mapping(self, pool: tuple[Any, ...]) -> dict[str, Any]:
        chance = self.random
        usable = [value for value in pool if not isinstance(value, bool)] or ["true"]
        second = chance.sample(("x", "y", "another"), 2)
        return {
            key: {inner: chance.choice(usable) for inner in second} for key in chance.sample(KEYS, chance.randint(1, 3))
        }

    def collection(self) -> Any:
        """What a loop goes over: a list, a parameter, or a list of a mapping."""
        chance = self.random
        lists = [name for name, p in self.parameters.items() if p["Type"] == "CommaDelimitedList"]
        made = chance.random()
        if made < 0.5 or not lists:
            if made < 0.3:
                return {"Fn::FindInMap": ["Lists", self.word_parameter(), chance.choice(("x", "y"))]}
            return chance.sample(KEYS, chance.randint(0, 3))
        return {"Ref": chance.choice(lists)}

    def configuration(self) -> dict[str, Any]:
        chance = self.random
        options: Any = {"HttpTokens": self.of("tokens"), "HttpPutResponseHopLimit": self.of("hops")}
        options = {key: value for key, value in options.items() if chance.random() < 0.95}
        if chance.random() < 0.15:
            options = self.conditional(options, chance.choice((NO_VALUE, {"HttpTokens": self.of("tokens")})))
        properties: Any = {
            "Name": f"web{chance.random()}",
            "InstanceProfileName": "b",
            "InstanceMetadataOptions": options,
        }
        if chance.random() < 0.7:
            properties["TerminateInstanceOnFailure"] = self.of("ends")
        if chance.random() < 0.3:
            properties["TerminateInstanceOnCompletion"] = self.of("ends")
        body = {"Type": CONFIGURATION, "Properties": properties}
        if chance.random() < 0.3:
            body["Condition"] = chance.choice(list(self.conditions))
        return body

    # Conditions

    def truth(self, depth: int) -> dict[str, Any]:
        chance = self.random
        if depth and chance.random() < 0.4:
            inner = [self.truth(depth - 1) for _ in range(2)]
            return chance.choice(({"Fn::Not": inner[:1]}, {"Fn::And": inner}, {"Fn::Or": inner}))
        if self.conditions and chance.random() < 0.3:
            return {"Condition": chance.choice(list(self.conditions))}
        operands = [self.operand(), chance.choice(TEXTS)]
        if chance.random() < 0.3:
            operands[1] = self.operand()
        chance.shuffle(operands)
        return {"Fn::Equals": operands}

    def operand(self) -> Any:
        chance = self.random
        made = chance.random()
        if made < 0.65:
            return self.word_parameter()
        if made < 0.8:
            return {"Fn::FindInMap": ["Words", *self.keys_of("Words")]}
        if made < 0.9:
            return {"Fn::Join": ["", [self.word_parameter(), chance.choice(("", "x"))]]}
        return {"Fn::Select": ["0", [self.word_parameter(), "a"]]}

    def word_parameter(self) -> Any:
        names = [name for name, p in self.parameters.items() if p["Type"] != "CommaDelimitedList"]
        return {"Ref": self.random.choice(names)} if names else self.random.choice(TEXTS)

    # Values

    def of(self, kind: str) -> Any:
        """A value for a property: a literal, or an expression of the functions."""
        self.pool = POOLS[kind]
        self.map_name = kind.title()
        return self.value(self.depth)

    def value(self, depth: int) -> Any:
        chance = self.random
        if depth <= 0 or chance.random() < 0.25:
            return chance.choice(self.pool) if chance.random() < 0.85 else self.reference()
        return chance.choice(self.FORMS)(self, depth - 1)

    def reference(self) -> Any:
        chance = self.random
        names = list(self.parameters)
        if self.loop:
            names.append(self.loop)
        if chance.random() < 0.1:
            return chance.choice(({"Ref": "Topic"}, {"Fn::GetAtt": ["Topic", "TopicArn"]}, NO_VALUE))
        return {"Ref": chance.choice(names)}

    def conditional(self, one: Any, other: Any) -> Any:
        return {"Fn::If": [self.random.choice(list(self.conditions)), one, other]}

    def if_(self, depth: int) -> Any:
        return self.conditional(self.value(depth), NO_VALUE if self.random.random() < 0.15 else self.value(depth))

    def keys_of(self, mapping: str) -> list[Any]:
        chance = self.random
        first = list(self.mappings[mapping]) if mapping in self.mappings else list(KEYS)
        second = list(self.mappings[mapping][first[0]])
        made = chance.random()
        loop = [{"Ref": self.loop}, "${V}"] if getattr(self, "loop", "") else []
        if made < 0.3:
            return [chance.choice(first), chance.choice(second)]
        if made < 0.5 and loop:
            return [chance.choice(loop), chance.choice(second)]
        key = self.word_parameter()
        return [key, chance.choice(second)] if made < 0.85 else [chance.choice(first), key]

    def find(self, depth: int) -> Any:
        argument = [self.map_name, *self.keys_of(self.map_name)]
        if self.random.random() < 0.4:
            argument.append({"DefaultValue": self.value(depth)})
        return {"Fn::FindInMap": argument}

    def halves(self) -> list[str]:
        whole = str(self.random.choice([v for v in self.pool if not isinstance(v, bool)]) or "")
        cut = self.random.randint(0, len(whole))
        return [whole[:cut], whole[cut:]]

    def sub(self, depth: int) -> Any:
        chance = self.random
        one, other = self.halves()
        made = chance.random()
        if made < 0.2:
            return {"Fn::Sub": chance.choice((self.variable(), one + other))}
        if made < 0.4:
            return {"Fn::Sub": one + self.variable() + other}
        if made < 0.7:
            return {"Fn::Sub": [one + "${Own}", {"Own": other if chance.random() < 0.5 else self.value(depth)}]}
        return {"Fn::Sub": ["${Own}", {"Own": self.value(depth)}]}

    def variable(self) -> str:
        return "${" + self.random.choice(list(self.parameters)) + "}"

    def join(self, depth: int) -> Any:
        chance = self.random
        items: list[Any] = list(self.halves())
        if chance.random() < 0.3:
            items.insert(chance.randint(0, 2), self.conditional(chance.choice(("", "x", NO_VALUE)), NO_VALUE))
        if chance.random() < 0.3:
            items = [self.value(depth)]
        return {"Fn::Join": [chance.choice(("", "", "", "-")), items]}

    def select(self, depth: int) -> Any:
        chance = self.random
        index: Any = chance.choice((0, 1, "0", "1", 2))
        if chance.random() < 0.15:
            index = self.word_parameter()
        lists = [name for name, p in self.parameters.items() if p["Type"] == "CommaDelimitedList"]
        made = chance.random()
        if lists and made < 0.3:
            return {"Fn::Select": [index, {"Ref": chance.choice(lists)}]}
        if made < 0.55:
            whole = ",".join(str(chance.choice(POOLS["tokens" if self.map_name == "Tokens" else "hops"])) for _ in "ab")
            return {
                "Fn::Select": [index, {"Fn::Split": [",", whole if made < 0.45 else self.conditional(whole, "a,b")]}]
            }
        items: Any = [self.value(depth - 1) for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.15:
            items.insert(chance.randint(0, len(items)), self.conditional(NO_VALUE, "x"))
        return {"Fn::Select": [index, items if made < 0.9 else self.conditional(items, items[::-1])]}

    FORMS: tuple[Callable[[RandomTemplate, int], Any], ...] = (if_, if_, find, find, sub, join, select)

    # Deployments

    def worlds(self, address: str) -> list[dict[str, Any]]:
        """The properties of a configuration in each deployment in which it exists, up to MAX_WORLDS of them.

        A parameter with a default has it, unless the configuration exists only with other values of those that its
        condition reads. In a loop there is one for each of its items.
        """
        condition = self.body(address).get("Condition")
        free: frozenset[str] = frozenset()
        if condition and not any(map(self._holds(condition), self._deployments(free))):
            free = self._read_by({"Condition": condition})
        return list(self._existing(address, free))

    def body(self, address: str) -> Mapping[str, Any]:
        section = self.template["Resources"]
        found: Mapping[str, Any] = section[address] if address in section else section["Fn::ForEach::Loop"][2][LOOPED]
        return found

    def made(self) -> set[str]:
        """The configurations that a deployment makes if all parameters with a default have it."""
        found: set[str] = set()
        for deployment in self._deployments(frozenset()):
            with contextlib.suppress(DeploymentFails):
                found.update(deployment.configurations())
        return found

    def _existing(self, address: str, free: frozenset[str]) -> Iterator[dict[str, Any]]:
        for deployment in self._deployments(free):
            try:
                made = deployment.configurations()
            except DeploymentFails:
                continue
            names = [name for name in made if name.startswith("Loop")] if address == LOOPED else [address]
            yield from [made[name] for name in names if name in made]

    @staticmethod
    def _holds(condition: str) -> Callable[[Deployment], bool]:
        """Return what decides whether a condition may be true in a deployment."""

        def holds(deployment: Deployment) -> bool:
            try:
                return deployment.condition(condition)
            except DeploymentFails:
                return True

        return holds

    def _deployments(self, free: frozenset[str]) -> list[Deployment]:
        """Deployments with the defaults of all parameters that are not free."""
        values = [self._values(name, free=name in free) for name in self.parameters]
        worlds = list(itertools.product(*values))
        if len(worlds) > MAX_WORLDS:
            worlds = self.random.sample(worlds, MAX_WORLDS)
        return [Deployment(self.template, dict(zip(self.parameters, world, strict=True))) for world in worlds]

    def _values(self, name: str, *, free: bool) -> tuple[str, ...]:
        declared = self.parameters[name]
        if "Default" in declared and not free:
            return (declared["Default"],)
        if "AllowedValues" in declared:
            return tuple(declared["AllowedValues"])
        return {"Number": ("1", "2", "3"), "CommaDelimitedList": LISTS}.get(declared["Type"], TEXTS)

    def _read_by(self, node: Any) -> frozenset[str]:
        """The parameters that a condition reads, those of the conditions that it names included."""
        if isinstance(node, list):
            return frozenset().union(*map(self._read_by, node))
        if not isinstance(node, dict):
            return frozenset()
        if isinstance(node.get("Condition"), str):
            return self._read_by(self.conditions[node["Condition"]])
        own = {node["Ref"]} & set(self.parameters) if isinstance(node.get("Ref"), str) else frozenset[str]()
        return own | self._read_by(list(node.values()))
