"""Addresses that reports may link to."""

from __future__ import annotations

import re

_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9_.~:/?#@!$&*+,;=%-]+")


def is_web_address(text: str) -> bool:
    """Whether a text is an address of the web that can stand in Markdown and HTML as it is."""
    return _WEB_ADDRESS.fullmatch(text) is not None
