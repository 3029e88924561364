"""What several programmes measure alike: kept per fund and theme, and rolled up with how it was found and from what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.actions.results import framework, rolled
from quipu.actions.results.rolled import Together
from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.forms import choice, choose, text
from quipu.desk.funds.views import kept
from quipu.desk.reaching import within
from quipu.desk.results import forms, sight, words
from quipu.desk.results.forms import TITLES, UNIT
from quipu.desk.rights import needs
from quipu.rules.dates import read_date
from quipu.rules.mandates import Scope
from quipu.rules.results import rolling
from quipu.rules.results.kinds import SENTENCES, Kind

DONE = "It is kept. The public pages show it with the next edition, in a moment."


class Measure(forms.InLanguages):
    """A measure. Its code, its kind and whose it is are said once."""

    names: Mapping[str, str] = {TITLES: forms.SHOWN["alike"], UNIT: forms.SHOWN["unit"]}

    code = text("Code", most=64, hint="Letters, digits, dots and dashes. It never changes.")
    fund = choice("Fund", needed=False)
    kind = choice("Kind")
    theme = text(
        "Theme", needed=False, most=64, hint="A code of the fund's own list. Measures of a theme stand together."
    )
    seen = forms.seen()

    def __init__(
        self, *args: Any, record: Any = None, funds: Any = (), everywhere: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if record is not None:
            for name in ("code", "fund", "kind"):
                del self.fields[name]
            return
        choose(
            self, "fund", [(one.code, f"{one.title or one.code} ({one.code})") for one in funds], said("of all funds")
        )
        if not everywhere:
            self.fields["fund"].choices = self.fields["fund"].choices[1:]
        choose(self, "kind", [(one, f"{said(one)} – {said(SENTENCES[one])}") for one in Kind])


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure as it is read: of all programmes within reach, and of each fund."""

    together: Together
    by_fund: list[tuple[Any, Together]]

    @property
    def measure(self) -> Any:
        """What is measured."""
        return self.together.measure


def _until(request: HttpRequest) -> date | None:
    return read_date(request.GET.get("until", "").replace("\0", ""))


def shown(rights: Any, measures: list[Any], until: date | None = None) -> list[Shown]:
    """What measures come to for a reader: from the indicators within their reach; three questions for any number."""
    indicators = list(rolled.indicators_of(measures).filter(sight.indicators_within(rights.reach(sight.READ))))
    whole = rolled.together(measures, indicators, until)
    found = []
    for one in measures:
        stand = list(whole[one.code].standings.values())
        ordered = sorted(stand, key=lambda each: each.indicator.project.fund_id)
        funds = []
        for _, some in groupby(ordered, key=lambda each: each.indicator.project.fund_id):
            parts = list(some)
            funds.append((parts[0].indicator.project.fund, rolled.rolled_up(one, parts)))
        found.append(Shown(whole[one.code], funds))
    return found


@needs(sight.READ)
def show(request: HttpRequest) -> HttpResponse:
    """Measures by fund and theme, with what they come to."""
    found = within_reach(request.rights)
    chosen = {name: request.GET.get(name, "").replace("\0", "") for name in ("fund", "theme")}
    themes = sorted({one.theme for one in found if one.theme})
    funds = sorted({(one.fund_id, one.fund.title or one.fund_id) for one in found if one.fund_id})
    for name, column in (("fund", "fund_id"), ("theme", "theme")):
        if chosen[name]:
            found = [one for one in found if getattr(one, column) == chosen[name]]
    until = _until(request)
    groups: dict[tuple[str, str], list[Shown]] = {}
    for one in shown(request.rights, found, until):
        fund = one.measure.fund
        groups.setdefault(((fund.title or fund.code) if fund else "", one.measure.theme), []).append(one)
    told = {
        "groups": groups,
        "chosen": chosen,
        "themes": themes,
        "funds": funds,
        "until": until,
        "may_keep": request.rights.may(sight.MEASURE),
        "ways": rolling.WAYS,
        "words_of": words,
        "share_of": rolled.share_of,
    }
    return render(request, "results/measures.html", told)


def within_reach(rights: Any) -> list[Any]:
    """Measures of the funds within reach, those of all funds, and those of what one sees otherwise."""
    reach = rights.reach(sight.READ)
    mine = models.Indicator.objects.filter(sight.indicators_within(reach)).exclude(measure=None).values("measure")
    funds = models.Fund.objects.filter(within(reach, "code", "")).values("code")
    found = models.Measure.objects.filter(ended_at=None).select_related("fund")
    return list(
        found.filter(Q(code__in=mine) | Q(fund__in=funds) | Q(fund=None)).order_by("fund__title", "theme", "code")
    )


@needs(sight.READ)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """A measure: what it comes to, how that was found, its parts, and what was left out and why."""
    measure, scope = sight.of_measure(code)
    until = _until(request)
    told = {
        "measure": measure,
        "shown": shown(request.rights, [measure], until)[0],
        "until": until,
        "may_keep": request.rights.may(sight.MEASURE, scope),
        "ways": rolling.WAYS,
        "reasons": rolling.REASONS,
        "sentences": SENTENCES,
        "words_of": words,
        "share_of": rolled.share_of,
    }
    return render(request, "results/measure.html", told)


@needs(sight.MEASURE)
def new(request: HttpRequest) -> HttpResponse:
    """A new measure, of a fund whose measures one keeps, or of all funds."""
    reach = request.rights.reach(sight.MEASURE)
    funds = models.Fund.objects.filter(within(reach, "code", "")).order_by("title", "code")
    everywhere = request.rights.may(sight.MEASURE, Scope())
    form = Measure(request.POST or None, funds=funds, everywhere=everywhere)
    return kept(
        request,
        form,
        lambda told: framework.keep_measure(
            by=request.user.pk,
            code=told["code"],
            titles=form.in_languages(TITLES),
            unit=form.in_languages(UNIT),
            kind=told["kind"],
            fund=told["fund"],
            theme=told["theme"],
            is_new=True,
        ),
        done=DONE,
        lead=lambda made: ("measure", made.code),
        title="Add a measure",
        back=("measures",),
        locked=[],
    )


@needs(sight.MEASURE, sight.of_measure)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its words and its theme."""
    own = Thing(framework.MEASURE, thing.code, Scope(thing.fund_id or ""))
    initial = {"titles": thing.titles, "unit": thing.unit, "theme": thing.theme, "seen": history.version(own)}
    form = Measure(request.POST or None, record=thing, initial=initial)
    return kept(
        request,
        form,
        lambda told: framework.keep_measure(
            by=request.user.pk,
            code=thing.code,
            titles=form.in_languages(TITLES),
            unit=form.in_languages(UNIT),
            kind=thing.kind,
            fund=thing.fund_id or "",
            theme=told["theme"],
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: ("measure", made.code),
        title="Change a measure",
        back=("measure", thing.code),
        locked=[
            ("Code", thing.code, ""),
            ("Kind", said(thing.kind), ""),
            ("Fund", (thing.fund.title or thing.fund_id) if thing.fund else said("of all funds"), ""),
        ],
        ending=("end_measure", thing.code),
        template="results/form.html",
    )


@needs(sight.MEASURE, sight.of_measure)
def end(request: HttpRequest, thing: Any) -> HttpResponse:
    """Nothing is put together under it any more; asked first, with a reason."""
    own = Thing(framework.MEASURE, thing.code, Scope(thing.fund_id or ""))
    form = forms.Reason(request.POST or None, initial={"seen": history.version(own)})
    return kept(
        request,
        form,
        lambda told: framework.end_measure(by=request.user.pk, code=thing.code, **told),
        done="It is ended. What its indicators show stays with them.",
        lead=lambda made: ("measures",),
        title="End this measure?",
        back=("measure", thing.code),
        does="End it",
        locked=[("Measure", words.called(thing.titles), "")],
    )
