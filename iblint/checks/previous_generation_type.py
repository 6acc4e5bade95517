"""IB403: instance types are of a current generation."""

from __future__ import annotations

from iblint.checks._instance_types import is_known, is_previous_generation, judge_each
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement


def check(resource: Resource, context: Context) -> Judgement:
    """Fail each type in the table whose family is of a previous generation."""
    return judge_each(resource, _is_previous, "is a previous-generation instance type. Newer families replace it.")


def _is_previous(name: str) -> bool:
    return is_known(name) and is_previous_generation(name)
