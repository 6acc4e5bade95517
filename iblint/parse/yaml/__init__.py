"""Parse YAML 1.1 as PyYAML's SafeLoader does, with the span of every key and value; stricter where that is unsafe.

Two readers: ``fast`` for ordinary texts, ``strict`` for all others. The strict one decides what is refused. ``libyaml``
imports PyYAML's parser in C without the rest of PyYAML.

Spans of values include their tag and anchor. A block collection ends with its last child, a block scalar with its last
line that is not blank, and an empty value (``key:``) is the empty span after the colon or dash.
"""

from __future__ import annotations

from iblint.parse.parsed import Parsed


def parse(text: str) -> list[Parsed]:
    """Return the documents of a text; a text without content has none.

    Raises ParseError for invalid YAML, and for what would surprise or overload a reader: duplicate keys, keys that are
    not scalars, cyclic aliases, numbers that are not finite, and texts beyond the limits.
    """
    from iblint.parse.yaml.fast import documents

    text = text.removeprefix("\ufeff")
    found = documents(text)
    if found is not None:
        return found
    from iblint.parse.yaml.strict import Builder  # imports PyYAML in full

    return Builder(text).documents()
