"""Rehearse: the community funds of a demonstration, posted as a group would have written them down, day by day."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from quipu.actions.revolving import keeping, moving
from quipu.actions.revolving.keeping import CommunitySaid
from quipu.actions.saying import Paper
from quipu.books import models, office
from quipu.books.post import Answer
from quipu.rules.money import of_minor_units
from quipu.rules.revolving import Terms, read_terms, schedule

EVENING = 9  # payments of a day come after what is paid out in the morning


class Moment(NamedTuple):
    """Something that is posted on a day."""

    on: date
    order: int
    act: Callable[[], Answer]


def rehearse_revolving(file: Path) -> int:
    """Makes the community funds that a file tells of, where the programme is here and has none. Answers how many were made."""
    told = tomllib.loads(file.read_text("utf-8"))
    project = models.Project.objects.filter(code=told["project"]).first()
    by = models.Person.objects.filter(email=told["by"]).values_list("code", flat=True).first()
    if project is None or by is None or models.Community.objects.filter(project=project).exists():
        return 0
    for one in told["fund"]:
        said = CommunitySaid(one["title"], one["district"], one["opened"])
        made = keeping.make_community(by=by, project=project.code, said=said)
        for moment in sorted(_moments(made, by, one), key=lambda moment: moment[:2]):
            if moment.on <= office.today():
                moment.act()
    return len(told["fund"])


def _moments(fund: Any, by: str, told: dict[str, Any]) -> Iterator[Moment]:
    def paper(on: date, note: str = "") -> Paper:
        count.append(on)
        return Paper(by=by, key=f"demo-{fund.code}-{len(count)}", on=on, title=note)

    count: list[date] = []
    for verb, lines in ((moving.put_in, told["capital"]), (moving.spend, told.get("costs", []))):
        for day, amount, note in lines:
            at = paper(date.fromisoformat(day), note)
            yield Moment(at.on, len(count), _bound(verb, paper=at, community=fund, amount=Decimal(amount)))
    for number, loan in enumerate(sorted(told["loans"], key=lambda one: str(one["on"])), 1):
        yield from _of_loan(fund, number, loan, paper)


def _of_loan(fund: Any, number: int, told: dict[str, Any], paper: Callable[..., Paper]) -> Iterator[Moment]:
    terms = read_terms(f"to {told['member']} {told['terms']}")
    assert isinstance(terms, Terms)
    amount, on = Decimal(told["amount"]), date.fromisoformat(told["on"])
    lend = _bound(
        moving.lend, paper=paper(on), community=fund, amount=amount, terms=terms, purpose=told.get("purpose", "")
    )
    yield Moment(on, number, lend)
    late = timedelta(days=told.get("late", 0))
    units = int(amount * 100)
    paid = [
        (row.day + late, of_minor_units(row.amount, fund.currency)) for row in schedule(units, terms)[: told["paid"]]
    ]
    paid += [(date.fromisoformat(day), Decimal(each)) for day, each in told.get("extra", [])]
    for day, each in paid:
        yield Moment(
            day, EVENING + number, _bound(moving.pay, paper=paper(day), community=fund, amounts={number: each})
        )
    if "written_off" in told:
        day, why = date.fromisoformat(told["written_off"][0]), told["written_off"][1]
        yield Moment(
            day, EVENING + number, _bound(moving.write_off, paper=paper(day, why), community=fund, number=number)
        )


def _bound(verb: Callable[..., Answer], **words: Any) -> Callable[[], Answer]:
    return lambda: verb(**words)
