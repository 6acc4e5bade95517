"""Errors that end a run. All that can be said of a single input is an ``InputError``, not an exception.

IblintError
  UsageError       what the command line asks for cannot be done (exit 2)
  ConfigError      the configuration file is wrong (exit 2)
  RulePackError    a rule file or pack is wrong (exit 2)
  ParseError    a text cannot be parsed; loaders turn it into an InputError
"""

from __future__ import annotations

from iblint.exit_codes import ExitCode


class IblintError(Exception):
    """Base of all errors of iblint; ``str()`` is one clear message for the user."""

    exit_code: int = ExitCode.USAGE


class UsageError(IblintError):
    """What the command line asks for cannot be done."""


class ConfigError(IblintError):
    """The configuration is wrong: file, line, what is wrong, what to do."""


class RulePackError(IblintError):
    """A rule file or pack is wrong: file, line, what is wrong, what to do."""


class ParseError(IblintError):
    """A text cannot be parsed at a 1-based line and column.

    ``malformed``: it breaks the syntax; otherwise it is refused for what it holds, and other tools may read it.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1, *, malformed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.malformed = malformed
