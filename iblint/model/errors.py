"""The exceptions that end a run. What is wrong with a single input is an ``InputError``, not an exception.

IblintError
  UsageError       the command line cannot be carried out (exit 2)
  ConfigError      the configuration file is wrong (exit 2)
  RulePackError    a rule file or pack is wrong (exit 2)
  ParseError    a text cannot be parsed; the loader turns it into an InputError
"""

from __future__ import annotations

from iblint.exit_codes import ExitCode


class IblintError(Exception):
    """Base of all errors of iblint; ``str()`` is one clear message for the user."""

    exit_code: int = ExitCode.USAGE


class UsageError(IblintError):
    """The command line cannot be carried out."""


class ConfigError(IblintError):
    """The configuration is wrong. The message has file, line, what is wrong and what to do."""


class RulePackError(IblintError):
    """A rule file or pack is wrong. The message has file, line, what is wrong and what to do."""


class ParseError(IblintError):
    """A text cannot be parsed at a 1-based line and column.

    ``malformed`` is True for a syntax error, and False for valid syntax that iblint refuses.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1, *, malformed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column
        self.malformed = malformed
