"""What a cell of a return says, and which row it speaks of."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from quipu.rules.findings import Finding
from quipu.rules.returns.checks import Part
from quipu.rules.returns.reading import (
    CLEAR,
    LARGEST,
    LEAVE,
    LONGEST,
    Faulty,
    Reader,
    amount,
    comment,
    folded,
    text_of,
    vocabulary,
    year,
)
from quipu.rules.returns.rows import Row


def rule(found):
    assert isinstance(found, Finding), found
    return found.rule


@pytest.mark.parametrize(
    ("cell", "currency", "units"),
    [
        (1234.56, "USD", 123456),
        (0, "USD", 0),
        (-3.5, "USD", -350),
        (0.1 + 0.2, "USD", 30),  # a sheet keeps fifteen digits
        ("1234.56", "USD", 123456),
        ("1.234,56", "USD", 123456),
        ("1,234.56", "USD", 123456),
        ("1 234 567", "USD", 123456700),
        ("(12.00)", "USD", -1200),
        ("\u221212.00", "USD", -1200),
        ("1.234.567", "USD", 123456700),
        (1234, "JPY", 1234),
        (1.234, "KWD", 1234),
    ],
)
def test_an_amount_is_read_exactly(cell, currency, units):
    assert amount(cell, currency) == units


@pytest.mark.parametrize("cell", ["1.234", "1,234", "12.500", "999,999"])
def test_a_text_that_reads_two_ways_is_never_guessed(cell):
    assert rule(amount(cell, "USD")) == "amount-two-ways"


def test_where_the_owner_of_a_file_said_the_sign_before_decimals_nothing_is_two_ways():
    assert amount("1.234", "USD", ",") == 123400
    assert amount("1.234,5", "USD", ",") == 123450
    assert amount("1,234", "USD", ".") == 123400
    assert rule(amount("1,234", "USD", ",")) == "return-decimals"
    assert amount("1,234", "KWD", ",") == 1234


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "12 USD",
        "1.2.3",
        "--5",
        "=1+1",
        True,
        date(2024, 1, 31),
        datetime(2024, 1, 1),  # noqa: DTZ001 - a sheet knows no zone
        "１２",
        float("nan"),
        float("inf"),
        1e300,
    ],
)
def test_what_is_no_amount_is_told(cell):
    assert rule(amount(cell, "USD")) == "return-amount"


def test_more_decimals_than_the_currency_has_are_told_and_as_many_are_not():
    assert amount(0.01, "USD") == 1
    assert rule(amount(0.001, "USD")) == "return-decimals"
    assert rule(amount("5.5", "JPY")) == "return-decimals"


def test_no_ledger_holds_more_than_its_limit():
    assert amount((LARGEST - 1) // 100, "USD") == (LARGEST - 1) // 100 * 100
    assert rule(amount(LARGEST // 100, "USD")) == "return-amount"


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0"])
def test_blank_leaves(cell):
    assert amount(cell, "USD") is LEAVE
    assert comment(cell) is LEAVE


@pytest.mark.parametrize("cell", ["x", "X", " x "])
def test_the_mark_clears(cell):
    assert amount(cell, "USD") is CLEAR
    assert comment(cell) is CLEAR


def test_a_comment_has_its_limit():
    assert comment("a" * LONGEST) == "a" * LONGEST
    assert rule(comment("a" * (LONGEST + 1))) == "return-comment-long"
    assert rule(comment("a\0b")) == "text-unreadable"
    assert comment(5.0) == "5"


@given(some.integers(-(10**12), 10**12))
def test_every_amount_that_a_sheet_keeps_comes_back_as_it_was(units):
    number = float(Decimal(units).scaleb(-2))
    assert amount(number, "USD") == units
    assert amount(f"{Decimal(units).scaleb(-2):.2f}", "USD") == units


@given(
    some.one_of(some.text(max_size=40), some.floats(), some.integers(), some.booleans(), some.datetimes(), some.none())
)
def test_whatever_stands_in_a_cell_something_is_said(cell):
    assert amount(cell, "USD") is not None
    assert comment(cell) is not None
    assert isinstance(text_of(cell), str)
    year(cell)


@pytest.mark.parametrize(
    ("cell", "is_"),
    [
        (2023, 2023),
        ("2023", 2023),
        ("31.12.2023", 2023),
        ("2023-05-01", 2023),
        (date(2023, 1, 1), 2023),
        ("FY 2023", 2023),
        ("23", None),
        ("next", None),
        ("20231", None),
    ],
)
def test_a_year_is_read_or_not_at_all(cell, is_):
    assert year(cell) == is_


# Rows


def part(code, number="", fund="F"):
    return Part(fund, "USD", code, code.title(), "O", number)


@pytest.fixture
def reader():
    words = vocabulary(
        [
            ("staff", "Personal"),
            ("travel", "Viajes"),
            ("staff", "Frais de personnel"),
            ("old-indirect", "Indirect support costs (before 2012)"),
        ]
    )
    return Reader(
        {"P1": part("P1", "4711"), "P/2": part("P/2", "47 12"), "P3": part("P3", "same"), "P4": part("P4", "SAME")},
        2023,
        words,
    )


def test_a_row_is_found_by_its_key_whatever_the_language(reader):
    assert reader.row({"key": "P1/travel"}) == Row("P1", "travel")
    assert reader.row({"key": "P/2/travel/2011"}) == Row("P/2", "travel", 2011)
    assert reader.row({"key": "4711/travel"}) == Row("P1", "travel")


@pytest.mark.parametrize("word", ["travel", "Travel", "VIAJES", " viajes "])
def test_without_a_key_a_row_is_found_by_project_and_category_in_any_language(reader, word):
    assert reader.row({"project": "P1", "category": word}) == Row("P1", "travel")
    assert reader.row({"number": 4711.0, "category": word}) == Row("P1", "travel")
    assert reader.row({"project": "P1 Terraces", "category": word}) == Row("P1", "travel")


def test_a_category_that_is_called_so_in_both_eras_is_the_year_s_own(reader):
    assert reader.category("Indirect support costs") == "indirect"
    assert reader.category("Indirect support costs", 2011) == "old-indirect"
    assert reader.category("indirect support costs (BEFORE 2012)") == "old-indirect"
    assert reader.row({"project": "P1", "category": "indirect support costs", "adjusts": 2011.0}) == Row(
        "P1", "old-indirect", 2011
    )


@pytest.mark.parametrize(
    ("told", "rule_", "column"),
    [
        ({"key": "P9/travel"}, "return-project", "key"),
        ({"project": "P9", "category": "travel"}, "return-project", "project"),
        ({"number": "same", "category": "travel"}, "return-project", "project"),  # two projects are called so
        ({"project": "P1", "category": "wine"}, "return-category", "category"),
        ({"key": "P1/travel", "category": "Personal"}, "return-contradicted", "category"),
        ({"key": "P1/travel", "project": "P3"}, "return-contradicted", "project"),
        ({"key": "P1/adjustment-1", "category": "travel"}, "return-adjusts", "adjusts"),
        ({"key": "P1/adjustment-1", "adjusts": 2011}, "return-category", "category"),
    ],
)
def test_a_row_of_nowhere_is_told_with_its_column(reader, told, rule_, column):
    found = reader.row(told)
    assert isinstance(found, Faulty)
    assert (found.finding.rule, found.column) == (rule_, column)


def test_a_correction_takes_its_category_and_year_from_its_own_cells(reader):
    told = {"key": "P1/adjustment-2", "category": "Viajes", "adjusts": "2019"}
    assert reader.row(told) == Row("P1", "travel", 2019)


def test_words_are_compared_without_accents_marks_and_capitals():
    assert folded("  Année de l’exercice: ") == folded("annee de l exercice")
