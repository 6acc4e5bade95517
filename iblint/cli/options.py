"""The options of ``iblint check`` as data: what click and the short lane are both made from."""

from __future__ import annotations

from iblint.cli import option_values as _values

TYPE_CHECKING = False  # importing typing would cost more than the short lane takes
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Option:
    """One option: a flag, or one that takes a text."""

    __slots__ = ("convert", "default", "flag", "flags", "help", "many", "metavar", "name", "words")

    def __init__(
        self,
        *flags: str,
        help: str,
        name: str | None = None,
        flag: bool = False,
        many: bool = False,
        metavar: str | None = None,
        words: Callable[[], Sequence[str]] | None = None,
        convert: Callable[[Any], Any] | None = None,
        default: str | None = None,
    ) -> None:
        self.flags = flags
        self.help = help
        self.name = name or flags[-1].lstrip("-").replace("-", "_")
        """The key of its value."""
        self.flag = flag
        self.many = many
        """It may be given several times, and its value is the tuple of all."""
        self.metavar = metavar
        self.words = words
        """The texts that it takes; None when it takes any."""
        self.convert = convert
        """Makes the value of what was given; raises ValueError saying what is wrong with it."""
        self.default = default


def _formats() -> Sequence[str]:
    from iblint.report import FORMATS

    return FORMATS


ACCESS = (
    Option("--aws-profile", metavar="NAME", help="Profile of the AWS configuration to use."),
    Option("--role-arn", convert=_values.role_arn, metavar="ARN", help="Assume this role."),
    Option("--external-id", metavar="ID", help="External ID that the role asks for."),
)
"""Whose credentials are used."""

PACKS = (
    Option("--config", metavar="FILE", help="Read this configuration file.  [default: the nearest]"),
    Option("--no-config", flag=True, help="Read no configuration file."),
    Option("--rules", many=True, metavar="DIR", help="Load a folder of rule files too."),
    Option("--pack", name="packs", many=True, metavar="NAME", help="Enable an installed rule pack."),
)
"""Which configuration and rule packs are loaded."""

CHECK = (
    Option("--stdin-filename", metavar="FILE", help="What to call standard input (PATH '-')."),
    Option("-f", "--format", many=True, words=_formats, help="Format of the report; repeatable."),
    Option("-o", "--output", many=True, metavar="FILE", help="Write the --format before it to a file."),
    Option(
        "--select",
        many=True,
        convert=_values.split_commas,
        metavar="RULES",
        help="Rules to run, separated by commas; repeatable. Each is a code (IB201), the beginning of one (IB2), a "
        "name, a group, a tag, 'core', 'default' or 'all'.  [default: default]",
    ),
    Option(
        "--ignore",
        many=True,
        convert=_values.split_commas,
        metavar="RULES",
        help="Rules to leave out of those selected, given as for --select; repeatable.",
    ),
    Option("--profile", metavar="NAME", help="Use a preset: default, strict, core."),
    Option("--fail-on", words=lambda: ("error", "warning", "note", "never"), help="Lowest severity that fails."),
    Option("--strict", flag=True, help="Count what cannot be decided as incomplete (exit code 4)."),
    Option("--require-configurations", flag=True, help="Exit with 3 when there is nothing to check."),
    Option("--build-type", words=lambda: ("container", "ami", "both", "unknown"), help="What is built."),
    Option("--account", convert=_values.account, metavar="ID", help="Account that the configurations are for."),
    Option("--region", convert=_values.region, metavar="NAME", help="Region that the configurations are for."),
    Option("--dialect", metavar="NAME", help="Read every file as this dialect, such as 'request'."),
    Option("--parameters", many=True, metavar="FILE", help="Take template parameters' values from here; repeatable."),
    Option("--live", flag=True, help="Ask the account too, by read-only calls."),
    *ACCESS,
    *PACKS,
    Option(
        "--show",
        many=True,
        words=lambda: ("passed",),
        help="List the rules that each configuration passed, in the text report.",
    ),
    Option("--no-excerpts", flag=True, help="Leave lines of files out of reports."),
    Option("--sarif-category", metavar="NAME", help="Category of the SARIF log, to set it apart from others."),
    Option("-q", "--quiet", flag=True, help="Print findings only, one line each."),
    Option("-v", "--verbose", flag=True, help="Print every outcome with its reason."),
    Option(
        "-j",
        "--jobs",
        convert=_values.jobs,
        metavar="N|auto",
        default="auto",
        help="Share the files among so many processes.  [default: auto]",
    ),
    Option("--timings", flag=True, help="Print on standard error where the time went, of a single process."),
    Option("--color", words=lambda: ("auto", "always", "never"), default="auto", help="Colour the text report."),
)
