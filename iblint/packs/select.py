"""Which rules run, at which severity, with which options.

A selector is a code, the beginning of a code (``IB2``), a name, an alias, a group, a tag, ``mission``, ``default``
(what is on and stable) or ``all``. What is ignored is taken away from what is selected. A deprecated rule is only
selected by its own code, name or alias; a rule in preview is never in ``default``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iblint.model.errors import ConfigError
from iblint.model.record import Record
from iblint.model.rule import Rule
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Severity
from iblint.text.wording import AS_CLAUSE, counted, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORDS = ("default", "all", "mission")
"""Selectors that every set of rules knows."""


class ConfiguredRule(Record):
    """A selected rule with the severity and the options that it runs with."""

    rule: Rule
    severity: Severity
    options: Mapping[str, Any]
    """Every option of the rule, defaults filled in."""


def select(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules that are selected and not ignored, in the order given.

    Raises ConfigError, with the nearest name, for a selector that no rule answers to.
    """
    wanted = {rule.code for selector in select for rule in _matching(rules, selector)}
    unwanted = {rule.code for selector in ignore for rule in _matching(rules, selector)}
    return tuple(rule for rule in rules if rule.code in wanted - unwanted)


def configure(rules: Sequence[Rule], settings: Settings, override: Override | None) -> tuple[ConfiguredRule, ...]:
    """The rules of a run as the settings and an override for some files have them.

    The override's ``select`` replaces that of the settings; all else of it is added to the settings or wins over them.
    Raises ConfigError for a selector, rule, option or option's value that is wrong.
    """
    severities = _severities(rules, settings.severity)
    options = _options(rules, settings.options)
    chosen, ignored = settings.select, settings.ignore
    if override is not None:
        severities |= _severities(rules, override.severity)
        for code, given in _options(rules, override.options).items():
            options[code] = {**options.get(code, {}), **given}
        chosen, ignored = override.select or chosen, (*ignored, *override.ignore)
    return tuple(
        ConfiguredRule(
            rule,
            severities.get(rule.code, rule.severity),
            {option.name: option.default for option in rule.options} | options.get(rule.code, {}),
        )
        for rule in select(rules, chosen, ignored)
    )


def _matching(rules: Sequence[Rule], selector: str) -> list[Rule]:
    """The rules that a selector stands for."""
    if selector == "default":
        return [rule for rule in rules if rule.enabled and rule.status == "stable"]
    if selector == "all":
        return [rule for rule in rules if rule.status != "deprecated"]
    if selector == "mission":
        return [rule for rule in rules if rule.mission]
    named = [rule for rule in rules if selector in _own_labels(rule)]
    grouped = [rule for rule in rules if selector in rule.labels or (selector and rule.code.startswith(selector))]
    found = named + [rule for rule in grouped if rule.status != "deprecated"]
    if not found and not grouped:
        near = _nearest(selector, _selectors(rules, selector))
        raise ConfigError(f"There is no rule, group or tag '{selector}'{near}")
    return found


def _own_labels(rule: Rule) -> tuple[str, ...]:
    return (rule.code, rule.name, *rule.aliases)


def _selectors(rules: Sequence[Rule], word: str) -> Iterator[str]:
    """Every selector that a word may misspell; of the beginnings of codes only the word itself in capitals."""
    yield from WORDS
    for rule in rules:
        yield from rule.labels
        if word and rule.code.startswith(word.upper()):
            yield word.upper()


def _nearest(word: str, known: Iterable[str], otherwise: str = "; see iblint rules.") -> str:
    """The end of a sentence that refuses a word: the nearest word that would do, else where to look."""
    return did_you_mean(word, known, AS_CLAUSE) or otherwise


def _severities(rules: Sequence[Rule], given: Mapping[str, Severity]) -> dict[str, Severity]:
    return {_rule(rules, label).code: Severity(value) for label, value in given.items()}


def _options(rules: Sequence[Rule], given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Code -> option -> value, each checked."""
    options: dict[str, dict[str, Any]] = {}
    for label, values in given.items():
        rule = _rule(rules, label)
        for name, value in values.items():
            wrong = _wrong_option(rule, name, value)
            if wrong:
                raise ConfigError(wrong)
        options.setdefault(rule.code, {}).update(values)
    return options


def _rule(rules: Sequence[Rule], label: str) -> Rule:
    for rule in rules:
        if label in _own_labels(rule):
            return rule
    raise ConfigError(no_such_rule(rules, label))


def no_such_rule(rules: Sequence[Rule], label: str) -> str:
    """What to say to a label that is not the code, name or alias of one rule: what it is instead, or the nearest."""
    codes = [rule.code for rule in rules if label and rule.code.startswith(label.upper())]
    if codes:
        return f"'{label}' is the beginning of {counted(len(codes), 'code')}; name one of them, such as {codes[0]}."
    codes = [rule.code for rule in rules if label in rule.labels]
    if codes:
        return f"'{label}' is the group or tag of {counted(len(codes), 'rule')}; name one of them, such as {codes[0]}."
    return f"There is no rule '{label}'" + _nearest(label, (word for rule in rules for word in _own_labels(rule)))


def _wrong_option(rule: Rule, name: str, value: Any) -> str | None:
    """What is wrong with an option that is set, if anything."""
    title = f"{rule.code} {rule.name}"
    spec = next((option for option in rule.options if option.name == name), None)
    if spec is None:
        if not rule.options:
            return f"The rule {title} has no options, so none can be called '{name}'."
        names = [option.name for option in rule.options]
        return f"The rule {title} has no option '{name}'" + _nearest(name, names, f"; it has: {', '.join(names)}.")
    from iblint.packs.authoring.validate import value_errors  # only who sets options pays for it

    errors = value_errors(value, spec.schema)
    return f"The option '{name}' of {title} is wrong: {'; '.join(errors)}." if errors else None
