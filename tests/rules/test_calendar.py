"""Deadlines and obligations: when a thing is due, who owes it, and what is said of it on both sides of its day."""

from datetime import date
from decimal import Decimal

from quipu.rules import calendar
from quipu.rules.calendar import Expected, Participation

D = Decimal
OPEN = Participation("F", "UNDP", "P1", 2012, 2013, True, None, False)
OVER = Participation("F", "FAO", "P1", 2012, 2014, False, date(2014, 11, 30), False)


def in_2015(day):
    return day.year == 2015


def told(found):
    return [(each.duty, each.due.isoformat(), each.body, each.state) for each in found]


def test_the_deadlines_of_a_year_lie_in_the_next_spring():
    assert calendar.narrative(2012) == date(2013, 3, 31)
    assert calendar.annual_return(2012) == date(2013, 4, 30)
    assert calendar.consolidated_report(2012) == date(2013, 5, 31)


def test_three_months_from_a_day_end_on_the_last_day_of_a_shorter_month():
    assert calendar.final_narrative(date(2013, 11, 30)) == date(2014, 2, 28)
    assert calendar.final_narrative(date(2015, 11, 30)) == date(2016, 2, 29)
    assert calendar.final_narrative(date(2013, 9, 30)) == date(2013, 12, 30)
    assert calendar.extension_request(date(2014, 5, 31)) == date(2014, 2, 28)
    assert calendar.extension_request(date(2014, 1, 15)) == date(2013, 10, 15)


def test_no_deadline_falls_outside_of_time_whatever_years_a_source_holds():
    last, first = date(9999, 12, 31), date(1, 1, 31)
    assert calendar.narrative(9998) == date(9999, 3, 31)
    assert {calendar.narrative(9999), calendar.annual_return(9999), calendar.consolidated_report(9999)} == {date.max}
    assert calendar.final_statement(last) == calendar.final_narrative(last) == date.max
    assert calendar.final_narrative(date(9999, 9, 30)) == date(9999, 12, 30)
    assert calendar.extension_request(first) == date.min
    assert calendar.extension_request(date(1, 4, 30)) == date(1, 1, 30)


def test_the_final_statement_is_due_in_the_may_after_the_year_of_closure():
    assert (
        calendar.final_statement(date(2013, 1, 1)) == calendar.final_statement(date(2013, 12, 31)) == date(2014, 5, 31)
    )


def test_an_organization_owes_a_return_from_its_first_transfer_to_the_year_its_work_ends():
    assert [OPEN.reports_on(year) for year in (2011, 2012, 2030)] == [False, True, True]
    assert [OVER.reports_on(year) for year in (2011, 2012, 2014, 2015)] == [False, True, True, False]


def test_a_return_is_not_due_on_its_day_and_is_the_day_after():
    on_the_day = calendar.of_organizations(2012, [OPEN], {}, date(2013, 4, 30))
    assert told(on_the_day)[1] == ("annual_return", "2013-04-30", "UNDP", "not due yet")
    the_day_after = calendar.of_organizations(2012, [OPEN], {}, date(2013, 5, 1))
    assert told(the_day_after)[1] == ("annual_return", "2013-04-30", "UNDP", "nothing is in")


def test_what_is_in_is_said_even_before_it_is_due():
    reported = {("F", "UNDP", 2012): calendar.INTERIM}
    found = calendar.of_organizations(2012, [OPEN], reported, date(2012, 12, 31))
    assert told(found)[1][3] == "only interim figures are in"


def test_two_projects_of_a_fund_are_one_return():
    second = Participation("F", "UNDP", "P2", 2012, 2013, True, None, False)
    assert len(calendar.of_organizations(2012, [OPEN, second], {}, date(2013, 1, 1))) == 2  # a narrative and a return


def test_the_agents_report_is_told_by_the_closing_of_the_year():
    def state(closed, moment=date(2020, 1, 1)):
        (found,) = calendar.of_agents(2012, {"F": "AGENT"}, [OPEN], closed, moment)
        return found.state, found.arrived

    assert state({("F", 2012): date(2013, 6, 9)}) == ("the year is closed in the books", date(2013, 6, 9))
    assert state({("F", 2011): date(2012, 5, 30)}) == ("the year is not closed in the books", None)
    assert state({}) == ("not recorded here yet", None)
    assert state({}, date(2013, 5, 31)) == ("not due yet", None)


def test_ended_work_owes_a_narrative_and_a_statement_and_open_work_may_ask_for_time():
    ends = {"P1": date(2015, 8, 31)}
    found = calendar.by_day(calendar.of_projects(in_2015, [OPEN, OVER], ends, date(2015, 5, 31)))
    assert told(found) == [
        ("final_narrative", "2015-02-28", "FAO", "not recorded here yet"),
        ("extension_request", "2015-05-31", "", "not due yet"),
        ("final_statement", "2015-05-31", "FAO", "not due yet"),
    ]
    later = calendar.of_projects(in_2015, [OVER], ends, date(2015, 6, 1))
    assert told(later)[-1][3] == "not financially closed"
    settled = Participation("F", "FAO", "P1", 2012, 2014, False, date(2014, 11, 30), True)
    assert told(calendar.of_projects(in_2015, [settled], ends, date(2020, 1, 1)))[-1][3] == "financially closed"


def instalment(*received, before="0", on=date(2015, 3, 1)):
    return Expected("F", "SE", "SAA-1", "SEK", on, D("100.00"), D(before), received)


def test_what_comes_under_an_agreement_pays_its_earliest_instalments_first():
    def state(expected, moment=date(2015, 3, 2)):
        (found,) = calendar.of_contributors(in_2015, [expected], moment)
        return found.state, found.arrived

    first, second = (date(2015, 2, 1), D("99.99")), (date(2015, 4, 1), D("0.01"))
    assert state(instalment(first)) == ("received in part", None)
    assert state(instalment(first, second)) == ("received in full", date(2015, 4, 1))
    assert state(instalment(first, second, before="100.00")) == ("nothing is in", None)
    assert state(instalment(), date(2015, 3, 1)) == ("not due yet", None)
    back = (date(2015, 5, 1), D("-50.00"))
    assert state(instalment(first, second, back)) == ("received in part", None)
    assert calendar.of_contributors(in_2015, [instalment(on=date(2016, 1, 1))], date(2015, 1, 1)) == []


def test_an_obligation_keeps_its_name_whatever_is_known_of_it():
    before, after = (
        calendar.of_organizations(2012, [OPEN], reported, moment)[1]
        for reported, moment in (({}, date(2013, 1, 1)), ({("F", "UNDP", 2012): calendar.CERTIFIED}, date(2014, 1, 1)))
    )
    assert before.uid == after.uid == "annual_return/F/UNDP/2012"
    assert before.state != after.state


# Deadlines in force, what came in, and who was on time


def of_2012(moment, reported=None, returns=None, granted=()):
    given = {("F", "UNDP", 2012, "annual_return"): list(granted)}
    found = calendar.of_organizations(2012, [OPEN], reported or {}, moment, None, returns, given)
    return next(each for each in found if each.duty == "annual_return")


def test_more_time_moves_the_deadline_and_is_over_the_day_after():
    more = [calendar.Granted(date(2013, 6, 10), "the audit")]
    before, on, after = (of_2012(day, granted=more) for day in (date(2013, 4, 1), date(2013, 6, 10), date(2013, 6, 11)))
    assert {(each.due, each.rule, each.reason) for each in (before, on, after)} == {
        (date(2013, 6, 10), date(2013, 4, 30), "the audit")
    }
    assert [each.state for each in (before, on, after)] == [calendar.EXTENDED, calendar.EXTENDED, calendar.NOTHING]


def test_the_latest_day_that_was_granted_counts_and_never_an_earlier_one_than_the_rule():
    rule = date(2013, 4, 30)
    assert calendar.in_force(rule, []) == rule
    assert calendar.in_force(rule, [date(2013, 5, 9), date(2013, 5, 2)]) == date(2013, 5, 9)
    assert calendar.in_force(rule, [date(2013, 4, 1)]) == rule
    assert calendar.in_force(rule, [date(2013, 5, 9), None]) is None


def test_a_waived_return_is_owed_no_more_and_never_late():
    told = of_2012(date(2014, 1, 1), granted=[calendar.Granted(None, "no work")])
    assert (told.state, told.due, told.late, told.reason) == (calendar.WAIVED, date(2013, 4, 30), None, "no work")


def test_what_is_granted_for_one_project_moves_nothing_of_the_whole():
    told = of_2012(date(2013, 5, 1), granted=[calendar.Granted(date(2013, 6, 10), "", "P1")])
    assert (told.state, told.due) == (calendar.NOTHING, date(2013, 4, 30))


def test_a_return_is_on_time_on_the_day_and_late_by_one_the_day_after():
    def late(day, granted=()):
        came = {("F", "UNDP", 2012): calendar.Arrived(day, day)}
        return of_2012(date(2014, 1, 1), returns=came, granted=granted).late

    assert [late(date(2013, 4, day)) for day in (1, 30)] == [0, 0]
    assert late(date(2013, 5, 1)) == 1
    assert late(date(2013, 6, 11), [calendar.Granted(date(2013, 6, 10))]) == 1


def test_a_return_that_waits_for_the_agent_is_in_and_a_nil_one_says_so():
    place = ("F", "UNDP", 2012)
    waiting = of_2012(date(2014, 1, 1), returns={place: calendar.Arrived(date(2013, 4, 1))})
    assert (waiting.state, waiting.accepted) == (calendar.SUBMITTED, None)
    nil = of_2012(date(2014, 1, 1), returns={place: calendar.Arrived(date(2013, 4, 1), date(2013, 4, 2), True)})
    assert (nil.state, nil.nil) == (calendar.NIL, True)
    assert of_2012(date(2014, 1, 1), {place: calendar.NIL}).state == calendar.NIL


def returns_of(*late):
    """A return of each year from 2010 on that came so many days late; None: it is not in."""
    return [
        calendar.Obligation(
            "annual_return",
            date(year + 1, 4, 30),
            calendar.NOTHING if days is None else calendar.CERTIFIED,
            "F",
            "UNDP",
            year=year,
            arrived=None if days is None else date(year + 1, 4, 30),
            late=days,
        )
        for year, days in enumerate(late, 2010)
    ]


def test_no_share_is_told_of_four_returns_and_one_is_of_five():
    now = date(2020, 1, 1)
    assert calendar.kept(returns_of(0, 0, 0, 3), now).percent is None
    assert calendar.kept(returns_of(0, 0, 0, 3, None), now).percent == 60


def test_what_is_not_due_yet_counts_only_once_it_is_in():
    on_the_day = date(2011, 4, 30)
    assert calendar.kept(returns_of(None), on_the_day).due == 0
    assert calendar.kept(returns_of(None), date(2011, 5, 1)).missing == (2010,)
    assert calendar.kept(returns_of(0), on_the_day).on_time == 1


def test_the_funds_own_days_move_every_duty_of_the_calendar():
    own = {
        "F": {"narrative": (2, 15), "annual_return": (3, 1), "consolidated_report": (4, 1), "final_statement": (4, 2)}
    }
    found = calendar.of_organizations(2012, [OPEN], {}, date(2013, 1, 1), own)
    assert [each.due for each in found] == [date(2013, 2, 15), date(2013, 3, 1)]
    (report,) = calendar.of_agents(2012, {}, [OPEN], {}, date(2013, 1, 1), own)
    assert report.due == date(2013, 4, 1)
    ends = calendar.of_projects(in_2015, [OVER], {}, date(2015, 1, 1), own)
    assert [each.due for each in ends] == [date(2015, 2, 28), date(2015, 4, 2)]


def test_more_time_for_a_final_statement_is_of_its_project_alone():
    granted = {("F", "FAO", 2014, "final_statement"): [calendar.Granted(date(2015, 8, 1), "", "P1")]}
    other = Participation("F", "FAO", "P2", 2012, 2014, False, date(2014, 11, 30), False)
    found = calendar.of_projects(in_2015, [OVER, other], {}, date(2015, 6, 1), None, granted)
    days = {each.project: (each.due, each.state) for each in found if each.duty == "final_statement"}
    assert days == {
        "P1": (date(2015, 8, 1), calendar.EXTENDED),
        "P2": (date(2015, 5, 31), "not financially closed"),
    }
