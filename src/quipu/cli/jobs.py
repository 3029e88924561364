"""Background work from a terminal: a worker beside the web processes."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from quipu.books import database
from quipu.cli.options import DEFAULT_HOME, HomeOption
from quipu.cli.printing import errors
from quipu.edition.home import Home

app = typer.Typer()
REST = 5.0  # seconds while there are no books to work with
ROUND = 10.0  # seconds between two looks at schedules and letters
LOOK = 0.5  # between two looks at whoever started this


@app.command()
def worker(
    home: HomeOption = DEFAULT_HOME,
    parent: Annotated[int, typer.Option(hidden=True, help="Ends with this process.")] = 0,
    lease: Annotated[float, typer.Option(hidden=True, help="Seconds that a job is held without renewing.")] = 30.0,
) -> None:
    """Do what is queued and what is due: mails, checks of the night, sweeping. Any number may run side by side."""
    Worker(home, parent, lease).run()


class Worker:
    """The process: it ends after the job in hand when it is asked to, and at once when whoever started it is gone."""

    def __init__(self, home: Path, parent: int, lease: float) -> None:
        self.home, self.parent, self.lease = home, parent, lease
        self.stopped = threading.Event()
        self.due = 0.0

    def run(self) -> None:
        """Waits for books, then works."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        os.environ["QUIPU_HOME"] = str(self.home)
        if not self._wait():
            return
        from quipu.actions import jobs, letters, nightly  # noqa: PLC0415 - models need Django's settings

        def look() -> None:
            """What is due, and what the public sent, a few times a minute."""
            if time.monotonic() >= self.due:
                self.due = time.monotonic() + ROUND
                nightly.look()
                letters.notice()

        working = jobs.Worker(lease=self.lease, look=look)
        threading.Thread(target=self._watch, args=[working], daemon=True).start()
        with jobs.present(Home(self.home)):
            working.run(lambda: not self.stopped.is_set(), _tell)

    def _stop(self) -> None:
        if self.stopped.is_set():  # asked twice
            os._exit(1)
        self.stopped.set()

    def _wait(self) -> bool:
        """Until books are here that can be worked with; False where the process is to end before."""
        told = ""
        while not self._is_over():
            try:
                if database.found(self.home):
                    database.open_books()
                    return True
            except database.NoBooks as error:
                if str(error) != told:
                    told = str(error)
                    _tell(told)
            for _ in range(int(REST / LOOK)):
                if self._is_over():
                    return False
                time.sleep(LOOK)
        return False

    def _is_over(self) -> bool:
        return self.stopped.is_set() or self.parent not in (0, os.getppid())

    def _watch(self, working: Any) -> None:
        """Beside the job in hand: whoever started this may be gone."""
        while self.parent in (0, os.getppid()):
            time.sleep(LOOK)
        try:
            working.give_back()
        finally:
            os._exit(0)


def _tell(said: str) -> None:
    errors.print(said, highlight=False, markup=False, soft_wrap=True)
