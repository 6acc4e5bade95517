"""What a configuration file of the scanned tree takes from the core rules, and how ``--enforce core`` gives it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from iblint.model.document import Notice
from iblint.model.path import Path
from iblint.model.record import replace
from iblint.model.rule import Rule
from iblint.model.settings import Settings
from iblint.model.verdict import Severity
from iblint.packs.select import find_rule, select, with_core_rules


def enforced(settings: Settings, rules: Sequence[Rule]) -> Settings:
    """Return the settings as the options ``--enforce core`` and ``--no-declared-evidence`` want them.

    Raises ConfigError for a selector that matches no rule.
    """
    if settings.enforce:
        settings = with_core_rules(settings, rules, live=False)
    return _without_evidence(settings) if settings.no_declared_evidence else settings


def _without_evidence(settings: Settings) -> Settings:
    """Return the settings without what a file declares of the deployment. The command line still may."""
    from_file = {name for name in ("account", "region") if not settings.written.get((name,), "").startswith("--")}
    return replace(
        settings,
        build_type=None,
        assume_container=False,
        sns_topic_keys={},
        overrides=tuple(
            [
                replace(override, build_type=None, account=None, region=None, sns_topic_keys={})
                for override in settings.overrides
            ]
        ),
        **dict.fromkeys(from_file),
    )


def weakened(settings: Settings, rules: Sequence[Rule]) -> tuple[Notice, ...]:
    """Return a notice for each setting of a file that takes a core rule away, or lets one fail without failing the run.

    ``settings`` are those before ``enforced``. What the command line says is known to whoever runs it.
    """
    return tuple(_notices(settings, rules)) if settings.file else ()


def _notices(settings: Settings, rules: Sequence[Rule]) -> Iterator[Notice]:
    after = " It is judged all the same, because of --enforce core." if settings.enforce else ""
    for path, what in _changes(settings, rules):
        place = settings.written.get(path) or settings.place(path).removesuffix(": ")
        file, _, line = place.rpartition(":")
        if place and not place.startswith("--") and line.isdigit():
            yield Notice(file, int(line), f"{what}.{after}")


def _changes(settings: Settings, rules: Sequence[Rule]) -> Iterator[tuple[Path, str]]:
    """Yield the path of each such setting, with what it does."""
    if settings.fail_on == "never":
        yield ("fail-on",), "No core rule that fails makes the run fail here"
    yield from _selected((), settings.select, rules, "")
    yield from _ignored((), settings.ignore, rules, "")
    yield from _lowered((), settings.severity, rules, "", settings.written)
    for index, override in enumerate(settings.overrides):
        path, where = ("overrides", index), f" for {', '.join(override.files)}"
        if override.select:
            yield from _selected(path, override.select, rules, where)
        yield from _ignored(path, override.ignore, rules, where)
        yield from _lowered(path, override.severity, rules, where, settings.written)


def _selected(path: Path, selectors: Sequence[str], rules: Sequence[Rule], where: str) -> Iterator[tuple[Path, str]]:
    chosen = {rule.code for rule in select(rules, selectors)}
    for rule in rules:
        if rule.core and rule.code not in chosen:
            yield (*path, "select"), f"The core rule {rule.code} {rule.name} is not selected{where} here"


def _ignored(path: Path, selectors: Sequence[str], rules: Sequence[Rule], where: str) -> Iterator[tuple[Path, str]]:
    for index, selector in enumerate(selectors):
        for rule in select(rules, (selector,)):
            if rule.core:
                yield (*path, "ignore", index), f"The core rule {rule.code} {rule.name} is ignored{where} here"


def _lowered(
    path: Path, severities: Mapping[str, Severity], rules: Sequence[Rule], where: str, written: Mapping[Path, str]
) -> Iterator[tuple[Path, str]]:
    for label, severity in severities.items():
        rule = find_rule(rules, label)
        path_of_label = (*path, "severity", _as_written(written, (*path, "severity"), rule) or label)
        if rule.core and severity.rank < rule.severity.rank:
            what = f"The severity of the core rule {rule.code} {rule.name} is lowered to {severity.value}{where} here"
            yield path_of_label, what


def _as_written(written: Mapping[Path, str], path: Path, rule: Rule) -> str | None:
    """Return what a rule is called in the mapping at ``path`` of the configuration: its code, name or an alias."""
    labels = [step[-1] for step in written if step[:-1] == path]
    return next((label for label in labels if isinstance(label, str) and label in rule.labels), None)
