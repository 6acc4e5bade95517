"""IB307: which names count as the same, and of which configurations."""

import pytest

from iblint.model.context import Target, World
from iblint.model.resource import Resource
from iblint.model.values import Unresolved
from iblint.model.verdict import Judgement, Verdict
from tests.checks.judging import judge, request

HERE = Target(account="210987654321", region="eu-west-1")
OPEN = Unresolved("!Sub ${Stage}-web", "the parameter has no default")


def pair(one: object, other: object, files: tuple[str, str] = ("a.yaml", "a.yaml")) -> tuple[Resource, Resource]:
    first = request({"name": one}, file=files[0], id=f"{files[0]}#0")
    return first, request({"name": other}, file=files[1], id=f"{files[1]}#1")


def judge_last(resources: tuple[Resource, ...], **targets: Target) -> Judgement:
    by_file = {f"{stem}.yaml": target for stem, target in targets.items()}
    last = resources[-1]
    return judge("IB307", last, target=by_file.get(last.file), world=World(resources, by_file))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("web", "web", Verdict.FAIL),
        ("Web Server_1", "web_server 1", Verdict.FAIL),
        ("web-server", "web server", Verdict.FAIL),
        ("web", "web-2", Verdict.PASS),
        ("web--server", "web-server", Verdict.PASS),
        (OPEN, "web", Verdict.UNKNOWN),
        ("web", OPEN, Verdict.UNKNOWN),
        ("web", 7, Verdict.NOT_APPLICABLE),
        (7, "web", Verdict.PASS),
    ],
)
def test_names_of_one_file(one: object, other: object, expected: Verdict) -> None:
    assert judge_last(pair(one, other)).verdict is expected


def test_of_a_pair_only_the_later_one_fails_and_points_at_the_other() -> None:
    first, last = pair("web", "Web")
    world = World((first, last))
    assert judge("IB307", first, world=world).verdict is Verdict.PASS
    (violation,) = judge("IB307", last, world=world).violations
    assert [(place.file, place.span) for place in violation.related] == [("a.yaml", first.span)]


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (HERE, HERE, Verdict.FAIL),
        (HERE, Target(account="468013579246", region="eu-west-1"), Verdict.PASS),
        (HERE, Target(account="210987654321", region="eu-west-2"), Verdict.PASS),
        (HERE, Target(), Verdict.PASS),
        (Target(), Target(), Verdict.PASS),
        (Target(region="eu-west-1"), Target(region="eu-west-1"), Verdict.PASS),
    ],
)
def test_files_are_compared_only_with_equal_declared_targets(mine: Target, theirs: Target, expected: Verdict) -> None:
    resources = pair("web", "web", ("b.yaml", "a.yaml"))
    assert judge_last(resources, a=mine, b=theirs).verdict is expected
