"""Follow: an edition after each posting, so that what is in the books is public a moment later."""

import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from quipu.actions import take_down
from quipu.actions.publish import publish
from quipu.books import database
from quipu.edition import make, search
from quipu.edition.home import Home, HomeError
from quipu.edition.manifest import load

LOOK = 0.2  # seconds between two looks at the chain
CALM = 3.0  # after the last publication, before its index is made
REST = 5.0  # after something that failed
FAR = 5_000  # links above the last whole edition: then the current one is made whole, beside all else


def follow(home: Home, go_on: Callable[[], bool], tell: Callable[[str], None]) -> None:
    """Publishes whenever the chain has grown or something was marked public, as long as go_on says so.

    tell: what a person should read.

    What fails is told and tried again: books that do not stand, a home that is full. The current edition stays.
    """
    whole, words, told = _Whole(home), _Words(home), False
    while go_on():
        try:
            words.look()
            if home.withheld.unfinished:
                take_down.finish(home)  # whoever began it was killed
            told = told or _tell_contacts(home)
            if _has_moved_on(home):
                made = publish(home, None)
                tell(f"Edition {made['edition']}: the books up to #{made['position']}, in {made['seconds']:.1f} s.")
                whole.look()
            time.sleep(LOOK)
        except (database.NoBooks, HomeError, OSError) as error:
            tell(str(error))
            time.sleep(REST)
    whole.end()
    words.end()


def keep_words(home: Home, go_on: Callable[[], bool]) -> None:
    """Makes the index that searches ask whenever another edition became current, as long as go_on says so."""
    words = _Words(home)
    while go_on():
        words.look()
        time.sleep(LOOK)
    words.end()


def _has_moved_on(home: Home) -> bool:
    if not database.found(home.root):
        return False
    from quipu.books import post, public  # noqa: PLC0415 - models need Django's settings

    number, position = home.current(), post.head().position
    if number is None or position == 0:  # books in which nothing was posted are no source yet
        return position > 0
    shown = load(home, number)
    return position > shown.position or public.last_public() > shown.history or _is_released(shown.made_at)


def _is_released(made_at: str) -> bool:
    """Whether a day has come since then on which a document's embargo ends, or a row's owner agrees no more."""
    made, today = date.fromisoformat(made_at[:10]), datetime.now(UTC).date()
    if today == made:
        return False
    from quipu.actions.documents import next_release  # noqa: PLC0415 - models need Django's settings
    from quipu.actions.registers.consent import next_end  # noqa: PLC0415 - models need Django's settings

    return any(day is not None and day <= today for day in (next_release(made), next_end(made)))


def _tell_contacts(home: Home) -> bool:
    """What the public side may know of contacts, once: whoever changed them last may not have come to write it."""
    if not database.found(home.root):
        return False
    from quipu.actions import telling  # noqa: PLC0415 - models need Django's settings

    telling.write(home.root)
    return True


class _Beside:
    """Work in a process of its own, one at a time: it may take minutes."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.process: Any = None

    @property
    def is_busy(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def start(self, work: Callable[[Home], Any]) -> None:
        """Begins the work."""
        self.process = multiprocessing.get_context("spawn").Process(target=work, args=(self.home,), daemon=True)
        self.process.start()

    def end(self) -> None:
        """Whatever is still being made is thrown away."""
        if self.is_busy:
            self.process.terminate()


class _Words(_Beside):
    """The index that searches ask follows the current edition, whoever published it; one that fails is not tried again.

    Among postings that follow each other it waits: a search that comes first makes the index over an edition on top of another.
    """

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.seen = 0  # the edition
        self.due: float | None = None

    def look(self) -> None:
        """Begins where the current edition has none yet: at once for the first one seen, else when it has stayed for a while."""
        number, now = self.home.current(), time.monotonic()
        if number is not None and number != self.seen:
            self.due = now + (CALM if self.seen else 0)
            self.seen = number
        if self.due is not None and now >= self.due and not self.is_busy:
            self.due = None
            if not search.is_made(self.home, self.seen):
                self.start(_in_the_background)


def _in_the_background(home: Home) -> None:
    os.nice(10)  # readers and postings go first
    search.keep_up(home)


class _Whole(_Beside):
    """The current edition is made whole."""

    def look(self) -> None:
        """Begins where the current edition stands far above the one below."""
        number = self.home.current()
        base = self.home.stands_on(number) if number is not None else None
        if number is None or base is None or self.is_busy:
            return
        if load(self.home, number).position - load(self.home, base).position > FAR:
            self.start(make.consolidate)
