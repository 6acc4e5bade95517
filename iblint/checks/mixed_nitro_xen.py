"""IB304: instance types of the Nitro system and of Xen are not mixed."""

from __future__ import annotations

from iblint.checks._instance_lists import judge_mixture
from iblint.checks._instance_types import is_xen, known
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement

_WHY = "For Windows images AWS advises against mixing them, because Image Builder picks one by availability."


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the hypervisors of the types in the table; others are left out."""
    return judge_mixture(resource, _system, _WHY)


def _system(name: str) -> str | None:
    if not known(name):
        return None
    return "Xen" if is_xen(name) else "Nitro"
