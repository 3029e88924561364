"""A date is what xs:date allows; an odd one is kept and flagged, not mended."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.dates import is_plausible, read_date


@pytest.mark.parametrize(
    ("literal", "day"),
    [
        ("2014-12-31", date(2014, 12, 31)),
        ("2014-12-31Z", date(2014, 12, 31)),
        ("2014-12-31+05:45", date(2014, 12, 31)),
        ("2014-12-31-11:00", date(2014, 12, 31)),
        (" \n2014-12-31\t", date(2014, 12, 31)),
        ("2012-02-29", date(2012, 2, 29)),
        ("0001-01-01", date(1, 1, 1)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_a_date_is_whatever_xs_date_allows_and_a_zone_does_not_move_it(literal, day):
    assert read_date(literal) == day


@pytest.mark.parametrize(
    "literal",
    [
        *("31/12/2014", "2014-02-30", "2014-13-01", "2014-12-31T00:00:00", "20141231", "", "2014", "2014-6-1"),
        *("2013-02-29", "0000-01-01", "2014-00-10", "2014-12-31 Z", "２０１４-12-31", "2014-12", "-2014-12-31"),
    ],
)
def test_anything_else_is_no_date(literal):
    assert read_date(literal) is None


@given(st.dates())
def test_every_day_of_the_calendar_is_read_as_iso_8601_writes_it(day):
    assert read_date(day.isoformat()) == day


def test_money_can_have_moved_from_1945_to_2100():
    assert is_plausible(date(1945, 1, 1))
    assert not is_plausible(date(1944, 12, 31))
    assert is_plausible(date(2100, 12, 31))
    assert not is_plausible(date(2101, 1, 1))
