"""The command line. Importing it loads next to nothing; each command loads what it needs."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # importing typing would cost more than dismissing a file takes
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


__all__ = ["main", "run"]

COMPLETION = "_IBLINT_COMPLETE"
"""Set by the shell when it asks click to complete a word."""

USAGE = 2
INTERNAL_ERROR = 4
INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> int:
    """Run ``iblint`` with the arguments (those of the process when None); returns the exit code.

    Whatever goes wrong is said on standard error, a line each, without a traceback (``-v`` adds it for a defect).
    """
    args = sys.argv[1:] if args is None else list(args)
    try:
        return _run(args)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _explain(error, args)


def run() -> None:
    """What the installed program calls: ``main``, and then an end without ceremony.

    To take an interpreter down object by object takes as long as to start it. Where something has asked to be told of
    the end, or another thread runs, it ends in the usual way. A check leaves the collector off (see ``collector``):
    turned on again, the first thing it does is to look through all that the run has made.
    """
    if sys.argv[1:2] == ["check"]:
        import gc

        gc.disable()
    code = main()
    if _nothing_waits():
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (AttributeError, OSError, ValueError):  # closed, or nobody reads: the usual way knows what to do
            sys.exit(code)
        os._exit(code)
    sys.exit(code)


def _nothing_waits() -> bool:
    import atexit

    callbacks = getattr(atexit, "_ncallbacks", None)  # CPython's own count; without it nothing is assumed
    threading = sys.modules.get("threading")
    return callbacks is not None and callbacks() == 0 and (threading is None or threading.active_count() == 1)


def _run(args: Sequence[str]) -> int:
    if args[:1] == ["check"] and COMPLETION not in os.environ:
        from iblint.cli import fast_path as _lane

        lane = _lane.parse(args[1:])
        if lane is not None:
            return _quickly(*lane)
    from iblint.cli.app import app

    result = app.main(args=list(args), prog_name="iblint", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _quickly(paths: Sequence[str], options: dict[str, Any], order: Sequence[tuple[str, str]]) -> int:
    from iblint.cli.dismiss import dismiss

    code = dismiss(paths, options)
    if code is not None:
        return code
    from iblint.cli.finder import install

    install()
    from iblint.collector import Paused

    with Paused():  # while modules are imported, too
        from iblint.cli.run_check import check

        return check(paths, options, order)


def _explain(error: Exception, args: Sequence[str]) -> int:
    from click import Abort, ClickException, UsageError

    from iblint.cli.console import say
    from iblint.model.errors import IblintError

    if isinstance(error, Abort):
        return INTERRUPTED
    if isinstance(error, IblintError):
        say("\n".join(f"error: {line}" for line in str(error).splitlines()))
        return error.exit_code
    if isinstance(error, ClickException):
        say(f"error: {error.format_message()}")
        if isinstance(error, UsageError) and error.ctx is not None:
            say(f"Try '{error.ctx.command_path} --help' for help.")
        return USAGE
    say(f"error: internal error: {type(error).__name__}: {error}. The check is incomplete; please report this.")
    if {"-v", "--verbose"} & set(args):
        import traceback

        say("".join(traceback.format_exception(error)).rstrip())
    return INTERNAL_ERROR
