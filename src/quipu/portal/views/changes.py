"""What changed between two editions: of the whole portfolio, or of one fund or project."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from quipu.edition import compare, pages
from quipu.edition.ask import ask
from quipu.edition.compare import Altered, Changes, Subject
from quipu.edition.open import BeingMade, Edition, NoEdition
from quipu.edition.pages import Record
from quipu.files import json as json_file
from quipu.portal import addresses, results
from quipu.portal.labels import PLAIN
from quipu.portal.languages import Words
from quipu.portal.render import FILES, conditions, respond
from quipu.portal.views import travel
from quipu.portal.views.money import where
from quipu.rules.asking import ORIGINAL, USD, question
from quipu.rules.comparing import differences
from quipu.rules.dates import read_date
from quipu.rules.figures import FIGURES, Figure
from quipu.rules.results import values
from quipu.rules.statuses import status
from quipu.rules.table import Cell, Column, Table

PATIENCE = 15  # seconds that a reader waits for an edition that has to be laid out again
MOST_EXPORTED = 100_000
EVERY_FIGURE = tuple(name for name, figure in FIGURES.items() if isinstance(figure, Figure))
OF_PARTS = ("deposits", "allocations", "budget", "net_funded", "expenditure")
CHANGES = {"added": "Added", "takes back": "Takes back", "gone": "Gone", "new": "New", "changed": "Changed"}
ASPECTS = {
    **{"new": "New", "gone": "Gone", "title": "Title", "status": "Status", "kind": "Kind", "fund": "Fund"},
    **{"start": "Start date", "until": "End date", "organizations": "Participating organizations"},
}
SECTIONS = {
    **{"title": "Title", "description": "Description", "contact": "Contacts", "readings": "Results"},
    **{"portions": "Countries, sectors and markers", "places": "Places", "relations": "Related activities"},
    **{"identifiers": "Identifiers", "results": "Results"},
}
HEADS = {
    "figures": "Figures",
    "originals": "Figures in the currencies as reported",
    "parts": "By fund",
    "vouchers": "Vouchers",
    "activities": "Projects and funds",
    "budgets": "Approved budgets",
    "documents": "Documents",
    "readings": "Results",
    "words": "Words",
    "sources": "Where it came from",
}


class Unclear(Exception):
    """The address names no edition; the message is a text with the name in place of %(name)s."""


@dataclass(slots=True)
class Between:
    """Two editions as one reader sees them: which words, which addresses."""

    words: Words
    before: Edition
    after: Edition

    def at(self, side: str, path: str, *pairs: tuple[str, str]) -> str:
        """An address pinned to the edition of a side."""
        number = (self.before if side == "before" else self.after).number
        return addresses.query(f"{self.words.before}/e/{number}{path}", pairs)

    def page(self, subject: Subject, side: str = "") -> str:
        return self.at(side or subject.on, f"/{subject.kind}/{addresses.segment(subject.identifier)}")

    def named(self, subject: Subject) -> Cell:
        return Cell(subject.identifier, label=subject.title or subject.identifier, link=self.page(subject))

    def change(self, code: str) -> Cell:
        return Cell(code, label=self.words.gettext(CHANGES[code]))


def show(request: HttpRequest) -> HttpResponse:
    """/changes?from=&to=&about=: editions by number or day; without them, the last two."""
    try:
        editions = _editions(request)
    except BeingMade as error:
        return travel.no_edition(request, error)
    except Unclear as error:
        name = str(error.args[1])
        return respond(request, "changes.html", status=404, trouble=(error.args[0], name), found=None, tables={})
    if editions is None:
        return respond(request, "changes.html", trouble=None, found=None, tables={})
    between = Between(request.words, *editions)
    request.edition = between.after  # the page is of the later one: its names, its address to cite
    about = request.GET.get("about", "").strip()
    record = _record(between, about) if about else None
    if about and record is None:
        sentence = "Neither of the two editions knows “%(name)s”."
        return respond(request, "changes.html", status=404, trouble=(sentence, about), found=None, tables={})
    exported = request.GET.get("format") in FILES
    most = MOST_EXPORTED if exported else compare.MOST
    found = compare.changes(between.before, between.after, record["identifier"] if record else "", most=most)
    tables = _tables(request, between, record, found)
    for name, table in tables.items():
        table.title = request.words.gettext(HEADS[name])
        table.about = {
            "compared_with": str(between.before.number),
            "compared_with_content": between.before.manifest.content,
        }
    return respond(
        request,
        "changes.html",
        tables=tables,
        record=_as_data(between, tables) if exported else None,
        trouble=None,
        found=found,
        between=between,
        subject=record,
        heads=HEADS,
        more={name: found.counts.get(name, 0) - compare.MOST for name in tables},
    )


def _as_data(between: Between, tables: dict[str, Table]) -> dict[str, Any]:
    """All of it as plain data, for JSON that names no table."""
    return {"compared_with": between.before.number, **{name: json_file.data(table) for name, table in tables.items()}}


def _editions(request: HttpRequest) -> tuple[Edition, Edition] | None:
    """The two editions of an address, the earlier one first; None where there is only one as yet. Raises Unclear, BeingMade."""
    editions = request.editions
    named = [_number(request, name) for name in ("from", "to")]
    after = named[1] or request.edition.number
    before = named[0] or editions.before(after)
    if before is None:
        return None
    try:
        first, last = (editions.get(number, PATIENCE) for number in sorted((before, after)))
    except NoEdition:
        missing = next(number for number in (before, after) if number not in editions.numbers())
        raise Unclear("There is no edition %(name)s.", missing) from None
    return first, last


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.GET.get(name, "").strip()
    if not typed:
        return None
    if typed.isdecimal() and len(typed) < travel.LONGEST_NUMBER:
        return int(typed)
    day = read_date(typed)
    if day is None:
        raise Unclear("“%(name)s” is neither an edition nor a day. Write a number, or YYYY-MM-DD.", typed)
    number: int | None = request.editions.on(day)
    if number is None:
        raise Unclear("Nothing had been published here on %(name)s.", typed)
    return number


def _record(between: Between, about: str) -> Record | None:
    """The record of what is asked about, of the later edition that has it."""
    for edition in (between.after, between.before):
        for key, _ in pages.find(edition, about):
            if found := pages.page(edition, key):
                return found
    return None


def _tables(request: HttpRequest, between: Between, record: Record | None, found: Changes) -> dict[str, Table]:
    """A table for each kind of change of which there is one."""
    if found.is_same:
        return {}
    narrowed = where(record) if record else []
    tables = {"figures": _figures(between, EVERY_FIGURE, ["family"], narrowed)}
    unit = ORIGINAL if tables["figures"].left_out.count else USD
    if unit == ORIGINAL:  # what cannot be converted is told in its own currency
        tables["originals"] = _figures(between, EVERY_FIGURE, ["family"], narrowed, ORIGINAL)
    if record is None:
        tables["parts"] = _figures(between, OF_PARTS, ["fund"], ["family=pooled"], unit)
    elif record["place"] == "fund":
        tables["parts"] = _figures(between, OF_PARTS, ["project", "family"], narrowed, unit)
    tables["vouchers"] = _vouchers(between, found)
    tables["activities"] = _activities(between, found)
    tables["budgets"] = _budgets(between, found)
    tables["documents"] = _documents(between, found)
    tables["readings"] = _readings(between, found)
    tables["words"] = _words(between, found)
    tables["sources"] = _sources(between, found)
    return {name: table for name, table in tables.items() if table.rows}


def _figures(between: Between, names: tuple[str, ...], by: list[str], narrowed: list[str], unit: str = USD) -> Table:
    """What differs, each side with its trail in its own edition."""
    asked = question(names, by, narrowed, unit=unit)
    table = differences(ask(between.before, asked), ask(between.after, asked))
    at = {column.key: n for n, column in enumerate(table.columns)}
    gettext = between.words.gettext
    for row in table.rows:
        figure = row[at["figure"]]
        row[at["figure"]] = replace(
            figure, label=gettext(figure.label), link=between.at("after", f"/figure/{figure.value}")
        )
        for side in ("before", "after"):
            cell = row[at[side]]
            if cell.value is not None:
                link = between.at(side, f"/figure/{figure.value}", *conditions(cell))
                row[at[side]] = replace(cell, link=link)
    return table


def _vouchers(between: Between, found: Changes) -> Table:
    columns = [
        Column("change", "Change"),
        Column("on", "Date", "date"),
        Column("voucher", "Voucher"),
        Column("movement", "Movement"),
        Column("project", "Project"),
        Column("currency", "Currency"),
        Column("amount", "Amount", "money"),
        Column("reverses", "Takes back"),
    ]
    table = Table(columns, [], unit=ORIGINAL)
    for moved in found.vouchers:
        link = between.at(moved.subject.on, f"/voucher/{moved.entry:x}")
        name = moved.reference or between.words.gettext("entry")
        back = f"{moved.reverses:x}" if moved.reverses else ""
        table.rows.append(
            [
                between.change(moved.change),
                Cell(moved.on.isoformat()),
                Cell(f"{moved.entry:x}", label=name, link=link),
                Cell(moved.movement),
                between.named(moved.subject),
                Cell(moved.currency or None, why="unknown"),
                Cell(moved.value, link=link),
                Cell(
                    back or None,
                    label=moved.takes_back,
                    link=between.at("after", f"/voucher/{back}") if back else "",
                    why="none",
                ),
            ]
        )
    return table


def _activities(between: Between, found: Changes) -> Table:
    columns = [
        Column("project", "Project"),
        Column("aspect", "What"),
        Column("before", "Before"),
        Column("after", "After"),
    ]
    table = Table(columns, [])
    for altered in found.activities:
        aspect = Cell(altered.aspect, label=between.words.gettext(ASPECTS[altered.aspect]))
        sides = (_said(between.words, altered, value) for value in (altered.before, altered.after))
        table.rows.append([between.named(altered.subject), aspect, *sides])
    return table


def _said(words: Words, altered: Altered, value: str) -> Cell:
    """A code, day or name as a reader wants it."""
    label = value
    match altered.aspect:
        case "new" | "gone":
            return Cell(None, why="none")
        case "status":
            label = words.gettext(status(value).label)
        case "kind":
            label = words.gettext(PLAIN.get(value, value))
        case "start" | "until" if value:
            label = words.day(value)
    return Cell(value or None, label=label, why="not stated")


def _budgets(between: Between, found: Changes) -> Table:
    columns = [
        Column("project", "Project"),
        Column("before", "Before", "money"),
        Column("after", "After", "money"),
        Column("difference", "Difference", "money"),
    ]
    table = Table(columns, [], unit=USD)
    for revised in found.budgets:
        scope = ("where", f"project={revised.subject.identifier}")
        amounts = [
            Cell(amount, link=between.at(side, "/figure/budget", scope) if amount is not None else "", why="none")
            for side, amount in (("before", revised.before), ("after", revised.after))
        ]
        table.rows.append([between.named(revised.subject), *amounts, Cell(revised.difference)])
    return table


def _documents(between: Between, found: Changes) -> Table:
    columns = [
        Column("change", "Change"),
        Column("title", "Document"),
        Column("date", "Date", "date"),
        Column("project", "Project"),
    ]
    rows = [
        [
            between.change(filed.change),
            Cell(
                filed.url or filed.sha256,
                label=filed.title or filed.url,
                link=between.at(filed.subject.on, addresses.document(filed.sha256))
                if filed.sha256
                else addresses.outside(filed.url),
                lang=between.words.foreign(filed.language),
            ),
            Cell(filed.on or None, why="not stated"),
            between.named(filed.subject),
        ]
        for filed in found.documents
    ]
    return Table(columns, rows)


def _readings(between: Between, found: Changes) -> Table:
    """What indicators are reported to have come to, before and after, each with its trail in its own edition."""
    columns = [Column("project", "Project"), Column("indicator", "Indicator"), Column("until", "Until", "date")]
    columns += [Column("before", "Before"), Column("after", "After"), Column("source", "Source")]
    words, rows = between.words, []
    for read in found.readings:
        title = results.spoken(read.titles, words.language)
        sides = []
        for side, value in (("before", read.before), ("after", read.after)):
            link = between.at(side, results.address(read.subject.identifier, read.place)) if value is not None else ""
            shown = results.printed(values.kept(read.kind, value), words) if value else ""
            sides.append(Cell(value or None, label=shown, link=link, why="none" if value is None else "too few people"))
        of = Cell(read.place, label=title.text, lang=title.lang)
        origin = Cell(read.origin or None)
        rows.append([between.named(read.subject), of, Cell(read.until.isoformat()), *sides, origin])
    return Table(columns, rows)


def _words(between: Between, found: Changes) -> Table:
    columns = [
        Column("project", "Project"),
        Column("section", "Section"),
        Column("before", "Before"),
        Column("after", "After"),
    ]
    gettext = between.words.gettext
    rows: list[list[Cell]] = []
    for altered in found.words:
        section = Cell(altered.aspect, label=gettext(SECTIONS[altered.aspect]))
        sides: list[Any] = [
            Cell(
                edition.number,
                label=gettext("Edition %(number)s") % {"number": edition.number},
                link=between.page(altered.subject, side),
            )
            for side, edition in (("before", between.before), ("after", between.after))
        ]
        rows.append([between.named(altered.subject), section, *sides])
    return Table(columns, rows)


def _sources(between: Between, found: Changes) -> Table:
    columns = [Column("source", "Source"), Column("change", "Change"), Column("links", "Links of the chain")]
    rows = [
        [Cell(name), between.change(change), Cell(links or None, why="none")] for name, change, links in found.sources
    ]
    return Table(columns, rows)
