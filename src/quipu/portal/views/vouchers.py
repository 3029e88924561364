"""Vouchers: every entry as a list, and one entry with the lines of the file it was read from."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition import ask as asker
from quipu.edition import filed, pages, returns
from quipu.portal import addresses
from quipu.portal.languages import Words
from quipu.portal.render import FILES, respond
from quipu.portal.views.report import asked
from quipu.rules.asking import DIMENSIONS, ORIGINAL, BadQuestion, Question, question
from quipu.rules.entries import MOST as ENTRIES
from quipu.rules.figures import FIGURES
from quipu.rules.money import exponent
from quipu.rules.table import Cell, Column, Table

A_PAGE = 100
EVERYTHING = 1 << 40
MOST_EXPORTED = {"xlsx": 50_000}  # a workbook of more takes minutes; CSV and the bulk files hold everything
MOVEMENTS = sorted({m for f in FIGURES.values() for m in f.movements})
LIST = (
    Column("on", "Date", "date"),
    Column("voucher", "Voucher"),
    Column("movement", "Movement"),
    Column("provider", "From"),
    Column("receiver", "To"),
    Column("project", "Project"),
    Column("currency", "Currency"),
    Column("amount", "Amount", "money"),
    Column("usd", "In US$", "money"),
)


def listed(request: HttpRequest) -> HttpResponse:
    """/vouchers: newest first, from the configured day on unless the address says otherwise."""
    try:
        wanted = asked(request, [])
    except BadQuestion as error:
        return respond(request, "trouble.html", status=422, trouble=str(error), names=[])
    since = wanted.since or (None if "since" in request.GET else date.fromisoformat(settings.VOUCHERS_SINCE))
    wanted = Question((), (), wanted.where, since, wanted.until, ORIGINAL)
    exported = request.GET.get("format") in FILES
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdecimal() else 1
    count = asker.count(request.edition, wanted)
    steps = asker.trail(
        request.edition,
        wanted,
        limit=MOST_EXPORTED.get(request.GET["format"], EVERYTHING) if exported else A_PAGE,
        offset=0 if exported else (page - 1) * A_PAGE,
        newest=True,
    )
    table = _table(request, steps)
    if request.GET.get("format") == "xlsx" and count > MOST_EXPORTED["xlsx"]:
        table.notes.append("A workbook holds the newest 50,000 entries; CSV holds all of them.")
    return respond(
        request,
        "vouchers.html",
        tables={"vouchers": table},
        wanted=wanted,
        since=since,
        count=count,
        page=page,
        pages=-(-count // A_PAGE),
        movements=MOVEMENTS,
        dimensions=DIMENSIONS,
    )


def latest(request: HttpRequest, conditions: list[str], most: int) -> Table:
    """The newest entries under conditions, since the configured day."""
    wanted = question((), (), conditions, since=date.fromisoformat(settings.VOUCHERS_SINCE), unit=ORIGINAL)
    wanted = replace(wanted, by=())
    return _table(request, asker.trail(request.edition, wanted, limit=most, newest=True))


def _table(request: HttpRequest, steps: Iterable[asker.Step]) -> Table:
    table = Table(list(LIST), [], unit=ORIGINAL)
    for step in steps:
        link = f"{request.prefix}/voucher/{step.entry:x}"
        table.rows.append(
            [
                Cell(step.on.isoformat()),
                Cell(f"{step.entry:x}", label=step.reference or request.words.gettext("entry"), link=link),
                Cell(step.movement),
                Cell(step.provider or None, why="not stated"),
                Cell(step.receiver or None, why="not stated"),
                Cell(step.project or None, why="the fund itself"),
                Cell(step.currency or None, why="unknown"),
                Cell(step.value, link=link),
                Cell(step.usd, why="not converted"),
            ]
        )
    return table


def show(request: HttpRequest, name: str) -> HttpResponse:
    """/voucher/<entry>: one entry, its file and line, and the lines themselves; or its voucher in the books."""
    stem, _, suffix = name.partition(".")
    if suffix in FILES:
        name = stem
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    try:
        entry = int(name, 16)
    except ValueError:
        raise Http404(name) from None
    rows = request.edition.dicts(
        "SELECT f.*, e.text, e.literal, e.literal_type, e.type, e.value_date, e.provider_name, e.receiver_name,"
        " e.provider_activity, e.receiver_activity, a.title, a.identifier, a.kind, s.name AS file, s.sha256, s.books,"
        " r.rate, r.published, r.origin FROM all_facts f"
        " LEFT JOIN entries e ON e.key = f.key AND e.ordinal = f.ordinal JOIN activities a ON a.key = f.key"
        " JOIN sources s ON s.source = f.source"
        ' LEFT JOIN rates r ON r.currency = f.currency AND r.day = coalesce(e.value_date, f."on") WHERE f.entry = ?',
        [entry],
    )
    if not rows:
        raise Http404(name)
    found = rows[0]
    if found["books"]:
        return _posted(request, found)
    return respond(request, "voucher.html", record=_plain(found), found=found, lines=_lines(request, found))


# A voucher of the books


POSTED = (
    Column("ordinal", "Entry", "count"),
    Column("movement", "Movement"),
    Column("amount", "Amount", "money"),
    Column("original", "As stated"),
    Column("place", "Fund or project"),
    Column("organization", "Organization"),
    Column("category", "Category"),
    Column("standing", "Standing"),
    Column("on", "Effective on", "date"),
    Column("note", "Note"),
)


def _posted(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    position = found["entry"] // ENTRIES
    first = position * ENTRIES
    entries = request.edition.dicts(
        "SELECT f.*, a.title, a.identifier, a.kind, m.text, m.original, m.original_currency, m.rate, m.adjusts FROM all_facts f"
        " JOIN activities a ON a.key = f.key JOIN sources s ON s.source = f.source AND s.books"
        " LEFT JOIN remarks m ON m.position = ? AND m.ordinal = f.entry - ?"
        " WHERE f.entry BETWEEN ? AND ? ORDER BY f.entry",
        [position, first, first, first + ENTRIES - 1],
    )
    (voucher,) = request.edition.dicts("SELECT * FROM vouchers WHERE position = ?", [position])
    papers = filed.of_voucher(request.edition, position, voucher["reference"])
    table = Table(list(POSTED), [_line(request, entry, first) for entry in entries], unit=found["currency"])
    takes_back, taken_back = _reversals(request, first, entries)
    return respond(
        request,
        "posted.html",
        tables={"entries": _without_empty(table)},
        record={**voucher, "papers": papers, "entries": [_plain(entry) for entry in entries]},
        voucher=voucher,
        papers=papers,
        found=found,
        takes_back=takes_back,
        taken_back=taken_back,
        reported=_returns(request, position),
        illustrative=any(entry["illustrative"] for entry in entries),
    )


def _returns(request: HttpRequest, position: int) -> list[tuple[str, int, str]]:
    """The returns that a voucher posted: whose, of which year, and their page."""
    return [
        (
            one["organization"],
            one["year"],
            request.prefix + addresses.of_return(one["fund"], one["organization"], one["year"]),
        )
        for one in returns.of_voucher(request.edition, position)
    ]


def _line(request: HttpRequest, entry: dict[str, Any], first: int) -> list[Cell]:
    body = entry["participating_organization"] or entry["contributor"]
    words = request.words
    stated = ""
    if entry["original"] is not None:
        rate = f" @ {entry['rate']}" if entry["rate"] else ""
        stated = (
            f"{_to_the_cent(words, entry['original'], entry['original_currency'])} {entry['original_currency']}{rate}"
        )
    adjusts = words.gettext("adjusts %(year)s") % {"year": entry["adjusts"]} if entry["adjusts"] else ""
    note = " · ".join(filter(None, (entry["text"], adjusts)))
    name = entry["title"] or entry["identifier"]
    page = f"{request.prefix}/{entry['kind']}/{addresses.segment(entry['identifier'])}"
    return [
        Cell(entry["entry"] - first),
        Cell(entry["movement"]),
        Cell(entry["value"], label=_to_the_cent(words, entry["value"], entry["currency"])),
        Cell(stated or None),
        Cell(entry["identifier"], label=name, link=page),
        Cell(body or None, why="nobody named"),
        Cell(entry["category"] or None),
        Cell(entry["standing"] or None),
        Cell(entry["on"].isoformat()),
        Cell(note or None),
    ]


def _to_the_cent(words: Words, amount: Decimal | None, currency: str) -> str:
    """An amount with the decimals of its currency: a voucher is what one compares a bank's paper with."""
    return "" if amount is None else words.money(amount, exponent(currency))


def _without_empty(table: Table) -> Table:
    """Without the columns that no line fills."""
    return table.of_columns(
        [n for n, _ in enumerate(table.columns) if any(row[n].value is not None for row in table.rows)]
    )


def _reversals(request: HttpRequest, first: int, entries: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The vouchers whose entries this one takes back, and those that take back its own: (reference, an entry's address)."""
    earlier = sorted({entry["reverses"] for entry in entries if entry["reverses"]})
    slots = ", ".join("?" * len(earlier)) or "NULL"
    chosen = "SELECT reference, min(entry) FROM all_facts WHERE {} GROUP BY reference ORDER BY 2"
    back = request.edition.rows(chosen.format(f"entry IN ({slots})"), earlier)
    later = request.edition.rows(chosen.format("reverses BETWEEN ? AND ?"), [first, first + ENTRIES - 1])
    told = [
        [(reference, f"{request.prefix}/voucher/{entry:x}") for reference, entry in found] for found in (back, later)
    ]
    return told[0], told[1]


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in found.items()
        if key not in ("key", "geography", "sectors", "places", "sdgs", "themes", "windows", "markers")
    }


def _lines(request: HttpRequest, found: dict[str, int]) -> list[tuple[int, str]]:
    """The transaction's own lines with their numbers in the file, up to its end tag."""
    kept = pages.xml(request.edition, found["key"])
    if kept is None:
        return []
    text, first = kept
    lines = text.decode().split("\n")
    start = found["line"] - first
    shown: list[tuple[int, str]] = []
    for n, line in enumerate(lines[start : start + 80], start):
        shown.append((n + first, line[:2000]))
        if "</transaction>" in line or ":transaction>" in line:
            break
    return shown
