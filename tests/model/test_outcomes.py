"""Outcomes, which workers send to the main process."""

import pickle

import pytest

from iblint.model.report import Outcome, Outcomes
from iblint.model.verdict import Verdict


class Text(str):
    """A reason from a check of another pack."""

    __slots__ = ()


def outcomes(reason):
    verdicts = [Verdict.PASS, Verdict.FAIL] * 20
    return Outcomes(verdicts, lambda index: Outcome(f"IB{index}", f"name-{index}", verdicts[index], reason(index)))


def test_outcomes_are_equal_after_pickling():
    for reason in (lambda index: f"Reason {index}.", lambda index: Text(index), lambda _: ""):
        sent = outcomes(reason)
        assert pickle.loads(pickle.dumps(sent)) == sent


def test_shared_rules_and_reasons_are_pickled_once():
    one = len(pickle.dumps([outcomes(lambda index: f"Reason {index}.")]))
    many = len(pickle.dumps([outcomes(lambda index: f"Reason {index}.") for _ in range(100)]))
    assert many < 30 * one


def test_outcomes_with_verdicts_only_cannot_be_read():
    bare = Outcomes.verdicts_only([Verdict.PASS, Verdict.FAIL])
    for each in (bare, pickle.loads(pickle.dumps(bare))):
        assert len(each) == 2
        assert each.verdicts == (Verdict.PASS, Verdict.FAIL)
        with pytest.raises(LookupError, match="Outcome 1 has no description"):
            each[1]


def test_slices_are_tuples_of_outcomes():
    described = Outcomes.of(outcomes(lambda index: f"Reason {index}."))
    assert [outcome.reason for outcome in described[1:3]] == ["Reason 1.", "Reason 2."]
    assert described[-1].rule == "IB39"
