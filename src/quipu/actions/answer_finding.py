"""Answer a finding of the quality list: it was seen, or it is published anyway with a reason. Both stay in history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from quipu.actions import history
from quipu.actions.history import Thing
from quipu.books import models
from quipu.edition.quality import Case
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope

REVIEW, ANYWAY = "review", "publish anyway"
HOUSE = ""  # the code under which the whole house asks for answers


@dataclass(frozen=True, slots=True)
class Answer:
    """The last that was said of a finding. version: of the finding with it."""

    verb: str
    by: str
    at: datetime
    reason: str
    version: int

    @property
    def lets_out(self) -> bool:
        """Whether somebody decided that it is published as it is."""
        return self.verb == ANYWAY


def thing_of(case: Case) -> Thing:
    """A finding as history knows it."""
    return Thing("finding", case.code, Scope(case.fund, case.project, case.organization))


def answer_finding(*, by: str, case: Case, verb: str, reason: str = "", seen: int | None = None) -> None:
    """Says of a finding that it was reviewed, or that it is published anyway, which needs a reason. Raises Refused."""
    if verb == ANYWAY and not reason.strip():
        raise Refused(Finding("reason-missing", "reason"))
    with history.whole():
        history.alone(thing_of(case), seen)
        said = {"rule": case.rule, "detail": case.detail}
        history.keep(by=by, verb=verb, thing=thing_of(case), after=said, reason=reason.strip())


def answers(cases: Iterable[Case]) -> dict[str, Answer]:
    """The last answer to each of some findings, by their codes: one question, however many."""
    wanted = {case.code for case in cases}
    found: dict[str, Answer] = {}
    rows = models.History.objects.filter(kind="finding", verb__in=[REVIEW, ANYWAY]).order_by("id")
    for code, *said in rows.values_list("code", "verb", "by", "at", "reason", "id"):
        if code in wanted:
            found[code] = Answer(*said)
    return found


# Who wants answers before somebody publishes by hand


def ask_for_answers(*, by: str, code: str, wanted: bool) -> None:
    """A fund, or the house (""), asks that its quality list is answered before a publication by hand; or no longer."""
    thing = Thing("quality", code or "house", Scope(fund=code))
    with history.whole():
        history.alone(thing, None)
        before = models.Asked.objects.filter(code=code).exists()
        if before == wanted:
            return
        if wanted:
            models.Asked.objects.create(code=code, by=by, at=datetime.now(UTC))
        else:
            models.Asked.objects.filter(code=code).delete()
        history.keep(by=by, verb="ask for answers", thing=thing, before={"asked": before}, after={"asked": wanted})


def asking() -> set[str]:
    """Who asks: codes of funds, and "" for the house."""
    return set(models.Asked.objects.values_list("code", flat=True))


def unanswered(cases: Iterable[Case]) -> list[Case]:
    """Findings that stand against a publication by hand: of whoever asks, and not published anyway by anybody."""
    who = asking()
    concerned = [case for case in cases if HOUSE in who or case.fund in who]
    known = answers(concerned)
    return [case for case in concerned if not (case.code in known and known[case.code].lets_out)]
