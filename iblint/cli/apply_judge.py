"""Reading specifications once, and judging them again and again: for each account and Region that they may go to."""

from __future__ import annotations

from collections.abc import Sequence

from iblint import config
from iblint.apply.plan import Judged
from iblint.discovery.files import KeptFiles
from iblint.facts.questions import Facts
from iblint.model.document import InputError, Source
from iblint.model.errors import IblintError, UsageError
from iblint.model.record import Record, field, replace
from iblint.model.report import Report
from iblint.model.resource import Resource
from iblint.model.settings import Settings
from iblint.packs import RuleSet
from iblint.packs.core_rules import with_missions
from iblint.pipeline import check_sources, complete, read_paths
from iblint.session import Session

REQUEST = "request"
"""The dialect whose files hold nothing but what is to be created."""


class NothingToApply(IblintError):
    """No configuration was found (exit 3)."""

    exit_code = 3


class NotReadable(IblintError):
    """Nothing could be read of what was named: the gate stays shut (exit 1)."""

    exit_code = 1


class Bench(Record, frozen=False):
    """The bytes of all inputs, read once: what is judged is what is sent, whatever happens to the files."""

    items: Sequence[Source | InputError]
    settings: Settings
    rules: RuleSet
    chosen: Sequence[str] = ()
    """Names, addresses or ids of the configurations to apply; empty for all requests."""
    regions: Sequence[str] = ()
    """Regions that the command line asks for, whatever is declared."""
    files: KeptFiles = field(default_factory=KeptFiles)
    """Reads the companions of the inputs, once too."""

    def judge(self, facts: Facts, account: str | None, region: str | None) -> Judged:
        """Judge everything for an account and a Region; what is declared for a file stands above the account."""
        settings = replace(self.settings, account=self.settings.account or account)
        if self.regions and region is not None:
            settings = config.with_command_line(settings, {"region": region})
        else:
            settings = replace(settings, region=settings.region or region)
        session = Session(facts, keep_resources=True)
        report = check_sources(self.items, settings, self.rules, session, files=self.files)
        return Judged(report, self._choose(report), self._expected(report))

    def _choose(self, report: Report) -> tuple[Resource, ...]:
        """The configurations to apply. Raises UsageError when it is not clear which."""
        found = report.resources
        if not found and report.problems:
            raise NotReadable("; ".join(f"{p.file}:{p.line}: {p.message}" for p in report.problems))
        if self.chosen:
            return tuple(_one(found, name) for name in self.chosen)
        for resource in found:
            if resource.dialect != REQUEST:
                raise UsageError(
                    f"{resource.file} is a template. Name the configuration that is to be created from it: "
                    f"--resource {resource.address}."
                )
        if not found:
            raise NothingToApply("There is no infrastructure configuration in what was named.")
        return found

    def _expected(self, report: Report) -> dict[str, tuple[str | None, str | None]]:
        targets = {r.file: config.target_for(self.settings, r.file) for r in report.resources}
        return {file: (t.account, None if self.regions else t.region) for file, t in targets.items()}


def _one(found: Sequence[Resource], name: str) -> Resource:
    matching = [r for r in found if name in (r.id, r.address, r.spec.get("name"))]
    if len(matching) == 1:
        return matching[0]
    if matching:
        ids = ", ".join(resource.id for resource in matching)
        raise UsageError(f"--resource {name} is the name of several configurations. Take one of: {ids}.")
    from iblint.text.wording import did_you_mean

    names = [text for r in found for text in (r.address, r.name)]
    hint = did_you_mean(name, names) or (f" There are: {', '.join(r.id for r in found)}." if found else "")
    raise UsageError(f"There is no configuration '{name}'.{hint}")


def bench(
    specs: Sequence[str],
    settings: Settings,
    rules: RuleSet,
    stdin: Source | None,
    chosen: Sequence[str],
    regions: Sequence[str],
) -> Bench:
    """Read everything that was named. Raises UsageError for a path that does not exist, ConfigError for settings."""
    items: list[Source | InputError] = [stdin] if stdin is not None else []
    items += read_paths(specs, settings)
    settings = with_missions(complete(settings, rules), rules.rules)
    return Bench(tuple(items), settings, rules, chosen, regions)
