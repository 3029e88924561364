"""Editions are opened at need: nobody waits for another's, a few stay open, and a deleted database is made again."""

import shutil
import threading
from datetime import date

import pytest

from quipu.edition import cache, make
from quipu.edition.home import Home
from quipu.edition.open import BeingMade, Editions, NoEdition
from tests.documents import activity, document


@pytest.fixture
def home(tmp_path):
    """Five editions, edition n with n activities."""
    found, folder = Home(tmp_path / "home"), tmp_path / "in"
    folder.mkdir()
    for n in range(1, 6):
        (folder / "a.xml").write_text(document(*(activity(f"A-{m}") for m in range(n))))
        make.publish(found, [folder])
    return found


def counted(edition):
    return edition.rows("SELECT count(*) FROM activities")[0][0]


def test_three_stay_open_and_the_current_one_among_them(home):
    editions = Editions(home)
    assert counted(editions.current()) == 5
    current = editions.current()
    for number in (1, 2, 3, 4, 1, 2):
        assert counted(editions.get(number)) == number
    assert len(editions._open) == 3
    assert editions.current() is current


def test_a_reader_goes_on_with_an_edition_that_was_let_go(home):
    editions = Editions(home)
    first = editions.get(1)
    for number in (2, 3, 4):
        editions.get(number)
    assert counted(first) == 1


def test_an_edition_on_top_of_another_can_be_opened_again_while_somebody_still_reads_it(sqlite_ledger):
    from quipu.books.public import Books
    from tests.edition.test_books import BOOKS, LATER

    found = Home(sqlite_ledger.home)
    for text in (BOOKS, LATER):
        sqlite_ledger.post(text)
        make.publish(found, None, None, Books())
    assert found.stands_on(2) == 1
    first, second = Editions(found).get(2), Editions(found).get(2)
    assert counted(first) == counted(second) == 4


def test_many_readers_of_one_edition_open_it_once(home, monkeypatch):
    opened = []
    attached = cache.build
    shutil.rmtree(home.cache / "000002")

    def build(*arguments, **options):
        opened.append(arguments[1].number)
        return attached(*arguments, **options)

    monkeypatch.setattr(cache, "build", build)
    editions, found = Editions(home), []
    readers = [threading.Thread(target=lambda: found.append(counted(editions.get(2)))) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found == [2] * 8
    assert opened == [2]


def test_who_reads_another_edition_is_not_held_up_while_one_is_made_again(home, monkeypatch):
    shutil.rmtree(home.cache / "000002")
    go_on, attached = threading.Event(), cache.build

    def build(*arguments, **options):
        go_on.wait(30)
        return attached(*arguments, **options)

    monkeypatch.setattr(cache, "build", build)
    editions = Editions(home)
    with pytest.raises(BeingMade):
        editions.get(2, patience=0.05)
    assert counted(editions.get(3)) == 3
    assert counted(editions.current()) == 5
    with pytest.raises(BeingMade):
        editions.get(2, patience=0.05)
    go_on.set()
    assert counted(editions.get(2)) == 2


def test_what_cannot_be_opened_can_be_asked_for_again(home):
    editions = Editions(home)
    for _ in range(2):
        with pytest.raises(NoEdition):
            editions.get(9)
    assert editions._opening == {}


def test_the_edition_of_a_day_is_the_last_one_made_by_its_end(home, monkeypatch):
    editions = Editions(home)
    moments = ["2026-01-01T00:00:00Z", "2026-01-01T23:59:59Z", "2026-01-03T12:00:00Z", "2026-02-01T00:00:00Z"]
    editions._made_at = dict(enumerate([*moments, "2026-02-01T00:00:01Z"], 1))
    days = {"2025-12-31": None, "2026-01-01": 2, "2026-01-02": 2, "2026-01-03": 3, "2026-01-31": 3, "2026-02-01": 5}
    assert {day: editions.on(date.fromisoformat(day)) for day in days} == days
    assert (editions.before(1), editions.before(3)) == (None, 2)
    home.point_to(3)  # an operator went back: what came later is not in the record
    assert editions.on(date(2026, 2, 1)) == 3
    assert editions.numbers() == [1, 2, 3]
