"""IB308: instance types have at least 1 GiB of memory."""

from __future__ import annotations

from iblint.checks._instance_types import is_undersized, judge_each
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each type with less memory."""
    return judge_each(
        resource, is_undersized, "has less than 1 GiB of memory. Builds and tests on it are likely to fail."
    )
