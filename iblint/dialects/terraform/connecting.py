"""Find the folders that belong to one unit: those with a configuration, what calls them, and what those call.

This reads every file, so it parses none: a call is a ``source`` that begins with a dot.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from iblint.dialects.shared.prefilter import has_marker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Item = TypeVar("Item")

_SOURCE = rb'source"?\s*[=:]\s*"(\.\.?/[^"\n$]*)"'


def connected(
    groups: Mapping[str, Sequence[Item]],
    name_of: Callable[[Item], str],
    read: Callable[[Item], bytes | None],
    beside: Callable[[str], Sequence[Item]],
) -> Iterator[Sequence[Item]]:
    """Yield the items of each unit. ``groups`` has the files of each folder, ``infra/*``.

    A called folder outside the run is added with the files that ``beside`` returns for it.
    """
    given = frozenset(groups)
    groups = dict(groups)
    links: dict[str, set[str]] = {key: set() for key in groups}
    marked: set[str] = set()
    waiting = list(groups)
    for key in waiting:
        items = list(groups[key])
        if key in given:  # a hook names the files that were changed, and the others of the folder decide with them
            names = {name_of(item) for item in items}
            items += [item for item in beside(key.removesuffix("/*")) if name_of(item) not in names]
        own = len(groups[key])
        for number, item in enumerate(items):
            data = read(item)
            if data is None:
                continue
            if has_marker(data):
                marked.add(key)
                groups[key] = items if number >= own else groups[key]
            for other in _called(key, data):
                if other not in groups:
                    found = beside(other.removesuffix("/*"))
                    groups[other], links[other] = found, set()
                    waiting.append(other)
                links[key].add(other)
                links[other].add(key)
    done: set[str] = set()
    for key in groups:
        if key in done:
            continue
        component = _reach(key, links)
        done |= component
        if component.isdisjoint(marked):
            yield from (groups[each] for each in sorted(component) if each in given)
        else:
            yield [item for each in groups if each in component for item in groups[each]]


def _called(key: str, data: bytes) -> Iterator[str]:
    """Yield the keys of the folders that a file calls as modules."""
    if b'"./' not in data and b'"../' not in data:
        return
    for match in re.finditer(_SOURCE, data):
        target = posixpath.normpath(posixpath.join(key.removesuffix("/*"), match[1].decode("utf-8", "replace")))
        if f"{target}/*" != key:
            yield f"{target}/*"


def _reach(key: str, links: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += links[each]
    return found
