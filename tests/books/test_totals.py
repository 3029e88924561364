"""One question, three engines: SQLite and PostgreSQL ask the ledger, DuckDB the same rows, and all answer alike."""

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest

from quipu.rules.asking import BOOKS_DIMENSIONS, question

from .test_post import DECLARED, MONEY

MORE = """
2012-02-02 allocation ^A2 "Decision 2"
    allocation F1 > P1/WFP 1,500.00
2012-12-31 return ^I
    expenditure P1/FAO travel interim 900.05
    expenditure P1/FAO staff interim 100.00
2013-04-28 return ^C replaces ^I
    expenditure P1/FAO travel certified 850.00 year 2012
2013-05-01 refund ^R
    refund F1 < P1/FAO 20.00
2013-06-01 fund-transfer ^FT
    fund-transfer F1 > F2 300.00
2013-06-02 deposit ^D2
    deposit F2 < ? 77.00
"""
FIGURES = ["net_funded", "expenditure", "delivery_rate", "balance_agent", "allocations", "total_balance_wide"]
QUESTIONS = [
    *(
        question(FIGURES, by, dimensions=BOOKS_DIMENSIONS)
        for n in (0, 1, 2)
        for by in combinations(BOOKS_DIMENSIONS, n)
    ),
    question(FIGURES, ["year"], until=date(2012, 12, 31), dimensions=BOOKS_DIMENSIONS),
    question(FIGURES, ["project"], since=date(2013, 1, 1), dimensions=BOOKS_DIMENSIONS),
    question(FIGURES, ["fund"], ["category=travel", "standing!=interim"], dimensions=BOOKS_DIMENSIONS),
    question(FIGURES, ["contributor"], ["fund=F2", "year=2013"], dimensions=BOOKS_DIMENSIONS),
]


def answers(ask):
    return [[[str(cell.value) for cell in row] for row in ask(asked).rows] for asked in QUESTIONS]


def test_duckdb_answers_each_question_as_the_ledger_does(ledger):
    import duckdb

    from quipu.books import totals
    from quipu.books.standing import rows
    from quipu.rules import asking

    ledger.post(DECLARED + MONEY + MORE)
    live = answers(totals.ask)
    with duckdb.connect() as engine:
        columns = 'position BIGINT, ordinal INTEGER, "on" DATE, year INTEGER, family VARCHAR, movement VARCHAR,'
        columns += "value BIGINT, currency VARCHAR, fund VARCHAR, project VARCHAR, participating_organization VARCHAR,"
        columns += "contributor VARCHAR, agreement VARCHAR, category VARCHAR, standing VARCHAR"
        engine.execute(f"CREATE TABLE facts ({columns})")
        engine.executemany(
            f"INSERT INTO facts VALUES ({', '.join('?' * 15)})", rows(totals.FACTS + "SELECT * FROM facts")
        )

        def ask(asked):
            asked = totals.by_currency(asked)
            select = asking.select(asked)
            found = engine.execute(select.sql, select.parameters).fetchall()
            amount = len(asked.by) + 2  # USD alone in this ledger: cents
            return asking.table(asked, [(*row[:amount], Decimal(row[amount]).scaleb(-2), 0) for row in found])

        assert answers(ask) == live
    assert sum(map(len, live)) > len(QUESTIONS)


def test_both_engines_answer_what_was_counted_by_hand(ledger):
    from quipu.books import totals

    ledger.post(DECLARED + MONEY + MORE)
    (fund_1, fund_2) = totals.ask(question(FIGURES, ["fund"], dimensions=BOOKS_DIMENSIONS)).rows
    # 5,000 paid less 20 back; 850 of 4,980; 10,000 less 100, 5,000 and 300, and 20 back; 9,270 at the agent with 4,130
    counted = ["F1", "USD", "4980.00", "850.00", "17.07", "4620.00", "7500.00"]
    assert [str(cell.value) for cell in fund_1] == [*counted, str(4620 + 4980 + 300 - 850) + ".00"]
    assert [str(cell.value) for cell in fund_2][:6] == ["F2", "USD", "None", "None", "None", "377.00"]


def test_a_figure_is_asked_as_of_a_day_and_as_known_at_a_position(ledger):
    from dataclasses import replace

    from quipu.books import totals

    ledger.post(DECLARED + MONEY + MORE)
    asked = question(["expenditure"], dimensions=BOOKS_DIMENSIONS, until=date(2012, 12, 31))
    # the interim return stands at position 5, the certified one at 6
    known = [totals.ask(replace(asked, known=position)).rows for position in (4, 5, 6)]
    assert [[str(row[-1].value) for row in rows] for rows in known] == [[], ["1000.05"], ["850.00"]]


def test_known_on_a_day_is_the_last_link_recorded_by_then(ledger):
    from quipu.books import totals

    recorded = "    recorded: {}T10:00:00Z\n    bank-charge F1 1.00\n"
    ledger.post(DECLARED + "2012-01-01 charges ^1\n" + recorded.format("2012-05-31"))
    ledger.post("2012-01-01 charges ^2\n" + recorded.format("2012-06-01"))
    found = [totals.known_on(date(2012, *day)) for day in ((5, 30), (5, 31), (6, 1), (6, 2))]
    assert found == [0, 1, 2, 2]


def test_a_currency_with_three_decimals_and_one_without_any(ledger):
    from quipu.books import totals

    text = "fund K\n    currency: KWD\nfund J\n    currency: JPY\n"
    text += "2012-01-01 charges ^1\n    other-income K 1.234\n    other-income J 1,234\n"
    ledger.post(text)
    answer = totals.ask(question(["sources"], ["fund"], dimensions=BOOKS_DIMENSIONS))
    assert [[str(c.value) for c in row] for row in answer.rows] == [["J", "JPY", "1234"], ["K", "KWD", "1.234"]]


@pytest.mark.parametrize("word", ["country", "sector"])
def test_what_only_an_edition_knows_is_no_question_for_books(word):
    from quipu.rules.asking import BadQuestion

    with pytest.raises(BadQuestion, match="There is no dimension"):
        question(["spend"], [word], dimensions=BOOKS_DIMENSIONS)
