"""Many configurations at many sites: one after the other in an account and Region, side by side across them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from iblint.apply.flow import Flow, Result
from iblint.apply.plan import Judge, Plan, Site, Terms, make
from iblint.journal import Journal
from iblint.model.errors import IblintError
from iblint.model.live import ProfileFacts

Told = Callable[[Result], None]

SIDE_BY_SIDE = 8
PARTIAL = 8
_STOPS = frozenset({"identity", "quota"})
"""Kinds of failure after which nothing more is tried at a site."""
_GRAVEST = (7, 4, 5, 6, 1, 2)

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def plan_all(judge: Judge, sites: Sequence[Site], terms: Terms) -> list[list[Plan]]:
    """The plans of each site, in the order of the sites."""
    made = {}
    groups = [[number for number, _ in group] for group in _groups(list(enumerate(sites)), lambda pair: pair[1])]

    def work(group: list[int]) -> None:
        for number in group:
            made[number] = make(judge, sites[number], terms)

    _side_by_side(work, groups)
    return [made[number] for number in range(len(sites))]


def apply_all(
    sites: Sequence[Site], plans: Sequence[Sequence[Plan]], terms: Terms, folder: Path, told: Told
) -> list[Result]:
    """Carry out all plans; ``told`` hears of each result as it comes, from several threads.

    A journal that cannot be used ends its account and Region only.
    """
    groups = _groups(list(zip(sites, plans, strict=True)), lambda pair: pair[0])
    results = _side_by_side(lambda group: _group(group, terms, folder, told), groups)
    return [result for each in results for result in each]


def exit_code(codes: Iterable[int]) -> int:
    """0 when all succeeded, 8 when some did and some did not, else the gravest."""
    seen = set(codes)
    if not seen - {0}:
        return 0
    if 0 in seen:
        return PARTIAL
    return next((code for code in _GRAVEST if code in seen), max(seen))


def gravest(codes: Iterable[int]) -> int:
    """The gravest of several exit codes: for ``plan``, which changes nothing and so is never partly done."""
    seen = set(codes)
    return next((code for code in _GRAVEST if code in seen), 0)


def _groups(items: Sequence[_Item], site_of: Callable[[_Item], Site]) -> list[list[_Item]]:
    """The items by account and Region, where calls are made one after the other."""
    groups: dict[tuple[str, str], list[_Item]] = {}
    for item in items:
        identity = site_of(item).identity
        groups.setdefault((identity.account, identity.region), []).append(item)
    return list(groups.values())


def _group(group: Sequence[tuple[Site, Sequence[Plan]]], terms: Terms, folder: Path, told: Told) -> list[Result]:
    account, region = group[0][0].identity.account, group[0][0].identity.region
    results: list[Result] = []
    try:
        with Journal(folder, account, region) as journal:
            for site, plans in group:
                _site(site, plans, terms, journal, results, told)
    except IblintError as error:
        left = [plan for _, plans in group for plan in plans][len(results) :]
        code = getattr(error, "exit_code", 4)
        for plan in left:
            _add(Result(plan, "failed", code, str(error)), results, told)
    return results


def _site(site: Site, plans: Sequence[Plan], terms: Terms, journal: Journal, results: list[Result], told: Told) -> None:
    flow = Flow(
        site.server,
        journal,
        terms.clock,
        terms.seconds,
        lambda n: isinstance(site.facts.instance_profile(n), ProfileFacts),
    )
    stopped: Result | None = None
    for plan in plans:
        if stopped is not None:
            code = stopped.exit_code
            result = Result(plan, "skipped", code, f"Not tried, because of '{stopped.plan.configuration.name}'.")
        elif not plan.decision.allowed:
            result = flow.rest(plan)
        else:
            result = flow.apply(plan)
            if result.failure is not None and result.failure.kind in _STOPS:
                stopped = result
        _add(result, results, told)


def _add(result: Result, results: list[Result], told: Told) -> None:
    results.append(result)
    told(result)


def _side_by_side(work: Callable[[_Item], _Made], items: Sequence[_Item]) -> list[_Made]:
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(items))) as pool:
        return list(pool.map(work, items))
