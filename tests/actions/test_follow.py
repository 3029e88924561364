"""What is posted goes out by itself; a publication that is killed leaves the current edition whole and loses nothing."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

from quipu.edition import make
from quipu.edition.home import Home
from quipu.edition.manifest import load
from quipu.edition.open import Edition
from tests.conftest import ROOT
from tests.edition.test_books import BOOKS

FOLLOWER = r"""
import os, sys
from pathlib import Path
from quipu.actions.follow import follow
from quipu.actions.publish import publish
from quipu.edition.home import Home
home = Home(Path(sys.argv[1]))
publish(home, None)  # everything is loaded
print("ready", flush=True)
follow(home, lambda: True, lambda said: print(said, flush=True))
"""
PATIENCE = 60


@contextmanager
def following(ledger):
    """A process that follows the books, from the moment it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", FOLLOWER, str(ledger.home)],
        env={**os.environ, **ledger.environment, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        kill(process)


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def transfer(ledger, n, key=""):
    ledger.post(f"2013-01-10 transfer ^{key or 'A'}-{n}\n    transfer TF1 > 0002/UNDP {n + 1}.00\n")


def position(home):
    return load(home, home.current()).position


def until(home, wanted):
    """Waits for an edition of the books up to that position."""
    limit = time.monotonic() + PATIENCE
    while position(home) < wanted:
        assert time.monotonic() < limit, f"position {wanted} was not published"
        time.sleep(0.02)


def differences(home):
    """Between the current edition and the books."""
    from quipu.actions.compare import compare

    return compare(home, home.current())


def head():
    from quipu.books import post

    return post.head().position


def test_what_is_posted_is_published_by_itself(sqlite_ledger):
    home = Home(sqlite_ledger.home)
    sqlite_ledger.post(BOOKS)
    with following(sqlite_ledger) as process:
        for n in range(3):
            transfer(sqlite_ledger, n)
            until(home, head())
        assert process.poll() is None
    assert differences(home) == []


def test_a_publication_killed_at_any_moment_leaves_the_edition_whole_and_loses_nothing(ledger, request):
    kills = 100 if request.config.getoption("--long") else 1
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # shown where the test fails
    delays = random.Random(seed)
    home = Home(ledger.home)
    ledger.post(BOOKS)
    torn = 0
    for n in range(kills):
        with following(ledger) as process:
            before = position(home)
            transfer(ledger, n, "kill")
            time.sleep(delays.uniform(0.0, 1.2))
            kill(process)
        torn += position(home) == before
        assert load(home, home.current()).position <= head()
        assert Edition(home, home.current()).rows("SELECT count(*) FROM pages") == [(3,)]
        assert differences(home) == []
    with following(ledger):
        until(home, head())
    assert differences(home) == []
    net = Edition(home, home.current()).rows(
        "SELECT sum(value) FROM facts WHERE project = '0002' AND movement = 'transfer'"
    )
    assert net == [(200_000 + kills * (kills + 1) // 2,)]
    assert torn or kills < 50, "some were killed before they had published"


def test_what_a_killed_publication_leaves_behind_is_swept_up_by_the_next(tmp_path):
    home = Home(tmp_path)
    home.prepare()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead, alive = (home.cache / f"build-{pid}-x" for pid in (ended.pid, os.getpid()))
    for folder in (dead, alive):
        folder.mkdir()
    make.publish(home, [])
    assert (dead.exists(), alive.exists()) == (False, True)


def test_books_that_do_not_stand_are_told_and_not_published(sqlite_ledger, monkeypatch):
    from quipu.actions import follow

    home = Home(sqlite_ledger.home)
    sqlite_ledger.post(BOOKS)
    with sqlite_ledger.connect() as connection:
        seal = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'books_entry'"
        ((trigger,), *_) = connection.execute(seal).fetchall()
        connection.execute(f"DROP TRIGGER {trigger}")
    monkeypatch.setattr(follow, "REST", 0)
    told, looks = [], iter([True, False])
    follow.follow(home, lambda: next(looks), told.append)
    assert len(told) == 1
    assert "seals do not stand" in told[0]
    assert home.current() is None


def test_what_is_posted_while_pages_are_served_is_on_them_a_moment_later(sqlite_ledger):
    home = Home(sqlite_ledger.home)
    sqlite_ledger.post(BOOKS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-P", "-m", "quipu", "serve", "--home", str(home.root), "--port", str(port)]
    environment = {**os.environ, **sqlite_ledger.environment, "PYTHONPATH": str(ROOT / "src")}
    server = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        wait_for(port, "V-000101")
        transfer(sqlite_ledger, 1, "LIVE")
        wait_for(port, "LIVE-1")
        server.terminate()
        server.wait(PATIENCE)
    finally:
        kill(server)


def wait_for(port, words):
    """Reads a project's page until it says so."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/project/0002", timeout=PATIENCE) as page:
                if words in page.read().decode():
                    return
        except OSError:  # it has not begun to listen
            pass
        assert time.monotonic() < limit, f"{words} is not on the page"
        time.sleep(0.1)


def test_what_is_marked_public_at_the_desk_is_published_by_itself_and_once(sqlite_ledger):
    from quipu.actions import follow
    from quipu.actions.write_section import write_section

    home = Home(sqlite_ledger.home)
    sqlite_ledger.post(BOOKS)
    told = {"by": "me", "kind": "project", "code": "0002", "section": "overview", "language": "en"}
    with following(sqlite_ledger):
        before = home.current()
        write_section(**told, text="A draft.")
        time.sleep(1)
        assert home.current() == before
        write_section(**told, text="Told to everybody.", is_public=True)
        limit = time.monotonic() + PATIENCE
        while home.current() == before:
            assert time.monotonic() < limit
            time.sleep(0.02)
        time.sleep(1)
        assert home.current() == before + 1
    edition = Edition(home, home.current())
    assert "Told to everybody." in str(edition.rows("SELECT texts FROM pages"))
    assert "A draft." not in str(edition.rows("SELECT texts FROM pages"))
    assert load(home, home.current()).history > 0
    assert not follow._has_moved_on(home)


def test_looking_whether_anything_moved_on_asks_history_one_question_along_its_index(sqlite_ledger):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.actions import follow, publish

    home = Home(sqlite_ledger.home)
    sqlite_ledger.post(BOOKS)
    publish.publish(home, None)
    follow._has_moved_on(home)
    with CaptureQueriesContext(connection) as asked:
        assert not follow._has_moved_on(home)
    *_, last = asked.captured_queries
    assert [each["sql"] for each in asked.captured_queries if "books_history" in each["sql"]] == [last["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {last['sql']}")
        assert "history_public" in str(cursor.fetchall())
