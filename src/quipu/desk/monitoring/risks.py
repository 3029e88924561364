"""Risks and issues at the desk: one of them with its history, and its form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import history
from quipu.actions.monitoring import risks
from quipu.actions.monitoring.risks import RiskSaid
from quipu.books import office
from quipu.desk.monitoring import forms, sight, words
from quipu.desk.rights import needs
from quipu.rules import monitoring
from quipu.rules.monitoring import KEEPER, READER, RISK

KEPT = ("kind", "texts", "likelihood", "impact", "organization_id", "role", "answers", "state", "is_public")


@needs(KEEPER, sight.of_project)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new risk or issue."""
    start = {"reviewed_on": office.today(), "state": "open"}
    form = forms.Risk(request.POST or None, project=thing, initial=start)
    return sight.typed(
        request,
        form,
        lambda: risks.keep(by=request.user.pk, project=thing.code, said=RiskSaid(**form.told())),
        title="Risk or issue",
        done="It is kept.",
        back=("monitored", thing.code),
        crumb=sight.crumb(thing),
        to=lambda made: ("risk", made.code),
    )


@needs(READER, sight.of_risk)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """A risk or an issue, and what was done to it."""
    told = {"risk": thing, "project": thing.project, "words_": words, "monitoring": monitoring}
    told |= {"weight": monitoring.weight(thing.likelihood, thing.impact), **words.past((RISK, [thing.code]))}
    told |= {"may_keep": request.rights.may(KEEPER, risks.scope(thing))}
    return render(request, "monitoring/risk.html", told)


@needs(KEEPER, sight.of_risk)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """Somebody looks at it again."""
    start = {name.removesuffix("_id"): getattr(thing, name) for name in KEPT}
    start |= {"reviewed_on": office.today(), "seen": history.version(risks.thing(thing))}
    form = forms.Risk(request.POST or None, project=thing.project, initial=start)
    return sight.typed(
        request,
        form,
        lambda: risks.keep(
            by=request.user.pk,
            project=thing.project_id,
            said=RiskSaid(**form.told()),
            code=thing.code,
            seen=form.cleaned_data["seen"],
        ),
        title="Risk or issue",
        done="It is kept.",
        back=("risk", thing.code),
        crumb=(words.first(thing.texts), ("risk", thing.code)),
    )
