"""The command line. Importing it loads next to nothing; each command loads what it needs."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


__all__ = ["main", "run"]

COMPLETION = "_IBLINT_COMPLETE"
"""The environment variable that a shell sets when it runs iblint to complete a word."""


def main(args: Sequence[str] | None = None) -> int:
    """Run ``iblint`` with the arguments (by default those of the process) and return the exit code.

    Every error is printed on standard error, one line each, without a traceback (``-v`` adds it for an internal error).
    """
    args = sys.argv[1:] if args is None else list(args)
    try:
        return _run(args)
    except KeyboardInterrupt:
        from iblint.exit_codes import ExitCode

        return ExitCode.INTERRUPTED
    except Exception as error:
        return _report_error(error, args)


def run() -> None:
    """Run ``iblint`` as the installed program: ``main``, then end the process.

    For ``check`` the garbage collector stays off after the run too, while the report is written. The process ends with
    ``os._exit``, because freeing all objects one by one takes as long as starting Python; if an exit handler is
    registered or another thread runs, it ends in the usual way.
    """
    if sys.argv[1:2] == ["check"]:
        import gc

        gc.disable()
    code = main()
    if _may_end_at_once():
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (AttributeError, OSError, ValueError):  # a closed stream: sys.exit reports it as Python does
            sys.exit(code)
        os._exit(code)
    sys.exit(code)


def _may_end_at_once() -> bool:
    """Return whether no exit handler is registered and no other thread runs."""
    import atexit

    callbacks = getattr(atexit, "_ncallbacks", None)  # CPython only; without it, assume that there is a handler
    threading = sys.modules.get("threading")
    return callbacks is not None and callbacks() == 0 and (threading is None or threading.active_count() == 1)


def _run(args: Sequence[str]) -> int:
    if args[:1] == ["check"] and COMPLETION not in os.environ:
        from iblint.cli.fast_path import parse

        parsed = parse(args[1:])
        if parsed is not None:
            return _check(*parsed)
    from iblint.cli.app import app

    result = app.main(args=list(args), prog_name="iblint", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _check(paths: Sequence[str], options: dict[str, Any], report_options: Sequence[tuple[str, str]]) -> int:
    from iblint.cli.fast_path import skip_unmarked

    code = skip_unmarked(paths, options)
    if code is not None:
        return code
    from iblint.cli.run_check import check

    return check(paths, options, report_options)


def _report_error(error: Exception, args: Sequence[str]) -> int:
    """Print an error, and return its exit code."""
    from click import Abort, ClickException, UsageError

    from iblint.cli.console import write_stderr
    from iblint.exit_codes import ExitCode
    from iblint.model.errors import IblintError

    if isinstance(error, Abort):
        return ExitCode.INTERRUPTED
    if isinstance(error, IblintError):
        write_stderr("\n".join(f"error: {line}" for line in str(error).splitlines()))
        return error.exit_code
    if isinstance(error, ClickException):
        write_stderr(f"error: {error.format_message()}")
        if isinstance(error, UsageError) and error.ctx is not None:
            write_stderr(f"Try '{error.ctx.command_path} --help' for help.")
        return ExitCode.USAGE
    write_stderr(
        f"error: internal error: {type(error).__name__}: {error}. The check is incomplete; please report this."
    )
    if {"-v", "--verbose"} & set(args):
        import traceback

        write_stderr("".join(traceback.format_exception(error)).rstrip())
    return ExitCode.INCOMPLETE
