"""HTML in which text cannot become markup: what is not made by ``element`` is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable

from iblint.report._addresses import is_web_address
from iblint.report._escape import visible


class Html(str):
    """Markup that may stand in a page as it is."""

    __slots__ = ()


_EMPTY = frozenset({"input", "link", "meta", "br"})


def element(name: str, /, *content: str, **attributes: str | int | bool) -> Html:
    """An element; a plain ``str`` in its content is escaped.

    Names of attributes are written with hyphens for underscores and without a last one (``class_``). An attribute that
    is True stands alone; one that is False or empty is left out.
    """
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    start = f"<{name}{written}>"
    return Html(start if name in _EMPTY else f"{start}{join(content)}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Parts one after the other; a plain ``str`` is escaped."""
    return Html(between.join(part if isinstance(part, Html) else _escaped(part) for part in parts))


def link(address: str | None, *content: str, **attributes: str | int | bool) -> Html:
    """A link; only its content when the address is none of the web."""
    if address and is_web_address(address):
        return element("a", *content, href=address, rel="noreferrer", **attributes)
    return element("a", *content, **attributes) if attributes else join(content)


def _attribute(name: str, value: str | int | bool) -> str:
    if value is True:
        return f" {name}"
    return "" if value is False or value == "" else f' {name}="{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    """Text on one line of the page: its line breaks are references, and nothing in it is invisible."""
    return "&#10;".join(html.escape(visible(line)) for line in text.split("\n"))
