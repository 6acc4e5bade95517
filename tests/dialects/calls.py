"""Shared by the tests of the dialects that read calls: judge files, and compare with what the real tool sent."""

from __future__ import annotations

from iblint.model.resource import INFRASTRUCTURE_CONFIGURATION
from iblint.model.values import ABSENT, Choice, Unresolved
from iblint.packs import load_packs
from iblint.pipeline import check_paths
from iblint.session import Session

TOKEN = "clientToken"


def judged_in(paths, settings):
    """Return the configurations that are found in files."""
    report = check_paths(paths, settings, rules=load_packs(settings), session=Session(keep_resources=True))
    assert [problem.message for problem in report.problems] == []
    return [resource for resource in report.resources if resource.kind == INFRASTRUCTURE_CONFIGURATION]


def agrees(spec, sent):
    """Return the paths that are unresolved; assert that everything else is what was sent."""
    unknown: list[tuple] = []
    given = {key: value for key, value in sent.items() if key != TOKEN or spec.get(TOKEN, ABSENT) is not ABSENT}
    assert _fits(spec, given, (), unknown), f"judged {spec}, sent {given}"
    return unknown


def _fits(judged, sent, path, unknown):
    if isinstance(judged, Unresolved):
        unknown.append(path)
        return True
    if isinstance(judged, Choice):
        return any(_fits(option.value, sent, path, unknown) for option in judged.options)
    if judged is ABSENT or sent is ABSENT:
        return judged is sent
    if isinstance(judged, dict):
        keys = judged.keys() | sent.keys()
        return isinstance(sent, dict) and all(
            _fits(judged.get(key, ABSENT), sent.get(key, ABSENT), (*path, key), unknown) for key in keys
        )
    if isinstance(judged, list):
        pairs = zip(judged, sent, strict=False)
        same = isinstance(sent, list) and len(judged) == len(sent)
        return same and all(_fits(a, b, (*path, index), unknown) for index, (a, b) in enumerate(pairs))
    return type(judged) is type(sent) and judged == sent
