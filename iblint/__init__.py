"""Policy-as-code compliance linter for EC2 Image Builder infrastructure configurations.

>>> import iblint
>>> report = iblint.check(["examples/requests/good"])
>>> report.exit_code
0
"""

from __future__ import annotations

from iblint.version import __version__

TYPE_CHECKING = False  # importing typing would triple the price of dismissing a file
if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from typing import Any

    from iblint.model.errors import ConfigError, IblintError, RulePackError, UsageError
    from iblint.model.report import Configuration, Finding, Outcome, Report
    from iblint.model.settings import Settings
    from iblint.model.verdict import Severity, Verdict

__all__ = [
    "ConfigError",
    "Configuration",
    "Finding",
    "IblintError",
    "Outcome",
    "Report",
    "RulePackError",
    "Settings",
    "Severity",
    "UsageError",
    "Verdict",
    "__version__",
    "check",
]

_HOMES = {
    "ConfigError": "errors",
    "Configuration": "report",
    "Finding": "report",
    "IblintError": "errors",
    "Outcome": "report",
    "Report": "report",
    "RulePackError": "errors",
    "Settings": "settings",
    "Severity": "verdict",
    "UsageError": "errors",
    "Verdict": "verdict",
}


def check(paths: str | Sequence[str], *, config: str | None = None, executor: Executor | None = None) -> Report:
    """Judge every infrastructure configuration under ``paths``, as ``iblint check`` does.

    ``paths`` are files and folders, or one of them. ``config`` names a configuration file; without it ``.iblint.yaml``
    or ``[tool.iblint]`` is looked for from the working folder upward. Raises UsageError for a path that does not exist,
    ConfigError and RulePackError for a wrong configuration or rule pack. What is wrong with a single input is in
    ``Report.problems``.

    An ``executor`` of ``concurrent.futures``, or one that behaves like it, as those of Dask and Ray do, reads the files
    in place of this process; the report is the same. Its workers need iblint, and see the files under the same names.
    """
    from pathlib import Path

    from iblint.config import load_settings
    from iblint.logic.compiler import accepts
    from iblint.pipeline import check_paths

    settings = load_settings(config, Path.cwd(), accepts)
    return check_paths([paths] if isinstance(paths, str) else paths, settings, executor=executor)


def __getattr__(name: str) -> Any:
    """Load the vocabulary when it is first asked for: the command line does not pay for what it does not use."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"iblint.model.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'iblint' has no attribute {name!r}")
