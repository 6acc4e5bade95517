"""Which rules run, at which severity, with which options.

A selector is a code, the beginning of a code (``IB2``), a name, an alias, a group, a tag, ``default`` (the stable rules
that are on by default) or ``all``. Ignored rules are removed from the selected ones. A deprecated rule is selected only
by its own code, name or alias. A rule in preview is never in ``default``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iblint.model.errors import ConfigError
from iblint.model.record import Record, replace
from iblint.model.rule import CORE, FORMER_CORE, Rule
from iblint.model.settings import Override, Settings
from iblint.model.verdict import Severity
from iblint.text.wording import AS_CLAUSE, counted, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORDS = ("default", "all")
"""Selectors that every set of rules has."""

CORE_TAGS = frozenset({CORE, FORMER_CORE})
"""The tag of the core rules and its former name. Each selects the rules with either."""


class ConfiguredRule(Record):
    """A selected rule with the severity and the options that it runs with."""

    rule: Rule
    severity: Severity
    options: Mapping[str, Any]
    """All options of the rule, defaults filled in."""


def select(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the rules that are selected and not ignored, in their order.

    Raises ConfigError, with the nearest name, for a selector that matches no rule.
    """
    selected = {rule.code for selector in select for rule in _matching(rules, selector)}
    ignored = {rule.code for selector in ignore for rule in _matching(rules, selector)}
    return tuple(rule for rule in rules if rule.code in selected - ignored)


def configure(rules: Sequence[Rule], settings: Settings, override: Override | None) -> tuple[ConfiguredRule, ...]:
    """Return the rules of a run under the settings, and an override for some files.

    The override's ``select`` replaces that of the settings. All else in it adds to the settings or wins over them.
    Raises ConfigError for a wrong selector, rule, option or value of an option.
    """
    severities = _severities(rules, settings.severity)
    options = _options(rules, settings.options)
    selected, ignored = settings.select, settings.ignore
    if override is not None:
        severities |= _severities(rules, override.severity)
        for code, given in _options(rules, override.options).items():
            options[code] = {**options.get(code, {}), **given}
        selected, ignored = override.select or selected, (*ignored, *override.ignore)
    return tuple(
        ConfiguredRule(
            rule,
            severities.get(rule.code, rule.severity),
            {option.name: option.default for option in rule.options} | options.get(rule.code, {}),
        )
        for rule in select(rules, selected, ignored)
    )


def find_rule(rules: Sequence[Rule], label: str) -> Rule:
    """Return the rule with a code, name or alias. Raises ConfigError, with the nearest name, if there is none."""
    for rule in rules:
        if label in _own_labels(rule):
            return rule
    raise ConfigError(no_such_rule(rules, label))


def no_such_rule(rules: Sequence[Rule], label: str) -> str:
    """Return the message for a label that is not the code, name or alias of a rule: what it is, or the nearest one."""
    codes = [rule.code for rule in rules if label and rule.code.startswith(label.upper())]
    if codes:
        return f"'{label}' is the beginning of {counted(len(codes), 'code')}; name one of them, such as {codes[0]}."
    codes = [rule.code for rule in rules if _has_label(rule, label)]
    if codes:
        return f"'{label}' is the group or tag of {counted(len(codes), 'rule')}; name one of them, such as {codes[0]}."
    return f"There is no rule '{label}'" + _nearest(label, (word for rule in rules for word in _own_labels(rule)))


def with_core_rules(settings: Settings, rules: Sequence[Rule], *, live: bool = True) -> Settings:
    """Return the settings with which no configuration and no option removes or weakens a core rule.

    Every core rule is selected at its own severity for all files; with ``live`` (``plan`` and ``apply``) the live rules
    are selected, too. Raises ConfigError for a selector that matches no rule.
    """
    core = [rule for rule in rules if rule.core]
    always = (*(rule.code for rule in core), *(("live",) if live else ()))
    labels = {label for rule in core for label in _own_labels(rule)}

    def ignored(selectors: Sequence[str]) -> tuple[str, ...]:
        return tuple(rule.code for rule in select(rules, selectors) if not rule.core)

    def severities(given: Mapping[str, Severity]) -> dict[str, Severity]:
        return {label: severity for label, severity in given.items() if label not in labels}

    overrides = (
        replace(
            override,
            select=(*override.select, *always) if override.select else (),
            ignore=ignored(override.ignore),
            severity=severities(override.severity),
        )
        for override in settings.overrides
    )
    return replace(
        settings,
        select=(*settings.select, *always),
        ignore=ignored(settings.ignore),
        severity=severities(settings.severity),
        overrides=tuple(overrides),
    )


def _matching(rules: Sequence[Rule], selector: str) -> list[Rule]:
    """Return the rules that a selector matches."""
    if selector == "default":
        return [rule for rule in rules if rule.enabled and rule.status == "stable"]
    if selector == "all":
        return [rule for rule in rules if rule.status != "deprecated"]
    named = [rule for rule in rules if selector in _own_labels(rule)]
    grouped = [rule for rule in rules if _has_label(rule, selector) or (selector and rule.code.startswith(selector))]
    found = named + [rule for rule in grouped if rule.status != "deprecated"]
    if not found and not grouped:
        near = _nearest(selector, _selectors(rules, selector))
        raise ConfigError(f"There is no rule, group or tag '{selector}'{near}")
    return found


def _has_label(rule: Rule, label: str) -> bool:
    """Return whether a label is the code, name, an alias, the group or a tag of a rule. CORE_TAGS are one tag."""
    return label in rule.labels or (label in CORE_TAGS and (rule.core or not CORE_TAGS.isdisjoint(rule.tags)))


def _own_labels(rule: Rule) -> tuple[str, ...]:
    return (rule.code, rule.name, *rule.aliases)


def _selectors(rules: Sequence[Rule], word: str) -> Iterator[str]:
    """Yield every selector that a word may misspell; of the beginnings of codes only the word itself in capitals."""
    yield from WORDS
    for rule in rules:
        yield from rule.labels
        if word and rule.code.startswith(word.upper()):
            yield word.upper()


def _nearest(word: str, known: Iterable[str], otherwise: str = "; see iblint rules.") -> str:
    """Return the end of a message about an unknown word: the nearest known one, else ``otherwise``."""
    return did_you_mean(word, known, AS_CLAUSE) or otherwise


def _severities(rules: Sequence[Rule], given: Mapping[str, Severity]) -> dict[str, Severity]:
    return {find_rule(rules, label).code: Severity(value) for label, value in given.items()}


def _options(rules: Sequence[Rule], given: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return code -> option -> value. Raises ConfigError for a wrong rule, option or value."""
    options: dict[str, dict[str, Any]] = {}
    for label, values in given.items():
        rule = find_rule(rules, label)
        for name, value in values.items():
            error = _option_error(rule, name, value)
            if error:
                raise ConfigError(error)
        options.setdefault(rule.code, {}).update(values)
    return options


def _option_error(rule: Rule, name: str, value: Any) -> str | None:
    """Return what is wrong with an option, if anything."""
    title = f"{rule.code} {rule.name}"
    spec = next((option for option in rule.options if option.name == name), None)
    if spec is None:
        if not rule.options:
            return f"The rule {title} has no options, so '{name}' cannot be set."
        names = [option.name for option in rule.options]
        return f"The rule {title} has no option '{name}'" + _nearest(name, names, f"; it has: {', '.join(names)}.")
    from iblint.schemas.errors import value_errors  # imports jsonschema

    errors = value_errors(value, spec.schema)
    return (
        f"The option '{name}' of {title} is wrong: {'; '.join(message for _, message in errors)}." if errors else None
    )
