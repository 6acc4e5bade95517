"""CloudFormation and SAM templates, in YAML and JSON, and those that the CDK generates.

Every value is resolved as far as the template, the parameters and the deployment that the user declares allow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from iblint.dialects.shared.extraction import (
    NO_COMPANIONS,
    Companions,
    Deployment,
    Extraction,
    ParameterFiles,
    Unit,
    unit_per_document,
)
from iblint.discovery.walk import GeneratedFolder
from iblint.model.document import Document, InputError
from iblint.model.record import replace
from iblint.model.references import imported_names
from iblint.model.resource import Resource
from iblint.parse.markup import unrendered

DIALECT = "cloudformation"
SUFFIXES = (".json", ".template", ".yaml", ".yml")
MARKERS = (b"AWS::ImageBuilder::",)

GENERATED_SUFFIX = ".template.json"
"""Suffix of the templates that the CDK generates."""


def _is_assembly(signs: Mapping[str, bytes]) -> bool:
    from iblint.dialects.cloudformation.cdk_assembly import is_assembly  # few folders have the signs

    return is_assembly(signs)


GENERATED_FOLDERS = (
    GeneratedFolder(
        name="cdk.out",
        signs=("cdk.out", "manifest.json"),
        is_one=_is_assembly,
        suffixes=(GENERATED_SUFFIX,),
        skipped=("asset.",),
    ),
)
"""The cloud assembly of the CDK: its other files are assets, and records of them."""

_TYPE = "AWS::ImageBuilder::InfrastructureConfiguration"

unit_of = unit_per_document


def extract(unit: Unit, deployment: Deployment, *, forced: bool) -> Extraction:
    """Return the configurations of a template, and its resources that are evidence for them."""
    document = unit.document
    data = document.data
    if isinstance(data, dict) and isinstance(data.get("Resources"), dict):
        from iblint.dialects.cloudformation.resources import read_template  # most documents are not templates

        unread = unrendered(document.text, document.file) if _TYPE in document.text else None
        if unread is not None:
            return Extraction((), (InputError(document.file, unread.line, unread.column, unread.message),))
        extraction = read_template(document, deployment, whole=forced)
        if not unit.companions:
            return extraction
        from iblint.dialects.cloudformation.cdk_assembly import with_constructs

        return replace(extraction, resources=with_constructs(unit, extraction.resources))
    if forced:
        return Extraction((), (_not_a_template(document),))
    if "AWS::ImageBuilder::" not in document.text and "\\" not in document.text:
        return Extraction()
    from iblint.dialects.cloudformation.misplaced import misplaced_configurations

    return Extraction((), misplaced_configurations(document))


def companions(unit: Unit, resources: Sequence[Resource]) -> Companions:
    """Return the exports that a template imports, and for a generated one the files of its cloud assembly."""
    exports = imported_names(resources) if _may_import(unit.document.text) else frozenset()
    if unit.file.endswith(GENERATED_SUFFIX):
        from iblint.dialects.cloudformation.cdk_assembly import files_of

        return Companions(files_of(unit), exports)
    return Companions(exports=exports) if exports else NO_COMPANIONS


def _may_import(text: str) -> bool:
    return "ImportValue" in text or "%" in text or "\\" in text  # escapes may hide it


def is_record(file: str, data: bytes) -> bool:
    """Return whether a file of a cloud assembly is the CDK's record of its constructs, which nothing deploys."""
    from iblint.dialects.cloudformation.cdk_assembly import is_construct_tree

    return is_construct_tree(file, data)


def may_export(data: bytes, names: Collection[str] | None) -> bool:
    """Return whether the bytes of a template may export a value under one of the names (any if None)."""
    if b"Outputs" not in data or b"Export" not in data:
        return False
    if names is None:
        return True
    from iblint.dialects.cloudformation.export_search import may_export_one

    return may_export_one(data, names)


def read_parameters(files: Sequence[str], read: Callable[[str], bytes]) -> ParameterFiles:
    """Parse parameter files. Raises ConfigError."""
    from iblint.dialects.cloudformation.parameter_files import parse

    return parse(files, read)


def _not_a_template(document: Document) -> InputError:
    span = document.spans.root
    message = (
        "The document has no resources, so it cannot be a template as the dialect setting says. "
        "Write 'Resources:', or take the setting away from this file."
    )
    return InputError(document.file, span.line, span.column, message)
