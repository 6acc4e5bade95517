"""Templates that are no YAML or JSON until they are rendered."""

from __future__ import annotations

from iblint.model.errors import ParseError
from iblint.parse.line_index import Lines

# Jinja, Go, Helm and Liquid; ERB; sed and autoconf placeholders. "{{resolve:" is CloudFormation's own.
_MARKUP = r"\{\{(?!\s*resolve:)|\{%|<%|(@@?)[A-Z][A-Z0-9_]*\1|__[A-Z][A-Z0-9_]*__"


def explain(problem: ParseError, text: str) -> ParseError:
    """The problem of a text that cannot be parsed: its markup, at the first of it, when it is a template."""
    import re  # most texts can be parsed

    match = re.search(_MARKUP, text)
    if match is None:
        return problem
    message = (
        f"template, not judged: {match.group()!r} is markup, and the text cannot be read as it stands "
        f"(line {problem.line}: {problem.message.rstrip('.')}). "
        "Render it first, or exclude it in the configuration."
    )
    return Lines(text).problem(message, match.start(), malformed=problem.malformed)
