"""One configuration written in two ways: the verdicts are the same.

The style changes (order of keys, comments, quotes, YAML or JSON, anchors, line endings), and in CloudFormation a
literal becomes a parameter with a default, an entry of a mapping, a branch of a decided condition, or a function of
literals.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

from iblint.model.document import Source
from iblint.model.report import Report
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_sources
from iblint.session import Session
from tests.adversary.parts import Fault, repeat
from tests.adversary.random_templates import RandomTemplate
from tests.adversary.writing import Style

AT_ONCE = 10
OF_THE_FORM = ("IB506",)
"""Rules about parameters, which a literal becomes."""
SETTINGS = Settings(ignore=OF_THE_FORM, account="111122223333", region="eu-west-1")
RULES = load_packs(Settings())
SESSION = Session()

VALUES: dict[str, tuple[Any, ...]] = {
    "name": ("web", "", "a b", "x" * 130, "12"),
    "instanceProfileName": ("builder", "arn:aws:iam::111122223333:instance-profile/x", ""),
    "description": ("for the web", "", "x" * 1100),
    "instanceTypes": (["m6i.large"], ["t2.micro", "t2.micro"], [], ["m6i.large", "m7g.large"], ["nope"]),
    "subnetId": ("subnet-0123456789abcdef0", "subnet-x"),
    "securityGroupIds": (["sg-0123456789abcdef0"], [], ["sg-x"]),
    "instanceMetadataOptions": (
        {"httpTokens": "required", "httpPutResponseHopLimit": 2},
        {"httpTokens": "optional"},
        {"httpPutResponseHopLimit": 1},
        {"httpTokens": "Required", "httpPutResponseHopLimit": 65},
    ),
    "terminateInstanceOnFailure": (True, False),
    "snsTopicArn": ("arn:aws:sns:eu-west-1:111122223333:t", "arn:aws:sns:eu-west-1:444455556666:t", "t"),
    "keyPair": ("ssh", ""),
    "logging": ({"s3Logs": {"s3BucketName": "logs", "s3KeyPrefix": "a"}}, {"s3Logs": {}}),
    "resourceTags": ({"a": "b"}, {"aws:x": "y"}, {}),
    "tags": ({"a": "b"}, {"a": ""}),
    "foreign": (1, "x"),
}


def run(seconds: float, seed: int) -> dict[str, int]:
    """Compare spellings for so many seconds."""
    return repeat(one, seconds, seed)


def one(seed: int) -> Counter[str]:
    """Compare some configurations with other spellings of them. Raises Fault if a verdict differs."""
    sources = []
    for number in range(AT_ONCE):
        chance = random.Random(seed * AT_ONCE + number)
        plain, other = chance.choice((requests, templates, literals))(chance)
        sources += [Source(f"{number}-plain.json", plain), Source(f"{number}-{other[0]}", other[1])]
    data = {source.file: source.data for source in sources}
    plain_report, other_report = (check_sources(sources[n::2], SETTINGS, RULES, SESSION) for n in (0, 1))
    plain_verdicts, other_verdicts = verdicts(plain_report), verdicts(other_report)
    for number in range(AT_ONCE):
        one_, two = plain_verdicts.get(str(number)), other_verdicts.get(str(number))
        if one_ != two:
            files = {file: content for file, content in data.items() if file.startswith(f"{number}-")}
            problems = [
                problem.message
                for problem in (*plain_report.problems, *other_report.problems)
                if problem.file.startswith(f"{number}-")
            ]
            raise Fault(f"{difference(one_, two)} {problems}", files)
    return Counter(executions=AT_ONCE, verdicts=sum(map(len, plain_verdicts.values())))


def verdicts(report: Report) -> dict[str, dict[Any, str]]:
    """The verdicts by number of the file, then by configuration and rule."""
    found: dict[str, dict[Any, str]] = {}
    for configuration in report.configurations:
        own = found.setdefault(configuration.file.partition("-")[0], {})
        for outcome in configuration.outcomes:
            own[configuration.address, outcome.rule] = outcome.verdict.value
    return found


def difference(one: Mapping[Any, str] | None, other: Mapping[Any, str] | None) -> str:
    """What differs, in words."""
    one, other = one or {}, other or {}
    if not one or not other:
        return f"judged: {bool(one)}, {bool(other)}"
    return str(
        {key: (one.get(key), other.get(key)) for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    )


Pair = tuple[bytes, tuple[str, bytes]]


def requests(chance: random.Random) -> Pair:
    """A request and another spelling of it."""
    return rewritten(chance, request(chance))


def request(chance: random.Random) -> dict[str, Any]:
    """A request, most of its members set."""
    data = {key: chance.choice(values) for key, values in VALUES.items() if chance.random() < 0.6}
    return {"name": "web", "instanceProfileName": "b", "instanceMetadataOptions": {"httpTokens": "required"}, **data}


def templates(chance: random.Random) -> Pair:
    """A random template and another spelling of it."""
    return rewritten(chance, RandomTemplate(chance.randrange(10**9)).template)


def rewritten(chance: random.Random, data: dict[str, Any]) -> Pair:
    """Data as plain JSON and in another style."""
    style = Style(chance)
    text = style.text(data)
    if not style.escapes and not style.flow:
        text = text.replace("\n", chance.choice(("\n", "\n", "\r\n", "\r")))
    encoding = chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16"))
    suffix = chance.choice(("json", "template") if style.is_json else ("yaml", "yml"))
    return json.dumps(data).encode(), (f"other.{suffix}", text.encode(encoding))


def literals(chance: random.Random) -> Pair:
    """A template of literals, and one in which some of them are functions of the same value."""
    properties = {key[0].upper() + key[1:]: value for key, value in request(chance).items()}
    plain = {
        "Resources": {
            "Web": {"Type": "AWS::ImageBuilder::InfrastructureConfiguration", "Properties": _cased(properties)}
        }
    }
    made = Equivalents(chance)
    other = made.template(plain)
    return json.dumps(plain).encode(), ("other.json", json.dumps(other).encode())


FREE = frozenset({"tags", "resourceTags"})


def _cased(value: Any, depth: int = 0) -> Any:
    """Member names as CloudFormation writes them. The keys of tags are free."""
    if not isinstance(value, dict):
        return value
    return {
        (key[0].upper() + key[1:]): item if key.lower() in ("tags", "resourcetags") else _cased(item, depth + 1)
        for key, item in value.items()
    }


class Equivalents:
    """Replaces literals of a template by functions that have the same value in every deployment."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.parameters: dict[str, Any] = {"Other": {"Type": "String"}}
        self.entries: dict[str, Any] = {}

    def template(self, plain: Mapping[str, Any]) -> dict[str, Any]:
        """Return the template with some of the literals replaced."""
        body = plain["Resources"]["Web"]
        properties = {key: self.value(value) for key, value in body["Properties"].items()}
        always, never = {"Fn::Equals": ["a", "a"]}, {"Fn::Equals": ["a", "b"]}
        made: dict[str, Any] = {"Conditions": {"Always": always, "Never": never}, "Parameters": self.parameters}
        if self.entries:
            made["Mappings"] = {"Map": self.entries}
        return {**made, "Resources": {"Web": {**body, "Properties": properties}}}

    def value(self, value: Any) -> Any:
        """Return a value, or a function for it."""
        chance = self.chance
        if isinstance(value, dict):
            inner: Any = {key: self.value(item) for key, item in value.items()}
            return inner if chance.random() < 0.9 else self.branch(inner)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if chance.random() < 0.5:
            return value
        forms = [self.branch, lambda v: {"Fn::Select": [chance.choice((0, "0")), [v, "z"]]}]
        if isinstance(value, str):
            forms += [self.parameter, self.entry, self.halves, lambda v: {"Fn::Sub": v}]
            forms += [lambda v: {"Fn::Sub": ["${Own}", {"Own": v}]}]
            forms += [lambda v: {"Fn::Select": [1, {"Fn::Split": ["|", f"z|{v}"]}]}]
        made = chance.choice(forms)(value)
        return made if chance.random() < 0.7 else self.branch(made)

    def branch(self, value: Any) -> Any:
        other = self.chance.choice(("z", {"Ref": "AWS::NoValue"}, {"Ref": "Other"}))
        return {"Fn::If": ["Always", value, other] if self.chance.random() < 0.5 else ["Never", other, value]}

    def parameter(self, value: str) -> Any:
        name = f"P{len(self.parameters)}"
        self.parameters[name] = {"Type": "String", "Default": value}
        return self.chance.choice(({"Ref": name}, {"Fn::Sub": f"${{{name}}}"}))

    def entry(self, value: str) -> Any:
        key = f"k{len(self.entries)}"
        self.entries[key] = {"v": value}
        return {"Fn::FindInMap": ["Map", key, "v"]}

    def halves(self, value: str) -> Any:
        cut = self.chance.randint(0, len(value))
        return {"Fn::Join": ["", [value[:cut], value[cut:]]]}
