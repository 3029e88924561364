"""Spending by output in public: only closed quarters, reconciled with the edition's own expenditure, and nobody by name."""

import re

import pytest

from quipu.edition import make
from quipu.edition.home import Home
from quipu.rules.plans import Quarter
from tests import ledgers
from tests.desk.cast import HOUSE, furnish
from tests.desk.planning import filled, planned
from tests.portal.conftest import Reader

FIRST, NEXT = Quarter(2025, 1), Quarter(2025, 2)


@pytest.fixture(scope="module")
def house(_books_template, tmp_path_factory):
    """A plan with its first quarter closed without one line, and a second quarter that is open."""
    from quipu.actions.plans import closing
    from quipu.books.public import Books

    ledger = ledgers.sqlite(_books_template, tmp_path_factory.mktemp("outputs") / "books", furnish)
    made = planned("writer-of-plans", ledger)
    filled("filler-of-lines", made["courses"], 450, FIRST, remark="told to nobody")
    filled("filler-of-lines", made["fences"], 700, NEXT)
    closing.close(by="closer-of-quarters", project="P1", quarter=FIRST, reason="The office moved")
    home = Home(ledger.home)
    home.prepare()
    make.publish(home, None, None, Books("mark"))
    return home


@pytest.fixture
def reader(house):
    from django.test import Client, override_settings

    from quipu.portal.server import application

    application(house.root)
    with override_settings(HOME=house.root, DEMO=False):
        yield Reader(Client())


def test_outputs_and_what_has_none_add_up_to_the_expenditure_of_the_edition(reader):
    rows = reader.rows("/project/P1.csv?table=output_years")
    told = [
        (row["year"], row["organization"], row["output_1.1"], row["not_attributed"], row["expenditure"]) for row in rows
    ]
    assert told == [("2025", "ORG1", "450", "800", "1250"), ("2025", "ORG2", "", "100", "100")]
    assert [row["expenditure_interim"] for row in rows] == ["", "100"]


def test_only_closed_quarters_are_public_and_no_person_no_remark_and_no_reason(reader, house):
    words = reader.words("/project/P1")
    for said in (
        "Spending by output",
        "1.1 Keepers trained",
        "56.25",
        "Q1 2025 to Q1 2025",
        "1 line was closed without",
    ):
        assert said in words
    (row,) = reader.rows("/project/P1.csv?table=outputs")
    assert (row["output"], row["planned"], row["spent"]) == ("P1-o1-1", "800", "450")
    everything = reader.text("/project/P1.json") + words
    for hidden in (
        "writer-of-plans",
        "filler-of-lines",
        "closer-of-quarters",
        "told to nobody",
        "office moved",
    ):
        assert hidden not in everything
    assert not re.search(r"(?<![0-9a-z])700(?![0-9a-z])", everything), "what an open quarter says"
    for part in house.parts.glob("*.parquet"):
        body = part.read_bytes()
        assert b"told to nobody" not in body
        assert b"filler-of-lines" not in body


def test_a_programme_without_closed_quarters_has_no_such_block(reader):
    assert "Spending by output" not in reader.words("/project/P2")


def test_what_is_taken_down_takes_its_outputs_along(sqlite_ledger):
    from quipu.actions.plans import closing
    from quipu.actions.take_down import take_down
    from quipu.books.public import Books
    from quipu.edition.open import Edition

    sqlite_ledger.post(HOUSE)
    made = planned("w", sqlite_ledger)
    filled("o", made["courses"], 450, FIRST)
    closing.close(by="l", project="P1", quarter=FIRST, reason="x")
    home = Home(sqlite_ledger.home)
    home.prepare()
    make.publish(home, None, None, Books("mark"))
    counts = "SELECT (SELECT count(*) FROM aims WHERE kind = 'output'), (SELECT count(*) FROM outputs_spent)"
    outputs = Edition(home, 1).rows(counts)[0][0]
    assert outputs > 0
    assert Edition(home, 1).rows(counts) == [(outputs, 2)]
    take_down(home, by="p1", kind="activity", target={"identifier": "P1"}, reason="it must not be here")
    make.publish(home, None, None, Books("mark"))
    assert Edition(home, home.current()).rows(counts) == [(0, 0)]


def test_a_quarter_that_is_closed_makes_an_edition_on_the_last_one_that_is_as_if_made_whole(sqlite_ledger):
    from quipu.actions.plans import closing
    from quipu.books.public import Books
    from tests.edition.test_books import differences

    sqlite_ledger.post(HOUSE)
    made = planned("w", sqlite_ledger)
    home = Home(sqlite_ledger.home)
    home.prepare()
    make.publish(home, None, None, Books("mark"))
    filled("o", made["courses"], 450, FIRST)
    closing.close(by="l", project="P1", quarter=FIRST, reason="x")
    make.publish(home, None, None, Books("mark"))
    assert home.stands_on(2) == 1
    assert differences(home, 2, 1) == []
