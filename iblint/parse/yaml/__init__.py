"""YAML 1.1 as PyYAML's SafeLoader reads it, with the place of every key and value; stricter where that is unsafe.

Spans of values include their tag and anchor. A block collection ends with its last child, a block scalar with its last
line that is not blank, and an empty value (``key:``) is the empty span after the colon or dash.
"""

from __future__ import annotations

from iblint.parse.parsed import Parsed


def parse(text: str) -> list[Parsed]:
    """Parse each document of a text; a text without content has none.

    Raises ParseError for what YAML does not allow, and for what would surprise or overload a reader: duplicate
    keys, keys that are no scalars, cyclic aliases, numbers that are not finite, and texts beyond the bounds.
    """
    from iblint.parse.yaml.fast import documents  # imports PyYAML, which runs without YAML need not pay for

    text = text.removeprefix("\ufeff")
    found = documents(text)
    if found is not None:
        return found
    from iblint.parse.yaml.strict import Builder

    return Builder(text).documents()
