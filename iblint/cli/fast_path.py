"""The fast path of ``iblint check``: no click, and no engine for files that cannot hold a configuration.

A hook runs ``iblint check`` on every commit, nearly always on files without an infrastructure configuration. Most of
that time is the start of Python; importing click would double it, and importing the engine would triple it. So this
module parses an ordinary command line by the option table, and answers if no file has a marker
(``may_declare``). In every other case it returns None: then click parses the command line, or ``run_check``
judges the files. The answer is the same without this module. ``tests/cli/test_fast_path.py`` checks that, and lists
the modules that may be imported here.
"""

from __future__ import annotations

import os
import sys

from iblint.cli.options import CHECK
from iblint.dialects.shared.prefilter import may_declare
from iblint.discovery.config_files import may_be_configured
from iblint.discovery.read import NotReadError, read
from iblint.report import nothing_found, nothing_to_check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from iblint.cli.options import Option

CLEAN, NOTHING_TO_CHECK = 0, 3
"""As in ``exit_codes``, whose import of enum takes as long as all the rest."""

HARMLESS = frozenset(
    {"fail_on", "strict", "no_config", "no_excerpts", "require_configurations", "color", "jobs", "enforce"}
    | {"no_declared_evidence"}
)
"""Options that do not change a report without findings, or that ``skip_unmarked`` respects."""

STDIN = "-"
"""Standard input, even where a file has this name."""

TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
"""As in ``dialects.terraform``."""

MAX_BYTES = 1 << 20
"""Of all files together. Larger inputs are read one by one, with progress."""


def parse(args: Sequence[str]) -> tuple[list[str], dict[str, Any], list[tuple[str, str]]] | None:
    """Parse the arguments after ``check``: paths, options, and the --format and --output options in their order.

    Returns None for anything that is not spelled out (``-fjson``, abbreviations, ``--help``) and for errors; click
    parses these.
    """
    known = {flag: option for option in CHECK for flag in option.flags}
    given: dict[str, list[str]] = {}
    report_options: list[tuple[str, str]] = []
    paths: list[str] = []
    rest = iter(args)
    for arg in rest:
        if arg == "--":
            paths += rest
        elif arg == "-" or not arg.startswith("-"):
            paths.append(arg)
        else:
            flag, equals, value = arg.partition("=")
            option = known.get(flag)
            if option is None or (equals and (option.flag or not flag.startswith("--"))):
                return None
            if not option.flag and not equals:
                following = next(rest, None)
                if following is None:
                    return None
                value = following
            given.setdefault(option.name, []).append(value)
            if option.name in ("format", "output"):
                report_options.append((option.name, value))
    try:
        options: dict[str, Any] = {option.name: _value(option, given.get(option.name, [])) for option in CHECK}
    except ValueError:
        return None
    return paths, options, report_options


def _value(option: Option, given: list[str]) -> Any:
    """Return the value of an option from all texts that were given for it. Raises ValueError for a wrong one."""
    if option.flag:
        return bool(given)
    if option.words is not None and given and not set(given).issubset(option.words()):
        raise ValueError
    value = tuple(given) if option.many else given[-1] if given else option.default
    return value if option.convert is None else option.convert(value)


def skip_unmarked(paths: Sequence[str], options: Mapping[str, Any]) -> int | None:
    """Print the report on files without a marker, and return the exit code. Returns None if anything may need more."""
    given = {name for name, value in options.items() if (value or value == "") and name not in HARMLESS}
    if not paths or STDIN in paths or given or options["color"] == "always" or _is_terminal():
        return None
    if not options["no_config"] and may_be_configured(os.getcwd()):
        return None
    if not all(map(os.path.isfile, paths)) or len(set(map(os.path.realpath, paths))) < len(paths):
        return None
    if _any_marker(paths):
        return None
    code = NOTHING_TO_CHECK if options["require_configurations"] else CLEAN
    text = f"{nothing_found(len(paths))}\n{nothing_to_check(code)} (exit {code})\n".encode()
    try:
        return code if os.write(sys.stdout.fileno(), text) == len(text) else None
    except OSError:
        return None


def _is_terminal() -> bool:
    """Return whether the report may be coloured, or standard output is closed."""
    out = sys.stdout
    return out is None or out.isatty() or os.environ.get("FORCE_COLOR", "0") != "0"


def _any_marker(paths: Sequence[str]) -> bool:
    """Return whether a file has a marker, cannot be read, or is too large.

    With a file of Terraform also those of its folder count, and it may call a module elsewhere.
    """
    left = MAX_BYTES
    waiting = dict.fromkeys(paths)
    folders: set[str] = set()
    while waiting:
        path = next(iter(waiting))
        del waiting[path]
        try:
            data = read(path, left)
        except NotReadError:
            return True
        if may_declare(data, path):
            return True
        left -= len(data)
        if path.lower().endswith(TERRAFORM):
            if b'"./' in data or b'"../' in data:
                return True
            folder = os.path.dirname(path)
            if folder not in folders:
                folders.add(folder)
                names = [name for name in os.listdir(folder or os.curdir) if name.lower().endswith(TERRAFORM)]
                waiting.update(dict.fromkeys(os.path.join(folder, name) for name in names))
    return False
