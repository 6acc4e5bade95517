"""Trees of files: with relevant files only, and monorepos, where one file in a hundred is relevant."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from benchmarks.corpus import specs, templates

Maker = Callable[..., str]

MIX: list[tuple[int, str, Maker]] = [
    (700, "spec.yaml", specs.yaml_spec),
    (180, "spec.json", specs.json_spec),
    (50, "template.yaml", templates.yaml_template),
    (20, "template.json", templates.json_template),
    (50, "main.tf", templates.terraform),
]
"""Number per thousand relevant files, end of the name, and generator."""

FOLDER = 100
"""Approximate number of files in a folder."""

GITIGNORE = """\
# what builds leave
build/
node_modules/
*.log
*.tmp
.cache/
/coverage
dist
!keep.log
**/generated/*.json
.env
"""


def relevant(random: Random, count: int) -> Iterator[tuple[str, str]]:
    """Yield names and texts of ``count`` relevant files, evenly mixed. Every second file has faults."""
    kinds = [(end, make) for share, end, make in MIX for _ in range(share // 10)]  # 100 of them
    for start in range(0, count, len(kinds)):
        random.shuffle(kinds)
        for number, (end, make) in enumerate(kinds[: count - start], start):
            yield f"build-{number:05}-{end}", make(random, f"image-{number:05}", faulty=number % 2 == 1)


def write_relevant(folder: Path, seed: str, count: int) -> None:
    """Write a tree of relevant files only."""
    for number, (name, text) in enumerate(relevant(Random(seed), count)):
        _write(folder / f"team-{number // FOLDER:03}" / name, text)


def write_kind(folder: Path, seed: str, count: int, end: str, make: Maker) -> None:
    """Write a flat folder of files of one kind. Every second file has faults."""
    random = Random(seed)
    for number in range(count):
        _write(folder / f"build-{number:05}-{end}", make(random, f"image-{number:05}", faulty=number % 2 == 1))


def write_monorepo(folder: Path, seed: str, count: int) -> None:
    """Write a git work tree. 1 % is relevant, half has a YAML or JSON suffix, and git ignores a fifth of these."""
    random = Random(seed)
    sought = relevant(random, count // 100)
    pool = _Pool(random)
    for number in range(count):
        service = folder / f"group-{number // 5000:02}" / f"service-{number // FOLDER:04}"
        place = number % FOLDER
        if place == 0:
            name, text = next(sought)
            _write(service / "infra" / name, text)
        elif place < 10:
            _write(service / "build" / f"{place:02}.{_suffix(place)}", pool.pick(_suffix(place)))
        elif place < 50:
            _write(service / "config" / f"{place:02}.{_suffix(place)}", pool.pick(_suffix(place)))
        else:
            suffix = random.choice(["py", "py", "go", "ts", "md", "txt"])
            _write(service / "src" / f"file_{place:02}.{suffix}", pool.pick("other"))
    (folder / ".gitignore").write_text(GITIGNORE, encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", "-c", "core.looseCompression=0", "-C", folder, *command], check=True)


def _suffix(place: int) -> str:
    return ("yaml", "json", "yml")[place % 3]


class _Pool:
    """Texts without a marker. They are generated once and reused, because that is faster."""

    def __init__(self, random: Random) -> None:
        self.random = random
        yaml = ["---\n".join(specs.unmarked_yaml(random, f"web-{i}-{j}") for j in range(1 + i % 4)) for i in range(99)]
        json = [specs.unmarked_json(random, f"board-{i}") for i in range(99)]
        other = [f"# Module {i}\n" + "value = compute(value)  # as before\n" * random.randint(5, 99) for i in range(99)]
        self.texts = {"yaml": yaml, "yml": yaml, "json": json, "other": other}

    def pick(self, kind: str) -> str:
        return self.random.choice(self.texts[kind])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
