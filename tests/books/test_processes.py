"""Many processes at one ledger: each key stands once, numbers have no gaps, and what was acknowledged outlives a kill."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import ledgers
from tests.books.test_post import DECLARED
from tests.conftest import ROOT

# A process that has loaded Django once and forks a writer for each line it is told, as a web server forks its workers.
# A writer begins at a moment, posts keys one at a time, and keeps each that was acknowledged in a log.
WRITERS = r"""
import json, os, sys, time, traceback
from pathlib import Path
from quipu.books import database
home = Path(sys.argv[1])
database.start(home)
database.open_books()
from django.db import connections
from quipu.books import post
from quipu.rules import journal
from quipu.rules.findings import Refused
post.post(journal.read("", "warm"), by="tester")
connections.close_all()

def write(name, first, count, begin, lines, amount):
    log = os.open(home / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while time.time() < begin:
        time.sleep(0.0005)
    for n in range(first, first + count):
        key = f"{name}-{n}" if count > 1 else name.partition(".")[0]
        text = f"2012-01-10 deposit ^{key}\n" + f"    deposit F1 < CL {amount} under AG\n" * lines
        try:
            (receipt,) = post.post(journal.read(text, "test"), by="tester", strict=False).receipts
            said = f"{key} {receipt.position} {receipt.is_new}\n"
        except Refused as refused:
            said = f"{key} refused {' '.join(map(str, refused.findings))}\n"
        os.write(log, said.encode())
        os.fsync(log)

print("ready", flush=True)
for line in sys.stdin:
    if line == "wait\n":
        codes = []
        while True:
            try:
                codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
            except ChildProcessError:
                break
        print(json.dumps(codes), flush=True)
        continue
    child = os.fork()
    if child:
        print(child, flush=True)
        continue
    code = 1
    try:
        write(**json.loads(line))
        code = 0
    except BaseException:
        traceback.print_exc()
    os._exit(code)
"""


@dataclass
class Writers:
    """The forking process of a test."""

    home: Path
    process: subprocess.Popen

    def begin(self, name, *, count, at, first=1, lines=2, amount="10.00"):
        """Starts a writer and answers its process's number."""
        told = {"name": name, "first": first, "count": count, "begin": at, "lines": lines, "amount": amount}
        return int(self._ask(json.dumps(told)))

    def finish(self):
        """Waits for all writers and answers how they ended."""
        return json.loads(self._ask("wait"))

    def _ask(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def acknowledged(self, name):
        """What a writer's log holds: (key, position, is it new) for what was posted, the words of a refusal else."""
        log = self.home / f"{name}.log"
        found = []
        for line in log.read_text().splitlines() if log.exists() else []:
            key, answer, rest = line.split(" ", 2)
            found.append((key, answer, rest) if answer == "refused" else (key, int(answer), rest == "True"))
        return found

    def wait_for(self, name):
        """Until something of a writer was acknowledged."""
        until = time.time() + 60
        while not self.acknowledged(name) and time.time() < until:
            time.sleep(0.001)


@contextmanager
def writers(ledger):
    command = [sys.executable, "-P", "-c", WRITERS, str(ledger.home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **ledger.environment}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        yield Writers(ledger.home, process)
        process.stdin.close()


@pytest.fixture(scope="module")
def _made():
    """Books and their writers by engine: one process for this file, because Django takes a second to load."""
    with ExitStack() as stack:
        yield {}, stack


@pytest.fixture(params=ledgers.ENGINES)
def books(request, _made, _books_template, tmp_path_factory, worker_id):
    """Books that all tests here write to, each under keys of its own, and their writers."""
    from quipu.settings import books_in

    made, stack = _made
    engine = request.param
    if engine in made:
        ledger = made[engine][0]
        ledgers._point(books_in(ledger.url, ledger.home / "books.sqlite3"))
        return made[engine]
    home = tmp_path_factory.mktemp("processes") / "books"
    if engine == "sqlite":
        ledger = ledgers.sqlite(_books_template, home)
    else:
        ledger = ledgers.postgresql(request.getfixturevalue("postgres_folder"), home, worker_id)
    ledger.post(DECLARED)
    made[engine] = ledger, stack.enter_context(writers(ledger))
    return made[engine]


def soon():
    return time.time() + 0.15


def links(prefix=""):
    """The chain's links, or those under keys of one test."""
    from quipu.books import models

    found = models.Posting.objects.filter(key__startswith=prefix).order_by("position")
    return list(found.values("position", "number", "key", "lines", "recorded_at"))


def entries_of_links():
    """How many entries stand under each key."""
    from django.db.models import Count

    from quipu.books import models

    return dict(models.Posting.objects.annotate(entries_there=Count("entries")).values_list("key", "entries_there"))


def assert_whole(*, replay=False):
    """Numbers without gaps, moments that never go back, no voucher by half, and a chain that verifies."""
    from quipu.books import verify

    there = links()
    assert [link["position"] for link in there] == list(range(1, len(there) + 1))
    assert [link["number"] for link in there] == list(range(1, len(there) + 1))
    recorded = [link["recorded_at"] for link in there]
    assert recorded == sorted(recorded)
    assert entries_of_links() == {link["key"]: link["lines"] for link in there}
    assert verify.verify(replay=replay).faults == []


def test_the_same_key_from_two_processes_at_one_moment_is_posted_once(books):
    _, pair = books
    begin = soon()
    for n in range(6):
        for side in "ab":
            pair.begin(f"same{n}.{side}", count=1, at=begin + n * 0.04)
    assert pair.finish() == [0] * 12
    for n in range(6):
        (one,), (other,) = (pair.acknowledged(f"same{n}.{side}") for side in "ab")
        assert one[:2] == other[:2]
        assert {one[2], other[2]} == {True, False}
    assert sorted(link["key"] for link in links("same")) == [f"same{n}" for n in range(6)]
    assert_whole()


def test_a_key_with_other_content_from_two_processes_at_one_moment_is_posted_once_and_refused_once(books):
    from quipu.books import models

    _, pair = books
    begin = soon()
    for n in range(6):
        for side, amount in (("a", "10.00"), ("b", "20.00")):
            pair.begin(f"other{n}.{side}", count=1, at=begin + n * 0.04, amount=amount)
    assert pair.finish() == [0] * 12
    for n in range(6):
        answers = {side: pair.acknowledged(f"other{n}.{side}")[0] for side in "ab"}
        (posted,) = [side for side, answer in answers.items() if answer[2] is True]
        (refused,) = [answer for answer in answers.values() if answer[1] == "refused"]
        assert f"what ^other{n} says in the ledger" in refused[2]
        amounts = set(models.Entry.objects.filter(posting__key=f"other{n}").values_list("amount", flat=True))
        assert amounts == {1_000 if posted == "a" else 2_000}
    assert_whole()


def test_four_writers_post_fifty_vouchers_each_in_one_chain_without_gaps(books):
    _, four = books
    names = ("north", "south", "east", "west")
    begin = soon()
    for name in names:
        four.begin(name, count=50, at=begin)
    assert four.finish() == [0] * 4
    acknowledged = [one for name in names for one in four.acknowledged(name)]
    assert len(acknowledged) == 200
    assert all(is_new for _, _, is_new in acknowledged)
    there = {link["position"]: link["key"] for name in names for link in links(f"{name}-")}
    assert there == {position: key for key, position, _ in acknowledged}
    assert_whole()


def test_what_was_acknowledged_outlives_a_kill_and_nothing_is_posted_by_half(books, request):
    ledger, one = books
    kills = 100 if request.config.getoption("--long") else 6
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # shown where the test fails
    delays = random.Random(seed)
    posting, before = 0, len(links())
    for n in range(kills):
        name, lines = f"kill{n}", 1 + n % 5 * 4
        process = one.begin(name, count=100_000, at=time.time(), lines=lines)
        if n % 2:  # the others may be killed before anything was acknowledged
            one.wait_for(name)
        time.sleep(delays.uniform(0.0, 0.12))
        os.kill(process, signal.SIGKILL)
        settle(ledger)
        acknowledged = one.acknowledged(name)
        mine = links(f"{name}-")
        stands = {link["key"]: link["position"] for link in mine}
        assert [key for key, position, _ in acknowledged if stands.get(key) != position] == []
        assert len(acknowledged) <= len(mine) <= len(acknowledged) + 1, "at most one was not acknowledged yet"
        assert {link["lines"] for link in mine} <= {lines}
        assert len(links()) == before + len(mine)
        posting += len(acknowledged) > 0
        (receipt,) = ledger.post(f"2012-01-11 deposit ^after{n}\n    deposit F1 < CL 1.00 under AG\n").receipts
        assert (receipt.is_new, receipt.position) == (True, before + len(mine) + 1)
        before = receipt.position
    assert one.finish() == [-signal.SIGKILL] * kills
    assert posting >= kills // 2, "these were killed while they were posting"
    assert_whole(replay=True)


def settle(ledger):
    """PostgreSQL ends what a killed client was doing in its own time: the chain is locked until then."""
    books = ledger.connect()
    try:
        books.execute("SELECT id FROM books_chain FOR UPDATE" if ledger.engine == "postgresql" else "BEGIN IMMEDIATE")
    finally:
        books.close()
