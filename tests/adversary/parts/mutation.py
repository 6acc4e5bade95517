"""Mutated inputs, configurations and rule files: no crash, a report that its readers accept, a bounded cost."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from iblint.report import FORMATS
from tests.adversary import targets
from tests.adversary.parts import Fault, repeat
from tests.support.tools import ROOT

SHARE = 2
AT_ONCE = 10
CALLS_A_BYTE = 3000
"""Calls that judging takes at most for each byte of a text, beside CALLS. A value may be looked at by each rule."""
CALLS = 300_000
TOKENS = (
    *(b"\x1b[2J", b"\xe2\x80\xae", b"\n::error::x", b"##[error]x", b"\0", b"\xff", b"\xed\xa0\x80", b"\xc2\x85", b"\r"),
    *(
        b"!!python/object:os.system ",
        b"!Ref X",
        b"&a ",
        b"*a",
        b"<<: ",
        b"{{ x }}",
        b"${",
        b"}",
        b"[",
        b"]",
        b"{",
        b"? ",
    ),
    *(
        b"- ",
        b": ",
        b",",
        b'"',
        b"'",
        b"\\",
        b"\\x3a",
        b"\\u0000",
        b"|\n",
        b">-\n",
        b"\t",
        b"---\n",
        b"...\n",
        b"#",
        b"%",
    ),
    *(b"1e999", b".nan", b"9" * 400, b"-1", b"0x", b"null", b"~", b"true", b"2026-01-31", b"a" * 3000, b"[" * 60),
    *(
        b"AKIAIOSFODNN7EXAMPLE",
        b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        b"]]>",
        b"<script>",
        b"&amp;",
        b"|a|b|",
        b"```\n",
    ),
    *(b"Fn::If", b"Fn::Sub", b"!FindInMap [a, b, c]", b"AWS::NoValue", b"Fn::ForEach::x", b"AWS::ImageBuilder::Image"),
    *(
        b"httpTokens",
        b"instanceProfileName",
        b"instanceMetadataOptions",
        b"iblint: build-type=",
        b"# iblint: ",
        b"Type",
    ),
)


def run(seconds: float, seed: int) -> dict[str, int]:
    """Mutate for so many seconds."""
    return repeat(one, seconds, seed)


def one(seed: int) -> Counter[str]:
    """Try some mutations. Raises Fault for a crash or a report that is not accepted."""
    counts: Counter[str] = Counter()
    for number in range(AT_ONCE):
        chance = random.Random(seed * AT_ONCE + number)
        kind = chance.choice(("input", "input", "input", "configuration", "rule"))
        data = mutated(chance, chance.choice(seeds(kind)), seeds(kind))
        try:
            if kind == "configuration":
                targets.configuration(data, chance.choice((".iblint.yaml", "pyproject.toml")))
            elif kind == "rule":
                targets.rule(data)
            else:
                as_input(chance, data)
        except Fault:
            raise
        except Exception as error:
            raise Fault(f"{kind}: {type(error).__name__}: {error}", {f"{kind}.txt": data}) from error
        counts.update((kind, "executions"))
    return counts


def as_input(chance: random.Random, data: bytes) -> None:
    """Judge bytes as a file of some name and write the report: in one format, sometimes in all."""
    report = targets.judge(data, chance.choice(targets.SUFFIXES))
    for form in FORMATS if chance.random() < 0.1 else (chance.choice(FORMATS),):
        targets.written(report, form, data)
    if chance.random() < 0.02 and calls(data) > CALLS + CALLS_A_BYTE * len(data):
        raise Fault("more steps than fit to its size", {"x.yaml": data})


def calls(data: bytes) -> int:
    """Count the calls of Python that judging a text takes: the same on every machine."""
    count = 0

    def counted(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        targets.judge(data, ".yaml")
    finally:
        sys.setprofile(None)
    return count


def mutated(chance: random.Random, data: bytes, others: Iterable[bytes]) -> bytes:
    """Return bytes with some changes: cut, repeated, replaced, joined with others."""
    for _ in range(chance.choice((1, 1, 2, 3, 5, 10))):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((0, 1, 2, 10, 100)))
        new = chance.choice((chance.choice(TOKENS), chance.randbytes(2), data[start:end] * 2, b"", _line(chance, data)))
        if chance.random() < 0.05:
            other = chance.choice(list(others))
            new = other[chance.randint(0, len(other)) :]
        data = data[:start] + new + data[end:]
    return data[:200_000]


def _line(chance: random.Random, data: bytes) -> bytes:
    return chance.choice(data.splitlines(keepends=True) or [b"\n"])


@cache
def seeds(kind: str) -> tuple[bytes, ...]:
    """The texts that are mutated: examples, cases, rules and the corpus, none of them large."""
    folders = {
        "input": ("examples", "tests/cases", "tests/adversary/corpus/inputs"),
        "configuration": ("tests/adversary/corpus/configurations",),
        "rule": ("rules", "tests/adversary/corpus/rules"),
    }
    files = [path for folder in folders[kind] for path in sorted(Path(ROOT, folder).rglob("*")) if _is_text(path)]
    return tuple(data for data in (path.read_bytes() for path in files) if len(data) < 20_000)


def _is_text(path: Path) -> bool:
    return path.is_file() and path.suffix in (".yaml", ".yml", ".json", ".template", ".toml", ".txt")
