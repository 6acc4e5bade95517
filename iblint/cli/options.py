"""The options of all commands as data: each is declared once, with its group in the help.

Click's commands (``command.py``) and the fast path (``fast_path.py``) are both made from this table. The fast path
reads it in every run, so it imports nothing at the top.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

MAX_JOBS = 256
DEADLINES = (1, 3600)
"""The shortest and the longest --deadline, in seconds."""

INPUT = "Input"
RULES = "Rules"
WAIVERS = "Waivers"
CONFIGURATION = "Configuration"
FAILURE = "Failure conditions"
AWS = "AWS account"
CHANGES = "Changes"
OUTPUT = "Output"
PERFORMANCE = "Performance"


class Option:
    """One option: a flag, or one that takes a text."""

    __slots__ = ("convert", "default", "flag", "flags", "group", "help", "many", "metavar", "name", "words")

    def __init__(
        self,
        group: str,
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
        self.group = group
        """The heading of the help that it is listed under."""
        self.flags = flags
        self.help = help
        self.name = name or flags[-1].lstrip("-").replace("-", "_")
        """The key of its value."""
        self.flag = flag
        self.many = many
        """It may be given several times, and its value is the tuple of all."""
        self.metavar = metavar
        self.words = words
        """Return the texts that it takes. If None, it takes any text."""
        self.convert = convert
        """Make the value from the text (from all texts if ``many``). Raises ValueError with the reason."""
        self.default = default

    def vary(self, **members: Any) -> Option:
        """Return the same option for another command, with some members replaced."""
        made = Option.__new__(Option)
        for name in self.__slots__:
            setattr(made, name, members.get(name, getattr(self, name)))
        return made


# --- values: each function raises ValueError with the reason ----------------------------------------------------------


def split_commas(values: Sequence[str]) -> list[str]:
    """``("IB1,IB2", "IB3")`` -> ``["IB1", "IB2", "IB3"]``."""
    names = [name.strip() for value in values for name in value.split(",")]
    if not all(names):
        raise ValueError("an empty name between commas")
    return names


def each(convert: Callable[[str], Any]) -> Callable[[Sequence[str]], list[Any]]:
    """Return a function that converts each value of an option that may be repeated."""
    return lambda values: [convert(value) for value in values]


def _matches(pattern: str, value: str) -> bool:
    import re

    return re.fullmatch(pattern, value) is not None


def jobs(value: str) -> int | None:
    """Return the number of processes; None for ``auto``."""
    if value == "auto":
        return None
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MAX_JOBS):
        raise ValueError(f"'{value}' is neither 'auto' nor a number from 1 to {MAX_JOBS}")
    return int(value)


def account(value: str | None) -> str | None:
    """Check an account ID."""
    if value is not None and not _matches("[0-9]{12}", value):
        raise ValueError(f"'{value}' is not an AWS account ID: it has twelve digits")
    return value


def region(value: str | None) -> str | None:
    """Check the name of a Region."""
    if value is not None and not _matches(r"[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}", value):
        raise ValueError(f"'{value}' is not an AWS Region, for example eu-west-1")
    return value


def role_arn(value: str | None) -> str | None:
    """Check the ARN of a role."""
    if value is not None and not _matches(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]{1,577}", value):
        raise ValueError(f"'{value}' is not the ARN of a role, for example arn:aws:iam::ACCOUNT:role/NAME")
    return value


def day(value: str) -> str:
    """Return a date in the form YYYY-MM-DD."""
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"'{value}' is not a date, for example 2026-12-31") from None


def assignment(value: str) -> str:
    """Check ``NAME=VALUE``."""
    name, equals, _ = value.partition("=")
    if not equals or not name.replace("-", "_").isidentifier():
        raise ValueError(f"'{value}' is not NAME=VALUE, for example environment=prod")
    return value


def digest(value: str | None) -> str | None:
    """Check the digest of a plan."""
    if value is not None and not _matches("sha256:[0-9a-f]{64}", value):
        raise ValueError(f"'{value}' is not a digest: sha256: and 64 hexadecimal digits")
    return value


def deadline(value: str) -> float:
    """Return a number of seconds."""
    lowest, highest = DEADLINES
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not lowest <= seconds <= highest:  # also if it is not a number
        raise ValueError(f"'{value}' is not a number of seconds from {lowest} to {highest}")
    return seconds


def _formats() -> Sequence[str]:
    from iblint.report import FORMATS

    return FORMATS


# --- options of several commands --------------------------------------------------------------------------------------

DIALECT = Option(INPUT, "--dialect", metavar="NAME", help="Read every file as this dialect, for example 'request'.")
PARAMETERS = Option(
    INPUT, "--parameters", many=True, metavar="FILE", help="File with values of template parameters; repeatable."
)
VAR_FILES = Option(
    INPUT, "--var-file", name="var_files", many=True, metavar="FILE", help="File of Terraform variables; repeatable."
)
VAR = Option(
    INPUT,
    "--var",
    many=True,
    convert=each(assignment),
    metavar="NAME=VALUE",
    help="Value of a Terraform variable; repeatable.",
)
BUILD_TYPE = Option(
    INPUT,
    "--build-type",
    words=lambda: ("container", "ami", "both", "unknown"),
    help="What the configurations build.",
)
ACCOUNT = Option(INPUT, "--account", convert=account, metavar="ID", help="AWS account that the configurations are for.")
REGION = Option(INPUT, "--region", convert=region, metavar="NAME", help="AWS Region that the configurations are for.")
RESOURCE = Option(
    INPUT,
    "--resource",
    many=True,
    metavar="NAME",
    help="Configuration to take from a template: name, address or ID; repeatable.",
)
SELECT = Option(
    RULES,
    "--select",
    many=True,
    convert=split_commas,
    metavar="RULES",
    help="Rules to run, separated by commas; repeatable. Each is a code (IB201), a code prefix (IB2), a name, a group, "
    "a tag, 'core', 'default' or 'all'.  [default: default]",
)
IGNORE = Option(
    RULES,
    "--ignore",
    many=True,
    convert=split_commas,
    metavar="RULES",
    help="Rules to skip, given as for --select; repeatable.",
)
PACKS = (
    Option(RULES, "--rules", many=True, metavar="DIR", help="Also load the rule files in this folder; repeatable."),
    Option(
        RULES, "--pack", name="packs", many=True, metavar="NAME", help="Enable this installed rule pack; repeatable."
    ),
    Option(
        CONFIGURATION,
        "--config",
        metavar="FILE",
        help="Configuration file.  [default: the nearest .iblint.yaml or pyproject.toml]",
    ),
    Option(CONFIGURATION, "--no-config", flag=True, help="Read no configuration file."),
)
"""Which rule packs and which configuration are loaded."""

AWS_PROFILE = Option(AWS, "--aws-profile", metavar="NAME", help="AWS profile to use.")
ROLE_ARN = Option(AWS, "--role-arn", convert=role_arn, metavar="ARN", help="IAM role to assume.")
EXTERNAL_ID = Option(AWS, "--external-id", metavar="ID", help="External ID for --role-arn.")
UPDATE = Option(
    CHANGES, "--update", flag=True, help="Replace configurations that exist in the account with other content."
)
FORMAT = Option(OUTPUT, "-f", "--format", words=lambda: ("text", "json"), default="text", help="Output format.")
COLOR = Option(
    OUTPUT,
    "--color",
    words=lambda: ("auto", "always", "never"),
    default="auto",
    help="When to colour text output.",
)

# --- the options of each command, in the order of its help ------------------------------------------------------------

CHECK = (
    Option(INPUT, "--stdin-filename", metavar="FILE", help="File name to report for standard input (path '-')."),
    DIALECT,
    PARAMETERS,
    VAR_FILES,
    VAR,
    BUILD_TYPE,
    ACCOUNT,
    REGION,
    SELECT,
    IGNORE,
    Option(RULES, "--profile", metavar="NAME", help="Preset of settings: default, strict or core."),
    *PACKS,
    Option(
        FAILURE,
        "--fail-on",
        words=lambda: ("error", "warning", "note", "never"),
        help="Lowest severity that fails the run.  [default: error]",
    ),
    Option(FAILURE, "--strict", flag=True, help="Exit 4 if any verdict is unknown, or anything was not judged."),
    Option(
        RULES,
        "--enforce",
        words=lambda: ("core",),
        help="Judge the core rules at error, whatever the configuration file says.",
    ),
    Option(
        RULES,
        "--no-declared-evidence",
        flag=True,
        help="Ignore build types, topic keys and accounts that the files declare.",
    ),
    Option(FAILURE, "--require-configurations", flag=True, help="Exit 3 if there is nothing to check."),
    Option(AWS, "--live", flag=True, help="Also check against the AWS account, by read-only calls."),
    AWS_PROFILE,
    ROLE_ARN,
    EXTERNAL_ID,
    FORMAT.vary(many=True, words=_formats, default=None, help="Format of the report; repeatable.  [default: text]"),
    Option(
        OUTPUT,
        "-o",
        "--output",
        many=True,
        metavar="FILE",
        help="File for the report of the preceding --format.",
    ),
    Option(
        OUTPUT,
        "--show",
        many=True,
        words=lambda: ("passed", "unknown"),
        help="Also list these verdicts in the text report.",
    ),
    Option(OUTPUT, "--no-excerpts", flag=True, help="Leave source lines out of reports."),
    Option(OUTPUT, "--sarif-category", metavar="NAME", help="Category of the SARIF log, to keep uploads apart."),
    Option(OUTPUT, "-q", "--quiet", flag=True, help="Print findings only, one line each."),
    Option(OUTPUT, "-v", "--verbose", flag=True, help="Print every outcome with its reason."),
    COLOR,
    Option(
        PERFORMANCE,
        "-j",
        "--jobs",
        convert=jobs,
        metavar="N|auto",
        default="auto",
        help="Number of worker processes.",
    ),
    Option(PERFORMANCE, "--timings", flag=True, help="Print to standard error how long each step of one process took."),
)

IN_PLAN_FILE = (
    RESOURCE,
    DIALECT,
    PARAMETERS,
    VAR_FILES,
    VAR,
    BUILD_TYPE,
    ACCOUNT.vary(group=AWS, help="Account that the caller must be in."),
    REGION.vary(group=AWS, many=True, convert=each(region), help="Region to apply to; repeatable."),
    UPDATE,
)
"""What a plan file keeps. All else must be given again: waivers, configuration, rules and credentials."""

PLANNED = (
    *IN_PLAN_FILE[:-1],
    AWS_PROFILE.vary(many=True, help="AWS profile to use; repeatable."),
    ROLE_ARN.vary(many=True, convert=each(role_arn), help="IAM role to assume; repeatable."),
    SELECT.vary(help="Rules to run besides the core rules; repeatable."),
    IGNORE,
    *PACKS,
    Option(WAIVERS, "--waive", many=True, metavar="RULE", help="Rule to waive, with --reason and --until; repeatable."),
    Option(WAIVERS, "--reason", many=True, metavar="TEXT", help="Reason for the preceding --waive."),
    Option(WAIVERS, "--until", many=True, convert=each(day), metavar="DATE", help="Last day of the preceding --waive."),
    Option(WAIVERS, "--waivers", metavar="FILE", help="File of waivers, each with a rule and a reason."),
    UPDATE,
)
"""What a plan is made from."""

PLAN = (
    *PLANNED,
    EXTERNAL_ID,
    Option(
        AWS,
        "--deadline",
        convert=deadline,
        metavar="SECONDS",
        default="60",
        help="Time limit for all reads of the plan, and for each configuration that is applied.",
    ),
    Option(OUTPUT, "--out", metavar="FILE", help="Write the plan to a file, for 'iblint apply --plan FILE'."),
    FORMAT,
    COLOR,
)

APPLY = (
    Option(INPUT, "--plan", metavar="FILE", help="Plan to apply, in place of SPEC: a file of 'iblint plan --out'."),
    Option(
        INPUT,
        "--plan-digest",
        convert=digest,
        metavar="DIGEST",
        help="Digest that the plan must have, as 'iblint plan' printed it.",
    ),
    *(option for option in PLAN if option.name not in ("out", "format")),
    Option(CHANGES, "-y", "--yes", flag=True, help="Confirm the plan. Required without a terminal."),
    Option(CHANGES, "--confirm-update", flag=True, help="Also confirm replacing what exists, in addition to --yes."),
    Option(OUTPUT, "--receipt", name="receipts", metavar="FILE", help="Also write the receipts to this file."),
    Option(
        OUTPUT, "--state-dir", metavar="DIR", help="Folder of the journal and the receipts.  [env: IBLINT_STATE_DIR]"
    ),
)

IAM_POLICY = (
    RESOURCE,
    PARAMETERS,
    ACCOUNT,
    REGION,
    Option(
        INPUT,
        "--build-role",
        metavar="NAME",
        help="Role in the instance profile.  [default: the name of the instance profile]",
    ),
    UPDATE.vary(help="Also allow what 'apply --update' needs."),
    *PACKS,
)

RULES_LIST = (*PACKS, FORMAT.vary(words=lambda: ("text", "json", "markdown")))
EXPLAIN = (*PACKS, FORMAT.vary(words=lambda: ("text", "markdown", "json")))
RULES_NEW = (
    Option(
        OUTPUT,
        "--dir",
        name="folder",
        metavar="DIR",
        help="Folder of rules.  [default: the configured one, else 'rules']",
    ),
    Option(OUTPUT, "--code", metavar="CODE", help="Code of the rule.  [default: the next free one]"),
)
RULES_DOCS = (
    Option(
        INPUT,
        "--rules",
        name="folder",
        metavar="DIR",
        help="Folder of the rules to document.  [default: the built-in rules]",
    ),
)
