"""``iblint completion``: the scripts work in their shells."""

import re
import subprocess
import sys

import pytest

from tests.support import tools

# What a shell runs as iblint; the folder of the checkout is on PYTHONPATH.
IBLINT = f'#!/bin/sh\nexec "{sys.executable}" -m iblint "$@"\n'

# A completion function called as the shell calls it when Tab is pressed, and what it answers, one a line.
SCRIPTS = {
    "bash": """
        eval "$(iblint completion bash)"
        COMP_WORDS=({words}) COMP_CWORD={last}
        $(complete -p iblint | sed 's/.*-F \\([^ ]*\\) .*/\\1/') iblint
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """,
    "fish": "iblint completion fish | source; complete --do-complete '{words}'",
    "zsh": """
        autoload -Uz compinit && compinit -D
        eval "$(iblint completion zsh)"
        _describe() {{ print -l -- ${{(@P)3}} }}
        compadd() {{ print -l -- ${{(@P)5}} }}
        words=({words}) CURRENT=$(({last} + 1))
        $_comps[iblint]
    """,
}


def complete(shell, words, folder):
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    (bin_folder / "iblint").write_text(IBLINT)
    (bin_folder / "iblint").chmod(0o755)
    script = SCRIPTS[shell].format(words=words, last=len(words.split()) - 1)
    flags = {"bash": ["--noprofile", "--norc"], "fish": ["--no-config"], "zsh": ["-f"]}[shell]
    try:
        done = subprocess.run(
            [shell, *flags, "-c", f"export PATH={bin_folder}:$PATH;{script}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except FileNotFoundError:
        tools.missing(shell, f"apt-get install {shell}")
    assert done.returncode == 0, done.stderr
    return {re.split("[\t:]", line)[0] for line in done.stdout.splitlines()}  # without descriptions


# Shells that a machine need not have are tools from outside; zsh is what people use on macOS.
@pytest.mark.parametrize(
    "shell", ["bash", *(pytest.param(shell, marks=pytest.mark.integration) for shell in ("fish", "zsh"))]
)
def test_commands_options_and_values_are_completed(shell, folder):
    assert complete(shell, "iblint che", folder) >= {"check"}
    assert complete(shell, "iblint check --fail", folder) >= {"--fail-on"}
    assert complete(shell, "iblint check --fail-on w", folder) >= {"warning"}


@pytest.mark.parametrize(
    "words", ["iblint check inf", "iblint check --config inf", "iblint check -o inf", "iblint plan inf"]
)
def test_files_are_completed(words, folder, monkeypatch):
    monkeypatch.setenv("_IBLINT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    done = subprocess.run([sys.executable, "-m", "iblint"], capture_output=True, text=True, check=False)
    assert done.stdout == "file,inf\n"


def test_an_unknown_shell_is_a_usage_error(iblint):
    result = iblint("completion", "basch")
    assert result.code == 2
    assert "Did you mean 'bash'?" in result.err
    assert result.out == ""
