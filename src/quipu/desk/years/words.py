"""How obligations and the marks of a year are called on a page."""

from collections.abc import Iterable

from quipu.books import models
from quipu.desk.drawing import said
from quipu.rules.calendar import DUTIES
from quipu.rules.returns.obligations import ABOVE, BELOW, Mark, Owed

# The look of a chip, by mark
LOOKS = {
    Mark.OVERDUE: "error",
    Mark.OPEN: "ongoing",
    Mark.EXTENDED: "warn",
    Mark.IN: "in",
    Mark.NIL: "in",
    Mark.WAIVED: "soft",
    Mark.NOT_DUE: "soft",
}
MARKS = {
    "not due": "not due yet",
    "open": "open",
    "overdue": "overdue",
    "extended": "more time given",
    "waived": "waived",
    "nil": "received: nothing was spent",
    "in": "received",
}
HELD = {
    "with the organization": "with the organization",
    "with the certifier": "with the certifier",
    "with the agent": "with the agent",
}
STANDINGS = {
    "certified": "certified",
    "interim": "interim",
    "submitted": "submitted, not posted yet",
}
UNUSUAL = {
    ABOVE: "above twice the year before",
    BELOW: "below half of the year before",
    "return-above-funded": "spent above what was funded",
    "return-zero": "nothing spent, though at work",
}
STATES = {
    "undecided": "not decided yet",
    "granted": "granted",
    "refused": "refused",
    "withdrawn": "withdrawn",
}


def duty(name: str) -> str:
    """What an obligation is called."""
    return said(DUTIES[name].label)


def lack(word: str, names: dict[str, str]) -> str:
    """One thing that is missing, as a report or a closing keeps it, with names for codes."""
    fund, _, rest = word.rpartition(": ")
    kind, _, who = rest.partition("/")
    who, _, state = who.partition("/")
    whose = " ".join(names.get(code) or code for code in who.split(" "))
    label = duty(kind) if kind in DUTIES else kind
    told = f"{whose}: {label}"
    if state:
        told += f" ({said(MARKS.get(state, state))})"
    return f"{fund}: {told}" if fund else told


def names_of(lacks: Iterable[str]) -> dict[str, str]:
    """Names of the organizations and projects that are named there."""
    codes = {code for word in lacks for code in word.rpartition(": ")[2].partition("/")[2].partition("/")[0].split(" ")}
    found = dict(models.Project.objects.filter(code__in=codes).values_list("code", "title"))
    found |= dict(models.Organization.objects.filter(code__in=codes).values_list("code", "title"))
    return found


def told_by(owed: Owed) -> str:
    """What is typed in a tick box of it."""
    return "|".join((owed.duty, owed.fund, owed.organization, owed.project))
