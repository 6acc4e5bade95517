"""Running the examples of rules: each must be judged exactly as its rule file says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from iblint.model.record import Record
from iblint.model.verdict import Verdict
from iblint.packs.authoring.reference import Example, RuleReference

Judged = tuple[Verdict, str, Sequence[tuple[str, str]]]
"""Verdict, reason, and for each fault its JSON Pointer and message."""

Judge = Callable[[str, Example], Judged]
"""Judges an example by the one rule of a code."""


class ExampleResult(Record):
    """What became of one example."""

    rule: str
    name: str
    example: Example
    wrong: tuple[str, ...]
    """What is not as expected, one clause each; empty when all is well."""

    @property
    def ok(self) -> bool:
        """Whether the example was judged as it must be."""
        return not self.wrong


def run_examples(references: Iterable[RuleReference], judge: Judge) -> list[ExampleResult]:
    """Judge every example of every rule. What ``judge`` raises is raised."""
    return [
        ExampleResult(r.rule.code, r.rule.name, example, tuple(_compare(example, judge(r.rule.code, example))))
        for r in references
        for example in r.examples
    ]


def _compare(example: Example, judged: Judged) -> list[str]:
    verdict, reason, faults = judged
    if verdict is not example.verdict:
        found = "; ".join(f"{path or 'the whole'}: {message}" for path, message in faults) or reason
        return [f"must be {example.verdict}, is {verdict}" + (f" ({found})" if found else "")]
    if verdict is Verdict.UNKNOWN and example.reason not in reason:
        return [f"the reason must hold '{example.reason}', but is '{reason}'"]
    return _compare_faults(example, faults) if verdict is Verdict.FAIL else []


def _compare_faults(example: Example, faults: Sequence[tuple[str, str]]) -> list[str]:
    """Match every expected fault with one found, at the same path and with its part of the message."""
    left = list(faults)
    wrong = []
    for expected in example.expect:
        found = next((f for f in left if f[0] == expected.path and expected.message in f[1]), None)
        if found is not None:
            left.remove(found)
        else:
            at_path = [message for path, message in left if path == expected.path]
            instead = f", but it says '{at_path[0]}'" if at_path else ""
            wrong.append(f"expects a fault at {expected.path or 'the whole'} with '{expected.message}'{instead}")
    wrong += [f"does not expect the fault at {path or 'the whole'}: '{message}'" for path, message in left]
    return wrong
