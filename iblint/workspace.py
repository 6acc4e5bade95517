"""What a run has read: every source as resources, or as the problem that kept it from being read."""

from __future__ import annotations

import os
from collections.abc import Mapping

from iblint import config
from iblint.dialects import MAX_CONFIGURATIONS, Deployment, extract, has_marker, is_ours
from iblint.discovery.walk import File, read_beside, read_file, shown
from iblint.model.document import Document, InputError, Source
from iblint.model.record import Record, field
from iblint.model.references import imported_names
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Resource
from iblint.model.settings import Settings
from iblint.parse.load import load
from iblint.text.wording import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    from iblint.dialects import Extraction, Given

ASSEMBLED = ".template.json"
"""How the names of templates end that the CDK makes."""

TEMPLATES = "cloudformation"
"""The dialect of templates, in which exports are written."""


class Inputs(Record, frozen=False):
    """What has been read so far. Documents are dropped as soon as their resources are extracted."""

    settings: Settings
    parameters: Mapping[str, Given] = field(default_factory=dict)
    """The values that the user gives the parameters of templates."""
    files: int = 0
    configurations: int = 0
    resources: list[Resource] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    exporters: list[File | Source] = field(default_factory=list)
    """Files without anything of ours that may be templates whose exports a configuration imports. Of a File only the
    name is kept: there may be many, and hardly ever is one read again."""

    def add(self, item: File | Source | InputError) -> None:
        """Read one file or source; whatever goes wrong with it becomes an InputError, never an exception."""
        if isinstance(item, File):
            self._add_file(item)
        elif isinstance(item, Source):
            self.files += 1
            self._try(item, item)
        else:
            self.problems.append(item)

    def _add_file(self, file: File) -> None:
        data = read_file(file, self.settings.folder)
        if isinstance(data, InputError):
            self.problems.append(data)
            return
        self.files += 1
        if self._sought and not has_marker(data):  # as of most files: nothing more is made of it
            self._keep(file, data)
        else:
            self._try(Source(shown(file, self.settings.folder), data, file.explicit), file)

    @property
    def _sought(self) -> bool:
        """Whether files are looked through for markers: no file is declared to be of a dialect."""
        return self.settings.dialect is None and all(o.dialect is None for o in self.settings.overrides)

    def _try(self, source: Source, origin: File | Source) -> None:
        try:
            self._read(source, origin)
        except Exception as crash:  # a defect must not take other files down, nor pass this one
            what = f"{type(crash).__name__}: {shorten(str(crash))}"
            message = f"Internal error while reading this file ({what}); not judged. Please report it."
            self.problems.append(InputError(source.file, 1, 1, message))

    def _read(self, source: Source, origin: File | Source) -> None:
        dialect = config.dialect_for(self.settings, source.file)
        if dialect is None and not has_marker(source.data):
            self._keep(origin, source.data)
            return
        loaded = self._load(source)
        if isinstance(loaded, InputError):
            if dialect is not None or is_ours(source.data, malformed=loaded.malformed, file=source.file):
                self.problems.append(loaded)
                self.texts[source.file] = source.data.decode("utf-8", "replace")
            return
        before = len(self.resources) + len(self.problems)
        configurations = 0
        for document in loaded:
            if configurations >= MAX_CONFIGURATIONS:
                self.problems.append(_too_many(document, configurations))
                break
            extraction = self._extract(source, document, dialect)
            configurations += sum(resource.kind == INFRASTRUCTURE_CONFIGURATION for resource in extraction.resources)
            self.resources += self._with_constructs(source, extraction.resources)
            self.problems += extraction.problems
            if extraction.resources or extraction.problems:
                self._keep_text(source, document)
        self.configurations += configurations
        if len(self.resources) + len(self.problems) > before:
            return
        self._keep(origin, source.data)
        if source.explicit:
            self.notices.append(
                f"{source.file} has keys of an infrastructure configuration, but nothing in it was recognised as one. "
                "If it is one, check the spelling of its keys, or name its form with --dialect."
            )

    def _load(self, source: Source) -> tuple[Document, ...] | InputError:
        return load(source)

    def _extract(self, source: Source, document: Document, dialect: str | None) -> Extraction:
        return extract(document, dialect=dialect, deployment=self._deployment(source))

    def _with_constructs(self, source: Source, resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
        """The resources of a template that the CDK made, with what its assembly says of their constructs."""
        if not resources or not source.file.endswith(ASSEMBLED):
            return resources
        from iblint.dialects import with_constructs

        folder = self.settings.folder or os.getcwd()
        place = os.path.join(folder, source.file)
        return with_constructs(resources, source.file, lambda name: read_beside(place, name), folder)

    def _keep(self, origin: File | Source, data: bytes) -> None:
        if b"Outputs" in data and b"Export" in data:
            self.exporters.append(origin)

    def add_exporters(self, imported: frozenset[str] | None = None) -> None:
        """Read the templates that export what is ``imported`` (by the resources so far), and what those import in turn.

        They are evidence only: nothing in them is judged, and what is wrong with them is no problem of this run.
        """
        if imported is None:
            imported = imported_names(self.resources) if self.exporters else frozenset()
        if not imported or not self.exporters:
            return
        from contextlib import suppress

        from iblint.dialects import may_export

        while imported and self.exporters:
            found = len(self.resources)
            left: list[File | Source] = []
            for origin in self.exporters:
                source = _source(origin, self.settings.folder)
                if source is None or not may_export(source.data, imported):
                    left.append(origin)
                    continue
                with suppress(Exception):  # a defect that a template of others meets costs its evidence alone
                    self._read_exporter(source)
            self.exporters = left
            imported = imported_names(self.resources[found:])

    def _read_exporter(self, source: Source) -> None:
        loaded = load(source)
        for document in () if isinstance(loaded, InputError) else loaded:
            extraction = extract(document, dialect=TEMPLATES, deployment=self._deployment(source))
            self.resources += extraction.resources
            self._keep_text(source, document)

    def _deployment(self, source: Source) -> Deployment:
        target = config.target_for(self.settings, source.file)
        return Deployment(target.account, target.region, self.parameters)

    def _keep_text(self, source: Source, document: Document) -> None:
        # Line hashes count a byte order mark, which the document's text no longer has.
        mark = "\ufeff" if source.data.startswith(b"\xef\xbb\xbf") else ""
        self.texts[source.file] = mark + document.text


def _source(origin: File | Source, folder: str | None) -> Source | None:
    if isinstance(origin, Source):
        return origin
    data = read_file(origin)
    return Source(shown(origin, folder), data, origin.explicit) if isinstance(data, bytes) else None


def _too_many(document: Document, before: int) -> InputError:
    message = f"The file holds {before} configurations before this document; from here on none was judged. Split it."
    span = document.spans.root
    return InputError(document.file, span.line, span.column, message)
