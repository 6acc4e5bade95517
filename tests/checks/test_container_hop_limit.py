"""IB202: the whole table of build types and hop limits."""

from typing import Any

import pytest

from iblint.model.context import BuildType, Evidence, Target
from iblint.model.resource import Location
from iblint.model.span import Span
from iblint.model.values import ABSENT, Unresolved
from iblint.model.verdict import Verdict
from tests.checks.judging import judge, request, shown

OPEN = Unresolved("!Ref Hops", "the parameter has no default")
ERROR = "fail, error"

TABLE = {
    # build type: (explicit 2, explicit 64, explicit 1, omitted, unresolved, a text)
    "ami": ("pass", "pass", "pass", "pass", "pass", "pass"),
    "container": ("pass", "pass", ERROR, ERROR, "unknown", ERROR),
    "both": ("pass", "pass", ERROR, ERROR, "unknown", ERROR),
    "assumed": ("pass", "pass", ERROR, ERROR, "unknown", ERROR),
    "unknown": ("pass", "pass", "unknown", "unknown", "unknown", "unknown"),
}
LIMITS = (2, 64, 1, ABSENT, OPEN, "2")


def spec(limit: Any, tokens: str) -> dict[str, Any]:
    options = {"httpTokens": tokens} | ({} if limit is ABSENT else {"httpPutResponseHopLimit": limit})
    return {"name": "web", "instanceMetadataOptions": options}


@pytest.mark.parametrize("tokens", ["required", "optional"])
@pytest.mark.parametrize(
    ("kind", "limit", "expected"),
    [(kind, limit, cell) for kind, row in TABLE.items() for limit, cell in zip(LIMITS, row, strict=True)],
)
def test_table(kind: str, limit: Any, expected: str, tokens: str) -> None:
    build_type = BuildType("unknown")
    if kind not in ("unknown", "assumed"):
        build_type = BuildType(kind, (Evidence(kind, "--build-type"),))
    subject, target = request(spec(limit, tokens)), Target(assume_container=kind == "assumed")
    judged = judge("IB202", subject, build_type=build_type, target=target)
    assert shown("IB202", subject, judged) == expected


@pytest.mark.parametrize("limit", [True, 2.0, "2", None, [2]])
def test_what_is_no_whole_number_is_no_limit(limit: Any) -> None:
    judged = judge("IB202", request(spec(limit, "required")), build_type=BuildType("container"))
    assert judged.verdict is Verdict.FAIL
    assert "(not a whole number)" in judged.reason


def test_sources_that_disagree_are_an_error_naming_both_even_for_a_limit_that_is_always_enough() -> None:
    here = Location("web.yaml", Span(3, 1, 3, 9), "declared here")
    one, other = Evidence("ami", "'build-type=ami' on line 3", here), Evidence("container", "--build-type")
    judged = judge("IB202", request(spec(2, "required")), build_type=BuildType("ami", (one, other), (one, other)))
    assert judged.verdict is Verdict.ERROR
    assert (
        "it is 'ami' according to 'build-type=ami' on line 3, and 'container' according to --build-type"
        in judged.reason
    )
    assert judged.violations[0].related == (here,)


def test_the_message_names_who_says_what_is_built_and_points_there() -> None:
    here = Location("web.yaml", Span(1, 1, 1, 9), "declared here")
    build_type = BuildType("both", (Evidence("both", "'build-type=both' on line 1", here),))
    (violation,) = judge("IB202", request(spec(1, "required")), build_type=build_type).violations
    assert "builds AMIs and containers, according to 'build-type=both' on line 1." in violation.message
    assert violation.related == (here,)


@pytest.mark.parametrize("limit", [1, 0, "2", ABSENT, OPEN])
def test_while_nothing_is_declared_the_help_says_how_to_declare(limit: Any) -> None:
    (violation,) = judge("IB202", request(spec(limit, "required"))).violations
    assert violation.help is not None
    for way in ("# iblint: build-type=", "--build-type", ".iblint.yaml", "to 2"):
        assert way in violation.help
