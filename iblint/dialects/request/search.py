"""Find the requests of a document: at its root, in lists, below keys, and in the forms of other tools."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.dialects.request.candidates import Candidate, Found, candidate, is_plain
from iblint.dialects.request.evidence import MEMBERS, NOTHING, Weight, weigh
from iblint.dialects.request.forms import Form, find_form, is_other
from iblint.model.document import Document, InputError, NotJudged
from iblint.model.path import ROOT, Path
from iblint.model.record import replace
from iblint.model.span import Entry, Span
from iblint.model.values import Tagged
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def search(document: Document, path: Path = ROOT, data: Any = None) -> Found:
    """Return the requests of a document, or of the ``data`` at a path of it.

    Spans are looked up only for what is found: to find those of a whole document can mean to parse it once more.
    """
    searching = _Search(document)
    searching.visit(path, document.data if data is None else data)
    found = searching.found
    if len(found.candidates) > 1 and "<<" in document.text:
        return replace(found, candidates=_without_fragments(document, found.candidates))
    return found


def _without_fragments(document: Document, candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates but for the incomplete ones that others merge (``<<: *defaults``): those are judged."""
    merged = {
        (entry.written.line, entry.written.column)
        for each in candidates
        for entry in document.spans.of(each.data).values()
        if entry.written is not None
    }

    def is_fragment(each: Candidate) -> bool:
        if each.form is not None or {"name", "instanceProfileName"} <= each.data.keys():
            return False
        spans = [entry.value for entry in document.spans.of(each.data).values() if entry.written is None]
        return any((span.line, span.column) in merged for span in spans)

    return [each for each in candidates if not is_fragment(each)]


def search_declared(document: Document) -> Found:
    """Return the requests of a document that the user declares to be one: its root, or the items of a list there.

    If one of these is no request but holds some, those are judged in its place.
    """
    found = Found()
    if document.data is None and document.index:
        return found  # after the last '---' of a stream
    for path, data in _leaves(ROOT, document.data):
        if not isinstance(data, dict):
            found.problems.append(_not_a_request(document, path, data))
            continue
        inner = Found() if is_plain(data) else search(document, path, data)
        if inner.candidates or inner.doubtful or inner.problems:
            found.candidates.extend([*inner.candidates, *inner.doubtful])
            found.problems.extend(inner.problems)
        else:
            found.candidates.append(candidate(document, path, data, weight=weigh(data)))
    return found


class _Search:
    """One search of a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found = Found()
        self.lists: dict[int, bool] = {}
        """Whether each list is one of requests, by its identity."""
        self.held: dict[int, bool] = {}
        """Whether each list under tags holds a request, by its identity."""

    def visit(self, path: Path, data: Any) -> None:
        """Add what a value is, or what is found in it."""
        if isinstance(data, dict):
            self._mapping(path, data)
        elif isinstance(data, list):
            self._list(path, data)
        elif isinstance(data, Tagged):
            if self._holds_request(data):
                self.found.problems.append(_not_a_request(self.document, path, data))
            else:
                self.visit(path, data.value)

    def _mapping(self, path: Path, data: dict[Any, Any]) -> None:
        if is_plain(data):
            self.found.candidates.append(candidate(self.document, path, data))
            return
        weight = weigh(data)
        form = find_form(data, path, weight)
        if _are_parameters(path, weight):
            weight = NOTHING
        if form is not None:
            self._form(path, data, form)
        elif weight.is_request:
            self.found.candidates.append(candidate(self.document, path, data, weight=weight))
        elif weight.verdict == "summary":
            self._not_judged(path, *_SUMMARY)
        elif weight.verdict == "doubt":
            self.found.doubtful.append(candidate(self.document, path, data, weight=weight))
            self._not_judged(path, *_DOUBT)
        elif not is_other(data):
            for key, value in data.items():
                if isinstance(value, dict | list | Tagged):
                    self.visit((*path, key), value)

    def _list(self, path: Path, items: list[Any]) -> None:
        """Visit the items. If at least half of them are requests, it is a list of requests: then none is ignored."""
        ours = self._is_list_of_requests(items)
        for index, item in enumerate(items):
            if not ours or (isinstance(item, list) and item) or self._is_one(item):
                self.visit((*path, index), item)
            elif not isinstance(item, dict):
                self.found.problems.append(_not_a_request(self.document, (*path, index), item))
            elif any(MEMBERS.meant(key) is None for key in item):
                self._not_judged((*path, index), *_DOUBT)
            else:
                self.found.candidates.append(candidate(self.document, (*path, index), item, weight=weigh(item)))

    def _is_one(self, data: Any) -> bool:
        """Return whether a value is a request, or one in the form of another tool, also under tags."""
        if isinstance(data, dict):
            if is_plain(data):
                return True
            weight = weigh(data)
            return weight.is_request or find_form(data, ROOT, weight) is not None
        return isinstance(data, Tagged) and self._holds_request(data)

    def _holds_request(self, value: Any) -> bool:
        """Return whether a value under tags is a request or a list of them: the tags are an error, but hide nothing."""
        if isinstance(value, Tagged):
            return self._holds_request(value.value)
        if isinstance(value, list):
            known = self.held.get(id(value))
            if known is None:
                known = self.held[id(value)] = any(map(self._holds_request, value))
            return known
        return isinstance(value, dict) and (is_plain(value) or weigh(value).is_request)

    def _is_list_of_requests(self, items: list[Any]) -> bool:
        """Return whether at least half of the items are requests, or lists of them."""
        known = self.lists.get(id(items))
        if known is None:
            ours = [self._is_list_of_requests(item) if isinstance(item, list) else self._is_one(item) for item in items]
            known = self.lists[id(items)] = any(ours) and 2 * sum(ours) >= len(items)
        return known

    def _form(self, path: Path, data: dict[Any, Any], form: Form) -> None:
        if form.problem:
            span = _span(self.document, (*path, *form.steps))
            self.found.problems.append(InputError(self.document.file, span.line, span.column, form.problem))
        elif form.is_summary:
            self._not_judged(path, *_SUMMARY)
        elif form.members is not None:
            at = candidate(self.document, path, data)
            entry = self.document.spans.at((*path, *form.steps)) or at.entry
            self.found.candidates.append(Candidate((*path, *form.steps), form.members, entry, at.lines, form))

    def _not_judged(self, path: Path, kind: str, reason: str, help: str) -> None:
        span = _span(self.document, path)
        self.found.not_judged.append(NotJudged(self.document.file, span.line, span.column, kind, reason, help))


_SUMMARY = (
    "summary",
    "This is a summary of an infrastructure configuration, as a call that lists them returns it. It lacks most of the "
    "settings, so it was not judged.",
    "Judge the answer of get-infrastructure-configuration.",
)

_DOUBT = (
    "possible-request",
    "This mapping has some keys of an infrastructure configuration, but it is doubtful whether it is one. It was not "
    "judged.",
    "If it is one, correct its keys, or declare the dialect 'request' for the file. If not, exclude the file.",
)


_PARAMETERS = frozenset({"Parameters", "ParameterOverrides", "parameters", "variables", "vars", "env", "with"})
"""Keys of mappings whose keys others name: one in capitals is a parameter, not a misspelled member."""


def _are_parameters(path: Path, weight: Weight) -> bool:
    misspelled = any(key != member for key, member in weight.members.items())
    return misspelled and bool(path) and path[-1] in _PARAMETERS


def _span(document: Document, path: Path) -> Span:
    entry = document.spans.at(path) or Entry(None, document.spans.root)
    return entry.key or entry.value


def _leaves(path: Path, data: Any) -> Iterator[tuple[Path, Any]]:
    """Yield everything but lists with items, from a value down, in the order of the document."""
    if isinstance(data, list) and (data or not path):
        for index, item in enumerate(data):
            yield from _leaves((*path, index), item)
    else:
        yield path, data


def _not_a_request(document: Document, path: Path, data: Any) -> InputError:
    where = "The document"
    if path:
        steps = "/".join(map(str, path))
        where = f"Item {steps} of the list" if all(isinstance(step, int) for step in path) else f"The value at /{steps}"
    entry = document.spans.at(path) or Entry(None, document.spans.root)
    if isinstance(data, Tagged):
        message = (
            f"{where} has the tag '{shorten(data.tag)}', which only another tool resolves; "
            "it was not judged. Remove the tag, or judge the file that is made from this one."
        )
    else:
        message = (
            f"{where} is not a mapping, so it cannot be a request. "
            "Write the request's keys (name, instanceProfileName, ...), or do not check it as a request."
        )
    return InputError(document.file, entry.value.line, entry.value.column, message)
