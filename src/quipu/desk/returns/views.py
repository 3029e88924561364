"""Pages of returns: the list, beginning one, saying that nothing was spent, one return with all that is about it, the rules."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history, keeping
from quipu.actions.returns import standing, writing
from quipu.books import models
from quipu.desk import troubles
from quipu.desk.drawing import address, said, sentences, spoken
from quipu.desk.returns import forms, listing, owed, page, sight
from quipu.desk.returns.words import KIND_LABELS
from quipu.desk.rights import needs
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import ELSEWHERE, Decision, Scope
from quipu.rules.returns import rows
from quipu.rules.returns.registry import CHECKS
from quipu.rules.returns.rows import COMMENT, NOTE, Row
from quipu.rules.returns.states import ANNUAL, INTERIM, KINDS, OPEN, REPORTER

WRITE = REPORTER


def found(code: str) -> tuple[Any, Scope]:
    """A return by its code, and whose it is. Raises Http404."""
    every = models.Return.objects.select_related("fund", "organization", "restates")
    record = get_object_or_404(every, pk=code.replace("\0", ""))
    return record, standing.scope_of(record)


def asked(request: HttpRequest, name: str) -> str:
    """A word of the address, without the sign that no database takes."""
    return str(request.GET.get(name, "")).replace("\0", "")


@needs(sight.READ)
def show(request: HttpRequest) -> HttpResponse:
    """The returns within reach, and for an organization what it owes without one."""
    query = {name: asked(request, name) for name in (*listing.NARROWED, "page")}
    own = sight.own_reach(request.rights)
    told = {
        "page": listing.asked(request.rights, query),
        "query": query,
        "choices": listing.choices(request.rights),
        "owed": owed.of(own),
        "may_write": request.rights.may(WRITE),
        "may_certify": request.rights.may("certify returns"),
        "organizations": sorted({scope.organization for scope in own if scope.organization}),
        "kinds": KIND_LABELS,
    }
    return render(request, "returns/list.html", told)


# Beginning


@needs(WRITE)
def begin(request: HttpRequest) -> HttpResponse:
    """A new return of a fund and a year; or the one that is there already."""
    scopes = request.rights.reach(WRITE)
    given = request.POST if request.method == "POST" else None
    initial = {name: asked(request, name) for name in ("place", "year", "kind") if asked(request, name)}
    form = forms.Beginning(given, scopes=scopes, initial=initial)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        fund, _, body = told["place"].partition(" ")
        try:
            record = writing.begin(
                by=request.user.pk, fund=fund, organization=body, year=told["year"], kind=told["kind"]
            )
        except Refused as refused:
            if there := _there(refused):
                messages.warning(request, sentences(refused))
                return redirect("return", there)
            form.refuse(refused)
        else:
            messages.success(request, said("The return is begun. Nobody but your organization sees it."))
            return redirect("return_change", record.pk)
    status = 422 if form.errors else 200
    return render(request, "returns/begin.html", {"form": form, "kinds": KINDS, "labels": KIND_LABELS}, status=status)


def _there(refused: Refused) -> str:
    """The return that stands where another one was to begin."""
    return next(
        (
            str(one.detail)
            for one in refused.findings
            if isinstance(one, Finding) and one.rule == "return-there-already"
        ),
        "",
    )


@needs(WRITE)
def nothing(request: HttpRequest) -> HttpResponse:
    """Nothing was spent: one act for many returns, after one look at what they are."""
    due, open_ = may_say_nothing(request.rights.reach(WRITE))
    sent = request.POST if request.method == "POST" else request.GET
    chosen = sent.getlist("chosen")
    faults: list[Finding] = []
    if request.method == "POST" and sent.get("act") == "do":
        if any(code not in due and code not in open_ for code in chosen):
            return troubles.not_yours(request, WRITE, Decision(False, why=ELSEWHERE))
        if not chosen:
            faults = [Finding("return-none-chosen", "")]
        else:
            try:
                wanted = [due.get(code) or open_[code] for code in chosen]
                count = len(spend_nothing(request.user.pk, wanted, sent.get("why", "")))
            except Refused as refused:
                faults = [one for one in refused.findings if isinstance(one, Finding)]
            else:
                told = spoken().ngettext(
                    "%(count)s return says that nothing was spent.",
                    "%(count)s returns say that nothing was spent.",
                    count,
                )
                messages.success(request, told % {"count": spoken().count(count)})
                return redirect("returns")
    told_ = {
        "due": list(due.values()),
        "open": list(open_.values()),
        "chosen": chosen,
        "faults": faults,
        "why": sent.get("why", ""),
        "kinds": KIND_LABELS,
    }
    return render(request, "returns/nothing.html", told_, status=422 if faults else 200)


def may_say_nothing(scopes: Sequence[Scope]) -> tuple[dict[str, owed.Owed], dict[str, Any]]:
    """What somebody may say of that nothing was spent: what is due without a return, and returns that are open."""
    due = {one.code: one for one in owed.of(scopes) if one.kind in (ANNUAL, INTERIM)}
    open_ = sight.returns_within(scopes).filter(state__in=OPEN, kind__in=[ANNUAL, INTERIM])
    return due, {one.pk: one for one in open_}


def spend_nothing(by: str, wanted: list[Any], why: str) -> list[Any]:
    """Each says so, begun where it was only due; why stands beside their projects. Answers them. Raises Refused."""
    with history.whole():
        records = []
        for one in wanted:
            records.append(_begun(by, one) if isinstance(one, owed.Owed) else one)
        writing.nothing_spent(by=by, records=records)
        if why.strip():
            for record in records:
                _say_why(by, record, why.strip())
    return records


def _begun(by: str, one: owed.Owed) -> Any:
    return writing.begin(by=by, fund=one.fund, organization=one.organization, year=one.year, kind=one.kind)


def _say_why(by: str, record: Any, why: str) -> None:
    """The reason stands beside each project that has no comment yet."""
    parts = standing.parts_of(record)
    keys = [Row(project, NOTE).key for project in standing.owed(parts, record.year)]
    sent = {key: {COMMENT: why} for key in keys if not record.cells.get(key, {}).get(COMMENT)}
    writing.write(by=by, record=record, sent=sent, parts=parts)


# One return


@needs(sight.READ, found)
def one(request: HttpRequest, thing: Any) -> HttpResponse:
    """A return: where it stands, its figures, what the rules say, versions, signatures, conversation, history."""
    return render(request, "returns/return.html", page.of(request, thing))


def _signature(code: str, number: int) -> tuple[Any, Scope]:
    record, scope = found(code)
    return get_object_or_404(models.Signed, of=record, number=number), scope


@needs(sight.READ, _signature)
def signed(request: HttpRequest, thing: Any) -> HttpResponse:
    """What was signed, byte for byte, so that its digest can be computed by whoever reads it."""
    del request
    return as_signed(thing)


def as_signed(thing: Any) -> HttpResponse:
    """A signature's content as a file."""
    answer = HttpResponse(thing.content.encode(), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{thing.of_id}-{thing.number}.json"'
    return answer


@needs(sight.READ, found)
def attached(request: HttpRequest, thing: Any) -> HttpResponse:
    """The signed statement as a file, to save: a browser never draws it here."""
    return as_attached(thing, sight.is_own(request.rights, standing.scope_of(thing)))


def as_attached(thing: Any, own: bool) -> FileResponse:
    """The file that was attached, for one of the organization's people or for others. Raises Http404."""
    path = keeping.path(thing.attached) if thing.attached else None
    if path is None or not path.is_file() or sight.is_hidden(thing, own):
        raise Http404(thing.pk)
    return FileResponse(path.open("rb"), as_attachment=True, filename=thing.attached_name)


# The rules


@needs(sight.READ)
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule of a return: what it says, why it is there, how grave it is, what the workbook does about it."""
    return render(request, "returns/rules.html", {"checks": CHECKS, "columns": rows.categories(9999)})


def to_return(record: Any, place: str = "") -> str:
    """The address of a return; place: on its page."""
    return address("return", record.pk) + (f"#{place}" if place else "")
