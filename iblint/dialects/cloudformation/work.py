"""The steps that resolving one template may take, with all variants and evidence. They are counted, never timed.

What is written once takes steps like its size. Only what multiplies it is counted: the values of a choice in each
combination of its variables, and the values of a configuration for each other value of a parameter.
"""

from __future__ import annotations

from iblint.model.document import Document, InputError

MAX_STEPS = 600_000
"""Some ten seconds. Large templates of real repositories take a few thousand."""
LEAF = 8
"""Steps of a value in one combination of variables: rules judge it in each of them, too."""


class Work:
    """The steps that one template has taken."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = 0

    @property
    def is_over(self) -> bool:
        """Whether the template takes more steps than it may."""
        return self.steps > MAX_STEPS

    def problems(self, document: Document) -> tuple[InputError, ...]:
        """Return the error of a template that took more steps than it may."""
        if not self.is_over:
            return ()
        span = document.spans.root
        message = (
            f"Resolving the template takes more than {MAX_STEPS} steps, because many values depend on parameters and "
            "conditions; from some value on they count as unknown. Split the template, allow fewer values of "
            "parameters, or give the parameters with --parameters."
        )
        return (InputError(document.file, span.line, span.column, message),)


TOO_MUCH = f"the template takes more than {MAX_STEPS} steps to resolve"
"""The reason of a value that is not resolved any more."""
