"""A question is understood or refused with what there is; its one SELECT answers the same in two engines."""

import sqlite3
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.asking import DIMENSIONS, BadQuestion, Filter, Question, divisor, notes, question, select, table
from quipu.rules.table import LeftOut

D = Decimal


def where(*items):
    return question(["deposits"], where=items).where


# Words


def test_a_question_keeps_figures_and_cuts_once_and_in_their_order():
    asked = question(["Deposit", "net-funded", "deposits"], ["Year", "country", "year"])
    assert asked.figures == ("deposits", "net_funded")
    assert asked.by == ("year", "country")
    assert asked.movements == ["deposit", "refund", "transfer"]


@pytest.mark.parametrize("name", ["money", "", "deposit;drop table facts"])
def test_an_unknown_figure_is_refused_with_what_there_is(name):
    with pytest.raises(BadQuestion, match=r"There is no figure .*There are: .*\bnet_funded\b"):
        question([name])


def test_an_unknown_dimension_is_refused_with_what_there_is():
    with pytest.raises(BadQuestion, match=r"There is no dimension “colour”. There are: year, quarter"):
        question(["deposits"], ["colour"])
    with pytest.raises(BadQuestion, match="There is no dimension “colour”"):
        where("colour=red")


@pytest.mark.parametrize("unit", ["", "EUR", "usd", "Original"])
def test_there_are_two_units(unit):
    with pytest.raises(BadQuestion, match="There are: USD, original"):
        question(["deposits"], unit=unit)


@pytest.mark.parametrize("item", ["country", "", "country KE"])
def test_a_condition_has_an_equals_sign(item):
    with pytest.raises(BadQuestion, match="Write KEY=VALUE"):
        where(item)


def test_a_condition_may_include_or_exclude():
    assert where("country=KE") == (Filter("country", ("KE",)),)
    assert where("country!=KE") == (Filter("country", ("KE",), exclude=True),)
    assert where("provider=A=B") == (Filter("provider", ("A=B",)),)


def test_the_same_key_twice_means_either():
    assert where("country=KE", "year=2020", "country=UG") == (
        Filter("country", ("KE", "UG")),
        Filter("year", ("2020",)),
    )
    assert where("country=KE", "country!=UG") == (Filter("country", ("KE",)), Filter("country", ("UG",), exclude=True))


@pytest.mark.parametrize("word", ["not stated", "Unknown", "none", "NULL", ""])
def test_nothing_has_several_words(word):
    assert where(f"country={word}") == (Filter("country", ("",)),)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("country=ke", "KE"),
        ("currency= usd ", "USD"),
        ("status=2", "ongoing"),
        ("status=ongoing", "ongoing"),
        ("status=Financially closed", "financially_closed"),
        ("humanitarian=yes", "true"),
        ("humanitarian=1", "true"),
        ("humanitarian=False", "false"),
        ("publisher=XM-dac-7", "XM-dac-7"),
    ],
)
def test_values_are_understood_as_people_write_them(item, value):
    assert where(item)[0].values == (value,)


@pytest.mark.parametrize("item", ["status=running", "status=7", "humanitarian=maybe"])
def test_a_value_there_cannot_be_is_refused_and_not_answered_for_something_else(item):
    with pytest.raises(BadQuestion):
        where(item)


def test_amounts_as_reported_are_always_cut_by_currency():
    assert question(["deposits"], ["year"], unit="original").by == ("year", "currency")
    assert question(["deposits"], ["currency", "year"], unit="original").by == ("currency", "year")
    assert question(["deposits"], ["year"]).by == ("year",)


def test_the_divisor_is_a_million_for_each_dimension_that_splits():
    assert divisor(question(["deposits"], ["year"])) == 1
    assert divisor(question(["deposits"], ["country"], ["country=KE"])) == 10**6
    assert divisor(question(["deposits"], ["country"], ["sector=1"])) == 10**12


# One SELECT, two engines. Amounts are whole minor units, so that both engines sum exactly; small ones, because SQLite
# has 64 bits and two splits take forty of them.

FACTS = (
    "key INTEGER, ordinal INTEGER, family VARCHAR, movement VARCHAR, currency VARCHAR, usd BIGINT, value BIGINT,"
    ' "on" DATE, year INTEGER, quarter VARCHAR, provider VARCHAR, receiver VARCHAR, participating_organization VARCHAR,'
    " publisher VARCHAR, fund VARCHAR, project VARCHAR, status VARCHAR, humanitarian VARCHAR, aid_type VARCHAR,"
    " finance_type VARCHAR, geography INTEGER, sectors INTEGER, places INTEGER, sdgs INTEGER, themes INTEGER,"
    " windows INTEGER, markers INTEGER, subject INTEGER"
)
USD = 5  # the place of the amount in a row
# (list, dimension, code, millionths); list 0 states nothing.
SHARES = [
    *[(0, d.name, "", 1_000_000) for d in DIMENSIONS.values() if d.split],
    *[(1, "country", "KE", 250_000), (1, "country", "UG", 750_000), (1, "region", "", 1_000_000)],
    *[
        (2, "country", "KE", 333_333),
        (2, "country", "", 666_667),
        (2, "region", "289", 666_667),
        (2, "region", "", 333_333),
    ],
    *[(3, "sector", "11110", 500_000), (3, "sector", "12220", 500_000)],
    *[(4, "sector", "11110", 1_000_000)],
    *[(5, "marker", "1:2", 1_000_000), (5, "marker", "2:1", 1_000_000)],
]


def fact(n, movement, usd, year=2020, *, family="pooled", value=None, currency="USD", geography=0, sectors=0, **other):
    row = {
        **{"key": n, "ordinal": 1, "family": family, "movement": movement, "currency": currency, "usd": usd},
        **{"value": usd if value is None else value, "on": f"{year}-05-01", "year": year, "quarter": f"{year}-Q2"},
        **{"provider": "", "receiver": "", "participating_organization": "", "publisher": "P", "fund": "F"},
        **{"project": "", "status": "ongoing", "humanitarian": "false", "aid_type": "", "finance_type": ""},
        **{"geography": geography, "sectors": sectors, "places": 0, "sdgs": 0, "themes": 0, "windows": 0, "markers": 0},
        **{"subject": n},
        **other,
    }
    return tuple(row.values())


ROWS = [
    fact(1, "deposit", 1_000_00),
    fact(2, "deposit", 500_01, 2021, publisher="Q"),
    fact(3, "transfer", 400_00, geography=1, sectors=3, project="A"),
    fact(4, "transfer", 99_99, 2021, geography=2, sectors=4, project="B", status="operationally_closed"),
    fact(5, "refund", 33_33, 2021, geography=1, sectors=3, project="A"),
    fact(6, "expenditure", 250_00, geography=2, project="B", humanitarian="true"),
    fact(7, "expenditure", 7_77, 2021, family="reported", geography=1),
    fact(8, "disbursement", 12_34, family="reported", sectors=4, currency="EUR", value=11_00),
    fact(9, "disbursement", None, family="reported", sectors=4, currency="PEN", value=50_00),
    fact(10, "transfer", -5_00, geography=1, sectors=3, markers=5),
]


class Engines:
    """The same rows in SQLite and in DuckDB."""

    def __init__(self, rows):
        self.lite, self.duck = sqlite3.connect(":memory:"), duckdb.connect(":memory:")
        for engine in (self.lite, self.duck):
            engine.execute(f"CREATE TABLE facts ({FACTS})")
            engine.execute("CREATE TABLE shares (list INTEGER, dimension VARCHAR, code VARCHAR, share BIGINT)")
            for name, body in (("facts", rows), ("shares", SHARES)):
                slots = ", ".join(["(" + ", ".join("?" * len(body[0])) + ")"] * len(body))
                engine.execute(f"INSERT INTO {name} VALUES {slots}", [value for row in body for value in row])

    def answers(self, asked: Question):
        """The rows of both engines, sorted; days go to SQLite as text, which is how it keeps them."""
        answered = select(asked)
        plain = [p.isoformat() if isinstance(p, date) else p for p in answered.parameters]
        both = (
            self.lite.execute(answered.sql, plain).fetchall(),
            self.duck.execute(answered.sql, answered.parameters).fetchall(),
        )
        return [sorted(tuple(int(v) if isinstance(v, D) else v for v in row) for row in rows) for rows in both]

    def ask(self, *words, **options):
        asked = question(*words, **options)
        lite, duck = self.answers(asked)
        assert lite == duck
        return table(asked, duck)


@pytest.fixture(scope="module")
def engines():
    return Engines(ROWS)


def cells(answer):
    """{codes: values} with amounts in whole minor units."""
    width = sum(not column.figure for column in answer.columns)
    return {tuple(cell.value for cell in row[:width]): tuple(cell.value for cell in row[width:]) for row in answer.rows}


def test_a_whole_sum(engines):
    answer = engines.ask(["deposits", "net_funded"])
    assert cells(answer) == {(): (D(150_001), D(40_000 + 9_999 - 500 - 3_333))}
    assert answer.total is None  # one row is its own total


def test_a_sum_by_year_has_a_total(engines):
    answer = engines.ask(["deposits"], ["year"])
    assert cells(answer) == {("2020",): (D(100_000),), ("2021",): (D(50_001),)}
    assert [cell.value for cell in answer.total] == ["", D(150_001)]


def test_amounts_are_split_by_shares_and_parts_add_exactly(engines):
    answer = engines.ask(["transfers"], ["country"])
    # 40,000 × ¼ + 9,999 × 0.333333 − 500 × ¼; the rest of the second list is not stated
    assert cells(answer) == {
        ("KE",): (D("13207.996667"),),
        ("UG",): (D("29625"),),
        (None,): (D("6666.003333"),),
    }
    assert answer.total[1].value == D(49_499) == sum(row[1].value for row in answer.rows)


def test_two_splits_are_crossed_and_still_add_exactly(engines):
    answer = engines.ask(["transfers"], ["country", "sector"])
    assert cells(answer)[("KE", "11110")] == (D("8270.496667"),)  # 5,000 + 3,332.996667 − 62.5
    assert answer.total[2].value == D(49_499) == sum(row[2].value for row in answer.rows)


def test_a_condition_on_a_split_takes_the_part_and_not_the_whole(engines):
    assert cells(engines.ask(["transfers"], where=["country=UG"])) == {(): (D(29_625),)}
    assert cells(engines.ask(["transfers"], ["sector"], ["country=UG"])) == {
        ("11110",): (D("14812.5"),),
        ("12220",): (D("14812.5"),),
    }


def test_not_stated_can_be_asked_for_and_be_excluded(engines):
    assert cells(engines.ask(["transfers"], where=["country=not stated"])) == {(): (D("6666.003333"),)}
    assert cells(engines.ask(["transfers"], where=["country!=not stated"])) == {(): (D("42832.996667"),)}


def test_either_of_two_values_and_excluding(engines):
    assert cells(engines.ask(["transfers"], where=["project=A", "project=B"])) == {(): (D(49_999),)}
    assert cells(engines.ask(["transfers"], where=["project!=A", "project!=B"])) == {(): (D(-500),)}
    assert cells(engines.ask(["transfers"], where=["status=operationally closed"])) == {(): (D(9_999),)}


def test_years_and_yes_or_no_are_compared_as_they_are_written(engines):
    assert cells(engines.ask(["deposits"], where=["year=2021"])) == {(): (D(50_001),)}
    assert cells(engines.ask(["expenditure"], where=["humanitarian=true"])) == {(): (D(25_000),)}


def test_dates_limit_on_both_sides_and_include_their_day(engines):
    assert cells(engines.ask(["deposits"], until=date(2021, 4, 30))) == {(): (D(100_000),)}
    assert cells(engines.ask(["deposits"], until=date(2021, 5, 1))) == {(): (D(150_001),)}
    assert cells(engines.ask(["deposits"], since=date(2020, 5, 2))) == {(): (D(50_001),)}
    assert cells(engines.ask(["deposits"], since=date(2020, 5, 1))) == {(): (D(150_001),)}


def test_what_could_not_be_converted_is_in_no_cell_in_dollars_and_is_there_as_reported(engines):
    assert cells(engines.ask(["spend"], ["currency"], ["sector=11110"])) == {("EUR",): (D(1_234),)}
    assert cells(engines.ask(["spend"], where=["sector=11110"], unit="original")) == {
        ("EUR",): (D(1_100),),
        ("PEN",): (D(5_000),),
    }


def test_two_families_are_kept_apart_and_have_no_total(engines):
    answer = engines.ask(["expenditure"], ["year"])
    assert [column.key for column in answer.columns] == ["year", "family", "expenditure"]
    assert cells(answer) == {("2020", "pooled"): (D(25_000),), ("2021", "reported"): (D(777),)}
    assert answer.total is None


def test_a_figure_of_one_family_leaves_the_other_out(engines):
    assert cells(engines.ask(["deposits"], ["movement"])) == {("deposit",): (D(150_001),)}
    assert cells(engines.ask(["spend"], where=["country=KE"])) == {(): (D("194.25"),)}


def test_marks_overlap_and_have_no_total(engines):
    answer = engines.ask(["transfers"], ["marker"])
    assert cells(answer) == {("1:2",): (D(-500),), ("2:1",): (D(-500),), (None,): (D(49_999),)}
    assert answer.total is None


def test_several_currencies_have_no_total(engines):
    assert engines.ask(["spend"], ["currency"]).total is None
    assert engines.ask(["deposits"], ["year"], unit="original").total is None


def test_what_is_not_stated_stands_last(engines):
    assert [row[0].value for row in engines.ask(["transfers"], ["country"]).rows] == ["KE", "UG", None]
    assert [row[0].why for row in engines.ask(["transfers"], ["country"]).rows] == ["", "", "not stated"]


def test_each_cell_knows_the_question_that_asks_for_it_alone(engines):
    answer = engines.ask(["transfers"], ["country", "year"], ["project!=B"], until=date(2021, 12, 31))
    for row in answer.rows:
        scope = row[2].scope
        items = [f"{key}={value}" for key, value in scope if key != "until"]
        alone = engines.ask(["transfers"], where=items, until=date(2021, 12, 31))
        assert cells(alone) == {(): (row[2].value,)}


def test_a_cell_of_a_figure_of_two_families_says_which(engines):
    (first, second) = engines.ask(["expenditure"], ["year"]).rows
    assert ("family", "pooled") in first[2].scope
    assert ("family", "reported") in second[2].scope


@given(
    st.lists(
        st.builds(
            lambda movement, usd, year, geography, sectors: (movement, usd, year, geography, sectors),
            st.sampled_from(["deposit", "transfer", "refund", "fund_cost"]),
            st.integers(-500_000, 500_000),
            st.integers(2019, 2022),
            st.sampled_from([0, 1, 2]),
            st.sampled_from([0, 3, 4]),
        ),
        max_size=12,
    ),
    st.lists(st.sampled_from(["year", "country", "sector", "region", "movement", "fund"]), max_size=2),
)
def test_both_engines_agree_and_parts_add_to_the_whole(facts, by):
    rows = [
        fact(n, movement, usd, year, geography=geography, sectors=sectors)
        for n, (movement, usd, year, geography, sectors) in enumerate(facts)
    ] or [fact(0, "deposit", 0)]
    answer = Engines(rows).ask(["uses"], by)
    whole = {"transfer": 1, "fund_cost": 1, "refund": -1}
    expected = sum(whole.get(row[3], 0) * row[USD] for row in rows)
    assert sum((row[-1].value for row in answer.rows), D(0)) == expected
    if answer.total:
        assert answer.total[-1].value == expected


# Putting figures together


def test_no_digit_is_lost_when_large_sums_are_divided_by_two_splits():
    asked = question(["deposits"], ["country", "sector"])
    amount = D("123456789012345678.123456")  # dollars: what 128 bits hold, undivided, is a million million times that
    rows = [("KE", "1", "pooled", "deposit", amount * 10**6), ("UG", "1", "pooled", "deposit", D("0.000001"))]
    answer = table(asked, rows)
    assert answer.rows[0][2].value == D("123456789012.345678123456")
    assert answer.rows[1][2].value == D("0.000000000000000001")
    assert answer.total[2].value == D("123456789012.345678123456000001")


@pytest.mark.parametrize(("spent", "rate"), [("1", "0.13"), ("3", "0.38"), ("-1", "-0.13")])
def test_a_rate_has_two_decimals_rounded_half_up(spent, rate):
    rows = [("pooled", "transfer", D(800)), ("pooled", "expenditure", D(spent))]
    (row,) = table(question(["delivery_rate"]), rows).rows
    assert row[0].value == D(rate)  # 1 of 800 is 0.125 per cent


def test_a_row_without_any_of_the_figures_is_left_out():
    rows = [("2020", "pooled", "transfer", D(5)), ("2021", "pooled", "expenditure", D(5))]
    assert [row[0].value for row in table(question(["delivery_rate"], ["year"]), rows).rows] == ["2020"]


def test_no_rows_make_an_empty_table_with_its_columns():
    answer = table(question(["deposits"], ["year"]), [], LeftOut(3, ("PEN",)))
    assert [column.key for column in answer.columns] == ["year", "deposits"]
    assert (answer.rows, answer.total, answer.left_out.count) == ([], None, 3)


def test_an_answer_that_spans_publishers_says_so():
    assert notes(1, 0) == []
    assert notes(2, 0) == ["As reported by 2 publishers; the same money may appear more than once."]
    assert "illustrative" in notes(1, 1)[0]
