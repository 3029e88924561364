"""What is drawn on which page: pictures with the tables they stand on and the sentence under each, page kind by page kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from quipu.edition import pages
from quipu.edition.ask import ask
from quipu.edition.pages import Record
from quipu.portal.labels import Labels
from quipu.portal.pictures.bars import MOST as MOST_BARS
from quipu.portal.pictures.bars import Bars, bars
from quipu.portal.pictures.cord import Cord, cord
from quipu.portal.pictures.delivery import Delivery, delivery
from quipu.portal.pictures.flow import Flow, flow
from quipu.portal.pictures.scale import amount, is_known
from quipu.portal.pictures.world import World, world
from quipu.portal.pictures.years import Years, years
from quipu.portal.render import Furniture
from quipu.portal.sentences import ALL_AND_MOST, COUNTRIES, FIGURE, FLOW, FOR, IN_YEAR, MOST, RATE, Teller
from quipu.portal.views import money, quoted
from quipu.rules.asking import ORIGINAL, USD, Question, question
from quipu.rules.figures import FIGURES
from quipu.rules.table import Cell, Column, Table

# What a page is about, the figure that says most first.
TELLING = (
    *("net_funded", "spend", "disbursement", "expenditure", "outgoing_commitment", "incoming_funds", "transfers"),
    *("allocations", "budget"),
)
RATES = (("net_funded", "expenditure", "delivery_rate"), ("budget", "expenditure", "budget_use"))
OTHER_SOURCES = ("fund_receipts", "fund_interest", "organization_interest", "other_income")
RESTS = ("fund_transfers", "fund_costs", "balance_agent")
FAMILIES = ("pooled_", "reported_")  # how tables are named that are cut once
MOST_ROWS = 300  # of a report that is drawn; nobody compares more


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, the columns it draws, the sentence under it and the key of its table. alone: too little to be compared."""

    picture: Years | Bars | Delivery | Cord | World | Flow
    columns: tuple[Column, ...]
    sentence: str
    table: str
    alone: bool = False

    @property
    def column(self) -> Column:
        return self.columns[0]


class Pictures(dict[str, Drawn | None]):
    """The pictures of a page by their place on it; None where there is nothing to draw."""

    def __missing__(self, key: str) -> None:
        return None


def of_fund(request: HttpRequest, record: Record, tables: dict[str, Table]) -> Pictures:
    """A fund's pictures; the tables that only pictures need are added to the page's."""
    drawn = of_project(request, record, tables)
    if not _in_dollars(request):
        return drawn
    teller = quoted.of_record(request, record)
    drawn["flow"] = _flow(request, record, tables, teller)
    narrowed = money.where(record)
    asked = question(["net_funded", "expenditure"], ["country"], narrowed)
    countries = _labelled(request, ask(request.edition, asked))
    if _place(countries, "family") is None and sum(1 for row in countries.rows if row[0].value) > 1:
        tables["countries"] = countries
        drawn["world"] = _world(countries, "countries", teller)
    return drawn


def of_project(request: HttpRequest, record: Record, tables: Mapping[str, Table]) -> Pictures:
    """The pictures of a project, a programme or any activity. Amounts of several currencies have no scale in common."""
    drawn = Pictures()
    if not _in_dollars(request):
        return drawn
    teller = quoted.of_record(request, record)
    for key in ("organizations", "categories"):
        if key in tables:
            drawn[key] = _lying(_labelled(request, tables[key]), key, teller, as_told=key == "categories")
    if "years" in tables:
        drawn["years"] = _standing(tables["years"], "years", teller)
    if record["place"] != "elsewhere":
        drawn["cord"] = _cord(request, record, tables.get("organizations"), teller)
    return drawn


def of_home(request: HttpRequest, table: Table | None, key: str, countries: Table) -> Pictures:
    """The first page: money over the years, and the world by projects."""
    drawn = of_countries(request, countries)
    if table is not None:
        drawn["years"] = _standing(table, key, quoted.of_all(request, table))
    return drawn


def of_countries(request: HttpRequest, table: Table) -> Pictures:
    """The world by the projects that name a country."""
    return Pictures(world=_world(_labelled(request, table), "countries", quoted.of_all(request, table)))


def of_report(request: HttpRequest, wanted: Question, answer: Table) -> Pictures:
    """An answer by one dimension: over the years, over the world, or row by row."""
    plain = len(wanted.by) == 1 and [c.key for c in answer.columns if not c.is_number] == list(wanted.by)
    if not plain or wanted.unit == ORIGINAL or len(answer.rows) > MOST_ROWS:
        return Pictures()
    picture = _by(wanted.by[0], answer, "report", quoted.of_question(request, wanted, answer))
    return Pictures(report=picture)


def of_cuts(request: HttpRequest, tables: Mapping[str, Table], subject: str) -> Pictures:
    """Pages seen from one place, theme or organization: a picture for each table that is cut by one dimension."""
    drawn = Pictures()
    for key, table in tables.items():
        teller = quoted.of_all(request, table, subject)
        if len(table.columns) > 1 and table.columns[1].figure and key.startswith(FAMILIES):
            drawn[key] = _by(table.columns[0].key, _labelled(request, table), key, teller)
    return drawn


# One picture each


def _by(dimension: str, table: Table, key: str, teller: Teller) -> Drawn | None:
    """The picture that suits what a table is cut by."""
    match dimension:
        case "year":
            return _standing(table, key, teller)
        case "country":
            return _world(table, key, teller)
        case _:
            return _lying(table, key, teller, as_told=dimension == "category")


def _standing(table: Table, key: str, teller: Teller) -> Drawn | None:
    at = _telling(table)
    if at is None or _place(table, "family") is not None or table.unit == ORIGINAL:
        return None
    column, picture = table.columns[at], years(table, 0, at)
    known = [row for row in table.rows if row[0].value and is_known(row[at])]
    if not picture.bars:
        return None
    top = max(known, key=lambda row: amount(row[at]))
    said = _sentence(table, at, teller, teller.say(IN_YEAR, year=str(top[0].value)), top[at])
    return Drawn(picture, (column,), said, key, alone=len(picture.bars) < 2)


def _lying(table: Table, key: str, teller: Teller, *, as_told: bool = False) -> Drawn | None:
    """Rows of a table: with what was spent inside what was given where both are there, else one amount each."""
    if _place(table, "family") is not None or table.unit == ORIGINAL:
        return None
    most = len(table.rows) if as_told else MOST_BARS
    for names in RATES:
        places = [_place(table, name) for name in names]
        given, spent, rate = places
        if given is None or spent is None or rate is None:
            continue
        picture = delivery(table, 0, given, spent, rate, most=most, as_told=as_told)
        columns = (table.columns[given], table.columns[spent], table.columns[rate])
        if picture.drawn:
            said = ""
            if table.total:
                top, base = (teller.amount(table.total[n], table.columns[n]) for n in (spent, given))
                cell = Cell(table.total[rate].value, interim=table.total[spent].interim)
                said = teller.closed(RATE, cell, columns[2], rate=teller.amount(cell, columns[2]), top=top, base=base)
            return Drawn(picture, columns, said, key, alone=picture.drawn < 2)
    at = _telling(table)
    if at is None:
        return None
    drawn = bars(table, 0, at, most=most, as_told=as_told)
    known = [row for row in table.rows if is_known(row[at])]
    if not known:
        return None
    said = _largest_for(table, at, known, teller)
    return Drawn(drawn, (table.columns[at],), said, key, alone=drawn.drawn < 2)


def _cord(request: HttpRequest, record: Record, organizations: Table | None, teller: Teller) -> Drawn | None:
    table = money.transfers(record)
    table.rows = [row for row in table.rows if row[0].value]  # nobody's pendant hangs nowhere
    picture = cord(_labelled(request, table), 0, 1, 2)
    if picture is None:
        return None
    at = _place(organizations, "transfers") if organizations else None
    said = ""
    if organizations and at is not None:
        known = [row for row in organizations.rows if is_known(row[at])]
        said = _largest_for(organizations, at, known, teller)
    return Drawn(picture, (table.columns[2],), said, "organizations", alone=len(picture.pendants) < 2)


def _world(table: Table, key: str, teller: Teller) -> Drawn | None:
    at = next((n for n, column in enumerate(table.columns) if column.is_number), None)
    if at is None:
        return None
    picture = world(table, 0, at)
    known = [row for row in table.rows if row[0].value and is_known(row[at])]
    if not known:
        return None
    top = max(known, key=lambda row: amount(row[at]))
    column = table.columns[at]
    said = teller.closed(
        COUNTRIES,
        top[at],
        column,
        countries=teller.words.count(len(known)),
        whose=called(top[0], teller),
        most=teller.amount(top[at], column),
    )
    return Drawn(picture, (column,), said, key, alone=picture.named < 2)


def _flow(request: HttpRequest, record: Record, tables: dict[str, Table], teller: Teller) -> Drawn | None:
    """Contributors, the fund, organizations and countries; what did not go on is with the agent, or was a cost."""
    narrowed = money.where(record)

    def cube(names: tuple[str, ...], *by: str) -> Table:
        return pages.money(record, question(names, by, narrowed))

    # not from the record, which knows contributors by name only: what an unknown payer gave came in too
    given = ask(request.edition, question(["contributions"], ["contributor"], narrowed))
    sent = cube(("net_funded",), "participating_organization")
    came, rests = cube(OTHER_SOURCES), cube(RESTS)
    furniture = Furniture(request)
    sources = _mixed(furniture, given, came, "contributor", "From")
    uses = _mixed(furniture, sent, rests, "participating_organization", "To")
    asked = question(["net_funded"], ["participating_organization", "country"], narrowed)
    places = _labelled(request, ask(request.edition, asked))
    if _place(places, "family") is not None or not any(row[1].value for row in places.rows):
        places.rows = []
    fund = Cell(record["fund"], label=teller.subject, link="#about")
    picture = flow(
        _labelled(request, sources), _labelled(request, uses), places if places.rows else None, fund, resting=RESTS
    )
    if picture is None or given.total is None or sent.total is None:
        return None
    tables |= {"flow_in": sources, "flow_out": uses}
    if places.rows:
        tables["flow_places"] = places
    came_in, went_out = (teller.amount(table.total[1], table.columns[1]) for table in (given, sent) if table.total)
    what = teller.subject
    said = teller.closed(FLOW, sent.total[1], sent.columns[1], what=what, came=came_in, went=went_out)
    return Drawn(picture, (Column("amount", "Amount", "money"), places.columns[-1]), said, "flow_in")


def _mixed(furniture: Furniture, table: Table, one: Table, key: str, label: str) -> Table:
    """Rows of one figure and, below them, other figures of the same page: each amount with a trail of its own."""
    rows = [[row[0], _trailed(furniture, row[1], table.columns[1])] for row in table.rows]
    for row in one.rows:
        for column, cell in zip(one.columns, row, strict=True):
            if cell.value:
                name = furniture.words.gettext(FIGURES[column.figure].label)
                trailed = _trailed(furniture, cell, column)
                rows.append([Cell(column.figure, label=name, link=trailed.link), trailed])
    return Table([Column(key, label), Column("amount", "Amount", "money")], rows, unit=USD, left_out=table.left_out)


def _trailed(furniture: Furniture, cell: Cell, column: Column) -> Cell:
    return Cell(cell.value, cell.scope, link=furniture.trail(cell, column), why=cell.why, interim=cell.interim)


# Small questions


def called(cell: Cell, teller: Teller) -> str:
    """What somebody or something is called in a sentence."""
    return cell.label or str(cell.value or "") or teller.words.gettext(cell.why or "not stated")


def _largest_for(table: Table, at: int, known: list[list[Cell]], teller: Teller) -> str:
    """The sentence about a table by names; where the largest part is nobody's by name, the whole alone."""
    top = max(known, key=lambda row: amount(row[at]))
    if not top[0].value and table.total:
        return teller.closed(FIGURE, table.total[at], table.columns[at])
    return _sentence(table, at, teller, teller.say(FOR, name=called(top[0], teller)), top[at])


def _sentence(table: Table, at: int, teller: Teller, whose: str, most: Cell) -> str:
    """The whole and its largest part; the largest part alone where the rows have no total."""
    column = table.columns[at]
    told = {"whose": whose, "most": teller.amount(most, column)}
    if table.total and is_known(table.total[at]):
        return teller.closed(ALL_AND_MOST, table.total[at], column, **told)
    return teller.closed(MOST, most, column, **told)


def _telling(table: Table) -> int | None:
    """The column that says most of what the table has."""
    places = [place for name in TELLING if (place := _place(table, name)) is not None]
    first = next((n for n, column in enumerate(table.columns) if column.figure and column.kind == "money"), None)
    return next((n for n in places if any(is_known(row[n]) for row in table.rows)), first)


def _place(table: Table | None, key: str) -> int | None:
    return next((n for n, column in enumerate(table.columns if table else ()) if column.key == key), None)


def _labelled(request: HttpRequest, table: Table) -> Table:
    return Labels(request.edition, request.words, request.prefix).fill(table)


def _in_dollars(request: HttpRequest) -> bool:
    return bool(request.GET.get("unit") != ORIGINAL)
