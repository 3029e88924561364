"""Workers of the tests: a nursery that has loaded everything and makes real worker processes quickly."""

import os
import random
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress

from tests.conftest import ROOT

NURSERY = r"""
import os, sys, signal
from pathlib import Path
from quipu.books import database
database.start(Path(sys.argv[1]))
lease = float(sys.argv[2])
import tests.actions.work
from quipu.actions import jobs
print("ready", flush=True)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        sys.stdin.close()
        jobs.REST, jobs.DEATHS = 0.05, int(sys.argv[3])
        parent = os.getppid()
        jobs.Worker(lease=lease).run(lambda: parent == os.getppid(), lambda said: print(said, file=sys.stderr, flush=True))
        os._exit(0)
    print(child, flush=True)
"""
JOBS = {
    "add": "tests.actions.work.add",
    "fail": "tests.actions.work.fail",
    "wait": "tests.actions.work.wait",
    "later": "tests.actions.work.later",
    "die": "tests.actions.work.die",
}


class Nursery:
    """Makes workers."""

    def __init__(self, process):
        self.process = process
        self.pids = []

    def worker(self):
        """One more; its process id."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        self.pids.append(pid)
        return pid

    def kill(self, pid):
        """Without a word."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.pids.remove(pid)

    def kill_one(self, chance: random.Random):
        """Any of them, and another takes its place."""
        self.kill(chance.choice(self.pids))
        self.worker()


@contextmanager
def nursery(ledger, lease=1.0, deaths=5):
    """Workers over a ledger; all gone at the end."""
    process = subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(ledger.home), str(lease), str(deaths)],
        env={**os.environ, **ledger.environment, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "ready\n"
        made = Nursery(process)
        yield made
    finally:
        for pid in list(made.pids):
            made.kill(pid)
        process.kill()
        process.wait()
