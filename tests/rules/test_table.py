"""A column knows whether it holds numbers, and a new table leaves nothing out."""

import pytest

from quipu.rules.table import Cell, Column, Table


@pytest.mark.parametrize(
    ("kind", "number"), [("text", False), ("date", False), ("count", True), ("money", True), ("percent", True)]
)
def test_numbers_are_counts_money_and_percentages(kind, number):
    assert Column("x", "X", kind).is_number is number


def test_a_reader_sees_all_columns_but_groups():
    assert Table([Column("a", "A"), Column("b", "B", "group"), Column("c", "C", "money")], []).read == [0, 2]


def test_tables_share_nothing():
    one, other = Table([], []), Table([], [])
    one.notes.append("said")
    one.left_out.count = 3
    assert (other.notes, other.left_out.count) == ([], 0)


def test_a_cell_cannot_be_changed():
    with pytest.raises(AttributeError):
        Cell(1).value = 2
