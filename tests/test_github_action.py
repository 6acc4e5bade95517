"""The check step of the Action when the check is killed. Integration tests cover the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from iblint import github_action
from iblint.exit_codes import COMMAND_MEANINGS


def test_every_exit_code_of_check_has_a_conclusion() -> None:
    assert github_action.CONCLUSIONS.keys() == COMMAND_MEANINGS["check"].keys()


@pytest.mark.skipif(sys.platform == "win32", reason="a script that kills itself")
def test_a_check_that_is_killed_is_incomplete_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    for name in ("OUTPUT", "STEP_SUMMARY"):
        monkeypatch.setenv(f"GITHUB_{name}", str(tmp_path / name))
    for name, value in {"UPLOAD": "true", "ANNOTATIONS": "true", "SUMMARY": "true"}.items():
        monkeypatch.setenv(f"INPUT_{name}", value)
    assert github_action.main() == 0
    outputs = (tmp_path / "OUTPUT").read_text(encoding="utf-8").splitlines()
    assert {"4", "incomplete"} <= set(outputs)
    for text in (capfdbinary.readouterr().out.decode(), (tmp_path / "STEP_SUMMARY").read_text(encoding="utf-8")):
        assert "iblint check was killed" in text
