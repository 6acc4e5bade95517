"""Bytes of a file to documents: encoding, choice of the syntax, and problems instead of exceptions."""

from __future__ import annotations

from iblint.model.document import Document, InputError, Source
from iblint.model.errors import ParseError
from iblint.parse.encoding import decode
from iblint.parse.parsed import Parsed

SUFFIXES: frozenset[str] = frozenset({".yaml", ".yml", ".json", ".template"})
"""Suffixes of the files that are worth reading in a folder."""

MAX_BYTES = 16 * 1024 * 1024


def load(source: Source) -> tuple[Document, ...] | InputError:
    """Read the documents of a source: none for a file without content, the null ones included.

    Whatever keeps the file from being read is the InputError that is returned.
    """
    if len(source.data) > MAX_BYTES:
        message = f"the file has {len(source.data)} bytes, more than {MAX_BYTES}. Split it, or exclude it."
        return InputError(source.file, 1, 1, message)
    try:
        text = decode(source.data)
        syntax, documents = _parse(text, source.file)
    except ParseError as problem:
        return InputError(source.file, problem.line, problem.column, problem.message, problem.malformed)
    return tuple(
        [
            Document(source.file, syntax, text, parsed.data, parsed.spans, index, source.explicit)
            for index, parsed in enumerate(documents)
        ]
    )


def _parse(text: str, file: str) -> tuple[str, list[Parsed]]:
    """The syntax and the documents of a text. Raises ParseError."""
    try:
        return _parse_json_or_yaml(text, file)
    except ParseError as problem:
        from iblint.parse.markup import explain

        raise explain(problem, text) from None


def _parse_json_or_yaml(text: str, file: str) -> tuple[str, list[Parsed]]:
    first = text.lstrip(" \t\r\n")[:1]
    if not first:
        return "yaml", []
    if first in "{[" or (first == "/" and file.lower().endswith(".json")):
        from iblint.parse.json import fast as json  # a run over YAML need not pay for it

        try:
            return "json", [json.parse(text)]
        except ParseError:
            if file.lower().endswith((".json", ".template")):
                raise
    from iblint.parse import yaml

    return "yaml", yaml.parse(text)
