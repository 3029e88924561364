"""Two dimensions side by side, shares of a whole, and what a reader must know of a window of years."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.asking import CUT_APART, PART_OF_A_YEAR, crossed, question, table, with_shares
from quipu.rules.table import largest_first

D = Decimal
ROWS = [  # organization, year, family, movement, amount, entries
    ("A", 2010, "pooled", "transfer", D(100), 1),
    ("A", 2011, "pooled", "refund", D(30), 1),
    ("A", 2011, "pooled", "expenditure", D(50), 1),
    ("B", 2011, "pooled", "transfer", D(60), 1),
    ("B", 2011, "pooled", "expenditure", D(63), 1),
    (None, 2011, "pooled", "transfer", D(5), 1),
]
BY = ["participating_organization", "year"]


def values(table_):
    return [[cell.value for cell in row] for row in [*table_.rows, table_.total]]


def test_one_figure_stands_side_by_side_with_totals_both_ways():
    found = crossed(question(["net_funded"], BY), ROWS)
    assert [column.key for column in found.columns] == ["participating_organization", "2010", "2011", "total"]
    assert values(found) == [
        ["A", 100, -30, 70],
        ["B", None, 60, 60],
        [None, None, 5, 5],
        ["", 100, 35, 135],
    ]


def test_the_total_of_a_rate_is_a_rate_of_totals_and_not_a_sum_of_rates():
    found = crossed(question(["delivery_rate"], BY), ROWS)
    assert [row[-1].value for row in found.rows] == [D("71.43"), D("105.00"), D("0.00")]
    assert found.total[-1].value == D("83.70")  # 113 of 135


def test_each_cell_and_each_total_knows_its_scope():
    found = crossed(question(["transfers"], BY, ["fund=F"]), ROWS)
    assert found.rows[0][1].scope == (("fund", "F"), ("participating_organization", "A"), ("year", "2010"))
    assert found.rows[0][-1].scope == (("fund", "F"), ("participating_organization", "A"))
    assert found.total[1].scope == (("fund", "F"), ("year", "2010"))
    assert found.total[-1].scope == (("fund", "F"),)


def test_two_families_and_overlapping_parts_are_never_one_whole():
    other = [*ROWS, ("A", 2010, "reported", "expenditure", D(1), 1)]
    assert crossed(question(["expenditure"], BY), other) is None
    assert crossed(question(["transfers"], ["marker", "year"]), [("1:2", 2010, "pooled", "transfer", D(1), 1)]) is None


def test_interim_money_is_told_in_its_cells_and_in_the_totals():
    unsure = [("B", 2011, "pooled", "expenditure", D(13), 1)]
    found = crossed(question(["expenditure"], BY), ROWS, unsure)
    at = {row[0].value: [cell.interim for cell in row] for row in found.rows}
    assert at["A"] == [None] * 4
    assert at["B"] == [None, None, D(13), D(13)]
    assert [cell.interim for cell in found.total] == [None, None, D(13), D(13)]


def test_shares_are_of_the_total_with_one_decimal_half_up():
    answer = with_shares(table(question(["transfers", "delivery_rate"], BY[:1]), _by_first(ROWS)))
    assert [column.key for column in answer.columns] == [
        "participating_organization",
        "transfers",
        "transfers_share",
        "delivery_rate",
    ]
    assert [row[2].value for row in answer.rows] == [D("60.6"), D("36.4"), D("3.0")]
    assert answer.total[2].value == D("100.0")


def test_there_are_no_shares_of_nothing_and_of_less_than_nothing():
    back = [("A", "pooled", "refund", D(5), 1), ("B", "pooled", "transfer", D(2), 1)]
    answer = table(question(["net_funded"], BY[:1]), back)
    assert with_shares(answer).columns == answer.columns


def test_odd_numbers_of_a_window_are_explained_and_those_of_a_whole_life_are_not():
    by_year = table(question(["net_funded"], ["year"]), [(2011, "pooled", "refund", D(30), 1)])
    assert CUT_APART in by_year.notes
    fine = table(question(["net_funded"], ["year"]), [(2011, "pooled", "transfer", D(30), 1)])
    assert CUT_APART not in fine.notes
    whole = table(question(["net_funded"], BY[:1]), [("A", "pooled", "refund", D(30), 1)])
    assert CUT_APART not in whole.notes
    assert CUT_APART in crossed(question(["delivery_rate"], BY), ROWS).notes


def test_a_window_that_cuts_a_year_says_so_of_expenditure_and_one_of_whole_years_does_not():
    def notes(since, until, figure="expenditure"):
        asked = question([figure], BY[:1], since=since, until=until)
        return table(asked, [("A", "pooled", "expenditure", D(1), 1), ("A", "pooled", "transfer", D(1), 1)]).notes

    assert PART_OF_A_YEAR in notes(date(2020, 4, 1), None)
    assert PART_OF_A_YEAR in notes(None, date(2020, 12, 30))
    assert PART_OF_A_YEAR not in notes(date(2020, 1, 1), date(2020, 12, 31))
    assert PART_OF_A_YEAR not in notes(date(2020, 4, 1), None, "transfers")


def test_largest_first_and_turned_round_with_the_unknown_last():
    answer = table(question(["transfers"], BY[:1]), _by_first(ROWS))
    assert [row[0].value for row in largest_first(answer, "transfers").rows] == ["A", "B", None]
    assert [row[0].value for row in largest_first(answer, "-transfers").rows] == [None, "B", "A"]
    assert [row[0].value for row in largest_first(answer, "-participating_organization").rows] == ["B", "A", None]


def _by_first(rows):
    sums = {}
    for first, _, family, movement, amount, _ in rows:
        sums[first, family, movement] = sums.get((first, family, movement), D(0)) + amount
    return [(*key, amount, 1) for key, amount in sums.items()]


codes = st.sampled_from(("A", "B", None))
amounts = st.integers(-(10**15), 10**15).map(D)
rows = st.tuples(
    codes, st.integers(2009, 2013), st.just("pooled"), st.sampled_from(("transfer", "refund")), amounts, st.just(1)
)


@given(st.lists(rows, min_size=1, max_size=30, unique_by=lambda row: (row[0], row[1], row[3])))
def test_rows_columns_and_the_whole_add_up(some):
    found = crossed(question(["net_funded"], BY), some)
    for row in [*found.rows, found.total]:
        assert sum(cell.value or 0 for cell in row[1:-1]) == row[-1].value
    for n in range(1, len(found.columns)):
        assert sum(row[n].value or 0 for row in found.rows) == found.total[n].value
