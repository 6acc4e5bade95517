"""IB202: container builds need a metadata hop limit of at least 2."""

from __future__ import annotations

from iblint.checks._values import cannot_tell, contradiction, is_unresolved, locations
from iblint.model.context import BuildType, Context
from iblint.model.path import Path
from iblint.model.resource import Resource
from iblint.model.values import ABSENT, lookup
from iblint.model.verdict import Judgement, Violation, contradicted, failed, passed, unknown
from iblint.text.wording import show_as_written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIMIT: Path = ("instanceMetadataOptions", "httpPutResponseHopLimit")
NEEDED = 2

_WHY = "A container is one network hop further from the metadata service: with a limit of 1 it gets no credentials."
_UNDECLARED = "it is unknown whether containers are built"
_DECLARE = (
    "Declare what the configuration builds: the comment '# iblint: build-type=ami' (or container, or both) above it, "
    "--build-type on the command line, or build-type in an override of .iblint.yaml"
)


def check(resource: Resource, context: Context) -> Judgement:
    """Judge the hop limit by the build type. The value of httpTokens does not matter."""
    build = context.build_type
    if build.conflict is not None:
        return contradicted(contradiction(LIMIT, "The build type", *build.conflict))
    limit = lookup(resource.spec, LIMIT)
    if build.value == "ami":
        return passed(f"The configuration builds only AMIs, according to {_source(build)}: any hop limit is enough.")
    if isinstance(limit, int) and limit >= NEEDED:
        return passed(f"The hop limit is {limit}.")
    if build.value == "unknown" and not context.target.assume_container:
        return unknown(_undeclared(resource, limit, build))
    if is_unresolved(limit):
        return unknown(cannot_tell(resource, LIMIT, limit, f"Container builds need at least {NEEDED}."))
    return failed(Violation(LIMIT, _too_low(resource, limit, build), related=locations(*build.evidence)))


def _too_low(resource: Resource, limit: Any, build: BuildType) -> str:
    """Return the message for a configuration that builds containers, or is assumed to."""
    why = "AWS's documents contradict each other on the default, so do not rely on it." if limit is ABSENT else _WHY
    if build.value == "unknown":
        source = "The configuration is assumed to build containers (setting unknown-build-type: assume-container)."
    else:
        builds = "AMIs and containers" if build.value == "both" else "containers"
        source = f"The configuration builds {builds}, according to {_source(build)}."
    return f"{_state(resource, limit)}, but container builds need at least {NEEDED}. {why} {source}"


def _undeclared(resource: Resource, limit: Any, build: BuildType) -> Violation:
    """Return the violation of an UNKNOWN judgement: the limit is not known to be enough, and so is the build type."""
    help = f"{_DECLARE}. Set {resource.spell(LIMIT)} to {NEEDED} only if it builds containers."
    needs = f"Container builds need at least {NEEDED}"
    if is_unresolved(limit):
        return cannot_tell(
            resource, LIMIT, limit, f"{needs}, and {_UNDECLARED}.{_possible(build)}{_unread(build)}", help
        )
    why = "and AWS's documents contradict each other on the default" if limit is ABSENT else "AMI builds need none"
    message = f"{_state(resource, limit)}, and {_UNDECLARED}. {needs}, {why}.{_possible(build)}{_unread(build)}"
    return Violation(LIMIT, message, help, related=locations(*build.evidence))


def _possible(build: BuildType) -> str:
    """Return a sentence on a pipeline of the run that may build containers, if there is one, else ""."""
    found = next((e.source for e in build.evidence if e.value == "unknown" and e.location is not None), None)
    return "" if found is None else f" {found[:1].upper()}{found[1:]} may build containers with it."


def _unread(build: BuildType) -> str:
    """Return a sentence on the account's pipelines if they could not be read, else ""."""
    if build.unread is None:
        return ""
    permission = f" ({build.unread.permission})" if build.unread.permission else ""
    return f" The account's pipelines cannot be read: {build.unread.reason}{permission}."


def _state(resource: Resource, limit: Any) -> str:
    number = limit is ABSENT or (isinstance(limit, int) and not isinstance(limit, bool))
    shown = show_as_written(limit, resource.readings.get(LIMIT))
    return f"{resource.spell(LIMIT)} is {shown}" + ("" if number else " (not a whole number)")


def _source(build: BuildType) -> str:
    return build.evidence[0].source if build.evidence else "the declared build type"
