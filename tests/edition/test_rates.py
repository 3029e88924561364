"""Money is converted at its value date, with a rate up to seven days old, or it is not converted, and that is said."""

import shutil
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.edition.ask import ask, trail
from quipu.edition.home import Home, HomeError
from quipu.edition.make import publish as make_edition
from quipu.edition.open import Editions
from quipu.edition.rates import Rates
from quipu.rules.asking import question
from tests.documents import activity, budget, document, transaction

D = Decimal
HEAD = "date,currency,usd_per_unit,source\n"
# Nuevos soles, which the European Central Bank does not quote; hand-typed.
PEN = HEAD + "2020-01-10,PEN,0.30,by hand\n2020-01-20,PEN,0.25,by hand\n2020-02-01, pen ,0.333333,\n"


@pytest.fixture
def rates(tmp_path):
    def rates(text: str) -> Rates:
        (tmp_path / "rates.csv").write_text(text)
        return Rates(tmp_path / "rates.csv")

    return rates


# One rate


def test_a_dollar_is_a_dollar(tmp_path):
    assert Rates(tmp_path / "rates.csv").usd_per_unit("USD", date(1950, 1, 1))[:2] == (1, date(1950, 1, 1))


@pytest.mark.parametrize(
    ("day", "rate", "published"),
    [
        (date(2020, 1, 9), None, None),
        (date(2020, 1, 10), D("0.30"), date(2020, 1, 10)),
        (date(2020, 1, 17), D("0.30"), date(2020, 1, 10)),  # seven days back
        (date(2020, 1, 18), None, None),  # eight
        (date(2020, 1, 19), None, None),
        (date(2020, 1, 20), D("0.25"), date(2020, 1, 20)),
        (date(2020, 1, 27), D("0.25"), date(2020, 1, 20)),
        (date(2020, 1, 28), None, None),
        (date(2020, 2, 3), D("0.333333"), date(2020, 2, 1)),
    ],
)
def test_a_rate_holds_for_seven_days(rates, day, rate, published):
    found = rates(PEN).usd_per_unit("PEN", day)
    assert found == (None if rate is None else (rate, published, "rates.csv" if day.month == 2 else "by hand"))


@pytest.mark.parametrize(
    ("currency", "day", "published", "usd"),
    [
        # European Central Bank, euro foreign exchange reference rates: 2020-05-29 USD 1.1136; 2020-06-01 USD 1.1116
        ("EUR", date(2020, 5, 29), date(2020, 5, 29), "1.1136"),
        ("EUR", date(2020, 5, 31), date(2020, 5, 29), "1.1136"),  # a Sunday
        ("EUR", date(2020, 6, 1), date(2020, 6, 1), "1.1116"),
    ],
)
def test_without_a_rate_of_ones_own_the_european_central_banks_counts(tmp_path, currency, day, published, usd):
    assert Rates(tmp_path / "rates.csv").usd_per_unit(currency, day)[:2] == (D(usd), published)


def test_a_rate_of_ones_own_stands_before_the_central_banks_of_that_day(rates):
    assert rates(HEAD + "2020-05-29,EUR,2,by hand\n").usd_per_unit("EUR", date(2020, 5, 31))[0] == 2


@pytest.mark.parametrize(
    ("currency", "day"),
    [
        ("PEN", date(2020, 5, 1)),
        ("XXX", date(2020, 5, 1)),
        ("", date(2020, 5, 1)),
        ("EUR", date(1998, 12, 1)),
        ("EUR", date(1, 1, 1)),
        ("EUR", date(2099, 1, 1)),
    ],
)
def test_where_nobody_published_a_rate_there_is_none(tmp_path, currency, day):
    assert Rates(tmp_path / "rates.csv").usd_per_unit(currency, day) is None


@given(st.dates(min_value=date(2019, 12, 1), max_value=date(2020, 3, 1)))
def test_a_rate_is_never_of_a_later_day_and_never_older_than_a_week(tmp_path_factory, day):
    path = tmp_path_factory.getbasetemp() / "rates.csv"
    path.write_text(PEN)
    found = Rates(path).usd_per_unit("PEN", day)
    published = [date(2020, 1, 10), date(2020, 1, 20), date(2020, 2, 1)]
    usable = [on for on in published if timedelta(0) <= day - on <= timedelta(days=7)]
    assert (found and found[1]) == (max(usable) if usable else None)


@pytest.mark.parametrize(
    "line",
    [
        "soon,PEN,0.3,x",
        "2020-01-01,PEN,0,x",
        "2020-01-01,PEN,-0.3,x",
        "2020-01-01,PEN,0,3,x",
        "2020-01-01,,0.3,x",
        "2020-01-01,PEN,,x",
        "2020-01-01,PEN,1000000,x",
    ],
)
def test_a_line_that_is_no_rate_is_said_with_its_number(rates, line):
    with pytest.raises(HomeError, match="line 3"):
        rates(HEAD + "2020-01-01,PEN,0.3,x\n" + line + "\n")


def test_a_file_with_other_columns_or_in_another_encoding_is_said(tmp_path, rates):
    with pytest.raises(HomeError, match="date,currency,usd_per_unit,source"):
        rates("day;currency;rate\n2020-01-01;PEN;0.3\n")
    (tmp_path / "rates.csv").write_bytes(HEAD.encode() + b"2020-01-01,PEN,0.3,\xe9\n")
    with pytest.raises(HomeError, match="UTF-8"):
        Rates(tmp_path / "rates.csv")


# A whole edition


MONEY = document(
    activity(
        "XX-P-1",
        transaction("3", "100", "2020-05-20", currency="PEN", value_date="2020-01-15"),  # the value date's rate: 0.30
        transaction("3", "100", "2020-01-21", currency="PEN", value_date=""),  # no value date: the transaction's, 0.25
        transaction("3", "0.5", "2020-02-03", currency="PEN"),  # 0.1666665
        transaction("3", "1", "2020-02-03", currency="PEN"),  # 0.333333
        transaction("3", "10", "2020-01-18", currency="PEN"),  # eight days behind its rate
        transaction("3", "7", "2020-05-29", currency="EUR"),  # 7 × 1.1136
        transaction("3", "5", "2020-05-29", currency="XXX"),
        transaction("3", "1000", "2020-05-29", currency="USD"),
        transaction("3", "1", "2020-05-29"),
        transaction("3", "99999999999999", "2020-05-29", currency="USD"),  # too large to add
        budget("100", since="2020-01-20", until="2020-12-31"),
        currency="",
    ),
    activity(
        "XX-P-2",
        budget("200", since="2020-01-20"),
        budget("250", since="2020-06-01", until="2020-06-30", kind="2"),
        currency="PEN",
    ),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("in")
    (folder / "money.xml").write_text(MONEY)
    (home / "rates.csv").write_text(PEN)
    make_edition(Home(home), [folder])
    return home


@pytest.fixture(scope="module")
def edition(home):
    return Editions(Home(home)).current()


def test_converted_amounts_are_added_and_the_rest_is_counted(edition):
    answer = ask(edition, question(["disbursement"]))
    # 30 + 25 + 0.1666665 rounded to six decimals + 0.333333 + 7.7952 + 1000
    assert answer.rows[0][0].value == D("30") + 25 + D("0.166667") + D("0.333333") + D("7.7952") + 1000
    assert answer.left_out.count == 4
    assert answer.left_out.currencies == ("unknown", "PEN", "USD", "XXX")


def test_amounts_as_reported_are_whole_per_currency(edition):
    answer = ask(edition, question(["disbursement"], unit="original"))
    assert {row[0].value: row[1].value for row in answer.rows} == {
        "EUR": 7,
        "PEN": D("211.5"),
        "USD": 1000,
        "XXX": 5,
        None: 1,
    }
    assert (answer.left_out.count, answer.left_out.currencies) == (1, ("USD",))  # the one too large to add


def test_nothing_unconverted_is_zero(edition):
    answer = ask(edition, question(["disbursement"], ["currency"]))
    assert "XXX" not in {row[0].value for row in answer.rows}


def test_each_conversion_is_value_times_rate_to_six_decimals(edition):
    rows = edition.rows(
        "SELECT f.value, f.usd, r.rate FROM facts f JOIN rates r ON r.currency = f.currency"
        ' JOIN entries e ON e.key = f.key AND e.ordinal = f.ordinal AND r.day = coalesce(e.value_date, e."on")'
        " WHERE f.value IS NOT NULL"
    )
    assert len(rows) == 6
    for value, usd, rate in rows:
        assert usd == (value * rate).quantize(D("0.000001"), ROUND_HALF_UP)


def test_a_trail_runs_up_to_the_number_on_the_page(edition):
    for figures, unit in ((["disbursement"], "USD"), (["spend"], "USD")):
        asked = question(figures, unit=unit)
        steps = list(trail(edition, asked))
        assert steps[-1].running == ask(edition, asked).rows[0][0].value
        assert [step.on for step in steps] == sorted(step.on for step in steps)
        assert len(steps) == 6


def test_a_revised_budget_stands_in_place_of_the_original_of_its_period(edition):
    answer = ask(edition, question(["budget"], where=["project=XX-P-2"], unit="original"))
    assert [row[1].value for row in answer.rows] == [250]


def test_an_edition_keeps_the_rates_it_was_made_with(home, edition):
    before = ask(edition, question(["disbursement"])).rows[0][0].value
    (home / "rates.csv").write_text(HEAD + "2020-01-10,PEN,9,by hand\n")
    shutil.rmtree(home / "cache")
    (home / "cache").mkdir()
    assert ask(Editions(Home(home)).get(1), question(["disbursement"])).rows[0][0].value == before
