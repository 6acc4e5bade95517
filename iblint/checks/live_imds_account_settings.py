"""IB910: the account does not refuse instances that the configuration launches with IMDSv1."""

from __future__ import annotations

from iblint.checks._account import elsewhere, unread
from iblint.checks._values import is_open, open_fault
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
        return passed("IMDSv2 is required, as any account accepts it.")
    wrong = elsewhere(TOKENS, context)
    if wrong is not None:
        return wrong
    defaults = context.facts.ask(questions.IMDS_DEFAULTS)
    if isinstance(defaults, Unavailable):
        return unread(TOKENS, "What the account enforces for instance metadata", defaults)
    if not defaults.enforced:
        return passed("The account does not enforce IMDSv2.")
    if is_open(value):
        return unknown(open_fault(resource, TOKENS, value, f"{_REFUSES}."))
    if value is ABSENT and defaults.http_tokens == "required":
        return passed("The account requires IMDSv2 by default, which holds when nothing is set.")
    field = resource.spell(TOKENS)
    if value is ABSENT:
        message = f"{_REFUSES}, and {field} is not set: then it depends on the image whether a build starts."
        return unknown(Violation(TOKENS, message, f"Set {field} to required."))
    message = f"{_REFUSES}, but {field} is {show(value)}. No build can start."
    return failed(Violation(TOKENS, message, f"Set {field} to required."))
