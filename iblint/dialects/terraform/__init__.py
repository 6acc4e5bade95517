"""Terraform and OpenTofu modules, in HCL and JSON: a unit is a module folder with those that call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from iblint.dialects.shared.extraction import NO_COMPANIONS, Companions, Deployment, Extraction, Unit
from iblint.model.resource import Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Item = TypeVar("Item")

DIALECT = "terraform"
SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")
MARKERS = (b"imagebuilder_infrastructure_configuration",)


def unit_of(file: str) -> str:
    """Return the folder of a file, as the key of its unit."""
    return f"{file.rpartition('/')[0] or '.'}/*"


def connect(
    groups: Mapping[str, Sequence[Item]],
    name_of: Callable[[Item], str],
    read: Callable[[Item], bytes | None],
    beside: Callable[[str], Sequence[Item]],
) -> Iterator[Sequence[Item]]:
    """Yield the files of each unit: a folder, or folders that call each other's modules."""
    from iblint.dialects.terraform.connecting import connected

    def configuration(folder: str) -> Sequence[Item]:
        return [item for item in beside(folder) if name_of(item).lower().endswith(SUFFIXES)]

    return connected(groups, name_of, read, configuration)


def extract(unit: Unit, deployment: Deployment, *, forced: bool) -> Extraction:  # noqa: ARG001 - the signature
    """Return the configurations of the modules of a unit, and the resources that are evidence for them."""
    documents = [document for document in unit.documents if document.file.lower().endswith(SUFFIXES)]
    if not documents:
        return Extraction()
    from iblint.dialects.terraform.resources import read_modules

    return read_modules(unit, deployment)


def companions(unit: Unit, resources: Sequence[Resource]) -> Companions:  # noqa: ARG001 - the signature
    """Return nothing: a unit reads what it needs itself, because that depends on the values in it."""
    return NO_COMPANIONS
