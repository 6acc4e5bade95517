"""SARIF 2.1.0, for GitHub code scanning and other readers.

Some details are due to readers. Levels are always written, because readers take a missing level from the rule. The kind
is always ``fail``, also for UNKNOWN (a note): SARIF ties other kinds to level ``none``, which nobody shows. Regions are
on one line, or no alert appears in a pull request. There is at most one result for a rule on a line, because
fingerprints are by line. ``automationDetails`` is written only if a category is given, because it overrides that of the
uploader. No guid, time or absolute path is written: the same report gives the same bytes.
"""

from __future__ import annotations

import sarif_om as om

from iblint.model.document import InputError, NotJudged
from iblint.model.errors import UsageError
from iblint.model.path import Path, to_pointer
from iblint.model.report import Report
from iblint.model.resource import Location
from iblint.model.span import Span
from iblint.report._issues import INPUT_NOT_JUDGED, Issue, issues_of, location_of
from iblint.report._places import Lines, is_inside, relative_uri, within_line
from iblint.report._style import Checkout, Needs, Style
from iblint.report._summary import show_notice
from iblint.report.sarif.line_hash import line_hashes
from iblint.report.sarif.rules import MAX_TEXT, Catalogue
from iblint.text.safe import single_line, to_json, visible
from iblint.text.wording import split_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.model.fix import Fix, TextEdit

NEEDS = Needs(checkout=True, prose=True)
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_ALWAYS_WRITTEN = frozenset(
    {
        (om.Result, "level"),
        (om.Result, "kind"),
        (om.ReportingConfiguration, "level"),
        (om.Notification, "level"),
    }
)
_MAX_SNIPPET = 1000
"""Characters of a snippet; longer ones (minified files) are left out."""
_MAX_MERGED = 5
"""Further issues of a rule on a line that are listed in its result."""
_MAX_RESULTS = 25_000
"""Results of a log; code scanning refuses a log with more."""
_MAX_SHOWN = 5_000
"""Results that code scanning shows."""


def render(report: Report, style: Style) -> str:
    """Write the report as a SARIF log of one run.

    Raises UsageError if there are more results than code scanning accepts.
    """
    log = om.SarifLog(schema_uri=_SCHEMA, version="2.1.0", runs=[_Writer(report, style).run()])
    first = {"$schema": None, "version": None}
    return to_json(first | _to_plain(log))


class _Writer:
    """Makes the run of a log from a report."""

    def __init__(self, report: Report, style: Style) -> None:
        self.report = report
        self.style = style
        self.catalogue = Catalogue(report, style.prose or {})
        self.texts = Lines(report.texts)
        self.hashes: dict[str, dict[int, str]] = {}

    def run(self) -> om.Run:
        results = [self.result(issues) for issues in _by_line(self.report)]
        if len(results) > _MAX_RESULTS:
            raise UsageError(
                f"The SARIF log has {len(results)} results, but code scanning accepts at most {_MAX_RESULTS}. Check "
                "fewer paths in one run, or select fewer rules."
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
        notices = [("note", show_notice(notice)) for notice in self.report.notices]
        if results > _MAX_SHOWN:
            notices.append(("warning", f"Code scanning shows the {_MAX_SHOWN} most severe of these {results} results."))
        of_inputs = [self.input_error(error) for error in self.report.problems]
        of_inputs += [self.not_judged(each) for each in self.report.not_judged]
        return of_inputs + [
            om.Notification(level=level, message=om.Message(text=single_line(notice))) for level, notice in notices
        ]

    def input_error(self, error: InputError) -> om.Notification:
        code = INPUT_NOT_JUDGED.code
        return om.Notification(
            descriptor=om.ReportingDescriptorReference(id=code, index=self.catalogue.index[code]),
            level="error",
            message=om.Message(text=_unlinked(error.message)),
            locations=[self.location(location_of(error))],
        )

    def not_judged(self, each: NotJudged) -> om.Notification:
        place = Location(each.file, Span(each.line, each.column, each.line, each.column))
        return om.Notification(
            level="note",
            message=om.Message(text=_unlinked(f"Not judged ({each.kind}): {each.reason} {each.help}")),
            locations=[self.location(place)],
        )

    def result(self, issues: list[Issue]) -> om.Result:
        """Return the result for the issues of one rule on one line."""
        first = issues[0]
        related = [(place, place.label or "related location") for place in first.related if is_inside(place.file)]
        related += [(issue.location, split_message(issue.message)[0]) for issue in issues[1 : _MAX_MERGED + 1]]
        links = [f"See [{id_}]({id_}): {_ended(_unlinked(label))}" for id_, (_, label) in enumerate(related, 1)]
        more = len(issues) - 1 - _MAX_MERGED
        links += [f"And {more} more on this line."] if more > 0 else []
        return om.Result(
            rule_id=first.rule.code,
            rule_index=self.catalogue.index[first.rule.code],
            kind="fail",
            level=max((issue.severity for issue in issues), key=lambda severity: severity.rank).value,
            message=om.Message(text=" ".join([_unlinked(f"{first.message} {first.help}"), *links])),
            locations=[self.location(first.location, first.path)],
            related_locations=[
                self.related(number, location, label) for number, (location, label) in enumerate(related, 1)
            ]
            or None,
            partial_fingerprints=self.fingerprints(first),
            fixes=[_fix(issue.fix) for issue in issues if issue.fix] or None,
            suppressions=_suppressions(issues),
        )

    def location(self, location: Location, path: Path = ()) -> om.Location:
        pointer = visible(to_pointer(path))
        logical = [om.LogicalLocation(name=visible(str(path[-1])), fully_qualified_name=pointer)] if path else None
        span = within_line(location.span, self.texts.at(location.file, location.span.line))
        lines = self.texts.of(location.file) if self.style.excerpts else []
        region = _region(span)
        region.snippet = _snippet("".join(lines[span.line - 1 : span.line])[span.column - 1 : span.end_column - 1])
        return om.Location(
            logical_locations=logical,
            physical_location=om.PhysicalLocation(
                artifact_location=_artifact(location.file), region=region, context_region=_context(lines, span)
            ),
        )

    def related(self, number: int, location: Location, label: str) -> om.Location:
        related = self.location(location)
        related.id = number
        related.physical_location.context_region = None
        related.message = om.Message(text=_unlinked(label))
        return related

    def fingerprints(self, issue: Issue) -> dict[str, str]:
        file, line = issue.location.file, issue.location.span.line
        if file not in self.hashes:
            text = self.report.texts.get(file)
            self.hashes[file] = {} if text is None else line_hashes(text)
        digest = self.hashes[file].get(line)
        return {"iblint/v1": issue.fingerprint} | ({"primaryLocationLineHash": digest} if digest else {})


def _by_line(report: Report) -> list[list[Issue]]:
    """Return the issues in groups of one rule and one line, in the order of the report."""
    groups: dict[tuple[str, int, str], list[Issue]] = {}
    for issue in issues_of(report):
        groups.setdefault((issue.location.file, issue.location.span.line, issue.rule.code), []).append(issue)
    return [groups[key] for key in sorted(groups)]


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


def _fix(fix: Fix) -> om.Fix:
    by_file: dict[str, list[TextEdit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.file, []).append(edit)
    return om.Fix(
        description=om.Message(text=single_line(fix.title)),
        artifact_changes=[
            om.ArtifactChange(artifact_location=_artifact(file), replacements=[_replacement(edit) for edit in edits])
            for file, edits in by_file.items()
        ],
    )


def _replacement(edit: TextEdit) -> om.Replacement:
    inserted = om.ArtifactContent(text=edit.text) if edit.text else None
    return om.Replacement(deleted_region=_region(edit.span), inserted_content=inserted)


def _suppressions(issues: list[Issue]) -> list[om.Suppression] | None:
    """Return the suppressions of a result; none if it also has an issue that is not suppressed."""
    found = [issue.suppression for issue in issues if issue.suppression]
    if len(found) < len(issues):
        return None
    return [
        om.Suppression(kind="inSource" if s.kind == "inline" else "external", justification=single_line(s.reason))
        for s in found
    ]


def _artifact(file: str) -> om.ArtifactLocation:
    return om.ArtifactLocation(uri=relative_uri(file), uri_base_id=_ROOT)


def _region(span: Span) -> om.Region:
    return om.Region(start_line=span.line, start_column=span.column, end_line=span.end_line, end_column=span.end_column)


def _context(lines: list[str], span: Span) -> om.Region | None:
    """Return the lines around a region; None if the region is the whole file, or if the lines are too long."""
    first, last = max(span.line - 1, 1), min(span.line + 1, len(lines))
    snippet = _snippet("\n".join(lines[first - 1 : last]))
    is_whole_file = first >= last and span.column == 1 and span.end_column > len("".join(lines))
    if is_whole_file or first > last or snippet is None:
        return None
    return om.Region(start_line=first, end_line=last, snippet=snippet)


def _snippet(text: str) -> om.ArtifactContent | None:
    return om.ArtifactContent(text=text) if 0 < len(text) <= _MAX_SNIPPET else None


def _unlinked(text: str) -> str:
    """Return a message on one line in which no text of a file can form a link.

    Braces are not doubled. SARIF (3.11.5) reserves ``{0}`` for arguments, but these messages have none, and code
    scanning shows a text as it is: ``{{resolve:...}}`` has to be shown as it was written.
    """
    return single_line(text, MAX_TEXT).replace("](", "] (")


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _to_plain(value: Any) -> Any:
    """Turn objects of the SARIF object model into plain data.

    Properties that are None or have their default are left out, because the defaults of the model (``rank: -1``) are
    not always those of readers. Those in _ALWAYS_WRITTEN are written whatever their value.
    """
    fields = getattr(type(value), "__attrs_attrs__", None)
    if fields is not None:
        plain = {}
        for field in fields:
            item = getattr(value, field.name)
            default = field.default.factory() if hasattr(field.default, "factory") else field.default
            if item is not None and (item != default or (type(value), field.name) in _ALWAYS_WRITTEN):
                plain[field.metadata["schema_property_name"]] = _to_plain(item)
        return plain
    if isinstance(value, dict):
        return {key: _to_plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_to_plain(item) for item in value]
    return value
