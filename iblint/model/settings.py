"""The settings of a run, from the configuration file and the command line."""

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

    Compared by identity, so that the rules prepared for an override can be cached.
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
    var_files: tuple[str, ...] = ()


class Settings(Record):
    """All settings, defaults filled in.

    A selector is a rule's code, code prefix, name, alias, group or tag, or ``default`` or ``all``.
    """

    profile: str | None = None
    """A named preset of settings, for those that are not in ``written`` (see ``config.load.with_profile``)."""
    select: tuple[str, ...] = ("default",)
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "error"
    strict: bool = False
    require_configurations: bool = False
    enforce: str | None = None
    """From ``--enforce``: ``core`` if nothing in the tree may weaken the core rules."""
    no_declared_evidence: bool = False
    """From ``--no-declared-evidence``: whether what the tree declares of a deployment is left out of account."""
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
    """Files with values for the parameters of templates, resolved like ``rules``. Later files override earlier ones."""
    var_files: tuple[str, ...] = ()
    """Files with values for the variables of Terraform modules, resolved like ``rules``; later ones win."""
    var: tuple[str, ...] = ()
    """Values for variables of Terraform modules, as ``NAME=VALUE``; they win over files."""
    rules: tuple[str, ...] = ()
    """Folders of custom rules, relative to the configuration file or the working folder."""
    packs: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    root: str | None = None
    """Folder of the configuration file; globs are relative to it. None for the working folder."""
    folder: str | None = None
    """The working folder of the run; file names are relative to it. None for that of the process."""
    file: str | None = None
    """The configuration file as messages show it: ``.iblint.yaml``; None if there is none."""
    written: Mapping[Path, str] = field(default_factory=dict)
    """Where each setting was given, by its path in the configuration: ``("severity", "IB401")`` -> ``.iblint.yaml:7``,
    ``("select",)`` -> ``--select``. Settings that are not in it have their defaults."""

    def place(self, path: Path) -> str:
        """Return where a setting, or the nearest one above it, was given, to begin a message; "" for a default."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.written:
                return f"{self.written[path[:length]]}: "
        return ""
