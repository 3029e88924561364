"""An edition is compared with the books it was made from: the same sums, by all that money is cut by."""

import pytest

from quipu.edition import make
from quipu.edition.engine import connect
from quipu.edition.home import Home
from tests.edition.test_books import BOOKS, LATER

WHERE = "movement = 'agent_fee' AND value = 25000"


@pytest.fixture
def home(ledger):
    from quipu.books.public import Books

    found = Home(ledger.home)
    ledger.post(BOOKS)
    make.publish(found, None, None, Books())
    ledger.post(LATER)
    make.publish(found, None, None, Books())
    return found


def differences(home, number=None):
    from quipu.actions.compare import compare

    return compare(home, number or home.current())


def test_every_edition_equals_the_books_at_its_own_position(home):
    assert (differences(home, 1), differences(home, 2)) == ([], [])


@pytest.mark.parametrize(("relation", "where"), [("all_facts", "facts"), ("cubes", "pages")])
def test_one_cent_more_in_an_edition_is_told_with_all_that_it_is_cut_by(home, relation, where):
    with connect(home.database(1)) as database:
        database.execute(f"UPDATE {relation} SET value = value + 0.01 WHERE {WHERE}")
    (said,) = differences(home, 1)
    assert said == (
        f"edition 1, its {where}: fund TF1, year 2012, movement agent_fee, currency USD: 25000.010000 here, 25000.00 in the books"
    )


def test_an_entry_that_an_edition_lost_is_told(home):
    with connect(home.database(1)) as database:
        database.execute("DELETE FROM all_facts WHERE movement = 'expenditure'")
    (said,) = differences(home, 1)
    assert said.endswith("movement expenditure, currency USD: 0 here, 90000.00 in the books")


def test_verify_compares_the_current_edition(home):
    from quipu.actions.verify import verify

    verdict = verify(home)
    assert (verdict.faults, verdict.edition) == ([], 2)


def test_a_chain_that_lost_its_last_links_is_found_out_by_what_was_published_of_it(sqlite_ledger):
    from quipu.actions.verify import verify
    from quipu.books.public import Books

    home = Home(sqlite_ledger.home)
    sqlite_ledger.post(BOOKS)
    make.publish(home, None, None, Books())
    with sqlite_ledger.connect() as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for table in ("memo", "entry", "attachment", "reference", "posting"):
            column = "position" if table == "posting" else "posting_id"
            connection.execute(f"DELETE FROM books_{table} WHERE {column} = 5")
        for _, sql in triggers:
            connection.execute(sql)
    verdict = verify(home)
    assert len(verdict.faults) == 1
    assert "5" in verdict.faults[0]
