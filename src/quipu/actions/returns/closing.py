"""Close a fund's year from the console: complete, or without what is named, confirmed and kept with the closing."""

from dataclasses import dataclass
from datetime import date

from quipu.actions import history
from quipu.actions.deciding import CLOSING, Decision, decide
from quipu.actions.returns import owing, reporting, surveying
from quipu.actions.saying import Paper
from quipu.books import models, office
from quipu.books.post import Answer
from quipu.rules.findings import Finding, Refused
from quipu.rules.returns.obligations import Owed


@dataclass(frozen=True, slots=True)
class Closing:
    """A year to be closed. evidence: what is said of it; key: sent twice it is closed once; without: what is missing."""

    fund: str
    year: int
    on: date
    evidence: str
    key: str
    without: bool = False
    documents: tuple[tuple[str, str], ...] = ()


def lacking(fund: str, year: int) -> list[Owed]:
    """What the year would be closed without."""
    return surveying.lacking(owing.owed([year]), fund)


def close(*, by: str, closing: Closing) -> Answer:
    """Closes it. Raises Refused, also where something is missing and nobody said so."""
    with history.whole():
        if closing.year >= office.today().year:
            raise Refused(Finding("closing-early", ""))
        lacks = [surveying.named(one) for one in lacking(closing.fund, closing.year)]
        if lacks and not closing.without:
            raise Refused(Finding("closing-lacks", "without"))
        if not closing.evidence.strip() and not closing.documents:
            raise Refused(Finding("evidence-missing", "evidence"))
        title = closing.evidence.strip()
        if lacks:
            title += f" Closed without: {'; '.join(reporting.said_in_english(one, {}) for one in lacks)}."
        paper = Paper(by=by, key=closing.key, on=closing.on, title=title, documents=closing.documents)
        answer = decide(paper=paper, decision=Decision(CLOSING, closing.fund, year=closing.year))
        report = models.Report.objects.filter(fund=closing.fund, year=closing.year).order_by("-version").first()
        if report is not None and report.signed_at is None:
            report.lacks = lacks
            report.save(update_fields=["lacks"])
    return answer
