"""IB403: instance types are of a current generation."""

from __future__ import annotations

from iblint.checks._instance_lists import judge_each
from iblint.checks._instance_types import known, previous_generation
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each known type of a family that the table counts among the previous generations."""
    return judge_each(resource, _is_previous, "is of a previous generation. Newer families replace it.")


def _is_previous(name: str) -> bool:
    return known(name) and previous_generation(name)
