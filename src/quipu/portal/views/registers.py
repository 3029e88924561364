"""What stands behind a count, and who else promised or gave: a project's public registers, their sums, other resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from quipu.edition import registers as told
from quipu.edition.pages import Record
from quipu.edition.registers import Register
from quipu.portal import addresses
from quipu.portal.render import FILES
from quipu.rules import resources
from quipu.rules.asking import DIMENSIONS
from quipu.rules.registers.fields import NO, YES, Field, Type, of_words
from quipu.rules.registers.kinds import KINDS
from quipu.rules.table import Cell, Column, Table

STAYS = ("number", "name", "title", "counts_for")  # columns of a page, though no row says anything in them
YES_NO = {YES: "Yes", NO: "No"}


@dataclass(slots=True)
class Behind:
    """What a factsheet tells of registers. tables: by key; blocks: (register, key of its table, title, label of its kind)."""

    tables: dict[str, Table] = field(default_factory=dict)
    blocks: list[tuple[Register, str, str, str]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)  # resources outside the fund
    private: list[dict[str, Any]] = field(default_factory=list)  # counted readings whose rows nobody sees
    record: dict[str, Any] = field(default_factory=dict)  # for programs


def of_record(request: HttpRequest, record: Record) -> Behind | None:
    """What stands behind the numbers of a project of the books; None for everything else."""
    if not record["books"] or record["place"] != "child":
        return None
    edition, gettext, language = request.edition, request.words.gettext, request.words.language
    found, known = Behind(), told.registers(edition, record["key"])
    for one in known:
        key = f"register_{one.code.rpartition('-r')[2]}"
        found.tables[key] = _rows(one, gettext, language)
        label = gettext(KINDS[one.kind].label) if one.kind in KINDS else ""
        found.blocks.append((one, key, said(one.titles, language), label))
    if totals := _totals(known, gettext, language):
        found.tables["register_totals"] = totals
    every = told.counts(edition, record["key"])
    found.private = [one for one in every if not one["register"]]
    others = told.resources(edition, record["key"])
    found.tables["resources"], found.others = _resources(request, others), others
    if request.GET.get("format") not in FILES:  # a page leaves out what no row says; its files hold every column
        found.tables |= {key: _stated(found.tables[key], one) for one, key, _, _ in found.blocks}
    found.record = {"registers": [_plain(one) for one in known], "register_counts": every, "resources": others}
    return found


def said(titles: Mapping[str, str], language: str) -> str:
    """A title in the reader's language, in English, or in the one that it has."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")


def _fields(one: Register) -> list[Field]:
    """What rows of a register show: the house's fields, or those of the programme's own."""
    return KINDS[one.kind].schema.shown if one.kind in KINDS else of_words(one.own)


def _label(one: Field, gettext: Callable[[str], str], language: str) -> str:
    return said(one.titles, language) if one.titles else gettext(one.label)


def _rows(one: Register, gettext: Callable[[str], str], language: str) -> Table:
    fields = _fields(one)
    of_row: dict[int, list[str]] = {}
    for count in one.counts:
        for number in count["numbers"].split():
            of_row.setdefault(int(number), []).append(count["indicator"])
    columns = [Column("number", "Row", "text")]
    columns += [_column(each, one, gettext, language) for each in fields]
    columns.append(Column("counts_for", "Counts for"))
    rows = []
    for number, values in one.rows.items():
        cells = [
            Cell(values.get(each.key), label=_shown(each, values.get(each.key), gettext, language)) for each in fields
        ]
        counted = " ".join(sorted(set(of_row.get(number, ()))))
        rows.append([Cell(str(number)), *cells, Cell(counted or None, why="none")])
    return Table(columns, rows, title=said(one.titles, language))


def _column(each: Field, one: Register, gettext: Callable[[str], str], language: str) -> Column:
    kind = "date" if each.type == Type.DAY and not one.by_consent else "text"
    label = each.label if not each.titles else _label(each, gettext, language)
    key = f"{each.key}_" if each.key in DIMENSIONS else each.key  # it is no code of the gateway's own lists
    return Column(key, label, kind)


def _stated(table: Table, one: Register) -> Table:
    """The table without columns in which no row says anything, nor which indicator counts where it is the same in all rows."""
    alike = len({count["indicator"] for count in one.counts}) < 2
    gone = {"counts_for"} if alike else set()
    kept = [
        n
        for n, column in enumerate(table.columns)
        if column.key not in gone and (column.key in STAYS or any(row[n].value is not None for row in table.rows))
    ]
    return table.of_columns(kept)


def _shown(each: Field, value: str | None, gettext: Callable[[str], str], language: str) -> str:
    if value is None:
        return ""
    if each.type == Type.YES_NO:
        return gettext(YES_NO.get(value, value))
    for code, words in each.choices:
        if code == value:
            return gettext(words[""]) if "" in words else said(words, language)
    return ""


def _totals(known: list[Register], gettext: Callable[[str], str], language: str) -> Table | None:
    rows = []
    for one in known:
        schema = KINDS[one.kind].schema if one.kind in KINDS else None
        for total in one.totals:
            each = schema.of(total["field"]) if schema else None
            label = gettext(each.label) if each else one.own.get("sums", {}).get(total["field"], {})
            name = label if isinstance(label, str) else said(label, language)
            rows.append(
                [
                    Cell(one.code, label=said(one.titles, language)),
                    Cell(total["field"], label=name or total["field"]),
                    Cell(total["currency"]),
                    Cell(total["amount"]),
                    Cell(total["rows"]),
                    Cell(total["on"].isoformat()),
                ]
            )
    columns = [Column("register", "Register"), Column("field", "What"), Column("currency", "Currency")]
    columns += [Column("amount", "Sum", "money"), Column("rows", "Rows", "count"), Column("on", "As of", "date")]
    return Table(columns, rows) if rows else None


def _resources(request: HttpRequest, found: list[dict[str, Any]]) -> Table:
    gettext = request.words.gettext
    columns = [Column("giver", "From whom"), Column("giver_kind", "Who that is"), Column("kind", "How")]
    columns += [Column("what", "What for"), Column("currency", "Currency"), Column("amount", "Promised", "money")]
    columns += [
        Column("promised", "Promised on", "date"),
        Column("due", "By when", "date"),
        Column("paid", "Came", "money"),
    ]
    columns += [Column("state", "What became of it"), Column("evidence", "Evidence"), Column("said_by", "Who says so")]
    known = _papers(request, found)
    rows = [
        [
            Cell(one["giver"]),
            Cell(one["giver_kind"], label=gettext(resources.SOURCES[one["giver_kind"]])),
            Cell(one["kind"], label=gettext(resources.KINDS[one["kind"]])),
            Cell(one["what"] or None),
            Cell(one["currency"] or None),
            Cell(one["amount"], why="not stated"),
            Cell(_day(one["promised"])),
            Cell(_day(one["due"])),
            Cell(one["paid"], why="not stated"),
            Cell(one["state"], label=gettext(resources.STATES[one["state"]])),
            Cell(
                one["evidence"] if one["evidence"] in known else None,
                label=gettext("document"),
                link=request.prefix + addresses.document(one["evidence"]) if one["evidence"] in known else "",
                why="none",
            ),
            Cell(one["said_by"] or None),
        ]
        for one in found
    ]
    return Table(columns, rows)


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _papers(request: HttpRequest, found: list[dict[str, Any]]) -> set[str]:
    """Which documents are public here."""
    hashes = sorted({one["evidence"] for one in found if one["evidence"]})
    slots = ", ".join("?" * len(hashes)) or "NULL"
    return {sha256 for (sha256,) in request.edition.rows(f"SELECT sha256 FROM filed WHERE sha256 IN ({slots})", hashes)}


def _plain(one: Register) -> dict[str, Any]:
    names = ("code", "kind", "titles", "by_consent", "count", "shown", "unagreed", "totals", "counts")
    rows = [{"number": number, **values} for number, values in one.rows.items()]
    return {**{name: getattr(one, name) for name in names}, "rows": rows}
