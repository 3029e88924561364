"""Sums of amounts that may be told: whoever adds and subtracts them never learns of fewer than five rows."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.registers.telling import SMALLEST, Items, items, may_be_told


def rows(*numbers: int, units: int = 10) -> Items:
    return items((number, units) for number in numbers)


def test_a_sum_needs_five_rows() -> None:
    assert not may_be_told([], rows(1, 2, 3, 4))
    assert may_be_told([], rows(1, 2, 3, 4, 5))


def test_the_next_sum_differs_by_five_rows_or_by_none() -> None:
    told = [rows(*range(1, 11))]
    assert not may_be_told(told, rows(*range(1, 12)))
    assert not may_be_told(told, rows(*range(1, 15)))
    assert may_be_told(told, rows(*range(1, 16)))
    assert may_be_told(told, told[0])


def test_one_amended_amount_is_not_told_by_its_difference() -> None:
    told = [rows(1, 2, 3, 4, 5, 6)]
    assert not may_be_told(told, rows(1, 2, 3, 4, 5) | items([(6, 11)]))


@given(st.lists(st.frozensets(st.integers(1, 14), max_size=14), min_size=1, max_size=4))
def test_no_sum_of_sums_tells_of_fewer(sets: list[frozenset[int]]) -> None:
    told: list[Items] = []
    for one in sets:
        now = items((number, 1) for number in one)
        if may_be_told(told, now):
            told.append(now)
    for factors in product((-1, 0, 1), repeat=len(told)):
        weights: dict[tuple[int, int], int] = {}
        for factor, each in zip(factors, told, strict=True):
            for row in each:
                weights[row] = weights.get(row, 0) + factor
        left = [row for row, weight in weights.items() if weight]
        assert not left or len(left) >= SMALLEST
