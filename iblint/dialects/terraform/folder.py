"""The blocks of a module folder, by kind: all its configuration files, overrides merged into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from iblint.model.document import Document, InputError
from iblint.model.span import Span
from iblint.parse.hcl.body import Attribute, Block, Body, Fault, HclFile
from iblint.parse.hcl.json_body import JsonFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    File: TypeAlias = "HclFile | JsonFile"

SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")
TYPES = ("aws_imagebuilder_infrastructure_configuration", "awscc_imagebuilder_infrastructure_configuration")
"""The resource types of configurations."""

_HEADERS = "|".join(TYPES)
_LOST = (
    "The block that begins here cannot be read because of a syntax error in the file; it was not judged. "
    "Correct the error (terraform validate names it)."
)


def is_configuration(name: str) -> bool:
    """Return whether a file is one that Terraform or OpenTofu reads as configuration."""
    base = name.rpartition("/")[2]
    return base.lower().endswith(SUFFIXES) and not base.startswith(".")


def is_override(name: str) -> bool:
    """Return whether a file is merged into the others last."""
    stem = name.rpartition("/")[2]
    for suffix in (".json", ".tf", ".tofu"):
        stem = stem.removesuffix(suffix)
    return stem == "override" or stem.endswith("_override")


class Folder:
    """The blocks of a module folder."""

    def __init__(self, path: str, documents: Sequence[Document]) -> None:
        self.path = path
        self.problems: list[InputError] = []
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, Attribute] = {}
        self.resources: dict[tuple[str, str], Block] = {}
        self.data: dict[tuple[str, str], Block] = {}
        self.modules: dict[str, Block] = {}
        self.outputs: dict[str, Block] = {}
        self.providers: dict[tuple[str, str], Block] = {}
        """By name and alias; the alias of the default configuration is empty."""
        self.is_partial = False
        """Whether a syntax error or a missing file may hide blocks."""
        self.documents = _used(documents)
        for document in sorted(self.documents, key=lambda document: (is_override(document.file), document.file)):
            self._read(document)

    def _read(self, document: Document) -> None:
        file = document.data if isinstance(document.data, HclFile) else JsonFile(document)
        if isinstance(file, HclFile) and file.first_error is not None:
            self.is_partial = True
            self._note(
                document,
                file.first_error,
                "The file has a syntax error here, which Terraform refuses too; blocks behind it may be missing. "
                "Correct it (terraform validate names it).",
            )
            for span in file.lost_headers(_HEADERS):
                self._note(document, span, _LOST)
        self._note_all(document, file.body.faults)
        for block in file.body.blocks:
            self._add(document, block, override=is_override(document.file))

    def _note(self, document: Document, span: Span, message: str) -> None:
        self.problems.append(InputError(document.file, span.line, span.column, message))

    def _note_all(self, document: Document, faults: Iterable[Fault]) -> None:
        for fault in faults:
            self._note(document, fault.span, fault.message)

    def _add(self, document: Document, block: Block, *, override: bool) -> None:
        match block.type, block.labels:
            case "variable", (name,):
                self._put(document, self.variables, name, block, override)
            case "output", (name,):
                self._put(document, self.outputs, name, block, override)
            case "module", (name,):
                self._put(document, self.modules, name, block, override)
            case "resource", (type, name):
                if type in TYPES:
                    self._note_all(document, _faults_in(block))
                self._put(document, self.resources, (type, name), block, override)
            case "data", (type, name):
                self._put(document, self.data, (type, name), block, override)
            case "provider", (name,):
                self._put(document, self.providers, (name, _alias(block)), block, override)
            case "locals", _:
                for name, attribute in block.body.attributes.items():
                    if name in self.locals and not override:
                        self._note(
                            document, attribute.key_span, f"The local '{name}' is set twice. Remove one of them."
                        )
                    else:
                        self.locals[name] = attribute

    def _put(
        self,
        document: Document,
        into: dict[Any, Block],
        key: str | tuple[str, str],
        block: Block,
        override: bool,
    ) -> None:
        if key not in into:
            into[key] = block
        elif override:
            into[key] = _merged(into[key], block)
        else:
            name = key if isinstance(key, str) else ".".join(filter(None, key))
            message = f"The {block.type} '{name}' is declared twice in the module. Rename or remove one of them."
            self._note(document, block.header, message)

    @property
    def configurations(self) -> list[Block]:
        """The blocks of infrastructure configurations, in order."""
        return [block for (type, _), block in self.resources.items() if type in TYPES]


def _used(documents: Sequence[Document]) -> list[Document]:
    """Return the documents that count: OpenTofu reads ``x.tofu`` in place of ``x.tf``."""
    replaced = {name.replace(".tofu", ".tf") for name in (d.file for d in documents) if ".tofu" in name}
    return [document for document in documents if document.file not in replaced]


def _alias(block: Block) -> str:
    attribute = block.body.attributes.get("alias")
    value = None if attribute is None else getattr(attribute.expression, "value", None)
    return value if isinstance(value, str) else ""


def _faults_in(block: Block) -> Iterable[Fault]:
    """Yield what is wrong in a block and those inside it."""
    yield from block.body.faults
    for inner in block.body.blocks:
        yield from _faults_in(inner)


def _merged(block: Block, override: Block) -> Block:
    """Return a block with the arguments of another one, and its nested blocks in place of those of the same types."""
    mine, other = block.body, override.body
    replaced = {each.type for each in other.blocks}
    kept = [each for each in mine.blocks if each.type not in replaced]
    attributes: Mapping[str, Attribute] = {**mine.attributes, **other.attributes}
    body = Body(dict(attributes), [*kept, *other.blocks], [])
    merged = Block(block.source, block.type, block.labels, block.node, body)
    merged.place_of(block)
    return merged
