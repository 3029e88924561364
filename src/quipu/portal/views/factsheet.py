"""The factsheet of a project, a programme or a fund: one record, the same furniture."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from quipu.edition import filed, pages, reporting
from quipu.edition.pages import Record
from quipu.letters import contacts as contact_file
from quipu.portal import addresses, paper
from quipu.portal import results as told
from quipu.portal.render import SUFFIXES, respond
from quipu.portal.sheet import Sheet, titles
from quipu.portal.views import drawn, feed, lessons, money, outputs, quoted, registers, results, returns, revolving
from quipu.rules.asking import ORIGINAL, USD
from quipu.rules.figures import FIGURES
from quipu.rules.revolving import SENTENCES
from quipu.rules.table import Cell, Column, Table

SHOWN_PARTS = 50
ATOM = "atom"


def show(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """/project/<id>, /programme/<id> and /fund/<id>; an identifier of another kind leads there."""
    found, wanted = of_address(request, name)
    if found is None:
        if kind == "fund":
            return _listed_fund(request, addresses.identifier(name))
        raise Http404(name)
    if isinstance(found, list):
        return _choose(request, found)
    if found["kind"] != kind or found["identifier"] != wanted:
        target = f"{request.prefix}/{found['kind']}/{addresses.segment(found['identifier'])}"
        query = request.GET.urlencode()  # with the format, where the address ended in it
        return HttpResponsePermanentRedirect(target + (f"?{query}" if query else ""))
    return _sheet(request, found)


def of_address(request: HttpRequest, name: str) -> tuple[Record | list[Record] | None, str]:
    """The record an address leads to: whole first, then without a file suffix; a list where several publishers share it."""
    wanted = addresses.identifier(name)
    found = pages.find(request.edition, wanted)
    if not found:
        stem, _, suffix = wanted.rpartition(".")
        if stem and f".{suffix}" in (*SUFFIXES, f".{ATOM}"):
            wanted, found = stem, pages.find(request.edition, stem)
            request.GET = request.GET.copy()
            request.GET["format"] = suffix
    records = [record for key, _ in found if (record := pages.page(request.edition, key))]
    publisher = request.GET.get("publisher")
    if publisher:
        records = [record for record in records if record["publisher"] == publisher]
    if len(records) > 1:
        return records, wanted
    return (records[0] if records else None), wanted


def _choose(request: HttpRequest, records: list[Record]) -> HttpResponse:
    return respond(request, "choose.html", records=records)


def _sheet(request: HttpRequest, record: Record) -> HttpResponse:
    if request.GET.get("format") == "xml":
        found = pages.xml(request.edition, record["key"])
        if found is None:
            raise Http404(record["identifier"])
        return HttpResponse(found[0], content_type="application/xml; charset=utf-8")
    if request.GET.get("format") == ATOM:
        return feed.of_record(request, record)
    return drawn_of(request, record)


def drawn_of(request: HttpRequest, record: Record) -> HttpResponse:
    """The page of a record, as a file where one is asked for."""
    sheet = Sheet(record, request.words.language)
    is_fund = record["place"] == "fund"
    unit = ORIGINAL if request.GET.get("unit") == ORIGINAL else USD
    tables = money.tables(record, unit)
    if record["books"] and is_fund:
        tables |= money.of_books(request, record)
    context: dict[str, Any] = {}
    if is_fund or record["kind"] == "programme":
        tables["parts"] = parts(request, record)
    tables["vouchers"] = _vouchers(record, request.prefix, request.words.gettext)
    tables["documents"] = _documents(record, request.prefix)
    reported = returns.of_record(request, record)
    context["missing"], context["more_missing"] = reported[1:] if reported else ([], 0)
    if reported:
        tables["returns"] = reported[0]
    context["results"] = shown = told.of(record, request.words)
    tables |= results.tables(shown, record, request)
    behind = context["behind"] = registers.of_record(request, record)
    lists = {key: title for _, key, title, _ in behind.blocks} if behind else {}
    tables |= behind.tables if behind else {}
    context["monitored"] = lessons.of_record(request, record)
    context["is_told_elsewhere"] = lessons.is_told_elsewhere
    if is_fund and (rolled := results.rolled_up(request, ("fund", record["fund"]))) is not None:
        tables["rolled"] = rolled
    spending = outputs.of_record(request, record)
    tables |= spending[0] if spending else {}
    context["spending"] = spending[1] if spending else None
    context["meant"] = [(label, SENTENCES[name]) for label, name in revolving.NAMED]
    if boxes := revolving.of_record(request, record):
        tables["revolving"] = boxes
    context["layout"], context["layouts"] = money.layout(request), money.CHOICES
    context["until"] = request.GET.get("until", "")
    context["since"] = settings.VOUCHERS_SINCE
    headline = tables.pop("headline")
    reporting.mark(request.edition, [headline])
    context["headline"] = headline
    context["final"] = money.final(record, context["headline"])
    context["drawn"] = (drawn.of_fund if is_fund else drawn.of_project)(request, record, tables)
    context["figure"], context["picture"], context["quote"] = quoted.headline(request, record, context["headline"])
    named = contact_file.read(Path(settings.HOME))
    names = (record["identifier"], *(one["value"] for one in record["identifiers"]))
    context["asked"] = next((found for name in names if (found := named.of(name))), [])
    # whoever keeps documents of a whole fund keeps those of its projects
    context["maintainers"] = named.maintaining(*names, *filter(None, (record["fund"],)))
    return respond(
        request,
        "factsheet.html",
        tables=tables,
        record={**record, **behind.record} if behind else record,
        fund=record["fund"],
        sheet=sheet,
        subject=record,
        unit=unit,
        as_paper=lambda here: paper.of_activity(here, record, sheet, shown, headline, tables, lists, unit),
        **context,
    )


def parts(request: HttpRequest, record: Record, *, most: int = SHOWN_PARTS) -> Table:
    """The projects of a fund, or the parts of a programme, largest first."""
    if record["place"] == "fund":
        condition, values = (
            "a.fund = ? AND a.publisher = ? AND a.place = 'child'",
            [record["fund"], record["publisher"]],
        )
    else:
        condition, values = "a.key IN (SELECT child FROM parents WHERE parent = ?)", [record["key"]]
    figures = ("budget", "net_funded", "expenditure") if record["place"] == "fund" else ("budget", "spend")
    sums = ", ".join(f"s.{name}" for name in figures)
    rows = request.edition.rows(
        f"SELECT a.identifier, a.title, a.status, {sums} FROM activities a LEFT JOIN sizes s USING (key) WHERE {condition}"
        f" ORDER BY s.{figures[-1]} DESC NULLS LAST, a.title LIMIT {most + 1}",
        values,
    )
    columns = [Column("project", "Project"), Column("status", "Status")]
    columns += [Column(name, FIGURES[name].label, "money", name) for name in figures]
    table = Table(
        columns,
        [
            [
                Cell(identifier, label=title or identifier),
                Cell(status, label=""),
                *(Cell(v, (("project", identifier),) if v is not None else None) for v in amounts),
            ]
            for identifier, title, status, *amounts in rows[:most]
        ],
        unit=USD,
    )
    if len(rows) > most:
        table.notes.append("The largest are shown; the list holds all of them.")
    return table


def _vouchers(record: Record, prefix: str, gettext: Callable[[str], str]) -> Table:
    columns = [
        Column("on", "Date", "date"),
        Column("reference", "Voucher"),
        Column("movement", "Movement"),
        Column("from", "From"),
        Column("to", "To"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "money"),
    ]
    rows = []
    for item in (one for one in record["latest"] if one["on"] >= settings.VOUCHERS_SINCE):
        link = f"{prefix}/voucher/{item['entry']:x}"
        value = Decimal(item["value"]) if item["value"] is not None else None
        rows.append(
            [
                Cell(item["on"]),
                Cell(item["reference"] or None, label=item["reference"] or gettext("entry"), link=link),
                Cell(item["movement"]),
                Cell(item["provider_name"] or None, link=_org(prefix, item["provider"])),
                Cell(item["receiver_name"] or None, link=_org(prefix, item["receiver"])),
                Cell(item["currency"] or None),
                Cell(value, link=link),
            ]
        )
    return Table(columns, rows, unit=ORIGINAL)


def _org(prefix: str, identity: str) -> str:
    return prefix + addresses.organization(identity) if identity else ""


def _documents(record: Record, prefix: str) -> Table:
    columns = [Column(k, k.capitalize()) for k in ("title", "date", "category", "language", "format", "url")]
    rows = [
        [
            Cell(
                d["title"] or d["url"],
                link=prefix + addresses.document(d["sha256"]) if d["sha256"] else addresses.outside(d["url"]),
            ),
            Cell(d["on"]),
            Cell(d["categories"]),
            Cell(d["languages"]),
            Cell(d["format"]),
            Cell(d["url"]),
        ]
        for d in record["documents"]
    ]
    return Table(columns, rows)


def _listed_fund(request: HttpRequest, identifier: str) -> HttpResponse:
    """A fund the operator lists that publishes no activity of its own: it lives in its projects."""
    rows = request.edition.rows("SELECT publisher FROM funds WHERE identifier = ? AND key IS NULL", [identifier])
    if not rows:
        raise Http404(identifier)
    publisher = rows[0][0]
    record: Record = {
        "fund": identifier,
        "identifier": identifier,
        "publisher": publisher,
        "place": "fund",
        "kind": "fund",
    }
    tables = money.of_fund(request.edition, record, USD)
    headline = tables.pop("headline")
    tables["parts"] = parts(request, record)
    papers = filed.of_fund(request.edition, identifier)
    return respond(
        request,
        "listed_fund.html",
        papers=papers,
        titles=titles(request.edition, (paper["sha256"] for paper in papers), request.words.language),
        tables=tables,
        fund=identifier,
        subject=record,
        headline=headline,
        publisher=request.edition.name(publisher),
    )
