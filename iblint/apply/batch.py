"""Many configurations at many sites: one after the other in an account and Region, side by side across them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from iblint.apply.execute import Flow, Result
from iblint.apply.journal import Journal
from iblint.apply.plan import Judge, Plan, Site, Terms, make
from iblint.facts.questions import INSTANCE_PROFILE
from iblint.model.answers import ProfileFacts
from iblint.model.errors import IblintError
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Item = TypeVar("_Item")
    _Made = TypeVar("_Made")

Told = Callable[[Result], None]

SIDE_BY_SIDE = 8
PARTIAL = 8
_STOPS = frozenset({"identity", "quota"})
"""Kinds of failure after which nothing more is tried at a site."""
_GRAVEST = (7, 4, 5, 6, 2, 1)


def plan_all(judge: Judge, sites: Sequence[Site], terms: Terms) -> list[list[Plan]]:
    """The plans of each site, in the order of the sites."""
    made: dict[int, list[Plan]] = {}

    def work(group: Sequence[tuple[int, Site]]) -> None:
        for number, site in group:
            made[number] = make(judge, site, terms)

    _side_by_side(work, _groups(list(enumerate(sites)), lambda pair: pair[1]), Event())
    return [made[number] for number in range(len(sites))]


def apply_all(
    sites: Sequence[Site], plans: Sequence[Sequence[Plan]], terms: Terms, folder: Path, told: Told
) -> list[Result]:
    """Carry out all plans; ``told`` hears of each result as it comes, from several threads.

    A journal that cannot be used ends its account and Region only. An interruption lets the calls under way end.
    """
    work = _Work(terms, folder, told, Event())
    results = _side_by_side(work.group, _groups(list(zip(sites, plans, strict=True)), lambda pair: pair[0]), work.halt)
    return [result for each in results for result in each]


def exit_code(codes: Iterable[int]) -> int:
    """0 when all succeeded, 8 when some did and some did not, else the gravest."""
    seen = set(codes)
    return PARTIAL if 0 in seen and len(seen) > 1 else gravest(seen)


def gravest(codes: Iterable[int]) -> int:
    """The gravest of several exit codes: for ``plan``, which changes nothing and so is never partly done."""
    seen = set(codes)
    return next((code for code in _GRAVEST if code in seen), 0)


class _Work(Record):
    """What the threads of an apply share."""

    terms: Terms
    folder: Path
    told: Told
    halt: Event
    """Set when nothing more is to be begun."""

    def group(self, group: Sequence[tuple[Site, Sequence[Plan]]]) -> list[Result]:
        """Carry out everything in one account and Region, under one lock."""
        identity = group[0][0].identity
        results: list[Result] = []
        try:
            with Journal(self.folder, identity.account, identity.region) as journal:
                for site, plans in group:
                    self._site(site, plans, journal, results)
        except IblintError as error:
            left = [plan for _, plans in group for plan in plans][len(results) :]
            for plan in left:
                self._add(Result(plan, "failed", error.exit_code, str(error)), results)
        return results

    def _site(self, site: Site, plans: Sequence[Plan], journal: Journal, results: list[Result]) -> None:
        flow = Flow(
            site.server,
            journal,
            self.terms.clock,
            self.terms.seconds,
            lambda name: isinstance(site.facts.ask(INSTANCE_PROFILE, name), ProfileFacts),
        )
        stopped: Result | None = None
        for plan in plans:
            if self.halt.is_set():
                return
            if not plan.decision.allowed:
                result = flow.rest(plan)
            elif stopped is not None:
                message = f"Not tried, because of '{stopped.plan.configuration.name}'."
                result = Result(plan, "skipped", stopped.exit_code, message)
            else:
                result = flow.apply(plan)
                if result.failure is not None and result.failure.kind in _STOPS:
                    stopped = result
            self._add(result, results)

    def _add(self, result: Result, results: list[Result]) -> None:
        results.append(result)
        self.told(result)


def _groups(items: Sequence[_Item], site_of: Callable[[_Item], Site]) -> list[list[_Item]]:
    """The items by account and Region, where calls are made one after the other."""
    groups: dict[tuple[str, str], list[_Item]] = {}
    for item in items:
        identity = site_of(item).identity
        groups.setdefault((identity.account, identity.region), []).append(item)
    return list(groups.values())


def _side_by_side(work: Callable[[_Item], _Made], items: Sequence[_Item], halt: Event) -> list[_Made]:
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(items))) as pool:
        try:
            return list(pool.map(work, items))
        except BaseException:
            halt.set()
            raise
