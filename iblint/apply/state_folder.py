"""The state folder: the journals and receipts. Nothing below it is opened through a symbolic link.

The folder itself may lie in a checkout (``--state-dir state``), whose content a stranger controls. There, no part of
its path may be a link. Links elsewhere, such as one from ``~/.local/state`` to another disk, are followed.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from iblint.discovery.config_files import folders_upward

_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NAME = re.compile(r"[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,254}")
LINK = "it is a symbolic link, which is not followed"


def state_folder(given: str | None) -> Path:
    """Return the given folder, else IBLINT_STATE_DIR, else ``iblint`` in the user's state folder."""
    folder = given or os.environ.get("IBLINT_STATE_DIR")
    if folder:
        return Path(folder)
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "iblint"


def open_folder(state: Path, *below: str) -> int:
    """Open a folder below the state folder, and return its descriptor. Create and sync what is missing, for the owner.

    Raises OSError, for a link that is not followed too.
    """
    descriptor = _open_state(state)
    for name in below:
        descriptor = _enter(descriptor, name)
    return descriptor


def open_file(folder: int, name: str, flags: int) -> int:
    """Open a file in a folder, for the owner only. Raises OSError, for a link too."""
    return _translated(_checked(name), flags | NO_LINK | getattr(os, "O_CLOEXEC", 0), folder)


def _open_state(state: Path) -> int:
    """Open the state folder itself. Follow the links of its path up to the folder that a stranger may control."""
    tree = os.path.join(_tree(), "")
    path = os.path.abspath(state)
    outside, inside = path, list[str]()
    parts = [part for part in path.split(os.sep) if part]
    for count in range(len(parts) + 1):
        above = os.sep + os.sep.join(parts[:count])
        if tree != os.sep and os.path.join(os.path.realpath(above), "").startswith(tree):
            outside, inside = above, parts[count:]
            break
    os.makedirs(outside, 0o700, exist_ok=True)
    descriptor = os.open(outside, _DIRECTORY)
    for part in inside:
        descriptor = _enter(descriptor, part)
    return descriptor


def _tree() -> str:
    """Return the folder whose content a stranger may control: the repository, else the working folder."""
    here = os.path.realpath(os.curdir)
    return next((above for above in folders_upward(here) if os.path.lexists(os.path.join(above, ".git"))), here)


def _enter(parent: int, name: str) -> int:
    """Open a folder in another, which is closed. Create it if it is missing. Raises OSError for a link."""
    try:
        if name in (os.curdir, os.pardir, "") or os.sep in name or "\0" in name:
            raise OSError(errno.EINVAL, f"'{name}' is not a name")
        try:
            return _translated(name, _DIRECTORY | NO_LINK, parent)
        except FileNotFoundError:
            with suppress(FileExistsError):  # made by another run, or a link that leads nowhere
                os.mkdir(name, 0o700, dir_fd=parent)
                os.fsync(parent)
            return _translated(name, _DIRECTORY | NO_LINK, parent)
    finally:
        os.close(parent)


def _translated(name: str, flags: int, folder: int) -> int:
    """Open a name in a folder. The error for a link says so."""
    try:
        return os.open(name, flags, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.EMLINK) and _is_link(name, folder):
            raise OSError(errno.ELOOP, LINK) from None
        raise


def _is_link(name: str, folder: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


def _checked(name: str) -> str:
    """Return a file name that iblint made. Raises OSError if it leads elsewhere."""
    if _NAME.fullmatch(name) is None:
        raise OSError(errno.EINVAL, f"'{name}' is not a name")
    return name
