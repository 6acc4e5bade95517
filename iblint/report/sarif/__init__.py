"""SARIF 2.1.0, as GitHub code scanning and others read it.

What readers make of a log decides some details. Levels are always written, since a missing one means the rule's. The
kind is always ``fail``, also for what could not be decided (a note): SARIF ties other kinds to level ``none``, which
nobody shows. Regions stay on one line, or no alert shows in a pull request. There is at most one result for a rule on a
line, because fingerprints are by line. There is no ``automationDetails`` unless a category is asked for (it would
switch off the uploader's), no guid, no time and no absolute path: the same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

import sarif_om as om

from iblint.model.document import InputError
from iblint.model.errors import UsageError
from iblint.model.path import Path, to_pointer
from iblint.model.report import Report
from iblint.model.resource import Location
from iblint.model.rule import Control, Rule
from iblint.model.span import Span
from iblint.model.verdict import Severity
from iblint.report._escape import is_inside, relative_uri, sentence, split_message, to_json, visible
from iblint.report._items import HOME, INPUT_NOT_JUDGED, Item, items, problem_location
from iblint.report._lines import Lines, one_line
from iblint.report._style import Checkout, Prose, Style
from iblint.report.sarif.help import help_markdown
from iblint.report.sarif.line_hash import line_hashes
from iblint.report.sarif.values import in_general, pascal_case, semantic_version, to_plain
from iblint.text.safe import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_ALWAYS = frozenset(
    {
        (om.Result, "level"),
        (om.Result, "kind"),
        (om.ReportingConfiguration, "level"),
        (om.Notification, "level"),
    }
)

_TEXT_LIMIT = 1000
"""Characters of a description; readers refuse more than 1024."""
_SNIPPET_LIMIT = 1000
"""Characters of a snippet; longer ones (minified files) are left out."""
_MAX_TAGS = 10
_MAX_MERGED = 5
_MAX_RESULTS = 25_000
_SHOWN_RESULTS = 5_000
_SECURITY_SEVERITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.NOTE: "2.0"}
_PROBLEM_SEVERITY = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}


def render(report: Report, style: Style) -> str:
    """Write the report as a SARIF log of one run.

    Raises UsageError for more results than readers take: they would refuse the whole log.
    """
    log = om.SarifLog(schema_uri=_SCHEMA, version="2.1.0", runs=[_Writer(report, style).run()])
    first = {"$schema": None, "version": None}
    return to_json(first | to_plain(log, _ALWAYS))


class _Writer:
    """One log being written: what all its parts need."""

    def __init__(self, report: Report, style: Style) -> None:
        self.report = report
        self.style = style
        self.catalogue = _Catalogue(report, style.prose or {})
        self.texts = Lines(report.texts)
        self.hashes: dict[str, dict[int, str]] = {}

    def run(self) -> om.Run:
        results = [self.result(merged) for merged in _by_line(self.report)]
        if len(results) > _MAX_RESULTS:
            raise UsageError(
                f"{len(results)} results are too many for SARIF: code scanning refuses a log of more than "
                f"{_MAX_RESULTS}. Check fewer paths in one run, or select fewer rules."
            )
        category, root = self.style.category, om.Message(text="The root of the repository.")
        return om.Run(
            tool=om.Tool(driver=self.catalogue.driver(self.report.version)),
            automation_details=om.RunAutomationDetails(id=f"{visible(category)}/") if category else None,
            invocations=[
                om.Invocation(
                    execution_successful=self.report.exit_code != 4,
                    exit_code=self.report.exit_code,
                    tool_execution_notifications=self.notifications(len(results)) or None,
                )
            ],
            original_uri_base_ids={_ROOT: om.ArtifactLocation(description=root)},
            version_control_provenance=_provenance(self.style.checkout),
            column_kind="unicodeCodePoints",
            taxonomies=self.catalogue.taxonomies() or None,
            results=results,
        )

    def notifications(self, results: int) -> list[om.Notification]:
        notifications = [self.problem(problem) for problem in self.report.problems]
        notices = [("note", notice) for notice in self.report.notices]
        if results > _SHOWN_RESULTS:
            notices.append(("warning", f"Code scanning shows the {_SHOWN_RESULTS} gravest of these {results} results."))
        return notifications + [
            om.Notification(level=level, message=om.Message(text=sentence(notice))) for level, notice in notices
        ]

    def result(self, merged: list[Item]) -> om.Result:
        first = merged[0]
        related = [(place, place.label or "the related place") for place in first.related if is_inside(place.file)]
        related += [(item.location, split_message(item.message)[0]) for item in merged[1 : _MAX_MERGED + 1]]
        links = [f"See [{id_}]({id_}): {_ended(_unlinked(label))}" for id_, (_, label) in enumerate(related, 1)]
        more = len(merged) - 1 - _MAX_MERGED
        links += [f"And {more} more on this line."] if more > 0 else []
        return om.Result(
            rule_id=first.rule.code,
            rule_index=self.catalogue.index[first.rule.code],
            kind="fail",
            level=max((item.severity for item in merged), key=lambda severity: severity.rank).value,
            message=om.Message(text=" ".join([_unlinked(f"{first.message} {first.help}"), *links])),
            locations=[self.location(first.location, first.path)],
            related_locations=[
                self.related(number, location, label) for number, (location, label) in enumerate(related, 1)
            ]
            or None,
            partial_fingerprints=self.fingerprints(first),
        )

    def location(self, location: Location, path: Path = ()) -> om.Location:
        pointer = visible(to_pointer(path))
        logical = [om.LogicalLocation(name=visible(str(path[-1])), fully_qualified_name=pointer)] if path else None
        span = one_line(location.span, self.texts.at(location.file, location.span.line))
        lines = self.texts.of(location.file) if self.style.excerpts else []
        return om.Location(
            logical_locations=logical,
            physical_location=om.PhysicalLocation(
                artifact_location=om.ArtifactLocation(uri=relative_uri(location.file), uri_base_id=_ROOT),
                region=om.Region(
                    start_line=span.line,
                    start_column=span.column,
                    end_line=span.end_line,
                    end_column=span.end_column,
                    snippet=_snippet("".join(lines[span.line - 1 : span.line])[span.column - 1 : span.end_column - 1]),
                ),
                context_region=_context(lines, span),
            ),
        )

    def related(self, number: int, location: Location, label: str) -> om.Location:
        related = self.location(location)
        related.id = number
        related.physical_location.context_region = None
        related.message = om.Message(text=_unlinked(label))
        return related

    def fingerprints(self, item: Item) -> dict[str, str]:
        file, line = item.location.file, item.location.span.line
        if file not in self.hashes:
            text = self.report.texts.get(file)
            self.hashes[file] = {} if text is None else line_hashes(text)
        digest = self.hashes[file].get(line)
        return {"iblint/v1": item.fingerprint} | ({"primaryLocationLineHash": digest} if digest else {})

    def problem(self, problem: InputError) -> om.Notification:
        return om.Notification(
            descriptor=om.ReportingDescriptorReference(
                id=INPUT_NOT_JUDGED.code, index=self.catalogue.index[INPUT_NOT_JUDGED.code]
            ),
            level="error",
            message=om.Message(text=_unlinked(problem.message)),
            locations=[self.location(problem_location(problem))],
        )


class _Catalogue:
    """The rules that a log can have results of, with their documentation and the controls they relate to."""

    def __init__(self, report: Report, prose: Mapping[str, Prose]) -> None:
        self.prose = prose
        self.rules = sorted((INPUT_NOT_JUDGED, *report.rules), key=lambda rule: rule.code)
        self.index = {rule.code: index for index, rule in enumerate(self.rules)}
        controls = [control for rule in self.rules if rule.code in prose for control in prose[rule.code].controls]
        self.frameworks = sorted({(control.framework, control.version) for control in controls})
        self.ids = {f: sorted({c.id for c in controls if (c.framework, c.version) == f}) for f in self.frameworks}

    def driver(self, version: str) -> om.ToolComponent:
        return om.ToolComponent(
            name="iblint",
            full_name="iblint, compliance linter for EC2 Image Builder",
            organization="iblint",
            information_uri=HOME,
            version=version,
            semantic_version=semantic_version(version),
            rules=[self.rule(rule) for rule in self.rules],
            supported_taxonomies=[self.framework(framework) for framework in self.frameworks] or None,
        )

    def rule(self, rule: Rule) -> om.ReportingDescriptor:
        title = f"{rule.title}."
        prose = self.prose.get(rule.code) or Prose(title)
        fix = printable(in_general(rule.remediation, rule)) or title
        return om.ReportingDescriptor(
            id=rule.code,
            name=pascal_case(rule.name),
            short_description=om.MultiformatMessageString(text=_cut(visible(title))),
            full_description=om.MultiformatMessageString(text=_cut(printable(prose.rationale))),
            help=om.MultiformatMessageString(text=fix, markdown=help_markdown(rule, prose, fix)),
            help_uri=rule.url or None,
            default_configuration=om.ReportingConfiguration(level=rule.severity.value),
            relationships=[self.relationship(control) for control in prose.controls] or None,
            properties=_properties(rule),
        )

    def relationship(self, control: Control) -> om.ReportingDescriptorRelationship:
        framework = (control.framework, control.version)
        target = om.ReportingDescriptorReference(
            id=visible(control.id),
            index=self.ids[framework].index(control.id),
            tool_component=self.framework(framework),
        )
        kind = "equal" if control.relation == "exact" else "relevant"
        return om.ReportingDescriptorRelationship(target=target, kinds=[kind])

    def framework(self, framework: tuple[str, str]) -> om.ToolComponentReference:
        return om.ToolComponentReference(name=visible(framework[0]), index=self.frameworks.index(framework))

    def taxonomies(self) -> list[om.ToolComponent]:
        return [
            om.ToolComponent(
                name=visible(name),
                version=visible(version) or None,
                taxa=[om.ReportingDescriptor(id=visible(id_)) for id_ in self.ids[name, version]],
            )
            for name, version in self.frameworks
        ]


def _provenance(checkout: Checkout | None) -> list[om.VersionControlDetails] | None:
    if checkout is None:
        return None
    return [
        om.VersionControlDetails(
            repository_uri=checkout.repository,
            revision_id=checkout.revision,
            branch=checkout.branch,
            mapped_to=om.ArtifactLocation(uri_base_id=_ROOT),
        )
    ]


def _by_line(report: Report) -> list[list[Item]]:
    """Everything that a result is due for, one group for each rule and line, in the order of the report."""
    groups: dict[tuple[str, int, str], list[Item]] = {}
    for item in items(report):
        groups.setdefault((item.location.file, item.location.span.line, item.rule.code), []).append(item)
    return [groups[key] for key in sorted(groups)]


def _properties(rule: Rule) -> dict[str, Any]:
    security = rule.core or rule.group == "security"
    tags = dict.fromkeys([*(["security"] if security else []), rule.group, *rule.tags])
    properties: dict[str, Any] = {
        "tags": list(tags)[:_MAX_TAGS],
        "precision": "high" if rule.schema is None else "very-high",
    }
    if security:
        return properties | {"security-severity": _SECURITY_SEVERITY[rule.severity]}
    return properties | {"problem.severity": _PROBLEM_SEVERITY[rule.severity]}


def _context(lines: list[str], span: Span) -> om.Region | None:
    """The lines around a region; None when the region is the whole file, or when they are too long."""
    first, last = max(span.line - 1, 1), min(span.line + 1, len(lines))
    snippet = _snippet("\n".join(lines[first - 1 : last]))
    is_whole_file = first >= last and span.column == 1 and span.end_column > len("".join(lines))
    if is_whole_file or first > last or snippet is None:
        return None
    return om.Region(start_line=first, end_line=last, snippet=snippet)


def _snippet(text: str) -> om.ArtifactContent | None:
    return om.ArtifactContent(text=text) if 0 < len(text) <= _SNIPPET_LIMIT else None


def _unlinked(text: str) -> str:
    """A message as one line in which no text of a file can form a link.

    Braces stay single: SARIF (3.11.5) would double them, because ``{0}`` stands for an argument; but no message here
    has arguments, and code scanning shows a text as it is: ``{{resolve:...}}`` has to be read as it was written.
    """
    return sentence(text, _TEXT_LIMIT).replace("](", "] (")


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"
