"""The workbook of a programme's readings for a period: a row for each indicator, rows for its parts, what may be filled in.

It is drawn of lines that say already in the reader's language what they show; what cells refuse is `files/guided`'s manner.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from quipu.files import guided
from quipu.files.guided import ASKS, EDGE, FAULT, GREY, HEAD, LONGEST_ERROR, OPEN, Guided, name_of
from quipu.rules.cells import CLEARING
from quipu.rules.results.filled import FILLED, LINK, LONGEST, NOTE, ON, SOURCE, VALUE
from quipu.rules.results.kinds import ADDED, COUNTED, Kind

COLUMNS = (
    *("key", "code", "title", "part", "unit", "kind", "baseline", "target", "last", "stands", "origin"),
    *(*FILLED, "progress", "hint", "counts", "remarks"),
)
WIDTHS = {
    **{"key": 9, "code": 10, "title": 46, "part": 20, "unit": 13, "kind": 11, "baseline": 10, "target": 11, "last": 11},
    **{"stands": 11, "origin": 24, VALUE: 14, SOURCE: 26, ON: 12, LINK: 24, NOTE: 30, "progress": 10, "hint": 46},
    **{"counts": 9, "remarks": 60},
}
AT = {name: column for column, name in enumerate(COLUMNS)}
NUMBERS = ("baseline", "target", "last", "stands", VALUE, "progress", "counts")
PRINTED = "hint"  # the last column on paper
HEADING, WHOLE, PART, FREE = (
    "heading",
    "whole",
    "part",
    "free",
)  # sorts of lines; free: a part that is still to be named
RULES = (
    *("result-count", "amount-unreadable", "result-yes-no", "result-milestone", "reading-day", "result-cells-above"),
    *("reading-source-missing", "reading-words-long", "result-value-missing"),
)
SHADE = "#F3F5F7"  # of headings
HIGH, FITS = 14, 0.95  # points of a line; how full a cell is before its text goes on below
Number = float | str  # a number where it is one


@dataclass(frozen=True, slots=True)
class Line:
    """A row. kind: of rules/results/kinds, in our word; called: the same in the reader's. list: the code of a part's list.

    is_fixed: what stands was submitted or approved, so that only another source comes beside it. is_aim: the target is of
    this period, so that it can be said how far the value has come.
    """

    sort: str
    title: str
    key: str = ""
    code: str = ""
    part: str = ""
    unit: str = ""
    kind: str = ""
    called: str = ""
    baseline: Number = ""
    target: Number = ""
    last: Number = ""
    stands: Number = ""
    origin: str = ""
    list: str = ""
    is_fixed: bool = False
    is_aim: bool = False


@dataclass(frozen=True, slots=True)
class Texts(guided.Texts):
    """What it says, in the reader's language. words: of values that are chosen, by kind; hints: while a cell is entered."""

    words: dict[str, Sequence[str]]
    value_hint: str
    fixed_hint: str
    free_hint: str


@dataclass(slots=True)
class Book:
    """What is drawn."""

    project: str
    since: date | None
    until: date
    language: str
    lines: Sequence[Line] = field(default_factory=list)

    @property
    def meta(self) -> dict[str, str]:
        """What it is for, as the hidden row says it."""
        since = self.since.isoformat() if self.since else ""
        return {"project": self.project, "since": since, "until": self.until.isoformat(), "language": self.language}


def draw(book: Book, texts: Texts) -> bytes:
    """The bytes of the workbook."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    drawing = _Drawing(made, book, texts)
    drawing.how_to()
    drawing.readings()
    drawing.lists()
    made.close()
    return out.getvalue()


Area = tuple[int, int, int, int]


class _Drawing(Guided):
    texts: Texts

    def __init__(self, made: Any, book: Book, texts: Texts) -> None:
        super().__init__(made, texts)
        self.book = book
        self.where: dict[str, list[Area]] = {}  # cells of each validation
        self.offered = {name_of(kind.replace(" ", "-")): [*words, CLEARING] for kind, words in texts.words.items()}

    def readings(self) -> None:
        """Draws the sheet that is filled in."""
        self.head(COLUMNS, WIDTHS, NUMBERS, self.book.meta, self._unneeded())
        lines = self.book.lines
        whole = HEAD + 1
        for y, line in enumerate(lines, HEAD + 1):
            whole = y if line.sort in (HEADING, WHOLE) else whole
            self._line(line, y, whole)
        last = max(HEAD + len(lines), HEAD + 1)
        self._validate()
        self._colour(last)
        self.finish(last, AT["part"], AT[PRINTED])

    def _unneeded(self) -> set[str]:
        """Columns that would be empty, and what only reckons."""
        lines = self.book.lines
        found = {
            name
            for name in ("unit", "baseline", "target", "last", "stands")
            if all(getattr(one, name) == "" for one in lines)
        }
        found |= {"origin"} if "stands" in found else set()
        found |= {"progress"} if "target" in found else set()
        found |= set() if any(one.sort == FREE for one in lines) else {"part"}
        return {"counts", *found}

    def _line(self, line: Line, y: int, whole: int) -> None:
        wrapped = max(
            len(line.title) / WIDTHS["title"], len(line.origin) / WIDTHS["origin"], len(line.unit) / WIDTHS["unit"]
        )
        if line.sort != HEADING and wrapped > FITS:
            self.sheet.set_row(y, HIGH * (1 + int(wrapped / FITS)))
        if line.sort == HEADING:
            for x in range(AT["remarks"]):
                self.sheet.write_blank(y, x, None, self.look(bg_color=SHADE, top=1, top_color=EDGE))
            look = self.look(bg_color=SHADE, bold=True, top=1, top_color=EDGE)
            self.sheet.write_string(y, AT["title"], line.title, look)
            return
        edges = {"top": 1, "top_color": EDGE} if line.sort == WHOLE else {}
        grey = self.look(font_color=GREY, font_size=8, **edges)
        self.sheet.write_string(y, AT["key"], line.key, grey)
        self._said(y, "code", line.code, self.look(**edges))
        indent = 0 if line.sort == WHOLE else 2
        self.sheet.write_string(y, AT["title"], line.title, self.look(text_wrap=True, indent=indent, **edges))
        self._said(y, "unit", line.unit, self.look(text_wrap=True, **edges))
        self._said(y, "origin", line.origin, self.look(text_wrap=True, indent=1, **edges))
        self._said(y, "kind", line.called, self.look(font_color=GREY, **edges))
        for name in ("baseline", "target", "last", "stands"):
            self._shown(y, name, getattr(line, name), edges)
        self._filled(line, y, edges)
        self._reckoned(line, y, whole, edges)

    def _said(self, y: int, name: str, text: str, look: Any) -> None:
        """A text, or a cell with nothing in it."""
        if text:
            self.sheet.write_string(y, AT[name], text, look)
        else:
            self.sheet.write_blank(y, AT[name], None, look)

    def _shown(self, y: int, name: str, value: Number, edges: dict[str, Any]) -> None:
        look = self.look(align="right", num_format="#,##0.########", text_wrap=isinstance(value, str), **edges)
        if isinstance(value, str):
            self._said(y, name, value, look)
        else:
            whole = self.look(align="right", num_format="#,##0", **edges)
            self.sheet.write_number(y, AT[name], value, whole if value == int(value) else look)

    def _filled(self, line: Line, y: int, edges: dict[str, Any]) -> None:
        """The cells that are open, and those that only an indicator's own row has."""
        open_ = {"locked": False, "bg_color": OPEN, "border": 1, "border_color": EDGE}
        is_whole = line.sort == WHOLE
        form = {Kind.COUNT: "#,##0", Kind.AMOUNT: "#,##0.########"}.get(Kind(line.kind), "@")  # 3/4 stays a text
        align = {} if line.kind == Kind.TEXT else {"align": "right"}
        self.sheet.write_blank(y, AT[VALUE], None, self.look(num_format=form, text_wrap=True, **align, **open_))
        self._lay(f"{VALUE} {line.kind}", y, VALUE)
        if line.is_fixed and is_whole:
            self._lay("fixed", y, SOURCE)
        for name in (SOURCE, ON, LINK, NOTE):
            if not is_whole:
                self.sheet.write_blank(y, AT[name], None, self.look(**edges))
                continue
            look = self.look(num_format="yyyy-mm-dd" if name == ON else "@", text_wrap=name == NOTE, indent=1, **open_)
            self.sheet.write_blank(y, AT[name], None, look)
            if not (name == SOURCE and line.is_fixed):
                self._lay(name, y, name)
        if line.sort == FREE:
            self.sheet.write_blank(y, AT["part"], None, self.look(num_format="@", **open_))
            self._lay("part", y, "part")
        else:
            self._said(y, "part", line.part, self.look(**edges))

    def _reckoned(self, line: Line, y: int, whole: int, edges: dict[str, Any]) -> None:
        """What counts for now, how far that has come, and what the rules say of the row while it is typed."""
        value, stands = self.at(y, VALUE), self.at(y, "stands")
        if line.kind in ADDED:
            kept = f'IF(ISNUMBER({stands}),{stands},"")'
            counts = f'=IF(ISNUMBER({value}),{value},IF(LOWER({value})="{CLEARING}","",{kept}))'
            shown = line.stands if isinstance(line.stands, float) else ""
            self.sheet.write_formula(y, AT["counts"], counts, self.look(**edges), shown)
        else:
            self.sheet.write_blank(y, AT["counts"], None, self.look(**edges))
        begins = line.baseline if isinstance(line.baseline, float) else 0.0
        look = self.look(num_format="0%", italic=True, font_color=GREY, **edges)
        if line.is_aim and line.kind in ADDED and isinstance(line.target, float) and line.target != begins:
            now = self.at(y, "counts")
            way = f'=IF(ISNUMBER({now}),({now}-({begins:f}))/({line.target - begins:f}),"")'
            so_far = (line.stands - begins) / (line.target - begins) if isinstance(line.stands, float) else ""
            self.sheet.write_formula(y, AT["progress"], way, look, so_far)
        else:
            self.sheet.write_blank(y, AT["progress"], None, look)
        told = '""'
        for rule, condition in reversed(list(self._conditions(line, y, whole))):
            told = f"IF({condition},rule_{name_of(rule)},{told})"
        self.sheet.write_formula(
            y, AT["hint"], f"={told}", self.look(font_size=9, font_color="#7A4B00", indent=1, **edges), ""
        )

    def _conditions(self, line: Line, y: int, whole: int) -> Iterator[tuple[str, str]]:
        """Which rule is broken when: formulas over the row, in the order in which they are told."""
        value, counts = self.at(y, VALUE), self.at(y, "counts")
        is_said = f'AND({value}<>"",LOWER({value})<>"{CLEARING}")'
        if line.kind in ADDED:
            rule = "result-count" if line.kind == Kind.COUNT else "amount-unreadable"
            wrong = f"NOT(ISNUMBER({value}))"
            if line.kind == Kind.COUNT:
                wrong = f"IF(ISNUMBER({value}),OR({value}<0,{value}<>INT({value})),TRUE)"
            yield rule, f"AND({is_said},{wrong})"
        if line.sort != WHOLE:
            yield "result-value-missing", f'AND({is_said},{self.at(whole, VALUE)}="",{self.at(whole, "stands")}="")'
            return
        beside = f"COUNTA({self.at(y, SOURCE)}:{self.at(y, NOTE)})"
        yield "result-value-missing", f'AND({beside}>0,{value}="",{self.at(y, "stands")}="")'
        yield "reading-source-missing", f'AND({is_said},{self.at(y, SOURCE)}="",{self.at(y, "origin")}="")'
        if line.kind in ADDED:
            for first, last in self._lists(y):
                parts = f"{self.at(first, 'counts')}:{self.at(last, 'counts')}"
                yield "result-cells-above", f"AND(ISNUMBER({counts}),ROUND(SUM({parts})-N({counts}),8)>0)"

    def _lists(self, y: int) -> Iterator[tuple[int, int]]:
        """First and last rows of each list under an indicator's row."""
        lines, first = self.book.lines, y + 1
        for at in range(y + 1, HEAD + 1 + len(lines)):
            line = lines[at - HEAD - 1]
            if line.sort not in (PART, FREE):
                return
            following = lines[at - HEAD] if at - HEAD < len(lines) else None
            if following is None or following.list != line.list or following.sort not in (PART, FREE):
                yield first, at
                first = at + 1

    def at(self, y: int, column: str) -> str:
        """A cell of this row, as formulas name it."""
        return str(xl_rowcol_to_cell(y, AT[column], col_abs=True))

    def _lay(self, name: str, y: int, column: str) -> None:
        """One more cell of a validation; those below one another are one area."""
        areas = self.where.setdefault(name, [])
        x = AT[column]
        if areas and areas[-1][2] == y - 1:
            areas[-1] = (areas[-1][0], x, y, x)
        else:
            areas.append((y, x, y, x))

    def _validate(self) -> None:
        asks = {"input_message": self.texts.value_hint[:LONGEST_ERROR]}
        for kind in Kind:
            places = self.where.get(f"{VALUE} {kind}", [])
            if not places:
                continue
            first = self.at(places[0][0], VALUE).replace("$", "")
            clears = f'LOWER({first})="{CLEARING}"'
            if kind == Kind.COUNT:
                whole = f"IF(ISNUMBER({first}),AND({first}>=0,{first}=INT({first})),{clears})"
                self.valid("result-count", places, {"validate": "custom", "value": f"={whole}", **asks})
            elif kind == Kind.AMOUNT:
                custom = f"=OR(ISNUMBER({first}),{clears})"
                self.valid("amount-unreadable", places, {"validate": "custom", "value": custom, **asks})
            elif kind in COUNTED:
                rule = "result-yes-no" if kind == Kind.YES_NO else "result-milestone"
                source = f"=offered_{name_of(kind.replace(' ', '-'))}"
                self.valid(rule, places, {"validate": "list", "source": source})
        if days := self.where.get(ON, []):
            first = self.at(days[0][0], ON).replace("$", "")
            custom = f'=OR(ISNUMBER({first}),LOWER({first})="{CLEARING}",LEN({first})=10)'
            self.valid("reading-day", days, {"validate": "custom", "value": custom})
        long = {"validate": "length", "criteria": "<=", "value": LONGEST}
        for name, hint in (
            ("fixed", self.texts.fixed_hint),
            (SOURCE, ""),
            (LINK, ""),
            (NOTE, ""),
            ("part", self.texts.free_hint),
        ):
            told = {"input_message": hint[:LONGEST_ERROR]} if hint else {}
            self.valid("reading-words-long", self.where.get(name, []), {**long, **told})

    def _colour(self, last: int) -> None:
        """The cells to fill in are red where a rule blocks, and yellow where something is missing beside them."""
        hint = f"${xl_rowcol_to_cell(HEAD + 1, AT['hint'])}"
        asks = ("reading-source-missing", "result-value-missing")
        blocking = ",".join(f"{hint}=rule_{name_of(rule)}" for rule in RULES if rule not in asks)
        for condition, colour in ((f"=OR({blocking})", FAULT), (f'={hint}<>""', ASKS)):
            self.sheet.conditional_format(
                *(HEAD + 1, AT[VALUE], last, AT[SOURCE]),
                {
                    "type": "formula",
                    "criteria": condition,
                    "format": self.made.add_format({"bg_color": colour}),
                    "stop_if_true": True,
                },
            )
