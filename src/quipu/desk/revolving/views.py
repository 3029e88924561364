"""Pages of community funds: those of a programme, one with its loans and cashbook, a loan with its schedule, and each act."""

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history
from quipu.actions.revolving import keeping, moving
from quipu.actions.revolving.keeping import CommunitySaid, keep_community, keep_loan, make_community
from quipu.actions.saying import Paper
from quipu.books import models, office, post, revolving
from quipu.books.post import Answer
from quipu.desk.drawing import said, sentences
from quipu.desk.funds.views import kept
from quipu.desk.programmes.views import of_project
from quipu.desk.reaching import within
from quipu.desk.revolving import cashbook, forms, words
from quipu.desk.rights import needs
from quipu.rules import boxes
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.journal import minor_units
from quipu.rules.mandates import Scope
from quipu.rules.revolving import SENTENCES, Totals, schedule

PAGE = 50
LATEST = 20  # lines of the cashbook on a fund's page
DONE = "It is kept."
SAID = {  # by the rule: the field a finding of the ledger is about
    "box-below-zero": "amount",
    "payment-above-owed": "amount",
    "loan-first-day": "first",
    "loan-not-lent": "on",
    "loan-lent-twice": "",
}


# Finding what an address is about


def of_community(code: str) -> tuple[Any, Scope]:
    """A community fund, and whose it is."""
    found = get_object_or_404(models.Community.objects.select_related("project__fund"), code=code)
    return found, keeping.scope_of(found)


def of_loan(code: str, number: int) -> tuple[Any, Scope]:
    """A loan of a community fund, and whose it is."""
    loans = models.Loan.objects.select_related("community__project__fund")
    found = get_object_or_404(loans, community=code, number=number)
    return found, keeping.scope_of(found.community)


def of_key(code: str, key: str) -> tuple[Any, Scope]:
    """What was posted under a key in a box: the community and the key."""
    found, scope = of_community(code)
    rows = [row for row in revolving.of_key(key.replace("\0", "")) if row.community == found.code]
    if not rows:
        raise Http404(key)
    return (found, key, rows), scope


# Looking


@needs("read revolving")
def show(request: HttpRequest) -> HttpResponse:
    """The programmes one may see, with the number of their community funds."""
    reach = request.rights.reach("read revolving")
    counts = models.Community.objects.values("project").annotate(count=Count("pk"))
    having = dict(counts.values_list("project", "count"))
    found = models.Project.objects.select_related("fund").filter(within(reach)).order_by("code")
    keeps = request.rights.may("keep revolving")
    if not keeps:
        found = found.filter(code__in=having)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "revolving/list.html", {"page": page, "having": having})


@needs("read revolving", of_project)
def programme(request: HttpRequest, thing: Any) -> HttpResponse:
    """The community funds of a programme with their figures."""
    found = revolving.figures(thing.code, office.today())
    sums: dict[str, Totals] = {}
    for community, figures in found:
        sums[community.currency] = sums.get(community.currency, Totals()) + figures
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    told = {
        "project": thing,
        "page": page,
        "sums": sums,
        "sentences": SENTENCES,
        "percent": words.percent,
        "times": words.times,
        "may_keep": request.rights.may("keep revolving", Scope(thing.fund_id, thing.code)),
    }
    return render(request, "revolving/programme.html", told)


def standing_of(community: Any, day: date) -> list[dict[str, Any]]:
    """The loans of a community as they stand, the open ones first."""
    accounts = boxes.accounts(revolving.written("community_id = %s", [community.code]))
    titles = dict(models.Loan.objects.filter(community=community).values_list("code", "title"))
    found = []
    for code, account in accounts.items():
        standing = account.on(day)
        if standing:
            found.append(
                {
                    "number": int(code.rpartition("/")[2]),
                    "title": titles.get(code, ""),
                    "lent": account.lent,
                    "terms": account.terms,
                    "now": standing,
                }
            )
    return sorted(found, key=lambda one: (one["now"].is_closed, one["number"]))


@needs("read revolving", of_community)
def community(request: HttpRequest, thing: Any) -> HttpResponse:
    """One fund: its figures, its loans, the latest lines of its cashbook."""
    today = office.today()
    rows = revolving.written("community_id = %s", [thing.code])
    page = Paginator(standing_of(thing, today), PAGE).get_page(request.GET.get("page"))
    told = {
        **_about(request, thing),
        "figures": boxes.totals(rows, today),
        "page": page,
        "lines": words.lines(rows)[: -LATEST - 1 : -1],
        "rows": len(rows),
        "sentences": SENTENCES,
        "percent": words.percent,
        "times": words.times,
    }
    return render(request, "revolving/fund.html", told)


def _about(request: HttpRequest, thing: Any) -> dict[str, Any]:
    scope = keeping.scope_of(thing)
    return {"fund": thing, "owner": words.owner(thing), "may_keep": request.rights.may("keep revolving", scope)}


@needs("read revolving", of_loan)
def loan(request: HttpRequest, thing: Any) -> HttpResponse:
    """One loan: what it owes, its schedule beside what was paid, all that moved."""
    community_, today = thing.community, office.today()
    rows = [row for row in revolving.written("community_id = %s", [community_.code]) if row.loan == thing.code]
    account = boxes.accounts(rows).get(thing.code)
    told = {
        **_about(request, community_),
        "loan": thing,
        "account": account,
        "now": account.on(today) if account else None,
        "terms": words.terms_in_words(account.terms) if account and account.terms else "",
        "lines": words.entries(rows),
        "sentences": SENTENCES,
    }
    return render(request, "revolving/loan.html", told)


@needs("read revolving", of_community)
def book(request: HttpRequest, thing: Any) -> HttpResponse:
    """The cashbook as it is printed, of all years or one; as a PDF where that is asked for."""
    rows = revolving.written("community_id = %s", [thing.code])
    found = words.lines(rows)
    years = sorted({line.row.on.year for line in found})
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and int(asked) in years else None
    told = cashbook.told(thing, found, year)
    if request.GET.get("format") == "pdf":
        answer = HttpResponse(cashbook.draw(told), content_type="application/pdf")
        name = f"cashbook-{thing.code}{f'-{year}' if year else ''}.pdf"
        answer["Content-Disposition"] = f'inline; filename="{name}"'
        return answer
    return render(request, "revolving/cashbook.html", {**_about(request, thing), **told, "years": years, "year": year})


# Records


@needs("keep revolving", of_project)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A new community fund of a programme."""
    form = forms.Community(request.POST or None, is_new=True, initial={"currency": thing.fund.currency})
    return kept(
        request,
        form,
        lambda told: make_community(
            by=request.user.pk, project=thing.code, said=_said(told), currency=told["currency"]
        ),
        done="The community fund is made. Its capital comes next.",
        lead=lambda made: ("revolving_fund", made.code),
        title="Make a community fund",
        back=("revolving_programme", thing.code),
        locked=[("Programme", thing.title or thing.code, "")],
    )


def _said(told: dict[str, Any]) -> CommunitySaid:
    return CommunitySaid(told["title"], told["district"], told["opened_on"])


@needs("keep revolving", of_community)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """Other words of a community fund."""
    version = history.version(keeping.thing_of_community(thing))
    initial = {"title": thing.title, "district": thing.district, "opened_on": thing.opened_on, "seen": version}
    form = forms.Community(request.POST or None, is_new=False, initial=initial)
    return kept(
        request,
        form,
        lambda told: keep_community(by=request.user.pk, community=thing, said=_said(told), seen=told["seen"]),
        done=DONE,
        lead=lambda made: ("revolving_fund", made.code),
        title="Change the record of a community fund",
        back=("revolving_fund", thing.code),
        locked=[("Currency of the box", thing.currency, "Its cashbook is in it, so it never changes.")],
    )


@needs("keep revolving", of_loan)
def edit_loan(request: HttpRequest, thing: Any) -> HttpResponse:
    """What a loan is for, said otherwise."""
    initial = {"title": thing.title, "seen": history.version(keeping.thing_of_loan(thing))}
    form = forms.Words(request.POST or None, initial=initial)
    return kept(
        request,
        form,
        lambda told: keep_loan(by=request.user.pk, loan=thing, title=told["title"], seen=told["seen"]),
        done=DONE,
        lead=lambda made: ("revolving_loan", made.community_id, made.number),
        title="Say what a loan is for",
        back=("revolving_loan", thing.community_id, thing.number),
        locked=[],
    )


# What moves


def paper(request: HttpRequest, told: dict[str, Any]) -> Paper:
    """Who says it, when, and why."""
    return Paper(by=request.user.pk, key=told["key"], on=told["on"], title=" ".join(told.get("note", "").split()))


def refused(form: Any, found: Refused) -> None:
    """Puts what the ledger says beside the fields it is about; what the journal could not hold stands above the form."""
    placed = []
    for one in found.findings:
        if not isinstance(one, Finding):
            placed.append(Finding("record-unsayable", "", str(one)))
            continue
        place, _, number = one.place.rpartition("-")
        mine = f"loan-{number}" if place.startswith("^") else SAID.get(one.rule, "")
        mine = mine if mine in form.fields else SAID.get(one.rule, "")
        placed.append(Finding(one.rule, mine if one.place.startswith("^") else one.place, one.detail))
    form.refuse(Refused(*placed))


def _try_out(act: Callable[[], Answer]) -> None:
    """Does it and leaves nothing behind. Raises Refused where it would be refused."""
    with post.rehearsing():
        answer = act()
    if wrong := [one for one in answer.findings if one.severity == ERROR]:
        raise Refused(*wrong)


def _flow(
    request: HttpRequest,
    thing: Any,
    form: Any,
    act: Callable[[dict[str, Any]], Answer],
    *,
    title: str,
    does: str,
    done: str,
    lead: tuple[Any, ...],
    template: str = "revolving/move.html",
    preview: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    **more: Any,
) -> HttpResponse:
    """A form of a movement: shown; looked at, where it has a preview; and posted, which cannot be changed afterwards."""
    told: dict[str, Any] = {**_about(request, thing), "form": form, "title": title, "does": does, "lead": lead, **more}
    told |= {"shows": None, "may_check": preview is not None}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if preview and "confirm" not in request.POST:
                if "again" not in request.POST:
                    _try_out(lambda: act(form.cleaned_data))
                    told["shows"] = preview(form.cleaned_data)
            else:
                act(form.cleaned_data)
                messages.success(request, said(done))
                return redirect(*lead)
        except Refused as found:
            refused(form, found)
    if form.errors:
        status = 422
    return render(request, template, told, status=status)


@needs("keep revolving", of_community)
def capital(request: HttpRequest, thing: Any) -> HttpResponse:
    """Capital comes into the box."""
    return _moved(request, thing, moving.put_in, title="Capital comes into the box")


@needs("keep revolving", of_community)
def cost(request: HttpRequest, thing: Any) -> HttpResponse:
    """A cost is paid out of the box."""
    return _moved(request, thing, moving.spend, title="A cost is paid out of the box")


def _moved(request: HttpRequest, thing: Any, verb: Callable[..., Answer], *, title: str) -> HttpResponse:
    """An amount that comes in or goes out without a loan."""
    return _flow(
        request,
        thing,
        forms.Movement(request.POST or None, initial=forms.start()),
        lambda told: verb(paper=paper(request, told), community=thing, amount=told["amount"]),
        title=title,
        does="Write it down",
        done="It is in the cashbook.",
        lead=("revolving_fund", thing.code),
    )


@needs("keep revolving", of_community)
def lend(request: HttpRequest, thing: Any) -> HttpResponse:
    """A loan: its terms, then its schedule, then it is paid out."""
    last = models.RevolvingEntry.objects.filter(community=thing, what="lent").order_by("-id").first()
    usual = words.usual_terms(last.terms if last else "")
    form = forms.Lending(request.POST or None, initial=forms.start(**usual))

    def act(told: dict[str, Any]) -> Answer:
        return moving.lend(
            paper=paper(request, told),
            community=thing,
            amount=told["amount"],
            terms=form.terms,
            purpose=told["purpose"],
        )

    def preview(told: dict[str, Any]) -> dict[str, Any]:
        units = minor_units(told["amount"], thing.currency) or 0
        rows = schedule(units, form.terms)
        return {"rows": rows, "principal": units, "terms": words.terms_in_words(form.terms)}

    return _flow(
        request,
        thing,
        form,
        act,
        title="A loan is paid out of the box",
        does="Grant the loan",
        done="The loan is granted and in the cashbook.",
        lead=("revolving_fund", thing.code),
        template="revolving/lend.html",
        preview=preview,
    )


@needs("keep revolving", of_loan)
def pay(request: HttpRequest, thing: Any) -> HttpResponse:
    """A payment of a loan: how it is split, then it is written down."""
    community_ = thing.community
    account = boxes.accounts(
        row for row in revolving.written("community_id = %s", [community_.code]) if row.loan == thing.code
    ).get(thing.code)
    form = forms.Payment(request.POST or None, initial=forms.start())

    def preview(told: dict[str, Any]) -> dict[str, Any]:
        found = moving.splits(community=community_, amounts={thing.number: told["amount"]}, on=told["on"])
        return {"parts": found[thing.number]}

    return _flow(
        request,
        community_,
        form,
        lambda told: moving.pay(
            paper=paper(request, told), community=community_, amounts={thing.number: told["amount"]}
        ),
        title="A payment of a loan",
        does="Write the payment down",
        done="The payment is in the cashbook.",
        lead=("revolving_loan", community_.code, thing.number),
        template="revolving/pay.html",
        preview=preview,
        loan=thing,
        now=account.on(office.today()) if account else None,
    )


@needs("keep revolving", of_loan)
def split(request: HttpRequest, thing: Any) -> HttpResponse:
    """How a payment would be split, as a piece of the page: asked by the script while somebody types. It posts nothing."""
    form = forms.Payment(request.POST or None)
    told: dict[str, Any] = {"parts": None, "trouble": "", "fund": thing.community}
    if form.is_valid():
        try:
            amounts = {thing.number: form.cleaned_data["amount"]}
            found = moving.splits(community=thing.community, amounts=amounts, on=form.cleaned_data["on"])
            told["parts"] = found[thing.number]
        except Refused as no:
            told["trouble"] = sentences(no)
    return render(request, "revolving/_split.html", told)


@needs("keep revolving", of_community)
def collect(request: HttpRequest, thing: Any) -> HttpResponse:
    """A collection day: many payments at once, each split by the rule, all of them written down or none."""
    loans = [one for one in standing_of(thing, office.today()) if not one["now"].is_closed]
    form = forms.Collection(request.POST or None, numbers=[one["number"] for one in loans], initial=forms.start())

    def preview(told: dict[str, Any]) -> dict[str, Any]:
        parts = moving.splits(community=thing, amounts=form.paid, on=told["on"])
        whole = reduce(add, (one.principal + one.interest for one in parts.values()), 0)
        return {"parts": parts, "whole": whole}

    return _flow(
        request,
        thing,
        form,
        lambda told: moving.pay(paper=paper(request, told), community=thing, amounts=form.paid),
        title="A collection day",
        does="Write all payments down",
        done="The payments are in the cashbook.",
        lead=("revolving_fund", thing.code),
        template="revolving/collect.html",
        preview=preview,
        loans=loans,
    )


@needs("keep revolving", of_loan)
def write_off(request: HttpRequest, thing: Any) -> HttpResponse:
    """What is outstanding of a loan is given up, with a reason."""
    form = forms.Reason(request.POST or None, initial=forms.start())
    return _flow(
        request,
        thing.community,
        form,
        lambda told: moving.write_off(paper=paper(request, told), community=thing.community, number=thing.number),
        title="Write a loan off",
        does="Write it off",
        done="The loan is written off.",
        lead=("revolving_loan", thing.community_id, thing.number),
        loan=thing,
    )


@needs("keep revolving", of_key)
def take_back(request: HttpRequest, thing: Any) -> HttpResponse:
    """What was written down by mistake is taken back, with a reason; both lines stay in the cashbook."""
    community_, key, rows = thing
    form = forms.Reason(request.POST or None, initial=forms.start())
    return _flow(
        request,
        community_,
        form,
        lambda told: moving.take_back(paper=paper(request, told), community=community_, key=key),
        title="Take back what was written down",
        does="Take it back",
        done="It is taken back; both lines stay in the cashbook.",
        lead=("revolving_fund", community_.code),
        template="revolving/take_back.html",
        lines=words.entries(rows),
    )
