"""Outcomes that travel between processes."""

import pickle

from iblint.model.report import Outcome, Outcomes
from iblint.model.verdict import Verdict


class Text(str):
    """What a check of another pack may give for a reason."""

    __slots__ = ()


def outcomes(reason):
    verdicts = [Verdict.PASS, Verdict.FAIL] * 20
    return Outcomes(verdicts, lambda index: Outcome(f"IB{index}", f"name-{index}", verdicts[index], reason(index)))


def test_outcomes_arrive_as_they_were():
    for reason in (lambda index: f"Reason {index}.", lambda index: Text(index), lambda _: ""):
        sent = outcomes(reason)
        assert pickle.loads(pickle.dumps(sent)) == sent


def test_what_many_have_in_common_travels_once():
    one = len(pickle.dumps([outcomes(lambda index: f"Reason {index}.")]))
    many = len(pickle.dumps([outcomes(lambda index: f"Reason {index}.") for _ in range(100)]))
    assert many < 30 * one
