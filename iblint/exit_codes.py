"""The exit codes of every command, and their meaning: the one table for help, docs and the Action."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class ExitCode(IntEnum):
    """The exit codes of iblint."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    NOTHING_TO_CHECK = 3
    INCOMPLETE = 4
    AWS_REFUSED = 5
    CONFLICT = 6
    OUTCOME_UNKNOWN = 7
    PARTIAL = 8
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.CLEAN: "clean; or applied, or nothing to change",
    ExitCode.FINDINGS: "findings at or above the threshold; or the gate refused to apply",
    ExitCode.USAGE: "usage or configuration error",
    ExitCode.NOTHING_TO_CHECK: "nothing to check, under --require-configurations",
    ExitCode.INCOMPLETE: "incomplete: an unread input, a crashed rule, or UNKNOWN or not judged under --strict",
    ExitCode.AWS_REFUSED: "AWS refused: identity, permission, validation, quota",
    ExitCode.CONFLICT: "conflict: the name exists with other content",
    ExitCode.OUTCOME_UNKNOWN: "outcome not known: the request may have taken effect; running again is safe",
    ExitCode.PARTIAL: "batch: some targets succeeded, some did not",
    ExitCode.INTERRUPTED: "interrupted",
}
"""What each code means, in a few words, for help texts, docs and the Action."""

GRAVITY: tuple[ExitCode, ...] = (
    ExitCode.INTERRUPTED,
    ExitCode.OUTCOME_UNKNOWN,
    ExitCode.INCOMPLETE,
    ExitCode.AWS_REFUSED,
    ExitCode.CONFLICT,
    ExitCode.USAGE,
    ExitCode.PARTIAL,
    ExitCode.FINDINGS,
    ExitCode.NOTHING_TO_CHECK,
    ExitCode.CLEAN,
)
"""All codes, the gravest first: the order in which several are combined."""


def gravest(codes: Iterable[int]) -> ExitCode:
    """Return the gravest of several exit codes; CLEAN for none."""
    return min(map(ExitCode, codes), key=GRAVITY.index, default=ExitCode.CLEAN)


def combine(codes: Iterable[int]) -> ExitCode:
    """Return PARTIAL if some codes are CLEAN and some are not, else the gravest."""
    distinct = set(codes)
    return ExitCode.PARTIAL if ExitCode.CLEAN in distinct and len(distinct) > 1 else gravest(distinct)


COMMAND_MEANINGS: Mapping[str, Mapping[ExitCode, str]] = {
    "check": {
        ExitCode.CLEAN: "no finding at or above the threshold",
        ExitCode.FINDINGS: "findings at or above the threshold (--fail-on)",
        ExitCode.USAGE: MEANINGS[ExitCode.USAGE],
        ExitCode.NOTHING_TO_CHECK: "nothing to check, with --require-configurations",
        ExitCode.INCOMPLETE: "incomplete: an input could not be read, a rule crashed, or a verdict is unknown or "
        "something was not judged with --strict",
    },
    "plan": {
        ExitCode.CLEAN: "configurations to create, or nothing to do",
        ExitCode.FINDINGS: "refused by the gate",
        ExitCode.USAGE: MEANINGS[ExitCode.USAGE],
        ExitCode.NOTHING_TO_CHECK: "no infrastructure configuration in SPEC",
        ExitCode.AWS_REFUSED: "an account could not be reached, or is the wrong one",
        ExitCode.CONFLICT: "drift or conflict: the name exists with other content",
    },
    "apply": {
        ExitCode.CLEAN: "applied, or nothing to change",
        ExitCode.FINDINGS: "refused by the gate, or not confirmed",
        ExitCode.USAGE: MEANINGS[ExitCode.USAGE],
        ExitCode.NOTHING_TO_CHECK: "no infrastructure configuration in SPEC",
        ExitCode.INCOMPLETE: "the journal or a receipt could not be written",
        ExitCode.AWS_REFUSED: MEANINGS[ExitCode.AWS_REFUSED],
        ExitCode.CONFLICT: "drift or conflict: the name exists with other content",
        ExitCode.OUTCOME_UNKNOWN: MEANINGS[ExitCode.OUTCOME_UNKNOWN],
        ExitCode.PARTIAL: "some configurations were applied, some were not",
    },
    "rules test": {
        ExitCode.CLEAN: "all examples passed, no mistakes found",
        ExitCode.FINDINGS: "an example failed, or a rule file has a mistake",
        ExitCode.USAGE: "usage error, or a rule file that cannot be loaded",
    },
}
"""What the exit codes of a command mean, where that is more exact than ``MEANINGS``."""
