"""Two answers to one question are compared: what differs, by how much, and nothing else."""

from decimal import Decimal

from quipu.rules import asking
from quipu.rules.asking import question
from quipu.rules.comparing import difference, differences
from quipu.rules.table import LeftOut


def answer(rows, by=("fund",), figures=("net_funded", "expenditure", "delivery_rate"), left_out=None):
    return asking.table(question(figures, by), rows, left_out)


def told(table):
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, (cell.value for cell in row), strict=True)) for row in table.rows]


BEFORE = [("A", "pooled", "transfer", 100), ("A", "pooled", "expenditure", 40), ("B", "pooled", "transfer", 7)]


def test_equal_answers_differ_in_nothing():
    assert differences(answer(BEFORE), answer(BEFORE)).rows == []


def test_each_figure_that_moved_is_a_row_with_both_sides_and_their_difference():
    after = [("A", "pooled", "transfer", 150), ("A", "pooled", "refund", 10), ("A", "pooled", "expenditure", 40)]
    assert told(differences(answer(BEFORE), answer([*after, BEFORE[2]]))) == [
        {"fund": "A", "figure": "net_funded", "before": 100, "after": 140, "difference": 40}
    ]


def test_what_is_new_or_gone_is_compared_with_nothing():
    after = [*BEFORE[:2], ("C", "pooled", "transfer", Decimal("0.01"))]
    assert told(differences(answer(BEFORE), answer(after))) == [
        {"fund": "C", "figure": "net_funded", "before": None, "after": Decimal("0.01"), "difference": Decimal("0.01")},
        {"fund": "B", "figure": "net_funded", "before": 7, "after": None, "difference": -7},
    ]


def test_a_side_keeps_the_scope_of_its_own_answer():
    ((_, _, was, now, _),) = differences(answer(BEFORE[:1]), answer([("A", "pooled", "transfer", 1)])).rows
    assert was.scope == now.scope == (("fund", "A"),)


def test_the_kind_of_books_is_a_column_where_both_kinds_differ():
    by = ("fund", "family")
    ours, theirs = [*BEFORE, ("A", "pooled", "refund", 1)], ("A", "reported", "expenditure", 3)

    def cut(rows):
        return answer([(fund, family, *rest) for fund, *rest in rows for family in rest[:1]], by)

    pooled = {"fund": "A", "figure": "net_funded", "before": 100, "after": 99, "difference": -1}
    reported = {"fund": "A", "figure": "expenditure", "before": None, "after": 3, "difference": 3}
    assert told(differences(cut(BEFORE), cut(ours))) == [pooled]
    assert told(differences(cut(BEFORE), cut([*BEFORE, theirs]))) == [reported]
    both = told(differences(cut(BEFORE), cut([*ours, theirs])))
    assert both == [{**pooled, "family": "pooled"}, {**reported, "family": "reported"}]


def test_what_was_left_out_of_both_answers_alike_is_not_told():
    alike, more = LeftOut(2, ("EUR",)), LeftOut(3, ("EUR", "SEK"))
    assert differences(answer(BEFORE, left_out=alike), answer(BEFORE, left_out=alike)).left_out == LeftOut()
    found = differences(answer(BEFORE, left_out=alike), answer(BEFORE, left_out=more)).left_out
    assert found == LeftOut(1, ("EUR", "SEK"))


def test_differences_are_exact():
    assert difference(Decimal("0.1"), Decimal("0.3")) == Decimal("0.2")
    assert difference(None, Decimal(5)) == 5
    assert difference(Decimal(5), None) == -5
    assert difference(None, None) == 0
