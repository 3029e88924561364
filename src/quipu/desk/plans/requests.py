"""Requests for transfers and the tranches they ask for: written from a closed quarter, signed, received, drafted as vouchers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history, mandates
from quipu.actions.drafted import told as told_finding
from quipu.actions.plans import planning, requesting
from quipu.books import models
from quipu.desk import troubles
from quipu.desk.drawing import address, said, sentences
from quipu.desk.plans import forms, sight
from quipu.desk.plans.sight import KEEP, READ
from quipu.desk.plans.views import A_PAGE, asked, elsewhere, furniture, sent
from quipu.desk.plans.words import ACTS, REQUEST_LOOKS, units_of
from quipu.desk.reaching import within
from quipu.desk.rights import needs
from quipu.rules.findings import Refused
from quipu.rules.mandates import AUTHOR, Decision, Scope
from quipu.rules.plans import read_quarter
from quipu.rules.tranches import AGENT, ASKER, OPEN, SIGNER, TRANSITIONS, State, is_free, possible
from quipu.rules.voucher_kinds import VOUCHERS


def _request(code: str) -> tuple[Any, Scope]:
    found = models.TransferRequest.objects.select_related("project__fund", "tranche")
    one = get_object_or_404(found, pk=code.replace("\0", ""))
    return one, sight.scope_of(one.project)


def within_reach(rights: Any) -> Any:
    """The requests somebody reads: of programmes, or those that ask for something for their organization."""
    reach = rights.reach(READ)
    whole = within([one for one in reach if not one.organization], fund="project__fund", project="project")
    own = within(
        [one for one in reach if one.organization],
        fund="request__project__fund",
        project="request__project",
        organization="organization",
    )
    asked_ = models.RequestedAmount.objects.filter(own).values("request")
    found = models.TransferRequest.objects.filter(whole) | models.TransferRequest.objects.filter(pk__in=asked_)
    return found.distinct()


@needs(READ)
def show(request: HttpRequest) -> HttpResponse:
    """All of them, the last first, by programme."""
    found = within_reach(request.rights).select_related("project__fund", "tranche").order_by("-changed_at")
    if project := asked(request, "project"):
        found = found.filter(project=project)
    page = Paginator(found, A_PAGE).get_page(asked(request, "page"))
    vouchers = requesting.vouchers_of(page)
    amounts: dict[str, list[Any]] = {}
    own = {one.organization for one in request.rights.reach(READ) if one.organization}
    whole = {one.code for one in page if request.rights.may(READ, sight.scope_of(one.project))}
    for row in models.RequestedAmount.objects.filter(request__in=[one.code for one in page]).order_by(
        "organization_id"
    ):
        if row.request_id in whole or row.organization_id in own:
            amounts.setdefault(row.request_id, []).append(row)
    told = {
        **furniture(),
        "page": page,
        "rows": [(one, requesting.standing(one, vouchers[one.code]), amounts.get(one.code, [])) for one in page],
        "project": project,
        "looks_": REQUEST_LOOKS,
        "asks": list(sight.projects_within(request.rights, ASKER).order_by("code")[:A_PAGE]),
    }
    return render(request, "plans/requests.html", told)


@needs(READ)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One request: what it asks for, where it stands, its vouchers, and what can be done."""
    thing, scope = _request(code)
    if not within_reach(request.rights).filter(pk=thing.pk).exists():
        return elsewhere(request, READ)
    rights = request.rights
    rows = list(thing.amounts.select_related("organization", "draft").order_by("organization_id"))
    vouchers = requesting.vouchers_of([thing])[thing.code]
    stands = requesting.standing(thing, vouchers)
    currency = thing.project.fund.currency
    drafted = {row.organization_id: units_of(row.draft.words.get("amount", "0"), currency) for row in rows if row.draft}
    is_whole = rights.may(READ, scope)
    shown = [row for row in rows if is_whole or rights.may(READ, sight.scope_of(thing.project, row.organization_id))]
    acts = [act for verb in (ASKER, SIGNER, AGENT) if rights.may(verb, scope) for act in possible(stands, verb)]
    if request.user.pk in thing.writers and "sign" in acts:
        acts.remove("sign")
    if any(not is_free(state) for state in vouchers.values()) and "return" in acts:
        acts.remove("return")
    by = [thing.author, thing.signed_by, thing.received_by]
    told = {
        **furniture(),
        "thing": thing,
        "project": thing.project,
        "currency": currency,
        "drafted": drafted,
        "vouchers": vouchers,
        "rows": shown,
        "total": sum(row.amount for row in shown),
        "stands": stands,
        "looks_": REQUEST_LOOKS,
        "acts": [(act, ACTS[act]) for act in acts],
        "is_free": is_free,
        "may_change": stands in OPEN and rights.may(ASKER, scope),
        "may_draft": stands == State.RECEIVED and rights.may(VOUCHERS, scope),
        "may_see_vouchers": rights.may("read voucher drafts", scope),
        "names": history.names_of(by),
        "signers": [one.name for one in mandates.who_may(SIGNER, scope) if one.pk not in thing.writers]
        if stands == State.DRAFT
        else [],
    }
    return render(request, "plans/request.html", told)


# Writing


@needs(ASKER, sight.a_project)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new request; from a closed quarter, amounts are offered with their arithmetic."""
    when = read_quarter(asked(request, "quarter")) if asked(request, "quarter") else None
    return _written(request, thing, when, None)


@needs(ASKER, _request)
def change(request: HttpRequest, thing: Any) -> HttpResponse:
    """Other words for a request that is not signed."""
    if thing.state not in OPEN:
        messages.warning(request, said("It cannot be changed any more as it stands. This is where it is."))
        return redirect("transfer_request", thing.code)
    when = read_quarter(f"{thing.year}-Q{thing.quarter}") if thing.year else None
    return _written(request, thing.project, when, thing)


def _written(request: HttpRequest, project: Any, when: Any, record: Any) -> HttpResponse:
    is_closed = when is not None and bool(planning.closed(project.code, [when]))
    proposals = requesting.proposals(project, when) if is_closed else []
    form = forms.RequestForm(
        sent(request),
        project=project,
        bodies=sight.bodies(project),
        quarter=when,
        request=record,
        proposed={one.organization: one.amount for one in proposals},
        initial={"seen": history.version(requesting.thing(record))}
        if record
        else {"tranche": asked(request, "tranche")},
    )
    if request.method == "POST" and form.is_valid():
        said_ = form.request
        if not form.errors:
            try:
                made = requesting.write(
                    by=request.user.pk,
                    project=project.code,
                    said=said_,
                    code=record.code if record else "",
                    seen=form.cleaned_data["seen"],
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, said("The request is kept. It waits for another person's signature."))
                return redirect("transfer_request", made.code)
    told = {
        **furniture(),
        "project": project,
        "currency": project.fund.currency,
        "quarter": when,
        "is_closed": is_closed,
        "proposals": proposals,
        "bodies": {one.code: one for one in sight.bodies(project)},
        "record": record,
        "form": form,
    }
    return render(request, "plans/ask.html", told, status=422 if form.errors else 200)


# Leading on


def _led(request: HttpRequest, thing: Any, act: str) -> HttpResponse:
    """The page before a step, and the step."""
    said_ = TRANSITIONS[act]
    initial = {"seen": history.version(requesting.thing(thing))}
    form = (forms.Why if said_.reasoned else forms.Seen)(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            requesting.lead(
                by=request.user.pk, code=thing.code, act=act, reason=told.get("reason", ""), seen=told["seen"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said(said_.told))
            return redirect("transfer_request", thing.code)
    rows = list(thing.amounts.select_related("organization").order_by("organization_id"))
    told = {
        **furniture(),
        "thing": thing,
        "project": thing.project,
        "currency": thing.project.fund.currency,
        "rows": rows,
        "total": sum(row.amount for row in rows),
        "form": form,
        "act": act,
        "label": ACTS[act],
        "step": said_,
        "can": thing.state in said_.before,
        "names": history.names_of([thing.author]),
    }
    return render(request, "plans/lead.html", told, status=422 if form.errors else 200)


@needs(SIGNER, _request)
def sign(request: HttpRequest, thing: Any) -> HttpResponse:
    """The committee's signature; whoever wrote it does not give it."""
    if request.user.pk in thing.writers:
        return troubles.not_yours(request, SIGNER, Decision(False, why=AUTHOR))
    return _led(request, thing, "sign")


@needs(AGENT, _request)
def receive(request: HttpRequest, thing: Any) -> HttpResponse:
    """The agent confirms that it arrived."""
    return _led(request, thing, "receive")


@needs(AGENT, _request)
def give_back(request: HttpRequest, thing: Any) -> HttpResponse:
    """The agent returns it with a reason."""
    return _led(request, thing, "return")


@needs(ASKER, _request)
def mend(request: HttpRequest, thing: Any) -> HttpResponse:
    """What was returned becomes a draft again."""
    return _led(request, thing, "mend")


@needs(ASKER, _request)
def withdraw(request: HttpRequest, thing: Any) -> HttpResponse:
    """Nothing is asked for any more."""
    return _led(request, thing, "withdraw")


@needs(VOUCHERS, _request)
def draft(request: HttpRequest, thing: Any) -> HttpResponse:
    """A voucher is drafted for an organization's amount, filled in from the request; or the one that stands is shown."""
    if request.method != "POST":
        return redirect("transfer_request", thing.code)
    try:
        made = requesting.draft(
            by=request.user.pk, code=thing.code, organization=request.POST.get("organization", "").replace("\0", "")
        )
    except Refused as refused:
        messages.warning(request, sentences(Refused(*map(told_finding, refused.findings))))
        return redirect("transfer_request", thing.code)
    messages.success(request, said("The voucher is drafted from the request. Look at it, complete it and submit it."))
    return redirect("draft", made.key)


# Tranches


@needs(READ)
def tranches(request: HttpRequest, project: str) -> HttpResponse:
    """The tranches of a programme with their conditions, and what was asked for of each."""
    thing = sight.project_of(project)
    seen = sight.seen(request.rights, thing)
    if seen is not None:
        return elsewhere(request, READ)
    every = list(models.Tranche.objects.filter(project=thing).order_by("number"))
    requests = (
        models.TransferRequest.objects.filter(tranche__in=every).exclude(state=State.WITHDRAWN).order_by("made_at")
    )
    by_tranche: dict[int, list[Any]] = {}
    vouchers = requesting.vouchers_of(requests)
    for each in requests:
        by_tranche.setdefault(each.tranche_id, []).append((each, requesting.standing(each, vouchers[each.code])))
    told = {
        **furniture(),
        "project": thing,
        "currency": thing.fund.currency,
        "rows": [(tranche, by_tranche.get(tranche.pk, [])) for tranche in every],
        "looks_": REQUEST_LOOKS,
        "may_keep": request.rights.may(KEEP, sight.scope_of(thing)),
        "may_ask": request.rights.may(ASKER, sight.scope_of(thing)),
    }
    return render(request, "plans/tranches.html", told)


@needs(KEEP, sight.a_project)
def new_tranche(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new tranche."""
    return _tranche(request, thing, None)


def _a_tranche(project: str, number: int) -> tuple[Any, Scope]:
    found = models.Tranche.objects.select_related("project__fund").filter(
        project=project.replace("\0", ""), number=number
    )
    one = found.first()
    if one is None:
        raise Http404(str(number))
    return one, sight.scope_of(one.project)


@needs(KEEP, _a_tranche)
def tranche(request: HttpRequest, thing: Any) -> HttpResponse:
    """Another day, amount or condition; and when the condition was met."""
    return _tranche(request, thing.project, thing)


def _tranche(request: HttpRequest, project: Any, record: Any) -> HttpResponse:
    seen = history.version(planning.tranche_thing(record)) if record else None
    form = forms.TrancheForm(sent(request), project=project, tranche=record, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        said_ = form.tranche
        if not form.errors:
            try:
                planning.keep_tranche(
                    by=request.user.pk,
                    project=project.code,
                    said=said_,
                    number=record.number if record else 0,
                    seen=form.cleaned_data["seen"],
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, said("The tranche is kept."))
                return redirect(address("tranches", project.code))
    told = {**furniture(), "project": project, "record": record, "form": form}
    return render(request, "plans/tranche.html", told, status=422 if form.errors else 200)
