"""Asking: a question (figures, by, where, until when) becomes one portable SELECT over the relation `facts`.

"Sum by dimensions and movement": figures are put together afterwards from the sums of movements, so that every surface
adds the same way. The SELECT is the same in every engine that has a relation `facts` and a relation `shares`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Context, Decimal, localcontext
from typing import Any

from quipu.rules.figures import FIGURES, ZERO, AnyFigure, Figure, figure, per_cent
from quipu.rules.kinds import DIRECT_COST_EXPENDITURE, INTERIM
from quipu.rules.money import printed
from quipu.rules.shares import WHOLE
from quipu.rules.statuses import STATUSES, status
from quipu.rules.table import Cell, Column, LeftOut, Scope, Table

USD, ORIGINAL = "USD", "original"


class BadQuestion(Exception):
    """The question names what does not exist; the message says what does."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something money is cut by: a column of facts, or a list of shares that splits each amount."""

    name: str
    label: str
    column: str  # of facts; for a split one the column that names the list
    split: bool = False
    overlaps: bool = False  # its parts are not parts of a whole, so they have no total


DIMENSIONS = {
    d.name: d
    for d in (
        Dimension("year", "Year", "year"),
        Dimension("quarter", "Quarter", "quarter"),
        Dimension("family", "Kind of books", "family"),
        Dimension("movement", "Movement", "movement"),
        Dimension("provider", "Provider", "provider"),
        Dimension("receiver", "Receiver", "receiver"),
        Dimension("participating_organization", "Participating organization", "participating_organization"),
        Dimension("publisher", "Publisher", "publisher"),
        Dimension("fund", "Fund", "fund"),
        Dimension("window", "Window", "windows", split=True),
        Dimension("project", "Project", "project"),
        Dimension("country", "Country", "geography", split=True),
        Dimension("region", "Region", "geography", split=True),
        Dimension("place", "Place", "places", split=True),
        Dimension("sector", "Sector", "sectors", split=True),
        Dimension("theme", "Theme", "themes", split=True),
        Dimension("sdg", "Sustainable Development Goal", "sdgs", split=True),
        Dimension("marker", "Marker", "markers", split=True, overlaps=True),
        Dimension("status", "Status", "status"),
        Dimension("currency", "Currency", "currency"),
        Dimension("contributor", "Contributor", "contributor"),
        Dimension("agreement", "Agreement", "agreement"),
        Dimension("category", "Category", "category"),
        Dimension("standing", "Standing", "standing"),
        Dimension("humanitarian", "Humanitarian", "humanitarian"),
        Dimension("aid_type", "Aid type", "aid_type"),
        Dimension("finance_type", "Finance type", "finance_type"),
    )
}
# What books are cut by: their own columns. Shares and conversion belong to an edition.
BOOKS_DIMENSIONS = {
    name: DIMENSIONS[name]
    for name in (
        *("year", "movement", "participating_organization", "fund", "project", "currency"),
        *("contributor", "agreement", "category", "standing"),
    )
}
ILLUSTRATIVE = "Some amounts are illustrative: examples, not published figures."
HOLDS_INTERIM = "Interim amounts are reported and not certified yet; they can still change."
CUT_APART = (
    "Negative net funded amounts and rates outside 0 to 100% are no mistakes here: "
    "a window of years cuts transfers from the refunds and the spending that belong to them."
)
PART_OF_A_YEAR = (
    "Expenditure is reported by calendar year and counts on its last day, 31 December: "
    "a window that begins or ends within a year holds whole years of it or none."
)
NOT_STATED = ""
YES, NO = ("1", "true", "yes"), ("0", "false", "no")
EXACT = Context(prec=76)  # what engines sum in 128 bits, put together and divided by a million or two, loses no digit


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: the dimension is one of these values, or is none of them. "" is "not stated"."""

    dimension: str
    values: tuple[str, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures, cut by what, of which entries, from when to when, in which unit."""

    figures: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    since: date | None = None
    until: date | None = None  # the as-of date
    unit: str = USD
    subject: int | None = None  # only what belongs to this activity's page
    known: int | None = None  # of books: as they stood at this position of the chain

    @property
    def asked(self) -> list[AnyFigure]:
        return [figure(name) for name in self.figures]

    @property
    def movements(self) -> list[str]:
        return sorted({name for asked in self.asked for name in asked.movements})


def question(
    figures: Iterable[str],
    by: Iterable[str] = (),
    where: Iterable[str] = (),
    *,
    since: date | None = None,
    until: date | None = None,
    unit: str = USD,
    dimensions: Mapping[str, Dimension] = DIMENSIONS,
) -> Question:
    """A question from words as a person types them (`where` items are "key=value" or "key!=value").

    The same key twice means either. dimensions: those of an edition, or BOOKS_DIMENSIONS. Raises BadQuestion for a word
    that names nothing.
    """
    names = []
    for name in figures:
        try:
            names.append(figure(name).name)
        except KeyError:
            raise BadQuestion(f"There is no figure “{name}”. There are: {', '.join(sorted(FIGURES))}.") from None
    cuts = tuple(_dimension(name, dimensions).name for name in by)
    conditions: dict[tuple[str, bool], list[str]] = {}
    for item in where:
        key, equals, value = item.partition("=")
        if not equals:
            raise BadQuestion(f"“{item}” is no condition. Write KEY=VALUE, or KEY!=VALUE to exclude.")
        exclude = key.endswith("!")
        dimension = _dimension(key.removesuffix("!"), dimensions).name
        conditions.setdefault((dimension, exclude), []).append(_normal(dimension, value.strip()))
    if unit not in (USD, ORIGINAL):
        raise BadQuestion(f"There is no unit “{unit}”. There are: {USD}, {ORIGINAL}.")
    if unit == ORIGINAL and "currency" not in cuts:
        cuts = (*cuts, "currency")  # amounts of different currencies are never added
    filters = tuple(Filter(name, tuple(values), exclude) for (name, exclude), values in conditions.items())
    return Question(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(cuts)), filters, since, until, unit)


def _dimension(name: str, dimensions: Mapping[str, Dimension]) -> Dimension:
    try:
        return dimensions[name.strip().lower().replace("-", "_")]
    except KeyError:
        raise BadQuestion(f"There is no dimension “{name}”. There are: {', '.join(dimensions)}.") from None


def _normal(dimension: str, value: str) -> str:
    """A value as facts hold it; words for nothing, and the standard's own codes, are understood."""
    word = value.lower()
    if word in ("", "not stated", "unknown", "null", "none"):
        return NOT_STATED
    if dimension in ("country", "currency"):
        return value.upper()
    if dimension == "status":
        name = status(word.replace(" ", "_")).name
        if not name:
            raise BadQuestion(
                f"There is no status “{value}”. There are: {', '.join(s.name for s in STATUSES if s.name)}."
            )
        return name
    if dimension == "humanitarian":
        if word not in YES and word not in NO:
            raise BadQuestion(f"Humanitarian is true or false, not “{value}”.")
        return "true" if word in YES else "false"
    return value


@dataclass(slots=True)
class Select:
    """One SELECT with its parameters; columns says what each answered column is."""

    sql: str
    parameters: list[Any]
    by: tuple[str, ...]


@dataclass(slots=True)
class _Parts:
    joins: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)
    factors: list[str] = field(default_factory=list)

    def expression(self, dimension: Dimension) -> str:
        """The column a dimension is read from; a split one is joined once and multiplies the amount."""
        if not dimension.split:
            return f"f.{dimension.column}"
        alias = f"s_{dimension.name}"
        if alias not in self.joins:
            self.joins[alias] = (
                f" JOIN shares {alias} ON {alias}.list = f.{dimension.column} AND {alias}.dimension = '{dimension.name}'"
            )
            self.factors.append(f"{alias}.share")
        return f"{alias}.code"


def _conditions(asked: Question, parts: _Parts, family: str = "") -> None:
    """What narrows facts down to the question; one without figures asks for the entries of all movements."""
    if asked.figures:
        parts.conditions.append(f"f.movement IN ({', '.join('?' * len(asked.movements))})")
        parts.parameters.extend(asked.movements)
    else:
        parts.conditions.append("f.ordinal > 0")
    families = {f.family for f in asked.asked}
    if asked.figures and None not in families and not family:
        parts.conditions.append(f"f.family IN ({', '.join('?' * len(families))})")
        parts.parameters.extend(sorted(f for f in families if f))
    _filters(asked.where, parts)
    for sign, day in ((">=", asked.since), ("<=", asked.until)):
        if day:
            parts.conditions.append(f'f."on" {sign} ?')
            parts.parameters.append(day)
    if asked.known is not None:
        parts.conditions.append("f.position <= ?")
        parts.parameters.append(asked.known)
    if asked.subject is not None:
        parts.conditions.append("f.subject = ?")
        parts.parameters.append(asked.subject)


def _filters(where: Iterable[Filter], parts: _Parts) -> None:
    for each in where:
        expression = parts.expression(DIMENSIONS[each.dimension])
        if each.dimension in ("year", "humanitarian"):
            expression = f"CAST({expression} AS VARCHAR)"
        if each.exclude or NOT_STATED in each.values:
            expression = f"coalesce({expression}, '{NOT_STATED}')"
        word = "NOT IN" if each.exclude else "IN"
        parts.conditions.append(f"{expression} {word} ({', '.join('?' * len(each.values))})")
        parts.parameters.extend(each.values)


def select(asked: Question, *, family: str = "") -> Select:
    """Answers (dimensions…, family, movement, amount × shares, entries): sums per movement, exact, not yet divided.

    Where shares split amounts, entries with the same list of shares are added first: there are few lists, and many entries.
    family: where all facts are of one, as in books, an engine need not group by it and can walk along an index.
    """
    split = [name for name in dict.fromkeys((*asked.by, *(f.dimension for f in asked.where))) if DIMENSIONS[name].split]
    plain = [name for name in asked.by if name not in split]
    lists = list(dict.fromkeys(DIMENSIONS[name].column for name in split))
    parts = _Parts()
    _conditions(replace(asked, where=tuple(f for f in asked.where if f.dimension not in split)), parts, family)
    cuts = {name: f"by_{n}" for n, name in enumerate(asked.by)}
    named = [f"f.{DIMENSIONS[name].column} AS {cuts[name]}" for name in plain] + [f"f.{column}" for column in lists]
    grouped = [cuts[name] for name in plain] + [f"f.{column}" for column in lists]
    kinds, by_kind = (["f.family"], ["f.family"]) if not family else ([f"'{family}' AS family"], [])
    amount = "f.usd" if asked.unit == USD else "f.value"
    sql = (
        f"SELECT {', '.join([*named, *kinds, 'f.movement'])}, sum({amount}) AS amount, count(*) AS entries FROM facts f"
        f" WHERE {' AND '.join([*parts.conditions, f'{amount} IS NOT NULL'])}"
        f" GROUP BY {', '.join([*grouped, *by_kind, 'f.movement'])}"
    )
    return _split(asked, sql, parts.parameters, split, cuts) if split else Select(sql, parts.parameters, asked.by)


def _split(asked: Question, sql: str, parameters: list[Any], split: list[str], cuts: Mapping[str, str]) -> Select:
    """Sums by lists of shares, cut up by the shares."""
    parts = _Parts(parameters=parameters)
    codes = {name: parts.expression(DIMENSIONS[name]) for name in split}
    _filters((each for each in asked.where if each.dimension in split), parts)
    named = [f"{codes.get(name, f'f.{cut}')} AS {cut}" for name, cut in cuts.items()]
    grouped = [*cuts.values(), "f.family", "f.movement"]
    where = f" WHERE {' AND '.join(parts.conditions)}" if parts.conditions else ""
    return Select(
        f"SELECT {', '.join([*named, 'f.family', 'f.movement'])}, sum({' * '.join(['f.amount', *parts.factors])}) AS amount,"
        f" sum(f.entries) AS entries FROM ({sql}) f{''.join(parts.joins.values())}{where} GROUP BY {', '.join(grouped)}",
        parts.parameters,
        asked.by,
    )


def divisor(asked: Question) -> int:
    """What sums must be divided by, once per cell: a million for each dimension that splits amounts."""
    split = {name for name in (*asked.by, *(f.dimension for f in asked.where)) if DIMENSIONS[name].split}
    return int(WHOLE ** len(split))


def select_left_out(asked: Question) -> Select:
    """Answers (currency, entries) of what could not be converted, or is too large to be added."""
    parts = _Parts()
    _conditions(asked, parts)
    amount = "f.usd" if asked.unit == USD else "f.value"
    sql = (
        f"SELECT f.currency, count(DISTINCT (f.key, f.ordinal)) FROM facts f{''.join(parts.joins.values())}"
        f" WHERE {' AND '.join([*parts.conditions, f'{amount} IS NULL'])} GROUP BY f.currency ORDER BY f.currency"
    )
    return Select(sql, parts.parameters, ("currency",))


def select_company(asked: Question) -> Select:
    """Answers (publishers, illustrative entries): how many reported what is in the answer, and whether it holds examples."""
    parts = _Parts()
    _conditions(asked, parts)
    # Every entry is looked at only where the question narrows them down; `company` knows the rest by movement.
    narrowed = not asked.figures or asked.where or asked.since or asked.until or asked.subject is not None
    relation, examples = (
        ("facts", "CASE WHEN f.illustrative THEN 1 ELSE 0 END") if narrowed else ("company", "f.examples")
    )
    sql = (
        f"SELECT count(DISTINCT f.publisher), sum({examples})"
        f" FROM {relation} f{''.join(parts.joins.values())} WHERE {' AND '.join(parts.conditions)}"
    )
    return Select(sql, parts.parameters, ())


def notes(publishers: int, illustrative: int) -> list[str]:
    """What every drawing of an answer must say beside it."""
    said = []
    if publishers > 1:
        said.append(f"As reported by {publishers} publishers; the same money may appear more than once.")
    if illustrative:
        said.append(ILLUSTRATIVE)
    return said


def select_count(asked: Question) -> Select:
    """Answers how many entries there are."""
    parts = _Parts()
    _conditions(asked, parts)
    sql = f"SELECT count(*) FROM facts f{''.join(parts.joins.values())} WHERE {' AND '.join(parts.conditions)}"
    return Select(sql, parts.parameters, ())


def select_trail(asked: Question, *, limit: int, offset: int = 0, newest: bool = False) -> Select:
    """Answers the entries behind a cell, oldest first, with the part of each amount that is in the cell.

    Movements that a figure adds and takes away again are left out: their entries would not move its running total.
    """
    parts = _Parts()
    _conditions(asked, parts)
    figures = [each for each in asked.asked if isinstance(each, Figure)]
    if still := [name for name in asked.movements if figures and not any(each.times(name) for each in figures)]:
        parts.conditions.append(f"f.movement NOT IN ({', '.join('?' * len(still))})")
        parts.parameters.extend(still)
    amount = "f.usd" if asked.unit == USD else "f.value"
    part = " * ".join([amount, *parts.factors])
    sql = (
        f'SELECT f.key, f.ordinal, f.entry, f.source, f.line, f."on", f.family, f.movement, f.value, f.currency, f.usd,'
        f" f.provider, f.receiver, f.project, f.publisher, f.reference, {part} AS part"
        f" FROM facts f{''.join(parts.joins.values())}"
        f" WHERE {' AND '.join([*parts.conditions, *([f'{amount} IS NOT NULL'] if asked.figures else [])])}"
        f' ORDER BY f."on"{" DESC" if newest else ""}, f.key, f.ordinal LIMIT {int(limit)} OFFSET {int(offset)}'
    )
    return Select(sql, parts.parameters, ())


Sums = dict[tuple[Any, ...], dict[str, Decimal]]
POOLED_EXPENDITURE = {"expenditure", DIRECT_COST_EXPENDITURE}


def interim(asked: Question) -> Question | None:
    """The same question about interim money alone; None where nothing of what is asked can be interim."""
    if not POOLED_EXPENDITURE & set(asked.movements):
        return None
    return replace(asked, where=(*asked.where, Filter("standing", (INTERIM,))))


def table(
    asked: Question,
    rows: Sequence[Sequence[Any]],
    left_out: LeftOut | None = None,
    interim_rows: Sequence[Sequence[Any]] = (),
) -> Table:
    """The answer: figures put together from sums per movement. Families are kept apart: two in the answer become a column.

    interim_rows: the same sums of interim money alone; a cell that holds some says how much.
    """
    with localcontext(EXACT):
        return _table(asked, rows, left_out, interim_rows)


def _added(asked: Question, rows: Sequence[Sequence[Any]]) -> tuple[Sums, dict[str, dict[str, Decimal]]]:
    """Sums per movement under each cut, and those of all cuts together, by family."""
    width, divide = len(asked.by), divisor(asked)
    sums: Sums = {}
    totals: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        cut, family, movement, amount = tuple(row[:width]), row[width], row[width + 1], Decimal(row[width + 2])
        sums.setdefault((*cut, family), {})[movement] = amount / divide
        whole = totals.setdefault(family, {})
        whole[movement] = whole.get(movement, Decimal(0)) + amount / divide
    return sums, totals


def _table(
    asked: Question, rows: Sequence[Sequence[Any]], left_out: LeftOut | None, interim_rows: Sequence[Sequence[Any]]
) -> Table:
    sums, totals = _added(asked, rows)
    unsure, unsure_totals = _added(asked, interim_rows)
    apart = len(totals) > 1 and "family" not in asked.by
    shown = (*asked.by, "family") if apart else asked.by
    answer: list[list[Cell]] = []
    for cut in sorted(sums, key=_order):
        family = cut[-1]
        keys = cut if apart else cut[:-1]
        scope = _scope(asked, shown, keys)
        cells = [_code(value) for value in keys]
        figures = [_cell(each, family, sums[cut], scope, unsure.get(cut, {})) for each in asked.asked]
        if any(cell.value is not None for cell in figures):
            answer.append(cells + figures)
    columns = [Column(name, DIMENSIONS[name].label) for name in shown]
    columns += [Column(f.name, f.label, "money" if isinstance(f, Figure) else "percent", f.name) for f in asked.asked]
    total = None
    may_total = len(totals) == 1 and not {"currency", "family"} & set(shown) and asked.unit == USD
    if asked.by and answer and may_total and not any(DIMENSIONS[name].overlaps for name in asked.by):
        ((family, whole),) = totals.items()
        scope = _scope(asked, (), ())
        total = [Cell("", label="Total")] + [Cell("")] * (len(shown) - 1)
        total += [_cell(each, family, whole, scope, unsure_totals.get(family, {})) for each in asked.asked]
    found = Table(columns, answer, total, unit=asked.unit, left_out=left_out or LeftOut())
    found.notes = _remarks(asked, found)
    return found


def _remarks(asked: Question, answer: Table) -> list[str]:
    """What a reader must know of the numbers in an answer."""
    said = [HOLDS_INTERIM] if any(cell.interim for row in answer.rows for cell in row) else []
    cut = {"year", "quarter"} & {*asked.by, *(each.dimension for each in asked.where)}
    odd = [n for n, column in enumerate(answer.columns) if column.kind == "percent" or column.figure == "net_funded"]
    if (cut or asked.since or asked.until) and any(
        _is_odd(answer.columns[n], row[n]) for row in answer.rows for n in odd
    ):
        said.append(CUT_APART)
    begins = not asked.since or (asked.since.month, asked.since.day) == (1, 1)
    ends = not asked.until or (asked.until.month, asked.until.day) == (12, 31)
    if POOLED_EXPENDITURE & set(asked.movements) and not (begins and ends):
        said.append(PART_OF_A_YEAR)
    return said


def _is_odd(column: Column, cell: Cell) -> bool:
    if not isinstance(cell.value, Decimal):
        return False
    return cell.value < 0 or (column.kind == "percent" and cell.value > 100)


def _code(value: Any) -> Cell:
    if value is None or value == "":
        return Cell(None, why="not stated")
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    return Cell(str(value))


def _cell(
    each: AnyFigure, family: str, sums: Mapping[str, Decimal], scope: Scope, unsure: Mapping[str, Decimal]
) -> Cell:
    if each.family not in (None, family):
        return Cell(None, why="not of these books")
    value = each.of(sums)
    # what of its money is interim; of a rate, what of the money above its line
    part = (each if isinstance(each, Figure) else each.top).of(unsure)
    if value is not None and not isinstance(each, Figure):
        value = printed(value, 2)
    return Cell(
        value,
        (*scope, ("family", family)) if each.family is None else scope,
        why="" if value is not None else "none",
        interim=abs(part) if part else None,
    )


def _scope(asked: Question, shown: Sequence[str], keys: Sequence[Any]) -> Scope:
    """All that narrows the question down to one cell, as address parameters."""
    pairs = [(f"{f.dimension}!" if f.exclude else f.dimension, value) for f in asked.where for value in f.values]
    cut = [
        (name, str(key).lower() if isinstance(key, bool) else str(key or ""))
        for name, key in zip(shown, keys, strict=True)
    ]
    limits = (("since", asked.since), ("until", asked.until))
    dates = [(name, day.isoformat()) for name, day in limits if day]
    unit = [("unit", asked.unit)] if asked.unit != USD else []
    return (*pairs, *cut, *dates, *unit)


def _order(cut: tuple[Any, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None or value == "", str(value)) for value in cut)


def with_shares(answer: Table) -> Table:
    """The answer with what each amount is of its total, in per cent with one decimal, where there is a total above zero."""
    wholes = {
        n: cell.value
        for n, cell in enumerate(answer.total or ())
        if answer.columns[n].kind == "money" and isinstance(cell.value, Decimal) and cell.value > 0
    }

    def share(cell: Cell, whole: Decimal) -> Cell:
        known = isinstance(cell.value, Decimal)
        return Cell(printed(per_cent(cell.value, whole) or ZERO, 1)) if known else Cell(None, why=cell.why)  # type: ignore[arg-type]

    def widened(row: list[Cell]) -> list[Cell]:
        return [
            each for n, cell in enumerate(row) for each in ((cell, share(cell, wholes[n])) if n in wholes else (cell,))
        ]

    columns = [
        each
        for n, column in enumerate(answer.columns)
        for each in (
            (column, Column(f"{column.key}_share", "Share of the total", "percent")) if n in wholes else (column,)
        )
    ]
    total = widened(answer.total) if answer.total else None
    return replace(answer, columns=columns, rows=[widened(row) for row in answer.rows], total=total)


def crossed(asked: Question, rows: Sequence[Sequence[Any]], interim_rows: Sequence[Sequence[Any]] = ()) -> Table | None:
    """One figure by two dimensions, the second side by side; None where families, currencies or overlaps forbid a whole.

    The keys of the columns are codes of the second dimension; the last column and the last row are totals, put together from
    the sums of movements like every cell, so that rates have theirs too.
    """
    (each,), (first, second) = asked.asked, asked.by
    if len({row[2] for row in rows}) > 1 or any(DIMENSIONS[name].overlaps for name in asked.by):
        return None
    with localcontext(EXACT):
        return _crossed(asked, each, first, second, rows, interim_rows)


def _crossed(
    asked: Question,
    each: AnyFigure,
    first: str,
    second: str,
    rows: Sequence[Sequence[Any]],
    interim_rows: Sequence[Sequence[Any]],
) -> Table:
    sums, unsure = _margins(asked, rows), _margins(asked, interim_rows)
    family = rows[0][2] if rows else ""
    down = sorted({row[0] for row in rows}, key=lambda value: _order((value,)))
    across = sorted({row[1] for row in rows}, key=lambda value: _order((value,)))

    def cell(row: Any, column: Any) -> Cell:
        shown = [(name, key) for name, key in ((first, row), (second, column)) if key is not WHOLE_OF]
        scope = _scope(asked, [name for name, _ in shown], [key for _, key in shown])
        return _cell(each, family, sums.get((row, column), {}), scope, unsure.get((row, column), {}))

    kind = "money" if isinstance(each, Figure) else "percent"
    columns = [Column(first, DIMENSIONS[first].label)]
    columns += [
        Column(str(_code(code).value or NOT_STATED), DIMENSIONS[second].label, kind, each.name) for code in across
    ]
    columns.append(Column("total", "Total", kind, each.name))
    body = [[_code(row), *(cell(row, column) for column in (*across, WHOLE_OF))] for row in down]
    total = [Cell("", label="Total"), *(cell(WHOLE_OF, column) for column in (*across, WHOLE_OF))]
    found = Table(columns, body, total, unit=asked.unit, title=each.label)
    found.notes = _remarks(asked, found)
    return found


WHOLE_OF = object()  # stands for all values of a dimension together


def _margins(asked: Question, rows: Sequence[Sequence[Any]]) -> Sums:
    """Sums per movement of each pair of codes, of each code over all of the other dimension, and of everything."""
    sums: Sums = {}
    divide = divisor(asked)
    for row, column, _, movement, amount, *_ in rows:
        for at in ((row, column), (row, WHOLE_OF), (WHOLE_OF, column), (WHOLE_OF, WHOLE_OF)):
            under = sums.setdefault(at, {})
            under[movement] = under.get(movement, ZERO) + Decimal(amount) / divide
    return sums
