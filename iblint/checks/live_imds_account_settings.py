"""IB910: the account does not refuse instances that the configuration launches with IMDSv1."""

from __future__ import annotations

from iblint.checks._account import wrong_account, unavailable
from iblint.checks._values import is_unresolved, cannot_tell
from iblint.model.answers import Unavailable
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Violation, failed, passed, unknown
from iblint.text.wording import show

TOKENS: Path = ("instanceMetadataOptions", "httpTokens")

_REFUSES = "The account refuses to launch instances that allow IMDSv1 (HttpTokensEnforced)"


def check(resource: Resource, context: Context) -> Judgement:
    """Compare httpTokens with what the account enforces."""
    value = lookup(resource.spec, TOKENS)
    if value == "required":
        return passed("IMDSv2 is required, as any account accepts it.")
    wrong = wrong_account(TOKENS, context)
    if wrong is not None:
        return wrong
    defaults = context.facts.imds_defaults()
    if isinstance(defaults, Unavailable):
        return unavailable(TOKENS, "What the account enforces for instance metadata", defaults)
    if not defaults.enforced:
        return passed("The account does not enforce IMDSv2.")
    if is_unresolved(value):
        return unknown(cannot_tell(resource, TOKENS, value, f"{_REFUSES}."))
    if value is ABSENT and defaults.http_tokens == "required":
        return passed("The account requires IMDSv2 by default, which holds when nothing is set.")
    field = resource.spell(TOKENS)
    if value is ABSENT:
        message = f"{_REFUSES}, and {field} is not set: then it depends on the image whether a build starts."
        return unknown(Violation(TOKENS, message, f"Set {field} to required."))
    message = f"{_REFUSES}, but {field} is {show(value)}. No build can start."
    return failed(Violation(TOKENS, message, f"Set {field} to required."))
