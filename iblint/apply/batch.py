"""Plan and apply many configurations: in sequence within an account and Region, in parallel across them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from iblint.apply.execute import PlanExecutor, Result
from iblint.apply.journal import Journal
from iblint.apply.plan import Judge, Plan, PlanOptions, Site, plan_site
from iblint.facts.questions import INSTANCE_PROFILE
from iblint.model.answers import ProfileFacts
from iblint.model.errors import IblintError
from iblint.model.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    _Item = TypeVar("_Item")
    _Made = TypeVar("_Made")

MAX_THREADS = 8
_STOPPING_KINDS = frozenset({"identity", "quota"})
"""Kinds of failure after which the rest of a site is skipped."""


def plan_all(judge: Judge, sites: Sequence[Site], options: PlanOptions) -> list[list[Plan]]:
    """Return the plans of each site, in the order of the sites."""
    plans: dict[int, list[Plan]] = {}

    def plan_group(group: Sequence[tuple[int, Site]]) -> None:
        for number, site in group:
            plans[number] = plan_site(judge, site, options)

    _in_parallel(plan_group, _groups(list(enumerate(sites)), lambda pair: pair[1]), Event())
    return [plans[number] for number in range(len(sites))]


def apply_all(
    sites: Sequence[Site],
    plans: Sequence[Sequence[Plan]],
    options: PlanOptions,
    state_folder: Path,
    on_result: Callable[[Result], None],
) -> list[Result]:
    """Apply all plans and call ``on_result`` with each result, from several threads.

    If a journal cannot be used, only its account and Region fail. After an interruption the running calls complete.
    """
    run = _Run(options, state_folder, on_result, Event())
    groups = _groups(list(zip(sites, plans, strict=True)), lambda pair: pair[0])
    results = _in_parallel(run.apply_group, groups, run.stop)
    return [result for each in results for result in each]


class _Run(Record):
    """The state that the threads of an apply share."""

    options: PlanOptions
    state_folder: Path
    on_result: Callable[[Result], None]
    stop: Event
    """Set if no further plan may be started."""

    def apply_group(self, group: Sequence[tuple[Site, Sequence[Plan]]]) -> list[Result]:
        """Apply all plans for one account and Region, while its journal is locked."""
        identity = group[0][0].identity
        results: list[Result] = []
        try:
            with Journal(self.state_folder, identity.account, identity.region) as journal:
                for site, plans in group:
                    self._apply_site(site, plans, journal, results)
        except IblintError as error:
            remaining = [plan for _, plans in group for plan in plans][len(results) :]
            for plan in remaining:
                self._add(Result(plan, "failed", error.exit_code, str(error)), results)
        return results

    def _apply_site(self, site: Site, plans: Sequence[Plan], journal: Journal, results: list[Result]) -> None:
        executor = PlanExecutor(
            site.imagebuilder,
            journal,
            self.options.clock,
            self.options.seconds,
            lambda name: isinstance(site.facts.ask(INSTANCE_PROFILE, name), ProfileFacts),
        )
        stopped: Result | None = None
        for plan in plans:
            if self.stop.is_set():
                return
            if not plan.decision.allowed:
                result = executor.without_sending(plan)
            elif stopped is not None:
                message = f"Skipped after the failure of '{stopped.plan.configuration.name}'."
                result = Result(plan, "skipped", stopped.exit_code, message)
            else:
                result = executor.apply(plan)
                if result.failure is not None and result.failure.kind in _STOPPING_KINDS:
                    stopped = result
            self._add(result, results)

    def _add(self, result: Result, results: list[Result]) -> None:
        results.append(result)
        self.on_result(result)


def _groups(items: Sequence[_Item], site_of: Callable[[_Item], Site]) -> list[list[_Item]]:
    """Group items by account and Region, within which calls are made in sequence."""
    groups: dict[tuple[str, str], list[_Item]] = {}
    for item in items:
        identity = site_of(item).identity
        groups.setdefault((identity.account, identity.region), []).append(item)
    return list(groups.values())


def _in_parallel(work: Callable[[_Item], _Made], items: Sequence[_Item], stop: Event) -> list[_Made]:
    """Call ``work`` for each item in threads. Set ``stop`` and raise after an interruption."""
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(MAX_THREADS, len(items))) as pool:
        try:
            return list(pool.map(work, items))
        except BaseException:
            stop.set()
            raise
