"""Many people work at once: ten on SQLite, fifty on PostgreSQL, through the real web server, and nobody meets a locked book."""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from tests.conftest import ROOT

PEOPLE = {"sqlite": 10, "postgresql": 50}
SEAL = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
WITHDRAW = re.compile(r"/desk/people/mandate/(\d+)/withdraw")


class Browser:
    """One person's browser, over a connection of its own."""

    def __init__(self, port, session, told):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = {"quipu_desk": session}
        self.told = told

    def ask(self, method, path, **fields):
        """(status, page). The form's seal is taken from the page that was read before."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method == "POST":
            body = urlencode({**fields, "csrfmiddlewaretoken": self.seal})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if found := SEAL.search(page):
            self.seal = found[1]
        self.told[method, answer.status] += 1
        return answer.status, page


def works(browser, colleague, rounds):
    """A little of everything: reading, one's own affairs, what one types, a mandate given and taken back."""
    for n in range(rounds):
        assert browser.ask("GET", "/desk")[0] == 200
        assert browser.ask("GET", "/desk/own")[0] == 200
        assert browser.ask("POST", "/desk/own/language", language="es" if n % 2 else "en")[0] == 302
        assert browser.ask("POST", "/desk/own/unsaved", form="/desk/x", fields='{"a": "b"}')[0] == 200
        path = f"/desk/people/{colleague}"
        assert browser.ask("GET", path)[0] == 200
        status, page = browser.ask("POST", path, role="auditor", reason="for a while", since="", until="")
        assert status == 302, page
        number = max(map(int, WITHDRAW.findall(browser.ask("GET", path)[1])))
        assert browser.ask("POST", f"/desk/people/mandate/{number}/withdraw", reason="over")[0] == 302


@pytest.fixture
def served(cast_anywhere):
    from django.conf import settings

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, **cast_anywhere.ledger.environment, "PYTHONPATH": str(ROOT / "src")}
    environment["QUIPU_SECRET_KEY"] = settings.SECRET_KEY
    log = (cast_anywhere.ledger.home / "log").open("w+")
    command = [sys.executable, "-m", "quipu", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=log, start_new_session=True)
    limit = time.monotonic() + 90
    while time.monotonic() < limit:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.1)
    yield cast_anywhere, port, log
    process.terminate()
    process.wait(30)


def test_so_many_people_are_served_without_a_lock_error(served, request):
    from quipu.books import models

    cast, port, log = served
    count = PEOPLE[cast.ledger.engine]
    rounds = 20 if request.config.getoption("--long") else 1 if count > 10 else 2
    for n in range(count):  # a person's code follows from how many there are
        cast.people[f"works {n}"] = cast.person("administrator")
        cast.people[f"colleague {n}"] = cast.person("")
    people, colleagues = ([cast.people[f"{name} {n}"] for n in range(count)] for name in ("works", "colleague"))
    told, faults = Counter(), []
    browsers = [Browser(port, cast.client(person=one).cookies["quipu_desk"].value, told) for one in people]

    def work(browser, colleague):
        try:
            works(browser, colleague.pk, rounds)
        except BaseException as fault:
            faults.append(repr(fault)[:2000])

    threads = [threading.Thread(target=work, args=pair) for pair in zip(browsers, colleagues, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    log.seek(0)
    said = log.read()
    assert faults == [], said
    assert {status for _, status in told} == {200, 302}, told
    assert "locked" not in said
    assert models.Mandate.objects.filter(role="auditor").exclude(withdrawn_at=None).count() == count * rounds
    assert models.History.objects.filter(kind="mandate").count() == 2 * count * rounds
