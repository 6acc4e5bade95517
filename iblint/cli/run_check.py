"""``iblint check`` once its options are parsed, by click or by the fast path."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from iblint.cli.console import (
    DEFAULT_WIDTH,
    ProgressLine,
    read_stdin,
    terminal_width,
    use_color,
    write_stderr,
    write_stdout,
)
from iblint.cli.output import STDOUT, Output, pair_formats, write_file
from iblint.cli.settings import facts_of, settings_of
from iblint.exit_codes import ExitCode
from iblint.model.document import Source
from iblint.model.errors import UsageError
from iblint.model.report import Report
from iblint.report import Needs, Prose, needs_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.packs import RuleSet
    from iblint.timings import Timings

STDIN = "-"


_SETTINGS = (
    *("select", "ignore", "profile", "fail_on", "strict", "require_configurations", "build_type"),
    *(
        "account",
        "region",
        "dialect",
        "parameters",
        "var_files",
        "var",
        "rules",
        "packs",
        "enforce",
        "no_declared_evidence",
    ),
)
"""Options that override the setting of the same name."""


def check(paths: Sequence[str], options: dict[str, Any], report_options: Sequence[tuple[str, str]]) -> int:
    """Judge the paths, write the reports, and return the exit code.

    ``options`` has a value for each option of ``options.CHECK``; ``report_options`` has the values of --format and
    --output in the order of the command line.
    """
    if options["quiet"] and options["verbose"]:
        raise UsageError("--quiet and --verbose cannot be used together.")
    outputs = pair_formats(report_options)
    formats = {output.format for output in outputs}
    if options["sarif_category"] and "sarif" not in formats:
        raise UsageError("--sarif-category needs --format sarif.")
    timings = _timings(options["timings"])
    needs = needs_of(formats, detailed=bool(options["verbose"] or options["show"]))
    report, prose = _run(paths, options, needs, timings)
    write = _write if timings is None else timings.timed("report", _write)
    write(report, outputs, options, needs, prose)
    if options["quiet"] and report.exit_code == ExitCode.INCOMPLETE:
        from iblint.report._summary import result

        write_stderr(f"iblint: {result(report)}")
    if timings is not None:
        write_stderr("\n".join(timings.lines()))
    return report.exit_code


def _run(
    paths: Sequence[str], options: dict[str, Any], needs: Needs, timings: Timings | None
) -> tuple[Report, Mapping[str, Prose] | None]:
    """Judge the paths. Also return the documentation of the rules, if a format includes it."""
    from iblint.pipeline import check_paths, load_rules
    from iblint.session import Session

    stdin = _stdin(options["stdin_filename"], STDIN in paths)
    given = {key.replace("_", "-"): options[key] for key in _SETTINGS}
    settings = settings_of(options["config"], options["no_config"], given)
    rules = (load_rules if timings is None else timings.timed("rules", load_rules))(settings)
    facts = facts_of(options, settings)
    files = [path for path in paths if path != STDIN] if paths else ["."]
    with ProgressLine(sys.stderr) as line:
        progress = line.update if line.enabled else None
        session = Session(facts, reasons=needs.reasons, progress=progress, timings=timings)
        report = check_paths(files, settings, rules, session, stdin=stdin, jobs=options["jobs"])
    if not needs.prose:
        return report, None
    return report, _documentation(rules, report)


def _documentation(rules: RuleSet, report: Report) -> Mapping[str, Prose]:
    """Return the documentation of the report's rules, by code. Raises RulePackError for an unreadable rule file."""
    from iblint.model.rule import Control
    from iblint.packs.authoring.prose import prose_of

    found = prose_of(rules, [rule.code for rule in report.rules])
    return {
        code: Prose(**{**prose, "controls": tuple(Control(*control) for control in prose["controls"])})
        for code, prose in found.items()
    }


def _timings(enabled: bool) -> Timings | None:
    if not enabled:
        return None
    from iblint.timings import Timings

    return Timings()


def _stdin(name: str | None, is_input: bool) -> Source | None:
    if not is_input:
        if name is not None:
            raise UsageError("--stdin-filename needs the path '-'.")
        return None
    return Source((name or "<stdin>").replace(os.sep, "/"), read_stdin(), explicit=True)


def _write(
    report: Report, outputs: Sequence[Output], options: dict[str, Any], needs: Needs, prose: Mapping[str, Prose] | None
) -> None:
    """Render all reports, then write them, files first."""
    from iblint.report import Style, render

    checkout = None
    if needs.checkout:
        from iblint.cli.git_origin import checkout_of

        checkout = checkout_of(os.getcwd())
    texts: list[tuple[str, str]] = []
    for name, target in outputs:
        to_terminal = target == STDOUT
        style = Style(
            color=to_terminal and use_color(options["color"], sys.stdout),
            width=terminal_width(sys.stdout) if to_terminal else DEFAULT_WIDTH,
            show_passed="passed" in options["show"],
            show_unknown="unknown" in options["show"],
            verbosity=int(options["verbose"]) - int(options["quiet"]),
            excerpts=not options["no_excerpts"],
            prose=prose,
            checkout=checkout,
            category=options["sarif_category"],
        )
        texts.append((target, render(name, report, style)))
    for target, text in sorted(texts, key=lambda both: both[0] == STDOUT):
        if target == STDOUT:
            write_stdout(text)
        else:
            write_file(target, text)
