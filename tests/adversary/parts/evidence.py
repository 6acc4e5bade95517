"""IB202 and IB204 against an evaluator of their own: random templates, worked out in every deployment.

A deployment is a value of the parameter ``Env``. PASS must hold in every deployment in which the configuration exists,
FAIL must be true in every one of them.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from iblint.model.document import Source
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_sources
from iblint.session import Session
from tests.adversary.parts import Fault, repeat
from tests.dialects.cloudformation.templates import FAIL, PASS

RULES = load_packs(Settings())
SESSION = Session()
OWN, OTHER = "111122223333", "444455556666"
FOREIGN = f"arn:aws:kms:eu-west-1:{OTHER}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
NO_VALUE = {"Ref": "AWS::NoValue"}
VALUES = ("a", "b", "c")


def equals(value: str) -> dict[str, Any]:
    return {"Fn::Equals": [{"Ref": "Env"}, value]}


CONDITIONS: dict[str, tuple[dict[str, Any], str]] = {
    "A": (equals("a"), "a"),
    "B": (equals("b"), "b"),
    "NotA": ({"Fn::Not": [{"Condition": "A"}]}, "bc"),
    "AOrB": ({"Fn::Or": [{"Condition": "A"}, {"Condition": "B"}]}, "ab"),
    "NotAOrB": ({"Fn::Not": [{"Condition": "AOrB"}]}, "c"),
    "Both": ({"Fn::And": [{"Condition": "AOrB"}, {"Condition": "NotA"}]}, "b"),
    "Never": ({"Fn::Equals": ["x", "y"]}, ""),
    "Always": ({"Fn::Equals": ["x", "x"]}, "abc"),
}
"""Condition -> how it is written, and the values of Env with which it is true."""


def arn(service: str, region: str, account: str, name: str) -> str:
    return f"arn:aws:{service}:{region}:{account}:{name}"


def own(service: str, name: str) -> dict[str, Any]:
    return {"Fn::Sub": arn(service, "${AWS::Region}", "${AWS::AccountId}", name)}


NAME = "infrastructure-configuration/"
LINKS: list[tuple[Any, Any]] = [
    ({"Ref": "Web"}, True),
    ({"Ref": "Web"}, True),
    ({"Ref": "Second"}, False),
    (own("imagebuilder", f"{NAME}web"), True),
    (own("imagebuilder", f"{NAME}second"), False),
    (arn("imagebuilder", "eu-west-1", OWN, f"{NAME}web"), "own"),
    (arn("imagebuilder", "eu-west-1", OTHER, f"{NAME}web"), "other"),
    ({"Ref": "Arn"}, None),
    ({"Fn::Sub": arn("imagebuilder", "eu-west-1", OWN, NAME + "w${Arn}")}, None),
    ({"Fn::Sub": arn("imagebuilder", "eu-west-1", OWN, NAME + "x${Arn}")}, False),
    ({"Fn::ImportValue": "configuration"}, None),
]
"""How a pipeline may name a configuration, and whether that is the judged one; None if it may be.

"own" and "other" depend on the account of the ARN, so they are only known if the target is declared.
"""

TOPICS: list[tuple[Any, Any]] = [
    ({"Ref": "Topic"}, "reference"),
    ({"Ref": "Topic"}, "reference"),
    (arn("sns", "eu-west-1", OWN, "builds"), "own"),
    (own("sns", "builds"), "name"),
    (arn("sns", "us-east-1", OWN, "builds"), None),
    (arn("sns", "eu-west-1", OTHER, "builds"), None),
    ({"Ref": "Arn"}, None),
]
KEYS: list[tuple[Any, Any]] = [
    (NO_VALUE, True),
    (NO_VALUE, True),
    (FOREIGN, False),
    ("alias/x", True),
    ({"Ref": "Arn"}, None),
]
"""A key of the topic, and whether IB204 passes with it; None if that is not known."""


class Case:
    """A random template, and the truth about it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.default = self.random.choice([None, None, "a", "b"])
        self.settings = self.random.choice([Settings(), Settings(account=OWN, region="eu-west-1")])
        self.condition = self.maybe_condition()
        self.topic, self.topic_truth = self.value(TOPICS)
        self.key, self.key_truth = self.value(KEYS)
        self.topic_condition = self.maybe_condition()
        self.users = [self.user() for _ in range(self.random.randint(1, 3))]

    def maybe_condition(self) -> str | None:
        return self.random.choice([None, None, *CONDITIONS])

    def option(self, options: list[tuple[Any, Any]]) -> tuple[Any, Any]:
        value, truth = self.random.choice(options)
        if truth in ("own", "other"):
            is_known = self.settings.account is not None
            truth = None if not is_known else "name" if options is TOPICS else truth == "own"
        return value, truth

    def value(self, options: list[tuple[Any, Any]]) -> tuple[Any, dict[str, Any]]:
        """One of the values or, by a condition, one of two; and the truth with each value of Env."""
        one, truth = self.option(options)
        if self.random.random() < 0.6:
            return one, dict.fromkeys(VALUES, truth)
        other, other_truth = self.option(options)
        name = self.random.choice(list(CONDITIONS))
        return {"Fn::If": [name, one, other]}, {v: truth if v in CONDITIONS[name][1] else other_truth for v in VALUES}

    def user(self) -> tuple[Any, dict[str, Any], str, str | None]:
        link, truth = self.value(LINKS)
        return link, truth, self.random.choice(["Image", "Image", "Container"]), self.maybe_condition()

    def template(self) -> dict[str, Any]:
        def conditional(body: dict[str, Any], condition: str | None) -> dict[str, Any]:
            return body | ({"Condition": condition} if condition else {})

        def configuration(name: str, **more: Any) -> dict[str, Any]:
            options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
            properties = {"Name": name, "InstanceProfileName": "b", "InstanceMetadataOptions": options, **more}
            return {"Type": "AWS::ImageBuilder::InfrastructureConfiguration", "Properties": properties}

        topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "builds", "KmsMasterKeyId": self.key}}
        resources = {
            "Web": conditional(configuration("web", SnsTopicArn=self.topic), self.condition),
            "Second": configuration("second"),
            "Topic": conditional(topic, self.topic_condition),
        }
        for number, (link, _, recipe, condition) in enumerate(self.users):
            properties = {"InfrastructureConfigurationArn": link, f"{recipe}RecipeArn": "x"}
            body = {"Type": "AWS::ImageBuilder::ImagePipeline", "Properties": properties}
            resources[f"User{number}"] = conditional(body, condition)
        env = {"Type": "String"} | ({"Default": self.default} if self.default else {})
        conditions = {name: written for name, (written, _) in CONDITIONS.items()}
        return {"Parameters": {"Env": env, "Arn": {"Type": "String"}}, "Conditions": conditions, "Resources": resources}

    def worlds(self) -> Iterator[str]:
        """The values of Env to judge: the default, unless the configuration does not exist with it."""
        able = [value for value in VALUES if exists(self.condition, value)]
        yield from [self.default] if self.default in able else able

    def hop_limit_suffices(self, env: str) -> bool | None:
        """The truth of IB202 in one deployment: the hop limit is 1."""
        uses = [(truth[env], recipe) for _, truth, recipe, condition in self.users if exists(condition, env)]
        if (True, "Container") in uses:
            return False
        return None if (None, "Container") in uses or (True, "Image") not in uses else True

    def key_is_own(self, env: str) -> bool | None:
        """The truth of IB204 in one deployment."""
        how = self.topic_truth[env]
        if how is None or (how == "name" and not exists(self.topic_condition, env)):
            return None
        truth: bool | None = self.key_truth[env]
        return truth

    def is_deployable(self, env: str) -> bool:
        """Whether everything exists that is referred to."""
        if self.topic_truth[env] == "reference" and not exists(self.topic_condition, env):
            return False
        references = [exists(c, env) and json.dumps(link).count('{"Ref": "Web"}') > 0 for link, _, _, c in self.users]
        return exists(self.condition, env) or not any(references)


def exists(condition: str | None, env: str) -> bool:
    return condition is None or env in CONDITIONS[condition][1]


def run(seconds: float, seed: int) -> dict[str, int]:
    """Judge templates for so many seconds."""
    return repeat(one, seconds, seed)


def one(seed: int) -> Counter[str]:
    """Judge one template. Raises Fault for a verdict that is wrong in a deployment."""
    case = Case(seed)
    text = json.dumps(case.template()).encode()
    report = check_sources([Source("t.json", text)], case.settings, RULES, SESSION)
    web = [c for c in report.configurations if c.name == "web"]
    outcome = {o.rule: o.verdict for o in web[0].outcomes}
    worlds = [env for env in case.worlds() if case.is_deployable(env)]
    counts = Counter(executions=1)
    for rule, truth in (("IB202", case.hop_limit_suffices), ("IB204", case.key_is_own)):
        truths = {truth(env) for env in worlds}
        counts[outcome[rule].value] += 1
        for verdict, wanted in ((PASS, True), (FAIL, False)):
            if worlds and outcome[rule] is verdict and truths != {wanted}:
                message = f"{rule}: {verdict.value}, but in deployments it is {truths}"
                raise Fault(message, {"template.json": text})
    return counts
