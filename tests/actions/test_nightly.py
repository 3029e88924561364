"""What is due each night is queued once, whoever looks; the books are verified and what nobody needs is swept up."""

from datetime import UTC, date, datetime, timedelta

import pytest

NIGHT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
BEFORE = NIGHT - timedelta(seconds=1)


def queued():
    from django_tasks_db.models import DBTaskResult

    paths = DBTaskResult.objects.values_list("task_path", "args_kwargs")
    return sorted((path.rpartition(".")[2], words["kwargs"]["key"]) for path, words in paths)


def test_a_night_begins_at_its_hour_and_not_a_second_before(ledger):
    from quipu.actions import nightly

    verify = [nightly.Scheduled("verify", 2)]
    assert nightly.look(BEFORE, verify) == []  # seen for the first time
    assert nightly.look(BEFORE, verify) == []
    assert nightly.look(NIGHT, verify) == ["verify"]
    assert nightly.look(NIGHT + timedelta(hours=23), verify) == []
    assert nightly.look(NIGHT + timedelta(days=1), verify) == ["verify"]
    assert queued() == [("verify_books", "verify 2026-03-04"), ("verify_books", "verify 2026-03-05")]


def test_nights_that_were_missed_are_made_up_for_once(sqlite_ledger):
    from quipu.actions import nightly

    verify = [nightly.Scheduled("verify", 2)]
    nightly.look(NIGHT, verify)
    assert nightly.look(NIGHT + timedelta(days=9, hours=7), verify) == ["verify"]
    assert nightly.last_night() == date(2026, 3, 13)


def test_the_night_is_the_offices(sqlite_ledger):
    from django.utils import timezone

    from quipu.actions import nightly

    with timezone.override("America/Bogota"):  # five hours behind
        assert nightly.Scheduled("verify", 2).period(NIGHT) == "2026-03-03"
        assert nightly.Scheduled("verify", 2).period(NIGHT + timedelta(hours=5)) == "2026-03-04"


LOOKER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from quipu.books import database
database.start(Path(sys.argv[1]))
from quipu.actions import nightly
print("ready", flush=True)
sys.stdin.readline()
for _ in range(20):
    nightly.look(datetime(2026, 3, 5, 3, tzinfo=UTC), [nightly.Scheduled("verify", 2)])
"""


def test_of_several_workers_one_queues_the_night(ledger):
    import os
    import subprocess
    import sys

    from quipu.actions import nightly
    from tests.conftest import ROOT

    nightly.look(NIGHT, [nightly.Scheduled("verify", 2)])
    environment = {**os.environ, **ledger.environment, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", LOOKER, str(ledger.home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    lookers = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for one in lookers:
        assert one.stdout.readline() == "ready\n"
    for one in lookers:
        one.stdin.write("\n")
        one.stdin.close()
    assert [one.wait(60) for one in lookers] == [0, 0, 0]
    assert queued() == [("verify_books", "verify 2026-03-05")]


@pytest.fixture
def house(cast, tmp_path, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", cast.ledger.home)
    return cast


def test_books_that_stand_are_verified_and_nobody_is_told(house):
    from quipu.actions import nightly
    from quipu.books import models

    nightly.verify_books.call(key="verify 1")
    found = models.Verification.objects.get()
    assert (found.faults, found.links) == ([], 1)
    assert models.Mail.objects.count() == 0
    nightly.verify_books.call(key="verify 1")  # by a worker that took over
    assert models.Verification.objects.count() == 1


def test_faults_are_kept_and_told_to_every_administrator_once(house):
    from quipu.actions import nightly
    from quipu.books import models

    break_a_link(house.ledger)
    for _ in range(2):
        nightly.verify_books.call(key="verify 1")
    assert models.Verification.objects.get().faults
    (mail,) = models.Mail.objects.all()
    assert mail.to == f"person {house.people['administrator'].pk}"


def break_a_link(ledger):
    """Somebody who can write to the file itself."""
    books = ledger.connect()
    for (trigger,) in books.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'books_entry'"
    ):
        books.execute(f'DROP TRIGGER "{trigger}"')
    assert books.execute("UPDATE books_entry SET amount = amount + 1").rowcount
    books.close()


def test_what_nobody_needs_is_swept_up_to_the_day(cast):
    from quipu.actions import nightly
    from quipu.books import models

    now, person = datetime.now(UTC), cast.people["auditor"]
    for days in (29, 31):
        at = now - timedelta(days=days)
        models.Unsaved.objects.create(person=person, address=f"/desk/{days}", fields={}, at=at)
    for days in (89, 91):
        at = now - timedelta(days=days)
        models.Invitation.objects.create(token=str(days), email="a@example.org", invited_at=at, expires_at=at)
    kept = cast.client("auditor")
    gone = cast.client("agent approver")
    session = gone.session
    session.set_expiry(-10)
    session.save()

    swept = nightly.sweep_up.call(key="any")
    assert [one.address for one in models.Unsaved.objects.all()] == ["/desk/29"]
    assert [one.token for one in models.Invitation.objects.all()] == ["89"]
    assert (swept["unsaved"], swept["invitations"], swept["sessions"]) == (1, 1, 1)
    assert kept.get("/desk").status_code == 200


def test_the_worker_does_what_the_night_asks_for(house):
    from quipu.actions import jobs, nightly
    from quipu.books import models

    nightly.look(NIGHT)
    nightly.look(NIGHT + timedelta(days=1))
    worker = jobs.Worker()
    while worker.step():
        pass
    assert models.Verification.objects.count() == 1
