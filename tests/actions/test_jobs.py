"""Background work: a job whose worker is killed runs again, and takes effect once, however often that happens."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from quipu.rules.findings import Refused
from tests.actions import working
from tests.conftest import ROOT

PATIENCE = 60
STARTER = """
import os, subprocess, sys
print(subprocess.Popen([*sys.argv[1:], "--parent", str(os.getpid())]).pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _jobs(monkeypatch, _books_template):
    from django.conf import settings

    monkeypatch.setattr(settings, "JOBS", {**settings.JOBS, **working.JOBS})


def effects():
    from quipu.books import models

    return Counter(models.Verification.objects.values_list("head", flat=True))


def states():
    from django_tasks_db.models import DBTaskResult

    return Counter(DBTaskResult.objects.values_list("status", flat=True))


def until(true, said="it did not come to that"):
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, f"{said}: {states()}"
        time.sleep(0.02)


def expected(count):
    return Counter(f"{n}{part}" for n in range(count) for part in "ab")


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_workers_lose_nothing_and_do_nothing_twice(ledger, request, seed):
    from quipu.actions import jobs

    count, chance = 50 if request.config.getoption("--long") else 12, random.Random(seed)
    for number in range(count):
        jobs.queue("add", key=f"add {number}", number=number, rest=0.04)
    killed = 0
    with working.nursery(ledger, lease=0.6, deaths=10_000) as nursery:  # here killing is nobody's fault
        for _ in range(2):
            nursery.worker()
        while states()["SUCCESSFUL"] < count:
            time.sleep(chance.uniform(0.05, 0.5))
            nursery.kill_one(chance)
            killed += 1
            assert states()["FAILED"] == 0
            assert killed < 40 * count
    assert effects() == expected(count)
    assert killed > 2
    assert states() == {"SUCCESSFUL": count}


def test_a_job_queued_twice_under_one_key_takes_effect_once(ledger):
    from quipu.actions import jobs

    for _ in range(2):
        jobs.queue("add", key="the same", number=0)
    worker = jobs.Worker()
    assert worker.step()
    assert worker.step()
    assert not worker.step()
    assert effects() == expected(1)


def test_what_is_queued_in_a_transaction_that_fails_is_not_queued(ledger):
    from quipu.actions import history, jobs

    def act():
        with history.whole():
            jobs.queue("add", number=0)
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        act()
    assert not jobs.Worker().step()


def test_what_takes_long_waits_for_what_somebody_waits_for(ledger):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs

    jobs.queue("wait", seconds=0, priority=jobs.LAST)
    jobs.queue("add", number=1)
    assert jobs.Worker().step()
    assert DBTaskResult.objects.get(status="SUCCESSFUL").task_path.endswith("add")


def test_two_workers_share_the_work(ledger):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs

    for number in range(10):
        jobs.queue("add", number=number, rest=0.05)
    with working.nursery(ledger, lease=30) as nursery:
        for _ in range(2):
            nursery.worker()
        until(lambda: states()["SUCCESSFUL"] == 10)
    assert effects() == expected(10)
    ran = [ids for (ids,) in DBTaskResult.objects.values_list("worker_ids")]
    assert all(len(ids) == 1 for ids in ran)
    assert len({ids[0] for ids in ran}) == 2


def test_a_long_job_keeps_its_lease_and_nobody_else_takes_it(ledger):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs

    jobs.queue("wait", seconds=2.5)
    with working.nursery(ledger, lease=0.9) as nursery:
        for _ in range(2):
            nursery.worker()
        until(lambda: states()["SUCCESSFUL"] == 1)
    assert len(DBTaskResult.objects.get().worker_ids) == 1


def test_a_lease_holds_until_its_moment_and_not_after(ledger):
    from quipu.actions import jobs
    from quipu.books import models

    jobs.queue("add", number=0)
    first, second = jobs.Worker(lease=30), jobs.Worker(lease=30)
    assert first._take() is not None
    assert second._take() is None
    models.Lease.objects.update(until=datetime.now(UTC) + timedelta(seconds=5))
    assert second._take() is None
    models.Lease.objects.update(until=datetime.now(UTC) - timedelta(seconds=1))
    assert second._take() is not None
    assert models.Lease.objects.get().worker == second.name


def test_a_worker_that_lost_its_lease_says_nothing_of_the_job(ledger):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs
    from quipu.books import models

    jobs.queue("wait", seconds=0)
    slow = jobs.Worker()
    job = slow._take()
    models.Lease.objects.update(worker="another")
    slow._end(job, lambda: job.set_failed(ValueError("late")))
    assert DBTaskResult.objects.get().status == "RUNNING"


def test_a_worker_that_ends_gives_its_job_back_at_once(ledger):
    from quipu.actions import jobs

    jobs.queue("add", number=0)
    ending, next_one = jobs.Worker(lease=30), jobs.Worker(lease=30)
    ending.job = str(ending._take().pk)
    ending.give_back()
    assert next_one._take() is not None


def test_what_fails_is_kept_with_its_error_and_runs_again_when_that_is_asked_for(ledger):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs
    from quipu.books import models

    told = []
    number = jobs.queue("fail")
    worker = jobs.Worker()
    assert worker.step(told.append)
    assert told == ["tests.actions.work.fail failed: ValueError: no luck"]
    assert "no luck" in DBTaskResult.objects.get().traceback
    assert not worker.step()
    jobs.run_again(by="somebody", job=number)
    assert models.History.objects.get().verb == "run again"
    assert worker.step()
    assert states() == {"FAILED": 1}


def test_only_what_failed_runs_again(ledger):
    from quipu.actions import jobs

    number = jobs.queue("wait", seconds=0)
    with pytest.raises(Refused):
        jobs.run_again(by="somebody", job=number)
    assert jobs.Worker().step()
    with pytest.raises(Refused):
        jobs.run_again(by="somebody", job=number)


def test_what_is_put_off_waits_and_is_not_a_failure(ledger):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs

    jobs.queue("later")
    worker = jobs.Worker()
    assert worker.step()
    assert not worker.step()
    assert DBTaskResult.objects.get().status == "READY"
    DBTaskResult.objects.update(run_after=datetime.now(UTC))
    assert worker.step()


def test_a_job_that_kills_every_worker_counts_as_failed_in_the_end(ledger):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs

    jobs.queue("die")
    with working.nursery(ledger, lease=0.3) as nursery:
        for _ in range(jobs.DEATHS):
            pid = nursery.worker()
            until(lambda pid=pid: not os.path.exists(f"/proc/{pid}"))
        nursery.worker()
        until(lambda: states()["FAILED"] == 1)
    assert "WorkerDied" in DBTaskResult.objects.get().exception_class_path


def test_the_command_works_ends_when_asked_and_ends_with_whoever_started_it(sqlite_ledger):
    from quipu.actions import jobs

    environment = {**os.environ, **sqlite_ledger.environment, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-m", "quipu", "worker", "--lease", "1"]
    jobs.queue("add", number=0)
    running = subprocess.Popen(command, env=environment)
    until(lambda: states()["SUCCESSFUL"] == 1)
    running.send_signal(signal.SIGTERM)
    assert running.wait(10) == 0

    jobs.queue("wait", seconds=30)
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTER, *command],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(parent.stdout.readline())
    until(lambda: states()["RUNNING"] == 1)
    parent.kill()
    parent.wait()
    until(lambda: not alive(child), "the worker did not end")


def alive(pid):
    """Whether it runs still, and is not only waiting for somebody to note its end."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
