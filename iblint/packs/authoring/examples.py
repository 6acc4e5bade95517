"""Run the examples of rules: each must be judged exactly as its rule file says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from iblint.model.record import Record
from iblint.model.verdict import Verdict
from iblint.packs.authoring.prose import Example, RuleReference

Judged = tuple[Verdict, str, Sequence[tuple[str, str]]]
"""The verdict, its reason, and the JSON Pointer and message of each violation."""

Judge = Callable[[str, Example], Judged]
"""Judges an example by the rule with a code."""


class ExampleResult(Record):
    """The result of one example."""

    rule: str
    name: str
    example: Example
    wrong: tuple[str, ...]
    """The differences from what the rule file says, one clause each."""

    @property
    def ok(self) -> bool:
        """Whether the example was judged as its rule file says."""
        return not self.wrong


def run_examples(references: Iterable[RuleReference], judge: Judge) -> list[ExampleResult]:
    """Judge every example of every rule. Exceptions of ``judge`` are not caught."""
    return [
        ExampleResult(r.rule.code, r.rule.name, example, tuple(_compare(example, judge(r.rule.code, example))))
        for r in references
        for example in r.examples
    ]


def _compare(example: Example, judged: Judged) -> list[str]:
    verdict, reason, violations = judged
    if verdict is not example.verdict:
        found = "; ".join(f"{path or 'the root'}: {message}" for path, message in violations) or reason
        return [f"must be {example.verdict}, is {verdict}" + (f" ({found})" if found else "")]
    if verdict is Verdict.UNKNOWN and example.reason not in reason:
        return [f"the reason must contain '{example.reason}', but is '{reason}'"]
    return _compare_violations(example, violations) if verdict is Verdict.FAIL else []


def _compare_violations(example: Example, violations: Sequence[tuple[str, str]]) -> list[str]:
    """Match every expected violation with one at the same path whose message contains the expected text."""
    unmatched = list(violations)
    wrong = []
    for expected in example.expect:
        match = next((v for v in unmatched if v[0] == expected.path and expected.message in v[1]), None)
        if match is not None:
            unmatched.remove(match)
        else:
            at_path = [message for path, message in unmatched if path == expected.path]
            instead = f"; its message is '{at_path[0]}'" if at_path else ""
            wrong.append(f"expected a violation at {expected.path or 'the root'} with '{expected.message}'{instead}")
    wrong += [f"unexpected violation at {path or 'the root'}: '{message}'" for path, message in unmatched]
    return wrong
