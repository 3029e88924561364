"""The digest: what waits for somebody and what changed where they work, once a day or once a week, by mail.

One period is one mail: its key is marked in the transaction that writes it, so no worker that died makes a second one.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import translation
from django_tasks import task

from quipu.actions import history, jobs
from quipu.actions.tell import write
from quipu.books import models
from quipu.desk import tasks
from quipu.desk.drawing import moment, said, speaking, spoken
from quipu.desk.languages import words
from quipu.desk.news import changes
from quipu.desk.news.mailing import DIGEST, absolute, plain
from quipu.desk.rights import Rights
from quipu.portal.languages import DEFAULT, MANNERS

OFF, DAILY, WEEKLY = "off", "daily", "weekly"
CHOICES = (OFF, DAILY, WEEKLY)
SPANS = {DAILY: timedelta(days=1), WEEKLY: timedelta(days=7)}
MOST = 50  # lines of each kind


def period(choice: str, day: date) -> str:
    """What the digest of that day is called: the day, or its week."""
    year, week, _ = day.isocalendar()
    return str(day) if choice == DAILY else f"{year}-W{week:02}"


def choice_of(person: Any) -> str:
    """How often somebody wants the digest."""
    found = models.News.objects.filter(person=person).values_list("digest", flat=True).first()
    return str(found or WEEKLY)


@task()  # type: ignore[untyped-decorator]
def send_all(*, key: str) -> int:
    """The digests that are due on the day the key names; how many were written.

    A week's goes out on its first morning on which a worker runs.
    """
    day = date.fromisoformat(key.rpartition(" ")[2])
    chosen = dict(models.News.objects.values_list("person_id", "digest"))
    count = 0
    for person in models.Person.objects.exclude(email="").order_by("code"):
        choice = chosen.get(person.pk, WEEKLY)
        if choice in SPANS and person.is_active:
            count += _send(person, choice, day)
    return count


def _send(person: Any, choice: str, day: date) -> bool:
    name = f"digest {person.pk} {period(choice, day)}"
    if jobs.is_done(f"write {name}"):
        return False
    tongue = words(person.language if person.language in MANNERS else DEFAULT)
    with translation.override(tongue.language), speaking(tongue):
        text = compose(person, datetime.now(UTC) - SPANS[choice], tongue.before)
        subject = said("What waits for you")
    if not text:
        return jobs.once(f"write {name}", lambda: None) or False
    return write(to=f"person {person.pk}", subject=subject, text=text, address="/desk", kind=DIGEST, key=name)


def compose(person: Any, since: datetime, before: str) -> str:
    """What the digest says, in the language that is spoken; "" where there is nothing to say."""
    rights = Rights(person)
    waits = tasks.of(rights)
    rows = list(changes.within(rights, since)[: MOST + 1])
    if not waits and not rows:
        return ""
    lines: list[str] = []
    if waits:
        lines += [said("What waits for you"), ""]
        for one in waits[:MOST]:
            due = f" ({said('due %(day)s', day=spoken().day(one.due))})" if one.due else ""
            lines += [f"- {one.verb}: {one.thing}{due}", f"  {absolute(before + plain(one.address))}"]
        lines += [said("… and more"), ""] if len(waits) > MOST else [""]
    if rows:
        names = history.names_of(row.by for row in rows)
        lines += [said("What changed where you work"), ""]
        for row in rows[:MOST]:
            who = names.get(row.by, row.by) or said("the house")
            lines.append(f"- {moment(row.at)}, {who}: {said(row.verb)}: {said(row.kind)} {row.code}")
        lines += [said("… and more")] if len(rows) > MOST else []
    return "\n".join(lines).strip()
