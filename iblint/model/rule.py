"""Compiled rules, as a run needs them. Their prose and examples are read by ``packs.authoring.prose``."""

from __future__ import annotations

from collections.abc import Mapping

from iblint.model.path import Path
from iblint.model.record import Record
from iblint.model.resource import Origin
from iblint.model.verdict import Severity, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

Status: TypeAlias = "Literal['preview', 'stable', 'deprecated']"
Safety: TypeAlias = "Literal['safe', 'unsafe']"
Relation: TypeAlias = "Literal['exact', 'analogous']"

CORE = "core"
"""The tag, selector and profile of the core rules."""

FORMER_CORE = "mission"
"""The name of CORE in 0.1.0, which stays valid."""


class AbsentMeaning(Record):
    """The verdict if none of the rule's ``at`` paths is set; None if the schema or check decides."""

    verdict: Verdict | None
    message: str | None = None


class RuleFix(Record):
    """The fix that a rule file declares: the values to set and the properties to remove so that the rule passes.

    A ``safe`` fix keeps the intent of the configuration and loses nothing; an ``unsafe`` one guesses a value or changes
    behaviour. The edits of one finding are a ``model.fix.Fix``.
    """

    title: str
    safety: Safety
    set: Mapping[str, Any]
    """JSON Pointer -> value to set."""
    remove: tuple[str, ...] = ()


class OptionSpec(Record):
    """An option of a rule: a JSON Schema for its value, and its default."""

    name: str
    description: str
    schema: Mapping[str, Any]
    default: Any


class Control(Record):
    """A control of a compliance framework; ``analogous`` if the control is about another kind of resource."""

    framework: str
    id: str
    relation: Relation
    version: str = ""


class Rule(Record):
    """One rule, compiled. Exactly one of ``schema`` and ``check`` is set."""

    code: str
    name: str
    title: str
    group: str
    """The folder of the rule file: validity, security, reliability, operations, context, live, or a pack's own."""
    severity: Severity
    status: Status
    since: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    enabled: bool
    """Whether the rule is selected by default. If not, select its name, group or tag, or ``all``."""
    core: bool
    """A core rule: ``apply`` always judges it, and its findings are never merged into those of another rule."""
    report_unknown: bool
    """Whether UNKNOWN is reported as a note. If not, it is only counted."""
    at: tuple[Path, ...]
    absent: Mapping[Origin, AbsentMeaning]
    schema: Any | None
    check: str | None
    reads: tuple[Path, ...]
    """The paths that a check reads; () for the whole spec. Only the choices there are enumerated."""
    message: str
    remediation: str
    options: tuple[OptionSpec, ...]
    fix: RuleFix | None
    pack: str
    url: str
    """Permanent URL of the rule's page."""
    update_schema: Any | None = None
    """The schema for update requests, if it is another one."""
    needs_siblings: bool = False
    """Whether the rule is not applicable if the document holds nothing but configurations."""
    needs_readings: bool = False
    """Whether the rule passes if every value is written as it is read (``Resource.readings``)."""

    @property
    def labels(self) -> frozenset[str]:
        """All selectors of the rule but code prefixes: code, name, aliases, group, tags."""
        return frozenset({self.code, self.name, self.group, *self.aliases, *self.tags})


class PackInfo(Record):
    """A loaded rule pack, as the report records it."""

    name: str
    version: str
    digest: str
    """``sha256:`` and the hex digest of the pack's rule files."""
