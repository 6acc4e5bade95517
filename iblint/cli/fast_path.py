"""The short lane: an ordinary ``iblint check`` without click, whose import takes longer than judging a file.

It reads the same table of options that click's command is made from, and only what is spelled out exactly. Anything
else (abbreviations, ``-fjson``, ``--help``, a wrong value) is left to click, which then says what is wrong.
"""

from __future__ import annotations

from iblint.cli.options import CHECK

TYPE_CHECKING = False  # importing typing would cost more than parsing takes
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from iblint.cli.options import Option


def parse(args: Sequence[str]) -> tuple[list[str], dict[str, Any], list[tuple[str, str]]] | None:
    """What stands after ``check``: paths, options, and the order of --format and --output (as ``_check.check`` has it).

    None to leave it to click.
    """
    known = {flag: option for option in CHECK for flag in option.flags}
    given: dict[str, list[str]] = {}
    order: list[tuple[str, str]] = []
    paths: list[str] = []
    waiting = iter(args)
    for arg in waiting:
        if arg == "--":
            paths += waiting
        elif arg == "-" or not arg.startswith("-"):
            paths.append(arg)
        else:
            flag, equals, value = arg.partition("=")
            option = known.get(flag)
            if option is None or (equals and (option.flag or not flag.startswith("--"))):
                return None
            if not option.flag and not equals:
                following = next(waiting, None)
                if following is None:
                    return None
                value = following
            given.setdefault(option.name, []).append(value)
            if option.name in ("format", "output"):
                order.append((option.name, value))
    try:
        options: dict[str, Any] = {option.name: _value(option, given.get(option.name, [])) for option in CHECK}
    except ValueError:
        return None
    return paths, options, order


def _value(option: Option, given: list[str]) -> Any:
    """The value of an option from all that was given for it. Raises ValueError for one that it does not take."""
    if option.flag:
        return bool(given)
    if option.words is not None and given and not set(given).issubset(option.words()):
        raise ValueError
    value = tuple(given) if option.many else given[-1] if given else option.default
    return value if option.convert is None else option.convert(value)
