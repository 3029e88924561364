"""What a cell of a return says: an amount, a comment, leave it, clear it; and which row it speaks of.

A number of a sheet is exact, as far as a sheet keeps numbers; a text that can be read two ways is a finding, never a guess.
Rows are found by key, by the project's code or the organization's own number, and by the category's code or its label in
any language of the site.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from quipu.rules import cells, typed
from quipu.rules.cells import CLEAR, CLEARING, LEAVE, Blank, Cell, Faulty, folded, text_of
from quipu.rules.findings import Finding
from quipu.rules.kinds import CATEGORIES
from quipu.rules.money import exponent
from quipu.rules.returns import rows
from quipu.rules.returns.checks import Part
from quipu.rules.returns.rows import APART, Row

LONGEST = 2_000  # characters of a comment
LARGEST = 10**15  # minor units
ADJUSTMENT = "adjustment-"  # of the key of a row whose category and year are still to be chosen
TOTAL = "total"  # of the key of a project's total


def amount(value: Cell, currency: str, decimal: str = "") -> int | Blank | Finding:
    """Minor units of the currency, or what else the cell says, or what is wrong with it.

    decimal: the sign before decimals where a file's owner has said it ("." or ","); "" where nobody did.
    """
    if isinstance(value, bool | date):
        return Finding("return-amount", "", text_of(value))
    if isinstance(value, int | float):
        try:
            return _units(cells.exact(value), currency)
        except ArithmeticError:
            return Finding("return-amount", "", str(value))
    said = text_of(value)
    if not said:
        return LEAVE
    if said.casefold() == CLEARING:
        return CLEAR
    read = typed.amount(_with_point(said, decimal), "," if decimal else "")
    if isinstance(read, str):
        return Finding("amount-two-ways" if read == typed.AMBIGUOUS else "return-amount", "", said[:80])
    return _units(read, currency)


def _with_point(text: str, decimal: str) -> str:
    """A text whose sign before decimals is known, as English writes it: three digits behind a comma are thousands then."""
    if decimal == ",":
        text = text.translate({ord("."): ",", ord(","): "."})
    if decimal and re.search(r"\.[0-9]{3}$", text) and text.count(".") == 1:
        text += "0"  # decimals, and no thousands
    return text


def _units(value: Decimal, currency: str) -> int | Finding:
    if not value.is_finite():
        return Finding("return-amount", "", str(value))
    units = value.scaleb(exponent(currency))
    if units != units.to_integral_value():
        return Finding("return-decimals", "", f"{value:f}")
    if abs(units) >= LARGEST:
        return Finding("return-amount", "", f"{value:.3e}")
    return int(units)


def comment(value: Cell) -> str | Blank | Finding:
    """The words of a comment, or what else the cell says."""
    said = text_of(value)
    if not said:
        return LEAVE
    if said.casefold() == CLEARING:
        return CLEAR
    if len(said) > LONGEST:
        return Finding("return-comment-long", "", f"{len(said):,}")
    return Finding("text-unreadable", "") if "\0" in said else said


def year(value: Cell) -> int | None:
    """The year that a cell names, as a number, a date, or a text that begins or ends with four digits; None for none."""
    if isinstance(value, date):
        return value.year
    said = text_of(value)
    found = re.fullmatch(
        r"(?:FY ?)?((?:19|20)[0-9]{2})(?:-[0-9]{2}-[0-9]{2}.*)?|[0-9]{1,2}[./][0-9]{1,2}[./]((?:19|20)[0-9]{2})", said
    )
    return int(found[1] or found[2]) if found else None


def vocabulary(labels: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """What each word stands for: codes of categories and what stands apart. labels: code and label, of every language."""
    found: dict[str, list[str]] = defaultdict(list)
    own = ((code, code) for code in (*CATEGORIES, *APART))
    for code, label in (*own, *((one.name, one.label) for one in CATEGORIES.values()), *labels):
        if code not in found[folded(label)]:
            found[folded(label)].append(code)
    return {word: tuple(codes) for word, codes in found.items()}


@dataclass(slots=True)
class Reader:
    """Finds rows of a year's returns. parts: of the organization; words: of `vocabulary`."""

    parts: Mapping[str, Part]
    year: int
    words: Mapping[str, tuple[str, ...]]
    _numbers: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, part in self.parts.items():
            if part.number:
                self._numbers.setdefault(folded(part.number), []).append(code)

    def project(self, text: str) -> str | None:
        """The code of a project by that, or by the organization's own number; None for none, and for one of two."""
        said = text.strip()
        if said in self.parts:
            return said
        first = said.split(" ", 1)[0]  # a code with its title behind
        found = self._numbers.get(folded(said)) or ([first] if first in self.parts else [])
        return found[0] if len(found) == 1 else None

    def category(self, text: str, of_year: int | None = None) -> str | None:
        """The code of a category by its code or label; of two that are called so, the year's own."""
        codes = self.words.get(folded(text), ())
        own = [code for code in codes if code in rows.categories(of_year or self.year)]
        return next(iter(own or codes), None)

    def key(self, text: str) -> Row | None:
        """The row of a key, whose project may be said by the organization's own number."""
        row = rows.read(text)
        if row is None:
            return None
        project = self.project(row.project)
        return row if project is None else row._replace(project=project)

    def row(self, told: Mapping[str, Cell]) -> Row | Faulty:
        """The row that these cells are of, by column: key, project, number, category, adjusts."""
        said = {name: text_of(told.get(name)) for name in ("key", "project", "number", "category", "adjusts")}
        project = next(
            (found for name in ("project", "number") if said[name] and (found := self.project(said[name]))), None
        )
        named = said["project"] or said["number"]
        adjusts = year(told.get("adjusts"))
        category = self.category(said["category"], adjusts) if said["category"] else None
        if said["key"] and (row := self.key(said["key"])) is not None:
            if row.project not in self.parts:
                return Faulty(Finding("return-project", ""), "key", said["key"])
            if project is not None and project != row.project:
                return Faulty(Finding("return-contradicted", "", said["key"]), "project", named)
            if not row.category.startswith(ADJUSTMENT):
                if category is not None and category != row.category:
                    return Faulty(Finding("return-contradicted", "", said["key"]), "category", said["category"])
                return row
            project = row.project
            if adjusts is None:
                return Faulty(Finding("return-adjusts", ""), "adjusts", said["adjusts"])
        if project is None:
            column = "project" if said["project"] or not said["key"] else "key"
            return Faulty(Finding("return-project", ""), column, named or said["key"])
        if category is None:
            return Faulty(Finding("return-category", ""), "category", said["category"])
        if said["adjusts"] and adjusts is None:
            return Faulty(Finding("return-adjusts", ""), "adjusts", said["adjusts"])
        return Row(project, category, adjusts)
