"""Pictures draw what a table says, in its places."""

from decimal import Decimal

import pytest

from quipu.portal.pictures import bars
from quipu.rules.table import Cell, Column, Table


def steps(*labels):
    rows = [[Cell(label), Cell(Decimal(1))] for label in labels]
    drawn = bars(Table([Column("year", "Year"), Column("amount", "Amount", "money")], rows), 0, 1, width=100)
    return [round((bar.x - drawn[0].x) / (drawn[0].width / 0.76)) for bar in drawn]


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        (("2011", "2012", "2015"), [0, 1, 4]),
        (("Peru", "Chile", "Haiti"), [0, 1, 2]),
        (("2015", "2012"), [0, 1]),  # sorted by amount: no line of time
    ],
)
def test_a_year_without_money_keeps_its_place(labels, places):
    assert steps(*labels) == places
