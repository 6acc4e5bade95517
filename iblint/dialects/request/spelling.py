"""The spec of a request that is not written as the API reads it: misspelled, an answer, or in another tool's form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from iblint.dialects.request.candidates import Candidate
from iblint.dialects.request.evidence import MEMBERS, UPDATE_KEY, Members, answered_arn, is_arn
from iblint.dialects.request.forms import Form
from iblint.dialects.request.spec import Shaped
from iblint.model.path import ROOT, Path
from iblint.model.record import replace
from iblint.model.values import Unresolved
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def shape(candidate: Candidate, data: dict[Any, Any]) -> Shaped:
    """Return the spec of a request by its form, or by what its keys mean."""
    form, weight = candidate.form, candidate.weight
    if form is not None:
        shaped, is_update = translate(form, data), form.is_update
    elif weight is None or weight.verdict != "answer":
        shaped, is_update = correct(data), weight is not None and UPDATE_KEY in weight.members.values()
    else:
        return replace(correct(data, is_answer=True), arn=answered_arn(data))
    arn = shaped.spec.get(UPDATE_KEY) if is_update else None
    return replace(shaped, arn=arn if is_arn(arn) else None, is_update=is_update)


def correct(data: Mapping[Any, Any], *, is_answer: bool = False) -> Shaped:
    """Return the spec of a request with misspelled keys: each value also under the member that its key means.

    The misspelled key stays, so that it is reported. In an answer it does not: nobody sends it.
    """
    shaped = Shaped({})
    shaped.spec.update(_corrected(data, MEMBERS, ROOT, ROOT, shaped.written, is_answer))
    return shaped


def _corrected(
    data: Mapping[Any, Any], names: Members, path: Path, at: Path, written: dict[Path, Path], is_answer: bool
) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in data.items():
        member = names.meant(key)
        if is_answer and (member is None or value in ({}, [], "", None)):
            continue  # of a response, or not set
        if member is None or (member != key and (member in data or member in made)):
            if key not in made:
                made[key] = value
                _note(written, (*path, key), (*at, key))
            continue
        inner = names[member]
        below = (*path, member)
        made[member] = value
        if inner is not None and isinstance(value, dict):
            made[member] = _corrected(value, inner, below, (*at, key), written, is_answer)
        _note(written, below, (*at, key))
        if member != key and not is_answer:
            made[key] = value
            _note(written, (*path, key), (*at, key))
    return made


def translate(form: Form, data: Mapping[Any, Any]) -> Shaped:
    """Return the spec of a request in the form of another tool."""
    shaped = Shaped({}, spelling=spelling_in_capitals() if form.capitals else {})
    shaped.spec.update(_translated(form, data, MEMBERS, ROOT, ROOT, shaped.written))
    for name, why in form.unknown.items():
        shaped.spec.setdefault(name, Unresolved(name, why))
    return shaped


def _translated(
    form: Form, data: Mapping[Any, Any], names: Members, path: Path, at: Path, written: dict[Path, Path]
) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in data.items():
        if not path and key in form.without:
            continue
        referenced = _referenced(key, names) if form.has_references else None
        if referenced is not None:
            if referenced not in data:
                made.setdefault(referenced, Unresolved(key, "it names another object, which has the value"))
                _note(written, (*path, referenced), (*at, key))
            continue
        name, open_value = _name_of(form, key, names)
        below, there = (*path, name), (*at, key)
        if open_value:
            value = Unresolved(shorten(str(value)), "the input of the state decides it")
        inner = names.get(name)
        if inner is not None and isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            value, there = value[0], (*there, 0)  # a block of Terraform
        if isinstance(value, dict):
            if any(isinstance(step, str) and step.startswith("fn::") for step in value):
                value = Unresolved(shorten(str(next(iter(value)))), "Pulumi calls a function for it")
            elif inner is not None:
                value = _translated(form, value, inner, below, there, written)
        made[name] = value
        _note(written, below, (*at, key))
    return made


def _name_of(form: Form, key: Any, names: Members) -> tuple[Any, bool]:
    """Return the member that a key is, else the key; and whether the value is an expression (``Name.$``)."""
    if not isinstance(key, str) or not form.capitals:
        return key, False
    bare = key.removesuffix(".$")
    name = bare[:1].lower() + bare[1:]
    return (name if name in names else bare), bare != key


def _referenced(key: Any, names: Members) -> str | None:
    """Return the member whose value the object has that a ``...Ref``, ``...Refs`` or ``...Selector`` names."""
    for end in _REFERENCES:
        if isinstance(key, str) and key not in names and key.endswith(end):
            name = key.removesuffix(end)
            return next((each for each in (name, name + "s") if each in names), None)
    return None


_REFERENCES = ("Ref", "Refs", "Selector")


def _note(written: dict[Path, Path], path: Path, at: Path) -> None:
    if path != at:
        written[path] = at


@cache
def spelling_in_capitals() -> dict[Path, str]:
    """Return how a form in PascalCase writes each member of the request, for messages."""
    return dict(_spelled(MEMBERS, ROOT, ""))


def _spelled(names: Members, path: Path, start: str) -> Iterator[tuple[Path, str]]:
    for name, inner in names.items():
        words = f"{start}{name[0].upper()}{name[1:]}"
        yield (*path, name), words
        yield from _spelled(inner, (*path, name), words + ".") if inner is not None else ()
