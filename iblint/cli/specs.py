"""The specifications of plan and apply: read once, judged for each account and Region that they may be applied to."""

from __future__ import annotations

from collections.abc import Sequence

from iblint.apply.plan import Judged
from iblint.config.load import with_command_line
from iblint.config.overrides import target_for
from iblint.discovery.files import KeptFiles
from iblint.exit_codes import ExitCode
from iblint.model.document import Source
from iblint.model.errors import IblintError, UsageError
from iblint.model.question import Facts
from iblint.model.record import Record, field, replace
from iblint.model.report import Report
from iblint.model.resource import Resource
from iblint.model.settings import Settings
from iblint.packs import RuleSet
from iblint.packs.select import with_core_rules
from iblint.pipeline import Read, check_sources, complete, read_paths
from iblint.session import Session
from iblint.text.wording import did_you_mean

REQUEST = "request"
"""The dialect of files that hold requests only. Of other dialects, the user must choose the configuration."""


_FORMS = {"terraform": "Terraform module", "boto3-calls": "program", "aws-cli": "script"}
"""What a file of a dialect is, in place of a template."""


class NothingToApply(IblintError):
    """No configuration was found (exit 3)."""

    exit_code = ExitCode.NOTHING_TO_CHECK


class NotReadable(IblintError):
    """No configuration could be read, so the gate refuses to apply (exit 1)."""

    exit_code = ExitCode.FINDINGS


class Specs(Record, frozen=False):
    """The bytes of all inputs, read once, so that the content that is sent is the content that was judged."""

    items: Sequence[Read]
    settings: Settings
    rules: RuleSet
    chosen: Sequence[str] = ()
    """Names, addresses or IDs of the configurations to apply. If empty, apply all requests."""
    regions: Sequence[str] = ()
    """Regions of the command line, which outrank the declared ones."""
    files: KeptFiles = field(default_factory=KeptFiles)
    """Reads the companions of the inputs, each once."""

    def judge(self, facts: Facts, account: str | None, region: str | None) -> Judged:
        """Judge everything for an account and a Region. What is declared for a file outranks the account."""
        settings = replace(self.settings, account=self.settings.account or account)
        if self.regions and region is not None:
            settings = with_command_line(settings, {"region": region})
        else:
            settings = replace(settings, region=settings.region or region)
        session = Session(facts, keep_resources=True)
        report = check_sources(self.items, settings, self.rules, session, files=self.files)
        return Judged(report, self._choose(report), self._expected(report))

    def _choose(self, report: Report) -> tuple[Resource, ...]:
        """Return the configurations to apply. Raises UsageError if it is not clear which."""
        found = report.resources
        if not found and report.problems:
            raise NotReadable("; ".join(f"{p.file}:{p.line}: {p.message}" for p in report.problems))
        if self.chosen:
            return tuple(_one(found, name) for name in self.chosen)
        for resource in found:
            if resource.dialect != REQUEST or resource.form:
                what = (
                    f"holds a {resource.form}" if resource.form else f"is a {_FORMS.get(resource.dialect, 'template')}"
                )
                raise UsageError(
                    f"{resource.file} {what}. Name the configuration to create from it: --resource {resource.address}."
                )
        if not found:
            notices = [f"{n.file}:{n.line}: {n.message}" for n in report.notices]
            raise NothingToApply("\n".join(["The files have no infrastructure configuration.", *notices]))
        return found

    def _expected(self, report: Report) -> dict[str, tuple[str | None, str | None]]:
        """Return the account and the Region that each file is declared for."""
        targets = {r.file: target_for(self.settings, r.file) for r in report.resources}
        return {file: (t.account, None if self.regions else t.region) for file, t in targets.items()}


def _one(found: Sequence[Resource], name: str) -> Resource:
    """Return the configuration of a name. Raises UsageError if there is none, or more than one."""
    matching = [r for r in found if name in (r.id, r.address, r.spec.get("name"))]
    if len(matching) == 1:
        return matching[0]
    if matching:
        ids = ", ".join(resource.id for resource in matching)
        raise UsageError(f"--resource {name} matches several configurations. Name one of: {ids}.")
    names = [text for r in found for text in (r.address, r.name)]
    hint = did_you_mean(name, names) or (f" Configurations: {', '.join(r.id for r in found)}." if found else "")
    raise UsageError(f"There is no configuration '{name}'.{hint}")


def read_specs(
    specs: Sequence[str],
    settings: Settings,
    rules: RuleSet,
    stdin: Source | None,
    chosen: Sequence[str],
    regions: Sequence[str],
) -> Specs:
    """Read all specifications. Raises UsageError for a path that does not exist, ConfigError for wrong settings."""
    items: list[Read] = [stdin] if stdin is not None else []
    items += read_paths(specs, settings)
    settings = with_core_rules(complete(settings, rules), rules.rules)
    return Specs(tuple(items), settings, rules, chosen, regions)
