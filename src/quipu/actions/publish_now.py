"""Publish now: a person makes an edition. It takes minutes for a large house, so it runs beside, and tells how far it is."""

import fcntl
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quipu.actions import history
from quipu.actions.answer_finding import unanswered
from quipu.actions.history import Thing
from quipu.actions.publish import publish
from quipu.books import models
from quipu.edition.home import Home, write_atomically
from quipu.edition.make import Progress
from quipu.edition.quality import Case
from quipu.rules.findings import Finding, Refused

NAME = "publishing.json"  # in the cache: how far it is
LOCK = ".publishing"


@dataclass(frozen=True, slots=True)
class State:
    """A publication by hand. step: what is being made; edition: 0 until it is there; trouble: why it failed."""

    by: str
    began: str
    step: str = ""
    edition: int = 0
    trouble: str = ""
    runs: bool = False


def publish_now(
    home: Home,
    *,
    by: str,
    cases: Sequence[Case],
    seen: int | None = None,
    reason: str = "",
    start: Callable[..., Any] | None = None,
) -> None:
    """Starts a publication beside. cases: the quality list, which whoever asks wants answered first. Raises Refused.

    seen: the edition that was current when it was decided, 0 for none; None takes whatever stands.
    """
    if seen is not None and seen != (home.current() or 0):
        raise Refused(Finding("publication-meanwhile", "", str(home.current())))
    if left := unanswered(cases):
        raise Refused(Finding("quality-unanswered", "", str(len(left))))
    if (now := state(home)) is not None and now.runs:
        raise Refused(Finding("publication-runs", "", history.name_of(now.by)))
    home.prepare()
    _keep(home, State(by, _now()))
    (start or _start)(home, by, reason)


def _start(home: Home, by: str, reason: str) -> None:
    words = ["publish", "--home", str(home.root), "--by", by, *(["--reason", reason] if reason else [])]
    subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "quipu", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the web process may be stopped meanwhile
    )


def run(home: Home, *, by: str, reason: str = "") -> dict[str, Any]:
    """The publication itself, in a process of its own; told in HOME/cache, and kept in history when it is done.

    Raises what `publish` raises, and Refused where another one runs.
    """
    home.prepare()
    with _running(home):
        began = _now()

        def step(name: str) -> None:
            _keep(home, State(by, began, name))

        step("reading")
        try:
            made = publish(home, None, Progress(step=step))
        except BaseException as error:
            _keep(home, State(by, began, trouble=str(error) or type(error).__name__))
            raise
        thing = Thing("edition", str(made["edition"]))
        with history.whole():
            history.keep(
                by=by, verb="publish", thing=thing, after={"content": made["content"]}, reason=reason, is_public=True
            )
        _keep(home, State(by, began, edition=made["edition"]))
    return made


@contextmanager
def _running(home: Home) -> Any:
    with (home.cache / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(Finding("publication-runs", "")) from None
        yield


def state(home: Home) -> State | None:
    """How far the last publication by hand is; None where there was none. A killed one runs no more, and says so."""
    try:
        told = State(**json.loads((home.cache / NAME).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if told.edition or told.trouble:
        return told
    is_held = _is_held(home)
    age = (datetime.now(UTC) - datetime.fromisoformat(told.began)).total_seconds()
    runs = is_held or (not told.step and age < STARTS)
    return State(told.by, told.began, told.step, runs=runs, trouble="" if runs else "killed")


STARTS = 60  # seconds that a process may take to begin


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
    plain = {"by": told.by, "began": told.began, "step": told.step, "edition": told.edition, "trouble": told.trouble}
    write_atomically(home.cache / NAME, json.dumps(plain))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def publishers(numbers: Sequence[int]) -> dict[int, str]:
    """Who published editions by hand, by number; the others went out by themselves or from a terminal."""
    rows = models.History.objects.filter(kind="edition", verb="publish", code__in=[str(n) for n in numbers])
    return {int(code): by for code, by in rows.values_list("code", "by")}
