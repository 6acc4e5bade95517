"""A session: the facts of the account, the prepared rules and the options that several runs of one caller share."""

from __future__ import annotations

from collections.abc import Callable

from iblint.judge import Judge
from iblint.model.context import Facts, NoFacts
from iblint.model.settings import Settings
from iblint.packs import RuleSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from iblint.timings import Timings

Progress: TypeAlias = Callable[[int, int, int], None]
"""Called now and then with the numbers of files, configurations and findings so far."""


class Session:
    """How runs are done, and the prepared rules of the last one.

    Two sessions share nothing, and what a session keeps is freed with it. An editor has one for each workspace.
    """

    def __init__(
        self,
        facts: Facts | None = None,
        *,
        reasons: bool = True,
        keep_resources: bool = False,
        progress: Progress | None = None,
        timings: Timings | None = None,
    ) -> None:
        """``facts`` are those of an account; none by default.

        Without ``reasons`` only the verdicts of outcomes are kept, which saves memory. ``keep_resources`` fills
        ``Report.resources``.
        """
        self.facts: Facts = facts or NoFacts()
        self.reasons = reasons
        self.keep_resources = keep_resources
        self.progress = progress
        self.timings = timings
        self._judge: Judge | None = None

    def judge(self, settings: Settings, rules: RuleSet) -> Judge:
        """Return the rules prepared for the settings: those of the last run if neither has changed.

        Raises ConfigError for settings that leave no rule.
        """
        last = self._judge
        if last is None or last.ruleset is not rules or last.settings != settings:
            last = self._judge = Judge(settings, rules, self.facts, self.timings, reasons=self.reasons)
        return last
