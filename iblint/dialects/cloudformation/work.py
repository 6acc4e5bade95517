"""The steps that resolving one template may take, with all variants and evidence. They are counted, never timed.

What is written once takes steps like its size. Only what multiplies it is counted: the values of a choice in each
combination of its variables, and the values of a configuration for each other value of a parameter.
"""

from __future__ import annotations

from iblint.dialects.shared.extraction import RUN_STEPS, UNIT_STEPS, RunSteps
from iblint.model.document import Document, InputError

MAX_STEPS = 300_000
"""Some five seconds. Large templates of real repositories take a few thousand."""
LEAF = 8
"""Steps of a value in one combination of variables: rules judge it in each of them, too."""


class Work:
    """The steps that one template has taken. They count as steps of its run, too."""

    __slots__ = ("_run", "_steps")

    def __init__(self, run: RunSteps) -> None:
        self._run = run
        self._steps = 0
        run.add_unit()

    def add(self, steps: int) -> None:
        """Count some steps."""
        self._steps += steps
        self._run.left -= steps

    @property
    def is_over(self) -> bool:
        """Whether the template takes more steps than it may."""
        return self._steps > MAX_STEPS or self._run.left < 0

    def problems(self, document: Document) -> tuple[InputError, ...]:
        """Return the error of a template that took more steps than it may."""
        if not self.is_over:
            return ()
        span = document.spans.root
        what, split = f"the template takes more than {MAX_STEPS} steps", "Split the template"
        if self._steps <= MAX_STEPS:
            what = f"the templates of the run takes more than {RUN_STEPS} steps and {UNIT_STEPS} for each"
            split = "Check fewer files in one run"
        message = (
            f"Resolving {what}, because many values depend on parameters and conditions; from some value on they count "
            f"as unknown. {split}, allow fewer values of parameters, or give the parameters with --parameters."
        )
        return (InputError(document.file, span.line, span.column, message),)


TOO_MUCH = "the template, or the run, takes more steps to resolve than it may"
"""The reason of a value that is not resolved any more."""
