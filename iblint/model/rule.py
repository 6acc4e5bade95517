"""Rules as a run needs them. Prose and examples stay in the rule's file (``rulepack.reference``)."""

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
    """What it means that none of the rule's ``at`` paths is written; None leaves it to the schema or check."""

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
    """JSON Pointer -> value."""
    remove: tuple[str, ...] = ()


class OptionSpec(Record):
    """An option of a rule: a JSON Schema for its value, and its default."""

    name: str
    description: str
    schema: Mapping[str, Any]
    default: Any


class Control(Record):
    """A control of a compliance framework; ``analogous`` when the control is formally about another resource."""

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
    """On by default; a rule that is off is selected by naming it, its group, its tag, or ``all``."""
    core: bool
    """A core rule: ``apply`` always judges it, and its findings are never merged into those of another rule."""
    report_unknown: bool
    """UNKNOWN is reported as a note; otherwise it is only counted."""
    at: tuple[Path, ...]
    absent: Mapping[Origin, AbsentMeaning]
    schema: Any | None
    check: str | None
    reads: tuple[Path, ...]
    """What a check reads of the spec, for bounding the values that are enumerated; () means all of it."""
    message: str
    remediation: str
    options: tuple[OptionSpec, ...]
    fix: RuleFix | None
    pack: str
    url: str
    """Stable address of the rule's page."""
    needs_siblings: bool = False
    """Not applicable where no other resource stands beside the configuration."""

    @property
    def labels(self) -> frozenset[str]:
        """Everything that selects the rule, except code prefixes: code, name, aliases, group, tags."""
        return frozenset({self.code, self.name, self.group, *self.aliases, *self.tags})


class PackInfo(Record):
    """A loaded rule pack: what the report records of it."""

    name: str
    version: str
    digest: str
    """``sha256:`` and the hex digest of the pack's rule files."""
