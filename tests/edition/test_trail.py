"""A trail is every entry behind a number, oldest first; its parts add up to the number, exactly."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from quipu.edition.ask import ask, trail
from quipu.files import csv as csv_file
from quipu.rules.asking import question
from quipu.rules.table import Cell, Column, Table
from tests.documents import activity, document, transaction

QUESTIONS = [
    (["deposits"], ["year"], []),
    (["net_funded"], ["fund", "year"], []),
    (["net_funded"], ["country"], []),
    (["expenditure"], ["participating_organization"], ["family=pooled"]),
    (["balance_agent"], ["fund"], []),
    (["spend"], ["country", "sector"], []),
    (["budget"], ["project"], []),
]


def drawn(steps) -> Table:
    """A trail as a table, for drawing it as a file."""
    columns = [Column("on", "Date", "date"), Column("line", "Line", "count"), Column("part", "Part", "money", "part")]
    return Table(columns, [[Cell(step.on.isoformat()), Cell(step.line), Cell(step.part)] for step in steps])


@pytest.mark.parametrize(("figures", "by", "where"), QUESTIONS, ids=lambda value: "-".join(value) or "all")
def test_entries_summed_from_their_csv_are_the_number(demo, figures, by, where):
    answer = ask(demo, question(figures, by, where))
    assert answer.rows
    for row in answer.rows:
        cell = row[-1]
        if cell.value is None:
            continue
        items = [f"{key}={value}" for key, value in cell.scope]
        steps = list(trail(demo, question(figures, where=items)))
        body = csv_file.draw(drawn(steps)).decode("utf-8-sig")
        assert sum((Decimal(line["part"]) for line in csv.DictReader(io.StringIO(body))), Decimal(0)) == cell.value
        assert steps[-1].running == cell.value


def test_a_total_is_the_sum_of_its_rows_and_of_its_trail(demo):
    asked = question(["net_funded"], ["country"])
    answer = ask(demo, asked)
    assert answer.total[-1].value == sum(row[-1].value for row in answer.rows)
    assert list(trail(demo, question(["net_funded"])))[-1].running == answer.total[-1].value


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    from quipu.edition.home import Home
    from quipu.edition.make import publish
    from quipu.edition.open import Editions

    folder, home = tmp_path_factory.mktemp("in"), Home(tmp_path_factory.mktemp("home"))
    shares = '<recipient-country code="KE" percentage="25"/><recipient-country code="UG" percentage="75"/>'
    (folder / "a.xml").write_text(
        document(
            activity(
                "XX-P-1",
                shares,
                transaction("3", 100, "2020-02-01"),
                transaction("3", -40, "2020-01-01"),
                transaction("1", 9),
            )
        )
    )
    publish(home, [folder])
    return Editions(home).current()


def test_a_step_says_when_where_and_how_much_of_the_amount(edition):
    steps = list(trail(edition, question(["disbursement"], where=["country=KE"])))
    assert [(step.on, step.line, step.value, step.part, step.running) for step in steps] == [
        (date(2020, 1, 1), 10, -40, -10, -10),
        (date(2020, 2, 1), 9, 100, 25, 15),
    ]
    assert {step.movement for step in steps} == {"disbursement"}


def test_what_a_figure_subtracts_counts_below_zero(demo):
    steps = list(trail(demo, question(["net_funded"])))
    assert {step.movement for step in steps} == {"transfer", "refund"}
    assert all((step.part < 0) == (step.movement == "refund") for step in steps if step.value > 0)


def test_a_trail_may_be_read_in_pieces(demo):
    asked = question(["net_funded"])
    whole = [(step.key, step.ordinal) for step in trail(demo, asked)]
    pieces = [(s.key, s.ordinal) for at in range(0, len(whole), 7) for s in trail(demo, asked, limit=7, offset=at)]
    assert pieces == whole
    assert len(set(whole)) == len(whole)
