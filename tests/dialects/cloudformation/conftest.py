"""Judging templates through the whole pipeline."""

from __future__ import annotations

import json
import textwrap

import pytest

from iblint.model.settings import Settings
from iblint.packs import load_packs
from iblint.pipeline import check_paths

RULES = load_packs(Settings())


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """Judge a template; the report has what was found in it alone."""
    monkeypatch.chdir(tmp_path)

    def judged(text, name="web.yaml", **settings):
        (tmp_path / name).write_text(textwrap.dedent(text) if isinstance(text, str) else json.dumps(text))
        return check_paths([name], Settings(**settings), rules=RULES)

    return judged
