"""The requests of a document, as resources."""

from __future__ import annotations

from iblint.dialects.request import DIALECT
from iblint.dialects.request.candidates import Candidate, Found, candidate, is_plain
from iblint.dialects.request.readings import lines_of, readings_of, written_at
from iblint.dialects.request.spec import Places, Shaped, below, is_filled_in_key, resolve
from iblint.dialects.shared.directives import attach
from iblint.dialects.shared.extraction import Extraction, within_bounds
from iblint.model.document import Document, InputError
from iblint.model.path import ROOT, Path, to_pointer
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Directive, Resource
from iblint.model.span import Entry, Span
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SKIPPED_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json")
"""Files of Terraform: their members are in snake_case, and another dialect reads them."""

_KINDS = {
    "bool": "a boolean",
    "NoneType": "null",
    "int": "a number",
    "float": "a number",
    "date": "a date",
    "datetime": "a date",
}


def requests_in(document: Document, *, forced: bool) -> Extraction:
    """Return the requests of a document. If ``forced``, its root or the items of a list there are requests."""
    found = _find(document, forced)
    if found is None:
        return Extraction()
    chosen, surplus = within_bounds(document, found.candidates, lambda c: c.entry.value)
    attached = attach(document, [c.lines for c in chosen])
    resources: list[Resource] = []
    problems = [*found.problems, *surplus, *attached.problems]
    for each, directives in zip(chosen, attached.directives, strict=True):
        wrong = _wrong_keys(document, each)
        problems += wrong
        if not wrong:
            resources.append(_resource(document, each, directives))
    document.spans.forget()
    return Extraction(tuple(resources), tuple(problems), () if forced else tuple(found.not_judged))


def _find(document: Document, forced: bool) -> Found | None:
    """Return what a document holds; None for files of Terraform and of no known syntax."""
    data = document.data
    if isinstance(data, dict) and is_plain(data):
        return Found([candidate(document, ROOT, data)])
    is_skipped = document.syntax not in ("yaml", "json") or document.file.lower().endswith(_SKIPPED_SUFFIXES)
    if is_skipped and not forced:
        return None
    from iblint.dialects.request.search import search, search_declared  # few requests need a search

    return search_declared(document) if forced else search(document)


def _resource(document: Document, candidate: Candidate, directives: tuple[Directive, ...]) -> Resource:
    pointer = to_pointer(candidate.path)
    ordinal = str(document.index) if document.index else ""
    fragment = f"#{ordinal}{pointer}" if ordinal or pointer else ""
    form = candidate.form
    shaped = _shape(candidate, resolve(document, candidate.data))
    places = Places(document, candidate.path, shaped, candidate.entry.value if form and form.is_text else None)
    return Resource(
        id=document.name + fragment,
        kind=INFRASTRUCTURE_CONFIGURATION,
        dialect=DIALECT,
        origin="api" if form is None else form.origin,
        file=document.file,
        address=(f"document {document.index + 1} " if ordinal else "") + (document.within + pointer or "/"),
        within=document.within,
        span=_first_key(document, candidate),
        spec=shaped.spec,
        places=places,
        readings=readings_of(document, shaped.spec, places) if form is None else {},
        directives=directives,
        spelling=shaped.spelling,
        form="" if form is None else form.name,
        operation="update" if shaped.is_update else "create",
        arn=shaped.arn,
        region=None if form is None else form.region,
    )


def _shape(candidate: Candidate, data: Any) -> Shaped:
    if candidate.form is None and candidate.weight is None:
        return Shaped(data)
    from iblint.dialects.request.spelling import shape  # few requests have misspelled keys

    return shape(candidate, data)


def _first_key(document: Document, candidate: Candidate) -> Span:
    """Return the span of the first key of the request; for an alias, that of the alias."""
    entry: Entry = candidate.entry
    is_text = candidate.form is not None and candidate.form.is_text
    key = None if entry.written is not None or is_text else document.spans.first_key(candidate.data)
    return entry.value if key is None else key


def _wrong_keys(document: Document, candidate: Candidate) -> list[InputError]:
    """Return an error for every key of a request that is not a string, and for every member that is markup."""
    if candidate.form is not None and candidate.form.is_text:
        return []
    unknown = [key for key in candidate.data if is_filled_in_key(key)]
    wrong = [_not_rendered(document, (*candidate.path, key)) for key in unknown]
    if document.spans.has_text_keys:
        return wrong
    found = below(candidate.data, ROOT)
    others = [path for path, parent in found if parent.__class__ is dict and not isinstance(path[-1], str)]
    return wrong + [_not_a_string(document, (*candidate.path, *path)) for path in others]


def _not_rendered(document: Document, path: Path) -> InputError:
    entry = document.spans.at(path) or Entry(None, document.spans.root)
    span = entry.key or entry.value
    message = (
        f"The key '{shorten(str(path[-1]))}' is markup of another tool, so the members of the request are not known; "
        "it was not judged. Render it first, or exclude it in the configuration."
    )
    return InputError(document.file, span.line, span.column, message)


def _not_a_string(document: Document, path: Path) -> InputError:
    key, entry = path[-1], document.spans.at(path) or Entry(None, document.spans.root)
    span = entry.key or entry.value
    kind = _KINDS.get(type(key).__name__, "binary data")
    text = shorten(written_at(span, lines_of(document.text)))
    message = (
        f"A key of this mapping is not a string: YAML reads {text} as {kind}. "
        "Put it in quotes; the configuration was not judged."
    )
    return InputError(document.file, span.line, span.column, message)
