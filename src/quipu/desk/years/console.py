"""The console of a year: organizations by funds with what is owed, figures beside last year's, reminders, and closing."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history
from quipu.actions.returns import closing, owing, reminding, surveying
from quipu.actions.returns.surveying import Line, Survey
from quipu.books import models, office
from quipu.desk.drawing import said, sentences, spoken
from quipu.desk.forms import Form, day, text
from quipu.desk.programmes.deciding import placed
from quipu.desk.rights import needs
from quipu.desk.years import words
from quipu.files import csv, xlsx
from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope
from quipu.rules.money import of_minor_units
from quipu.rules.returns.obligations import ANNUAL, DISPENSABLE, OF_YEARS, REPORT, Mark, Owed
from quipu.rules.table import Cell, Column, Table

PAGE = 50
FIRST_YEAR, LAST_YEAR = 1990, 2100
OF_ORGANIZATIONS = tuple(duty for duty in OF_YEARS if duty != REPORT)
XLSX, CSV = "xlsx", "csv"
MEDIA = {XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", CSV: "text/csv; charset=utf-8"}
# What can be asked for beside the marks of the chosen obligation
MISSING, UNUSUAL, AGENT = "missing", "unusual", "with-agent"
SHOWN = {
    "": "all",
    MISSING: "whatever is missing",
    "overdue": "overdue",
    "extended": "more time given",
    AGENT: "with the agent",
    "in": "received",
    UNUSUAL: "unusual figures",
}


@needs("read returns")
def latest(request: HttpRequest) -> HttpResponse:
    """The last year that is over."""
    return redirect("year", office.today().year - 1)


class Asked:
    """What somebody wants to see of a year."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.duty = told.get("duty", ANNUAL) if told.get("duty") in OF_ORGANIZATIONS else ANNUAL
        self.fund, self.organization = told.get("fund", "")[:64], told.get("organization", "")[:64]
        self.shown = told.get("shown", "") if told.get("shown") in SHOWN else ""

    @property
    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        return {
            "duty": "" if self.duty == ANNUAL else self.duty,
            "fund": self.fund,
            "organization": self.organization,
            "shown": self.shown,
        }

    def fits(self, line: Line) -> bool:
        """Whether a line is asked for."""
        if self.fund not in ("", line.fund) or self.organization not in ("", line.organization):
            return False
        several = line.owed.get(self.duty, [])
        match self.shown:
            case "":
                return True
            case _ if self.shown == MISSING:
                return any(one.is_missing for one in several)
            case _ if self.shown == UNUSUAL:
                return bool(line.unusual)
            case _ if self.shown == AGENT:
                return any(one.holder == "with the agent" for one in several)
            case _:
                marks = (Mark.IN, Mark.NIL) if self.shown == "in" else (self.shown,)
                return any(one.mark in marks for one in several)


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


@needs("read returns")
def show(request: HttpRequest, year: int) -> HttpResponse:
    """The matrix and the figures."""
    whole = surveying.survey(_year(year), request.rights.reach("read returns"))
    asked = Asked(request.GET)
    survey = whole.narrowed(line for line in whole.lines if asked.fits(line))
    page = Paginator(survey.lines, PAGE).get_page(request.GET.get("page"))
    funds = sorted({line.fund for line in survey.lines})
    bodies = list(dict.fromkeys(line.organization for line in survey.lines))
    cells = {(line.organization, line.fund): line.owed.get(asked.duty, []) for line in survey.lines}
    told = {
        "year": year,
        "survey": survey,
        "whole": whole,
        "asked": asked,
        "funds": funds,
        "bodies": bodies,
        "cells": cells,
        "counts": counts(survey.lines, asked.duty),
        "page": page,
        "totals": surveying.totals(survey.lines),
        "duties": OF_ORGANIZATIONS,
        "shown": SHOWN,
        "words_": words,
        "scope": Scope,
        "is_agent": request.rights.may("read books"),
    }
    return render(request, "years/year.html", told)


def counts(lines: Iterable[Line], duty: str) -> dict[str, int]:
    """How many obligations bear each mark, in the order of the marks."""
    found = dict.fromkeys(Mark, 0)
    for line in lines:
        for one in line.owed.get(duty, []):
            found[one.mark] += 1
    return {str(mark): count for mark, count in found.items() if count}


# As a file


@needs("read returns")
def file(request: HttpRequest, year: int, form: str) -> HttpResponse:
    """The console as a file: what the filters show."""
    if form not in MEDIA:
        raise Http404
    whole = surveying.survey(_year(year), request.rights.reach("read returns"))
    asked = Asked(request.GET)
    survey = whole.narrowed(line for line in whole.lines if asked.fits(line))
    title = said("Year-end %(year)s", year=year)
    if form == CSV:
        body = csv.draw(table(survey, survey.lines, title))
    else:
        currencies = sorted({line.currency for line in survey.lines}) or ["USD"]
        sheets = {
            one: table(survey, [line for line in survey.lines if line.currency == one], title, one)
            for one in currencies
        }
        body = xlsx.workbook(sheets, title)
    answer = HttpResponse(body, content_type=MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="year-end-{year}.{form}"'
    return answer


def table(survey: Survey, lines: Iterable[Line], title: str, unit: str = "") -> Table:
    """Lines with all that is owed and their figures. unit: of all of them, "" where each says its own."""
    last = survey.year - 1
    columns = [
        *(Column("organization", said("Code")), Column("organization_name", said("Organization"))),
        *(Column("fund", said("Fund")), Column("fund_name", said("Name of the fund"))),
        *(Column(duty, words.duty(duty)) for duty in OF_ORGANIZATIONS),
        *(Column("due", said("Annual return due"), "date"), Column("days_late", said("Days late"), "count")),
        *(Column("state", said("State of the return")), Column("holder", said("Whose turn"))),
        *(Column("since", said("Since"), "date"), Column("currency", said("Currency"))),
        Column("before", str(last), "money"),
        Column("before_interim", said("%(year)s, of which interim", year=last), "money"),
        Column("now", str(survey.year), "money"),
        Column("now_interim", said("%(year)s, of which interim", year=survey.year), "money"),
        Column("standing", said("Standing")),
        *(Column("change", said("Change"), "money"), Column("unusual", said("Unusual"))),
    ]
    rows = [_row(survey, line) for line in lines]
    about = {"as_of": str(survey.today)}
    return Table(columns, rows, title=title, unit=unit, about=about)


def _row(survey: Survey, line: Line) -> list[Cell]:
    annual = line.annual
    marks = [", ".join(said(words.MARKS[one.mark]) for one in line.owed.get(duty, [])) for duty in OF_ORGANIZATIONS]
    fund = survey.funds[line.fund]

    def money(units: int | None) -> Cell:
        return Cell(None if units is None else Decimal(of_minor_units(units, line.currency)))

    late = annual.days_late(survey.today) if annual else 0
    values: list[Any] = [line.organization, survey.organizations.get(line.organization, ""), line.fund, fund.title]
    values += [*marks, str(annual.until) if annual else "", late or None]
    values += [
        said(annual.state) if annual and annual.state else "",
        said(annual.holder) if annual and annual.holder else "",
    ]
    values += [str(annual.since or "") if annual else "", line.currency]
    told = [Cell(value, label=str(value or "")) for value in values]
    told += [money(line.before), money(line.before_interim or None)]
    told += [money(line.now), money(line.now_interim or None)]
    standing = said(words.STANDINGS[line.standing]) if line.standing else ""
    unusual = ", ".join(said(words.UNUSUAL[one]) for one in line.unusual)
    return [*told, Cell(standing), money(line.change), Cell(unusual)]


# What is owed, one line each


@needs("read returns")
def owed(request: HttpRequest, year: int) -> HttpResponse:
    """Everything that is owed for a year, where one may see it, what is due first."""
    found = owing.within(owing.owed([_year(year)]), request.rights.reach("read returns"))
    asked = Asked(request.GET)
    duty = asked.duty if request.GET.get("duty") in OF_ORGANIZATIONS else ""
    chosen = narrowed(found, asked, duty)
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    funds = {one.code: one.title or one.code for one in models.Fund.objects.filter(code__in={o.fund for o in found})}
    bodies = models.Organization.objects.filter(code__in={one.organization for one in found})
    query = {"duty": duty, "fund": asked.fund, "organization": asked.organization, "shown": asked.shown}
    told = {
        "year": year,
        "page": page,
        "funds": funds,
        "bodies": {one.code: one.title or one.code for one in bodies},
        "asked": asked,
        "duty": duty,
        "duties": OF_YEARS,
        "query": {name: value for name, value in query.items() if value},
        "waiting": _asked_for(year),
        "dispensable": DISPENSABLE,
        "words_": words,
    }
    return render(request, "years/owed.html", told)


def narrowed(found: Iterable[Owed], asked: Asked, duty: str) -> list[Owed]:
    """What is asked for of what is owed, what is due first."""
    chosen = [
        one
        for one in found
        if asked.fund in ("", one.fund)
        and asked.organization in ("", one.organization)
        and duty in ("", one.duty)
        and (asked.shown != MISSING or one.is_missing)
    ]
    return sorted(chosen, key=lambda one: (not one.is_missing, one.until, one.fund, one.organization))


def _asked_for(year: int) -> dict[tuple[str, str, str, str], int]:
    """Undecided dispensations of a year, by what they are about."""
    found = models.Dispensation.objects.filter(year=year, granted=None)
    rows = found.values_list("duty", "fund", "organization", "project", "pk")
    return {(duty, fund, body, project or ""): number for duty, fund, body, project, number in rows}


# Reminding many


class Reminding(forms.Form):  # type: ignore[misc]
    """Words of one's own, and a key by which the same sending is known."""

    words = forms.CharField(required=False, max_length=1_000)
    key = forms.CharField(max_length=60)


@needs("remind")
def remind(request: HttpRequest, year: int) -> HttpResponse:
    """Who gets what, then the mails."""
    reach = request.rights.reach("remind")
    survey = surveying.survey(_year(year), reach)
    asked = Asked(request.GET)
    if request.method == "POST":
        ticked = set(request.POST.getlist("of"))
        chosen = [one for one in survey.all_owed() if words.told_by(one) in ticked]
        form = Reminding(request.POST)
        try:
            if form.is_valid():
                told = form.cleaned_data
                count = reminding.remind_many(by=request.user.pk, owed=chosen, words=told["words"], key=told["key"])
                messages.success(request, _reminded(count))
                return redirect("year", year)
        except Refused as refused:
            messages.error(request, sentences(refused))
    wanted = [one for line in survey.lines if asked.fits(line) for one in line.owed.get(asked.duty, [])]
    foreseen = reminding.foresee(wanted)
    people = history.names_of(person for one in foreseen for person in one.people)
    told = {
        "year": year,
        "asked": asked,
        "survey": survey,
        "foreseen": foreseen,
        "people": people,
        "reached": len({person for one in foreseen for person in one.people}),
        "last": _last_reminders(year),
        "key": f"desk-{secrets.token_hex(8)}",
        "words_": words,
    }
    return render(request, "years/remind.html", told)


def _reminded(count: int) -> str:
    if not count:
        return said("These reminders were sent already.")
    return str(
        spoken().ngettext("%(num)s obligation was reminded of.", "%(num)s obligations were reminded of.", count)
        % {"num": count}
    )


def _last_reminders(year: int) -> dict[tuple[str, str, str, str], Any]:
    found = models.Reminder.objects.filter(year=year).order_by("at")
    return {(one.duty, one.fund_id, one.organization_id or "", one.project_id or ""): one for one in found}


# Closing


class Closing(Form):
    """The closing of a year: its day, its evidence, and that it is closed without what is missing."""

    on = day("Day", hint="From which day on it counts.")
    evidence = text("On what ground", most=400, hint="The report it rests on.")
    without = forms.BooleanField(label="Close it without what is named above", required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)


def _of_fund(fund: str, year: int) -> tuple[Any, Scope]:
    return (get_object_or_404(models.Fund, code=fund), _year(year)), Scope(fund)


@needs("change statuses", _of_fund)
def close(request: HttpRequest, thing: Any) -> HttpResponse:
    """A fund's year is closed: complete, or without what is named."""
    fund, year = thing
    lacks = closing.lacking(fund.code, year)
    start = {"on": office.today(), "key": f"desk-{secrets.token_hex(8)}"}
    form = Closing(request.POST or None, initial=start)
    if not lacks:
        del form.fields["without"]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        wanted = closing.Closing(fund.code, year, told["on"], told["evidence"], told["key"], told.get("without", False))
        try:
            closing.close(by=request.user.pk, closing=wanted)
        except Refused as refused:
            form.refuse(placed(refused, form))
        else:
            messages.success(request, said("The year is closed. It is public with the next edition."))
            return redirect("year", year)
    told = {"form": form, "fund": fund, "year": year, "lacks": lacks, "names": _names(lacks), "words_": words}
    told["is_early"] = date(year, 12, 31) >= office.today()
    return render(request, "years/close.html", told, status=422 if form.errors else 200)


def _names(lacks: Iterable[Owed]) -> dict[str, str]:
    codes = {one.organization for one in lacks}
    return {one.code: one.title or one.code for one in models.Organization.objects.filter(code__in=codes)}
