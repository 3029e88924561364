"""A consolidated annual report as a document to file: narrative, what is missing, the signed figures, the signature.

Typst sets it from factsheet.typ. What people wrote is handed over as words without marks, and never becomes markup.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from quipu.files import factsheet
from quipu.files.factsheet import Block, Factsheet, Section
from quipu.files.plain import EPOCH, shown
from quipu.rules import narrative
from quipu.rules.table import Cell, Column, Table, only_what_occurs

HEADING = re.compile(r"^\s*#{1,6}\s+(.*)$")
MARKED = "of which interim"
MANY = 6  # with more figures a table lies on its side
# The numbers of an annual report's tables (domain.md, Annual report)
NUMBERS = {
    "sources-and-uses": "1",
    "deposits-by-contributor": "2",
    "interest": "3",
    "transfers-by-organization": "4",
    "delivery-by-organization": "5",
    "delivery-by-project": "5, by project",
    "expenditure-by-category": "6",
    "direct-costs": "7",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What stands beside the figures. narrative: Markdown by language; interim: what of the figures is not certified, in
    sentences; signed: by whom and when, "" for a draft.
    """

    title: str
    language: str = "en"
    narrative: Mapping[str, str] = field(default_factory=dict)
    lacks: Sequence[str] = ()
    interim: Sequence[str] = ()
    statement: str = ""
    signed: str = ""
    digest: str = ""
    version: int = 1
    reason: str = ""


def draw(page: Page, tables: Mapping[str, Table], made: datetime = EPOCH) -> bytes:
    """The bytes of a PDF file. made: the moment that the file names as its own."""
    first = next(iter(tables.values()))
    known = first.about.get("known_on", "")
    kicker = f"Amounts in {first.unit}" if len({one.unit for one in tables.values()}) == 1 else "Amounts by currency"
    facts = [("As of", str(first.about.get("as_of", ""))), ("Books known at", f"entry {known}")]
    facts += [("Version", f"{page.version}: {page.reason}" if page.reason else str(page.version))]
    facts += [("Signed by", page.signed), ("Digest (SHA-256)", page.digest)] if page.signed else []
    sheet = Factsheet(
        title=page.title,
        kicker=kicker,
        language="en",
        page="page {page} of {pages}",
        foot=[page.title, f"SHA-256 of what was signed: {page.digest}"] if page.digest else [page.title],
        facts=facts,
        warnings=[*page.interim, *([] if page.signed else ["Draft: nobody has signed it."])],
        sections=list(_sections(page, tables)),
    )
    return factsheet.draw(sheet, _shown, made)


def _sections(page: Page, tables: Mapping[str, Table]) -> list[Section]:
    several = len(page.narrative) > 1
    found = []
    for language, text in page.narrative.items():
        title = f"Part one: narrative ({language})" if several else "Part one: narrative"
        found.append(Section(title, blocks(text, language)))
    if not page.narrative:
        found.append(Section("Part one: narrative", empty="No narrative was written."))
    items = list(page.lacks)
    told = Block("", ("Each of these was not in when the report was signed:",) if items else (), items)
    found.append(Section("What is missing", [told] if items else (), empty="Nothing is missing."))
    note = "Figures are those of the books at one position of their chain. Each printed cell is rounded by itself."
    for n, (name, table) in enumerate(tables.items()):
        found.append(_financial(name, only_what_occurs(table), "" if n else "Part two: financial report", note))
    if page.statement:
        signed = Block("", (page.statement, page.signed))
        found.append(Section("Statement", [signed]))
    return found


def _financial(name: str, table: Table, title: str, note: str) -> Section:
    """A table under its number; one in which nothing moved says so."""
    number = NUMBERS.get(name, "")
    heading = f"Table {number}. {table.title}" if number else table.title
    said = note if title else ""
    if not table.rows:
        return Section(title, [Block(heading, ("Nothing moved.",))], note=said)
    is_wide = sum(column.is_number for column in table.columns) > MANY
    return Section(title, tables=[replace(table, title=heading)], note=said, wide=is_wide)


def blocks(markdown: str, language: str = "") -> list[Block]:
    """Markdown as headings with their paragraphs and items, without its marks."""
    found: list[Block] = []
    heading: str = ""
    paragraphs: list[str] = []
    items: list[str] = []

    def close() -> None:
        nonlocal heading, paragraphs, items
        if heading or paragraphs or items:
            found.append(Block(heading, paragraphs, items, language))
        heading, paragraphs, items = "", [], []

    for piece in re.split(r"\n\s*\n|\n(?=\s*#{1,6}\s)", markdown.strip()):
        first, _, rest = piece.strip("\n").partition("\n")
        told = HEADING.match(first)
        if told:
            close()
            heading = narrative.plain(told[1])
        for line in narrative.plain(rest if told else piece).splitlines():
            if line.startswith("- "):
                items.append(line[2:])
            else:
                if items:
                    close()
                paragraphs.append(line)
    close()
    return found


def _shown(column: Column, cell: Cell, unit: str) -> tuple[str, str]:
    text = shown(column, cell, "({})", unit)
    mark = f"{MARKED} {shown(column, replace(cell, value=cell.interim), '({})', unit)}" if cell.interim else ""
    return text, mark
