"""The factsheet of a project, a programme or a fund: one record, the same furniture."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from quipu.edition import pages
from quipu.edition.ask import ask
from quipu.edition.pages import Record
from quipu.portal import addresses, pictures
from quipu.portal.labels import Labels
from quipu.portal.render import FILES, respond
from quipu.portal.sheet import Sheet
from quipu.rules.asking import ORIGINAL, USD, question
from quipu.rules.figures import FIGURES, AnyFigure, Rate
from quipu.rules.movements import POOLED
from quipu.rules.table import Cell, Column, Table

POOLED_FIGURES = ("budget", "allocations", "transfers", "refunds", "net_funded", "expenditure", "delivery_rate")
FUND_FIGURES = ("commitments", "deposits", *POOLED_FIGURES, "fund_costs")
REPORTED_FIGURES = (
    *("budget", "incoming_commitment", "incoming_funds", "outgoing_commitment", "disbursement", "expenditure", "spend"),
    *("reimbursement", "interest_payment", "loan_repayment", "guarantee", "equity_purchase", "equity_sale", "unknown"),
)
KEY_POOLED = ("budget", "net_funded", "expenditure", "delivery_rate")
KEY_FUND = ("deposits", "net_funded", "expenditure", "balance_agent")
KEY_REPORTED = ("budget", "incoming_funds", "outgoing_commitment", "spend")
SHOWN_PARTS = 50


def show(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """/project/<id>, /programme/<id> and /fund/<id>; an identifier of another kind leads there."""
    record, wanted = _record(request, name)
    if record is None:
        if kind == "fund":
            return _listed_fund(request, addresses.identifier(name))
        raise Http404(name)
    if isinstance(record, list):
        return _choose(request, record)
    if record["kind"] != kind or record["identifier"] != wanted:
        target = f"{request.prefix}/{record['kind']}/{addresses.segment(record['identifier'])}"
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(target + (f"?{query}" if query else ""))
    return _sheet(request, record)


def _record(request: HttpRequest, name: str) -> tuple[Record | list[Record] | None, str]:
    """The record an address leads to: whole first, then without a file suffix; a list where several publishers share it."""
    wanted = addresses.identifier(name)
    found = pages.find(request.edition, wanted)
    if not found:
        stem, _, suffix = wanted.rpartition(".")
        if stem and suffix in FILES:
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
    sheet = Sheet(record, request.words.language)
    is_fund = record["place"] == "fund"
    unit = ORIGINAL if request.GET.get("unit") == ORIGINAL else USD
    tables = _fund_money(request, record, unit) if is_fund else _money(record, unit)
    context: dict[str, Any] = {}
    if is_fund or record["kind"] == "programme":
        tables["parts"] = parts(request, record)
    tables["vouchers"] = _vouchers(record, request.prefix, request.words.gettext)
    tables["documents"] = _documents(record)
    context["cord"] = _cord(request, record) if record["place"] != "elsewhere" else None
    context["bars"] = _bars(tables.get("years"))
    context["headline"] = tables.pop("headline")
    return respond(
        request,
        "factsheet.html",
        tables=tables,
        record=record,
        sheet=sheet,
        subject=record,
        unit=unit,
        **context,
    )


def _where(record: Record) -> list[str]:
    """What narrows a question down to this page."""
    if record["place"] == "fund":
        return [f"fund={record['fund']}", f"publisher={record['publisher']}"]
    return [f"project={record['identifier']}", f"publisher={record['publisher']}"]


def _occurring(names: Iterable[str], present: set[str]) -> list[str]:
    """The figures of which something occurs; a rate only where both of its parts do."""

    def occurs(figure: AnyFigure) -> bool:
        if isinstance(figure, Rate):
            return occurs(figure.top) and occurs(figure.base)
        return not present.isdisjoint(figure.movements)

    return [name for name in names if occurs(FIGURES[name])]


def _money(record: Record, unit: str) -> dict[str, Table]:
    """Key figures and financials by organization and year, out of the record's cube."""
    movements = pages.movements(record)
    pooled = record["place"] != "elsewhere"
    names = _occurring(POOLED_FIGURES if pooled else REPORTED_FIGURES, {name for _, name in movements})
    if pooled:
        others = _occurring(REPORTED_FIGURES, {name for family, name in movements if family != POOLED})
        names += [name for name in others if name not in names]
    if not pooled and "spend" in names and not {"disbursement", "expenditure"} <= set(names):
        names.remove("spend")  # it would repeat its one part
    keys = KEY_POOLED if pooled else KEY_REPORTED
    where = _where(record)
    tables = {"headline": pages.money(record, question(keys, [], where, unit=unit))}
    if names:
        tables["organizations"] = pages.money(record, question(names, ["participating_organization"], where, unit=unit))
        tables["years"] = pages.money(record, question(names, ["year"], where, unit=unit))
    return tables


def _fund_money(request: HttpRequest, record: Record, unit: str) -> dict[str, Table]:
    """A fund's money stands in its projects too, so the edition is asked."""
    where = _where(record)

    def asked(names: tuple[str, ...] | list[str], *by: str) -> Table:
        return ask(request.edition, question(names, by, where, unit=unit))

    present = {
        row[0]
        for row in request.edition.rows(
            "SELECT DISTINCT movement FROM facts WHERE fund = ? AND publisher = ?",
            [record["fund"], record["publisher"]],
        )
    }
    names = _occurring(FUND_FIGURES, present)
    flows = [n for n in names if n not in ("commitments", "deposits", "fund_costs")]
    tables = {"headline": asked(KEY_FUND)}
    if names:
        tables["years"] = asked(names, "year")
    if flows:
        tables["organizations"] = asked(flows, "participating_organization")
    if {"deposit", "commitment", "pledge"} & present:
        tables["contributors"] = asked(("pledges", "commitments", "deposits"), "provider")
    return tables


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
    for item in record["latest"]:
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


def _documents(record: Record) -> Table:
    columns = [Column(k, k.capitalize()) for k in ("title", "date", "category", "language", "format", "url")]
    rows = [
        [
            Cell(d["title"] or d["url"], link=addresses.outside(d["url"])),
            Cell(d["on"]),
            Cell(d["categories"]),
            Cell(d["languages"]),
            Cell(d["format"]),
            Cell(d["url"]),
        ]
        for d in record["documents"]
    ]
    return Table(columns, rows)


def _cord(request: HttpRequest, record: Record) -> dict[str, Any] | None:
    asked = question(["transfers"], ["participating_organization", "year"], _where(record))
    table = ask(request.edition, asked)
    Labels(request.edition, request.words, request.prefix).fill(table)
    drawn = pictures.cord(table, 0, 1, 2)
    return {"picture": drawn, "table": table, "column": table.columns[2]} if drawn else None


def _bars(years: Table | None) -> dict[str, Any] | None:
    """Money over the years: the figure that says most of what the page has."""
    if years is None:
        return None
    for name in (
        "net_funded",
        "spend",
        "disbursement",
        "expenditure",
        "outgoing_commitment",
        "incoming_funds",
        "budget",
    ):
        at = next((n for n, column in enumerate(years.columns) if column.key == name), None)
        if at is not None and "family" not in [c.key for c in years.columns] and years.columns[1].figure:
            drawn = pictures.bars(years, 0, at)
            if len(drawn) > 1:
                return {"bars": drawn, "column": years.columns[at]}
    return None


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
    tables = _fund_money(request, record, USD)
    headline = tables.pop("headline")
    tables["parts"] = parts(request, record)
    return respond(
        request,
        "listed_fund.html",
        tables=tables,
        subject=record,
        headline=headline,
        publisher=request.edition.name(publisher),
    )
