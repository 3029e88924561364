"""What waits among results: readings to approve and to mend, sources that differ, periods and targets without a reading."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from quipu.actions.results import framework
from quipu.books import models, office
from quipu.desk.drawing import address, said, spoken
from quipu.desk.inbox import Task
from quipu.desk.results import listing, sight, words
from quipu.rules.results.states import State

MOST = 50  # lines of a kind


def tasks(rights: Any) -> Iterator[Task]:
    """All that this person can do something about; a few questions for each of their roles."""
    if reach := rights.reach(sight.APPROVE):
        yield from _to_approve(rights.person.pk, reach)
        yield from _to_choose(reach)
    if reach := rights.reach(sight.WRITE):
        yield from _own(rights.person.pk, reach)
        yield from _missing(reach)
        yield from _aimed(reach)


def _to_approve(mine: str, reach: Any) -> Iterator[Task]:
    waits = models.Reading.objects.filter(sight.indicators_within(reach, "indicator__"), state=State.SUBMITTED)
    since: dict[str, Any] = {}
    count: Counter[str] = Counter()
    for project, writers, at in waits.order_by("changed_at").values_list("indicator__project", "writers", "changed_at"):
        if mine not in writers:
            count[project] += 1
            since.setdefault(project, timezone.localtime(at).date())
    for project, title in _titles(count).items():
        thing = f"{title}: {_readings(count[project])}"
        yield Task(said("Approve readings"), thing, address("approve_readings", programme=project), since[project])


def _readings(count: int) -> str:
    told: str = spoken().ngettext("%(count)s reading", "%(count)s readings", count)
    return told % {"count": spoken().count(count)}


def _indicators(count: int) -> str:
    told: str = spoken().ngettext("%(count)s indicator", "%(count)s indicators", count)
    return told % {"count": spoken().count(count)}


def _titles(codes: Iterable[str]) -> dict[str, str]:
    found = models.Project.objects.filter(code__in=list(codes)).order_by("title", "code").values_list("code", "title")
    return {code: title or code for code, title in found}


def _to_choose(reach: Any) -> Iterator[Task]:
    found = listing.differing(sight.indicators_within(reach, "indicator__"))[:MOST]
    titles = dict(
        models.Indicator.objects.filter(code__in={code for _, code, _, _ in found}).values_list("code", "titles")
    )
    for _, code, since, until in found:
        thing = f"{words.called(titles[code])}: {words.period(since, until)}"
        yield Task(said("Choose between sources that differ"), thing, f"{address('indicator', code)}#differ")


def _own(mine: str, reach: Any) -> Iterator[Task]:
    open_ = sight.READINGS.filter(
        sight.indicators_within(reach, "indicator__"), state__in=[State.RETURNED, State.DRAFT], author=mine
    )
    for one in open_.order_by("changed_at")[:MOST]:
        thing = f"{words.called(one.indicator.titles)}: {words.period(one.since, one.until)}"
        is_returned = one.state == State.RETURNED
        verb = said("Mend a reading") if is_returned else said("Go on with a reading")
        if is_returned and one.comment:
            thing += f" – {one.comment[:120]}"
        yield Task(verb, thing, address("change_reading", one.code), timezone.localtime(one.changed_at).date())


def _missing(reach: Any) -> Iterator[Task]:
    """Programmes whose last period has ended, with indicators of which nobody wrote a reading."""
    cycles = {code: one for code, one in listing.last_ended().items() if one.locked_at is None}
    count = Counter(one.project_id for one in listing.without_reading(cycles, reach))
    for project, title in _titles(count).items():
        cycle = cycles[project]
        thing = f"{title}, {words.of_cycle(cycle)}: {_indicators(count[project])}"
        yield Task(said("Write readings"), thing, address("framework", project), cycle.until)


def _aimed(reach: Any) -> Iterator[Task]:
    """Targets whose day has passed, while nothing was read since."""
    since = models.Reading.objects.filter(indicator=OuterRef("indicator"), until__gte=OuterRef("until"))
    waits = (
        models.Target.objects.filter(sight.indicators_within(reach, "indicator__"))
        .filter(Q(until__lt=office.today()), indicator__ended_at=None, indicator__counted={})
        .filter(~Exists(since.exclude(state=State.WITHDRAWN)))
        .select_related("indicator")
        .order_by("id")
    )
    rows: dict[str, list[Any]] = {}
    for one in waits:
        rows.setdefault(one.indicator_id, []).append(one)
    standing: Mapping[str, list[Any]] = {code: framework.targets_in_force(some) for code, some in rows.items()}
    found = [some[-1] for some in standing.values() if some]
    for one in sorted(found, key=lambda each: each.until)[:MOST]:
        thing = f"{words.called(one.indicator.titles)}: {words.kept(one.indicator, one.value)}"
        yield Task(
            said("Say what became of a target"), thing, address("new_reading", one.indicator_id), None, one.until
        )
