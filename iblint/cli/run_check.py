"""What ``iblint check`` does, whichever lane its options came by."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence, Set

from iblint.cli.console import DEFAULT_WIDTH, Ticker, read_in, say, wants_color, width_of, write_out
from iblint.cli.live import facts_of
from iblint.cli.output import STDOUT, Output, pair, write_file
from iblint.cli.settings import settings_of
from iblint.collector import Paused
from iblint.model.document import Source
from iblint.model.errors import UsageError
from iblint.model.report import Report
from iblint.report import Prose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from iblint.timings import Timings

STDIN = "-"

_WITH_ORIGIN = frozenset({"html", "markdown", "sarif"})
"""Formats that name the commit, or link to it."""

_WITHOUT_REASONS = frozenset({"concise", "github", "gitlab", "rdjson", "sarif", "text"})
"""Formats that count verdicts, and tell no reason of one unless they are asked to show more."""

_SETTINGS = (
    *("select", "ignore", "profile", "fail_on", "strict", "require_configurations", "build_type"),
    *("account", "region", "dialect", "parameters", "rules", "packs"),
)
"""Options that are settings too, of the same name."""


def check(paths: Sequence[str], options: dict[str, Any], order: Sequence[tuple[str, str]]) -> int:
    """Judge the paths and write the reports; returns the exit code.

    ``options`` has a value for each entry of ``_table.CHECK``; ``order`` has --format and --output as they were given.
    """
    if options["quiet"] and options["verbose"]:
        raise UsageError("--quiet and --verbose cannot be used together.")
    outputs = pair(order)
    formats = {output.format for output in outputs}
    if options["sarif_category"] and "sarif" not in formats:
        raise UsageError("--sarif-category names a SARIF log: give --format sarif too.")
    with Paused():
        timings = _timings(options["timings"])
        report, prose = _run(paths, options, formats, timings)
        write = _write if timings is None else timings.timed("report", _write)
        write(report, outputs, options, prose)
        if timings is not None:
            say("\n".join(timings.lines()))
    return report.exit_code


def _run(
    paths: Sequence[str], options: dict[str, Any], formats: Set[str], timings: Timings | None
) -> tuple[Report, Mapping[str, Prose] | None]:
    """Judge the paths; return the rules' documentation too, when a format wants it."""
    from iblint.pipeline import check_paths, load_rules
    from iblint.session import Session

    stdin = _stdin(options["stdin_filename"], STDIN in paths)
    given = {key.replace("_", "-"): options[key] for key in _SETTINGS}
    settings = settings_of(options["config"], options["no_config"], given)
    rules = (load_rules if timings is None else timings.timed("rules", load_rules))(settings)
    facts = facts_of(options, settings)
    files = [path for path in paths if path != STDIN] if paths else ["."]
    reasons = bool(formats - _WITHOUT_REASONS or options["verbose"] or options["show"])
    with Ticker(sys.stderr) as ticker:
        tick = ticker.tick if ticker.wanted else None
        session = Session(facts, reasons=reasons, progress=tick, timings=timings)
        report = check_paths(files, settings, rules, session, stdin=stdin, jobs=options["jobs"])
    if "sarif" not in formats:
        return report, None
    from iblint.cli.documentation import documentation

    return report, documentation(rules, report)


def _timings(wanted: bool) -> Timings | None:
    if not wanted:
        return None
    from iblint.timings import Timings

    return Timings()


def _stdin(name: str | None, wanted: bool) -> Source | None:
    if not wanted:
        if name is not None:
            raise UsageError("--stdin-filename names standard input: give the path '-' too.")
        return None
    return Source((name or "<stdin>").replace(os.sep, "/"), read_in(), explicit=True)


def _write(
    report: Report, outputs: Sequence[Output], options: dict[str, Any], prose: Mapping[str, Prose] | None
) -> None:
    """Write every report, files first, once all of them could be rendered."""
    from iblint.report import Style, render

    checkout = None
    if not _WITH_ORIGIN.isdisjoint(output.format for output in outputs):
        from iblint.cli.checkout import checkout_of

        checkout = checkout_of(os.getcwd())
    texts: list[tuple[str, str]] = []
    for name, target in outputs:
        to_terminal = target == STDOUT
        style = Style(
            color=to_terminal and wants_color(options["color"], sys.stdout),
            width=width_of(sys.stdout) if to_terminal else DEFAULT_WIDTH,
            show_passed="passed" in options["show"],
            verbosity=int(options["verbose"]) - int(options["quiet"]),
            excerpts=not options["no_excerpts"],
            prose=prose,
            checkout=checkout,
            category=options["sarif_category"],
        )
        texts.append((target, render(name, report, style)))
    for target, text in sorted(texts, key=lambda both: both[0] == STDOUT):
        if target == STDOUT:
            write_out(text)
        else:
            write_file(target, text)
