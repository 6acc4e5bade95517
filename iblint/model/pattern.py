"""Regular expressions that are compiled when they are first used: a run uses few of those that modules declare."""

from __future__ import annotations

import re

from iblint.hints import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from re import compile as regex
else:

    class regex:
        """What ``re.compile`` makes of the same arguments."""

        def __init__(self, pattern: str, flags: int = 0) -> None:
            self._arguments = pattern, flags

        def __getattr__(self, name: str) -> Any:
            """Compile; from then on the methods are those of the compiled pattern."""
            compiled = re.compile(*self._arguments)
            for method in ("fullmatch", "match", "search", "sub", "finditer", "findall"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)


__all__ = ["regex"]
