"""How several exit codes become one."""

import pytest

from iblint.exit_codes import GRAVITY, MEANINGS, ExitCode, combine, gravest


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([], 0), ([0, 0], 0), ([0, 5], 8), ([5, 5], 5), ([5, 7], 7), ([6, 1], 6), ([0, 7], 8)],
)
def test_the_code_of_a_batch(codes, expected):
    assert combine(codes) == expected


@pytest.mark.parametrize(("codes", "expected"), [([], 0), ([0, 6], 6), ([0, 1, 6], 6), ([1, 5], 5), ([8, 4], 4)])
def test_the_gravest_code(codes, expected):
    assert gravest(codes) == expected


def test_every_code_has_a_meaning_and_a_place_in_the_order():
    assert set(MEANINGS) == set(GRAVITY) == set(ExitCode)
    assert len(GRAVITY) == len(ExitCode)
