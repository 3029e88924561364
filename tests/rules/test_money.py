"""Money is read as xs:decimal writes it, kept exactly in six decimals, and rounded only for print, half up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.money import exponent, kept, plain, printed, read_amount

amounts = st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=6)


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("-5", "-5"),
        ("+7.5", "7.5"),
        ("99999999999999999999.99", "99999999999999999999.99"),
        ("0.00", "0"),
        (" \t\r\n42\n", "42"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_whatever_xs_decimal_allows(literal, value):
    assert read_amount(literal) == Decimal(value)


@pytest.mark.parametrize(
    "literal",
    [
        *("1,000,000", "1 000.50", "$100", "1.000,50", "NaN", "1e6", "1E6", "", " ", "(100)", "INF", "-INF", "１２３"),
        *(".", "+", "-", "--5", "5-", "0x10", "1_000", "٣", "5 USD", "1.2.3", "\u00a05", "5\u00a0"),
    ],
)
def test_what_xs_decimal_does_not_allow_is_no_amount(literal):
    assert read_amount(literal) is None


@given(amounts)
def test_an_amount_that_is_written_out_is_read_back_exactly(value):
    assert read_amount(plain(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5.000000", "5"),
        ("-5.10", "-5.1"),
        ("0.000000", "0"),
        ("-0.00", "0"),
        ("1E+3", "1000"),
        ("1E-6", "0.000001"),
        ("100", "100"),
    ],
)
def test_plain_text_has_neither_exponent_nor_trailing_zeros(value, text):
    assert plain(Decimal(value)) == text


def test_six_decimals_are_kept_and_the_seventh_is_rounded_to_even():
    assert kept(Decimal("1.123456")) == Decimal("1.123456")
    assert kept(Decimal("1.1234565")) == Decimal("1.123456")
    assert kept(Decimal("1.1234575")) == Decimal("1.123458")


@pytest.mark.parametrize("sign", ["", "-"])
def test_what_does_not_fit_an_edition_is_not_kept_as_a_number(sign):
    assert kept(Decimal(f"{sign}999999999999.999999")) == Decimal(f"{sign}999999999999.999999")
    assert kept(Decimal(f"{sign}999999999999.9999991")) is None
    assert kept(Decimal(f"{sign}1000000000000")) is None
    assert kept(Decimal(sign + "9" * 2_000_000)) is None  # more digits than an exponent may have


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("0.5", 0, "1"),
        ("1.5", 0, "2"),
        ("2.5", 0, "3"),
        ("2.4999", 0, "2"),
        ("-0.5", 0, "-1"),
        ("-2.5", 0, "-3"),
        ("-2.4999", 0, "-2"),
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("1535993.56", 0, "1535994"),
        ("28460478", 2, "28460478.00"),
    ],
)
def test_print_rounds_half_up_and_away_from_zero(value, decimals, shown):
    assert str(printed(Decimal(value), decimals)) == shown


@pytest.mark.parametrize("value", ["-0.4", "-0", "-0.0000001"])
def test_nothing_is_printed_as_minus_zero(value):
    assert str(printed(Decimal(value))) == "0"


@given(amounts, st.integers(0, 4))
def test_print_is_never_further_off_than_half_of_the_last_digit(value, decimals):
    assert abs(printed(value, decimals) - value) * 2 <= Decimal(1).scaleb(-decimals)


@pytest.mark.parametrize(
    ("currency", "decimals"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("XOF", 0), ("KWD", 3), ("??", 2)]
)
def test_the_minor_unit_is_that_of_iso_4217(currency, decimals):
    assert exponent(currency) == decimals
