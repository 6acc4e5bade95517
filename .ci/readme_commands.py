"""Print the two set-up commands of the README, one a line: what CI runs is what a newcomer types."""

import re
from pathlib import Path

readme = Path(__file__).parent.parent.joinpath("README.md").read_text(encoding="utf-8")
section = readme.split("## Set up", 1)[1].split("\n## ", 1)[0]
blocks = re.findall(r"```console\n(.*?)```", section, re.DOTALL)
commands = [block.strip() for block in blocks]
if len(commands) != 2 or any("\n" in command for command in commands):
    raise SystemExit(f"README, 'Set up': expected exactly two one-line commands, found {commands}")
print("\n".join(commands))
