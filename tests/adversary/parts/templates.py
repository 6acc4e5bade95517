"""Random templates judged by iblint and by an evaluator of our own.

PASS must hold in every deployment in which the configuration exists, FAIL must be true in every one of them.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from iblint.model.document import Source
from iblint.model.report import Report
from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_sources
from iblint.session import Session
from tests.adversary.evaluator import OPEN
from tests.adversary.parts import Fault, repeat
from tests.adversary.random_templates import LOOPED, RandomTemplate

SHARE = 6
AT_ONCE = 25
"""Templates in one run of iblint. They do not refer to each other."""
SETTINGS = Settings(select=("IB201", "IB202", "IB301"), cli_build_type="container")
RULES = load_packs(Settings())
SESSION = Session()


def run(seconds: float, seed: int) -> dict[str, int]:
    """Judge templates for so many seconds."""
    return repeat(one, seconds, seed)


def one(seed: int) -> Counter[str]:
    """Judge some templates. Raises Fault for a verdict that is wrong in a deployment."""
    cases = [RandomTemplate(seed * AT_ONCE + number) for number in range(AT_ONCE)]
    texts = [json.dumps(case.template, indent=1).encode() for case in cases]
    sources = [Source(f"{number}.json", text) for number, text in enumerate(texts)]
    report = check_sources(sources, SETTINGS, RULES, SESSION)
    counts = Counter(executions=AT_ONCE, problems=len(report.problems))
    for number, case in enumerate(cases):
        counts += compare(case, f"{number}.json", report, texts[number])
    return counts


def compare(case: RandomTemplate, file: str, report: Report, text: bytes) -> Counter[str]:
    """Compare the verdicts of the configurations of one template."""
    counts: Counter[str] = Counter()
    judged = [configuration for configuration in report.configurations if configuration.file == file]
    addresses = {configuration.address for configuration in judged}
    missing = [name for name in case.made() - addresses if not (name.startswith("Loop") and LOOPED in addresses)]
    if missing and all(problem.file != file for problem in report.problems):
        raise Fault(f"{missing} are made, but were not judged", {"template.json": text})
    for configuration in judged:
        worlds = case.worlds(configuration.address)
        for outcome in configuration.outcomes:
            verdict = outcome.verdict.value
            truths = {TRUTHS[outcome.rule](world) for world in worlds}
            counts[verdict] += 1
            wrong = (
                verdict == "error"
                or (verdict == "pass" and truths - {True})
                or (verdict == "fail" and truths - {False})
            )
            if wrong:
                message = f"{outcome.rule} of {configuration.address}: {verdict}, but in deployments it is {truths}"
                raise Fault(message, {"template.json": text})
    return counts


def requires_tokens(properties: dict[str, Any]) -> bool | None:
    """The truth of IB201; None if it is open."""
    value = option(properties, "HttpTokens")
    return None if value is OPEN else value == "required"


def reaches_containers(properties: dict[str, Any]) -> bool | None:
    """The truth of IB202 for containers."""
    value = option(properties, "HttpPutResponseHopLimit")
    return None if value is OPEN else value is not None and str(value).isdigit() and int(value) >= 2


def terminates(properties: dict[str, Any]) -> bool | None:
    """The truth of IB301. Both settings are true by default."""
    values = [properties.get(f"TerminateInstanceOn{end}", True) for end in ("Failure", "Completion")]
    wrong = [value for value in values if value is not OPEN and str(value).lower() != "true"]
    return False if wrong else None if OPEN in values else True


def option(properties: dict[str, Any], name: str) -> Any:
    """The value of a metadata option; None if it is not set."""
    options = properties.get("InstanceMetadataOptions", {})
    return OPEN if options is OPEN else options.get(name)


TRUTHS = {"IB201": requires_tokens, "IB202": reaches_containers, "IB301": terminates}
