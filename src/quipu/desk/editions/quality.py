"""The quality list: what is wrong or missing in what is public, by project, with who can mend it and what was answered."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import answer_finding, history, mandates, quality
from quipu.actions.answer_finding import ANYWAY, REVIEW, Answer, answers
from quipu.books import models, office
from quipu.desk.drawing import address, said
from quipu.desk.editions import forms, opened
from quipu.desk.rights import needs
from quipu.edition.quality import MONEY, RECORDS, RETURNS, WORDS, Case
from quipu.portal import addresses
from quipu.rules.findings import Refused
from quipu.rules.mandates import VERBS, Role, Scope
from quipu.rules.narrative import OVERVIEW

MOST_NAMED = 4  # people, of all who could mend it


@dataclass(slots=True)
class Line:
    """A finding as it is shown. mend: who can; at: the page of the desk that mends it, "" for who may not; public: its page.

    answer: what was said of it, by whom.
    """

    case: Case
    mend: list[Any]
    at: str
    public: str
    answer: Answer | None
    name: str = ""
    may_answer: bool = False


@dataclass(slots=True)
class Group:
    """The findings of one project or fund."""

    code: str
    title: str
    public: str
    lines: list[Line] = field(default_factory=list)


def found(request: HttpRequest) -> list[Case]:
    """What a person may see of the list: of the funds and projects whose drafts they may read, or that they publish."""
    edition = opened.current()
    if edition is None:
        return []
    reach = [*request.rights.reach("read drafts"), *request.rights.reach("publish")]
    return [case for case in quality.cases(edition) if any(each.covers(_scope(case)) for each in reach)]


def _scope(case: Case) -> Scope:
    return Scope(case.fund, case.project, case.organization)


def of_case(code: str) -> tuple[Case, Scope]:
    """A finding of the current edition, and whose it is."""
    edition = opened.current()
    for case in quality.cases(edition) if edition else []:
        if case.code == code:
            return case, _scope(case)
    raise Http404(code)


@needs("read drafts")
def show(request: HttpRequest) -> HttpResponse:
    """The list: everything, or only what one can mend oneself."""
    cases = found(request)
    mine = request.GET.get("mine") == "1"
    people = Mending()
    told = answers(cases)
    names = history.names_of(answer.by for answer in told.values())
    groups: dict[tuple[str, str], Group] = {}
    for case in cases:
        mend = people.of(case)
        if mine and request.user.pk not in [one.pk for one in mend]:
            continue
        group = groups.setdefault(
            (case.fund, case.project), Group(case.project or case.fund, case.title, _public(request, case))
        )
        answer = told.get(case.code)
        may = request.rights.may("publish", _scope(case))
        group.lines.append(
            Line(
                case,
                mend[:MOST_NAMED],
                mended_at(request, case),
                _line(request, case),
                answer,
                names.get(answer.by, "") if answer else "",
                may,
            )
        )
    edition = opened.current()
    told_ = {"groups": list(groups.values()), "count": len(cases), "mine": mine, "edition": edition}
    told_ |= {"asking": answer_finding.asking(), "funds": askable(request)}
    return render(request, "editions/quality.html", told_)


def _public(request: HttpRequest, case: Case) -> str:
    return f"{request.words.before}/{'project' if case.project else 'fund'}/{addresses.segment(case.identifier)}"


def _line(request: HttpRequest, case: Case) -> str:
    """Where it is seen: the line of the file, else the public page."""
    if case.source is not None:
        return f"{request.words.before}/data/source/{case.source}"
    return _public(request, case)


def mended_at(request: HttpRequest, case: Case) -> str:
    """The page of the desk on which this person mends it; "" where they may not."""
    rights, scope = request.rights, _scope(case)
    kind, code = ("project", case.project) if case.project else ("fund", case.fund)
    if not rights.may(case.verb, scope):
        return ""
    if case.document:
        return address("document", case.document)
    if case.verb == WORDS:
        return address("section", kind, code, OVERVIEW, request.words.language)
    if case.verb == RECORDS:
        return address(f"edit_{kind}", code) if kind == "project" or rights.may("keep funds", scope) else ""
    if case.verb == "change statuses":
        return address(f"{kind}_status", code)
    if case.verb == "keep organizations" and case.organization:
        return address("edit_organization", case.organization)
    if case.rule == "unidentified_contributor" and rights.may("read books"):
        return address("unidentified")
    if case.verb in (MONEY, RETURNS) and rights.may("read drafts", scope):
        return address(kind, code)  # where its money stands
    return ""


def askable(request: HttpRequest) -> list[Any]:
    """The funds whose list this person may make a condition of publishing."""
    return [fund for fund in models.Fund.objects.order_by("code") if request.rights.may("publish", Scope(fund.code))]


@needs("publish", of_case)
def answer(request: HttpRequest, thing: Case) -> HttpResponse:
    """One finding: seen, or published anyway with a reason."""
    form = forms.Answer(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_finding.answer_finding(by=request.user.pk, case=thing, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("It is kept beside the finding."))
            return redirect("quality")
    known = answers([thing]).get(thing.code)
    told = {"case": thing, "form": form, "answer": known, "name": history.name_of(known.by) if known else ""}
    told |= {"public": _public(request, thing), "line": _line(request, thing), "mend": Mending().of(thing)}
    told["at"] = mended_at(request, thing)
    return render(request, "editions/answer.html", told, status=422 if form.errors else 200)


@needs("publish")
def asked(request: HttpRequest) -> HttpResponse:
    """A fund, or the house, wants its list answered before somebody publishes by hand; or no longer."""
    form = forms.Asked(request.POST or None, funds=askable(request), house=request.rights.may("publish", Scope()))
    if request.method == "POST" and form.is_valid():
        answer_finding.ask_for_answers(
            by=request.user.pk, code=form.chosen, wanted=form.cleaned_data["wanted"] == "yes"
        )
        messages.success(request, said("It is kept, and counts from now on."))
        return redirect("quality")
    told = {"form": form, "asking": answer_finding.asking()}
    return render(request, "editions/asked.html", told, status=422 if form.errors else 200)


class Mending:
    """Who can mend what: everybody's mandates asked once, however many findings there are."""

    def __init__(self) -> None:
        today = office.today()
        self._by_verb: dict[str, list[tuple[Scope, Any]]] = defaultdict(list)
        roles = {role for verb in VERBS.values() for role in verb.roles}
        every = mandates.counting().filter(since__lte=today).select_related("person", "project")
        for mandate in every.order_by("person__name", "person"):
            if mandate.role not in roles or not mandate.person.is_active or (mandate.until and mandate.until < today):
                continue
            for name, verb in VERBS.items():
                if Role(mandate.role) in verb.roles:
                    self._by_verb[name].append((mandates.scope_of(mandate), mandate.person))

    def of(self, case: Case) -> list[Any]:
        """The people whose mandate covers a finding, those of the narrowest one first."""
        there = [(scope, one) for scope, one in self._by_verb[case.verb] if scope.covers(_scope(case))]
        there.sort(key=lambda each: -sum(map(bool, (each[0].fund, each[0].project, each[0].organization))))
        return list({one.pk: one for _, one in there}.values())


__all__ = ["ANYWAY", "REVIEW", "Mending", "answer", "asked", "found", "show"]
