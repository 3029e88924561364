"""Letters, news, the house and tokens as their people see them: the accessibility judge finds nothing, and nothing sticks out."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.browser.chromium import Chromium
from tests.browser.conftest import served
from tests.browser.test_axe import found_by_axe
from tests.conftest import ROOT, run_quipu

pytestmark = pytest.mark.browser
PASSWORD = "a few plain words"
SEED = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from quipu.books import database
database.start(Path(sys.argv[1]))
from django_tasks_db.models import DBTaskResult
from quipu.actions import history, jobs
from quipu.books import models
from quipu.letters.drop import drop
from quipu.letters.letter import About, Letter
home, me = Path(sys.argv[1]), models.Person.objects.get(email="me@example.org")
models.Mandate.objects.create(person=me, role="portfolio manager", since=date(2020, 1, 1))
about = About("/figure/received?year=2023", 1, "", "en")
letter = Letter("mistake", about, "It is not so.", "So", "Here", name="Somebody", reply_to="a@example.net")
code = drop(home, letter, key="a", sender="x")
number = jobs.queue("sweep")
DBTaskResult.objects.filter(pk=number).update(status="FAILED", finished_at=datetime.now(UTC), traceback="ValueError: no luck")
words = {"at": datetime.now(UTC), "seconds": 1, "links": 1, "entries": 1, "head": "0" * 64, "faults": ["Link 1 is broken."]}
models.Verification.objects.create(**words)
now = datetime.now(UTC)
models.Mail.objects.create(key="x", to=f"person {me.pk}", subject="A letter has arrived", text="", state="unsure", at=now)
until = datetime(2999, 1, 1, tzinfo=UTC)
models.Token.objects.create(secret="x", person=me, name="Export", verbs=["read history"], made_at=now, expires_at=until)
history.keep(by=me.pk, verb="take in", thing=history.Thing("letter", code), after={"taken_by": me.pk})
print(code)
"""
PAGES = (
    *("/desk", "/desk/recent", "/desk/own/news", "/desk/own/tokens", "/desk/own/tokens/new", "/desk/api"),
    *("/desk/house", "/desk/letters", "/desk/letters/CODE"),
)


@pytest.fixture(scope="module")
def desk(demo_home, tmp_path_factory, browser):
    """(address, code of a letter), with somebody signed in."""
    home = tmp_path_factory.mktemp("desk") / "home"
    shutil.copytree(demo_home, home)
    made = run_quipu("admin", "create", "me@example.org", "--home", home, QUIPU_PASSWORD=PASSWORD)
    assert made.returncode == 0, made.stderr
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "QUIPU_HOME": str(home)}
    command = [sys.executable, "-c", SEED, str(home)]
    code = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    for address in served(home):
        browser.open(f"{address}/desk/account/login/", 1280)
        browser.follow(
            "const f = document.querySelector('main form'); f.elements.login.value = 'me@example.org';"
            f" f.elements.password.value = '{PASSWORD}'; f.submit()"
        )
        yield address, code


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_axe_finds_nothing_and_nothing_sticks_out(desk, browser: Chromium, page, width, dark):
    address, code = desk
    browser.open(address + page.replace("CODE", code), width, dark=dark)
    assert "login" not in browser.evaluate("location.pathname")
    assert found_by_axe(browser, whole=True) == []
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
