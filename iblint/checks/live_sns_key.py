"""IB904: the topic's key is in the same account and usable, and its policy allows Image Builder's role to use it."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.checks._iam import Tri, any_true, as_list, member, policies_allow, text_of
from iblint.checks._live import identifier_at, missing, unavailable
from iblint.checks._sns import AWS_MANAGED, TOPIC, key_account, live_key, parse_topic_arn
from iblint.checks.sns_key_policy import ROLE
from iblint.facts import questions
from iblint.model.answers import KeyFacts, Missing, TopicFacts, Unavailable
from iblint.model.context import Context
from iblint.model.resource import Resource
from iblint.model.values import ABSENT
from iblint.model.verdict import Judgement, Severity, Violation, failed, not_applicable, passed, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WHY = "Image Builder cannot send notifications to a topic that is encrypted with another account's key."
_NEEDED = ("kms:generatedatakey", "kms:decrypt")


def check(resource: Resource, context: Context) -> Judgement:
    """Look up the topic, its key and the key's policy. Keys that AWS manages are not looked up."""
    arn = identifier_at(resource, TOPIC, context)
    if isinstance(arn, Judgement):
        return arn
    if parse_topic_arn(arn) is None:
        return not_applicable(f"{resource.spell(TOPIC)} is not the ARN of a standard topic.")
    topic = context.facts.ask(questions.TOPIC, arn)
    if isinstance(topic, Unavailable):
        return unavailable(TOPIC, f"The key of the topic '{arn}'", topic)
    if isinstance(topic, Missing):
        return not_applicable("The topic does not exist.")
    if topic.kms_key is None:
        return not_applicable("The topic has no key.")
    return _judge(resource, topic, topic.kms_key, context)


def _judge(resource: Resource, topic: TopicFacts, id: str, context: Context) -> Judgement:
    own = context.facts.account or topic.owner
    account = key_account(id, parse_topic_arn(topic.arn))
    if account is not None and account != own:
        return _foreign(resource, id, account, own)
    if AWS_MANAGED in id:
        return passed(f"The key '{id}' is the AWS managed one of account {own}. It is not looked up.")
    key = live_key(topic, id, context)
    if isinstance(key, Unavailable):
        return unavailable(TOPIC, f"The key '{id}' of the topic in {resource.spell(TOPIC)}", key)
    if isinstance(key, Missing):
        help = "Encrypt the topic with a key that exists."
        return missing(resource, TOPIC, key, "Nothing can be published to the topic.", help)
    if key.account != own:
        return _foreign(resource, id, key.account, own)
    return _judge_key(resource, key, id, context)


def _judge_key(resource: Resource, key: KeyFacts, id: str, context: Context) -> Judgement:
    name = f"The key '{id}' of the topic in {resource.spell(TOPIC)}"
    if key.state != "Enabled":
        message = f"{name} is in state {key.state}. Nothing can be published to the topic."
        return failed(Violation(TOPIC, message, "Enable the key, or encrypt the topic with another one."))
    if key.spec != "SYMMETRIC_DEFAULT" or key.usage != "ENCRYPT_DECRYPT":
        message = f"{name} has key spec {key.spec} and usage {key.usage}. SNS needs a symmetric encryption key."
        return failed(Violation(TOPIC, message, "Encrypt the topic with a symmetric key."))
    if key.manager == "AWS":
        return passed(f"{name} is managed by AWS, in account {key.account}.")
    policy = context.facts.ask(questions.KEY_POLICY, key.arn, key.arn.split(":")[3])
    if isinstance(policy, Unavailable):
        return unavailable(TOPIC, f"The policy of the key '{id}'", policy)
    if isinstance(policy, Missing):
        help = "Encrypt the topic with another key."
        return missing(resource, TOPIC, policy, "Nothing can be published to the topic.", help)
    answers = [policies_allow([policy], action, _names_role) for action in _NEEDED]
    if all(answers):
        return passed(f"{name} is enabled, in account {key.account}, and its policy names Image Builder's role.")
    policy_of = f"the policy of the key '{id}', which encrypts the topic in {resource.spell(TOPIC)}"
    if False not in answers:
        return unknown(Violation(TOPIC, f"Cannot tell whether {policy_of}, allows the role {ROLE} to use the key."))
    message = (
        f"T{policy_of[1:]}, does not allow the role {ROLE} to use the key. "
        "Unless a grant allows it, notifications fail without an error."
    )
    return failed(Violation(TOPIC, message, severity=Severity.WARNING))


def _names_role(statement: Mapping[str, Any]) -> Tri:
    """Return whether a statement covers Image Builder's service-linked role."""
    principal = member(statement, "Principal")
    if principal is ABSENT:  # then it has NotPrincipal
        return None
    names = as_list(principal if isinstance(principal, str) else member(principal, "AWS"))
    return any_true(_everyone(statement) if name == "*" else ROLE in text_of(name) for name in names)


def _everyone(statement: Mapping[str, Any]) -> Tri:
    """Return True for a statement for everyone; None if a condition may exclude the role."""
    condition = member(statement, "Condition")
    return True if condition is ABSENT or ROLE in text_of(condition) else None


def _foreign(resource: Resource, id: str, account: str, own: str) -> Judgement:
    field = resource.spell(TOPIC)
    message = f"The key '{id}' of the topic in {field} is in account '{account}', not in the caller's '{own}'. {_WHY}"
    help = f"Encrypt the topic with a key of account {own}, or set {field} to a topic whose key is in it."
    return failed(Violation(TOPIC, message, help))
