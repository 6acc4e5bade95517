"""The validity rules refuse what botocore or the request schema refuses, and nothing that both take.

Whole runs are judged: many requests in one JSON list, read and judged as ``iblint check --select IB1`` does.
``STRICTER`` is the written list of what the rules refuse although the schema takes it.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iblint.model.document import Source
from iblint.model.settings import Settings
from iblint.model.verdict import Severity, Verdict
from iblint.packs import load_packs
from iblint.pipeline import check_sources
from tests.schemas.strategies import good_requests, requests
from tests.schemas.test_botocore import PLAIN, botocore_takes

SETTINGS = Settings(select=("IB1",), dialect="request")
RULES = load_packs(SETTINGS)

MINIMAL = {"name": "web", "instanceProfileName": "builder"}
STRICTER = {
    "IB107": ("an instance type is family.size", {"instanceTypes": ["m5.large, m5.xlarge"]}),
    "IB109": ("an empty list item", {"securityGroupIds": ["sg-0a1b2c3d4e5f60718"], "instanceTypes": [""]}),
    "IB110": ("the form of network ids", {"securityGroupIds": ["sub-1"]}),
    "IB118": ("an address in place of a bucket name", {"logging": {"s3Logs": {"s3BucketName": "s3://logs"}}}),
}
"""Rule -> why it refuses what the model takes as any text, and a request on which it does."""


def judge(batch):
    """For each request of a batch: codes of the validity rules that refuse it at error, and those left unknown."""
    text = json.dumps(batch).encode()
    report = check_sources([Source("batch.json", text)], SETTINGS, RULES)
    assert not report.problems
    assert len(report.configurations) == len(batch)
    by_id = {c.id: index for index, c in enumerate(sorted(report.configurations, key=lambda c: int(c.address[1:])))}
    refused = [set() for _ in batch]
    for finding in report.findings:
        assert finding.verdict is not Verdict.ERROR, finding.message
        if finding.verdict is Verdict.FAIL and finding.severity is Severity.ERROR:
            refused[by_id[finding.configuration]].add(finding.rule)
    open_ = [
        any(o.verdict is Verdict.UNKNOWN for o in c.outcomes)
        for c in sorted(report.configurations, key=lambda c: by_id[c.id])
    ]
    return list(zip(refused, open_, strict=True))


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(deadline=None, max_examples=40, suppress_health_check=SLOW)
@given(st.lists(requests(), min_size=1, max_size=20))
def test_the_rules_refuse_what_botocore_or_the_schema_refuses(batch):
    for request, (refused, open_) in zip(batch, judge(batch), strict=True):
        takes = botocore_takes(request) and PLAIN.is_valid(request)
        if not takes:
            assert refused or open_, request
        elif refused:
            assert refused <= STRICTER.keys(), (request, refused)


@settings(deadline=None, max_examples=20, suppress_health_check=SLOW)
@given(st.lists(good_requests(), min_size=1, max_size=20))
def test_the_rules_take_good_requests(batch):
    for request, (refused, _) in zip(batch, judge(batch), strict=True):
        assert refused <= STRICTER.keys(), (request, refused)


@pytest.mark.parametrize(("code", "members"), [(code, members) for code, (_, members) in STRICTER.items()])
def test_the_list_of_what_is_stricter_holds(code, members):
    request = MINIMAL | members
    assert botocore_takes(request)
    assert PLAIN.is_valid(request)
    assert judge([request])[0][0] == {code}
