"""Which files a search opens, by their names."""

from __future__ import annotations

from iblint.model.record import Record


class Names(Record):
    """The names of the files that a search opens. Case does not matter."""

    suffixes: frozenset[str]
    """Without the dot."""
    inner: tuple[str, ...] = ()
    """A name that contains one of these is opened whatever its suffix: ``.yaml.``."""
    beginnings: tuple[str, ...] = ()
    """A name that begins with one of these is opened whatever its suffix: ``dockerfile.``."""
    without_suffix: bool = False
    """Whether names without a dot are opened."""
    never: frozenset[str] = frozenset()
    """Whole names, in lower case, that are not opened."""

    def match(self, name: str) -> bool:
        """Return whether a file of this name is opened."""
        lower = name.lower()
        if lower in self.never:
            return False
        return self.has_suffix(lower) or self.is_special(lower)

    def has_suffix(self, name: str) -> bool:
        """Return whether the name has one of the suffixes, as most names that are opened do."""
        _, dot, suffix = name.rpartition(".")
        return suffix.lower() in self.suffixes and bool(dot)

    def is_special(self, name: str) -> bool:
        """Return whether the name, in lower case, is opened although it has none of the suffixes."""
        if "." not in name:
            return self.without_suffix
        for part in self.inner:
            if part in name:
                return True
        return name.startswith(self.beginnings)
