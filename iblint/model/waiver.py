"""Waivers: entries of a reviewed file, or options of the command line, that accept the violations of a rule."""

from __future__ import annotations

from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date


class Waiver(Record):
    """A rule that is waived: for all configurations, or for those that ``configuration`` and ``file`` match."""

    rule: str
    """Code."""
    reason: str
    until: date | None = None
    """The last day on which the waiver is valid; None for no limit."""
    configuration: str | None = None
    """Address, name or ID, or a glob of one; None for every configuration."""
    file: str | None = None
    """Gitignore-style glob, relative to the working folder; None for every file."""
    owner: str | None = None
    ticket: str | None = None
    place: tuple[str, int] | None = None
    """The file and line that it is written in; None for the command line."""

    def has_expired(self, today: date) -> bool:
        """Return whether the last day of the waiver is over."""
        return self.until is not None and self.until < today
