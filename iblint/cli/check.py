"""``iblint check``: judge configurations and report what was found."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from iblint.cli._console import DEFAULT_WIDTH, Ticker, read_in, wants_color, width_of, write_out
from iblint.cli._live import access_options, facts_of
from iblint.cli._options import Word, account, pack_options, region, settings_of, split_commas
from iblint.cli._outputs import STDOUT, Output, pair, write_file
from iblint.model.document import Source
from iblint.model.errors import UsageError
from iblint.model.report import Report
from iblint.report import FORMATS, Prose

STDIN = "-"

_ORDER = "iblint.order"

_WITH_ORIGIN = frozenset({"html", "markdown", "sarif"})
"""Formats that name the commit, or link to it."""

_SETTINGS = (
    *("select", "ignore", "profile", "fail_on", "strict", "require_configurations", "build_type"),
    *("account", "region", "dialect", "parameters", "rules", "packs"),
)
"""Options that are settings too, of the same name."""


class _Check(click.Command):
    """Remembers in which order --format and --output were given, which click alone would not tell."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[_ORDER] = [param.name for param in order if param.name in ("format", "output")]
        return super().parse_args(ctx, args)


@click.command(cls=_Check, short_help="Judge configurations and report what is wrong.")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option("--stdin-filename", metavar="FILE", help="What to call standard input (PATH '-').")
@click.option("-f", "--format", multiple=True, type=Word(FORMATS), help="Format of the report; repeatable.")
@click.option("-o", "--output", multiple=True, metavar="FILE", help="Write the --format before it to a file.")
@click.option(
    "--select",
    multiple=True,
    callback=split_commas,
    metavar="RULES",
    help="Rules to run, separated by commas; repeatable. Each is a code (IB201), the beginning of one (IB2), a name, "
    "a group, a tag, 'mission', 'default' or 'all'.  [default: default]",
)
@click.option(
    "--ignore",
    multiple=True,
    callback=split_commas,
    metavar="RULES",
    help="Rules to leave out of those selected, given as for --select; repeatable.",
)
@click.option("--profile", metavar="NAME", help="Use a preset: default, strict, mission.")
@click.option("--fail-on", type=Word(["error", "warning", "note", "never"]), help="Lowest severity that fails.")
@click.option("--strict", is_flag=True, help="Count what cannot be decided as incomplete (exit code 4).")
@click.option("--require-configurations", is_flag=True, help="Exit with 3 when there is nothing to check.")
@click.option("--build-type", type=Word(["container", "ami", "both", "unknown"]), help="What is built.")
@click.option("--account", callback=account, metavar="ID", help="Account that the configurations are for.")
@click.option("--region", callback=region, metavar="NAME", help="Region that the configurations are for.")
@click.option("--dialect", metavar="NAME", help="Read every file as this dialect, such as 'request'.")
@click.option(
    "--parameters", multiple=True, metavar="FILE", help="Take the values of template parameters from here; repeatable."
)
@click.option("--live", is_flag=True, help="Ask the account too, by read-only calls.")
@access_options
@pack_options
@click.option(
    "--show",
    multiple=True,
    type=Word(["passed"]),
    help="List the rules that each configuration passed, in the text report.",
)
@click.option("--no-excerpts", is_flag=True, help="Leave lines of files out of reports.")
@click.option("--sarif-category", metavar="NAME", help="Category of the SARIF log, to set it apart from others.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, one line each.")
@click.option("-v", "--verbose", is_flag=True, help="Print every outcome with its reason.")
@click.option("--color", type=Word(["auto", "always", "never"]), default="auto", help="Colour the text report.")
@click.pass_context
def command(ctx: click.Context, /, paths: Sequence[str], **options: Any) -> int:
    """Check the infrastructure configurations in PATHS: files, folders, or '-' for standard input.

    Without PATHS the working folder is searched.
    """
    if options["quiet"] and options["verbose"]:
        raise UsageError("--quiet and --verbose cannot be used together.")
    outputs = pair(_in_order(ctx.meta[_ORDER], options["format"], options["output"]))
    formats = {output.format for output in outputs}
    if options["sarif_category"] and "sarif" not in formats:
        raise UsageError("--sarif-category names a SARIF log: give --format sarif too.")
    report, prose = _run(paths, options, documented="sarif" in formats)
    _write(report, outputs, options, prose)
    return report.exit_code


def _in_order(order: Sequence[str], formats: Sequence[str], outputs: Sequence[str]) -> list[tuple[str, str]]:
    values = {"format": iter(formats), "output": iter(outputs)}
    return [(kind, next(values[kind])) for kind in order]


def _run(
    paths: Sequence[str], options: dict[str, Any], *, documented: bool
) -> tuple[Report, Mapping[str, Prose] | None]:
    """Judge the paths; return the rules' documentation too, when it is wanted."""
    from iblint.pipeline import load_rules, run

    stdin = _stdin(options["stdin_filename"], STDIN in paths)
    given = {key.replace("_", "-"): options[key] for key in _SETTINGS}
    settings = settings_of(options["config"], options["no_config"], given)
    rules = load_rules(settings)
    facts = facts_of(options, settings)
    files = [path for path in paths if path != STDIN] if paths else ["."]
    with Ticker(sys.stderr) as ticker:
        tick = ticker.tick if ticker.wanted else None
        report = run(files, settings, stdin=stdin, rules=rules, facts=facts, progress=tick)
    if not documented:
        return report, None
    from iblint.cli._documentation import documentation

    return report, documentation(rules, report)


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
        from iblint.cli._checkout import checkout_of

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
