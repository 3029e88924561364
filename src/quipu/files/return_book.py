"""The workbook of an organization's returns: drawn with what stands, what may be filled in, and what its cells refuse.

What cells refuse or remark is made of the registry of rules (`rules/returns/registry`), by the names that its sentences have
there: refused while typing by validation, or said in the column beside by a formula. Technical keys in a hidden row
decide when it is read again, labels only where somebody took that row away.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from openpyxl.utils import get_column_letter
from xlsxwriter.utility import xl_rowcol_to_cell

from quipu.files import guided
from quipu.files.guided import ASKS, EDGE, FAULT, GREY, HEAD, LONGEST_ERROR, OPEN, Guided, name_of
from quipu.rules.cells import CLEARING
from quipu.rules.difference import Cells
from quipu.rules.kinds import CATEGORIES
from quipu.rules.money import exponent, of_minor_units
from quipu.rules.returns import reading, rows
from quipu.rules.returns.checks import Part
from quipu.rules.returns.registry import CHECKS
from quipu.rules.returns.rows import AMOUNT, COMMENT, INTEREST, NOTE, REFUND, Row
from quipu.rules.returns.states import FINAL

COLUMNS = (
    *("key", "fund", "project", "title", "number", "category", "adjusts", "budget", "earlier", "last", "stands"),
    *("computed", "amount", "comment", "hint", "counts", "remarks"),
)
FILLED = ("amount", "comment")
WIDTHS = {
    **{"key": 9, "fund": 13, "project": 11, "title": 27, "number": 11, "category": 40, "adjusts": 9, "comment": 38},
    **{"computed": 12, "hint": 48, "remarks": 60},
}
MONEY = 14  # the width of a column of amounts
ADJUSTING = 2  # empty rows for corrections of closed years, of each project
AT = {name: column for column, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Texts(guided.Texts):
    """What it says, in the reader's language. categories: of rows.

    adjustment: what its empty rows are for. stood: before a comment that stands.
    """

    categories: Mapping[str, str]
    total: str
    note: str
    adjustment: str
    stood: str
    amount_hint: str


@dataclass(slots=True)
class Book:
    """What is drawn. cells and closed years by fund; projects in their order."""

    organization: str
    year: int
    kind: str
    language: str
    parts: Sequence[Part]
    cells: Mapping[str, Cells] = field(default_factory=dict)
    closed: Mapping[str, Iterable[int]] = field(default_factory=dict)
    fund: str = ""
    typed: Mapping[str, tuple[float | str, str]] = field(default_factory=dict)  # amount and comment, by row

    @property
    def meta(self) -> dict[str, Any]:
        """Which returns it is for, as the hidden row says it."""
        same = ("organization", "year", "kind", "language", "fund")
        return {name: getattr(self, name) for name in same}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet: its key, what it shows, and of which sort it is. total: the sum of its project."""

    part: Part
    row: Row
    sort: str  # spending, indirect, total, interest, refund, note, adjustment
    stands: int | None = None
    comment: str = ""


def lines_of(book: Book, part: Part) -> Iterator[Line]:
    """The rows of a project: its categories and their total, what stands apart, and corrections of closed years."""
    cells = book.cells.get(part.fund, {})

    def line(row: Row, sort: str) -> Line:
        cell = cells.get(row.key, {})
        amount = cell.get(AMOUNT)
        return Line(part, row, sort, amount if isinstance(amount, int) else None, str(cell.get(COMMENT, "")))

    for name in rows.categories(book.year):
        yield line(Row(part.project, name), "indirect" if CATEGORIES[name].indirect else "spending")
    yield line(Row(part.project, reading.TOTAL), "total")
    for name in (INTEREST, REFUND):
        yield line(Row(part.project, name), name)
    standing = (rows.read(key) for key in cells)
    yield from (
        line(row, "adjusted") for row in standing if row is not None and row.project == part.project and row.adjusts
    )
    if closed_before(book, part):
        yield from (line(Row(part.project, f"{reading.ADJUSTMENT}{n}"), "adjustment") for n in range(1, ADJUSTING + 1))
    yield line(Row(part.project, NOTE), NOTE)


def closed_before(book: Book, part: Part) -> list[int]:
    """The closed years of its fund that its return may correct, the latest first."""
    if book.kind == FINAL:
        return []
    return sorted((year for year in book.closed.get(part.fund, ()) if year < book.year), reverse=True)


def draw(book: Book, texts: Texts) -> bytes:
    """The bytes of the workbook."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    drawing = _Drawing(made, book, texts)
    drawing.how_to()
    drawing.returns()
    drawing.lists()
    made.close()
    return out.getvalue()


class _Drawing(Guided):
    texts: Texts

    def __init__(self, made: Any, book: Book, texts: Texts) -> None:
        super().__init__(made, texts)
        self.book = book
        self.where: dict[str, list[tuple[int, int, int, int]]] = {}  # cells of each validation
        closed = {year for part in book.parts for year in closed_before(book, part)}
        years = [*sorted(closed, reverse=True)]
        eras = {year >= rows.NEW_CATEGORIES_FROM for year in years}
        self.offered = {
            "projects": [part.project for part in book.parts],
            "categories": [texts.categories[name] for name in rows.categories(book.year)],
            "corrected": [
                texts.categories[name]
                for era in sorted(eras, reverse=True)
                for name in rows.categories(9999 if era else 0)
            ],
            "apart": [texts.categories[name] for name in (INTEREST, REFUND)] + [texts.total, texts.note],
            "years": years,
        }

    # The sheet of returns

    def returns(self) -> None:
        y = HEAD + 1
        for part in self.book.parts:
            y = self._project(part, y)
        last = max(y - 1, HEAD + 1)
        unneeded = self._unneeded()
        self.head(COLUMNS, {name: WIDTHS.get(name, MONEY) for name in COLUMNS}, _AMOUNTS, self.book.meta, unneeded)
        self._validate(last)
        self._colour(last)
        self.finish(last, AT["adjusts"], AT["hint"])

    def _unneeded(self) -> set[str]:
        """Columns that would be empty, and what only reckons."""
        found = {"counts"}
        parts = self.book.parts
        if not any(part.number for part in parts):
            found.add("number")
        if not any(part.budgets for part in parts):
            found.add("budget")
        if not self.offered["years"] and not any(row.adjusts for row in self._rows()):
            found.add("adjusts")
        if len({part.fund for part in parts}) < 2 and self.book.fund:
            found.add("fund")
        return found

    def _rows(self) -> Iterator[Row]:
        for cells in self.book.cells.values():
            yield from filter(None, map(rows.read, cells))

    def _project(self, part: Part, y: int) -> int:
        """Draws the rows of a project from there on, and answers where the next one begins."""
        lines = list(lines_of(self.book, part))
        spending = [y + n for n, line in enumerate(lines) if line.sort in ("spending", "indirect")]
        span = (spending[0], spending[-1], y, y + len(lines) - 1)
        for n, line in enumerate(lines):
            self._line(line, y + n, span, is_first=n == 0, is_last=n == len(lines) - 1)
        return y + len(lines)

    def _line(self, line: Line, y: int, span: tuple[int, int, int, int], *, is_first: bool, is_last: bool) -> None:
        part, row, texts, sheet = line.part, line.row, self.texts, self.sheet
        edges = {"top": 1, "top_color": EDGE} if is_first else {}
        if is_last:
            edges = {**edges, "bottom": 1, "bottom_color": EDGE}
        strong = {"bold": True} if line.sort == "total" else {}
        quiet = self.look(font_color=GREY, **edges)
        named = self.look(**edges) if is_first else quiet
        sheet.write_string(y, AT["key"], row.key, self.look(font_color="#A6A6A6", font_size=7, shrink=False, **edges))
        sheet.write_string(y, AT["fund"], f"{part.fund} · {part.currency}", quiet)
        sheet.write_string(y, AT["project"], part.project, named)
        sheet.write_string(y, AT["title"], part.title, named)
        sheet.write_string(y, AT["number"], part.number, quiet)
        self._category(line, y, edges, strong)
        money = _form(part.currency)
        shown = self.look(num_format=money, font_color="#404040", **edges, **strong)
        for name in ("budget", "earlier", "last", "stands"):
            self._shown(line, name, y, span, shown)
        self._filled(line, y, span, edges, money)
        self._beside(line, y, span, edges, money)
        for name in ("counts", "remarks"):
            if name == "counts" and line.sort not in ("total", NOTE):
                amount, stands = self.at(y, "amount"), self.at(y, "stands")
                formula = f'=IF({amount}="",IF({stands}="","",{stands}),IF(ISNUMBER({amount}),{amount},""))'
                value = _decimal(line.stands, part.currency)
                sheet.write_formula(y, AT[name], formula, quiet, "" if value is None else float(value))
            elif name == "remarks":
                sheet.write_blank(y, AT[name], None, self.look(text_wrap=True, **edges))
        if line.comment:
            sheet.write_comment(y, AT["stands"], f"{texts.stood}\n{line.comment}", {"x_scale": 2, "author": "Quipu"})

    def at(self, y: int, name: str) -> str:
        """The address of a cell."""
        return str(xl_rowcol_to_cell(y, AT[name], col_abs=True))

    def over(self, first: int, last: int, name: str) -> str:
        """The address of cells one below the other."""
        return f"{self.at(first, name)}:{self.at(last, name)}"

    def _category(self, line: Line, y: int, edges: dict[str, Any], strong: dict[str, Any]) -> None:
        sheet, texts, row = self.sheet, self.texts, line.row
        is_open = line.sort == "adjustment"
        look = (
            self.look(locked=False, bg_color=OPEN, border=1, border_color=EDGE)
            if is_open
            else self.look(**edges, **strong)
        )
        label = {"total": texts.total, NOTE: texts.note}.get(line.sort) or texts.categories.get(
            row.category, row.category
        )
        if is_open:
            sheet.write_blank(y, AT["category"], None, look)
            sheet.write_blank(
                y, AT["adjusts"], None, self.look(locked=False, bg_color=OPEN, border=1, border_color=EDGE)
            )
            self._lay("return-category", y, "category")
            self._lay("return-adjusts", y, "adjusts")
            return
        sheet.write_string(y, AT["category"], label, look)
        if row.adjusts:
            sheet.write_number(y, AT["adjusts"], row.adjusts, self.look(**edges))
        else:
            sheet.write_blank(y, AT["adjusts"], None, self.look(**edges))
        self._lay("return-category-era" if line.sort in ("spending", "indirect") else "apart", y, "category")

    def _lay(self, rule: str, y: int, name: str) -> None:
        """Marks a cell for a validation; cells one below the other are one place."""
        places = self.where.setdefault(rule, [])
        if places and places[-1][2] == y - 1:
            places[-1] = (places[-1][0], AT[name], y, AT[name])
        else:
            places.append((y, AT[name], y, AT[name]))

    def _shown(self, line: Line, name: str, y: int, span: tuple[int, int, int, int], look: Any) -> None:
        part, category, year = line.part, line.row.category, self.book.year
        if line.sort == "total":
            values = [self._value(name, Line(part, Row(part.project, one), "")) for one in rows.categories(year)]
            total = of_minor_units(sum(value for value in values if value is not None), part.currency)
            if name == "stands":
                total = self._standing(part)
            self.sheet.write_formula(y, AT[name], f"=SUM({self.over(span[0], span[1], name)})", look, float(total))
            return
        value = None
        if line.sort in ("spending", "indirect") and category:
            value = self._value(name, line)
        elif line.sort == REFUND and name in ("earlier", "last"):
            since = 0 if name == "earlier" else year - 1
            value = part.movement("refund", year - 1, since)
        if name == "stands":
            value = line.stands
        amount = _decimal(value, part.currency)
        if amount is None:
            self.sheet.write_blank(y, AT[name], None, look)
        else:
            self.sheet.write_number(y, AT[name], amount, look)

    def _value(self, name: str, line: Line) -> int | None:
        part, category, year = line.part, line.row.category, self.book.year
        match name:
            case "budget":
                return part.budget(category)
            case "earlier":
                return part.spending(until=year - 1, category=category)
            case "last":
                return part.spending(year - 1, year - 1, category=category)
        return None

    def _standing(self, part: Part) -> Decimal:
        cells = self.book.cells.get(part.fund, {})
        keys = (Row(part.project, name).key for name in rows.categories(self.book.year))
        found = [cells.get(key, {}).get(AMOUNT) for key in keys]
        return of_minor_units(sum(one for one in found if isinstance(one, int)), part.currency)

    def _filled(self, line: Line, y: int, span: tuple[int, int, int, int], edges: dict[str, Any], money: str) -> None:
        sheet = self.sheet
        if line.sort == "total":
            look = self.look(num_format=money, bold=True, **edges)
            total = float(self._standing(line.part))
            sheet.write_formula(y, AT["amount"], f"=SUM({self.over(span[0], span[1], 'counts')})", look, total)
            sheet.write_blank(y, AT["comment"], None, self.look(**edges))
            return
        open_ = {"locked": False, "bg_color": OPEN, "border": 1, "border_color": EDGE}
        amount, comment = self.book.typed.get(line.row.key, ("", ""))
        if line.sort == NOTE:
            sheet.write_blank(y, AT["amount"], None, self.look(**edges))
        else:
            write = sheet.write_string if isinstance(amount, str) and amount else sheet.write
            write(y, AT["amount"], None if amount == "" else amount, self.look(num_format=money, **open_))
            self._lay("return-amount", y, "amount")
        sheet.write(y, AT["comment"], comment or None, self.look(text_wrap=True, indent=1, **open_))
        self._lay("return-comment-long", y, "comment")

    def _beside(self, line: Line, y: int, span: tuple[int, int, int, int], edges: dict[str, Any], money: str) -> None:
        """What indirect cost would be, and what the rules say of the row while it is typed."""
        sheet, part = self.sheet, line.part
        if line.sort == "indirect":
            rate = part.indirect_rate
            places = exponent(part.currency)
            formula = f"=ROUND(SUM({self.over(span[0], span[1] - 1, 'counts')})*{rate}/100,{places})"
            sheet.write_formula(
                y, AT["computed"], formula, self.look(num_format=money, italic=True, font_color=GREY, **edges)
            )
        else:
            sheet.write_blank(y, AT["computed"], None, self.look(**edges))
        hint = self._hint(line, y, span)
        look = self.look(font_size=9, font_color="#7A4B00", **edges)  # over its edge: rows keep their height
        if hint:
            sheet.write_formula(y, AT["hint"], f"={hint}", look, "")
        else:
            sheet.write_blank(y, AT["hint"], None, look)

    def _hint(self, line: Line, y: int, span: tuple[int, int, int, int]) -> str:
        """A formula: the sentence of the first rule that the row breaks."""
        found = [
            (rule, condition)
            for rule, condition in _conditions(self, line, y, span)
            if rule in self.texts.rules  # which are those of the registry
        ]
        told = '""'
        for rule, condition in reversed(found):
            told = f"IF({condition},rule_{name_of(rule)},{told})"
        return told if found else ""

    def _validate(self, last: int) -> None:
        if not self.book.parts:
            return
        first = self.at(HEAD + 1, "amount")
        self.valid(
            "return-project",
            [(HEAD + 1, AT["project"], last, AT["project"])],
            {"validate": "list", "source": "=offered_projects"},
        )
        of_year = {"validate": "list", "source": "=offered_categories"}
        self.valid("return-category-era", self.where.get("return-category-era", []), of_year)
        asked = {"input_message": self.texts.adjustment[:LONGEST_ERROR]}
        corrected = {"validate": "list", "source": "=offered_corrected", **asked}
        self.valid("return-category", self.where.get("return-category", []), corrected)
        self.valid("return-category", self.where.get("apart", []), {"validate": "list", "source": "=offered_apart"})
        years = {"validate": "list", "source": "=offered_years", **asked}
        self.valid("return-adjusts", self.where.get("return-adjusts", []), years)
        places = self.where.get("return-amount", [])
        if places:
            first = self.at(places[0][0], "amount")
            custom = f'=OR(ISNUMBER({first}),LOWER({first})="{CLEARING}")'
            hint = self.texts.amount_hint
            self.valid(
                "return-amount", places, {"validate": "custom", "value": custom, "input_message": hint[:LONGEST_ERROR]}
            )
        long = {"validate": "length", "criteria": "<=", "value": reading.LONGEST}
        self.valid("return-comment-long", self.where.get("return-comment-long", []), long)

    def _colour(self, last: int) -> None:
        """The cells to fill in are red where a rule blocks, and yellow where one wants a comment."""
        hint = f"$%s{HEAD + 2}" % get_column_letter(AT["hint"] + 1)
        blocking = ",".join(f"{hint}=rule_{name_of(rule)}" for rule in _SAID_AT_ONCE if rule in self.texts.rules)
        cells = (HEAD + 1, AT["amount"], last, AT["comment"])
        for condition, colour in ((f"=OR({blocking})", FAULT), (f'={hint}<>""', ASKS)):
            self.sheet.conditional_format(
                *cells,
                {
                    "type": "formula",
                    "criteria": condition,
                    "format": self.made.add_format({"bg_color": colour}),
                    "stop_if_true": True,
                },
            )


_AMOUNTS = ("budget", "earlier", "last", "stands", "amount", "computed")
_SAID_AT_ONCE = ("return-amount", "return-decimals", "return-negative")


def _conditions(at: _Drawing, line: Line, y: int, span: tuple[int, int, int, int]) -> Iterator[tuple[str, str]]:
    """Which rule is broken when: formulas over the row, in the order in which they are told."""
    part, year, final = line.part, at.book.year, at.book.kind == FINAL
    amount, counts, comment = at.at(y, "amount"), at.at(y, "counts"), at.at(y, "comment")
    silent = f'{comment}=""' if not line.comment else "FALSE"
    minor = Decimal(1).scaleb(-exponent(part.currency))
    if line.sort == NOTE:
        yield from _of_project(at, line, span)
        return
    if line.sort == "total":
        return
    yield "return-amount", f'AND({amount}<>"",NOT(ISNUMBER({amount})),LOWER({amount})<>"{CLEARING}")'
    yield (
        "return-decimals",
        f"IF(ISNUMBER({amount}),ABS({amount}-ROUND({amount},{exponent(part.currency)}))>{minor / 1000:f},FALSE)",
    )
    if line.sort in ("adjustment", "adjusted"):
        yield "return-adjustment", f"AND({silent},N({counts})<>0)"
        return
    yield "return-negative", f"N({counts})<0"
    if line.sort == REFUND:
        held = _decimal(part.movement("refund", year, 0 if final else year), part.currency)
        yield "return-refund", f"AND({silent},ISNUMBER({counts}),ABS(N({counts})-{held:f})>={minor:f})"
    if line.sort not in ("spending", "indirect"):
        return
    if part.ended is not None and part.ended.year < year and not final:
        yield "return-after-end", f"AND({silent},N({counts})<>0)"
    if line.sort == "indirect":
        computed = at.at(y, "computed")
        said = f"COUNT({at.over(span[0], span[1], 'counts')})>0"
        yield "return-indirect", f"AND({silent},{said},ABS(N({counts})-{computed})>{minor * 3 / 2:f})"
    room = 1 + part.shift / 100
    budget, plan = part.budget(line.row.category), part.budget(line.row.category, year)
    if budget is not None:
        most = of_minor_units(budget, part.currency) * room
        earlier = (
            Decimal(0)
            if final
            else of_minor_units(part.spending(until=year - 1, category=line.row.category), part.currency)
        )
        yield "return-above-budget", f"AND({silent},N({counts})>0,N({counts})+({earlier:f})>{most:f})"
    if plan is not None and not final:
        yield "return-above-plan", f"AND({silent},N({counts})>{of_minor_units(plan, part.currency) * room:f})"


def _of_project(at: _Drawing, line: Line, span: tuple[int, int, int, int]) -> Iterator[tuple[str, str]]:
    """What is told of a project as a whole, in the row of its note; any comment in its rows answers it."""
    part, year, final = line.part, at.book.year, at.book.kind == FINAL
    counts = at.over(span[0], span[1], "counts")
    stands = any(cell.get(COMMENT) for key, cell in at.book.cells.get(part.fund, {}).items() if _of(part, key))
    silent = "FALSE" if stands else f"COUNTA({at.over(span[2], span[3], 'comment')})=0"
    said = f"{silent},COUNT({counts})>0"
    before = Decimal(0) if final else of_minor_units(part.spending(until=year - 1), part.currency)
    certified = of_minor_units(part.spending(until=year, standing="certified"), part.currency)
    funded = of_minor_units(part.funded(year), part.currency)
    yield "return-below-certified", f"AND({said},ROUND(SUM({counts})+({before:f}),4)<{certified:f})"
    yield "return-above-funded", f"AND({said},ROUND(SUM({counts})+({before:f}),4)>{funded:f})"
    if part.reports_on(year) and (part.movement("transfer", year, year) > 0 or part.spending(year - 1, year - 1) > 0):
        yield "return-zero", f"AND({said},SUM({counts})=0)"
    if final:
        left = of_minor_units(part.funded(9999), part.currency)
        yield "return-balance", f"AND({said},ROUND({left:f}-SUM({counts}),4)<>0)"


def _of(part: Part, key: str) -> bool:
    row = rows.read(key)
    return row is not None and row.project == part.project


def _form(currency: str) -> str:
    places = exponent(currency)
    plain = "#,##0" + ("." + "0" * places if places else "")
    return f"{plain};-{plain}"


def _decimal(units: int | None, currency: str) -> Decimal | None:
    return None if units is None else of_minor_units(units, currency)


def rule_names() -> list[str]:
    """The rules whose sentences it holds: those that the registry gives a cell, and two that its own columns need."""
    return [*(name for name, check in CHECKS.items() if check.cell), "return-adjusts", "return-comment-long"]
