"""Loans of revolving funds: schedules right to the cent, payments split as the rule says, and figures that stay in bounds."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules import revolving
from quipu.rules.revolving import Moved, Split, Terms, loan, read_terms, schedule, split

GRANTED = date(2012, 1, 1)


def terms(text: str) -> Terms:
    """Terms as a test types them."""
    found = read_terms(text)
    assert found is not None
    return found


@st.composite
def any_terms(draw: st.DrawFn, most: int = 30) -> Terms:
    count = draw(st.integers(1, most))
    return Terms(
        draw(st.integers(1, 99)),
        draw(st.sampled_from(revolving.METHODS)),
        draw(st.decimals(0, 100, places=4)),
        draw(st.sampled_from(revolving.PERIODS)),
        count,
        draw(st.integers(1, 24)),
        draw(st.sampled_from(revolving.UNITS)),
        draw(st.dates(date(2012, 1, 2), date(2013, 12, 31))),
        draw(st.integers(0, count - 1)),
    )


principals = st.integers(1, 10**9) | st.integers(1, 200)


# The schedule


def judged(principal: int, said: Terms) -> list[tuple[int, int]]:
    """Principal and interest of each instalment, written apart from the code: an annuity solved by stepping, not by powers."""
    months = Fraction(said.every) if said.unit == "month" else Fraction(said.every * 12, 52)
    rate = Fraction(said.rate) / 100 * (months if said.per == "month" else months / 12)
    count, paying = said.instalments, said.instalments - said.grace

    def whole(value: Fraction) -> int:
        floor = value.numerator // value.denominator
        return floor + (value - floor >= Fraction(1, 2))

    if said.method == "flat":
        total = whole(principal * rate * count)
        parts, interests = whole(Fraction(principal, paying)), whole(Fraction(total, count))
        paid = [0] * said.grace
        while len(paid) < count - 1:
            paid.append(min(parts, principal - sum(paid)))
        bears: list[int] = []
        while len(bears) < count - 1:
            bears.append(min(interests, total - sum(bears)))
        return [*zip([*paid, principal - sum(paid)], [*bears, total - sum(bears)], strict=True)]
    # What an instalment of 1 would pay off: the balance that is 0 after `paying` steps back.
    worth = Fraction(0)
    for _ in range(paying):
        worth = (worth + 1) / (1 + rate)
    instalment = whole(principal / worth)
    found: list[tuple[int, int]] = []
    balance = principal
    for number in range(1, count + 1):
        interest = whole(balance * rate)
        part = balance if number == count else 0 if number <= said.grace else min(instalment - interest, balance)
        found.append((part, interest))
        balance -= part
    return found


@given(principals, any_terms())
def test_a_schedule_is_what_a_judge_with_fractions_finds(principal: int, said: Terms) -> None:
    assert [(one.principal, one.interest) for one in schedule(principal, said)] == judged(principal, said)


@given(principals, any_terms())
def test_instalments_sum_to_principal_and_interest_and_none_is_below_zero(principal: int, said: Terms) -> None:
    rows = schedule(principal, said)
    assert sum(row.principal for row in rows) == principal
    assert sum(row.amount for row in rows) == principal + sum(row.interest for row in rows)
    assert min(min(row.principal, row.interest, row.left) for row in rows) >= 0
    assert rows[-1].left == 0
    assert [row.left for row in rows] == sorted((row.left for row in rows), reverse=True)
    assert all(row.principal == 0 for row in rows[: said.grace])


@given(principals, any_terms())
def test_instalments_fall_due_one_after_the_other_from_the_first_day(principal: int, said: Terms) -> None:
    days = [row.day for row in schedule(principal, said)]
    assert days[0] == said.first
    assert days == sorted(set(days))


@given(st.integers(10_000, 10**9), any_terms())
def test_declining_instalments_are_equal_but_for_the_last_one(principal: int, said: Terms) -> None:
    if said.method == "declining":
        paying = [row.amount for row in schedule(principal, said)[said.grace :]]
        assert len(set(paying[:-1])) <= 1 or min(row.left for row in schedule(principal, said)[:-1]) == 0


def test_a_flat_loan_of_a_thousand_in_three_months_is_spread_and_the_last_one_takes_the_cent() -> None:
    rows = schedule(100_000, terms("to 1 flat 2% month in 3 every 1 month from 2012-02-29 grace 0"))
    assert [(str(row.day), row.principal, row.interest, row.left) for row in rows] == [
        ("2012-02-29", 33_333, 2_000, 66_667),
        ("2012-03-29", 33_333, 2_000, 33_334),
        ("2012-04-29", 33_334, 2_000, 0),
    ]


def test_a_declining_loan_is_what_the_annuity_of_a_textbook_gives() -> None:
    # 1,000.00 at 12% a year in 12 months: 88.85 each month, the last 88.84.
    rows = schedule(100_000, terms("to 1 declining 12% year in 12 every 1 month from 2012-02-01 grace 0"))
    assert {row.amount for row in rows[:-1]} == {8_885}
    assert (rows[0].interest, rows[0].principal) == (1_000, 7_885)
    assert rows[-1].amount == 8_884


def test_the_first_instalments_of_a_grace_ask_interest_alone() -> None:
    rows = schedule(100_000, terms("to 1 declining 1% month in 4 every 1 month from 2012-02-01 grace 2"))
    assert [(row.principal, row.interest) for row in rows[:2]] == [(0, 1_000), (0, 1_000)]
    assert rows[2].principal > 0


def test_instalments_of_the_31st_fall_due_on_the_last_day_of_a_short_month() -> None:
    said = terms("to 1 flat 0% month in 4 every 1 month from 2012-01-31 grace 0")
    assert [str(said.day(number)) for number in (1, 2, 3, 4)] == [
        *("2012-01-31", "2012-02-29", "2012-03-31", "2012-04-30"),
    ]
    weekly = terms("to 1 flat 0% month in 4 every 2 week from 2012-01-31 grace 0")
    assert str(weekly.day(3)) == "2012-02-28"


@given(any_terms())
def test_terms_read_what_they_write(said: Terms) -> None:
    assert read_terms(str(said)) == said


@pytest.mark.parametrize(
    "text",
    [
        "to 0 flat 2% month in 3 every 1 month from 2012-02-01 grace 0",
        "to 1 flat 100.1% month in 3 every 1 month from 2012-02-01 grace 0",
        "to 1 flat 2% month in 261 every 1 month from 2012-02-01 grace 0",
        "to 1 flat 2% month in 3 every 25 month from 2012-02-01 grace 0",
        "to 1 flat 2% month in 3 every 1 month from 2012-02-30 grace 0",
        "to 1 flat 2% month in 3 every 1 month from 2012-02-01 grace 3",
        "to Rosa flat 2% month in 3 every 1 month from 2012-02-01 grace 0",
    ],
)
def test_terms_beyond_a_limit_are_none(text: str) -> None:
    assert read_terms(text) is None


def test_terms_at_each_limit_are_kept() -> None:
    assert read_terms("to 1 flat 100% month in 260 every 24 month from 2012-02-01 grace 259") is not None


# What became of a loan

MONTHLY = terms("to 7 flat 2% month in 10 every 1 month from 2012-02-01 grace 0")  # 100.00 and 20.00 each month
DECLINING = terms("to 7 declining 2% month in 10 every 1 month from 2012-02-01 grace 0")


def standing(*moved: tuple[str, str, int], on: str, said: Terms = MONTHLY, principal: int = 100_000) -> revolving.Loan:
    """How a loan of 1,000.00 stands, its movements as (day, what, amount)."""
    rows = [Moved(date.fromisoformat(day), what, amount) for day, what, amount in moved]
    return loan(principal, said, GRANTED, rows, date.fromisoformat(on))


def test_nothing_is_due_before_the_first_day_and_the_first_instalment_on_it() -> None:
    assert standing(on="2012-01-31").due == 0
    assert standing(on="2012-02-01").due == 12_000
    assert standing(on="2012-02-01").overdue_days == 0
    assert standing(on="2012-02-02").overdue_days == 1


def test_a_payment_goes_to_interest_that_is_due_and_then_to_principal() -> None:
    assert split(1_500, standing(on="2012-02-01")) == Split(0, 1_500, 0)
    assert split(2_001, standing(on="2012-02-01")) == Split(1, 2_000, 0)
    assert split(12_000, standing(on="2012-02-01")) == Split(10_000, 2_000, 0)


def test_a_collection_a_day_early_pays_the_instalment_that_is_running() -> None:
    early = standing(on="2012-01-31")
    assert split(12_000, early) == Split(10_000, 2_000, 0)
    paid = standing(("2012-01-31", "principal", 10_000), ("2012-01-31", "interest", 2_000), on="2012-02-15")
    assert (paid.due, paid.overdue_days, paid.outstanding) == (0, 0, 90_000)


def test_what_is_late_is_paid_before_the_interval_that_is_running() -> None:
    late = standing(on="2012-02-15")
    assert split(12_000, late) == Split(10_000, 2_000, 0)
    assert split(14_000, late) == Split(10_000, 4_000, 0)


def test_nothing_is_owed_above_what_is_outstanding_and_interest_of_intervals_that_have_begun() -> None:
    late = standing(on="2012-02-15")
    assert late.owed == 100_000 + 2_000 + 2_000
    assert split(late.owed + 1, late) == Split(100_000, 4_000, 1)
    paid = standing(("2012-02-15", "principal", 100_000), ("2012-02-15", "interest", 4_000), on="2013-12-31")
    assert paid.is_closed
    assert paid.overdue_days == 0


def test_whoever_pays_ahead_on_a_declining_loan_pays_less_interest_afterwards() -> None:
    before = standing(on="2012-03-01", said=DECLINING)
    ahead = standing(("2012-01-20", "principal", 50_000), on="2012-03-01", said=DECLINING)
    assert ahead.dues[0].asked == before.dues[0].asked == 2_000  # its interval had begun
    assert ahead.dues[1].asked == 1_000 < before.dues[1].asked


def test_what_is_late_bears_no_further_interest() -> None:
    rows = schedule(100_000, DECLINING)
    assert [due.asked for due in standing(on="2014-01-01", said=DECLINING).dues] == [row.interest for row in rows]


def test_a_loan_is_at_risk_after_thirty_days_and_not_before() -> None:
    due = date(2012, 2, 1)
    assert not standing(on=(due + timedelta(days=30)).isoformat()).is_at_risk
    assert standing(on=(due + timedelta(days=31)).isoformat()).is_at_risk


def test_what_is_written_off_asks_nothing_more_and_stays_due_in_the_repayment_rate() -> None:
    gone = standing(("2012-03-15", "write_off", 100_000), on="2012-12-31")
    assert (gone.outstanding, gone.owed, gone.overdue_days) == (0, 0, 0)
    assert gone.fell_due == 100_000 + 3 * 2_000  # two instalments were due, and a third interval had begun
    assert gone.paid_of_it == 0


movements = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60_000)), max_size=8)


@given(st.integers(1, 10**6), any_terms(12), movements, st.integers(0, 900))
def test_whoever_pays_at_most_what_is_owed_never_owes_less_than_nothing(
    principal: int, said: Terms, paid: list[tuple[int, int]], later: int
) -> None:
    moved: list[Moved] = []
    asked = sum(row.interest for row in schedule(principal, said))
    for days, amount in sorted(paid):
        day = GRANTED + timedelta(days=days)
        stood = loan(principal, said, GRANTED, moved, day)
        parts = split(amount, stood)
        assert sum(parts) == amount
        assert min(parts) >= 0
        assert parts.above == max(amount - stood.owed, 0)
        moved += [Moved(day, "principal", parts.principal), Moved(day, "interest", parts.interest)]
    found = loan(principal, said, GRANTED, moved, GRANTED + timedelta(days=500 + later))
    assert 0 <= found.outstanding <= principal
    assert found.interest_above == 0
    assert 0 <= found.paid_of_it <= found.fell_due <= principal + asked
    assert found.paid_principal + found.outstanding == principal
    assert min(found.interest_due, found.principal_due, found.interest_begun, found.overdue_days) >= 0
    assert (found.due == 0) == (found.overdue_days == 0 and all(d.is_covered for d in found.dues if d.is_due))


@given(st.integers(1, 10**6), any_terms(12))
def test_whoever_pays_each_instalment_on_its_day_pays_the_schedule(principal: int, said: Terms) -> None:
    moved: list[Moved] = []
    for row in schedule(principal, said):
        parts = split(row.amount, loan(principal, said, GRANTED, moved, row.day))
        assert parts == Split(row.principal, row.interest, 0)
        moved += [Moved(row.day, "principal", parts.principal), Moved(row.day, "interest", parts.interest)]
    last = loan(principal, said, GRANTED, moved, said.day(said.instalments))
    assert last.is_closed
    assert last.paid_of_it == last.fell_due == principal + sum(row.interest for row in schedule(principal, said))


# The figures


def test_figures_of_a_fund_are_sums_of_its_movements_and_of_how_its_loans_stand() -> None:
    late, good = standing(on="2012-03-05"), standing(("2012-02-01", "principal", 10_000), on="2012-02-01")
    moved = [("capital", 150_000), ("lent", 100_000), ("lent", 100_000), ("principal", 10_000), ("cost", 500)]
    found = revolving.totals(moved, [late, good])
    assert (found.cash, found.outstanding, found.late) == (-40_500, 190_000, 100_000)
    assert found.at_risk == Fraction(100, 190)
    assert found.times_revolved == Fraction(200, 150)
    assert found.repayment_rate == Fraction(10_000, 24_000 + 12_000)
    assert (found + found).funds == 2


def test_a_share_of_nothing_is_none() -> None:
    empty = revolving.Totals()
    assert (empty.at_risk, empty.repayment_rate, empty.times_revolved) == (None, None, None)


def test_every_figure_has_its_sentence() -> None:
    named = {name for name in revolving.SENTENCES if name != "overdue_days"} - {"outstanding"}
    assert all(isinstance(getattr(revolving.Totals, name), property) for name in named)
    assert hasattr(revolving.Loan, "overdue_days")
