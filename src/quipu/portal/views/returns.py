"""What an organization reports of a fund and a year: its versions side by side, their days, what was granted and waived."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition import ask as asker
from quipu.edition import calendar, reporting
from quipu.edition import returns as told
from quipu.edition.open import Edition
from quipu.edition.pages import Record
from quipu.portal import addresses
from quipu.portal.render import FILES, respond
from quipu.portal.views.over_the_years import without
from quipu.rules.asking import question
from quipu.rules.calendar import DUTIES, Obligation, days_late
from quipu.rules.dates import EARLIEST, LATEST
from quipu.rules.entries import MOST
from quipu.rules.kinds import CATEGORIES
from quipu.rules.reporting import MISSING, NOT_REPORTED, Unit, standing
from quipu.rules.returns.registry import CHECKS
from quipu.rules.table import Cell, Column, Table

KINDS = {"interim": "Interim figures", "annual": "Annual return", "final": "Final statement"}
SHOWN = 12  # returns of a factsheet's table; its files hold all of them
NAMED = 8  # of what is missing, one by one
_LINES = f"""
SELECT f.entry // {MOST} AS position, f.reference, min(f.entry) AS entry, f.project, f.category, m.adjusts,
       any_value(f.currency) AS currency, sum(f.value) AS amount
FROM all_facts f JOIN activities a ON a.key = f.key JOIN accounts p ON p.key = f.key
LEFT JOIN remarks m ON m.position = f.entry // {MOST} AND m.ordinal = f.entry % {MOST}
WHERE f.fund = ? AND f.participating_organization = ? AND f.year = ? AND f.family = 'pooled' AND f.movement = 'expenditure'
  AND f.reverses IS NULL GROUP BY ALL ORDER BY position"""


def show(request: HttpRequest, fund: str, body: str, year: str) -> HttpResponse:
    """/return/<fund>/<organization>/<year>; codes of the books are understood."""
    year, _, suffix = year.partition(".")
    if suffix:
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    is_year = year.isascii() and year.isdecimal() and EARLIEST.year <= int(year) <= LATEST.year
    if not is_year or suffix not in ("", *FILES):
        raise Http404(request.path)
    typed = [f"fund={addresses.identifier(fund)}", f"provider={addresses.identifier(body)}"]
    (fund,), (body,) = (each.values for each in asker.in_identities(request.edition, question((), (), typed)).where)
    if not fund or not body:  # words that mean "not stated"
        raise Http404(request.path)
    return _drawn(request, fund, body, int(year))


def _drawn(request: HttpRequest, fund: str, body: str, year: int) -> HttpResponse:
    edition, gettext = request.edition, request.words.gettext
    versions = told.versions(edition, fund, body, year)
    units = reporting.of_place(edition, fund, body, year)
    if not versions and not units:
        raise Http404(request.path)
    lines = edition.dicts(_LINES, [fund, body, year])
    vouchers = {line["position"]: f"{request.prefix}/voucher/{line['entry']:x}" for line in reversed(lines)}
    waived, granted = (each(edition, fund, body, year) for each in (told.waived, told.granted))
    granted = [one for one in granted if one["duty"] in DUTIES]
    tables = {
        "figures": _figures(lines, versions, gettext),
        "versions": _versions(versions, vouchers, gettext),
        "projects": _projects(request, units),
        "waived": _waived(waived, gettext),
        "granted": _granted(granted, gettext),
    }
    due = next((one for one in calendar.returns(edition, fund, body) if one.year == year), None)
    rules = [{**one, "sentence": CHECKS[one["rule"]].sentence if one["rule"] in CHECKS else ""} for one in waived]
    return respond(
        request,
        "return.html",
        tables=tables,
        record={
            **{"fund": fund, "organization": body, "year": year, "versions": versions, "lines": lines},
            **{"waived_rules": rules, "dispensations": granted},
        },
        fund=fund,
        subject=fund,
        body=body,
        year=year,
        versions=[
            {**one, "address": vouchers.get(one["position"], ""), "kind": KINDS[one["kind"]]} for one in versions
        ],
        papers=_papers(edition, versions),
        stands=standing(units),
        due=due,
        took=_took(due, versions),
        duties=DUTIES,
        currency=lines[0]["currency"] if lines else "",
        posted=bool(lines),
    )


def _took(due: Obligation | None, versions: list[dict[str, Any]]) -> int | None:
    """The agent's own days, from the signature of the first version that was accepted to its acceptance."""
    first = next((one for one in versions if one["kind"] == told.ANNUAL and one["accepted"]), None)
    return days_late(first["certified"], first["accepted"]) if first and first["certified"] else None


def _papers(edition: Edition, versions: list[dict[str, Any]]) -> dict[str, str]:
    """Which frozen workbooks are public here, by hash: their address."""
    hashes = sorted({one["workbook"] for one in versions if one["workbook"]})
    slots = ", ".join("?" * len(hashes)) or "NULL"
    known = edition.rows(f"SELECT sha256 FROM filed WHERE sha256 IN ({slots})", hashes)
    return {sha256: addresses.document(sha256) for (sha256,) in known}


def _named(one: dict[str, Any], gettext: Callable[[str], str]) -> str:
    """What a version is called."""
    return gettext("%(kind)s, version %(version)s") % {"kind": gettext(KINDS[one["kind"]]), "version": one["version"]}


def _figures(lines: list[dict[str, Any]], versions: list[dict[str, Any]], gettext: Callable[[str], str]) -> Table:
    """Projects by category, the versions side by side as they were posted, and what the last one changed."""
    names = {one["position"]: _named(one, gettext) for one in versions if one["position"] is not None}
    positions = sorted({line["position"] for line in lines})
    columns = [Column("project", "Project"), Column("category", "Category"), Column("adjusts", "Corrects the year")]
    columns += [
        Column(f"posted_{position}", names.get(position) or _reference(lines, position), "money")
        for position in positions
    ]
    if len(positions) > 1:
        columns.append(Column("difference", "What the last one changed", "money"))
    sums: dict[tuple[Any, ...], dict[int, Decimal]] = defaultdict(dict)
    for line in lines:
        if line["amount"] is not None:
            sums[line["project"], line["category"], line["adjusts"]][line["position"]] = line["amount"]
    order = {name: n for n, name in enumerate(CATEGORIES)}
    cuts = sorted(sums, key=lambda cut: (cut[0], cut[2] or 0, order.get(cut[1], len(order))))
    rows = []
    for project, category, adjusts in cuts:
        amounts = sums[project, category, adjusts]
        row = [
            Cell(project or None, why="the fund itself"),
            Cell(category or None),
            Cell(str(adjusts) if adjusts else None, why="none"),
        ]
        rows.append(row + _side_by_side([amounts.get(position) for position in positions]))
    whole: list[Decimal | None] = [
        sum((sums[cut].get(position, Decimal(0)) for cut in cuts), Decimal(0)) for position in positions
    ]
    total = [Cell("", label="Total"), Cell(""), Cell(""), *_side_by_side(whole)]
    found = Table(columns, rows, total, unit=lines[0]["currency"] if lines else "")
    if not any(cut[2] for cut in cuts):
        for each in (found.columns, found.total, *found.rows):
            del each[2]  # type: ignore[union-attr]
    return found


def _side_by_side(amounts: list[Decimal | None]) -> list[Cell]:
    cells = [Cell(amount, why="not in this version") for amount in amounts]
    if len(amounts) > 1:
        before, last = (amount or Decimal(0) for amount in amounts[-2:])
        cells.append(Cell(last - before))
    return cells


def _reference(lines: list[dict[str, Any]], position: int) -> str:
    return str(next(line["reference"] for line in lines if line["position"] == position))


def _versions(versions: list[dict[str, Any]], vouchers: dict[int, str], gettext: Callable[[str], str]) -> Table:
    columns = [Column("version", "Version"), Column("state", "State"), Column("certified", "Certified", "date")]
    columns += [
        Column("submitted", "Submitted", "date"),
        Column("due", "Due", "date"),
        Column("late", "Days late", "count"),
    ]
    columns += [Column("reviewed", "Review began", "date"), Column("accepted", "Accepted", "date")]
    columns += [Column("voucher", "Voucher"), Column("nothing", "Nothing spent"), Column("until", "Up to", "date")]
    columns += [Column("reason", "Reason of the restatement"), Column("restates", "Takes the place of")]
    columns += [Column("remark", "Remark by the organization"), Column("workbook", "SHA-256 of the workbook")]
    rows = []
    for one in versions:
        late = (
            days_late(one["due"], one["certified"]) if one["due"] and one["certified"] and one["version"] == 1 else None
        )
        days = {name: one[name].isoformat() if one[name] else None for name in ("certified", "submitted", "due")}
        days |= {name: one[name].isoformat() if one[name] else None for name in ("reviewed", "accepted", "until")}
        link = vouchers.get(one["position"], "")
        rows.append(
            [
                Cell(f"{one['kind']} {one['version']}", label=_named(one, gettext)),
                Cell(one["state"], label=gettext(one["state"])),
                Cell(days["certified"], why="needs no certifier" if one["kind"] == "interim" else "not yet"),
                Cell(days["submitted"], why="not yet"),
                Cell(days["due"], why="waived"),
                Cell(late, why="none"),
                Cell(days["reviewed"], why="not yet"),
                Cell(days["accepted"], why="not yet"),
                Cell(one["reference"] if link else None, label=one["reference"], link=link, why="none"),
                Cell("yes" if one["nil"] else None, label=gettext("yes"), why="none"),
                Cell(days["until"], why="none"),
                *(Cell(one[name] or None, why="none") for name in ("reason", "restates", "remark", "workbook")),
            ]
        )
    return Table(columns, rows)


def _projects(request: HttpRequest, units: list[Unit]) -> Table:
    """How the year of each project stands."""
    return _listed(
        request, units, [Column("project", "Project")], lambda one: [Cell(one.project or None, why="the fund itself")]
    )


def _listed(
    request: HttpRequest, units: list[Unit], columns: list[Column], first: Callable[[Unit], list[Cell]]
) -> Table:
    """Returns as rows: how each stands, since when, and the deadline in force."""
    more = [
        Column("stands", "How it stands"),
        Column("on", "Since or due", "date"),
        Column("due", "Deadline in force", "date"),
    ]
    rows = []
    for one in units:
        said = standing([one])
        assert said is not None
        text = said.said(request.words.gettext, request.words.day)
        due = one.due.isoformat() if one.due else None
        link = request.prefix + addresses.of_return(one.fund, one.organization, one.year)
        is_here = request.path_info.startswith("/return/")
        rows.append(
            [
                *first(one),
                Cell(said.plain, label=text, link="" if is_here else link),
                Cell(one.on.isoformat() if one.on else None, why="not stated"),
                Cell(due, why="waived"),
            ]
        )
    return Table([*columns, *more], rows)


def _waived(found: list[dict[str, Any]], gettext: Callable[[str], str]) -> Table:
    columns = [Column("rule", "Rule"), Column("row", "Row"), Column("reason", "Reason"), Column("on", "On", "date")]
    rows = []
    for one in found:
        sentence = CHECKS[one["rule"]].sentence if one["rule"] in CHECKS else one["rule"]
        rows.append(
            [
                Cell(one["rule"], label=gettext(sentence)),
                Cell(one["row"] or None, why="all"),
                Cell(one["reason"] or None),
                Cell(one["on"].isoformat()),
            ]
        )
    return Table(columns, rows)


def _granted(found: list[dict[str, Any]], gettext: Callable[[str], str]) -> Table:
    columns = [Column("duty", "What"), Column("project", "Project"), Column("until", "Until", "date")]
    columns += [Column("reason", "Reason"), Column("decision", "Decision"), Column("on", "On", "date")]
    rows = [
        [
            Cell(one["duty"], label=gettext(DUTIES[one["duty"]].label)),
            Cell(one["project"] or None, why="all"),
            Cell(one["until"].isoformat() if one["until"] else None, why="waived"),
            Cell(one["reason"] or None),
            Cell(one["decision"] or None, why="none"),
            Cell(one["on"].isoformat()),
        ]
        for one in found
    ]
    return Table(columns, rows)


# On a factsheet


def of_record(request: HttpRequest, record: Record) -> tuple[Table, list[Unit], int] | None:
    """The returns behind a fund or a project of the books, newest first; what is missing of them, and how much more is.

    None for everything else.
    """
    if not record["books"] or record["place"] not in ("fund", "child"):
        return None
    is_fund = record["place"] == "fund"
    units = list(reporting.units(request.edition, record["fund"], "" if is_fund else record["identifier"]))
    units = _together(units) if is_fund else units
    units.sort(key=lambda one: (-one.year, one.organization))
    columns = [Column("year", "Year"), Column("organization", "Organization")]
    table = _listed(request, units, columns, lambda one: [Cell(str(one.year)), Cell(one.organization)])
    if request.GET.get("format") not in FILES:
        table = without(table, {"on"})  # the sentence says it
    now = calendar.moment(request.edition).year
    missing = [one for one in units if one.key in MISSING and (one.year >= now - 1 or one.key == NOT_REPORTED)]
    return table, missing[:NAMED], max(0, len(missing) - NAMED)


def _together(units: list[Unit]) -> list[Unit]:
    """One of each organization and year: the project of it that is furthest from certified says how all of it stands."""
    order = [
        *MISSING[1:2],
        "interim",
        *MISSING[:1],
        "submitted",
        "reported",
        "certified",
        "nothing_spent",
        "waived",
        "no_figures",
    ]
    found: dict[tuple[str, int], Unit] = {}
    for one in units:
        place = (one.organization, one.year)
        if place not in found or order.index(one.key) < order.index(found[place].key):
            found[place] = one
    return list(found.values())
