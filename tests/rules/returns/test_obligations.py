"""Marks of an obligation on both sides of each day, reminders day by day, and what of a year is unusual."""

from datetime import date, timedelta

import pytest

from quipu.rules.returns import obligations as rules
from quipu.rules.returns.obligations import ANNUAL, FINAL, INTERIM, NARRATIVE, Mark, Owed

DUE = date(2024, 4, 30)


def marked(today, duty=ANNUAL, until=DUE, usual=DUE, came=False, nil=False):
    opened = rules.opens(duty, 2023, usual)
    return rules.mark(duty, opened=opened, usual=usual, until=until, came=came, nil=nil, today=today)


@pytest.mark.parametrize(
    ("today", "mark"),
    [
        (date(2023, 12, 31), Mark.NOT_DUE),
        (date(2024, 1, 1), Mark.OPEN),
        (date(2024, 4, 30), Mark.OPEN),  # the deadline's whole day still counts
        (date(2024, 5, 1), Mark.OVERDUE),
    ],
)
def test_an_obligation_opens_with_the_new_year_and_is_overdue_the_day_after_its_deadline(today, mark):
    assert marked(today) == mark


@pytest.mark.parametrize(
    ("today", "mark"),
    [
        (date(2024, 4, 30), Mark.EXTENDED),
        (date(2024, 5, 31), Mark.EXTENDED),
        (date(2024, 6, 1), Mark.OVERDUE),
    ],
)
def test_more_time_moves_the_day_on_which_it_is_missed(today, mark):
    assert marked(today, until=date(2024, 5, 31)) == mark


def test_what_is_waived_or_in_is_never_overdue():
    late = date(2030, 1, 1)
    assert marked(late, until=None) == Mark.WAIVED
    assert marked(late, came=True) == Mark.IN
    assert marked(late, came=True, nil=True) == Mark.NIL
    assert marked(late, until=None, came=True) == Mark.IN  # it was sent in spite of the waiver


@pytest.mark.parametrize(
    ("today", "mark"),
    [
        (date(2023, 6, 30), Mark.NOT_DUE),
        (date(2023, 7, 1), Mark.OPEN),
        (date(2023, 8, 1), Mark.OPEN),  # past its day, and not late: it is voluntary
        (date(2023, 12, 31), Mark.OPEN),
        (date(2024, 1, 1), Mark.NOT_DUE),
    ],
)
def test_interim_figures_are_asked_for_in_their_year_and_never_late(today, mark):
    assert marked(today, INTERIM, date(2023, 7, 31), date(2023, 7, 31)) == mark


def owed(duty=ANNUAL, until=DUE, mark=Mark.OPEN, **more):
    return Owed(duty, "F", "O", 2023, DUE, until, mark, **more)


def test_days_left_and_days_late_count_from_the_deadline_in_force():
    one = owed()
    assert one.days_left(date(2024, 4, 29)) == 1
    assert one.days_left(DUE) == 0
    assert one.days_left(date(2024, 5, 2)) == -2
    assert one.days_late(DUE) == 0
    assert one.days_late(date(2024, 5, 1)) == 1
    given = owed(until=date(2024, 5, 31), mark=Mark.EXTENDED)
    assert given.days_late(date(2024, 5, 31)) == 0
    came = owed(mark=Mark.IN, came=date(2024, 5, 3))
    assert came.days_late(date(2030, 1, 1)) == 3
    assert came.days_left(date(2030, 1, 1)) is None
    assert owed(mark=Mark.WAIVED).days_late(date(2030, 1, 1)) == 0
    asked = owed(INTERIM, date(2023, 7, 31))
    assert asked.days_late(date(2023, 9, 1)) == 0
    assert asked.days_left(date(2023, 9, 1)) is None


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-61, None),
        (-60, "60 days before"),
        (-31, "60 days before"),
        (-30, "30 days before"),
        (-8, "30 days before"),
        (-7, "7 days before"),
        (0, "7 days before"),
        (1, "the day after"),
        (13, "the day after"),
        (14, "14 days after"),
        (29, "14 days after"),
        (30, "30 days after"),
        (59, "30 days after"),
        (60, None),  # what was missed for so long is not made up for
    ],
)
def test_the_reminder_of_a_day_is_the_last_step_whose_day_has_come(days, step):
    found = rules.step_due(owed(), DUE + timedelta(days=days))
    assert (found.name if found else None) == step


def test_nobody_is_reminded_of_what_is_in_waived_or_closed_and_of_interim_figures_only_before():
    day = DUE + timedelta(days=1)
    for mark in (Mark.IN, Mark.NIL, Mark.WAIVED):
        assert rules.step_due(owed(mark=mark), day) is None
    assert rules.step_due(owed(mark=Mark.OVERDUE, closed=True), day) is None
    assert rules.step_due(owed(INTERIM), DUE).name == "7 days before"
    assert rules.step_due(owed(INTERIM), day) is None


def test_reminders_reach_further_the_later_it_is():
    rings = {step.name: step.ring for step in rules.STEPS}
    assert rings["7 days before"] == rings["the day after"] == "owners"
    assert rings["14 days after"] == "heads"
    assert rings["30 days after"] == "agent"


def test_steps_begin_anew_where_the_deadline_was_moved():
    given = owed(until=date(2024, 5, 31), mark=Mark.EXTENDED)
    assert rules.step_due(given, date(2024, 5, 1)).name == "30 days before"
    assert rules.step_due(given, date(2024, 5, 24)).name == "7 days before"


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [
        (100, 200, ""),
        (100, 201, rules.ABOVE),
        (100, 50, ""),
        (100, 49, rules.BELOW),
        (101, 50, rules.BELOW),
        (100, 0, rules.BELOW),
        (0, 500, ""),
        (100, None, ""),
    ],
)
def test_more_than_twice_and_less_than_half_of_last_year_are_unusual(before, now, word):
    assert rules.unusual(before, now) == word


@pytest.mark.parametrize(
    ("on", "year"),
    [
        ("2023", 2023),
        ("2023-12", 2023),
        ("2023-12-31", 2023),
        ("2024-01-01", 2023),
        ("2024-03-28", 2023),
        ("2024-12-30", 2023),
        ("", None),
        ("last year", None),
    ],
)
def test_a_narrative_tells_of_the_year_before_its_day(on, year):
    assert rules.year_told(on) == year


def test_what_a_year_is_closed_without_is_what_is_still_waited_for():
    some = [
        owed(mark=Mark.OVERDUE),
        owed(NARRATIVE, mark=Mark.IN),
        owed(FINAL, mark=Mark.EXTENDED),
        owed(INTERIM, mark=Mark.OPEN),
        Owed(ANNUAL, "G", "O", 2023, DUE, DUE, Mark.OVERDUE),
    ]
    assert [one.duty for one in rules.missing(some, "F")] == [ANNUAL, FINAL]
