"""What the live rules share: whether the account that answers is the right one, and what to say of failed reads."""

from __future__ import annotations

from iblint.checks._values import is_open, open_fault
from iblint.model.answers import Identity, Missing, Unavailable
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, unknown


def written(resource: Resource, path: Path, context: Context) -> str | Judgement:
    """The text at ``path``, once it can be asked about; else the judgement that ends the rule."""
    value = lookup(resource.spec, path)
    if is_open(value):
        return unknown(open_fault(resource, path, value, "So the account cannot be asked about it."))
    if not isinstance(value, str) or not value:
        return not_applicable(f"{resource.spell(path)} is not a text to ask the account about.")
    return elsewhere(path, context) or value


def elsewhere(path: Path, context: Context) -> Judgement | None:
    """UNKNOWN when the account that answers is not the one that the configuration is for; else None."""
    identity = context.facts.identity()
    if isinstance(identity, Unavailable):
        return unread(path, "The identity of the caller", identity)
    if context.target.may_be(identity):
        return None
    message = f"The calls go to account '{identity.account}', Region '{identity.region}': that is not the target."
    return unknown(Violation(path, message, "Use credentials of the target's account, and --region for its Region."))


def caller(context: Context) -> Identity:
    """The identity, when ``elsewhere`` has found nothing wrong with it."""
    identity = context.facts.identity()
    if isinstance(identity, Unavailable):
        raise TypeError("the identity was not looked at first")
    return identity


def unread(path: Path, what: str, answer: Unavailable) -> Judgement:
    """UNKNOWN, because AWS did not tell."""
    return unknown(doubt(path, what, answer))


def doubt(path: Path, what: str, answer: Unavailable) -> Violation:
    """The fault of an UNKNOWN judgement about something that could not be read; ``what`` begins a sentence."""
    permission = f" ({answer.permission})" if answer.permission else ""
    message = f"{what} cannot be read: {answer.reason}{permission}. So it cannot be told whether the rule is met."
    if answer.permission:
        return Violation(path, message, f"Grant {answer.permission} to the caller, and run again.")
    return Violation(path, message, "Run again; if it lasts, look at the network and at AWS's health.")


def absent(resource: Resource, path: Path, answer: Missing, consequence: str, help: str) -> Judgement:
    """FAIL, because what a field names does not exist; ``consequence`` is a sentence on what comes of it."""
    what = answer.what[:1].upper() + answer.what[1:]
    return failed(Violation(path, f"{what} in {resource.spell(path)} does not exist. {consequence}", help))
