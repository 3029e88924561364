"""Factsheets at 500,000 activities: server time of cold ones, and of warm ones beside a view that returns a constant.

Warm ones are measured twice: in peace, and in the 30 seconds after a new edition, when a hundred pages are being read.
"""

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import _generate
from quipu.edition import pages
from quipu.edition.home import Home
from quipu.edition.open import Edition
from quipu.portal import addresses
from quipu.portal.server import application

COLD = 15  # milliseconds of server time, at most
WARM = 2  # times the constant, at most
TURNED = 4  # times the constant, at most, after a new edition
SECONDS, READ = 30, 100
PROJECTS = 400
Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="5,500 activities; speed is shown, not judged")
    asked = options.parse_args()
    home = _generate.edition(5_500, 300_000, of_demo=True) if asked.short else _generate.edition(500_000, 10_000_000)
    edition = Edition(home, 1)
    ((activities,),) = edition.rows("SELECT count(*) FROM activities")
    chosen = edition.rows(
        "SELECT key, identifier FROM activities WHERE kind = 'project' ORDER BY hash(key) LIMIT ?", [PROJECTS + 1]
    )
    print(f"{activities:,} activities")
    show("record", [timed(lambda key=key: pages.page(edition, key)) for key, _ in chosen])

    app = application(home.root)
    constant_view()
    get(app, place(chosen.pop()[1]))  # opens the edition
    answers: list[int] = []
    cold = [
        timed(lambda identifier=identifier: answers.append(get(app, place(identifier)))) for _, identifier in chosen
    ]
    show("cold factsheet", cold)
    warm, constant = [], []
    get(app, place(chosen[0][1]))
    for n in range(PROJECTS):
        warm.append(timed(lambda: get(app, place(chosen[0][1]))))
        constant.append(timed(lambda n=n: get(app, "/bench-constant", f"n={n}")))  # each its own address: never kept
    show("warm factsheet", warm)
    show("constant", constant)
    ratio = statistics.median(warm) / statistics.median(constant)
    print(f"  cold at most {COLD} ms; warm {ratio:.2f} of the constant (at most {WARM})")
    turned = after_an_edition(
        app, home, [place(identifier) for _, identifier in chosen[:READ]], 5 if asked.short else SECONDS
    )
    print(f"  after a new edition {turned:.2f} of the constant (at most {TURNED})")

    wrong = sum(status != HTTPStatus.OK for status in answers)
    slow = not asked.short and (statistics.median(cold) > COLD or ratio > WARM or turned > TURNED)
    if wrong or slow:
        print(f"MISSED ({wrong} factsheets without answer)")
        return 1
    return 0


def after_an_edition(app: Application, home: Home, read: list[str], seconds: float) -> float:
    """Pages that are being read, in the seconds after a new edition: their median in medians of the constant view.

    The new edition is the old one under the next number, so that only the turning is measured and not the making.
    """
    for address in read * 2:
        get(app, address)
    old, new = (home.editions / f"{number:06d}" for number in (1, 2))
    new.mkdir(exist_ok=True)
    manifest = json.loads((old / "manifest.json").read_text())
    (new / "manifest.json").write_text(json.dumps({**manifest, "number": 2}))
    fresh = home.database(2)
    fresh.parent.mkdir(exist_ok=True)
    fresh.unlink(missing_ok=True)
    os.link(home.database(1), fresh)
    warm, constant = [], []
    chosen, began = random.Random(1), time.monotonic()
    try:
        home.point_to(2)
        while time.monotonic() - began < seconds:
            warm.append(timed(lambda: get(app, chosen.choice(read))))
            constant.append(timed(lambda: get(app, "/bench-constant", f"m={len(constant)}")))
            time.sleep(0.01)
    finally:
        home.point_to(1)
    show("warm factsheet after a new edition", warm)
    return statistics.median(warm) / statistics.median(constant)


def place(identifier: str) -> str:
    """The path a server hands over for a project, percent-decoded once."""
    return unquote(f"/project/{addresses.segment(identifier)}")


def constant_view() -> None:
    """Adds the view to compare with to the gateway's own addresses, behind the same middleware."""
    from django.conf import settings
    from django.http import HttpResponse
    from django.urls import path

    known = import_module(settings.ROOT_URLCONF).urlpatterns
    known.insert(0, path("bench-constant", lambda request: HttpResponse("constant")))


def get(app: Application, address: str, query: str = "") -> int:
    """One request without a socket; the status of the answer, whose body is read to its end."""
    statuses: list[str] = []
    environ = {
        **{"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": address.encode().decode("latin-1")},
        **{"QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1"},
        **{"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr},
        **{"wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False},
    }
    body = app(environ, lambda status, headers, error=None: statuses.append(status))
    for _ in body:
        pass
    if hasattr(body, "close"):
        body.close()
    return int(statuses[0].split()[0])


def timed(act: Callable[[], Any]) -> float:
    """The milliseconds an act takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def show(title: str, times: list[float]) -> None:
    """One line: the median and the 95th percentile."""
    print(
        f"  {title}: median {statistics.median(times):.2f} ms, 95th percentile {sorted(times)[len(times) * 95 // 100]:.2f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
