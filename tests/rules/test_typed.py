"""Amounts as people type them: exact, in the reader's manner, and never guessed."""

from decimal import Decimal

import pytest

from quipu.rules import typed


@pytest.mark.parametrize(
    ("text", "group", "read"),
    [
        ("1,234.56", ",", "1234.56"),
        ("1.234,56", ".", "1234.56"),
        ("1.234,56", ",", "1234.56"),  # both signs: the last one stands before the decimals, whoever reads
        ("1 234,56", "\u202f", "1234.56"),
        ("1\u202f234\u202f567,8", "\u202f", "1234567.8"),
        ("1,234,567", ".", "1234567"),  # twice the same sign: thousands
        ("1,234", ",", "1234"),
        ("1.234", ".", "1234"),
        ("1234", ",", "1234"),
        ("0.123", ",", "0.123"),  # no thousand begins with 0
        ("1234.567", ",", "1234.567"),
        ("-5.5", ",", "-5.5"),
        ("(1,000.00)", ",", "-1000.00"),
        ("\u22121.00", ",", "-1.00"),
        ("0.00", ",", "0.00"),
        ("999999999999.99", ",", "999999999999.99"),
    ],
)
def test_an_amount_is_read_exactly(text, group, read):
    assert typed.amount(text, group) == Decimal(read)


@pytest.mark.parametrize(
    ("text", "group"), [("1.234", ","), ("1,234", "."), ("1.234", "\u202f"), ("-12.345", ","), ("999,999", ".")]
)
def test_what_can_be_read_two_ways_is_not_read(text, group):
    assert typed.amount(text, group) == typed.AMBIGUOUS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,23,456",
        "12,34.5.6",
        "1e6",
        "--1",
        "1.",
        ".",
        "NaN",
        "1.234.56",
        "١٢٣",
        "USD 5",
        "5-",
        "1,2345,678",
        "1.234,567.8",
    ],
)
def test_what_is_no_amount_is_not_read(text):
    assert typed.amount(text, ",") == typed.UNREADABLE


@pytest.mark.parametrize(
    ("text", "group", "read"),
    [("1.078", ",", "1.078"), ("1,078", ".", "1.078"), ("0,95", ",", "0.95"), ("655", ",", "655")],
)
def test_a_rate_has_decimals_and_no_thousands(text, group, read):
    assert typed.rate(text, group) == Decimal(read)


@pytest.mark.parametrize(
    ("text", "group", "rule"),
    [("1,078", ",", typed.AMBIGUOUS), ("1.078,5", ",", typed.UNREADABLE), ("-1", ",", typed.UNREADABLE)],
)
def test_a_rate_that_is_unclear_is_not_read(text, group, rule):
    assert typed.rate(text, group) == rule
