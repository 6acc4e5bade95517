"""Configurations in forms that iblint does not read yet. They are problems, because nothing judges them."""

from __future__ import annotations

from collections.abc import Iterator

from iblint.model.document import Document, InputError
from iblint.model.path import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SUFFIXES = (".tf.json", ".tofu.json")
_TYPES = ("aws_imagebuilder_infrastructure_configuration", "awscc_imagebuilder_infrastructure_configuration")
_MESSAGE = (
    "The file declares an infrastructure configuration in Terraform's JSON syntax, which iblint does not read yet; "
    "it was not judged. Judge the request that is sent, or exclude the file in the configuration."
)


def terraform_json(document: Document) -> tuple[InputError, ...]:
    """Return the error for each block of Terraform JSON that declares configurations. Data sources declare none."""
    if not document.file.lower().endswith(_SUFFIXES):
        return ()
    found = []
    for path in _resources(document.data):
        entry = document.spans.at(path)
        span = document.spans.root if entry is None else entry.key or entry.value
        found.append(InputError(document.file, span.line, span.column, _MESSAGE))
    return tuple(found)


def _resources(data: Any) -> Iterator[Path]:
    for path, root in _blocks(data, ()):
        for inner, block in _blocks(root.get("resource"), (*path, "resource")):
            yield from ((*inner, name) for name in _TYPES if name in block)


def _blocks(data: Any, path: Path) -> Iterator[tuple[Path, dict[Any, Any]]]:
    """Yield the mappings of a value that Terraform takes as one mapping or a list of them, with their paths."""
    if isinstance(data, dict):
        yield path, data
    for index, item in enumerate(data) if isinstance(data, list) else ():
        if isinstance(item, dict):
            yield (*path, index), item
