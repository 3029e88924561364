"""The conditions of gaps, on both sides of each limit."""

from datetime import date
from decimal import Decimal

from quipu.rules import gaps
from quipu.rules.calendar import Participation
from quipu.rules.gaps import GAPS, Amount, Known

D = Decimal
PART = {"fund": "F", "project": "P", "participating_organization": "UNDP"}


def over(ended, settled=False):
    return {("P", "UNDP"): Participation("F", "UNDP", "P", 2010, 2012, False, ended, settled)}


def test_a_year_is_not_reported_once_its_return_was_due_and_no_later_year_was_reported_either():
    codes = {**PART, "year": "2012"}

    def holds(moment, reported):
        return gaps.not_reported(codes, D(1), Known(moment, reported=reported))

    assert holds(date(2013, 5, 1), {})
    assert not holds(date(2013, 4, 30), {})
    assert holds(date(2013, 5, 1), {("F", "UNDP"): 2011})
    assert not holds(date(2013, 5, 1), {("F", "UNDP"): 2012})
    assert not holds(date(2013, 5, 1), {("F", "UNDP"): 2013})
    assert holds(date(2013, 5, 1), {("G", "UNDP"): 2013})  # what it reports to another fund
    assert not gaps.not_reported({**codes, "participating_organization": ""}, D(1), Known(date(2020, 1, 1)))


def test_interim_money_is_late_the_day_after_the_certified_return_was_due():
    codes = {**PART, "year": "2012"}
    assert not gaps.late(codes, D(5), Known(date(2013, 4, 30)))
    assert gaps.late(codes, D(5), Known(date(2013, 5, 1)))
    assert not gaps.late(codes, D(0), Known(date(2013, 5, 1)))  # it was replaced


def test_a_balance_is_left_over_once_the_final_statement_was_due_or_the_accounts_are_closed():
    ended = date(2012, 6, 30)
    assert not gaps.left_over(PART, D("0.01"), Known(date(2013, 5, 31), over(ended)))
    assert gaps.left_over(PART, D("0.01"), Known(date(2013, 6, 1), over(ended)))
    assert gaps.left_over(PART, D("0.01"), Known(date(2012, 7, 1), over(ended, settled=True)))
    assert gaps.left_over(PART, D("0.01"), Known(date(2012, 7, 1), over(None)))
    assert not gaps.left_over(PART, D(0), Known(date(2013, 6, 1), over(ended)))
    assert not gaps.left_over(PART, D(1), Known(date(2013, 6, 1)))  # the work goes on


def test_spending_is_after_closure_in_a_later_year_than_that_of_the_end():
    known = Known(date(2020, 1, 1), over(date(2012, 1, 1)))
    assert not gaps.after_closure({**PART, "year": "2012"}, D(1), known)
    assert gaps.after_closure({**PART, "year": "2013"}, D(-1), known)
    assert not gaps.after_closure({**PART, "year": "2013"}, D(0), known)


def test_work_is_overdue_a_year_after_its_planned_end_and_not_on_the_day():
    assert not gaps.overdue({"until": "2023-03-31"}, D(0), Known(date(2024, 3, 31)))
    assert gaps.overdue({"until": "2023-03-31"}, D(0), Known(date(2024, 4, 1)))
    assert gaps.overdue_since(date(2024, 2, 29)) == date(2023, 2, 28)


def test_a_condition_is_asked_of_a_case_as_a_whole_and_not_of_its_countries_parts():
    negative = next(gap for gap in GAPS if gap.name == "negative_balance")
    codes = ("F", "P", "UNDP")
    parts = [Amount(codes, "PE", D(10)), Amount(codes, "BO", D(-4))]
    assert negative.cases("pooled", parts, Known(date(2020, 1, 1))) == []
    parts = [Amount(codes, "PE", D(-10)), Amount(codes, "BO", D(4))]
    assert negative.cases("pooled", parts, Known(date(2020, 1, 1))) == parts


def test_every_gap_says_what_it_means_and_what_to_do_and_is_told_in_a_figure_there_is():
    from quipu.rules.figures import FIGURES

    assert len({gap.name for gap in GAPS}) == len(GAPS)
    for gap in GAPS:
        assert (gap.meaning[-1], gap.remedy[-1]) == (".", "."), gap.name
        assert set(gap.figures.values()) <= set(FIGURES), gap.name
