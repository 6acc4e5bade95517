"""Judging a request by one rule of the built-in pack, with everything that a rule may look at."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from iblint.engine.evaluator import prepare
from iblint.findings.collect import findings_of
from iblint.model.context import BuildType, Context, NoFacts, Target, World
from iblint.model.record import replace
from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION, Directive, Location, Origin, Resource
from iblint.model.settings import Settings
from iblint.model.span import Span
from iblint.model.verdict import Judgement, Verdict
from iblint.packs import load_packs
from iblint.packs.python_checks import resolve_check
from iblint.packs.select import configure

LINE = Span(1, 1, 1, 2)


def request(
    spec: Mapping[str, Any], *directives: tuple[str, str], origin: Origin = "api", file: str = "web.yaml", id: str = ""
) -> Resource:
    declared = tuple(
        Directive(key, value, Location(file, Span(line, 1, line, 2), "declared here"))
        for line, (key, value) in enumerate(directives, 1)
    )
    return Resource(
        id or file, INFRASTRUCTURE_CONFIGURATION, "request", origin, file, "/", LINE, spec, directives=declared
    )


def judge(
    code: str,
    resource: Resource,
    *,
    options: Mapping[str, Any] | None = None,
    target: Target | None = None,
    build_type: BuildType | None = None,
    world: World | None = None,
    caller: str | None = None,
) -> Judgement:
    configured, prepared = _ready(code)
    if options:
        prepared = prepare(replace(configured, options={**configured.options, **options}), resolve_check)
    context = Context(
        {},
        target or Target(),
        build_type or BuildType("unknown"),
        world or World((resource,)),
        NoFacts(caller),
    )
    return prepared.judge(resource, context)


def shown(code: str, resource: Resource, judged: Judgement) -> str:
    """The verdict, and for a FAIL the severity that the report gives its only finding: ``fail, warning``."""
    if judged.verdict is not Verdict.FAIL:
        return str(judged.verdict)
    configured, _ = _ready(code)
    (finding,) = findings_of(resource, [(configured, judged)], strict=False)
    return f"fail, {finding.severity}"


@cache
def _ready(code: str) -> Any:
    (configured,) = configure(load_packs(Settings()).rules, Settings(select=(code,)), None)
    return configured, prepare(configured, resolve_check)
