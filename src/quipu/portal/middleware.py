"""The gateway's one middleware: which language, which edition, which format; and what was drawn before is not drawn again."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from quipu import VERSION
from quipu.edition.home import Home
from quipu.edition.open import BeingMade, Edition, Editions, NoEdition
from quipu.letters import contacts
from quipu.portal import letterbox
from quipu.portal.addresses import is_desk
from quipu.portal.languages import DEFAULT, MANNERS, words
from quipu.portal.render import missing_edition
from quipu.portal.turning import Turning
from quipu.portal.views import travel, withheld

KEPT_BYTES = 48 << 20
LARGEST_KEPT = 1 << 20
WORTH_PACKING = 1_000  # bytes; less fits into one packet anyway
PACKED_KINDS = ("text/", "application/json", "application/xml", "application/atom", "image/svg")
PATIENCE = 15  # seconds that a reader waits for an edition whose database has to be made again
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " img-src 'self' data:; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
}


class Answer:
    """A public answer as it is kept: its body as drawn, and packed once for everybody whose browser unpacks it."""

    def __init__(self, drawn: HttpResponse) -> None:
        self.body: bytes = drawn.content
        self.packed = b""
        if WORTH_PACKING <= len(self.body) <= LARGEST_KEPT and drawn["Content-Type"].startswith(PACKED_KINDS):
            self.packed = gzip.compress(self.body, 5, mtime=0)
            drawn["Vary"] = "Accept-Encoding"
        # Weak: one name for the same content, packed or not.
        drawn["ETag"] = f'W/"{hashlib.sha256(self.body).hexdigest()[:24]}-{VERSION}"'
        self.headers = dict(drawn.headers)

    def __len__(self) -> int:
        return len(self.body) + len(self.packed)

    def to(self, request: HttpRequest) -> HttpResponse:
        """What this request is sent: nothing it has already, packed if it unpacks."""
        if self.headers["ETag"] in request.headers.get("If-None-Match", ""):
            named = ("ETag", "Cache-Control", "Vary")
            return HttpResponseNotModified(headers={name: self.headers[name] for name in named if name in self.headers})
        if self.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            return HttpResponse(self.packed, headers={**self.headers, "Content-Encoding": "gzip"})
        return HttpResponse(self.body, headers=self.headers)


class Drawn:
    """Answers drawn before, by edition and address; an edition never changes, so neither do they."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str]) -> Answer | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: tuple[str, str], answer: Answer) -> None:
        if len(answer) > LARGEST_KEPT:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = answer
                self._bytes += len(answer)
            while self._bytes > KEPT_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


class Gateway:
    """Takes /es/ and /e/<n>/ off the address, opens the edition, answers from what was drawn, sets the headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.editions = Editions(Home(Path(settings.HOME)))
        self.drawn = Drawn()
        self.generation = 0  # of what was taken down, when what is kept was drawn
        self.turning = Turning(self.editions, self._draw)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_desk(request.path_info):
            return self.get_response(request)
        request._dont_enforce_csrf_checks = True  # letters are guarded by their origin, and nobody is signed in
        if request.method not in ("GET", "HEAD", "POST"):
            return read_only()
        self._obey()
        try:
            self._place(request)
        except (NoEdition, BeingMade) as error:
            return self._headed(request, self._without(request, error))
        order = withheld.order_of(request)
        if order is not None:
            return self._headed(request, withheld.gone(request, order))
        if request.method == "POST":
            answer = self.get_response(request) if letterbox.is_at(request.path_info) else read_only()
            return self._headed(request, answer)
        answered = self._answer(request)
        return answered.to(request) if isinstance(answered, Answer) else answered

    def _obey(self) -> None:
        """Lets go of every page that was drawn before something was taken down; editions see to it themselves."""
        generation = self.editions.home.withheld.changes
        if generation != self.generation:
            self.generation = generation
            self.drawn.clear()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """For Django: an edition that has to be made again while one of its pages was drawn."""
        return travel.no_edition(request, error) if isinstance(error, BeingMade) else None

    def _answer(self, request: HttpRequest) -> Answer | HttpResponse:
        """What was drawn before, else what is drawn now; kept where everybody is sent the same."""
        asked = request.build_absolute_uri()  # with the host: what a page says of its own address is the reader's
        mark = f"{request.edition.manifest.content}{request.edition.mark} {self.generation}"
        told = contacts.stamp(
            self.editions.home.root
        )  # whom to ask is no part of an edition, and may change any moment
        key = (mark, f"{request.edition.number} {told} {asked}")
        kept = self.drawn.get(key)
        if kept is not None:
            if not request.pinned:
                self.turning.read(request)
            return kept
        response = self._headed(request, self.get_response(request))
        if response.streaming or not _is_public(response):
            return response
        kept = Answer(response)
        self.drawn.keep(key, kept)
        return kept

    def _draw(self, request: HttpRequest, edition: Edition) -> None:
        """Draws a page of an edition that is not today's yet."""
        self._place(request, edition)
        self._answer(request)

    def _place(self, request: HttpRequest, edition: Edition | None = None) -> None:
        """Language and edition out of the address; the rest is the page's. edition: in the place of today's."""
        parts = request.path_info.split("/", 3)  # "", first, second, rest
        manner, request.pinned, request.editions = DEFAULT, False, self.editions
        if parts[1] in MANNERS and parts[1] != DEFAULT:
            manner = parts[1]
            request.path_info = request.path_info[len(manner) + 1 :] or "/"
            parts = request.path_info.split("/", 3)
        request.words = words(manner)
        request.prefix = request.words.before
        if len(parts) > 2 and parts[1] == "e" and parts[2].isdecimal() and len(parts[2]) < travel.LONGEST_NUMBER:
            request.path_info = "/" + (parts[3] if len(parts) > 3 else "")
            request.edition = self.editions.get(int(parts[2]), PATIENCE)
            request.prefix += f"/e/{request.edition.number}"
            request.pinned = True
        else:
            request.edition = edition or self.turning.today(PATIENCE)

    def _without(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """What is said where the edition asked for is not there; in today's furniture where there is any."""
        try:
            request.edition = self.editions.current(PATIENCE)
        except (NoEdition, BeingMade):
            return missing_edition(request, str(error))
        return travel.no_edition(request, error)

    def _headed(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        if settings.DEMO:
            response["X-Robots-Tag"] = "noindex, nofollow"
        elif request.pinned:
            response["X-Robots-Tag"] = "noindex"  # who searches is led to today's page
        return response


def read_only() -> HttpResponse:
    """What somebody is told who would write where nothing can be written."""
    return HttpResponse(
        "This address can be read only.\n", status=405, content_type="text/plain", headers={"Allow": "GET, HEAD"}
    )


def _is_public(response: HttpResponse) -> bool:
    """Whether everybody is sent the same: only that is kept, and packed. What holds somebody's own words is neither."""
    return (
        response.status_code == 200
        and not response.cookies
        and "no-store" not in response.headers.get("Cache-Control", "")
    )
