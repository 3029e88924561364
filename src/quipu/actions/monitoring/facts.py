"""What the books and the records say of a programme's year: the part of its narrative that nobody writes.

Plain data, so that it can be kept as it was when a narrative was handed over. What may become public only: approved
readings of public indicators without small counts of people, public documents, approved lessons, risks that say so.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Sum

from quipu.actions import documents
from quipu.actions.monitoring import reviews
from quipu.actions.results import framework
from quipu.books import models
from quipu.books.returns import PAYING, SPENDING
from quipu.rules import monitoring
from quipu.rules.kinds import CERTIFIED
from quipu.rules.results import beneficiaries
from quipu.rules.results.states import State as ReadingState

Facts = dict[str, Any]
SMALLEST = 5  # counts of people below it are not printed
GIVING_BACK = ("refund", "direct_cost_refund")


def position() -> int:
    """Where the chain ends now."""
    return int(models.Posting.objects.order_by("-position").values_list("position", flat=True).first() or 0)


def of_year(project: Any, year: int, head: int, today: date) -> Facts:
    """All of it, as known at a position of the chain."""
    since, until = date(year, 1, 1), date(year, 12, 31)
    return {
        "currency": project.fund.currency,
        "illustrative": project.fund.illustrative,
        "head": head,
        "asked": str(today),
        "results": _results(project, since, until),
        "changed": _changed(project, since, until, head),
        "beneficiaries": _beneficiaries(project, until),
        "money": _money(project, year, head),
        "documents": _documents(project, year, today),
        "reviews": _reviews(project, year),
        "risks": _risks(project, since, until),
        "lessons": _lessons(project, year),
    }


def _results(project: Any, since: date, until: date) -> list[dict[str, Any]]:
    """Results in the order of the framework, each with its indicators, their targets and what was read in the year."""
    indicators = list(
        models.Indicator.objects.filter(project=project, is_public=True, ended_at=None).order_by("number")
    )
    targets: dict[str, list[Any]] = defaultdict(list)
    for target in models.Target.objects.filter(indicator__in=indicators).order_by("pk"):
        targets[target.indicator_id].append(target)
    readings: dict[str, list[Any]] = defaultdict(list)
    approved = models.Reading.objects.filter(
        indicator__in=indicators, state=ReadingState.APPROVED, until__gte=since, until__lte=until
    )
    for reading in approved.order_by("until", "-is_reported", "made_at"):
        readings[reading.indicator_id].append(reading)
    by_place: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in indicators:
        place = one.output_id or one.outcome_id or ""
        by_place[place].append(_indicator(one, targets[one.code], readings[one.code]))
    found = []
    outcomes = models.Outcome.objects.filter(project=project, ended_at=None).order_by("number")
    outputs: dict[str, list[Any]] = defaultdict(list)
    for output in models.Output.objects.filter(outcome__in=outcomes, ended_at=None).order_by("number"):
        outputs[output.outcome_id].append(output)
    for outcome in outcomes:
        found.append(_result(outcome, "outcome", str(outcome.number), by_place))
        for output in outputs[outcome.code]:
            found.append(_result(output, "output", f"{outcome.number}.{output.number}", by_place))
    if by_place[""]:
        found.append({"level": "programme", "number": "", "titles": {}, "indicators": by_place[""]})
    return found


def _result(one: Any, level: str, number: str, by_place: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"level": level, "number": number, "titles": one.titles, "indicators": by_place[one.code]}


def _indicator(one: Any, targets: list[Any], readings: list[Any]) -> dict[str, Any]:
    in_force = framework.targets_in_force(targets)
    told = [
        {
            "until": str(reading.until),
            "value": _value(one, reading.value),
            "source": reading.source,
            "reported": reading.is_reported,
            "choice": reading.choice,
        }
        for reading in readings
    ]
    last = [reading for reading in readings if reading.until == readings[-1].until]
    return {
        "code": one.code,
        "titles": one.titles,
        "unit": one.unit,
        "baseline": _value(one, one.baseline),
        "targets": [{"until": str(target.until), "value": target.value} for target in in_force],
        "readings": told,
        "differ": len({reading.value for reading in last}) > 1 and not any(reading.choice for reading in last),
    }


def _value(indicator: Any, value: str) -> str:
    """A value as it may be printed: small counts of people only as that."""
    is_small = indicator.is_of_people and value.isdecimal() and 0 < int(value) < SMALLEST
    return f"< {SMALLEST}" if is_small else value


def _changed(project: Any, since: date, until: date, head: int) -> list[dict[str, Any]]:
    """Statuses and extensions of the year, and targets that were revised in it."""
    events = models.Event.objects.filter(
        project=project, posting__on__gte=since, posting__on__lte=until, posting__lte=head
    )
    found = [
        {"on": str(on), "what": kind, "whom": name or body or "", "status": status, "until": str(end or "")}
        for on, kind, body, name, status, end in events.order_by("posting").values_list(
            "posting__on", "posting__kind", "organization", "organization__title", "status", "until"
        )
    ]
    revised = models.Target.objects.filter(
        indicator__project=project, indicator__is_public=True, at__date__gte=since, at__date__lte=until
    ).exclude(reason="")
    found += [
        {
            "on": str(one.at.date()),
            "what": "target",
            "titles": one.indicator.titles,
            "value": one.value,
            "why": one.reason,
        }
        for one in revised.select_related("indicator").order_by("pk")
    ]
    return sorted(found, key=lambda one: str(one["on"]))


def _beneficiaries(project: Any, until: date) -> dict[str, Any]:
    """The last table up to the end of the year; where a count of people is small, rows of people are left out whole."""
    last = models.Beneficiaries.objects.filter(project=project, until__lte=until).order_by("-until", "-pk").first()
    if last is None:
        return {}
    counts = dict(last.counts)
    for way in beneficiaries.WAYS:
        for aspect in beneficiaries.ASPECTS:
            cells = [f"{way}/{aspect}/{who}" for who in beneficiaries.WHO if who != beneficiaries.INSTITUTIONS]
            people = beneficiaries.people(counts, way, aspect)
            known = [counts[cell] for cell in cells if cell in counts]
            rest = (people or 0) - sum(counts.get(cell, 0) for cell in cells[:2])
            if any(0 < count < SMALLEST for count in (*known, rest)):
                for cell in cells:
                    counts.pop(cell, None)
    return {"until": str(last.until), "counts": counts, "source": last.source}


def _money(project: Any, year: int, head: int) -> list[dict[str, Any]]:
    """What each organization received and spent in the year, in minor units, and how much of it is certified."""
    sums = (
        models.Entry.objects.filter(project=project, year=year, organization__isnull=False, posting__lte=head)
        .filter(movement__in=(*PAYING, *GIVING_BACK, *SPENDING))
        .values_list("organization", "movement", "standing")
        .annotate(Sum("amount"))
    )
    rows: dict[str, dict[str, int]] = defaultdict(lambda: {"received": 0, "certified": 0, "interim": 0})
    for body, movement, standing, units in sums.order_by("organization"):
        if movement in SPENDING:
            rows[body]["certified" if standing == CERTIFIED else "interim"] += units
        else:
            rows[body]["received"] += -units if movement in GIVING_BACK else units
    for body in models.Participation.objects.filter(project=project).values_list("organization", flat=True):
        rows.setdefault(body, {"received": 0, "certified": 0, "interim": 0})
    names = dict(models.Organization.objects.filter(code__in=rows).values_list("code", "title"))
    return [{"organization": body, "name": names.get(body) or body, **told} for body, told in sorted(rows.items())]


def _documents(project: Any, year: int, today: date) -> list[dict[str, Any]]:
    """Documents of the year that are public, without narratives of a year themselves."""
    found = models.Document.objects.filter(project=project, on__startswith=str(year)).exclude(type="narrative")
    return [
        {
            "code": one.code,
            "titles": dict(one.titles) or {"en": documents.title_of(one)},
            "type": one.type,
            "on": one.on,
        }
        for one in found.prefetch_related("versions").order_by("on", "code")
        if documents.is_public(one, today)
    ]


def _reviews(project: Any, year: int) -> list[dict[str, Any]]:
    """Public reviews of the year, and of earlier ones as far as something of their improvement plan fell due or is open."""
    found = []
    all_of_them = models.Review.objects.filter(project=project, is_public=True).order_by("number")
    counts: dict[str, dict[str, int]] = defaultdict(lambda: {"recommended": 0, "answered": 0, "open": 0, "done": 0})
    recommended = models.Recommendation.objects.filter(review__in=all_of_them).prefetch_related("responses")
    for one in recommended:
        counts[one.review_id]["recommended"] += 1
        counts[one.review_id]["answered"] += reviews.standing(one) is not None
    for review, state in models.Action.objects.filter(recommendation__review__in=all_of_them).values_list(
        "recommendation__review", "state"
    ):
        counts[review]["open"] += state in monitoring.TO_DO
        counts[review]["done"] += state == monitoring.DONE
    for review in all_of_them:
        if review.on[:4] == str(year) or (review.on[:4] < str(year) and counts[review.code]["open"]):
            told = {"code": review.code, "kind": review.kind, "titles": review.titles, "on": review.on}
            found.append({**told, "by_whom": review.by_whom, **counts[review.code]})
    return found


def _risks(project: Any, since: date, until: date) -> list[dict[str, Any]]:
    """Public risks and issues that somebody looked at in the year, or that are still open."""
    found = models.Risk.objects.filter(project=project, is_public=True).order_by("number")
    names = ("kind", "texts", "likelihood", "impact", "answers", "state")
    return [
        {**{name: getattr(one, name) for name in names}, "reviewed_on": str(one.reviewed_on)}
        for one in found
        if since <= one.reviewed_on <= until or (one.state != monitoring.CLOSED and one.reviewed_on <= until)
    ]


def _lessons(project: Any, year: int) -> list[dict[str, Any]]:
    """Approved lessons and best practices of the year."""
    found = models.Lesson.objects.filter(project=project, year=year, state=monitoring.State.APPROVED)
    return [
        {
            "code": one.code,
            "kind": one.kind,
            "titles": one.titles,
            "whose": (one.organization.title or one.organization_id) if one.organization_id else "",
        }
        for one in found.select_related("organization").order_by("kind", "number")
    ]


def lacks(parts: dict[str, dict[str, str]], facts: Facts) -> list[str]:
    """What is missing in a narrative, each by name: kind/which."""
    found = [f"part/{part}" for part in monitoring.WANTED if not any(parts.get(part, {}).values())]
    if not facts["results"]:
        found.append("framework/")
    for result in facts["results"]:
        for one in result["indicators"]:
            if not one["readings"]:
                found.append(f"reading/{one['code']}")
            elif one["differ"]:
                found.append(f"choice/{one['code']}")
    if not facts["beneficiaries"]:
        found.append("beneficiaries/")
    for row in facts["money"]:
        if row["interim"]:
            found.append(f"interim/{row['organization']}")
        elif not row["certified"]:
            found.append(f"spending/{row['organization']}")
    if not facts["lessons"]:
        found.append("lessons/")
    return found


LACKING = {
    "part": "Not written: %(what)s",
    "framework": "No framework of results is kept",
    "reading": "No approved reading of the year: %(what)s",
    "choice": "Sources differ, and none was chosen: %(what)s",
    "beneficiaries": "No table of beneficiaries",
    "interim": "Spending that is not certified: %(what)s",
    "spending": "No spending of the year: %(what)s",
    "lessons": "No lesson or best practice of the year was approved",
}


def lacking(word: str, facts: Facts) -> tuple[str, str]:
    """One of `lacks` as a sentence of LACKING and what it is about, with names for codes."""
    kind, _, code = word.partition("/")
    if kind == "part":
        return LACKING[kind], monitoring.PARTS.get(code, code)
    if kind in ("reading", "choice"):
        named = {
            one["code"]: monitoring.told_in(one["titles"], "en")[1]
            for result in facts.get("results", ())
            for one in result["indicators"]
        }
        return LACKING[kind], named.get(code, code)
    if kind in ("interim", "spending"):
        named = {row["organization"]: row["name"] for row in facts.get("money", ())}
        return LACKING[kind], named.get(code, code)
    return LACKING.get(kind, word), ""
