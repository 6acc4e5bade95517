"""IB301: the same silence means true to the API and false from Terraform."""

from typing import Any

import pytest

from iblint.model.path import to_pointer
from iblint.model.resource import ORIGINS, Origin
from iblint.model.values import Unresolved
from iblint.model.verdict import Verdict
from tests.checks.judging import judge, request

OPEN = Unresolved("var.keep", "the variable has no default")


@pytest.mark.parametrize(
    ("origin", "explicit", "expected"),
    [
        ("api", False, Verdict.PASS),
        ("cloudformation", False, Verdict.PASS),
        ("terraform", False, Verdict.FAIL),
        ("api", True, Verdict.FAIL),
        ("cloudformation", True, Verdict.FAIL),
        ("terraform", True, Verdict.FAIL),
    ],
)
@pytest.mark.parametrize("completion", [{}, {"terminateInstanceOnCompletion": True}])
def test_absent(origin: Origin, explicit: bool, expected: Verdict, completion: dict[str, Any]) -> None:
    subject = request({"name": "web", **completion}, origin=origin)
    found = judge("IB301", subject, options={"require-explicit": explicit})
    assert found.verdict is expected
    assert ("Terraform then sends false" in found.reason) == (origin == "terraform")


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("value", [False, None, "true", 1, "false", []])
@pytest.mark.parametrize("key", ["terminateInstanceOnFailure", "terminateInstanceOnCompletion"])
def test_only_true_is_true(key: str, value: Any, origin: Origin) -> None:
    found = judge("IB301", request({"terminateInstanceOnFailure": True, key: value}, origin=origin))
    assert found.verdict is Verdict.FAIL
    assert [to_pointer(violation.path) for violation in found.violations] == [f"/{key}"]


def test_a_known_fault_outweighs_an_open_value() -> None:
    spec = {"terminateInstanceOnFailure": OPEN, "terminateInstanceOnCompletion": False}
    found = judge("IB301", request(spec))
    assert found.verdict is Verdict.FAIL
    assert [to_pointer(violation.path) for violation in found.violations] == ["/terminateInstanceOnCompletion"]


def test_open_values_are_unknown_each_at_its_place() -> None:
    found = judge("IB301", request({"terminateInstanceOnFailure": OPEN, "terminateInstanceOnCompletion": OPEN}))
    assert found.verdict is Verdict.UNKNOWN
    assert len(found.violations) == 2
