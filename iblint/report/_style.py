"""The data that formats need beyond the report: how it is shown, and what the command line prepares for it."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.record import Record
from iblint.model.rule import Control


class Needs(Record):
    """What a format reads in addition to findings and verdicts. A run prepares only what one of its formats needs."""

    reasons: bool = False
    """The reason of every outcome. Without it outcomes are verdicts only."""
    reasons_if_detailed: bool = False
    """The same, but only if the user asks for details (``--verbose``, ``--show passed``)."""
    checkout: bool = False
    prose: bool = False


class Prose(Record):
    """The documentation of a rule, for formats that include it."""

    rationale: str
    bad: str = ""
    """An example that fails the rule, in ``syntax``."""
    good: str = ""
    """An example that passes it."""
    syntax: str = "yaml"
    controls: tuple[Control, ...] = ()


class Checkout(Record):
    """The version that was judged, if the working folder is the root of a git checkout."""

    repository: str
    """Web address without credentials: ``https://github.com/iblint/iblint``."""
    revision: str | None = None
    branch: str | None = None

    def link(self, path: str, line: int) -> str | None:
        """Return the web address of a line on GitHub or GitLab, None on other hosts. ``path`` is percent-encoded."""
        host = self.repository.split("/")[2]
        if self.revision is None or not host.startswith(("github.", "gitlab.")):
            return None
        between = "blob" if host.startswith("github.") else "-/blob"
        return f"{self.repository}/{between}/{self.revision}/{path}#L{line}"


class Style(Record):
    """How a report is shown. Formats for machines read only the last four."""

    color: bool = False
    """ANSI colours."""
    width: int = 100
    """Columns for excerpts and paragraphs."""
    show_passed: bool = False
    """List each configuration with the rules that passed."""
    show_unknown: bool = False
    """The same for the rules whose verdict is unknown, also those that make no finding."""
    verbosity: int = 0
    """-1: findings and problems only, one line each. 1: also every outcome with its reason, and the packs."""
    excerpts: bool = True
    """Show lines of the files. Values quoted in messages are always shown."""
    prose: Mapping[str, Prose] | None = None
    """Rule code -> documentation, for formats with ``Needs.prose``."""
    checkout: Checkout | None = None
    """For links to lines and as the origin of the report, for formats with ``Needs.checkout``."""
    category: str | None = None
    """The category of a SARIF log, which distinguishes several logs of one commit."""
