"""What is said of files and parts of files that no dialect reads: nothing, a problem, or that it was not judged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from iblint.dialects.shared import registry
from iblint.dialects.shared.mentions import is_data, is_plain, is_prose, program_by_content, program_of
from iblint.dialects.shared.prefilter import decoded, find_mention, may_declare
from iblint.dialects.shared.programs import READ_CALLS, entry, find_in_program
from iblint.dialects.shared.unread import Unread, find_in_toml, find_unread
from iblint.discovery.files import LEFT_OUT, File, LeftOut, name_of, read_file
from iblint.model.document import Document, InputError, Notice, NotJudged, Source
from iblint.model.settings import Settings

_TOML = ".toml"
_DATA = re.compile(rb"""\A\s*[{\[]|^---[ \t]*\r?$|^(?:- )?["']?[\w.-]+["']?[ \t]*:(?:[ \t]|\r?$)""", re.MULTILINE)


def read_as_program(source: Source) -> Unread | None:
    """Return what is said of a source that is a program, or of TOML; None if it is YAML or JSON, or nobody knows."""
    if source.file.lower().endswith(_TOML):
        return Unread(problems=list(find_in_toml(source.file, decoded(source.data))))
    kind = program_of(source.file)
    if kind is None and not is_data(source.file):
        kind = program_by_content(source.data)
    if kind is None:
        return None
    return Unread(not_judged=list(find_in_program(source.file, source.data, kind)))


def refused(source: Source, error: InputError, *, says_data: bool) -> Unread:
    """Return what is said of a source that names a configuration and cannot be parsed.

    It is the ``error`` only if the user, the name or the content says that the source is YAML or JSON.
    """
    if says_data or is_data(source.file) or _DATA.search(source.data[:65536]) is not None:
        return Unread(problems=[error])
    if is_prose(source.file):
        return Unread()
    return Unread(not_judged=[entry(source.file, "text-file", _first_line(source.data), 1)])


def refused_program(source: Source, error: InputError, kind: str) -> Unread:
    """Return what is said of a program that cannot be decoded: the ``error``, if it makes a configuration."""
    return Unread(problems=[error] if find_in_program(source.file, source.data, kind) else [])


def not_opened(file: File, error: InputError) -> Unread:
    """Return what is said of a file that cannot be opened: one that may be a program is listed if nobody named it."""
    if file.explicit or is_data(file.path):
        return Unread(problems=[error])
    reason = f"The file was not searched for a configuration. {error.message}"
    help = "Make it readable, or exclude it in the configuration."
    return Unread(not_judged=[NotJudged(error.file, error.line, error.column, "unread-file", reason, help)])


def search_left_out(item: LeftOut, settings: Settings, folder: str) -> Unread:
    """Return what is said of a file that was left out: it is named if it mentions a configuration, or is unreadable."""
    name, why = name_of(item.path, folder), LEFT_OUT[item.reason]
    if item.reason == "excluded" and settings.place(("exclude",)):
        why += f" ({settings.place(('exclude',)).removesuffix(': ')})"
    data = read_file(File(item.path, True), folder, text=not is_plain(item.path))
    if isinstance(data, InputError):
        return Unread(notices=[Notice(name, 1, f"It was not searched: {why}. {data.message}")])
    place = _mention(Source(name, data))
    if place is None or (item.reason == "generated" and registry.is_record(name, data)):
        return Unread()
    message = f"It mentions an infrastructure configuration, but was not judged: {why}."
    if settings.enforce:
        help = "Check it by itself, with --no-config if 'exclude' has it."
        return Unread(not_judged=[NotJudged(name, *place, "excluded-file", message, help)])
    return Unread(notices=[Notice(name, place[0], message)])


def _mention(source: Source) -> tuple[int, int] | None:
    """Return line and column at which a file that is not judged makes or declares a configuration."""
    if not may_declare(source.data, source.file):
        return None
    found = None if is_plain(source.file) else read_as_program(source)
    if found is not None:
        places = [(p.line, p.column) for p in found.problems] + [(n.line, n.column) for n in found.not_judged]
        return places[0] if places else None
    line = find_mention(source.data, source.file)
    return None if line is None else (line, 1)


def read_rest(source: Source, documents: Sequence[Document], said: Sequence[int]) -> Unread:
    """Return what documents of a source declare, but for the lines at which dialects have ``said`` something."""
    return find_unread([document for document in documents if document.file == source.file], said)


def read_rest_of_program(source: Source, kind: str) -> Unread:
    """Return what a program declares in other ways than by the calls that its dialect reads."""
    return Unread(not_judged=list(find_in_program(source.file, source.data, kind, without=READ_CALLS[kind])))


def _first_line(data: bytes) -> int:
    place = max(data.find(b"nfrastructure"), 0)
    return data.count(b"\n", 0, place) + 1
