"""Reminders: before a deadline, on the day after and later, wider each time; and by hand, to many at once.

Each step of an obligation is said once, however many workers look: its mark, its row and its mails are one transaction.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django_tasks import task

from quipu.actions import history, jobs
from quipu.actions.history import Thing
from quipu.actions.mandates import counting, scope_of
from quipu.actions.returns import owing
from quipu.actions.tell import tell
from quipu.books import models, office
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import VERBS, Role, Scope
from quipu.rules.owing import OWED_BY
from quipu.rules.returns.obligations import (
    AGENT,
    BY_HAND,
    FINAL,
    HEADS,
    INTERIM,
    NARRATIVE,
    OWNERS,
    REPORT,
    Owed,
    Step,
    step_due,
)

RINGS: dict[str, tuple[Role, ...]] = {
    HEADS: (Role.CERTIFIER, Role.ORGANIZATION_ADMINISTRATOR),
    AGENT: VERBS["remind"].roles,
}
ORDER = (OWNERS, HEADS, AGENT)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What somebody would be told: of which obligations, and who that is. people empty: nobody works here for them."""

    owed: Owed
    people: tuple[str, ...]


class People:
    """Who owes what and who stands above them: all mandates of today, asked for once."""

    def __init__(self) -> None:
        today = office.today()
        held = counting().filter(since__lte=today).select_related("person", "project").order_by("person__name", "pk")
        self.held: dict[str, list[tuple[Scope, str]]] = defaultdict(list)
        for mandate in held:
            if mandate.person.is_active and (mandate.until is None or mandate.until >= today):
                self.held[mandate.role].append((scope_of(mandate), mandate.person_id))

    def of(self, owed: Owed, ring: str) -> tuple[str, ...]:
        """Whom a reminder of that ring reaches; those of the rings before it too."""
        rings = ORDER[: ORDER.index(ring) + 1]
        roles = [role for one in rings for role in (OWED_BY[owed.duty] if one == OWNERS else RINGS[one])]
        if not owed.organization:
            roles = list(OWED_BY[owed.duty])
        found = [
            person for role in dict.fromkeys(roles) for scope, person in self.held[role] if scope.covers(owed.scope)
        ]
        return tuple(dict.fromkeys(found))


@task()  # type: ignore[untyped-decorator]
def remind_all(*, key: str) -> int:
    """The reminders that are due on the day the key names; how many obligations were reminded of."""
    return remind_due(date.fromisoformat(key.rpartition(" ")[2]))


def remind_due(today: date) -> int:
    """The same for a day."""
    years = range(today.year - 3, today.year + 1)
    due: dict[tuple[str, str, str, date], list[tuple[Owed, Step]]] = defaultdict(list)
    for owed in owing.owed(years, today):
        step = step_due(owed, today)
        if step is not None:
            due[owed.organization, owed.duty, step.name, owed.until].append((owed, step))
    people = People() if due else None
    count = 0
    for _, several in sorted(due.items()):
        assert people is not None
        count += _remind_of(several, people, today)
    return count


def _remind_of(several: Sequence[tuple[Owed, Step]], people: People, today: date) -> int:
    """One organization's obligations of one kind and one deadline, in one mail to each person."""
    told: dict[tuple[str, ...], list[Owed]] = defaultdict(list)
    with history.whole():
        for owed, step in several:
            reached = people.of(owed, step.ring)
            if jobs.once(_mark(owed, step), partial(_keep, owed, step.name, reached, "")):
                told[reached].append(owed)
        for to, what in told.items():
            _tell(to, what, today)
    return sum(map(len, told.values()))


def _mark(owed: Owed, step: Step) -> str:
    """The name of the effect; of an obligation whose deadline was moved the steps begin anew."""
    said = f"{'/'.join(map(str, owed.key))} {owed.until} {step.name}"
    return f"remind {hashlib.sha256(said.encode()).hexdigest()}"


def _keep(owed: Owed, step: str, people: Sequence[str], by: str) -> bool:
    models.Reminder.objects.create(
        fund_id=owed.fund,
        organization_id=owed.organization or None,
        project_id=owed.project or None,
        year=owed.year,
        duty=owed.duty,
        step=step,
        due=owed.until,
        people=list(people),
        by=by,
        at=datetime.now(UTC),
    )
    return True


# By hand


def foresee(owed: Iterable[Owed]) -> list[Reminded]:
    """Who would be reminded of what."""
    people = People()
    return [Reminded(one, people.of(one, HEADS)) for one in owed if one.is_missing and not one.closed]


def remind_many(*, by: str, owed: Iterable[Owed], words: str, key: str) -> int:
    """Reminds of what is missing, at once; how many obligations. key: sent twice it takes effect once. Raises Refused."""
    chosen = [one for one in foresee(owed) if one.people]
    if not chosen:
        raise Refused(Finding("remind-nobody", ""))
    if "\0" in words or len(words) > 2_000:
        raise Refused(Finding("text-unreadable", "words"))

    def effect() -> int:
        told: dict[tuple[str, str], list[Owed]] = defaultdict(list)
        for one in chosen:
            _keep(one.owed, BY_HAND, one.people, by)
            history.keep(
                by=by,
                verb="remind",
                thing=Thing("obligation", "/".join(map(str, one.owed.key))[:64], one.owed.scope),
                after={"people": len(one.people), "due": one.owed.until},
                reason=words.strip(),
            )
            for person in one.people:
                told[person, one.owed.duty].append(one.owed)
        for (person, _), what in sorted(told.items(), key=lambda each: each[0]):
            _tell((person,), what, office.today(), words.strip())
        return len(chosen)

    with history.whole():
        return int(jobs.once(f"remind by hand {key}"[:200], effect) or 0)


def last_of(owed: Owed) -> Any:
    """The last reminder of it; None before the first."""
    found = models.Reminder.objects.filter(
        fund=owed.fund, organization=owed.organization or None, year=owed.year, duty=owed.duty
    )
    return found.order_by("-at").first()


# Mail

NEAR, LATE = "A deadline is near", "A deadline has passed"
WORDS: Mapping[str, tuple[str, str]] = {
    "annual_return": (
        "The annual return %(year)s of %(things)s is due on %(due)s: %(days)s days are left. %(words)s",
        "The annual return %(year)s of %(things)s was due on %(due)s, %(days)s days ago, and is not in. Send it, or ask "
        "for more time. %(words)s",
    ),
    INTERIM: (
        "Interim figures %(year)s of %(things)s are asked for by %(due)s. They are voluntary and not certified. %(words)s",
        "Interim figures %(year)s of %(things)s were asked for by %(due)s. They are voluntary and not certified. %(words)s",
    ),
    NARRATIVE: (
        "The narrative %(year)s of %(things)s is due on %(due)s: %(days)s days are left. %(words)s",
        "The narrative %(year)s of %(things)s was due on %(due)s, %(days)s days ago, and is not in. %(words)s",
    ),
    FINAL: (
        "The certified final statement of %(things)s is due on %(due)s: %(days)s days are left. %(words)s",
        "The certified final statement of %(things)s was due on %(due)s, %(days)s days ago, and is not in. %(words)s",
    ),
    REPORT: (
        "The consolidated report %(year)s of %(things)s is due on %(due)s: %(days)s days are left. %(words)s",
        "The consolidated report %(year)s of %(things)s was due on %(due)s, %(days)s days ago. %(words)s",
    ),
}


def _tell(people: Iterable[str], what: Sequence[Owed], today: date, words: str = "") -> None:
    """Obligations of one duty, the earliest deadline first: the mail names that."""
    first = min(what, key=lambda one: one.until)
    is_late = first.until < today
    near, late = WORDS[first.duty]
    things = [" ".join(filter(None, (one.fund, one.organization, one.project))) for one in what]
    values = {
        "year": str(first.year),
        "things": ", ".join(dict.fromkeys(things)),
        "due": str(first.until),
        "days": str(abs((first.until - today).days)),
        "words": words,
    }
    tell(
        people=people,
        subject=LATE if is_late else NEAR,
        text=late if is_late else near,
        address=f"/desk/years/{first.year}/owed",
        values=values,
    )
