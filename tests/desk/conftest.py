"""The desk over books of a test."""

from typing import Any

import pytest

from tests.desk.cast import Cast, cast_of


@pytest.fixture
def cast(sqlite_ledger: Any) -> Cast:
    """The house with everybody in it, on SQLite."""
    return cast_of(sqlite_ledger)


@pytest.fixture
def cast_anywhere(ledger: Any) -> Cast:
    """The house with everybody in it, on either engine in turn."""
    return cast_of(ledger)
