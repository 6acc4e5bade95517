"""Waiver files: read and validated, and which waiver holds for a configuration.

Only a file that the user names is read as one, so it is trusted as the command line is. What is wrong with it ends the
run: a waiver is never guessed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from functools import cache

from iblint.config.find import named
from iblint.config.read import glob_errors, read_yaml, refuse, schema_errors
from iblint.discovery.globs import Matcher
from iblint.model.path import Path
from iblint.model.report import Configuration
from iblint.model.resource import dotted
from iblint.model.waiver import Waiver
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FILE = "waiver file"


def read_waivers(file: str, cwd: str) -> tuple[Waiver, ...]:
    """Return the waivers of a file, in its order. Each ``rule`` is what is written: a code or a name.

    Raises ConfigError with one line per error: ``file:line: what is wrong; what to do``.
    """
    content = read_yaml(named(file, cwd, _FILE), _FILE, "waivers:")
    data = _with_dates(content.data)
    refuse(content, schema_errors(data, "waivers", f"the {_FILE}") or _value_errors(data))
    places = [(content.shown, content.line(("waivers", index))) for index in range(len(data["waivers"]))]
    return tuple(_waiver(item, place) for item, place in zip(data["waivers"], places, strict=True))


def _with_dates(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with its dates as texts: YAML makes a date of ``2027-01-31`` without quotes."""
    items = data.get("waivers")
    if not isinstance(items, list):
        return data
    with_dates = [
        {**item, "until": str(item["until"])}
        if isinstance(item, dict) and isinstance(item.get("until"), date)
        else item
        for item in items
    ]
    return {**data, "waivers": with_dates}


def _value_errors(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield what the schema cannot say: days that do not exist, and globs that are none."""
    for index, item in enumerate(data["waivers"]):
        place: Path = ("waivers", index, "until")
        try:
            date.fromisoformat(item.get("until", "2000-01-01"))
        except ValueError:
            yield place, f"'{dotted(place)}' is {show(item['until'])}; there is no such day."
        if "file" in item:
            yield from glob_errors(("waivers", index, "file"), item["file"])


def _waiver(item: Mapping[str, str], place: tuple[str, int]) -> Waiver:
    until = date.fromisoformat(item["until"]) if "until" in item else None
    given = {key: item[key] for key in ("rule", "configuration", "file", "owner", "ticket") if key in item}
    return Waiver(reason=item["reason"].strip(), until=until, place=place, **given)


def matches(waiver: Waiver, configuration: Configuration) -> bool:
    """Return whether a waiver names a configuration. Its rule and its last day are not looked at."""
    if waiver.file is not None and not _matcher(waiver.file, os.getcwd()).match(configuration.file):
        return False
    pattern = waiver.configuration
    identities = (configuration.name, configuration.address, configuration.id)
    # An address may have brackets, which a glob reads as a choice of characters.
    return pattern is None or any(pattern == text or fnmatchcase(text, pattern) for text in identities)


def waiver_for(waivers: Iterable[Waiver], rule: str, configuration: Configuration, today: date) -> Waiver | None:
    """Return the first valid waiver of a rule, by its code, for a configuration; None if there is none."""
    return next((w for w in waivers if w.rule == rule and not w.has_expired(today) and matches(w, configuration)), None)


@cache
def _matcher(glob: str, folder: str) -> Matcher:
    return Matcher((glob,), folder)
