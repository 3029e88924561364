"""Publish now: a person makes an edition. It takes minutes for a large house, so a worker does it, and tells how far it is.

Where no worker lives, a process of its own does it.
"""

import fcntl
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django_tasks import TaskResultStatus as Status
from django_tasks import task
from django_tasks_db.models import DBTaskResult as Job

from quipu.actions import history, jobs
from quipu.actions.answer_finding import unanswered
from quipu.actions.history import Thing
from quipu.actions.publish import publish
from quipu.books import models
from quipu.edition.home import Home, write_atomically
from quipu.edition.make import Progress
from quipu.edition.manifest import load
from quipu.edition.quality import Case
from quipu.rules.findings import Finding, Refused

NAME = "publishing.json"  # in the cache: how far it is
LOCK, DECIDING = ".publishing", ".deciding"
STARTS = 60  # seconds that a process may take to begin
SOON = 5.0  # seconds until a job looks again whether another publication is done
KILLED = "killed"


@dataclass(frozen=True, slots=True)
class State:
    """A publication by hand. step: what is being made; edition: 0 until it is there; trouble: why it failed.

    job: its number, "" for one in a process of its own. base: the edition that it comes after. waits: for a worker to
    take it. runs: it waits or is being made. is_alone: it waits and no worker lives.
    """

    by: str
    began: str
    step: str = ""
    edition: int = 0
    trouble: str = ""
    job: str = ""
    base: int = 0
    waits: bool = False
    runs: bool = False
    is_alone: bool = False


def publish_now(
    home: Home,
    *,
    by: str,
    cases: Sequence[Case],
    seen: int | None = None,
    reason: str = "",
    start: Callable[..., Any] | None = None,
) -> None:
    """Has a publication made. cases: the quality list, which whoever asks wants answered first. Raises Refused.

    seen: the edition that was current when it was decided, 0 for none; None takes whatever stands.
    """
    home.prepare()
    with _alone(home):
        if seen is not None and seen != (home.current() or 0):
            raise Refused(Finding("publication-meanwhile", "", str(home.current())))
        if left := unanswered(cases):
            raise Refused(Finding("quality-unanswered", "", str(len(left))))
        if (now := state(home)) is not None and now.runs:
            raise Refused(Finding("publication-runs", "", history.name_of(now.by)))
        if start is None and jobs.is_present(home):
            _queue(home, by, reason)
        else:
            _keep(home, State(by, _now()))
            (start or _start)(home, by, reason)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Two who decide at once do so one after the other, and the second sees what the first one began."""
    with (home.cache / DECIDING).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _queue(home: Home, by: str, reason: str) -> None:
    began, base = _now(), home.current() or 0
    with history.whole():  # the worker sees the job once this is committed, and finds it told
        job = jobs.queue("publish", key=f"publish {base} {began} {by}", by=by, reason=reason, began=began, base=base)
        _keep(home, State(by, began, job=job, base=base))


@task()  # type: ignore[untyped-decorator]
def publish_queued(*, by: str, reason: str, began: str, base: int, key: str) -> int | None:
    """What a worker does. Run again after a worker was killed, it takes an edition that it made as done."""
    home = Home(Path(settings.HOME))
    if jobs.is_done(key):
        return None
    told = _read(home)
    mine = told if told is not None and told.began == began and told.by == by else State(by, began, base=base)
    try:
        return int(run(home, by=by, reason=reason, told=replace(mine, edition=0, trouble=""), key=key)["edition"])
    except Refused as refused:  # of a terminal, for instance: afterwards it is this one's turn
        raise jobs.Later(SOON, str(refused)) from None


def _start(home: Home, by: str, reason: str) -> None:
    words = ["publish", "--home", str(home.root), "--by", by, *(["--reason", reason] if reason else [])]
    subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "quipu", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the web process may be stopped meanwhile
    )


def run(home: Home, *, by: str, reason: str = "", told: State | None = None, key: str = "") -> dict[str, Any]:
    """The publication itself; told in HOME/cache, and kept in history when it is done.

    told: what is known of it so far; one that had begun, and after which an edition stands, is not made again. key: of a
    job, which takes effect once. Raises what `publish` raises, and Refused where another one runs.
    """
    home.prepare()
    with _running(home):
        known = told or State(by, _now())

        def step(name: str) -> None:
            _keep(home, replace(known, step=name))

        current = home.current()
        if known.job and known.step and current is not None and current != known.base:
            made: dict[str, Any] = {"edition": current, "content": load(home, current).content}
        else:
            step("reading")
            try:
                made = publish(home, None, Progress(step=step))
            except BaseException as error:
                _keep(home, replace(known, step="", trouble=str(error) or type(error).__name__))
                raise
        thing = Thing("edition", str(made["edition"]))

        def keep() -> None:
            history.keep(
                by=by, verb="publish", thing=thing, after={"content": made["content"]}, reason=reason, is_public=True
            )

        with history.whole():
            jobs.once(key, keep) if key else keep()
        _keep(home, replace(known, step="", edition=made["edition"]))
    return made


@contextmanager
def _running(home: Home) -> Iterator[None]:
    with (home.cache / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(Finding("publication-runs", "")) from None
        yield


def _read(home: Home) -> State | None:
    try:
        return State(**json.loads((home.cache / NAME).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def state(home: Home) -> State | None:
    """How far the last publication by hand is; None where there was none. A killed one runs no more, and says so."""
    told = _read(home)
    if told is None or told.edition:
        return told
    if told.job:
        return _of_job(home, told)
    if told.trouble:
        return told
    age = (datetime.now(UTC) - datetime.fromisoformat(told.began)).total_seconds()
    runs = _is_held(home) or (not told.step and age < STARTS)
    return replace(told, runs=runs, trouble="" if runs else KILLED)


def _of_job(home: Home, told: State) -> State:
    """A job is what the queue says of it: one that failed may wait anew."""
    status = Job.objects.filter(pk=told.job).values_list("status", flat=True).first()
    if status == Status.READY:
        return replace(told, waits=True, runs=True, trouble="", step="", is_alone=not jobs.is_present(home))
    if status == Status.RUNNING:
        return replace(told, runs=True, trouble="")
    return replace(told, trouble=told.trouble or KILLED)


def _is_held(home: Home) -> bool:
    try:
        with (home.cache / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _keep(home: Home, told: State) -> None:
    plain = {name: value for name, value in asdict(told).items() if name not in ("waits", "runs", "is_alone")}
    write_atomically(home.cache / NAME, json.dumps(plain))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def publishers(numbers: Sequence[int]) -> dict[int, str]:
    """Who published editions by hand, by number; the others went out by themselves or from a terminal."""
    rows = models.History.objects.filter(kind="edition", verb="publish", code__in=[str(n) for n in numbers])
    return {int(code): by for code, by in rows.values_list("code", "by")}
