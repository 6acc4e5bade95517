"""The names in the settings: every selector, dialect, severity and option is checked against the loaded rules."""

import re
from pathlib import Path

import pytest

from iblint.config.load import load_settings, with_command_line
from iblint.model.errors import ConfigError
from iblint.model.settings import Settings
from iblint.packs import RuleSet
from iblint.packs.check_names import by_code, check_names


def settings_from(folder: Path, text: str) -> Settings:
    (folder / ".git").mkdir()
    (folder / ".iblint.yaml").write_text(text, encoding="utf-8")
    return load_settings(None, folder)


def test_known_names_pass(builtin: RuleSet, tmp_path: Path) -> None:
    text = (
        "select: [IB2]\ndialect: request\nseverity: {imdsv2-required: note}\noverrides: [{files: [a], ignore: [IB2]}]\n"
    )
    check_names(settings_from(tmp_path, text), builtin.rules, ("request",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select:\n  - IB2\n  - ZZ9\n", ".iblint.yaml:3: There is no rule, group or tag 'ZZ9'"),
        (
            "overrides:\n  - files: [no-such-file]\n    ignore: [ZZ9]\n",
            ".iblint.yaml:3: There is no rule, group or tag",
        ),
        ("\ndialect: requst\n", ".iblint.yaml:2: Unknown dialect 'requst'. Did you mean 'request'?"),
        ("overrides: [{files: [a],\n  dialect: zzz}]\n", ".iblint.yaml:2: Unknown dialect 'zzz'. There are: request."),
        ("options:\n  IB201:\n    x: 1\n", ".iblint.yaml:3: The rule IB201 imdsv2-required has no option"),
        ("options:\n  ZZ998: {a: 1, b: 1}\n", ".iblint.yaml:2: There is no rule 'ZZ998'"),
        (
            "select: [ZZ9]\nseverity:\n  ZZ999: note\n  IB201: note\noptions:\n  ZZ998: {a: 1}\nignore: [ZZ8]\n",
            ".iblint.yaml:1: There is no rule, group or tag 'ZZ9'; see iblint rules.\n"
            ".iblint.yaml:7: There is no rule, group or tag 'ZZ8'; see iblint rules.\n"
            ".iblint.yaml:3: There is no rule 'ZZ999'; see iblint rules.\n"
            ".iblint.yaml:6: There is no rule 'ZZ998'; see iblint rules.",
        ),
    ],
)
def test_unknown_names_are_errors_with_their_place(builtin: RuleSet, tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)) as caught:
        check_names(settings_from(tmp_path, text), builtin.rules, ("request",))
    assert str(caught.value).count("\n") == message.count("\n")


def test_the_option_of_the_command_line_is_the_place(builtin: RuleSet) -> None:
    settings = with_command_line(Settings(), {"ignore": ["ZZ9"]})
    with pytest.raises(ConfigError, match=r"^--ignore: There is no rule, group or tag 'ZZ9'"):
        check_names(settings, builtin.rules, ("request",))


def test_rules_are_named_by_code_so_that_later_settings_win(builtin: RuleSet, tmp_path: Path) -> None:
    settings = settings_from(tmp_path, "severity: {imdsv2-required: note, IB202: note}\n")
    assert set(by_code(settings, builtin.rules).severity) == {"IB201", "IB202"}
