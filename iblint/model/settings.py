"""Typed settings of a run: what the configuration file and the command line come to. Data only."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.context import BuildTypeValue
from iblint.model.path import Path
from iblint.model.record import Record, field
from iblint.model.verdict import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

FailOn: TypeAlias = "Literal['error', 'warning', 'note', 'never']"


class Override(Record, eq=False):
    """Settings for the files that match ``files`` (gitignore-style globs, relative to the configuration file).

    Compared and hashed by identity, so that work can be kept for each override.
    """

    files: tuple[str, ...]
    build_type: BuildTypeValue | None = None
    dialect: str | None = None
    account: str | None = None
    region: str | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sns_topic_keys: Mapping[str, str] = field(default_factory=dict)


class Settings(Record):
    """All settings, defaults filled in. Selectors name a rule by code, code prefix, name, alias, group, tag,
    or are ``default`` or ``all``."""

    profile: str | None = None
    """A named preset of the rule set; it holds for what is not in ``written`` (``config.with_profile``)."""
    select: tuple[str, ...] = ("default",)
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "error"
    strict: bool = False
    require_configurations: bool = False
    account: str | None = None
    region: str | None = None
    build_type: BuildTypeValue | None = None
    """From the configuration file."""
    cli_build_type: BuildTypeValue | None = None
    """From ``--build-type``."""
    assume_container: bool = False
    sns_topic_keys: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """Rule code or name -> severity."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Rule code or name -> option -> value."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    dialect: str | None = None
    parameters: tuple[str, ...] = ()
    """Files that give the parameters of templates their values, resolved as ``rules`` is; later ones win."""
    rules: tuple[str, ...] = ()
    """Folders of custom rules, resolved against the configuration file or the working folder."""
    packs: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    root: str | None = None
    """Folder of the configuration file, which globs are relative to; None for the working folder."""
    folder: str | None = None
    """The working folder of the run, which names of files are relative to; None for that of this process."""
    file: str | None = None
    """The configuration file as it is shown: ``.iblint.yaml``; None when there is none."""
    written: Mapping[Path, str] = field(default_factory=dict)
    """Where each setting was given, by its path in the configuration: ``("severity", "IB401")`` -> ``.iblint.yaml:7``,
    ``("select",)`` -> ``--select``. What is not in it is a default."""

    def place(self, path: Path) -> str:
        """Where a setting was given, or the nearest one above it, to begin a message with; empty for a default."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.written:
                return f"{self.written[path[:length]]}: "
        return ""
