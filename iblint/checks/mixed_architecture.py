"""IB303: all instance types have the same processor architecture."""

from __future__ import annotations

from iblint.checks._instance_types import architecture, judge_mixed
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement

_WHY = "Image Builder picks one of them by availability, and a recipe's base image has only one architecture."


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the architectures of all well-formed types."""
    return judge_mixed(resource, architecture, _WHY)
