"""What an edition does not know: the amounts behind each gap, asked once, then cut by fund, country or case."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from quipu.edition.calendar import deadlines, facts, moment
from quipu.edition.open import Edition
from quipu.rules import asking
from quipu.rules.asking import DIMENSIONS, EXACT, USD, question
from quipu.rules.figures import FIGURES, Figure, per_cent
from quipu.rules.gaps import AXIS, GAPS, OVERDUE, Amount, Gap, Known, added, overdue_since
from quipu.rules.kinds import INTERIM
from quipu.rules.money import printed
from quipu.rules.movements import POOLED, REPORTED
from quipu.rules.shares import WHOLE
from quipu.rules.table import Cell, Column, Scope, Table

FAMILIES = (POOLED, REPORTED)
MOST_OVERDUE = 20_000  # cases that are listed one by one, the longest overdue first
_WORDS = ("dates", "status", "results", "documents")  # what an activity may lack


@dataclass(frozen=True, slots=True)
class Asked:
    """What an edition answers for all gaps: its cases, and the whole figures that shares are taken of."""

    known: Known
    cases: dict[tuple[str, str], list[Amount]]  # by gap and family
    whole: dict[tuple[str, str], list[Amount]]  # by figure and family


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader narrows the gaps down to: a fund (or publisher) and a country, "" for all."""

    fund: str = ""
    publisher: str = ""
    country: str = ""

    def of(self, family: str) -> str:
        """Whose gaps are chosen in a family of books."""
        return self.fund if family == POOLED else self.publisher

    def keeps(self, family: str, each: Amount) -> bool:
        """Whether an amount is among what was chosen. A fund chosen leaves nothing of what is outside funds."""
        if (self.fund and family == REPORTED) or (self.publisher and family == POOLED):
            return False
        return self.of(family) in ("", each.codes[0]) and self.country in ("", each.country)

    def scope(self) -> Scope:
        """The same as part of a cell's scope."""
        return (("country", self.country),) if self.country else ()


def ask(edition: Edition) -> Asked:
    """All cases of all gaps, asked once of an edition."""
    if "gaps" not in edition.memo:
        edition.memo["gaps"] = _ask(edition)
    found: Asked = edition.memo["gaps"]
    return found


def summary(edition: Edition, chosen: Chosen) -> Table:
    """One row per gap: how many cases, and their amounts in each family of books; never added: a case may be in several."""
    asked = ask(edition)
    columns = [
        Column("gap", "Gap"),
        Column("cases", "Cases", "count"),
        Column("pooled", "Money of pooled funds", "money"),
        Column("reported", "As publishers report it", "money"),
    ]
    rows = []
    for gap in GAPS:
        cases = {family: _chosen(asked, gap, family, chosen) for family in gap.figures}
        count = sum(len({each.codes for each in found}) for found in cases.values())
        amounts = [_whole(cases.get(family, [])) for family in FAMILIES]
        cells = [Cell(amount, why="" if amount is not None else "none", link=f"#{gap.name}") for amount in amounts]
        rows.append([Cell(gap.name, label=gap.label, link=f"#{gap.name}"), Cell(count), *cells])
    return Table(columns, rows, unit=USD)


def by(edition: Edition, axis: str, family: str, chosen: Chosen, address: str) -> Table:
    """One row per fund, publisher or country, one column per gap of a family of books.

    address: of the page of gaps, where the cases are that no one question selects.
    """
    asked = ask(edition)
    gaps = [gap for gap in GAPS if family in gap.figures and not (axis == "country" and gap.where == ("country=",))]
    found = {gap.name: _chosen(asked, gap, family, chosen) for gap in gaps}
    gaps = [gap for gap in gaps if found[gap.name]]

    def code(each: Amount) -> str:
        return each.country if axis == "country" else each.codes[0]

    sums = {gap.name: added(found[gap.name], code) for gap in gaps}
    rows = []
    for value in sorted({code for each in sums.values() for code in each}, key=lambda each: (not each, each)):
        cells = [Cell(value or None, why="not stated" if axis == "country" else "outside any fund")]
        for gap in gaps:
            amount = sums[gap.name].get(value)
            pairs = {axis: value, **(dict(chosen.scope()) if axis != "country" else {AXIS[family]: chosen.of(family)})}
            narrowed = tuple((key, code) for key, code in pairs.items() if code or key == axis)
            link = f"{address}?{urlencode(narrowed)}#{gap.name}" if value else f"#{gap.name}"
            cells.append(_cell(gap, family, amount, narrowed, link))
        rows.append(cells)
    columns = [Column(axis, DIMENSIONS[axis].label)]
    columns += [Column(gap.name, gap.label, "money", gap.figures[family] * gap.is_question) for gap in gaps]
    return Table(columns, rows, unit=USD)


def count(edition: Edition, gap: Gap, family: str, chosen: Chosen) -> int:
    """How many cases of a gap there are in a family of books."""
    return len({each.codes for each in _chosen(ask(edition), gap, family, chosen)})


def cases(
    edition: Edition,
    gap: Gap,
    family: str,
    chosen: Chosen,
    report: Callable[[str, Scope], str],
    most: int | None = None,
) -> Table:
    """One row per case of a gap, the largest first; where the gap is what is not stated, with its share of the whole.

    most: rows at most, of thousands that nobody reads on a page; None for all. report: the address of a report on a figure
    under conditions, for sums that are told organization by organization.
    """
    asked = ask(edition)
    found = added(_chosen(asked, gap, family, chosen), lambda each: each.codes)
    names, figure = gap.cut(family), FIGURES[gap.figures[family]]
    columns = [
        Column(name, DIMENSIONS[name].label if name in DIMENSIONS else "Planned end", _KINDS.get(name, "text"))
        for name in names
    ]
    columns.append(Column("amount", figure.label, "money", figure.name * (not gap.begins)))
    whole: dict[str, Decimal] = {}
    if gap.has_share:
        columns += [Column("whole", "Of all", "money", figure.name), Column("share", "Per cent", "percent")]
        every = [each for each in asked.whole[figure.name, family] if chosen.keeps(family, each)]
        whole = added(every, lambda each: each.codes[0])
    rows = []
    for codes in sorted(found, key=lambda each: (-abs(found[each]), each))[:most]:
        pairs = tuple((name, code) for name, code in zip(names, codes, strict=True) if name in DIMENSIONS)
        cells = [
            Cell(code or None, why=_EMPTY.get(name, "not stated")) for name, code in zip(names, codes, strict=True)
        ]
        narrowed = (*pairs, *chosen.scope())
        cells.append(_cell(gap, family, found[codes], narrowed, report(figure.name, narrowed) if gap.begins else ""))
        if gap.has_share:
            base = whole.get(codes[0], Decimal(0))
            rate = per_cent(found[codes], base)
            cells.append(Cell(base, (("family", family), *pairs, *chosen.scope())))
            cells.append(Cell(None if rate is None else printed(rate, 2), why="none"))
        rows.append(cells)
    return Table(columns, rows, unit=USD, title=gap.label)


_KINDS = {"until": "date"}
_EMPTY = {"fund": "outside any fund", "project": "the fund itself"}


def undescribed(edition: Edition, chosen: Chosen) -> Table:
    """How many activities of each fund, or publisher outside funds, lack dates, a status, results or documents."""
    conditions, parameters = ["true"], []
    for column, value in (("a.fund", chosen.fund), ("a.publisher", chosen.publisher)):
        if value:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    if chosen.publisher:
        conditions.append("a.fund = ''")
    if chosen.country:
        conditions.append("a.key IN (SELECT key FROM memberships WHERE dimension = 'country' AND code = ?)")
        parameters.append(chosen.country)
    rows = edition.rows(
        "SELECT a.fund, CASE WHEN a.fund = '' THEN a.publisher ELSE '' END, count(*),"
        " count(*) FILTER (a.key NOT IN (SELECT key FROM spans)), count(*) FILTER (a.status = ''),"
        " count(*) FILTER (a.key NOT IN (SELECT key FROM resulted)),"
        " count(*) FILTER (a.key NOT IN (SELECT key FROM documents))"
        f" FROM activities a WHERE {' AND '.join(conditions)} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        parameters,
    )
    columns = [Column("fund", "Fund"), Column("publisher", "Publisher"), Column("activities", "Activities", "count")]
    columns += [Column(f"without_{name}", f"Without {name}", "count") for name in _WORDS]
    return Table(
        columns,
        [
            [Cell(fund or None, why="outside any fund"), Cell(publisher or None, why="as its fund"), *map(Cell, counts)]
            for fund, publisher, *counts in rows
            if any(counts[1:])
        ],
    )


def not_converted(edition: Edition, chosen: Chosen) -> Table:
    """The entries that are in no sum in US$, in the currencies they were written in, with the days they are of."""
    conditions, parameters = ["f.usd IS NULL"], []
    for column, value in (("f.fund", chosen.fund), ("f.publisher", chosen.publisher)):
        if value:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    if chosen.country:
        conditions.append("f.geography IN (SELECT list FROM shares WHERE dimension = 'country' AND code = ?)")
        parameters.append(chosen.country)
    rows = edition.rows(
        'SELECT f.fund, f.publisher, f.currency, f.movement, count(*), min(f."on"), max(f."on"), sum(f.value)'
        f" FROM facts f WHERE {' AND '.join(conditions)} GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4",
        parameters,
    )
    columns = [Column("fund", "Fund"), Column("publisher", "Publisher"), Column("currency", "Currency")]
    columns += [Column("movement", "Movement"), Column("entries", "Entries", "count")]
    columns += [
        Column("since", "From", "date"),
        Column("until", "To", "date"),
        Column("amount", "Amount as written", "money"),
    ]
    return Table(
        columns,
        [
            [
                Cell(fund or None, why="outside any fund"),
                Cell(publisher or None, why="not stated"),
                Cell(currency or None, why="unknown"),
                Cell(movement),
                Cell(count),
                Cell(first.isoformat()),
                Cell(last.isoformat()),
                Cell(amount, why="too large to be kept"),
            ]
            for fund, publisher, currency, movement, count, first, last, amount in rows
        ],
        unit=asking.ORIGINAL,
    )


def _chosen(asked: Asked, gap: Gap, family: str, chosen: Chosen) -> list[Amount]:
    return [each for each in asked.cases[gap.name, family] if chosen.keeps(family, each)]


def _whole(amounts: list[Amount]) -> Decimal | None:
    return added(amounts, lambda each: "")[""] if amounts else None


def _cell(gap: Gap, family: str, amount: Decimal | None, pairs: Scope, link: str) -> Cell:
    """An amount with the way back: to its entries, or where no one question selects these, to where link leads."""
    if amount is None:
        return Cell(None, why="none")
    interim = abs(amount) if f"standing={INTERIM}" in gap.where else None
    if link and not gap.is_question:
        return Cell(amount, link=link, interim=interim)
    where = [tuple(item.split("=", 1)) for item in gap.where]
    scope = tuple((key, value) for key, value in (("family", family), *where, *pairs))
    return Cell(amount, scope, interim=interim)


def _ask(edition: Edition) -> Asked:
    over = {(each.project, each.organization): each for each in facts(edition).parts if not each.open}
    known = Known(moment(edition), over, _reported(edition), deadlines(edition))
    cases: dict[tuple[str, str], list[Amount]] = {}
    whole: dict[tuple[str, str], list[Amount]] = {}
    for gap in GAPS:
        for family, name in gap.figures.items():
            answers = _overdue(edition, family, known) if gap is OVERDUE else _answers(edition, gap, family)
            cases[gap.name, family] = gap.cases(family, answers, known)
            if gap.has_share and (name, family) not in whole:
                whole[name, family] = _answers(edition, Gap("", "", "", "", {family: name}), family)
    return Asked(known, cases, whole)


def _answers(edition: Edition, gap: Gap, family: str) -> list[Amount]:
    """The amounts of one gap's question: sums per case and country, put together by the figure's definition."""
    figure = FIGURES[gap.figures[family]]
    assert isinstance(figure, Figure)
    cut = gap.cut(family)
    by = [*cut, "country"] + ([gap.begins[0]] if gap.begins else [])
    asked = question([figure.name], by, [*gap.where, f"family={family}"])
    select = asking.select(asked)
    sql, parameters = select.sql, list(select.parameters)
    if gap.begins:  # of many organizations only the sums are wanted
        named = ", ".join(f"by_{n}" for n in range(len(by) - 1))
        sql = (
            f"SELECT {named}, family, movement, sum(amount), sum(entries) FROM ({sql}) WHERE starts_with(by_{len(by) - 1}, ?)"
            f" GROUP BY {named}, family, movement"
        )
        parameters.append(gap.begins[1])
    divide, width = Decimal(asking.divisor(asked)), len(cut) + 1
    sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
    for row in edition.rows(sql, parameters):
        codes = tuple("" if code is None else str(code) for code in row[:width])
        times = figure.times(row[width + 1])
        sums[codes] = EXACT.add(sums[codes], EXACT.divide(EXACT.multiply(Decimal(row[width + 2]), times), divide))
    return [Amount(codes[:-1], codes[-1], amount) for codes, amount in sorted(sums.items())]


def _reported(edition: Edition) -> dict[tuple[str, str], int]:
    """The last year of which each organization reported to each fund; that nothing was spent is a report as well."""
    found: dict[tuple[str, str], int] = {}
    for fund, body, year in facts(edition).reported:
        found[fund, body] = max(year, found.get((fund, body), 0))
    return found


def _overdue(edition: Edition, family: str, known: Known) -> list[Amount]:
    """Work that goes on long after its planned end, with or without money, each country's share of it apart."""
    figure = OVERDUE.figures[family]
    condition = "a.place = 'child'" if family == POOLED else "a.place = 'elsewhere'"
    rows: list[tuple[Any, ...]] = edition.rows(
        f"SELECT a.{AXIS[family]}, a.identifier, l.until, s.code, z.{figure} * s.share FROM ("
        f"  SELECT a.key, l.until FROM activities a JOIN spans l USING (key) WHERE a.status = '2' AND {condition}"
        f"  AND l.until < ? ORDER BY l.until, a.key LIMIT {MOST_OVERDUE}) l"
        " JOIN activities a USING (key) JOIN cuts k USING (key) LEFT JOIN sizes z USING (key)"
        " JOIN shares s ON s.list = k.geography AND s.dimension = 'country' WHERE k.counted ORDER BY ALL",
        [overdue_since(known.moment)],
    )
    return [
        Amount((axis, identifier, until.isoformat()), country, EXACT.divide(Decimal(amount or 0), Decimal(int(WHOLE))))
        for axis, identifier, until, country, amount in rows
    ]
