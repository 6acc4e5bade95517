"""HTML elements. Every text that was not made by ``element`` is escaped, so that it cannot become markup."""

from __future__ import annotations

import html
from collections.abc import Iterable

from iblint.text.safe import is_web_address, visible


class Html(str):
    """Markup, which is not escaped."""

    __slots__ = ()


_EMPTY = frozenset({"input", "link", "meta", "br"})


def element(name: str, /, *content: str, **attributes: str | int | bool) -> Html:
    """Return an element; a plain ``str`` in its content is escaped.

    In names of attributes an underscore is written as a hyphen, and a final one is dropped (``class_``). An attribute
    that is True is written without a value; one that is False or empty is left out.
    """
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    start = f"<{name}{written}>"
    return Html(start if name in _EMPTY else f"{start}{join(content)}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Join parts; a plain ``str`` is escaped."""
    return Html(between.join(part if isinstance(part, Html) else _escaped(part) for part in parts))


def link(address: str | None, *content: str, **attributes: str | int | bool) -> Html:
    """Return a link; only its content if there is no http(s) address that is safe in a link."""
    if address and is_web_address(address):
        return element("a", *content, href=address, rel="noreferrer", **attributes)
    return element("a", *content, **attributes) if attributes else join(content)


def _attribute(name: str, value: str | int | bool) -> str:
    if value is True:
        return f" {name}"
    return "" if value is False or value == "" else f' {name}="{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    """Escape a text, including invisible characters. Line breaks are written as references."""
    return "&#10;".join(html.escape(visible(line)) for line in text.split("\n"))
