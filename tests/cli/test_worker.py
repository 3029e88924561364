"""`serve` runs the worker beside the web processes: started anew when it is killed, gone when serve is."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from tests.actions import working
from tests.actions.test_jobs import alive, states, until
from tests.conftest import ROOT


def workers_of(parent):
    """Process ids of the workers that a serve process started."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError):
                with open(f"/proc/{name}/cmdline", "rb") as words:
                    said = words.read().split(b"\0")
                if b"worker" in said and str(parent).encode() in said and alive(int(name)):
                    found.append(int(name))
    return found


@pytest.fixture
def serve(sqlite_ledger, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "JOBS", {**settings.JOBS, **working.JOBS})
    sqlite_ledger.post('fund F "Fund"\n    currency: USD\n')
    started = []

    def serve(*words):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "quipu", "serve", "--port", str(port), "--workers", "1", *words]
        environment = {**os.environ, **sqlite_ledger.environment, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
        started.append(process)
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return process
            time.sleep(0.1)
        raise AssertionError("nothing is served")

    yield serve
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_serve_works_in_the_background_starts_a_killed_worker_anew_and_takes_it_along(serve):
    from quipu.actions import jobs

    process = serve()
    until(lambda: len(workers_of(process.pid)) == 1)
    jobs.queue("wait", seconds=0)
    until(lambda: states()["SUCCESSFUL"] == 1)

    (first,) = workers_of(process.pid)
    os.kill(first, signal.SIGKILL)
    until(lambda: workers_of(process.pid) not in ([], [first]))
    jobs.queue("wait", seconds=0)
    until(lambda: states()["SUCCESSFUL"] == 2)

    (second,) = workers_of(process.pid)
    process.kill()
    process.wait()
    until(lambda: not alive(second), "the worker outlived serve")


def test_in_production_they_are_two_commands(serve):
    process = serve("--no-worker")
    time.sleep(1)
    assert workers_of(process.pid) == []


def test_serve_ends_when_it_is_asked_to_and_takes_the_worker_along(serve):
    process = serve()
    until(lambda: len(workers_of(process.pid)) == 1)
    (worker,) = workers_of(process.pid)
    process.terminate()
    assert process.wait(30) == 0
    until(lambda: not alive(worker), "the worker outlived serve")


@pytest.mark.long
def test_a_job_killed_under_serve_runs_again_within_a_minute(serve):
    from quipu.actions import jobs

    process = serve()
    until(lambda: len(workers_of(process.pid)) == 1)
    jobs.queue("add", number=0, rest=3)
    until(lambda: states()["RUNNING"] == 1)
    time.sleep(4)  # in the middle of its effect
    os.kill(workers_of(process.pid)[0], signal.SIGKILL)
    began = time.monotonic()
    until(lambda: states()["SUCCESSFUL"] == 1)
    assert time.monotonic() - began < 60
