"""The rules that ship: each file is good, and each example is judged as it says."""

import pytest

from iblint.model.record import replace
from iblint.packs import RuleSet, select
from iblint.packs.authoring.examples import run_examples
from iblint.packs.authoring.lint import lint_rules
from iblint.packs.authoring.prose import Example, RuleReference, references
from iblint.packs.locations import builtin_rules
from iblint.pipeline import judge_example
from iblint.version import __version__


@pytest.fixture(scope="module")
def documented(builtin: RuleSet) -> tuple[RuleReference, ...]:
    return references(builtin)


def test_every_rule_file_is_loaded(builtin: RuleSet) -> None:
    files = sorted(f.name for g in builtin_rules().iterdir() if g.is_dir() for f in g.iterdir())
    assert files == sorted(f"{rule.code}-{rule.name}.yaml" for rule in builtin.rules)
    assert builtin.packs[0].name == "iblint"
    assert builtin.packs[0].version == __version__


def test_groups_are_described(builtin: RuleSet) -> None:
    assert {rule.group for rule in builtin.rules} <= set(builtin.groups)


@pytest.mark.parametrize("selector", ["core", "mission"])
def test_the_core_rules(builtin: RuleSet, selector: str) -> None:
    core = select(builtin.rules, [selector])
    assert [rule.code for rule in core] == ["IB201", "IB202", "IB204", "IB301"]
    assert [rule.code for rule in builtin.rules if rule.core] == ["IB201", "IB202", "IB204", "IB301"]
    assert all(rule.report_unknown and rule.enabled and rule.severity == "error" for rule in core)
    assert all("core" in rule.tags for rule in core)


def test_profiles(builtin: RuleSet) -> None:
    assert set(builtin.profiles) == {"default", "strict", "core"}
    for profile in builtin.profiles.values():
        assert select(builtin.rules, profile["select"])


def test_checks_can_be_loaded(builtin: RuleSet) -> None:
    for rule in builtin.rules:
        if rule.check:
            assert callable(builtin.resolve_check(rule))


def test_the_pack_has_no_lint_problems(documented: tuple[RuleReference, ...]) -> None:
    assert lint_rules(documented) == []


def test_references_and_controls(documented: tuple[RuleReference, ...]) -> None:
    for reference in documented:
        assert all(link.url.startswith("https://") for link in reference.references)
        assert len(reference.rationale.splitlines()) <= 8, reference.rule.code


def test_every_example_is_judged_as_it_says(builtin: RuleSet, documented: tuple[RuleReference, ...]) -> None:
    results = run_examples(documented, lambda code, example: judge_example(builtin, code, example))
    wrong = [f"{r.example.file}:{r.example.line}: {r.rule} {'; '.join(r.wrong)}" for r in results if not r.ok]
    assert not wrong, "\n".join(wrong)
    assert len(results) >= 3 * len(documented)


def flips(example: Example) -> list[Example]:
    """The example with each part of its expectation turned into something else."""
    if example.polarity == "bad":
        first, *rest = example.expect
        return [
            replace(example, polarity="good"),
            replace(example, expect=(replace(first, path=first.path + "/x"), *rest)),
            replace(example, expect=(replace(first, message="no rule says this"), *rest)),
            replace(example, expect=(*example.expect, first)),
            replace(example, expect=tuple(rest)),
        ]
    flipped = [replace(example, polarity="bad"), replace(example, polarity="unknown", reason="no rule says this")]
    return [*flipped, replace(example, polarity="not-applicable" if example.polarity == "good" else "good")]


@pytest.mark.parametrize("code", ["IB101", "IB112", "IB201", "IB202", "IB204", "IB301"])
def test_a_flipped_expectation_is_noticed(builtin: RuleSet, documented: tuple[RuleReference, ...], code: str) -> None:
    reference = next(r for r in documented if r.rule.code == code)
    for example in reference.examples:
        for flipped in flips(example):
            result = run_examples(
                [replace(reference, examples=(flipped,))], lambda code, e: judge_example(builtin, code, e)
            )
            assert not result[0].ok, f"{example.file}:{example.line} as {flipped.polarity}"
