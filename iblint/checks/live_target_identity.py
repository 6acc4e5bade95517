"""IB901: the credentials are those of the target account and Region."""

from __future__ import annotations

from iblint.checks._live import unavailable
from iblint.model.answers import Unavailable
from iblint.model.context import Context
from iblint.model.path import ROOT
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement, Violation, failed, passed


def check(resource: Resource, context: Context) -> Judgement:
    """Compare the caller with the target. Without a declared target, the caller's account and Region are the target."""
    identity, target = context.facts.identity(), context.target
    if isinstance(identity, Unavailable):
        return unavailable(ROOT, "The identity of the caller", identity)
    place = f"account '{identity.account}', Region '{identity.region}'"
    if target.may_be(identity):
        return passed(f"The caller '{identity.arn}' is in {place}.")
    both = {"account": target.account, "Region": target.region}
    declared = ", ".join(f"{what} '{value}'" for what, value in both.items() if value is not None)
    message = f"The caller '{identity.arn}' is in {place}, but the configuration is for {declared}."
    return failed(Violation(ROOT, message))
