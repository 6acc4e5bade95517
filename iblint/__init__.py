"""Policy-as-code compliance linter for EC2 Image Builder infrastructure configurations.

>>> import iblint
>>> report = iblint.check(["examples/requests/good"])
>>> report.exit_code
0
"""

# Not even __future__ is imported here: with python -m this module runs before __main__ can make that safe.
from iblint.version import __version__

TYPE_CHECKING = False
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

_MODULES = {
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


def check(paths: "str | Sequence[str]", *, config: str | None = None, executor: "Executor | None" = None) -> "Report":
    """Check every infrastructure configuration under ``paths``, as ``iblint check`` does.

    ``paths`` is a file or folder, or several. ``config`` is a configuration file; by default ``.iblint.yaml`` or
    ``[tool.iblint]`` is searched from the working folder upward. Errors in a single input are in ``Report.problems``.

    An ``executor`` of ``concurrent.futures``, or a compatible one of Dask or Ray, reads the files in its workers; the
    report is the same. The workers need iblint, and the files under the same paths.

    Raises UsageError for a path that does not exist, ConfigError and RulePackError for a wrong configuration or pack.
    """
    from pathlib import Path

    from iblint.config.load import load_settings
    from iblint.pipeline import check_paths

    settings = load_settings(config, Path.cwd())
    return check_paths([paths] if isinstance(paths, str) else paths, settings, executor=executor)


def __getattr__(name: str) -> "Any":
    """Import the classes of ``__all__`` on first use."""
    if name in _MODULES:
        from importlib import import_module

        return getattr(import_module(f"iblint.model.{_MODULES[name]}"), name)
    raise AttributeError(f"module 'iblint' has no attribute {name!r}")
