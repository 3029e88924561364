"""Resources outside the fund: who else promised or gave for a programme, what became of it. Never added to its money."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import history, subjects
from quipu.actions.registers import resource as verbs
from quipu.books import models, office
from quipu.desk.funds.views import kept
from quipu.desk.programmes.forms import Reason
from quipu.desk.programmes.views import of_project
from quipu.desk.registers import forms
from quipu.desk.registers.sight import READ, of_resource
from quipu.desk.rights import needs
from quipu.rules import resources as rules
from quipu.rules.registers.fields import Field, Type
from quipu.rules.registers.rows import written

KEEP = "keep resources"
DONE = "The resource is kept."


@needs(READ, of_project)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """All that a programme tells of, and what waits for a word on what became of it."""
    found = models.Resource.objects.filter(project=thing, withdrawn_at=None).select_related("organization")
    today = office.today()
    lines = [
        (one, verbs.source_of(one), rules.is_overdue(one.state, one.due_on, today)) for one in found.order_by("number")
    ]
    told = {"project": thing, "scope": subjects.scope_of(thing), "lines": lines}
    return render(request, "registers/resources.html", {**told, "rules": rules})


@needs(KEEP, of_project)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A further one."""
    form = forms.Resource(
        request.POST or None, project=thing, is_new=True, initial={"state": rules.OPEN, "currency": ""}
    )
    return kept(
        request,
        form,
        lambda told: verbs.keep(by=request.user.pk, project=thing.code, said=form.said()),
        done=DONE,
        lead=lambda _: ("register_resources", thing.code),
        title="Add a resource outside the fund",
        back=("register_resources", thing.code),
        locked=[],
    )


NAMES = (
    "source_kind",
    "organization_id",
    "source",
    "kind",
    "what",
    "currency",
    "promised_on",
    "due_on",
    "state",
    "paid_on",
)
FURTHER = ("document", "said_by", "is_public")


@needs(KEEP, of_resource)
def change(request: HttpRequest, thing: Any) -> HttpResponse:
    """What is kept of one."""
    initial = {name.removesuffix("_id"): getattr(thing, name) for name in (*NAMES, *FURTHER)}
    initial |= {name: amount(getattr(thing, name), thing.currency) for name in ("amount", "paid")}
    initial["seen"] = history.version(verbs.thing(thing))
    form = forms.Resource(request.POST or None, project=thing.project, initial=initial)
    return kept(
        request,
        form,
        lambda told: verbs.keep(
            by=request.user.pk, project=thing.project_id, said=form.said(), record=thing, seen=told["seen"]
        ),
        done=DONE,
        lead=lambda _: ("register_resources", thing.project_id),
        title="Change a resource outside the fund",
        back=("register_resources", thing.project_id),
        remove=("withdraw_resource", thing.pk),
        locked=[],
    )


@needs(KEEP, of_resource)
def withdraw(request: HttpRequest, thing: Any) -> HttpResponse:
    """It was kept by mistake."""
    form = Reason(request.POST or None)
    return kept(
        request,
        form,
        lambda told: verbs.withdraw(by=request.user.pk, record=thing, reason=told["reason"]),
        done="The resource is withdrawn. The next edition is without it.",
        lead=lambda _: ("register_resources", thing.project_id),
        title="Withdraw this resource?",
        does="Withdraw it",
        back=("register_resources", thing.project_id),
        locked=[],
    )


def amount(units: int | None, currency: str) -> str:
    """An amount as somebody would type it, read the same in every language."""
    return "" if units is None else written(Field("x", type=Type.MONEY), [units, currency]).partition(" ")[0]
