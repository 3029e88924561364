"""The first page: what this is, search, the portfolio in a few numbers, money over the years, what is new."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from quipu.edition import filed
from quipu.edition.ask import ask
from quipu.edition.open import Edition
from quipu.portal.render import respond
from quipu.portal.sheet import titled
from quipu.portal.views import drawn, lists
from quipu.rules.asking import question
from quipu.rules.table import Cell, Column, Table

LATEST = 8
WORTH_A_PICTURE = 2  # years; fewer are told better by their table


def show(request: HttpRequest) -> HttpResponse:
    """/"""
    edition = request.edition
    ((activities, funds, publishers, countries),) = edition.rows(
        "SELECT (SELECT count(*) FROM activities), (SELECT count(*) FROM funds),"
        " (SELECT count(DISTINCT publisher) FROM activities),"
        " (SELECT count(DISTINCT code) FROM memberships WHERE dimension = 'country')"
    )
    pooled = (
        ask(edition, question(["deposits", "net_funded", "expenditure"], ["year"], ["family=pooled"]))
        if funds
        else None
    )
    reported = ask(edition, question(["spend"], ["year"]))
    tables = {}
    if pooled and pooled.rows:
        tables["funds_by_year"] = pooled
    if reported.rows:
        tables["spend_by_year"] = reported
    tables["latest"] = _latest(request)
    main = pooled if pooled and len(pooled.rows) > WORTH_A_PICTURE else reported
    key = "funds_by_year" if main is pooled else "spend_by_year"
    tables["countries"] = lists.by_country(request)
    return respond(
        request,
        "home.html",
        tables=tables,
        counts={
            "funds": funds,
            "activities": activities,
            "publishers": publishers,
            "countries": countries,
            "entries": edition.manifest.totals["transactions"],
        },
        pooled=pooled,
        drawn=drawn.of_home(request, main if main.rows else None, key, tables["countries"]),
        documents=titled(edition, _documents(edition), request.words.language),
    )


def _documents(edition: Edition) -> list[dict[str, Any]]:
    return edition.dicts(
        'SELECT d.title, d.title_language, d.url, d.sha256, d."on", d.languages, d.categories, a.title AS activity,'
        " a.identifier, a.kind FROM documents d"
        ' JOIN activities a USING (key) WHERE length(d."on") >= 10 AND d."on" <= ? AND length(d.title) > 0'
        f" {filed.ONCE}"
        ' ORDER BY d."on" DESC, d.url, d.sha256 LIMIT 5',
        [edition.manifest.made_at[:10]],
    )


def _latest(request: HttpRequest) -> Table:
    rows = request.edition.rows(
        'SELECT f."on", f.movement, f.project, f.fund, f.value, f.currency, f.entry FROM facts f WHERE f.ordinal > 0'
        # the fund's own entry stands beside one seen from below; a budget pays nothing
        " AND NOT ends_with(f.movement, '_seen_from_below') AND f.movement <> 'budget'"
        ' AND f."on" <= ? ORDER BY f."on" DESC, f.entry DESC LIMIT ?',
        [request.edition.manifest.made_at[:10], LATEST],
    )
    columns = [
        Column("on", "Date", "date"),
        Column("movement", "Movement"),
        Column("project", "Project"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "money"),
    ]
    table = Table(columns, [])
    for on, movement, project, fund, value, currency, entry in rows:
        link = f"{request.prefix}/voucher/{entry:x}"
        subject = Cell(project) if project else Cell(fund or None)
        table.rows.append(
            [Cell(on.isoformat()), Cell(movement), subject, Cell(currency or None), Cell(value, link=link)]
        )
    return table
