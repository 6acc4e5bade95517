"""The whole answer on files that hold no marker of a configuration, before anything is imported to judge one.

That is what a hook meets most of the time. It is the answer that ``_check.check`` would give; whatever might make that
another one (a configuration file, an option, a folder, a link, a terminal) is left to it.
"""

from __future__ import annotations

import os
import sys

from iblint.dialects.shared.markers import has_marker
from iblint.discovery.read import NotReadError, read

TYPE_CHECKING = False  # importing typing would cost more than dismissing a file takes
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


HARMLESS = frozenset({"fail_on", "strict", "no_config", "no_excerpts", "require_configurations", "color", "jobs"})
"""Options that change nothing about an answer without findings, or that are looked at here."""

STDIN = "-"
"""Is read in its place, even where a file has this name."""

MAX_BYTES = 1 << 20
"""Of all files together; more is read one by one, and with progress."""


def dismiss(paths: Sequence[str], options: Mapping[str, Any]) -> int | None:
    """Print the report on files without a marker and return the exit code; None when that is not all there is to it."""
    given = {name for name, value in options.items() if (value or value == "") and name not in HARMLESS}
    if not paths or STDIN in paths or given or options["color"] == "always" or _shown_to_people():
        return None
    if not options["no_config"] and _may_be_configured(os.getcwd()):
        return None
    if not all(map(os.path.isfile, paths)) or len(set(map(os.path.realpath, paths))) < len(paths):
        return None
    if not _dismissed(paths):
        return None
    from iblint.report import nothing_found, nothing_to_check

    code = 3 if options["require_configurations"] else 0
    text = f"{nothing_found(len(paths))}\n{nothing_to_check(code)} (exit {code})\n".encode()
    try:
        return code if os.write(sys.stdout.fileno(), text) == len(text) else None
    except OSError:
        return None


def _shown_to_people() -> bool:
    """Whether the report may be coloured, or cannot be written at all."""
    out = sys.stdout
    return out is None or out.isatty() or os.environ.get("FORCE_COLOR", "0") != "0"


def _may_be_configured(folder: str) -> bool:
    """Whether a configuration file might be found, as ``config.find`` looks for it; that alone decides."""
    while True:
        if any(os.path.lexists(os.path.join(folder, name)) for name in (".iblint.yaml", ".iblint.yml")):
            return True
        project = os.path.join(folder, "pyproject.toml")
        if os.path.lexists(project) and b"iblint" in (_read(project) or b"iblint"):
            return True
        parent = os.path.dirname(folder)
        if parent == folder or os.path.lexists(os.path.join(folder, ".git")):
            return False
        folder = parent


def _dismissed(paths: Sequence[str]) -> bool:
    """Whether all files can be read, and none holds a marker."""
    room = MAX_BYTES
    for path in paths:
        data = _read(path)
        if data is None or len(data) > room or has_marker(data):
            return False
        room -= len(data)
    return True


def _read(path: str) -> bytes | None:
    """A whole regular file, of MAX_BYTES at most; None when there is no such file, or it cannot be read."""
    try:
        return read(path, MAX_BYTES)
    except NotReadError:
        return None
