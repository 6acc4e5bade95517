"""The options of ``aws imagebuilder create-infrastructure-configuration``, and the values that their words give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from iblint.dialects.shared.api_shape import shape_of
from iblint.model.path import Path
from iblint.model.record import Record, field
from iblint.parse.shell.word import HOLE, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.model.resource import Operation

GLOBAL = frozenset(
    {"region", "profile", "output", "query", "endpoint-url", "ca-bundle", "color", "cli-read-timeout"}
    | {"cli-connect-timeout", "cli-binary-format", "cli-error-format"}
)
"""Options of every command that take a value."""
GLOBAL_FLAGS = frozenset(
    {"debug", "no-verify-ssl", "no-paginate", "no-sign-request", "no-cli-pager", "version", "cli-auto-prompt"}
    | {"no-cli-auto-prompt", "v2-debug"}
)
INPUTS = ("cli-input-json", "cli-input-yaml")
_SKELETON = "generate-cli-skeleton"


@cache
def members_of(operation: Operation) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Return the member and its schema for the name of each option."""
    return {kebab(name): (name, schema) for name, schema in shape_of(operation)["properties"].items()}


@cache
def spelling_of(operation: Operation) -> dict[Path, str]:
    """Return how the options spell the members."""
    return {(name,): f"--{option}" for option, (name, _) in members_of(operation).items()}


def kebab(name: str) -> str:
    """Return the name of a member as the AWS CLI spells it: ``instance-profile-name``."""
    return re.sub(r"(?<!^)[A-Z]", lambda letter: "-" + letter[0], name).lower()


class Given(Record, eq=False):
    """One option that is given: its word, and the words of its value."""

    name: str
    """Without the two hyphens; ``no-`` of flags included."""
    word: Word
    values: list[Word] = field(default_factory=list)


class Arguments(Record, eq=False):
    """The options of one command."""

    given: list[Given] = field(default_factory=list)
    others: list[Word] = field(default_factory=list)
    """Words that are no options, or may be any number of them."""

    def last(self, name: str) -> Given | None:
        """Return the option of a name that counts, or None."""
        return next((given for given in reversed(self.given) if given.name == name), None)

    @property
    def sends(self) -> bool:
        """Whether the command sends a request that creates or updates something."""
        asks_for_help = any(word.known == "help" for word in self.others)
        dry = max((i for i, g in enumerate(self.given) if g.name == "dry-run"), default=-1)
        wet = max((i for i, g in enumerate(self.given) if g.name == "no-dry-run"), default=-1)
        return not asks_for_help and self.last(_SKELETON) is None and dry <= wet


def read_arguments(words: Sequence[Word], operation: Operation) -> Arguments:
    """Return the options of a command, given the words after the name of the service."""
    arguments = Arguments()
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name = _option_name(word)
        if name is None:
            arguments.others.append(word)
            continue
        values, inline = _counts(name, operation), _inline(word, name)
        given = Given(name, word, [inline] if inline is not None else [])
        while waiting and inline is None and len(given.values) < values and _option_name(waiting[0]) is None:
            given.values.append(waiting.pop(0))
        arguments.given.append(given)
    return arguments


def _option_name(word: Word) -> str | None:
    match = re.match(r"--([A-Za-z0-9][A-Za-z0-9-]*)(?:=|\Z)", word.text)
    return match[1] if match else None


def _inline(word: Word, name: str) -> Word | None:
    """Return the value of ``--name=value``."""
    return part(word, len(name) + 3, len(word.text)) if len(word.text) > len(name) + 2 else None


def part(word: Word, start: int, end: int) -> Word:
    """Return a part of a word."""
    made = Word.__new__(Word)
    before = word.text[:start].count(HOLE)
    made.text, made.starts, made.ends = word.text[start:end], word.starts[start:end], word.ends[start:end]
    made.bare = word.bare[start:end]
    made.holes = word.holes[before : before + made.text.count(HOLE)]
    made.start, made.end = (made.starts[0], made.ends[-1]) if made.starts else (word.end, word.end)
    made.origin = None
    return made


def _counts(name: str, operation: Operation) -> int:
    """Return how many words an option takes at most."""
    if name in GLOBAL or name in INPUTS or name == _SKELETON:
        return 1
    if name in GLOBAL_FLAGS:
        return 0
    members = members_of(operation)
    if name not in members:
        return 0 if name.startswith("no-") and name[3:] in members else 1
    kind = members[name][1].get("type")
    return {"boolean": 0, "array": 10_000}.get(str(kind), 1)
