"""The fix of one finding: the edits to the text of its files."""

from __future__ import annotations

from iblint.model.record import Record
from iblint.model.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.model.rule import Safety


class TextEdit(Record):
    """The replacement of a span by a text. An empty span inserts; an empty text deletes."""

    file: str
    span: Span
    text: str


class Fix(Record):
    """The edits that resolve a finding. They do not overlap, and only all of them together are correct."""

    title: str
    """What the fix does, as a sentence in the imperative."""
    safety: Safety
    """``safe`` keeps the intent of the configuration; ``unsafe`` guesses a value or changes behaviour."""
    edits: tuple[TextEdit, ...]
