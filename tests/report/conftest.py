from __future__ import annotations

import pytest

from iblint.model.report import Report
from tests.report import builder


@pytest.fixture
def plain() -> Report:
    return builder.plain_report()


@pytest.fixture
def nasty() -> Report:
    return builder.nasty_report()
