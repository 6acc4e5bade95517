"""How a report is to look: what the command line decides and the writers obey."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.record import Record
from iblint.model.rule import Control


class Prose(Record):
    """What a rule's file says beyond what a run needs, for the formats that carry documentation."""

    rationale: str
    bad: str = ""
    """An example that the rule refuses, with the syntax it is written in."""
    good: str = ""
    syntax: str = "yaml"
    controls: tuple[Control, ...] = ()


class Checkout(Record):
    """The version that was judged, when the working folder is the root of a git checkout."""

    repository: str
    """Address for people, without credentials: ``https://github.com/iblint/iblint``."""
    revision: str | None = None
    branch: str | None = None

    def link(self, path: str, line: int) -> str | None:
        """The address of a line (its path percent-encoded) on the hosts whose addresses are known."""
        host = self.repository.split("/")[2]
        if self.revision is None or not host.startswith(("github.", "gitlab.")):
            return None
        between = "blob" if host.startswith("github.") else "-/blob"
        return f"{self.repository}/{between}/{self.revision}/{path}#L{line}"


class Style(Record):
    """The looks of a report. Formats for machines read only the last four."""

    color: bool = False
    """ANSI colours."""
    width: int = 100
    """Columns to fit excerpts and paragraphs into."""
    show_passed: bool = False
    """List each configuration with the rules that it passed."""
    verbosity: int = 0
    """-1: findings and problems alone, one line each; 1: every outcome with its reason, and the packs."""
    excerpts: bool = True
    """Show lines of files; what messages quote stays."""
    prose: Mapping[str, Prose] | None = None
    """Rule code -> documentation, for the formats that carry it (sarif)."""
    checkout: Checkout | None = None
    """For links to lines, and as the origin of a SARIF log."""
    category: str | None = None
    """Of a SARIF log: sets several logs of one commit apart."""
