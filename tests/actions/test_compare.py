"""An edition is compared with the books it was made from: the same sums, by all that money is cut by."""

import pytest

from quipu.edition import make
from quipu.edition.engine import connect
from quipu.edition.home import Home
from tests.edition.test_books import BOOKS, LATER


@pytest.fixture
def home(ledger):
    """Two editions: of some books, and of what they became."""
    from quipu.books.public import Books

    found = Home(ledger.home)
    ledger.post(BOOKS)
    make.publish(found, None, None, Books())
    ledger.post(LATER)
    make.publish(found, None, None, Books())
    return found


def differences(home, number):
    from quipu.actions.compare import compare

    return compare(home, number)


def tampered(home, statement):
    """What is found of the first edition after somebody changed its database; it is put back afterwards."""
    whole = home.database(1).read_bytes()
    with connect(home.database(1)) as database:
        database.execute(statement)
    found = differences(home, 1)
    home.database(1).write_bytes(whole)
    return found


def test_every_edition_equals_the_books_at_its_own_position_and_one_cent_more_is_told(home):
    assert (differences(home, 1), differences(home, 2)) == ([], [])
    for relation, where in (("all_facts", "facts"), ("cubes", "pages")):
        assert tampered(home, f"UPDATE {relation} SET value = value + 0.01 WHERE movement = 'agent_fee'") == [
            f"edition 1, its {where}: fund TF1, year 2012, movement agent_fee, currency USD:"
            " 25000.010000 here, 25000.00 in the books"
        ]
    (lost,) = tampered(home, "DELETE FROM all_facts WHERE movement = 'expenditure'")
    assert lost.endswith("movement expenditure, currency USD: 0 here, 90000.00 in the books")
    assert differences(home, 1) == []


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
