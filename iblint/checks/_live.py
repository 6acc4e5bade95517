"""The account that the live rules read: whether it is the target, and judgements when a read fails."""

from __future__ import annotations

from iblint.checks._values import cannot_tell, is_unresolved
from iblint.model.answers import Identity, Missing, Unavailable
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import lookup
from iblint.model.verdict import Judgement, Violation, failed, not_applicable, unknown


def identifier_at(resource: Resource, path: Path, context: Context) -> str | Judgement:
    """Return the name or ID at ``path`` to look up in the account, or a judgement if that is impossible."""
    value = lookup(resource.spec, path)
    if is_unresolved(value):
        return unknown(cannot_tell(resource, path, value, "So it cannot be looked up in the account."))
    if not isinstance(value, str) or not value:
        return not_applicable(f"{resource.spell(path)} is not a name or ID to look up in the account.")
    return wrong_account(path, context) or value


def wrong_account(path: Path, context: Context) -> Judgement | None:
    """Return UNKNOWN if the caller is not in the target account and Region, else None."""
    identity = context.facts.identity()
    if isinstance(identity, Unavailable):
        return unavailable(path, "The identity of the caller", identity)
    if context.target.may_be(identity):
        return None
    message = f"The caller is in account '{identity.account}', Region '{identity.region}', not in the target's."
    return unknown(Violation(path, message, "Use credentials of the target account, and its Region with --region."))


def caller(context: Context) -> Identity:
    """Return the identity of the caller. ``wrong_account`` must have returned None: the identity is known."""
    identity = context.facts.identity()
    if isinstance(identity, Unavailable):
        raise TypeError("the identity of the caller is not known")
    return identity


def unavailable(path: Path, what: str, answer: Unavailable) -> Judgement:
    """Return UNKNOWN because a read failed; ``what`` begins a sentence."""
    return unknown(unavailable_violation(path, what, answer))


def unavailable_violation(path: Path, what: str, answer: Unavailable) -> Violation:
    """Return the violation of a read that failed; ``what`` begins a sentence."""
    permission = f" ({answer.permission})" if answer.permission else ""
    message = f"{what} cannot be read: {answer.reason}{permission}. So it is unknown whether the rule is met."
    if answer.permission:
        return Violation(path, message, f"Grant {answer.permission} to the caller, and run again.")
    return Violation(path, message, "Run again. If it fails again, check the network and the AWS Health Dashboard.")


def missing(resource: Resource, path: Path, answer: Missing, consequence: str, help: str) -> Judgement:
    """Return FAIL because what a field names does not exist; ``consequence`` is a sentence on what follows."""
    what = answer.what[:1].upper() + answer.what[1:]
    return failed(Violation(path, f"{what} in {resource.spell(path)} does not exist. {consequence}", help))
