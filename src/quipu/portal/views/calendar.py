"""Who owes what by when: a year's obligations as tables, and as a calendar to subscribe to."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from quipu.edition import ask as asker
from quipu.edition import calendar
from quipu.files import ics
from quipu.portal import addresses
from quipu.portal.labels import Labels
from quipu.portal.render import FILES, Furniture, respond
from quipu.portal.views import over_the_years
from quipu.portal.views.over_the_years import of_return, without
from quipu.rules.asking import question
from quipu.rules.calendar import (
    AGENT,
    CONTRIBUTOR,
    DUTIES,
    EXTENDED,
    FEW,
    NOT_DUE,
    ORGANIZATION,
    PROJECT,
    Obligation,
    kept,
)
from quipu.rules.dates import EARLIEST, LATEST
from quipu.rules.table import Cell, Column, Table

AROUND = (-1, 2)  # years before and after the edition's own that the feed holds
OWES = {  # whose obligations stand together, and what is said of each
    ORGANIZATION: ("duty", "fund", "body", "year", "state", "arrived", "late", "rule", "reason"),
    AGENT: ("duty", "fund", "body", "year", "state", "arrived"),
    PROJECT: ("duty", "fund", "project", "body", "state", "rule", "reason"),
    CONTRIBUTOR: ("fund", "body", "agreement", "currency", "amount", "state", "arrived"),
}
COLUMNS = {
    "duty": Column("duty", "What"),
    "fund": Column("fund", "Fund"),
    "project": Column("project", "Project"),
    "body": Column("organization", "Who"),
    "year": Column("year", "For the year"),
    "agreement": Column("agreement", "Agreement"),
    "currency": Column("currency", "Currency"),
    "amount": Column("amount", "Amount", "money"),
    "state": Column("state", "What is known"),
    "arrived": Column("arrived", "On", "date"),
    "late": Column("late", "Days late", "count"),
    "rule": Column("rule", "By rule", "date"),
    "reason": Column("reason", "Why"),
}
SPARE = ("rule", "reason")  # columns that are left out where no row says anything in them
SHOWN = 30  # returns of all years on the page; the files hold all of them


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address narrows the calendar down to."""

    year: int | None
    fund: str
    organization: str


def show(request: HttpRequest) -> HttpResponse:
    """/calendar: what falls due in a year, the edition's own where none is asked for."""
    chosen = _chosen(request)
    if chosen is None:
        trouble = request.words.gettext("Write the year in four digits, as in 2026.")
        return respond(request, "trouble.html", status=422, trouble=trouble, names=[])
    edition = request.edition
    year = chosen.year or calendar.moment(edition).year
    found = calendar.obligations(edition, year, chosen.fund, chosen.organization)
    years, funds, bodies = calendar.choices(edition)
    tables = {of: _table(request, of, found) for of in OWES if any(DUTIES[each.duty].of == of for each in found)}
    over = calendar.returns(edition, chosen.fund, chosen.organization)
    tables |= over_the_years.tables(request, over, calendar.reports(edition, chosen.fund))
    if request.GET.get("format") not in FILES:
        said = {"fund": chosen.fund, "organization": chosen.organization}
        tables = {key: without(table, {name for name, code in said.items() if code}) for key, table in tables.items()}
    return respond(
        request,
        "calendar.html",
        tables=tables,
        whole=kept(over, calendar.moment(edition)),
        few=FEW,
        shown=SHOWN,
        owes=OWES,
        duties=DUTIES,
        year=year,
        chosen=chosen,
        years=sorted({*years, year}, reverse=True),
        funds=funds,
        bodies=bodies,
    )


def feed(request: HttpRequest) -> HttpResponse:
    """/calendar.ics: the same to subscribe to, the years around the edition's own where none is asked for."""
    chosen = _chosen(request)
    if chosen is None:
        return HttpResponse("Write the year in four digits, as in 2026.\n", status=422, content_type="text/plain")
    edition, words, here = request.edition, request.words, Furniture(request)
    now = calendar.moment(edition).year
    years = [chosen.year] if chosen.year else [now + n for n in range(AROUND[0], AROUND[1] + 1)]
    found = [one for year in years for one in calendar.obligations(edition, year, chosen.fund, chosen.organization)]
    labels = Labels(edition, words, request.prefix)
    funds = labels.namer("fund", {each.fund for each in found})
    bodies = labels.namer("organization", {each.body for each in found if each.body})
    projects = labels.namer("project", {each.project for each in found if each.project})

    def day(each: Obligation) -> ics.Day:
        duty = DUTIES[each.duty]
        who = bodies(each.body) if each.body else ""
        what = projects(each.project) if each.project else funds(each.fund)
        year = f" {each.year}" if each.year is not None else ""
        amount = f"{words.money(each.amount)} {each.currency}" if each.amount is not None else ""
        told = [words.gettext(duty.sentence), what, amount, words.gettext(each.state)]
        pairs = [("year", str(each.due.year)), ("fund", each.fund)]
        return ics.Day(
            f"quipu/{each.uid}",
            each.due,
            ": ".join(filter(None, (f"{words.gettext(duty.label)}{year}", who or what))),
            "\n".join(filter(None, told)),
            here.whole(addresses.query(f"{request.prefix}/calendar", pairs)),
        )

    names = [here.site, words.gettext("calendar")]
    names += [funds(chosen.fund)] if chosen.fund else []
    names += [bodies(chosen.organization)] if chosen.organization else []
    body = ics.draw(
        map(day, found), " · ".join(names), datetime.fromisoformat(edition.manifest.made_at), words.language
    )
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _chosen(request: HttpRequest) -> Chosen | None:
    """The address's year, fund and organization; None where the year is none. Codes of the books are understood."""
    get = request.GET
    year = get.get("year", "").strip()
    if year and not (year.isascii() and year.isdecimal() and EARLIEST.year <= int(year) <= LATEST.year):
        return None
    typed = [f"fund={get.get('fund', '').strip()}", f"provider={get.get('organization', '').strip()}"]
    (fund,), (body,) = (each.values for each in asker.in_identities(request.edition, question((), (), typed)).where)
    return Chosen(int(year) if year else None, fund, body)


def _table(request: HttpRequest, of: str, found: list[Obligation]) -> Table:
    """The obligations of one kind of debtor, by day."""
    gettext = request.words.gettext
    empty = {"body": "each that works on it", "late": "none", "rule": "the same", "reason": "none"}
    empty["arrived"] = "not yet" if of == CONTRIBUTOR else "not known"

    def cell(each: Obligation, name: str) -> Cell:
        value = getattr(each, name)
        if name == "duty":
            return Cell(value, label=gettext(DUTIES[value].label))
        if name == "state" and each.duty == "annual_return" and each.state not in (NOT_DUE, EXTENDED):
            return Cell(value, label=gettext(value), link=request.prefix + of_return(each))
        if name == "state":
            return Cell(value, label=gettext(value))
        if name in ("arrived", "rule"):
            return Cell(value and value.isoformat(), why=empty[name])
        if name == "late":
            return Cell(value or None, why="on time" if value == 0 else "none")
        if name == "year":
            return Cell(str(value))
        if name == "amount":
            return Cell(value)
        return Cell(value or None, why=empty.get(name, "not stated"))

    rows = [
        [Cell(each.due.isoformat()), *(cell(each, name) for name in OWES[of])]
        for each in found
        if DUTIES[each.duty].of == of
    ]
    names = ["due", *OWES[of]]
    kept_ = [n for n, name in enumerate(names) if name not in SPARE or any(row[n].value for row in rows)]
    columns = [Column("due", "By", "date"), *(COLUMNS[name] for name in OWES[of])]
    return Table([columns[n] for n in kept_], [[row[n] for n in kept_] for row in rows])
