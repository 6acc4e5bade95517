"""IB202: container builds need a metadata hop limit of at least two."""

from __future__ import annotations

from iblint.checks._values import cannot_tell, contradiction, evidence_locations, is_unresolved
from iblint.model.context import BuildType, Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Severity, Violation, contradicted, failed, passed, unknown
from iblint.text.wording import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIMIT: Path = ("instanceMetadataOptions", "httpPutResponseHopLimit")
NEEDED = 2

_WHY = "A container is one network hop further from the metadata service: with a limit of 1 it gets no credentials."
_DECLARE = (
    "declare what the configuration builds: the comment '# iblint: build-type=ami' (or container, or both) above it, "
    "--build-type on the command line, or build-type in an override of .iblint.yaml"
)


def check(resource: Resource, context: Context) -> Judgement:
    """Judge the hop limit by the build type; the value of httpTokens never matters."""
    build = context.build_type
    if build.conflict is not None:
        return contradicted(contradiction(LIMIT, "The build type", *build.conflict))
    limit = lookup(resource.spec, LIMIT)
    if build.value == "ami":
        return passed(f"The configuration builds AMIs only, says {_source(build)}: any hop limit will do.")
    if isinstance(limit, int) and limit >= NEEDED:
        return passed(f"The hop limit is {limit}.")
    if is_unresolved(limit):
        return unknown(cannot_tell(resource, LIMIT, limit, f"Container builds need at least {NEEDED}."))
    if build.value == "unknown" and not context.target.assume_container:
        return _undeclared(resource, limit, build)
    return failed(Violation(LIMIT, _too_low(resource, limit, build), related=evidence_locations(*build.evidence)))


def _too_low(resource: Resource, limit: Any, build: BuildType) -> str:
    """The message for a configuration that builds containers, or is taken to."""
    why = "AWS's documents disagree on the default, so it cannot be relied on." if limit is ABSENT else _WHY
    if build.value == "unknown":
        source = "It is taken to build containers, because of the setting unknown-build-type: assume-container."
    else:
        builds = "AMIs and containers" if build.value == "both" else "containers"
        source = f"The configuration builds {builds}, says {_source(build)}."
    return f"{_state(resource, limit)}, but container builds need at least {NEEDED}. {why} {source}"


def _undeclared(resource: Resource, limit: Any, build: BuildType) -> Judgement:
    """The judgement while nothing says what the configuration builds."""
    state = _state(resource, limit)
    help = f"Set {resource.spell(LIMIT)} to {NEEDED}, or {_DECLARE}."
    if limit is ABSENT:
        message = (
            f"{state}, and it is not known whether containers are built. Container builds need at least {NEEDED}, "
            f"and AWS's documents disagree on the default.{_unread(build)}"
        )
        return unknown(Violation(LIMIT, message, help))
    message = f"{state}, which breaks container builds; nothing says what is built here.{_unread(build)} {_WHY}"
    return failed(Violation(LIMIT, message, help, severity=Severity.WARNING))


def _unread(build: BuildType) -> str:
    """The sentence on the account's pipelines when they might tell, but could not be read."""
    if build.unread is None:
        return ""
    permission = f" ({build.unread.permission})" if build.unread.permission else ""
    return f" The account's pipelines cannot be read: {build.unread.reason}{permission}."


def _state(resource: Resource, limit: Any) -> str:
    number = limit is ABSENT or (isinstance(limit, int) and not isinstance(limit, bool))
    return f"{resource.spell(LIMIT)} is {show(limit)}" + ("" if number else " (not a whole number)")


def _source(build: BuildType) -> str:
    return build.evidence[0].source if build.evidence else "the declared build type"
