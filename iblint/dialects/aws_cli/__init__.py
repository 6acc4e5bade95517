"""The AWS CLI dialect: ``aws imagebuilder create-infrastructure-configuration`` and ``update-...`` where they are run.

That is in shell scripts, in the scripts of pipelines and build specifications (YAML), and in the RUN instructions of
Dockerfiles. Nothing is executed.
"""

from __future__ import annotations

from collections.abc import Sequence

from iblint.dialects.shared.extraction import NO_COMPANIONS, Companions, Deployment, Extraction, Unit, unit_per_document
from iblint.model.resource import Resource

DIALECT = "aws-cli"
SUFFIXES: tuple[str, ...] = ()
PROGRAMS = ("shell-script", "dockerfile")
MARKERS = (b"create-infrastructure-configuration", b"update-infrastructure-configuration")

_MENTION = "-infrastructure-configuration"
_SYNTAXES = (*PROGRAMS, "yaml")

unit_of = unit_per_document


def extract(unit: Unit, _deployment: Deployment, *, forced: bool) -> Extraction:  # noqa: ARG001 - the signature
    """Return the configurations that the commands of a script send."""
    document = unit.document
    if document.syntax not in _SYNTAXES or _MENTION not in document.text:
        return Extraction()
    from iblint.dialects.aws_cli.resources import extract_commands  # tree-sitter: few runs need it

    return extract_commands(unit)[0]


def companions(unit: Unit, resources: Sequence[Resource]) -> Companions:
    """Return the files that options name by ``file://``."""
    document = unit.document
    if document.syntax not in _SYNTAXES or "file://" not in document.text:
        return NO_COMPANIONS
    if not any(resource.dialect == DIALECT for resource in resources):
        return NO_COMPANIONS
    from iblint.dialects.aws_cli.resources import extract_commands

    return Companions(paths=extract_commands(unit)[1])
