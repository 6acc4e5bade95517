"""The repository and the commit of the working folder, read from the files of git without running git.

A checkout may be hostile, and git runs programs that it names. Reports use the origin for links only, so any surprise
gives None.
"""

from __future__ import annotations

import re
from pathlib import Path

from iblint.report import Checkout

_MAX = 1 << 20
_REVISION = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_URL = re.compile(r"^\s*url\s*=\s*\"?([^\"\s]+)", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?://|ssh://|git://)(?:[^/@\s]*@)?(?P<host>[\w.-]+)(?::\d+)?/(?P<path>[\w./~+-]+)")
_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w-]+(?:\.[\w-]+)+):(?P<path>[\w~][\w./~+-]*)")


def checkout_of(folder: str) -> Checkout | None:
    """Return the checkout whose root is ``folder``; None without one, or without a network remote named ``origin``."""
    git = _git_folder(Path(folder))
    if git is None:
        return None
    common = git / (_read(git / "commondir") or ".").strip()
    section = re.search(r'^\s*\[remote "origin"\](?P<body>[^\[]*)', _read(common / "config"), re.MULTILINE)
    url = _URL.search(section["body"]) if section else None
    repository = _address(url[1]) if url else None
    if repository is None:
        return None
    head = _read(git / "HEAD").strip()
    ref = head.removeprefix("ref: ") if head.startswith("ref: refs/") and ".." not in head else None
    revision = head if ref is None else _resolve(ref, git, common)
    branch = ref.removeprefix("refs/heads/") if ref is not None else None
    return Checkout(repository, revision if _REVISION.fullmatch(revision) else None, branch)


def _git_folder(folder: Path) -> Path | None:
    git = folder / ".git"
    if git.is_dir():
        return git
    named = _read(git)  # in a worktree or submodule, a file with the path of the folder
    return folder / named.removeprefix("gitdir: ").strip() if named.startswith("gitdir: ") else None


def _address(url: str) -> str | None:
    """Return the web address of a remote, without credentials, port and ``.git``; None for other kinds of remotes."""
    match = _ADDRESS.fullmatch(url) or _SCP.fullmatch(url)
    if match is None:
        return None
    path = match["path"].strip("/").removesuffix(".git")
    return f"https://{match['host']}/{path}" if path else None


def _resolve(ref: str, git: Path, common: Path) -> str:
    """Return the revision of a ref, loose or packed; empty if there is none."""
    loose = _read(git / ref) or _read(common / ref)
    if loose:
        return loose.strip()
    packed = re.search(rf"^([0-9a-f]+) {re.escape(ref)}$", _read(common / "packed-refs"), re.MULTILINE)
    return packed[1] if packed else ""


def _read(file: Path) -> str:
    """Return the beginning of a text file; empty if it cannot be read."""
    try:
        with file.open("rb") as opened:
            return opened.read(_MAX).decode("utf-8", "replace")
    except OSError:
        return ""
