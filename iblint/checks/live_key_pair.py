"""IB907: the key pair exists."""

from __future__ import annotations

from iblint.checks._live import identifier_at, missing, unavailable
from iblint.facts import questions
from iblint.model.answers import Missing, Unavailable
from iblint.model.context import Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.verdict import Judgement, passed

KEY_PAIR: Path = ("keyPair",)


def check(resource: Resource, context: Context) -> Judgement:
    """Look up the key pair."""
    name = identifier_at(resource, KEY_PAIR, context)
    if isinstance(name, Judgement):
        return name
    pair = context.facts.ask(questions.KEY_PAIR, name)
    if isinstance(pair, Unavailable):
        return unavailable(KEY_PAIR, f"The key pair '{name}'", pair)
    if isinstance(pair, Missing):
        help = f"Remove {resource.spell(KEY_PAIR)}, or use a key pair of the Region."
        return missing(resource, KEY_PAIR, pair, "Every build fails when it launches its instance.", help)
    return passed(f"The key pair '{name}' exists.")
