"""A new edition is taken up together with the pages people are reading: they are drawn anew before the gateway turns to it.

Otherwise every posting would make all pages cold at once. What is not drawn within a moment is drawn after the turn.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from quipu.edition.open import Edition, Editions

MOMENT = 0.5  # seconds that the turn may wait for pages
MOST_READ = 300  # pages that are drawn anew; the least recently read are left out
KEPT = ("PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "wsgi.url_scheme")
log = logging.getLogger("quipu.turning")


class Turning:
    """Which edition is today's for this process. draw: draws a page of an edition and keeps it."""

    def __init__(self, editions: Editions, draw: Callable[[HttpRequest, Edition], None]) -> None:
        self.editions, self.draw = editions, draw
        self._shown: Edition | None = None
        self._read: OrderedDict[tuple[str, ...], dict[str, Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._is_turning = False

    def today(self, patience: float | None) -> Edition:
        """Today's edition. Raises NoEdition and BeingMade, as opening an edition does."""
        shown = self._shown
        if shown is None or not shown.stands or not self._read or self.editions.home.current() == shown.number:
            self._shown = self.editions.current(patience)
            return self._shown
        with self._lock:
            turns, self._is_turning = not self._is_turning, True
        if turns:
            threading.Thread(target=self._turn, daemon=True).start()
        return shown

    def read(self, request: HttpRequest) -> None:
        """Somebody reads a page that was drawn before."""
        environ = {name: request.META[name] for name in KEPT if name in request.META}
        key = tuple(map(str, environ.values()))
        with self._lock:
            self._read[key] = environ
            self._read.move_to_end(key)
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)

    def _turn(self) -> None:
        try:
            edition = self.editions.current()
            with self._lock:
                pages = list(reversed(self._read.values()))
            ends = time.monotonic() + MOMENT
            for environ in pages:
                if self._shown is not edition and time.monotonic() > ends:
                    self._shown = edition
                if self.editions.home.current() != edition.number:
                    break  # there is a newer one already
                self._draw(environ, edition)
            self._shown = edition
        except Exception:
            log.exception("The new edition could not be taken up; the next request tries again.")
        finally:
            self._is_turning = False

    def _draw(self, environ: dict[str, Any], edition: Edition) -> None:
        try:
            self.draw(WSGIRequest({**environ, "REQUEST_METHOD": "GET", "wsgi.input": BytesIO()}), edition)
        except Exception:  # its next reader is told what is wrong with it
            log.exception("A page could not be drawn anew.")
