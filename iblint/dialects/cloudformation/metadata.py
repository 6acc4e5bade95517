"""Read directives in the metadata of a resource: ``Metadata: {iblint: {build-type: container}}``."""

from __future__ import annotations

from iblint.dialects.cloudformation.intrinsics import written
from iblint.dialects.cloudformation.template import Declared, Template
from iblint.dialects.shared.directives import check_directive
from iblint.model.document import InputError
from iblint.model.resource import Directive, Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEY = "iblint"
_CONSTRUCT = "aws:cdk:path"


def directives_of(template: Template, declared: Declared) -> tuple[tuple[Directive, ...], tuple[InputError, ...]]:
    """Return the directives in the metadata of a resource, and the errors of those that are invalid."""
    metadata = declared.body.get("Metadata")
    if not isinstance(metadata, dict) or _KEY not in metadata:
        return (), ()
    settings = metadata[_KEY]
    if not isinstance(settings, dict):
        place = template.place(metadata, _KEY)
        return (), (_problem(template, place, "The iblint metadata is not a mapping: write 'build-type: container'."),)
    found: list[Directive] = []
    problems: list[InputError] = []
    for key, value in settings.items():
        place = template.place(settings, key)
        try:
            found.append(_read(template, key, value, place))
        except ValueError as wrong:
            problems.append(_problem(template, place, str(wrong)))
    return tuple(found), tuple(problems)


def construct_of(declared: Declared) -> str | None:
    """Return the path of the CDK construct that made the resource, or None."""
    metadata = declared.body.get("Metadata")
    path = metadata.get(_CONSTRUCT) if isinstance(metadata, dict) else None
    return path if isinstance(path, str) and path else None


def _read(template: Template, key: Any, value: Any, place: Place) -> Directive:
    """Return one directive. Raises ValueError with a message if it is invalid."""
    if key == "ignore":
        raise ValueError("'ignore' is not supported: iblint cannot suppress findings yet. Remove it.")
    if not isinstance(value, str):
        value = "" if value is None else written(value)
    check_directive(str(key), value, "this metadata")
    return Directive(str(key), value, template.location(place, "declared here"))


def _problem(template: Template, place: Place, message: str) -> InputError:
    span = place.key or place.value
    return InputError(template.document.file, span.line, span.column, message)
