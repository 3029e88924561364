"""Reminders go out once for each step, wider each time, and to nobody once a return is in, waived or given more time."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from quipu.rules.findings import Refused
from tests.conftest import ROOT
from tests.desk.returning import CERTIFIER, FINANCE, MANAGER, REPORTER, accepted, at_work

DUE = date(2024, 4, 30)  # of the annual return of 2023
ADMINISTRATOR = "organization administrator"


def told(duty="annual_return", year=2023):
    from quipu.books import models

    found = models.Reminder.objects.filter(fund="VALLEY", organization="ORG1", year=year, duty=duty).order_by("pk")
    return [(one.step, sorted(one.people)) for one in found]


def remind(day):
    from quipu.actions.returns import reminding

    return reminding.remind_due(day)


def people(cast, *roles):
    return sorted(cast.people[role].pk for role in roles)


def test_each_step_is_said_once_and_reaches_further_each_time(cast_anywhere):
    cast = at_work(cast_anywhere)
    for days in (-60, -60, -30, -7, 0, 1, 1, 2, 14, 30, 31, 59):
        remind(DUE + timedelta(days=days))
    before = people(cast, REPORTER, CERTIFIER)
    heads = people(cast, REPORTER, CERTIFIER, ADMINISTRATOR)
    agent = people(cast, REPORTER, CERTIFIER, ADMINISTRATOR, MANAGER, FINANCE)
    assert told() == [
        ("60 days before", before),
        ("30 days before", before),
        ("7 days before", before),
        ("the day after", before),
        ("14 days after", heads),
        ("30 days after", agent),
    ]


def test_a_mail_says_what_is_due_and_when(cast):
    from quipu.books import models

    at_work(cast)
    remind(DUE - timedelta(days=7))
    mail = models.Mail.objects.filter(
        to=f"person {cast.people[REPORTER].pk}", text__startswith="The annual return"
    ).get()
    assert mail.subject == "A deadline is near"
    assert mail.values["things"] == "VALLEY ORG1"
    assert (mail.values["due"], mail.values["days"]) == ("2024-04-30", "7")
    assert mail.address == "/desk/years/2023/owed"


def test_nobody_is_reminded_of_a_return_that_is_in(cast_anywhere):
    cast = at_work(cast_anywhere)
    accepted(cast)
    remind(DUE + timedelta(days=14))
    assert told() == []


def test_nobody_is_reminded_of_what_was_waived_and_more_time_moves_the_steps(cast):
    from quipu.actions.returns import dispensing, owing

    at_work(cast)
    asked = {"by": cast.people[REPORTER].pk, "reason": "The road was washed away."}
    given = {"by": cast.people[MANAGER].pk, "granted": True, "words": "So be it."}
    later = date(2030, 1, 31)
    record = dispensing.ask(owed=owing.one("annual_return", "VALLEY", "ORG1", 2023), until=later, **asked)
    remind(DUE + timedelta(days=1))
    assert [step for step, _ in told()] == ["the day after"]  # nobody has decided yet
    dispensing.decide(record=record, until=later, **given)
    remind(DUE + timedelta(days=14))
    assert [step for step, _ in told()] == ["the day after"]
    owed = next(one for one in owing.owed([2023], date(2030, 1, 24)) if one.duty == "annual_return")
    assert (owed.until, owed.mark) == (later, "extended")
    waived = dispensing.ask(owed=owing.one("narrative", "VALLEY", "ORG1", 2023), until=None, **asked)
    dispensing.decide(record=waived, until=None, **given)
    before = told("narrative")
    remind(date(2024, 4, 14))
    assert told("narrative") == before


def test_reminders_by_hand_go_out_once_however_often_the_button_is_pressed(cast_anywhere):
    from quipu.actions.returns import owing, reminding
    from quipu.books import models

    cast = at_work(cast_anywhere)
    by = cast.people[FINANCE].pk
    owed = [owing.one("annual_return", "VALLEY", "ORG1", year) for year in (2023, 2024)]
    foreseen = reminding.foresee(owed)
    assert [sorted(one.people) for one in foreseen] == [people(cast, REPORTER, CERTIFIER, ADMINISTRATOR)] * 2
    words = {"by": by, "owed": owed, "words": "Please.", "key": "k1"}
    assert reminding.remind_many(**words) == 2
    assert reminding.remind_many(**words) == 0
    assert models.Reminder.objects.filter(step="by hand", by=by).count() == 2
    assert models.Mail.objects.filter(text__startswith="The annual return").count() == 3  # one each for three people
    assert models.History.objects.filter(verb="remind", by=by).count() == 2
    with pytest.raises(Refused):
        reminding.remind_many(**words | {"owed": [], "key": "k2"})


REMINDER = """
import sys
from datetime import date
from pathlib import Path
from quipu.books import database
database.start(Path(sys.argv[1]))
from quipu.actions.returns import reminding
print("ready", flush=True)
sys.stdin.readline()
print(reminding.remind_due(date(2024, 5, 1)), flush=True)
"""


def test_two_workers_at_once_remind_once(cast_anywhere):
    import os

    cast = at_work(cast_anywhere)
    words = [sys.executable, "-c", REMINDER, str(cast.ledger.home)]
    env = {**os.environ, **cast.ledger.environment, "PYTHONPATH": str(ROOT / "src")}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(words, env=env, **pipes) for _ in range(2)]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("\n")
        worker.stdin.flush()
    counts = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    from quipu.books import models

    # the annual return, the narrative, and the agent's own report in thirty days
    assert sum(counts) == models.Reminder.objects.count() == 3
    assert [step for step, _ in told()] == ["the day after"]


def test_the_reminders_are_queued_each_morning():
    from quipu.actions.nightly import SCHEDULES

    assert "reminders" in [one.job for one in SCHEDULES]
