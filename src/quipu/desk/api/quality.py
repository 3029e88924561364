"""The quality list for programs: what is to be mended, what was answered to it, and who asks for answers."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quipu.actions.answer_finding import HOUSE, answer_finding, answers, ask_for_answers, asking
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Act, Code, Sent, Text, checked
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.editions import forms, quality
from quipu.rules.mandates import Scope
from quipu.rules.money import plain

router = Router(tags=["editions"])
READ, PUBLISH = "read drafts", "publish"
ASKED = "/editions/quality-asked"


class Case(Schema):
    """One thing to mend, and what was answered to it. verb: whoever may it, where the case is, can mend it."""

    code: str
    rule: str
    label: str
    remedy: str
    severity: str
    verb: str
    fund: str
    project: str
    organization: str
    document: str
    identifier: str
    title: str
    detail: str
    amount: str | None
    answer: str
    answered_by: str
    reason: str
    version: int


class AnswerToFinding(Act):
    """verb: review, or publish anyway, which needs a reason."""

    verb: Code
    reason: Text = ""


class Asking(Schema):
    """Whose list has to be empty or answered before somebody publishes by hand: the house's, and those of funds."""

    house: bool
    funds: list[str]


class ListAsked(Sent):
    """Whether a list has to be answered. fund: "" for the whole house."""

    fund: Code = ""
    wanted: bool


@router.get("/editions/quality", response=Page[Case], url_name="quality", summary="What is to be mended")
@asks(READ)
def cases(request: HttpRequest, page: int = PageNumber) -> Any:
    """The quality list of the current edition, within the funds and projects that the token reaches."""
    return paged(quality.found(request), page, _cases)


def _cases(found: Any) -> list[Case]:
    said = answers(found)
    same = ("code", "rule", "label", "remedy", "severity", "verb", "fund", "project", "organization", "document")
    return [
        Case(
            amount=None if one.amount is None else plain(one.amount),
            answer=said[one.code].verb if one.code in said else "",
            answered_by=said[one.code].by if one.code in said else "",
            reason=said[one.code].reason if one.code in said else "",
            version=said[one.code].version if one.code in said else 0,
            **{name: getattr(one, name) for name in (*same, "identifier", "title", "detail")},
        )
        for one in found
    ]


@router.post("/editions/quality/{code}", response=Case, url_name="answer_finding", summary="Answer a finding")
@asks(PUBLISH)
def answer(request: HttpRequest, code: Code, said: AnswerToFinding) -> Any:
    """It was seen, or it is published anyway. Both stay in history."""
    found, scope = quality.of_case(code)
    need(request, scope)
    told = checked(forms.Answer({"verb": said.verb, "reason": said.reason}))
    answer_finding(by=request.rights.person.pk, case=found, seen=said.version, **told)
    return _cases([found])[0]


@router.get(ASKED, response=Asking, url_name="quality_asked", summary="Who asks for answers?")
@asks(PUBLISH)
def asked(request: HttpRequest) -> Any:
    """Before somebody publishes by hand; funds within the token's reach."""
    return _asking(request)


def _asking(request: HttpRequest) -> Asking:
    who = asking()
    return Asking(house=HOUSE in who, funds=[one.code for one in quality.askable(request) if one.code in who])


@router.put(ASKED, response=Asking, url_name="ask_for_answers", summary="Ask for answers, or no longer")
@asks(PUBLISH)
def ask(request: HttpRequest, said: ListAsked) -> Any:
    """A fund, or the house, wants its list empty or answered before a publication by hand."""
    need(request, Scope(said.fund))
    words = {"code": said.fund or forms.HOUSE, "wanted": "yes" if said.wanted else "no"}
    form = forms.Asked(words, funds=quality.askable(request), house=not said.fund)
    checked(form)
    ask_for_answers(by=request.rights.person.pk, code=form.chosen, wanted=said.wanted)
    return _asking(request)
