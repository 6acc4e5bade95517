"""The dialects: found by listing the folder ``dialects``, imported when they are used, called by name."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module

from iblint.dialects.shared import mentions
from iblint.dialects.shared.extraction import (
    MAX_CONFIGURATIONS,
    NO_COMPANIONS,
    Companions,
    Deployment,
    Extraction,
    ParameterFiles,
    Unit,
    document_unit,
    unit_per_document,
)
from iblint.dialects.shared.prefilter import has_marker, may_embed
from iblint.discovery.walk import Scope
from iblint.model.document import Document, InputError
from iblint.model.errors import UsageError
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeVar

    T = TypeVar("T")

    class Dialect(Protocol):
        """What the module of a dialect offers.

        Five more members are optional:

        - ``GENERATED_FOLDERS``, a tuple of ``discovery.walk.GeneratedFolder``: folders that its tools generate.
        - ``PROGRAMS``, a tuple of kinds of programs (values of ``mentions.PROGRAMS``) that it reads. Their documents
          have the kind as syntax, and a text without data.
        - ``is_record(file, data) -> bool``: whether a file of such a folder is a record that nothing deploys.
        - ``may_export(data, names) -> bool``: whether the bytes of a file may export a value under one of the names to
          other units; if ``names`` is None, whether they may export anything. No false negatives, no parsing.
        - ``connect(groups, name_of, read, beside)``: yield the files of each unit, given the files by the key of
          ``unit_of``, for a dialect whose units refer to each other. ``name_of`` and ``read`` return the name and the
          bytes of a file, ``beside`` the files of a folder.
        - ``read_parameters(files, read) -> ParameterFiles``: parse the files of ``--parameters``, which ``read``
          returns by name. Raises ConfigError.
        """

        DIALECT: str
        """Its name in reports and settings: the module's name with hyphens."""
        SUFFIXES: tuple[str, ...]
        """Suffixes of the files that are read in folders, in lower case with the dot."""
        MARKERS: tuple[bytes, ...]
        """Byte strings of which every document of the dialect holds one; ``prefilter.MARKERS`` has to cover each."""

        def unit_of(self, file: str) -> str:
            """Return the key of the unit that a file belongs to. Files with the same key are extracted together.

            The name of the file itself (``unit_per_document``) if each of its documents is a unit of its own.
            """
            ...

        def extract(self, unit: Unit, deployment: Deployment, *, forced: bool) -> Extraction:
            """Return a unit's resources; none if it is not of this dialect, unless the user says it is (forced)."""
            ...

        def companions(self, unit: Unit, resources: Sequence[Resource]) -> Companions:
            """Return what else the unit needs, given its documents and the resources found so far.

            Files that exist are added to ``unit.companions``, then this is called again, until it names no new file.
            Then the unit is extracted once more.
            """
            ...


def _list_modules() -> dict[str, str]:
    """Return the dotted name of the module of each dialect, by the name of the dialect."""
    stems = (os.path.splitext(name) for name in os.listdir(os.path.dirname(os.path.dirname(__file__))))
    found = (stem for stem, suffix in stems if suffix in (".py", "") and not stem.startswith("_") and stem != "shared")
    return {stem.replace("_", "-"): f"iblint.dialects.{stem}" for stem in sorted(found)}


MODULES = _list_modules()
"""The module of each dialect. Tests add dialects of their own here."""

DIALECTS: tuple[str, ...] = tuple(MODULES)


@cache
def load_dialect(name: str) -> Dialect:
    """Import a dialect. Raises TypeError if its module lacks something: a defect of iblint."""
    module = import_module(MODULES[name])
    functions = [getattr(module, function, None) for function in ("extract", "unit_of", "companions")]
    if getattr(module, "DIALECT", None) != name or not all(map(callable, functions)):
        raise TypeError(f"{module.__name__} needs DIALECT = {name!r}, extract(), unit_of() and companions()")
    if not all(isinstance(marker, bytes) and has_marker(marker) for marker in module.MARKERS):
        raise TypeError(f"{module.__name__}: every one of its MARKERS must be covered by markers.MARKERS")
    if not mentions.PROGRAMS.keys().isdisjoint([suffix.removeprefix(".") for suffix in module.SUFFIXES]):
        raise TypeError(f"{module.__name__}: what it reads must be taken out of mentions.PROGRAMS")
    dialect: Dialect = module
    return dialect


def _all() -> list[Dialect]:
    return [load_dialect(name) for name in MODULES]


def scope() -> Scope:
    """Return what a search for files of any dialect looks for."""
    suffixes = {suffix.removeprefix(".") for dialect in _all() for suffix in dialect.SUFFIXES}
    generated = [folder for dialect in _all() for folder in getattr(dialect, "GENERATED_FOLDERS", ())]
    return Scope(mentions.searched_names(suffixes), tuple(generated))


def reads(file: str) -> bool:
    """Return whether a file has a suffix of one of the dialects."""
    return file.lower().endswith(tuple([suffix for dialect in _all() for suffix in dialect.SUFFIXES]))


def grouped_suffixes() -> tuple[str, ...]:
    """Return the suffixes of the files that may belong to a unit of several files, in lower case."""
    dialects = [dialect for dialect in _all() if dialect.unit_of is not unit_per_document]
    return tuple([suffix for dialect in dialects for suffix in dialect.SUFFIXES])


def grouping() -> Callable[[str], str] | None:
    """Return the function from the name of a file to the key of its unit; None if every file is a unit."""
    dialects = [dialect for dialect in _all() if dialect.unit_of is not unit_per_document]
    if not dialects:
        return None

    def unit_of(file: str) -> str:
        for dialect in dialects:
            if file.lower().endswith(dialect.SUFFIXES):
                return dialect.unit_of(file)
        return file

    return unit_of


def connected(
    groups: Mapping[str, Sequence[T]],
    name_of: Callable[[T], str],
    read: Callable[[T], bytes | None],
    beside: Callable[[str], Sequence[T]],
) -> Iterable[Sequence[T]]:
    """Yield the files of each unit of several files, given the files by the key of ``unit_of``."""
    rest = dict(groups)
    for dialect in _all():
        connect = getattr(dialect, "connect", None)
        if connect is not None:
            own = {key: items for key, items in rest.items() if name_of(items[0]).lower().endswith(dialect.SUFFIXES)}
            yield from connect(own, name_of, read, beside)
            rest = {key: items for key, items in rest.items() if key not in own}
    yield from rest.values()


def extract(unit: Unit, dialect: str | None = None, deployment: Deployment | None = None) -> Extraction:
    """Return the resources of a unit: recognised by content, or all of them if the user says its ``dialect``.

    ``deployment`` settles values that the unit leaves open. Raises UsageError for a dialect that does not exist.
    """
    if dialect is not None and dialect not in MODULES:
        raise UsageError(f"unknown dialect '{dialect}'; known are: {', '.join(MODULES)}")
    deployment = deployment or Deployment()
    found: list[Extraction] = []
    for name in MODULES if dialect is None else (dialect,):
        each = load_dialect(name)
        for part in _parts(each, unit) if dialect is not None or _may_be(name, unit) else ():
            extraction = each.extract(part, deployment, forced=dialect is not None)
            if extraction.resources or extraction.problems or extraction.not_judged or extraction.never_made:
                found.append(extraction)
    if dialect is None:
        found += [
            each
            for document in unit.documents
            if document.syntax != "hcl"
            for each in _embedded(document, found, unit.folder, deployment)
        ]
    if len(found) == 1:
        return found[0]
    return Extraction(
        tuple([resource for extraction in found for resource in extraction.resources]),
        tuple([problem for extraction in found for problem in extraction.problems]),
        tuple([each for extraction in found for each in extraction.not_judged]),
        {file: text for extraction in found for file, text in extraction.texts.items()},
        tuple([span for extraction in found for span in extraction.never_made]),
    )


def _may_be(name: str, unit: Unit) -> bool:
    """Return whether a unit may be of a dialect, by its syntax: only Terraform is written in HCL."""
    return name == "terraform" or unit.document.syntax != "hcl"


_may_embed = lru_cache(maxsize=2)(may_embed)
"""The same, for the many documents of one text."""


def _embedded(
    document: Document, found: Sequence[Extraction], folder: str, deployment: Deployment
) -> Iterator[Extraction]:
    """Yield what the strings of a document hold. The strings of a request are values, so they are not searched."""
    judged = [
        each for extraction in found for each in extraction.resources if each.kind == INFRASTRUCTURE_CONFIGURATION
    ]
    if document.syntax == "hcl" or any(each.id == document.name for each in judged):
        return
    spans = {each.span for each in judged if each.origin == "cloudformation"}  # those that a loop made share one
    if not _may_embed(document.text, len(spans)):
        return
    from iblint.dialects.shared.embedded import embedded_in  # few documents have such strings

    embedded = embedded_in(document, _lines_of_calls(judged))
    yield Extraction((), embedded.problems)
    inner = Deployment(deployment.account, deployment.region)  # the parameters are those of the file's own template
    count = len(judged)
    for each in embedded.documents:
        if count > MAX_CONFIGURATIONS:
            span = each.spans.root
            yield Extraction((), (InputError(document.file, span.line, span.column, _TOO_MANY),))
            return
        extraction = extract(document_unit(each, folder), None, inner)
        count += len(extraction.resources)
        yield extraction


def _lines_of_calls(judged: Sequence[Resource]) -> frozenset[int]:
    """Return the lines with values that calls in scripts send."""
    calls = [resource for resource in judged if resource.dialect in _programs().values()]
    places = [place for resource in calls for place in resource.places.values() if place.file is None]
    return frozenset([place.value.line for place in places] + [resource.span.line for resource in calls])


_TOO_MANY = (
    f"The strings of the file hold more than {MAX_CONFIGURATIONS} resources; from here on none was judged. Split it."
)


def _parts(dialect: Dialect, unit: Unit) -> Iterable[Unit]:
    """Return the units of a dialect in a unit that another dialect may have put together."""
    if len(unit.documents) == 1 or dialect.unit_of is not unit_per_document:
        return (unit,)
    return [document_unit(document, unit.folder) for document in unit.documents]


@cache
def _programs() -> dict[str, str]:
    """Return the dialect that reads each kind of program."""
    return {kind: dialect.DIALECT for dialect in _all() for kind in getattr(dialect, "PROGRAMS", ())}


def program_kind(file: str, data: bytes, dialect: str | None) -> str | None:
    """Return the kind of program that a file is, if a dialect reads it; None for data and what nobody reads.

    If the user names a ``dialect`` that reads programs, it reads files with any name.
    """
    if mentions.is_plain(file) and dialect is None:
        return None
    kinds = [kind for kind, reader in _programs().items() if dialect in (None, reader)]
    kind = mentions.program_of(file)
    if kind is None and not mentions.is_data(file):
        kind = mentions.program_by_content(data)
    if kind in kinds or dialect is None:
        return kind if kind in kinds else None
    return kinds[0] if kinds and not mentions.is_data(file) else None


def companions(unit: Unit, resources: Sequence[Resource]) -> Companions:
    """Return what a unit needs in addition to its documents, by the dialects of its resources."""
    names = {resource.dialect for resource in resources}
    found = [load_dialect(name).companions(unit, resources) for name in sorted(names)]
    if len(found) <= 1:
        return found[0] if found else NO_COMPANIONS
    files = dict.fromkeys(file for each in found for file in each.files)
    paths = dict.fromkeys(path for each in found for path in each.paths)
    exports = frozenset().union(*(each.exports for each in found))
    return Companions(tuple(files), exports, tuple(paths))


def exporting() -> dict[str, Callable[[bytes, Collection[str] | None], bool]]:
    """Return the function ``may_export`` of each dialect whose units may export values, by the dialect's name."""
    found = {dialect.DIALECT: getattr(dialect, "may_export", None) for dialect in _all()}
    return {name: may_export for name, may_export in found.items() if may_export is not None}


def is_record(file: str, data: bytes) -> bool:
    """Return whether a file of a generated folder is a record of the tool that no other tool deploys."""
    found = (getattr(dialect, "is_record", None) for dialect in _all())
    return any(check is not None and check(file, data) for check in found)


def read_parameters(files: Sequence[str], read: Callable[[str], bytes]) -> ParameterFiles:
    """Parse the files that give parameters their values; ``read`` returns the bytes of a file or raises OSError.

    Raises ConfigError (``file:line: what is wrong; what to do``).
    """
    found = ParameterFiles()
    for dialect in _all() if files else ():
        read_files = getattr(dialect, "read_parameters", None)
        if read_files is not None:
            each: ParameterFiles = read_files(files, read)
            found.values.update(each.values)
            found.texts.update(each.texts)
    return found
