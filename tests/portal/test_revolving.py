"""Revolving funds in public: totals of a programme on its factsheet and in its files, and nothing of any community."""

import json

import pytest

from quipu.edition import make
from quipu.edition.engine import connect, quoted
from quipu.edition.home import Home
from quipu.edition.open import Editions
from tests import ledgers
from tests.edition.test_books import differences
from tests.portal.conftest import Reader

PROGRAMMES = """
fund VALLEY "Valley fund"
    currency: USD
organization ORG1 "First organization"
project P1 "Terraces"
    fund: VALLEY
    participant: ORG1
project P2 "Springs"
    fund: VALLEY
2012-01-02 deposit ^d1
    deposit VALLEY < ? 9,000.00
2012-02-01 transfer ^t1
    transfer VALLEY > P1/ORG1 3,000.00
"""
LENDING = """
community {code} {project} "Quetzalgroup {code}"
    district: "Hiddenplace"
    opened: 2012-01-01
loan {code}/1 "secretpurpose"
2012-01-10 revolving {code} ^boxkey-{code}-1 "whispered"
    capital 1,000.00
2012-02-01 revolving {code} ^boxkey-{code}-2
    lent 1 600.00 to 7654321 flat 0% month in 6 every 1 month from 2012-03-01 grace 0
2012-03-01 revolving {code} ^boxkey-{code}-3
    principal 1 {paid}
"""
NOBODYS = ("Quetzalgroup", "Hiddenplace", "secretpurpose", "boxkey", "whispered", "7654321", "C-1", "S-1")


def lending(project, letter, paid):
    return "".join(
        LENDING.format(code=f"{letter}-{n}", project=project, paid=amount) for n, amount in enumerate(paid, 1)
    )


def published(home, text, ledger):
    from quipu.books.public import Books

    ledger.post(text)
    make.publish(home, None, None, Books("mark"))
    return Editions(home).current()


@pytest.fixture(scope="module")
def house(_books_template, tmp_path_factory):
    """Five community funds of one programme, three of which pay too little; four of another."""
    ledger = ledgers.sqlite(_books_template, tmp_path_factory.mktemp("boxes") / "books")
    home = Home(ledger.home)
    home.prepare()
    five = lending("P1", "C", ["100.00", "100.00", "40.00", "40.00", "40.00"])
    later = "2012-06-30 revolving C-1 ^boxkey-late\n    cost 1.00\n"
    published(home, PROGRAMMES + five + lending("P2", "S", ["100.00"] * 4) + later, ledger)
    return home, ledger


@pytest.fixture
def reader(house):
    from django.test import Client, override_settings

    from quipu.portal.server import application

    application(house[0].root)
    with override_settings(HOME=house[0].root, DEMO=False):
        yield Reader(Client())


def of(reader, project):
    (row,) = json.loads(reader.get(f"/project/{project}?format=json").content)["tables"]["revolving"]["rows"]
    return row


def test_totals_of_a_programme_stand_on_its_factsheet_with_their_sentences(reader):
    words = reader.words("/project/P1")
    for said in (
        "Revolving funds of communities",
        "5,000",  # capital
        "3,000",  # lent
        "All that was lent since the beginning, divided by the capital.",
        "none of it is in the figures above",
    ):
        assert said in words, said


def test_what_is_at_risk_is_public_of_five_funds_and_of_four_it_is_not(reader):
    rows = reader.rows("/project/P1?format=csv&table=revolving")
    assert [(row["on"], row["funds"], row["outstanding"], row["times_revolved"]) for row in rows] == [
        ("2012-06-30", "5", "2680", "0.6")
    ]
    # 400.00 of each loan fell due from March to June; 320.00 of all was paid. None paid since March: all are late.
    assert (rows[0]["repayment_rate"], rows[0]["at_risk"]) == ("16", "100")
    (few,) = reader.rows("/project/P2?format=csv&table=revolving")
    assert (few["funds"], few["lent"], few["repayment_rate"], few["at_risk"]) == ("4", "2400", "", "")
    assert "would tell of one community" in reader.get("/project/P2").content.decode()


def test_a_stranger_finds_no_community_no_member_and_no_key_in_any_page_or_file(house, reader):
    home, _ = house
    connection = connect()
    files = [*home.root.glob("parts/*.parquet")]
    assert len(files) > 5
    for file in files:
        for row in connection.execute(f"SELECT * FROM read_parquet({quoted(file)})").fetchall():
            told = repr(row)
            assert not [word for word in NOBODYS if word in told], (file, told)
    for path in ("/project/P1", "/project/P1?format=json", "/fund/VALLEY", "/vouchers.csv"):
        body = reader.get(path).content.decode()
        assert not [word for word in NOBODYS if word in body], path
    for database in home.root.glob("cache/**/*.duckdb"):
        raw = database.read_bytes()
        assert not [word for word in NOBODYS[:6] if word.encode() in raw], database


def test_a_payment_makes_a_new_edition_on_top_of_the_other_as_if_it_were_made_whole(house):
    home, ledger = house
    before = Editions(home).current()
    edition = published(home, "2012-07-01 revolving C-1 ^boxkey-more\n    principal 1 60.00\n", ledger)
    assert edition.number == before.number + 1
    assert edition.manifest.position == before.manifest.position + 1
    assert differences(home, edition.number, home.stands_on(edition.number)) == []
