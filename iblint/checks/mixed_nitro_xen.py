"""IB304: instance types of the Nitro System and of Xen are not mixed."""

from __future__ import annotations

from iblint.checks._instance_types import is_known, is_xen, judge_mixed
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement

_WHY = "AWS advises against mixing them for Windows images, because Image Builder picks one of them by availability."


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the hypervisors of the types in the table; others are left out."""
    return judge_mixed(resource, _hypervisor, _WHY)


def _hypervisor(name: str) -> str | None:
    if not is_known(name):
        return None
    return "Xen" if is_xen(name) else "Nitro"
