"""IB308: instance types have at least 1 GiB of memory."""

from __future__ import annotations

from iblint.checks._instance_lists import judge_each
from iblint.checks._instance_types import undersized
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each type with less memory."""
    return judge_each(resource, undersized, "has less than 1 GiB of memory. Builds and tests on it are likely to fail.")
