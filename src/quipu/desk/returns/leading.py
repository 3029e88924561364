"""The steps of a return: the page before each, the act, what happened; and one signature for many returns."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history, keeping
from quipu.actions.returns import deadlines, leading, standing
from quipu.books import models
from quipu.desk import troubles, uploads
from quipu.desk.drawing import address, ago, said, sentence, spoken, units
from quipu.desk.returns import forms, listing, page, shown, sight, statement, views
from quipu.desk.returns.words import ACTS, KIND_LABELS
from quipu.desk.rights import View, needs
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import AUTHOR, ELSEWHERE, Decision
from quipu.rules.returns import checks
from quipu.rules.returns.states import CERTIFIER, INTERIM, TRANSITIONS, State

SALT = "quipu.desk.returns.statement"  # of the words that name a file which was attached
FOR_A_DAY = 24 * 3600


# One step


def _step(act: str) -> View:
    """The page before a step, and the step."""

    @needs(TRANSITIONS[act].verb, views.found)
    def lead(request: HttpRequest, thing: Any) -> HttpResponse:
        return _lead(request, thing, act)

    lead.__doc__ = ACTS[act]
    return lead


STEPS: dict[str, Callable[..., HttpResponse]] = {act.replace(" ", "-"): _step(act) for act in ACTS if act != "certify"}


def _lead(request: HttpRequest, thing: Any, act: str) -> HttpResponse:
    step = TRANSITIONS[act]
    initial = {"seen": history.version(standing.thing(thing))}
    form = (forms.Why if step.reasoned else forms.Seen)(
        request.POST if request.method == "POST" else None, initial=initial
    )
    in_the_way: list[Finding] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            led = leading.lead(
                by=request.user.pk, record=thing, act=act, seen=given["seen"], reason=given.get("reason", "")
            )
        except Refused as refused:
            thing.refresh_from_db()
            in_the_way = [one for one in refused.findings if isinstance(one, Finding)]
            _refuse(form, thing, in_the_way)
        else:
            messages.success(request, said(step.told))
            return redirect("return", led.pk)
    return render(
        request, "returns/lead.html", _before(request, thing, act, form, in_the_way), status=422 if form.errors else 200
    )


def _refuse(form: Any, record: Any, found: list[Finding]) -> None:
    """Beside the reason what is about it; all else stands above the form, and its places are named below."""
    for one in found:
        if one.rule == "changed-meanwhile":
            form.add_error(None, meanwhile(record))
        elif one.place == "reason":
            form.add_error("reason", sentence(one))
    others = [one for one in found if one.rule != "changed-meanwhile" and one.place != "reason"]
    if others:
        form.add_error(
            None, sentence(others[0]) if len(others) == 1 else said("What is named below stands in the way.")
        )


def meanwhile(record: Any) -> str:
    """By whom it was changed while somebody looked at it."""
    last = models.History.objects.filter(kind=standing.RETURN, code=record.code).order_by("-id").first()
    told: str = said(
        "Changed by %(name)s %(ago)s, while you were writing. Look at what stands now and save again.",
        name=history.name_of(last.by),
        ago=ago(last.at),
    )
    return told


def _before(request: HttpRequest, thing: Any, act: str, form: Any, refused: list[Finding]) -> dict[str, Any]:
    """What the page before a step says: what happens next, who is told, and what stands in the way."""
    step, scope = TRANSITIONS[act], standing.scope_of(thing)
    own = sight.is_own(request.rights, scope)
    can = thing.state in step.before and thing.kind in step.kinds
    told: dict[str, Any] = {
        "record": thing,
        "kind_label": KIND_LABELS[thing.kind],
        "state": sight.state_of(thing, own),
        "act": act,
        "doing": ACTS[act],
        "step": step,
        "can": can,
        "form": form,
        "deadline": deadlines.of(thing),
        "who": list(history.names_of(leading.told_by(thing, act, request.user.pk)).values()),
        "grave": act == "accept",
        "in_the_way": [],
        "blocks": [],
        "own_work": act == "accept" and request.user.pk in (*thing.writers, thing.signed_by),
        "row_label": page.row_label,
    }
    if not can or sight.is_hidden(thing, own):
        return told
    if act in leading.HANDED_ON:
        told["in_the_way"] = in_the_way(thing) or refused
    if act in ("hand over", "submit", "accept"):
        inside = standing.said_of(thing)
        told["blocks"] = shown.blocks(thing, inside, thing.cells, [])
        told["currency"] = thing.fund.currency
    return told


def in_the_way(record: Any) -> list[Finding]:
    """All that keeps a return from being handed over, the answers it lacks included."""
    inside = standing.said_of(record)
    found = standing.standing_in_the_way(record, inside)
    lacking = set(checks.unanswered(inside)) if record.kind != INTERIM else set()
    if lacking:
        lines = [one for one in standing.transfers_of(record) if str(one.id) in lacking]
        told = [f"{spoken().day(one.effective_on)}: {units(one.amount, one.currency)} {one.currency}" for one in lines]
        found.append(Finding("return-unanswered", "", "; ".join(told)))
    return found


# One signature for many


@needs(CERTIFIER)
def certify(request: HttpRequest) -> HttpResponse:
    """All returns of an organization that wait for a signature: ticked, read as one statement, signed once."""
    waiting = sight.returns_within(request.rights.reach(CERTIFIER)).filter(state=State.FOR_CERTIFICATION)
    waiting = list(waiting.order_by("organization", "fund", "year", "kind"))
    sent = request.POST if request.method == "POST" else request.GET
    bodies = {one.organization_id: one.organization.title or one.organization_id for one in waiting}
    by_code = {one.pk: one for one in waiting}
    asked = [code for code in sent.getlist("chosen") if code in by_code]
    body = by_code[asked[0]].organization_id if asked else _body(sent.get("organization", ""), waiting, request.user.pk)
    own = [one for one in waiting if one.organization_id == body]
    mine = [one for one in own if request.user.pk not in one.writers]
    chosen = [one for one in mine if one.pk in asked] if asked or "choose" in sent else mine
    faults: list[tuple[Any, Finding]] = []
    if request.method == "POST":
        if sorted(sent.getlist("chosen")) != sorted(one.pk for one in chosen):
            return _not_there(request, sent.getlist("chosen"))
        faults, answer = _signed(request, chosen)
        if answer is not None:
            return answer
    named, paper = _paper(sent.get("paper", ""))
    told = {
        "lines": listing.lines(own, request.rights.reach(CERTIFIER)),
        "not_mine": {one.pk for one in own if one not in mine},
        "chosen": {one.pk for one in chosen},
        "seen": {one.pk: history.version(standing.thing(one)) for one in chosen},
        "bodies": bodies,
        "body": body,
        "statement": statement.of(chosen) if chosen else "",
        "paper": sent.get("paper", "") if named else "",
        "paper_name": named,
        "paper_hash": paper,
        "faults": faults,
        "kinds": KIND_LABELS,
        "who": _reviewers(chosen),
        "digest": digest,
    }
    return render(request, "returns/certify.html", told, status=422 if faults else 200)


def _body(wanted: str, waiting: list[Any], person: str) -> str:
    """The organization whose returns are shown: the one that is asked for, or the first with something to sign."""
    known = [one.organization_id for one in waiting]
    if wanted in known:
        return wanted
    return next((one.organization_id for one in waiting if person not in one.writers), known[0] if known else "")


def _not_there(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Something that was ticked waits no more, is somebody else's, or was written by whoever would sign."""
    for code in codes:
        record = models.Return.objects.filter(pk=code.replace("\0", "")).first()
        if record is not None and request.user.pk in record.writers:
            return troubles.not_yours(request, CERTIFIER, Decision(False, why=AUTHOR))
        if record is None or not request.rights.may(CERTIFIER, standing.scope_of(record)):
            return troubles.not_yours(request, CERTIFIER, Decision(False, why=ELSEWHERE))
    messages.warning(
        request, sentence(Finding("return-not-there", "")) if codes else sentence(Finding("return-none-chosen", ""))
    )
    return redirect("return_certify")


def _signed(request: HttpRequest, chosen: list[Any]) -> tuple[list[tuple[Any, Finding]], HttpResponse | None]:
    """Signs those that were ticked, all or none: (what stands in the way, by return; where it leads)."""
    if not chosen:
        return [(None, Finding("return-none-chosen", ""))], None
    name, sha256 = _paper(request.POST.get("paper", ""))
    seen = {one.pk: _number(request.POST.get(f"seen:{one.pk}", "")) for one in chosen}
    told = statement.of(chosen)
    if request.POST.get("read", "") != digest(told):  # figures or titles moved on since it was read
        messages.warning(request, sentence(Finding("return-statement-changed", "")))
        return [], redirect(address("return_certify", organization=chosen[0].organization_id))
    try:
        leading.certify(
            by=request.user.pk,
            records=[(one, seen[one.pk]) for one in chosen],
            statement=told,
            language=spoken().language,
            attached=(sha256, name),
        )
    except Refused as refused:
        return [(None, one) for one in refused.findings if isinstance(one, Finding)], None
    counted = spoken().ngettext(
        "%(count)s return is certified and submitted. The agent was told by mail.",
        "%(count)s returns are certified and submitted. The agent was told by mail.",
        len(chosen),
    )
    messages.success(request, counted % {"count": spoken().count(len(chosen))})
    where = redirect("return", chosen[0].pk) if len(chosen) == 1 else redirect("returns")
    return [], where


def digest(text: str) -> str:
    """That a statement is the one which was read."""
    return hashlib.sha256(text.encode()).hexdigest()


def _number(text: str) -> int:
    """The version that was seen; one that never was, where none is named."""
    return int(text) if text.isascii() and text.isdigit() else -1


def _reviewers(chosen: list[Any]) -> list[str]:
    codes = [code for one in chosen for code in leading.told_by(one, "certify")]
    return list(history.names_of(codes).values())


@needs("attach statements")
def attach(request: HttpRequest) -> HttpResponse:
    """The signed statement on paper, kept before the signature: signing in once more would lose a file on its way."""
    chosen, paper = request.POST.getlist("chosen"), ""
    file = request.FILES.get("file")
    if cut := uploads.cut(request):
        messages.error(request, sentence(Finding("document-too-large", "file", cut[0])))
    elif file is not None:
        kept = keeping.keep(file.chunks())
        name = "".join(letter for letter in file.name.rsplit("/", 1)[-1] if letter.isprintable())[-200:] or "file"
        paper = signing.dumps([kept.sha256, name], salt=SALT)
        messages.success(request, said("The file is kept. It is attached when you sign."))
    if request.method != "POST":
        return redirect("return_certify")
    query = "&".join(f"chosen={one}" for one in chosen if one.isprintable())
    where = address("return_certify", paper=paper, choose="1")
    return redirect(f"{where}&{query}" if query else where)


def _paper(word: str) -> tuple[str, str]:
    """Name and hash of a file that was attached here within a day, "" twice for none."""
    try:
        sha256, name = signing.loads(word, salt=SALT, max_age=FOR_A_DAY)
    except (signing.BadSignature, ValueError):
        return "", ""
    return (name, sha256) if keeping.path(sha256).is_file() else ("", "")
