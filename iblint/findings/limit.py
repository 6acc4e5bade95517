"""Keep no more findings of a run than a report may hold."""

from __future__ import annotations

from iblint.model.document import InputError
from iblint.model.report import MAX_FINDINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.model.report import Configuration, Finding


class Room:
    """Room for the findings of a run, or of a part of it. Whoever fills it does so in the order of the units."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_FINDINGS

    def take(self, findings: list[Finding]) -> list[Finding]:
        """Return the findings that there is room for: the first ones."""
        kept = findings if len(findings) <= self.left else findings[: self.left]
        self.left -= len(kept)
        return kept


def too_many(first: Configuration) -> InputError:
    """Return the error of a run with findings that are not kept; ``first`` is the first configuration with one."""
    message = (
        f"The run has more than {MAX_FINDINGS} findings, the limit of a report; those from this configuration on are "
        "not all shown, but all verdicts are. Correct the first ones, or check fewer files in one run."
    )
    return InputError(first.file, first.line, 1, message)
