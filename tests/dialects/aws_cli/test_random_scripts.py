"""No word that is taken for known is another one when the script runs. Scripts at random are run with a stub of aws."""

from __future__ import annotations

import os
import random
import shutil
import subprocess

import pytest

from iblint.dialects.aws_cli import extract
from iblint.dialects.shared.extraction import Deployment, document_unit
from iblint.model.document import Source
from iblint.model.values import ABSENT, Unresolved
from iblint.parse.load import load_program

PARTS, EACH = 8, 25
NAMES = ("A", "B", "C")
MEMBERS = {"--name": "name", "--description": "description", "--key-pair": "keyPair"}
STUB = '#!/bin/bash\nprintf "%s\\0" "$AT" "$@" >> "$CALLS"\nprintf "\\1\\0" >> "$CALLS"\n'


class Writer:
    """Writes one script."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []

    def pick(self, *choices):
        return self.random.choice(choices)

    def word(self):
        name = self.pick(*NAMES)
        plain = ("p", "'q r'", "'$A'", "a\\ b", "w\"e\"'f'\\g", "$'t\\x41'", "{1,2}", "~", "*", '""')
        used = (f"${name}", f'"x${name}"', f'"${{{name}}}y"', f'"${{{name}:-d}}"', f"${{#{name}}}", f"${{{name}:+k}}")
        return self.pick(*plain, *used, "$(echo z)")

    def call(self):
        name = self.pick(*NAMES)
        options = f'--name {self.word()} --description "q${name}" --key-pair "${self.pick(*NAMES)}"'
        return f"aws imagebuilder create-infrastructure-configuration {options}"

    def statement(self):
        name = self.pick(*NAMES)
        return self.pick(
            *(f"{name}={self.word()}",) * 6,
            f"export {name}={self.word()}",
            f"read -r {name} <<< weak",
            f"unset {name}",
            f"{name}+={self.word()}",
            f"({name}=sub)",
            f"{name}=before true",
            f"eval '{name}=weak'",
            f"printf -v {name} weak",
            f"echo | {name}=weak",
            "change",
            f": ${{{name}:=default}}",
            f"true && {name}={self.word()}",
            f"false && {name}={self.word()}",
            *(self.call(),) * 4,
        )

    def block(self, indent, count, depth=0):
        for _ in range(count):
            if depth == 2 or self.random.random() > 0.2:
                self.lines.append(indent + self.statement())
                continue
            head, end = self.pick(("if true; then", "fi"), ("if false; then", "fi"), ("{", "}"), ("(", ")"))
            head, end = self.pick((head, end), (head, end), ("for i in 1 2; do", "done"))
            self.lines.append(indent + head)
            self.block(indent + "  ", self.random.randint(1, 3), depth + 1)
            self.lines.append(indent + end)

    def script(self):
        """Return the text of the script."""
        name = self.pick(*NAMES)
        body = self.pick(":", f"{name}=weak", f"local {name}=x; inner", f"declare {name}=y", self.call())
        self.lines += ["inner() {", f"  {self.call()}", "}", "change() {", f"  {body}", "}"]
        self.block("", self.random.randint(3, 8))
        self.lines.append(self.call())
        return "#!/bin/bash\n" + "\n".join(self.lines) + "\n"


def run(text, folder):
    """Return the line and the words of each call."""
    lines = [line.replace("aws imagebuilder", f"AT={n} aws") for n, line in enumerate(text.splitlines(), 1)]
    (folder / "calls").write_text("")
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "CALLS": str(folder / "calls"), "A": "environment", "HOME": "/home"}
    subprocess.run(["bash", "-c", "\n".join(lines)], env=environment, capture_output=True, cwd=folder, timeout=60)
    calls = (folder / "calls").read_text().split("\1\0")[:-1]
    return [(int(words[0]), words[2:-1]) for words in (call.split("\0") for call in calls)]


def members_of(words):
    """Return the members that words give; None if the AWS CLI would refuse them."""
    found = {}
    while words:
        if words[0] not in MEMBERS or len(words) < 2 or words[1].startswith("--"):
            return None
        found[MEMBERS[words[0]]] = words[1]
        words = words[2:]
    return found


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_known_is_what_the_script_passes_on(part, tmp_path):
    (tmp_path / "aws").write_text(STUB)
    (tmp_path / "aws").chmod(0o755)
    known = compared = 0
    for seed in range(part * EACH, (part + 1) * EACH):
        text = Writer(seed).script()
        (document,) = load_program(Source("run.sh", text.encode()), "shell-script")
        extraction = extract(document_unit(document), Deployment(), forced=False)
        judged = {resource.span.line: resource.spec for resource in extraction.resources}
        for line, words in run(text, tmp_path):
            sent = members_of(words)
            for member, value in ({} if sent is None else sent).items():
                found = judged[line].get(member, ABSENT)
                compared += 1
                known += not isinstance(found, Unresolved)
                assert isinstance(found, Unresolved) or found == value, f"{seed}, line {line}\n{text}"
    assert known > compared / 20
    assert compared > EACH
