"""Check the names in the settings of a run: rules, selectors, options and dialects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from iblint.model.errors import ConfigError, IblintError
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.rule import Rule
from iblint.model.settings import Override, Settings
from iblint.packs.select import configure, find_rule, select
from iblint.text.wording import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Errors = Iterator[tuple[Path, str]]
"""Paths in the configuration, with a message for each."""


def check_names(settings: Settings, rules: Sequence[Rule], dialects: Collection[str]) -> None:
    """Check every selector, dialect, severity and option in the settings, also in overrides that match no file.

    Raises ConfigError with one line per error, which begins with the place of the setting.
    """
    errors = [*_selectors_and_dialects(settings, rules, dialects), *_severities_and_options(settings, rules)]
    if errors:
        raise ConfigError("\n".join(f"{settings.place(path)}{message}" for path, message in errors))


def by_code(settings: Settings, rules: Sequence[Rule]) -> Settings:
    """Return the settings with every rule under ``severity`` and ``options`` named by its code.

    Later settings can then override earlier ones that use another name of the rule.
    """

    def renamed(scope: Settings | Override) -> dict[str, Any]:
        options: dict[str, dict[str, Any]] = {}
        for label, values in scope.options.items():
            options.setdefault(find_rule(rules, label).code, {}).update(values)
        severity = {find_rule(rules, label).code: word for label, word in scope.severity.items()}
        return {"severity": severity, "options": options}

    overrides = tuple(replace(override, **renamed(override)) for override in settings.overrides)
    return replace(settings, **renamed(settings), overrides=overrides)


def _selectors_and_dialects(settings: Settings, rules: Sequence[Rule], dialects: Collection[str]) -> Errors:
    for path, scope in _scopes(settings):
        for key, selectors in (("select", scope.select), ("ignore", scope.ignore)):
            for index, selector in enumerate(selectors):
                yield from _error((*path, key, index), select, rules, (selector,))
        if scope.dialect is not None and scope.dialect not in dialects:
            hint = did_you_mean(scope.dialect, dialects) or f" There are: {', '.join(sorted(dialects))}."
            yield (*path, "dialect"), f"Unknown dialect '{scope.dialect}'.{hint}"


def _severities_and_options(settings: Settings, rules: Sequence[Rule]) -> Errors:
    for path, scope in _scopes(settings):
        for label in scope.severity:
            yield from _error((*path, "severity", label), find_rule, rules, label)
        for label, values in scope.options.items():
            unknown = list(_error((*path, "options", label), find_rule, rules, label))
            yield from unknown
            for option, value in values.items() if not unknown else ():
                one = Settings(options={label: {option: value}})
                yield from _error((*path, "options", label, option), configure, rules, one, None)


def _error(path: Path, function: Callable[..., object], *arguments: object) -> Errors:
    """Yield the error that a call raises, if any."""
    try:
        function(*arguments)
    except IblintError as error:
        yield path, str(error)


def _scopes(settings: Settings) -> Iterator[tuple[Path, Settings | Override]]:
    yield (), settings
    for index, override in enumerate(settings.overrides):
        yield ("overrides", index), override
