"""IB910: the account does not enforce IMDSv2 if the configuration allows IMDSv1."""

from __future__ import annotations

from iblint.checks._live import unavailable, wrong_account
from iblint.checks._values import cannot_tell, is_unresolved
from iblint.facts import questions
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
        return passed("IMDSv2 is required, which every account accepts.")
    wrong = wrong_account(TOKENS, context)
    if wrong is not None:
        return wrong
    defaults = context.facts.ask(questions.IMDS_DEFAULTS)
    if isinstance(defaults, Unavailable):
        return unavailable(TOKENS, "The instance metadata settings of the account", defaults)
    if not defaults.enforced:
        return passed("The account does not enforce IMDSv2.")
    if is_unresolved(value):
        return unknown(cannot_tell(resource, TOKENS, value, f"{_REFUSES}."))
    if value is ABSENT and defaults.http_tokens == "required":
        return passed("The account requires IMDSv2 by default, and the configuration sets nothing else.")
    field = resource.spell(TOKENS)
    if value is ABSENT:
        message = f"{_REFUSES}, and {field} is not set. Whether a build starts depends on the image."
        return unknown(Violation(TOKENS, message, f"Set {field} to required."))
    message = f"{_REFUSES}, but {field} is {show(value)}. No build can start."
    return failed(Violation(TOKENS, message, f"Set {field} to required."))
