"""Many processes at one ledger: each key stands once, numbers have no gaps, and what was acknowledged outlives a kill."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

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
codes = []
while True:
    try:
        codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
    except ChildProcessError:
        break
print(json.dumps(sorted(codes)))
"""


@dataclass
class Writers:
    """The forking process of a test."""

    home: Path
    process: subprocess.Popen
    codes: list[int] = field(default_factory=list)  # how the writers ended, once all have

    def begin(self, name, *, count, at, first=1, lines=2, amount="10.00"):
        """Starts a writer and answers its process's number."""
        told = {"name": name, "first": first, "count": count, "begin": at, "lines": lines, "amount": amount}
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def acknowledged(self, name):
        """What a writer's log holds: (key, position, is it new) for what was posted, the words of a refusal else."""
        log = self.home / f"{name}.log"
        found = []
        for line in log.read_text().splitlines() if log.exists() else []:
            key, answer, rest = line.split(" ", 2)
            found.append((key, answer, rest) if answer == "refused" else (key, int(answer), rest == "True"))
        return found

    def finish(self):
        """Waits for all writers."""
        said, errors = self.process.communicate(timeout=120)
        self.codes = json.loads(said.splitlines()[-1])
        assert errors == ""


@contextmanager
def writers(ledger) -> Iterator[Writers]:
    command = [sys.executable, "-P", "-c", WRITERS, str(ledger.home)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **ledger.environment}
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "ready\n"
        made = Writers(ledger.home, process)
        try:
            yield made
        finally:
            if process.poll() is None:
                process.kill()


def soon():
    return time.time() + 0.15


def links():
    from quipu.books import models

    return list(models.Posting.objects.order_by("position").values("position", "number", "key", "lines", "recorded_at"))


def entries_of_links():
    """How many entries stand under each key."""
    from django.db.models import Count

    from quipu.books import models

    return dict(models.Posting.objects.annotate(entries_there=Count("entries")).values_list("key", "entries_there"))


def assert_whole(*, replay):
    from quipu.books import verify

    there = links()
    assert [link["position"] for link in there] == list(range(1, len(there) + 1))
    assert [link["number"] for link in there] == list(range(1, len(there) + 1))
    recorded = [link["recorded_at"] for link in there]
    assert recorded == sorted(recorded)
    assert verify.verify(replay=replay).faults == []


def test_the_same_key_from_two_processes_at_one_moment_is_posted_once(ledger):
    ledger.post(DECLARED)
    with writers(ledger) as pair:
        begin = soon()
        for n in range(8):
            for side in "ab":
                pair.begin(f"K{n}.{side}", count=1, at=begin + n * 0.04)
        pair.finish()
        assert pair.codes == [0] * 16
        for n in range(8):
            (one,), (other,) = (pair.acknowledged(f"K{n}.{side}") for side in "ab")
            assert one[:2] == other[:2]
            assert {one[2], other[2]} == {True, False}
    assert sorted(link["key"] for link in links()) == [f"K{n}" for n in range(8)]
    assert_whole(replay=False)


def test_a_key_with_other_content_from_two_processes_at_one_moment_is_posted_once_and_refused_once(ledger):
    from quipu.books import models

    ledger.post(DECLARED)
    with writers(ledger) as pair:
        begin = soon()
        for n in range(8):
            for side, amount in (("a", "10.00"), ("b", "20.00")):
                pair.begin(f"K{n}.{side}", count=1, at=begin + n * 0.04, amount=amount)
        pair.finish()
        assert pair.codes == [0] * 16
        for n in range(8):
            answers = {side: pair.acknowledged(f"K{n}.{side}")[0] for side in "ab"}
            (posted,) = [side for side, answer in answers.items() if answer[2] is True]
            (refused,) = [answer for answer in answers.values() if answer[1] == "refused"]
            assert re.search(rf"\^K{n} says in the ledger", refused[2])
            amounts = set(models.Entry.objects.filter(posting__key=f"K{n}").values_list("amount", flat=True))
            assert amounts == {1_000 if posted == "a" else 2_000}
    assert_whole(replay=False)


def test_four_writers_post_fifty_vouchers_each_in_one_chain_without_gaps(ledger):
    ledger.post(DECLARED)
    names = ("north", "south", "east", "west")
    with writers(ledger) as four:
        begin = soon()
        for name in names:
            four.begin(name, count=50, at=begin)
        four.finish()
        assert four.codes == [0] * 4
        acknowledged = [one for name in names for one in four.acknowledged(name)]
    assert len(acknowledged) == 200
    assert all(is_new for _, _, is_new in acknowledged)
    assert {link["position"]: link["key"] for link in links()} == {position: key for key, position, _ in acknowledged}
    writers_in_order = [link["key"].split("-")[0] for link in links()]
    assert writers_in_order != sorted(writers_in_order, key=names.index), "they took turns"
    assert set(entries_of_links().values()) == {2}
    assert_whole(replay=True)


def test_what_was_acknowledged_outlives_a_kill_and_nothing_is_posted_by_half(ledger, request):
    kills = 100 if request.config.getoption("--long") else 6
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # shown where the test fails
    delays = random.Random(seed)
    ledger.post(DECLARED)
    cut_short, before = 0, 0
    with writers(ledger) as one:
        for n in range(kills):
            name, begin = f"k{n}", time.time() + 0.02
            process = one.begin(name, count=100_000, at=begin, lines=1 + n % 5 * 10)
            time.sleep(max(0, begin - time.time()) + delays.uniform(0.0, 0.3))
            os.kill(process, signal.SIGKILL)
            settle(ledger)
            acknowledged = one.acknowledged(name)
            there = links()
            mine = [link for link in there if link["key"].startswith(f"{name}-")]
            stands = {link["key"]: link["position"] for link in mine}
            assert [key for key, position, _ in acknowledged if stands.get(key) != position] == []
            assert len(acknowledged) <= len(mine) <= len(acknowledged) + 1, "at most one was not acknowledged yet"
            cut_short += len(acknowledged) > 0
            assert {link["lines"] for link in mine} <= {1 + n % 5 * 10}
            assert len(there) == before + len(mine)
            (receipt,) = ledger.post(f"2012-01-11 deposit ^after-{n}\n    deposit F1 < CL 1.00 under AG\n").receipts
            assert (receipt.is_new, receipt.position) == (True, len(there) + 1)
            before = receipt.position
        one.finish()
        assert one.codes == [-signal.SIGKILL] * kills
    assert cut_short >= kills // 2, "most were killed while they were posting"
    assert entries_of_links() == {link["key"]: link["lines"] for link in links()}
    assert_whole(replay=True)


def settle(ledger):
    """PostgreSQL ends what a killed client was doing in its own time: the chain is locked until then."""
    books = ledger.connect()
    try:
        if ledger.engine == "postgresql":
            books.execute("SELECT id FROM books_chain FOR UPDATE")
        else:
            books.execute("BEGIN IMMEDIATE")
            books.execute("COMMIT")
    finally:
        books.close()
