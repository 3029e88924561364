"""Shares are whole millionths that sum to exactly 1,000,000, and what is not stated is said, never spread."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.shares import apportion, is_whole, percentage, total

percentages = st.decimals(min_value=0, max_value=200, places=4).map(str)
odd = st.sampled_from(["", "50%", "50,0", "-10", "NaN", "1e2", "x", "9" * 40, "0." + "3" * 60])
portions = st.lists(st.tuples(st.sampled_from(["KE", "UG", "TZ", "RW", "BI", "289"]), percentages | odd), max_size=9)


@given(portions)
def test_shares_sum_to_exactly_one_million_and_none_is_negative(stated):
    shares = apportion(stated)
    assert sum(share for _, share in shares) == 1_000_000
    assert all(share > 0 for _, share in shares)
    assert len({code for code, _ in shares}) == len(shares)


@given(portions)
def test_the_order_in_which_codes_are_stated_does_not_matter(stated):
    assert apportion(stated) == apportion(stated[::-1])


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.integers(1, 10_000)), min_size=2, max_size=6))
def test_no_share_is_a_millionth_or_more_away_from_what_was_stated(stated):
    scaled = [(code, f"{Decimal(share) / 100:f}") for code, share in stated]
    whole = sum(share for _, share in stated)
    meant: dict[str, Decimal] = {}
    for code, share in stated:
        meant[code] = meant.get(code, Decimal(0)) + Decimal(share)
    base = Decimal(whole) if whole >= 9_900 else Decimal(10_000)
    for code, share in apportion(scaled):
        if code:
            assert abs(share - meant[code] * 1_000_000 / base) < 1


def test_three_thirds_give_the_millionth_that_is_left_to_the_first_code():
    assert apportion([("C", "33.33"), ("A", "33.33"), ("B", "33.33")]) == [
        ("A", 333_334),
        ("B", 333_333),
        ("C", 333_333),
    ]


def test_the_largest_remainder_comes_before_the_first_code():
    # 1/7 = 142,857.14 and 6/7 = 857,142.86 millionths
    assert apportion([("A", "14.2857142857"), ("B", "85.7142857143")]) == [("A", 142_857), ("B", 857_143)]


def test_a_list_from_99_to_101_is_meant_as_the_whole():
    assert apportion([("A", "49.5"), ("B", "49.5")]) == [("A", 500_000), ("B", 500_000)]
    assert apportion([("A", "50.5"), ("B", "50.5")]) == [("A", 500_000), ("B", 500_000)]


def test_below_99_the_rest_is_not_stated():
    assert apportion([("A", "49"), ("B", "49.9999")]) == [("", 10_001), ("A", 490_000), ("B", 499_999)]
    assert apportion([("A", "50")]) == [("", 500_000), ("A", 500_000)]


def test_above_the_whole_shares_are_scaled_down_and_never_exceed_it():
    assert apportion([("KE", "60"), ("UG", "60")]) == [("KE", 500_000), ("UG", 500_000)]
    assert apportion([("KE", "300"), ("UG", "100")]) == [("KE", 750_000), ("UG", 250_000)]


def test_one_lone_code_without_percentage_is_the_whole():
    assert apportion([("KE", "")]) == [("KE", 1_000_000)]
    assert apportion([("KE", " ")]) == [("KE", 1_000_000)]


def test_several_codes_without_percentage_state_nothing():
    assert apportion([("KE", ""), ("UG", "")]) == [("", 1_000_000)]


def test_a_percentage_of_zero_is_no_share_and_no_whole():
    assert apportion([("KE", "0")]) == [("", 1_000_000)]
    assert apportion([("KE", "0"), ("UG", "100")]) == [("UG", 1_000_000)]


def test_what_cannot_be_read_counts_as_not_stated():
    assert apportion([("KE", "50%"), ("UG", "50")]) == [("", 500_000), ("UG", 500_000)]
    assert apportion([("KE", "-10"), ("UG", "110")]) == [("UG", 1_000_000)]


def test_a_code_stated_twice_has_both_shares():
    assert apportion([("KE", "30"), ("UG", "40"), ("KE", "30")]) == [("KE", 600_000), ("UG", 400_000)]


def test_an_empty_list_states_nothing():
    assert apportion([]) == [("", 1_000_000)]


@pytest.mark.parametrize(
    ("literal", "value"), [("0", 0), ("100", 100), (" 33.3 ", Decimal("33.3")), ("1000000", 1_000_000)]
)
def test_a_percentage_is_a_decimal_from_zero_up(literal, value):
    assert percentage(literal) == value


@pytest.mark.parametrize("literal", ["-0.01", "50%", "50,0", "", "NaN", "1000001", "1" * 2_000_000])
def test_anything_below_zero_unreadable_or_absurd_is_no_percentage(literal):
    assert percentage(literal) is None


@pytest.mark.parametrize(("first", "whole"), [("48.99", False), ("49", True), ("51", True), ("51.01", False)])
def test_a_list_may_miss_100_by_one(first, whole):
    assert is_whole([("A", first), ("B", "50")]) is whole


def test_a_lone_code_without_percentage_is_whole_and_two_are_not():
    assert is_whole([("A", "")])
    assert not is_whole([("A", ""), ("B", "")])
    assert total([("A", "20"), ("B", "x"), ("C", "30")]) == 50
