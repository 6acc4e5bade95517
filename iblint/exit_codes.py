"""The exit codes of every command, and their meaning: the one table for help, docs and the Action."""

from __future__ import annotations

from enum import IntEnum


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
    ExitCode.INCOMPLETE: "incomplete: an input could not be read, a rule crashed, or UNKNOWN under --strict",
    ExitCode.AWS_REFUSED: "AWS refused: identity, permission, validation, quota",
    ExitCode.CONFLICT: "conflict: the name exists with other content",
    ExitCode.OUTCOME_UNKNOWN: "outcome not known: the request may have taken effect; running again is safe",
    ExitCode.PARTIAL: "batch: some targets succeeded, some did not",
    ExitCode.INTERRUPTED: "interrupted",
}
"""What each code means, in a few words, for help texts, docs and the Action."""
