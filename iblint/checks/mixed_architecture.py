"""IB303: all instance types have one processor architecture."""

from __future__ import annotations

from iblint.checks._instance_lists import judge_mixture
from iblint.checks._instance_types import architecture
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement

_WHY = "Image Builder picks one of them by availability, and a recipe's base image has one architecture."


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the architectures that the names tell; malformed names are left to other rules."""
    return judge_mixture(resource, architecture, _WHY)
