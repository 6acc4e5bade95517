"""What has been read: units, their resources, the errors that kept inputs from being judged."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence, Set

from iblint.config import overrides
from iblint.dialects.shared import mentions, registry
from iblint.dialects.shared.extraction import (
    MAX_CONFIGURATIONS,
    Deployment,
    Extraction,
    Given,
    RunSteps,
    Unit,
    UnitFiles,
    document_unit,
)
from iblint.dialects.shared.prefilter import has_marker, is_ours, may_declare
from iblint.discovery.files import Counts, File, LeftOut, NoFiles, name_of, read_file
from iblint.discovery.globs import Matcher
from iblint.model.document import Document, InputError, Notice, NotJudged, Source
from iblint.model.errors import ConfigError
from iblint.model.record import Record, replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Resource
from iblint.model.settings import Settings
from iblint.model.values import lookup
from iblint.parse.load import load, load_program
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeAlias

    from iblint.dialects.shared.unread import Unread
    from iblint.timings import Timings

    class WithoutDialect(Protocol):
        """What ``dialects.shared.without_dialect`` offers; each is described there in full."""

        def read_as_program(self, source: Source) -> Unread | None:
            """Return what is said of a program; None if it is YAML or JSON."""

        def refused(self, source: Source, error: InputError, *, says_data: bool) -> Unread:
            """Return what is said of a source that cannot be parsed."""

        def refused_program(self, source: Source, error: InputError, kind: str) -> Unread:
            """Return what is said of a program that cannot be parsed."""

        def not_opened(self, file: File, error: InputError) -> Unread:
            """Return what is said of a file that cannot be opened."""

        def search_left_out(self, item: LeftOut, settings: Settings, folder: str) -> Unread:
            """Return what is said of a file that was left out."""

        def read_rest(self, source: Source, documents: Sequence[Document], said: Sequence[int]) -> Unread:
            """Return what documents declare besides what dialects said."""

        def read_rest_of_program(self, source: Source, kind: str) -> Unread:
            """Return what a program does besides what its dialect said."""


Item: TypeAlias = "File | Source | InputError | LeftOut | Notice | Counts"
"""A file to read, a source that was read, the error that kept a file from being found, or what was left out."""

_USES = frozenset({"ImagePipeline", "Image"})
"""The kinds of resources that use configurations. If it is open which one, that may be any configuration of the run."""

_LINKING = _USES | {"Export"}
"""Kinds of resources that may refer to those of other units, or the other way round."""


class UnitResources(Record, compiled=True):
    """The resources of one unit."""

    number: int
    """Its place in the run."""
    resources: tuple[Resource, ...]
    imports: frozenset[str]
    """The names of the exports of other units that it imports; an empty one if a name is not known."""

    @property
    def is_linked(self) -> bool:
        """Whether its resources may refer to those of other units, or the other way round."""
        return bool(self.imports) or any(resource.kind in _LINKING for resource in self.resources)

    @property
    def has_uses(self) -> bool:
        """Whether it has pipelines or images."""
        return any(resource.kind in _USES for resource in self.resources)

    @property
    def exports(self) -> frozenset[str]:
        """The names under which it exports values to other units, as far as they are known."""
        return exported_names(self.resources)


class UnitReader:
    """What has been read so far. Documents are dropped as soon as their resources are extracted."""

    def __init__(
        self,
        settings: Settings,
        parameters: Mapping[str, Given],
        files: NoFiles,
        timings: Timings | None = None,
        steps: RunSteps | None = None,
    ) -> None:
        """``parameters`` has the values that the user gives for a deployment; ``files`` reads companions.

        ``steps`` are those that are left in the run.
        """
        self.settings = settings
        self.parameters = parameters
        self.steps = steps or RunSteps()
        self.files_read = 0
        self.configurations = 0
        self.problems: list[InputError] = []
        self.texts: dict[str, str] = {}
        self.notices: list[Notice] = []
        self.not_judged: list[NotJudged] = []
        self.left_out: dict[str, int] = {}
        self.exporters: list[tuple[int, File | Source]] = []
        """The units without configurations that may export values, with their numbers. Of files only the names are
        kept: there may be many, and few are read again."""
        self._companions = files
        self._folder = settings.folder or os.getcwd()
        self._elsewhere = None if self._folder == os.getcwd() else self._folder
        """The folder of the run if this process works in another one."""
        self._real_folders: dict[str, str] = {}
        self._by_marker = settings.dialect is None and all(o.dialect is None for o in settings.overrides)
        """Whether files without a marker are skipped: for none of them the settings name a dialect."""
        self._exporting = registry.exporting()
        self._unit_of = registry.grouping()
        self._read_file = read_file if timings is None else timings.timed("read", read_file)
        self._load = load if timings is None else timings.timed("load", load)
        self._extract = registry.extract if timings is None else timings.timed("extract", registry.extract)

    def add(self, number: int, items: Sequence[Item]) -> UnitResources | None:
        """Read the files of one unit and return its resources; None if there are none.

        Everything that is wrong with a file becomes an InputError, never an exception.
        """
        sources: list[Source] = []
        read: list[File | Source] = []
        for item in items:
            if isinstance(item, File):
                data = self._read_file(item, self._elsewhere, text=not mentions.is_plain(item.path))
                if isinstance(data, InputError):
                    self._keep(without_dialect().not_opened(item, data))
                    continue
                self.files_read += 1
                if self._by_marker and len(items) == 1 and not may_declare(data, item.path):  # most files
                    self._keep_exporter(number, item, data)
                    return None
                name = name_of(item.path, self._folder, self._real_folders)
                sources.append(Source(name, data, item.explicit))
                read.append(item)
            elif isinstance(item, Source):
                self.files_read += 1
                sources.append(item)
                read.append(item)
            else:
                self._note(item)
        if not sources:
            return None
        try:
            return self._add(number, sources, read)
        except ConfigError:
            raise
        except Exception as crash:  # a defect of iblint must neither end the run nor hide the file
            self.problems.append(internal_error(sources[0].file, "reading", crash))
            return None

    def _note(self, item: InputError | LeftOut | Notice | Counts) -> None:
        """Keep what is known of an item that is not judged."""
        if isinstance(item, InputError):
            self.problems.append(item)
        elif isinstance(item, Notice):
            self.notices.append(item)
        elif isinstance(item, Counts):
            for reason, number in item.numbers.items():
                self.left_out[reason] = self.left_out.get(reason, 0) + number
        else:
            self._keep(without_dialect().search_left_out(item, self.settings, self._folder))

    def _add(self, number: int, sources: Sequence[Source], items: Sequence[File | Source]) -> UnitResources | None:
        first = sources[0]
        dialect = overrides.dialect_for(self.settings, first.file)
        if dialect is None and not any(has_marker(source.data) for source in sources):
            self._keep_exporters(number, sources, items)
            return None
        if dialect is None:
            sources, items = self._without_programs(sources, items)
        documents, failed = self._documents(sources, dialect)
        if not documents and (failed or not sources):
            return None
        said = len(self.problems), len(self.not_judged)
        resources: list[Resource] = []
        imports: frozenset[str] = frozenset()
        configurations = 0
        never_made: set[tuple[str, int, int]] = set()
        for unit in self._units(documents, first.file):
            if configurations >= MAX_CONFIGURATIONS:
                self.problems.append(_too_many(unit.document, configurations))
                break
            extraction, imported = self._extract_unit(unit, dialect)
            configurations += sum(resource.kind == INFRASTRUCTURE_CONFIGURATION for resource in extraction.resources)
            resources += extraction.resources
            imports |= imported
            self.problems += extraction.problems
            self.not_judged += extraction.not_judged
            never_made |= {(unit.file, span.line, span.column) for span in extraction.never_made}
            if extraction.resources or extraction.problems or extraction.not_judged:
                self.texts.update(extraction.texts)
                self._keep_texts(unit, sources)
        self.configurations += configurations
        if dialect is None:
            self._read_rest(sources, documents, resources, said, never_made)
        if resources:
            return UnitResources(number, tuple(resources), imports)
        if (len(self.problems), len(self.not_judged)) == said and not failed and not never_made:
            self._keep_exporters(number, sources, items)
            documents = [document for document in documents if document.explicit and document.data is not None]
            self.notices += [_not_recognised(file) for file in dict.fromkeys(each.file for each in documents)]
        return None

    def _without_programs(
        self, sources: Sequence[Source], items: Sequence[File | Source]
    ) -> tuple[list[Source], list[File | Source]]:
        """Return the sources that are YAML or JSON, with their items; keep what is said of the others."""
        kept: tuple[list[Source], list[File | Source]] = [], []
        for source, item in zip(sources, items, strict=True):
            found = None
            if not mentions.is_plain(source.file) and registry.program_kind(source.file, source.data, None) is None:
                found = without_dialect().read_as_program(source)
            if found is None:
                kept[0].append(source)
                kept[1].append(item)
            else:
                self._keep(found, source)
        return kept

    def _read_rest(
        self,
        sources: Sequence[Source],
        documents: Sequence[Document],
        resources: Sequence[Resource],
        said: tuple[int, int],
        never_made: Set[tuple[str, int, int]],
    ) -> None:
        """Keep what the sources declare besides what dialects found in them: resources, and what was ``said`` since.

        ``never_made``: the places of configurations that no deployment makes. Several made of one have one place.
        """
        places = [(each.file, each.line) for each in self.problems[said[0] :]]
        places += [(each.file, each.line) for each in self.not_judged[said[1] :]]
        ours = [resource for resource in resources if resource.kind == INFRASTRUCTURE_CONFIGURATION]
        judged = {(r.file, r.span.line, r.span.column) for r in ours} | never_made
        places += [(location.file, location.span.line) for r in ours for location in r.related]
        places += [(file, line) for file, line, _ in judged]
        for source in sources:
            kind = registry.program_kind(source.file, source.data, None)
            if kind is not None:
                self._keep(without_dialect().read_rest_of_program(source, kind), source)
            elif mentions.may_be_unread(source.data, sum(file == source.file for file, *_ in judged)):
                lines = [line for file, line in places if file == source.file]
                self._keep(without_dialect().read_rest(source, documents, lines), source)

    def _keep(self, found: Unread, source: Source | None = None) -> None:
        """Keep what is said of a source or file that no dialect reads."""
        self.problems += found.problems
        self.not_judged += found.not_judged
        self.notices += found.notices
        if found.problems and source is not None:
            self.texts[source.file] = source.data.decode("utf-8", "replace")

    def _documents(self, sources: Sequence[Source], dialect: str | None) -> tuple[list[Document], bool]:
        """Return the documents of the sources, and whether a source could not be parsed."""
        documents: list[Document] = []
        failed = False
        for source in sources:
            kind = registry.program_kind(source.file, source.data, dialect)
            loaded = self._load(source) if kind is None else load_program(source, kind)
            if not isinstance(loaded, InputError):
                documents += loaded
                continue
            failed = True
            if kind is not None:
                self._keep(without_dialect().refused_program(source, loaded, kind), source)
            elif dialect is not None or is_ours(source.data, malformed=loaded.malformed, file=source.file):
                says_data = dialect is not None or registry.reads(source.file)
                self._keep(without_dialect().refused(source, loaded, says_data=says_data), source)
        return documents, failed

    def _units(self, documents: Sequence[Document], file: str) -> list[Unit]:
        """Return the documents as units: each by itself, or all together if the dialect of ``file`` says so."""
        key = file if self._unit_of is None else self._unit_of(file)
        if key == file:
            return [document_unit(document, self._folder) for document in documents]
        files = FilesOfUnit(self._companions, self.settings, self._folder, file)
        return [Unit(key, tuple(documents), self._folder, files=files)] if documents else []

    def _extract_unit(self, unit: Unit, dialect: str | None) -> tuple[Extraction, frozenset[str]]:
        """Return the extraction of a unit with its companions, and the names of the exports that it imports."""
        deployment = self._deployment(unit.file)
        extraction = self._extract(unit, dialect, deployment)
        if not extraction.resources:
            return extraction, frozenset()
        companions = registry.companions(unit, extraction.resources)
        found: dict[str, bytes | None] = {}
        shown: dict[str, str] = {}
        while True:
            place, folder = os.path.join(self._folder, unit.file), self._folder
            names = [name for name in companions.files if name not in found]
            paths = [path for path in companions.paths if path not in found]
            if not names and not paths:
                break
            found |= {name: self._companions.beside(place, name) for name in names}
            for path in paths:
                below = self._companions.below(folder, place, path)
                found[path] = None if below is None else below[1]
                shown |= {} if below is None else {path: name_of(below[0], self._folder)}
            given = {name: data for name, data in found.items() if data is not None}
            unit = replace(unit, companions=given, names=shown)
            companions = registry.companions(unit, extraction.resources)
        if unit.companions:
            extraction = self._extract(unit, dialect, deployment)
        return self._with_evidence(extraction), companions.exports

    def _with_evidence(self, extraction: Extraction) -> Extraction:
        """Return an extraction without what its files declare, if the settings say so; else name it if they say so."""
        if self.settings.no_declared_evidence:
            resources = [replace(r, directives=()) if r.directives else r for r in extraction.resources]
            return replace(extraction, resources=tuple(resources))
        for resource in extraction.resources if self.settings.enforce else ():
            for directive in resource.directives:
                message = (
                    f"The core rules rely on '{directive.key}={directive.value}', which the file declares of itself. "
                    "--no-declared-evidence ignores it."
                )
                place = directive.location
                self.notices.append(Notice(place.file, place.span.line, message))
        return extraction

    def _deployment(self, file: str) -> Deployment:
        target = overrides.target_for(self.settings, file)
        files = overrides.variable_files_for(self.settings, file)
        given = dict([text.split("=", 1) for text in self.settings.var])
        return Deployment(
            target.account, target.region, self.parameters, self.steps, self._variable_files(files), given
        )

    def _variable_files(self, files: Sequence[str]) -> tuple[tuple[str, bytes], ...]:
        """Return the files of variables by their names. Raises ConfigError for one that cannot be read."""
        found = []
        for path in files:
            try:
                place = os.path.join(self._folder, path)
                found.append((name_of(path, self._folder), self._companions.named(place)))
            except OSError as error:
                raise ConfigError(f"{path}: the file of variables cannot be read: {error.strerror}.") from None
        return tuple(found)

    def _keep_exporters(self, number: int, sources: Sequence[Source], items: Sequence[File | Source]) -> None:
        for source, item in zip(sources, items, strict=True):
            self._keep_exporter(number, item, source.data)

    def _keep_exporter(self, number: int, item: File | Source, data: bytes) -> None:
        for may_export in self._exporting.values():
            if may_export(data, None):
                self.exporters.append((number, item))
                return

    def read_exports(self, names: frozenset[str]) -> list[Resource]:
        """Return the resources of the kept units that export one of the names, or what such a unit imports in turn.

        They are evidence only: they are not judged, and what is wrong with them is no problem of this run.
        """
        resources: list[Resource] = []
        while names and self.exporters:
            left: list[tuple[int, File | Source]] = []
            imports: frozenset[str] = frozenset()
            for number, item in self.exporters:
                source = self._source(item)
                dialect = None if source is None else self._exporting_dialect(source.data, names)
                if source is None or dialect is None:
                    left.append((number, item))
                    continue
                try:
                    found, imported = self._read_exporter(source, dialect)
                except Exception:  # noqa: S112 - a defect met in a file of others costs its evidence alone
                    continue
                resources += found
                imports |= imported
            self.exporters, names = left, imports
        return resources

    def _exporting_dialect(self, data: bytes, names: frozenset[str]) -> str | None:
        return next((dialect for dialect, may_export in self._exporting.items() if may_export(data, names)), None)

    def _source(self, item: File | Source) -> Source | None:
        if isinstance(item, Source):
            return item
        data = self._read_file(item, self._elsewhere)
        if isinstance(data, InputError):
            return None
        return Source(name_of(item.path, self._folder, self._real_folders), data, item.explicit)

    def _read_exporter(self, source: Source, dialect: str) -> tuple[list[Resource], frozenset[str]]:
        loaded = load(source)
        resources: list[Resource] = []
        imports: frozenset[str] = frozenset()
        for unit in () if isinstance(loaded, InputError) else self._units(loaded, source.file):
            extraction = registry.extract(unit, dialect, self._deployment(unit.file))
            resources += extraction.resources
            imports |= registry.companions(unit, extraction.resources).exports
            self._keep_texts(unit, [source])
        return resources, imports

    def _keep_texts(self, unit: Unit, sources: Sequence[Source]) -> None:
        data = {source.file: source.data for source in sources}
        for document in unit.documents:
            # Line hashes include a byte order mark, which the text of a document does not have.
            mark = "\ufeff" if data[document.file].startswith(b"\xef\xbb\xbf") else ""
            self.texts[document.file] = mark + document.text


def without_dialect() -> WithoutDialect:
    """Return the module for what no dialect reads, with its regular expressions: few runs need it."""
    from iblint.dialects.shared import without_dialect as module

    return module


class FilesOfUnit(UnitFiles):
    """The files beside a unit: inside the root of the run, and not excluded."""

    def __init__(self, files: NoFiles, settings: Settings, folder: str, file: str) -> None:
        self._files = files
        self._folder = folder
        self._root = _root_of(folder, file)
        self._exclude = Matcher(settings.exclude, settings.root or folder)

    def listed(self, folder: str) -> tuple[str, ...]:
        """Return the names of the files in a folder, without those that are excluded."""
        place = os.path.normpath(os.path.join(self._folder, folder))
        if not os.path.join(place, "").startswith(os.path.join(self._root, "")):
            return ()
        return tuple(
            name for name in self._files.listed(self._root, place) if not self._exclude.match(os.path.join(place, name))
        )

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file; None if there is none, or it may not be read."""
        path = os.path.normpath(os.path.join(self._folder, name))
        return None if self._exclude.match(path) else self._files.inside(self._root, path)


def _root_of(folder: str, file: str) -> str:
    """Return the folder outside which nothing is read: the working folder, or the repository that has the file."""
    place = os.path.dirname(os.path.normpath(os.path.join(folder, file)))
    if os.path.join(place, "").startswith(os.path.join(folder, "")):
        return folder
    above = place
    while not os.path.exists(os.path.join(above, ".git")):
        if os.path.dirname(above) == above:
            return place
        above = os.path.dirname(above)
    return above


def exported_names(resources: Iterable[Resource]) -> frozenset[str]:
    """Return the names under which resources are exported, as far as they are known."""
    names = [lookup(resource.spec, ("name",)) for resource in resources if resource.kind == "Export"]
    return frozenset([name for name in names if isinstance(name, str)])


def item_name(item: Item, folder: str | None = None) -> str:
    """Return the name of an item in reports, empty if it has none; ``folder`` is the working folder of the run."""
    if isinstance(item, Counts):
        return ""
    return name_of(item.path, folder) if isinstance(item, File | LeftOut) else item.file


def internal_error(file: str, step: str, crash: Exception) -> InputError:
    """Return the error for a file at which a ``step`` ("reading") failed by a defect of iblint."""
    what = f"{type(crash).__name__}: {shorten(str(crash))}"
    return InputError(file, 1, 1, f"Internal error while {step} this file ({what}); not judged. Please report it.")


def _not_recognised(file: str) -> Notice:
    message = (
        "The file has keys of an infrastructure configuration, but nothing in it was recognised as one. "
        "If it is one, check the spelling of its keys, or name its form with --dialect."
    )
    return Notice(file, 1, message)


def _too_many(document: Document, before: int) -> InputError:
    message = f"The file holds {before} configurations before this document; from here on none was judged. Split it."
    span = document.spans.root
    return InputError(document.file, span.line, span.column, message)
