"""Policy-as-code compliance linter for EC2 Image Builder infrastructure configurations."""

from iblint.version import __version__

__all__ = ["__version__"]
