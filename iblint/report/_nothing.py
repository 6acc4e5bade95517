"""What a report says of files in which nothing was recognised. On its own, so that saying it imports nothing else."""

from __future__ import annotations


def counts(files: int) -> str:
    """What was judged, on one line."""
    noun = "file" if files == 1 else "files"
    return f"0 configurations: nothing recognised as an Image Builder infrastructure configuration in {files} {noun}"


def meaning(exit_code: int) -> str:
    """What the exit code (0 or 3) means."""
    if exit_code:
        return "nothing to check: --require-configurations asks for at least one configuration"
    return "nothing to check"
