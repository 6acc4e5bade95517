"""A coverage-guided fuzzer for one kind of input.

``python -m tests.adversary.coverage_guided KIND [options of libFuzzer]``

It ends the process. ``parts/coverage.py`` runs it in a child process, and the tests replay its corpus without it.
"""

from __future__ import annotations

import sys
import zlib


def try_one(kind: str, data: bytes) -> None:
    """Read bytes as a kind of input: the same way each time."""
    from iblint.report import FORMATS
    from tests.adversary import targets

    number = zlib.crc32(data)
    if kind == "configurations":
        targets.configuration(data, "pyproject.toml" if number % 4 == 0 else ".iblint.yaml")
    elif kind == "rules":
        targets.rule(data)
    else:
        targets.document(data, targets.SUFFIXES[number % len(targets.SUFFIXES)], FORMATS[number % len(FORMATS)])


def main() -> None:
    """Fuzz until libFuzzer ends the process."""
    import atheris

    kind = sys.argv.pop(1)
    with atheris.instrument_imports(include=["iblint"]):
        import iblint.dialects.cloudformation
        import iblint.dialects.request  # noqa: F401
        from tests.adversary import targets

    for suffix in targets.SUFFIXES:  # import what is imported on first use, and compile the rules
        targets.document(b"name: web\ninstanceProfileName: b\n", suffix, "json")
    atheris.Setup(sys.argv, lambda data: try_one(kind, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
