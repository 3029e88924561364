"""How monitoring is said in the reader's language: words that were kept in several, states, what is missing, who owns it."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from quipu.actions import history
from quipu.actions.monitoring import facts
from quipu.books import models
from quipu.desk.drawing import said, spoken
from quipu.portal.prose import narrative as prose
from quipu.rules import monitoring
from quipu.rules.monitoring import PARTS, told_in

SHOWN = 40  # acts of a history on a page
STATES = {
    "draft": "draft",
    "handed over": "with the secretariat",
    "submitted": "submitted",
    "sent back": "sent back",
    "accepted": "accepted by the secretariat",
    "approved": "approved",
    "withdrawn": "withdrawn",
}
ACTS = {
    "hand over": "Hand over",
    "take back": "Take back",
    "send back": "Send back",
    "accept": "Accept",
    "submit": "Submit",
    "approve": "Approve",
    "return": "Send back",
    "withdraw": "Withdraw",
}
CHIPS = {"accepted": "in", "approved": "in", "done": "in", "sent back": "warn", "withdrawn": "soft", "draft": "soft"}


def first(texts: Mapping[str, str]) -> str:
    """A text in the reader's language, else in the first there is."""
    return told_in(texts, spoken().language)[1]


def marked(texts: Mapping[str, str]) -> Markup:
    """The same with its language, where that is another one than the page's."""
    language, text = told_in(texts, spoken().language)
    if language in ("", spoken().language):
        return Markup.escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)


def drawn(texts: Mapping[str, str]) -> Markup:
    """The same as prose."""
    language, text = told_in(texts, spoken().language)
    return Markup('<div class="paper" lang="{}">{}</div>').format(language or spoken().language, prose(text, str))


def owner(record: Any) -> str:
    """Who answers for an action or a risk."""
    body = (record.organization.title or record.organization_id) if record.organization_id else ""
    return ", ".join(filter(None, (body, record.role)))


def lack(word: str, told: Mapping[str, Any]) -> str:
    """One thing that a narrative lacks, as a sentence."""
    sentence, what = facts.lacking(word, dict(told))
    return said(sentence) % {"what": said(what) if what in PARTS.values() else what}


def degree(number: int | None) -> str:
    """How likely or grave something is; "" for nothing."""
    return said(monitoring.DEGREES[number]) if number else ""


def past(*things: tuple[str, Sequence[str]]) -> dict[str, Any]:
    """What was done to things, newest first, and by whom: kinds with their codes."""
    rows: list[Any] = []
    for kind, codes in things:
        rows += models.History.objects.filter(kind=kind, code__in=list(codes)).order_by("-id")[:SHOWN]
    rows = sorted(rows, key=lambda row: -row.pk)[:SHOWN]
    return {"past": rows, "names": history.names_of(row.by for row in rows)}
