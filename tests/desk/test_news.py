"""What people are told of their work: tasks by kind, the digest once a period, mails at once, the calendar by its secret."""

import random
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox

from quipu.rules.findings import Refused


def work():
    from quipu.actions import jobs

    worker = jobs.Worker()
    while worker.step():
        pass


def changed(fund="VALLEY", **more):
    from quipu.actions import history
    from quipu.rules.mandates import Scope

    thing = history.Thing("fund", fund, Scope(fund))
    return history.keep(
        **{"by": "", "verb": "amend", "thing": thing, "before": {"title": "a"}, "after": {"title": "b"}, **more}
    )


def digests(day):
    from quipu.desk.news import digest

    digest.send_all.call(key=f"digests {day}")
    work()
    sent, outbox.outbox = outbox.outbox, []
    return {one.to[0]: one for one in sent}


MONDAY = date(2026, 3, 2)


def test_a_digest_holds_what_changed_where_its_reader_works_and_leads_there(house):
    changed("VALLEY")
    changed("COAST")
    sent = digests(MONDAY)
    secretariat, manager = (sent[house.people[role].email] for role in ("fund secretariat", "portfolio manager"))
    assert "VALLEY" in secretariat.body
    assert "COAST" not in secretariat.body
    assert "COAST" in manager.body
    assert "https://desk.example.org/desk\n" in manager.body
    assert house.people["without a mandate"].email not in sent
    assert house.people["contributor"].email not in sent


def test_a_digest_goes_out_once_a_period_and_again_in_the_next(house):
    changed()
    person = house.people["fund secretariat"]
    assert person.email in digests(MONDAY)
    for day in range(7):  # the same week, and the same morning again
        assert digests(MONDAY + timedelta(days=day)) == {}
    assert person.email in digests(MONDAY + timedelta(days=7))


def test_each_chooses_how_often(house):
    from quipu.actions import news

    changed()
    daily, never, weekly = (house.people[role] for role in ("fund secretariat", "portfolio manager", "auditor"))
    news.choose(by=daily.pk, digest="daily")
    news.choose(by=never.pk, digest="off")
    first, second = digests(MONDAY), digests(MONDAY + timedelta(days=1))
    assert (daily.email in first, never.email in first, weekly.email in first) == (True, False, True)
    assert (daily.email in second, never.email in second, weekly.email in second) == (True, False, False)
    with pytest.raises(Refused):
        news.choose(by=daily.pk, digest="hourly")


def test_whoever_left_gets_none(house):
    from quipu.books import models

    changed()
    models.Person.objects.filter(pk=house.people["auditor"].pk).update(left_on=date(2020, 1, 1))
    assert house.people["auditor"].email not in digests(MONDAY)


def test_where_nothing_waits_and_nothing_changed_nothing_is_sent(house):
    assert digests(MONDAY) == {}


def test_a_digest_speaks_its_readers_language(house):
    from quipu.books import models
    from quipu.desk.languages import words

    changed()
    models.Person.objects.filter(pk=house.people["auditor"].pk).update(language="fr")
    body = digests(MONDAY)[house.people["auditor"].email].body
    assert "https://desk.example.org/fr/desk" in body
    assert words("fr").gettext("the house") in body


def test_a_digest_is_stopped_by_one_click_without_signing_in(house):
    from django.test import Client

    from quipu.desk.news.digest import choice_of

    changed()
    person = house.people["auditor"]
    letter = digests(MONDAY)[person.email]
    address = letter.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://desk.example.org")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in letter.body
    browser = Client(enforce_csrf_checks=True)
    assert "Stop them" in browser.get(address).text
    assert choice_of(person) == "weekly"  # looking stops nothing: mail programs follow links by themselves
    assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert choice_of(person) == "off"
    assert browser.post(address[:-1] + ("a" if address[-1] != "a" else "b")).status_code == 404


KILLED = """
import sys
from pathlib import Path
from quipu.books import database
database.start(Path(sys.argv[1]))
from django.conf import settings
settings.EMAIL_BACKEND = "tests.desk.posting.Backend"
settings.EMAIL_FILE_PATH = sys.argv[2]
from quipu.actions import jobs
jobs.REST, jobs.DEATHS = 0.05, 10_000  # here killing is nobody's fault
print("ready", flush=True)
jobs.Worker(lease=0.5).run(lambda: True, lambda said: print(said, file=sys.stderr))
"""


def test_no_digest_is_sent_twice_though_workers_are_killed_all_the_time(house, request, tmp_path):
    import os
    import subprocess
    import sys

    from quipu.actions import jobs
    from tests.conftest import ROOT

    if house.ledger.engine == "postgresql" and not request.config.getoption("--long"):
        pytest.skip("takes long: run with --long")  # kills on this engine are also in actions/test_jobs

    changed()
    jobs.queue("digests", key=f"digests {MONDAY}")
    chance, environment = (
        random.Random(7),
        {**os.environ, **house.ledger.environment, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
    )
    posted = tmp_path / "posted"
    posted.mkdir()

    def start():
        command = [sys.executable, "-c", KILLED, str(house.ledger.home), str(posted)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        return process

    def left():
        from django_tasks_db.models import DBTaskResult

        return DBTaskResult.objects.exclude(status__in=["SUCCESSFUL", "FAILED"]).count()

    limit, longest = time.monotonic() + 120, 0.5
    while left():
        assert time.monotonic() < limit
        process = start()
        time.sleep(chance.uniform(0.05, longest))
        longest *= 1.2  # on a slow machine the first ones get nowhere
        process.kill()
        process.wait()
    to = [file.read_text() for file in posted.iterdir()]
    assert len(to) == len(set(to))  # some may be missing, and are named as unsure
    from quipu.books import models

    unsure = set(models.Mail.objects.filter(state="unsure").values_list("to", flat=True))
    assert len(to) + len(unsure) >= models.Mail.objects.count()


def test_a_mail_whose_worker_died_while_it_was_handed_over_is_not_sent_again_but_a_letter_is(house):
    from quipu.actions.tell import tell, write
    from quipu.books import models

    tell(people=[house.people["auditor"].pk], subject="A letter has arrived", text="Text", address="/desk")
    write(to=f"person {house.people['auditor'].pk}", subject="x", text="y", kind="letter")
    models.Mail.objects.update(state="handed over")
    work()
    assert [one.subject for one in outbox.outbox] == ["Quipu: x"]
    assert sorted(models.Mail.objects.values_list("state", flat=True)) == ["sent", "unsure"]
    browser = house.client("administrator")
    assert "may not have gone out" in browser.get("/desk").text
    assert "A letter has arrived" in browser.get("/desk/house").text
    browser.post("/desk/house/mails")
    assert "may not have gone out" not in browser.get("/desk").text


def test_what_is_told_goes_out_with_its_act_or_not_at_all(house):
    from quipu.actions import history
    from quipu.actions.tell import tell

    def act():
        with history.whole():
            tell(people=[house.people["auditor"].pk], subject="a", text="b", address="/desk")
            raise Refused

    with pytest.raises(Refused):
        act()
    work()
    assert outbox.outbox == []


def test_each_is_told_once_in_their_language_and_nobody_who_left(house):
    from quipu.actions.tell import tell
    from quipu.books import models

    one, two, gone = (house.people[role] for role in ("auditor", "agent approver", "contributor"))
    models.Person.objects.filter(pk=gone.pk).update(left_on=date(2020, 1, 1))
    models.Person.objects.filter(pk=two.pk).update(language="es")
    words = {"subject": "Draft %(n)s\nwaits", "text": "Look at %(n)s.", "values": {"n": "7"}}
    tell(people=[one.pk, two.pk, one.pk, gone.pk], address="/fr/desk/vouchers/7", **words)
    work()
    sent = {mail.to[0]: mail for mail in outbox.outbox}
    assert set(sent) == {one.email, two.email}
    assert sent[one.email].subject == "Quipu: Draft 7 waits"
    assert "https://desk.example.org/desk/vouchers/7" in sent[one.email].body
    assert "https://desk.example.org/es/desk/vouchers/7" in sent[two.email].body
    assert len(outbox.outbox) == 2


def test_a_mail_server_that_is_away_is_tried_again_and_given_up_after_two_days(house, monkeypatch):
    from django.conf import settings
    from django_tasks_db.models import DBTaskResult

    from quipu.actions.tell import tell
    from quipu.books import models

    monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
    monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
    monkeypatch.setattr(settings, "EMAIL_PORT", 9)
    tell(people=[house.people["auditor"].pk], subject="a", text="b", address="/desk")
    work()
    job = DBTaskResult.objects.get()
    assert (job.status, models.Mail.objects.get().state) == ("READY", "waiting")
    assert job.run_after > datetime.now(UTC)
    models.Mail.objects.update(at=datetime.now(UTC) - timedelta(days=2, seconds=1))
    DBTaskResult.objects.update(run_after=datetime.now(UTC))
    work()
    job = DBTaskResult.objects.get()
    assert (job.status, models.Mail.objects.get().state) == ("FAILED", "dropped")
    assert house.people["auditor"].email not in job.traceback


# Tasks


def test_administrators_are_told_of_failed_jobs_and_of_faults_and_others_are_not(house):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs
    from quipu.books import models

    jobs.queue("sweep")
    DBTaskResult.objects.update(status="FAILED", finished_at=datetime.now(UTC))
    words = {"at": datetime.now(UTC), "seconds": 1, "links": 1, "entries": 1, "head": "x"}
    models.Verification.objects.create(**words, faults=["Link 1 is broken."])
    for role in ("administrator", "portfolio manager"):
        told = house.client(role).get("/desk").text
        assert ("1 job failed" in told) == ("1 fault in the books" in told) == (role == "administrator")
    models.Verification.objects.create(**words)
    assert "fault in the books" not in house.client("administrator").get("/desk").text


def test_the_house_says_what_failed_and_runs_it_again(house):
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs

    number = jobs.queue("sweep")
    DBTaskResult.objects.update(status="FAILED", finished_at=datetime.now(UTC), traceback="Trace\nValueError: no luck")
    browser = house.client("administrator")
    assert "ValueError: no luck" in browser.get("/desk/house").text
    browser.post(f"/desk/house/job/{number}/again")
    assert DBTaskResult.objects.get().status == "READY"
    assert "did not fail" in browser.post(f"/desk/house/job/{number}/again", follow=True).text
    browser.post("/desk/house/verify")
    work()
    assert "all is as it was sealed" in browser.get("/desk/house").text


def test_the_house_asks_the_same_of_one_job_and_of_twenty(house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django_tasks_db.models import DBTaskResult

    from quipu.actions import jobs

    browser, counts = house.client("administrator"), []
    browser.get("/desk/house")  # what is asked once
    for n in (1, 19):
        for _ in range(n):
            jobs.queue("sweep")
            jobs.queue("verify")
        DBTaskResult.objects.filter(task_path__endswith="sweep_up").update(
            status="FAILED", finished_at=datetime.now(UTC)
        )
        with CaptureQueriesContext(connection) as asked:
            browser.get("/desk/house")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_changes_on_the_page_of_tasks_are_a_few_with_a_way_to_all_and_never_about_people(house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.actions import history

    browser = house.client("fund secretariat")
    browser.get("/desk")  # what is asked once
    counts = []
    for n in (1, 11):
        for _ in range(n):
            changed("VALLEY")
        changed("COAST")
        history.keep(by="", verb="hand out", thing=history.Thing("mandate", "secret-77"), after={"person": "x"})
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/desk").text
        counts.append(len(asked))
        assert ("All that changed" in page) == (n == 11)
        assert page.count("fund VALLEY") == min(n, 10)
        assert "COAST" not in page
        assert "secret-77" not in house.client("portfolio manager").get("/desk/recent").text
    assert counts[0] == counts[1]
    assert browser.get("/desk/recent").text.count("fund VALLEY") == 12


# Deadlines


@pytest.fixture
def deadlines(house, monkeypatch):
    """What the calendar of an edition would say."""
    from quipu.desk.news import deadlines
    from quipu.rules.calendar import NOT_DUE, NOTHING, Obligation

    today = datetime.now(UTC).date()
    found = [
        Obligation("annual_return", today + timedelta(days=9), NOT_DUE, "VALLEY", "ORG1", year=2025),
        Obligation("annual_return", today + timedelta(days=9), NOT_DUE, "VALLEY", "ORG2", year=2024),
        Obligation("narrative", today - timedelta(days=3), NOTHING, "VALLEY", "ORG1", year=2023),
        Obligation("consolidated_report", today + timedelta(days=61), NOT_DUE, "VALLEY", "AGENT", year=2025),
        Obligation("extension_request", today, NOT_DUE, "VALLEY", project="P1"),
        Obligation("instalment", today + timedelta(days=60), NOT_DUE, "VALLEY", "GIVER", agreement="SAA1"),
        Obligation("annual_return", today, NOT_DUE, "NOT-OURS", "ORG1", year=2025),
    ]
    monkeypatch.setattr(deadlines, "_edition", object)
    monkeypatch.setattr(deadlines, "obligations", lambda edition, year: [one for one in found if one.due.year == year])
    return found


@pytest.mark.parametrize(
    ("role", "told"),
    [
        ("organization certifier", ["Annual return"]),
        ("organization reporter", ["Annual narrative", "Annual return"]),
        ("organization contributor", ["Annual narrative"]),
        ("programme editor", ["Last day to ask for an extension"]),
        ("fund secretariat", ["Last day to ask for an extension"]),
        ("contributor", ["Instalment of an agreement"]),
        ("agent finance officer", ["Instalment of an agreement"]),  # the report is due in more than sixty days
        ("auditor", []),
        ("administrator", []),
    ],
)
def test_deadlines_are_told_to_those_who_owe_them(house, deadlines, role, told):
    from quipu.desk.news.deadlines import tasks
    from quipu.desk.rights import Rights

    found = list(tasks(Rights(house.people[role])))
    assert sorted(one.verb for one in found) == told
    assert all("ORG2" not in one.thing for one in found)


def test_days_left_and_days_late_stand_beside_the_deadline(house, deadlines):
    page = house.client("organization reporter").get("/desk").text
    assert "9 days" in page
    assert "3 days late" in page
    assert "23:59 UTC" in page


def test_a_calendar_opens_by_its_secret_alone_until_another_is_made(house, deadlines):
    import re

    from django.test import Client

    from quipu.books import models

    browser = house.client("organization reporter")
    assert browser.get("/desk/own/calendar").status_code == 302
    assert models.News.objects.count() == 0  # looking makes nothing
    addresses = []
    for _ in range(2):
        page = browser.post("/desk/own/calendar", follow=True).text
        addresses.append(re.search(r"https://desk.example.org(/desk/calendar/[^\"]+\.ics)", page)[1])
        assert addresses[-1] not in browser.get("/desk/own/news").text  # shown once
    stranger = Client()
    assert stranger.get(addresses[0]).status_code == 404
    answer = stranger.get(addresses[1])
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = answer.content.decode().replace("\r\n ", "")
    assert calendar.count("BEGIN:VEVENT") == 2
    assert "SUMMARY;LANGUAGE=en:Annual return: VALLEY ORG1" in calendar
    person = house.people["organization reporter"]
    assert person.email not in calendar
    assert person.name not in calendar
    secret = addresses[1].split("/")[-1].removesuffix(".ics")
    assert secret not in str(list(models.News.objects.values()))
    models.Person.objects.filter(pk=person.pk).update(left_on=date(2020, 1, 1))
    assert stranger.get(addresses[1]).status_code == 404


def test_what_is_typed_and_not_saved_is_ones_own(house):
    one, other = house.client("auditor"), house.client("agent approver")
    one.post("/desk/own/unsaved", {"form": "/desk/x", "fields": '{"a": "b"}'})
    assert one.get("/desk/own/unsaved?form=/desk/x").json()["fields"] == {"a": "b"}
    assert other.get("/desk/own/unsaved?form=/desk/x").json() == {}
    one.post("/desk/own/unsaved", {"form": "/desk/x", "fields": ""})
    assert one.get("/desk/own/unsaved?form=/desk/x").json() == {}


def test_what_is_typed_is_kept_up_to_a_size_and_for_forms_of_ours(house):
    from quipu.desk.own import LARGEST

    browser = house.client("auditor")
    frame = len('{"a": ""}')
    for size, status in ((LARGEST, 200), (LARGEST + 1, 400)):
        fields = '{"a": "' + "x" * (size - frame) + '"}'
        assert browser.post("/desk/own/unsaved", {"form": "/desk/x", "fields": fields}).status_code == status
    for form, fields in (("elsewhere", '{"a": 1}'), ("/desk/x", "[1]"), ("/desk/x", "{")):
        assert browser.post("/desk/own/unsaved", {"form": form, "fields": fields}).status_code == 400
