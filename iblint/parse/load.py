"""Parse the bytes of a source into documents: decode them, choose the syntax, return errors as values."""

from __future__ import annotations

from iblint.model.document import Document, InputError, Source
from iblint.model.errors import ParseError
from iblint.model.span import Span
from iblint.parse.encoding import decode
from iblint.parse.markup import commented_out, explain
from iblint.parse.parsed import Parsed

MAX_BYTES = 16 * 1024 * 1024


def load(source: Source) -> tuple[Document, ...] | InputError:
    """Return the documents of a source, null documents included; a source without content has none.

    If the source cannot be read, return the InputError that says why.
    """
    if len(source.data) > MAX_BYTES:
        message = f"the file has {len(source.data)} bytes, more than {MAX_BYTES}. Split it, or exclude it."
        return InputError(source.file, 1, 1, message)
    try:
        text = decode(source.data)
    except ParseError as problem:
        return _error(source.file, problem)
    return load_text(text, source.file, source.explicit)


def load_text(
    text: str, file: str, explicit: bool = False, syntax_of: str | None = None
) -> tuple[Document, ...] | InputError:
    """Return the documents of a text that has been decoded, as ``load`` does.

    ``syntax_of`` is the name that says which syntax it has, if that is not the file.
    """
    try:
        syntax, documents = _parse(text, file if syntax_of is None else syntax_of)
    except ParseError as problem:
        return _error(file, problem)
    return tuple(
        [
            Document(file, syntax, text, parsed.data, parsed.spans, index, explicit)
            for index, parsed in enumerate(documents)
        ]
    )


def _error(file: str, problem: ParseError) -> InputError:
    return InputError(file, problem.line, problem.column, problem.message, problem.malformed)


def load_program(source: Source, syntax: str) -> tuple[Document, ...] | InputError:
    """Return a program as a document without data: its dialect parses the text. ``syntax`` is the kind of program."""
    from iblint.parse.program import ProgramSpans

    if len(source.data) > MAX_BYTES:
        message = f"the file has {len(source.data)} bytes, more than {MAX_BYTES}. Split it, or exclude it."
        return InputError(source.file, 1, 1, message)
    try:
        text = _decode_program(source.data, syntax)
    except ParseError as problem:
        return _error(source.file, problem)
    spans = ProgramSpans(Span(1, 1, 1, 1), ())
    return (Document(source.file, syntax, text, None, spans, 0, source.explicit),)


def _decode_program(data: bytes, syntax: str) -> str:
    """Return the text of a program, in the encoding that it declares. Raises ParseError."""
    try:
        return decode(data)
    except ParseError:
        from iblint.parse.python.source import declared_encoding

        encoding = declared_encoding(data) if syntax == "python" else None
        try:
            return data.decode(encoding or "")
        except (LookupError, UnicodeDecodeError):
            pass
        raise


def _parse(text: str, file: str) -> tuple[str, list[Parsed]]:
    """Return the syntax and the documents of a text. Raises ParseError."""
    if _is_hcl(file):
        from iblint.parse.hcl import parse_file

        return "hcl", [parse_file(text, file)]
    try:
        syntax, documents = _parse_json_or_yaml(text, file)
    except ParseError as problem:
        raise explain(problem, text) from None
    template = commented_out(text) if syntax == "yaml" else None
    if template is not None:
        raise template
    return syntax, documents


def _is_hcl(file: str) -> bool:
    """Return whether a file is written in HCL, which only its name says."""
    return file.lower().endswith((".tf", ".tofu"))


_EXTENDED = (".jsonc", ".json5")
"""Suffixes of JSON with more syntax. What YAML has too is read; comments are not."""


def _parse_json_or_yaml(text: str, file: str) -> tuple[str, list[Parsed]]:
    first = text.lstrip(" \t\r\n")[:1]
    if not first:
        return "yaml", []
    name = file.lower()
    if first in "{[" or (first == "/" and name.endswith((".json", *_EXTENDED))):
        from iblint.parse.json import fast as json

        try:
            return "json", [json.parse(text)]
        except ParseError as error:
            if name.endswith((".json", ".template")):
                error.malformed = error.malformed and _is_malformed_yaml(text)
                raise
            if name.endswith(_EXTENDED) and ("//" in text or "/*" in text):  # to YAML a comment is part of a key
                error.malformed = False
                raise
            return "yaml", _parse_yaml(text, json_error=error)
    return "yaml", _parse_yaml(text)


def _parse_yaml(text: str, json_error: ParseError | None = None) -> list[Parsed]:
    """Parse a text as YAML. If JSON can read it although iblint refuses it, it is not malformed."""
    from iblint.parse import yaml

    try:
        return yaml.parse(text)
    except ParseError as error:
        error.malformed = error.malformed and (json_error is None or json_error.malformed)
        raise


def _is_malformed_yaml(text: str) -> bool:
    """Return whether a text breaks the syntax of YAML, so that no tool can read it as YAML either."""
    try:
        _parse_yaml(text)
    except ParseError as error:
        return error.malformed
    return False
