"""HCL, the syntax of Terraform and OpenTofu: a tree-sitter tree read as blocks, arguments and expressions.

tree-sitter goes on after a syntax error, and may then leave out what follows. So ``HclFile.problems`` names the first
error, and each block of ``guarded`` types whose header stands in the text but not in the tree.
"""

from __future__ import annotations

from iblint.parse.hcl.body import Attribute, Block, Body, Fault, HclFile, HclSpans
from iblint.parse.parsed import Parsed

__all__ = ["Attribute", "Block", "Body", "Fault", "HclFile", "parse", "parse_file"]


def parse_file(text: str, file: str) -> Parsed:
    """Return a text as a document, whose data is an ``HclFile``."""
    data = parse(text, file)
    return Parsed(data, HclSpans(data))


def parse(text: str, file: str) -> HclFile:
    """Return a text as a file of blocks. It is parsed when the blocks are read; nothing is raised."""
    return HclFile(text, file)
