"""A programme's annual narrative as a document to file: what it wrote, and what the books and the records say of its year.

Typst sets it from factsheet.typ. What people wrote is handed over as words without marks, and never becomes markup.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from quipu.files import factsheet
from quipu.files.factsheet import Block, Factsheet, Section
from quipu.files.plain import EPOCH, shown
from quipu.files.report import blocks
from quipu.rules import monitoring
from quipu.rules.money import of_minor_units
from quipu.rules.monitoring import told_in
from quipu.rules.results import beneficiaries
from quipu.rules.table import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class Page:
    """All that is printed. parts: words by part and language; facts: as actions/monitoring/facts gives them.

    lacks: what is missing, in sentences. handed, accepted: the days, accepted "" for a draft.
    """

    title: str
    fund: str
    year: int
    version: int
    parts: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, Any]
    lacks: Sequence[str] = field(default_factory=tuple)
    reason: str = ""
    handed: str = ""
    accepted: str = ""


def draw(page: Page, made: datetime = EPOCH) -> bytes:
    """The bytes of a PDF file. made: the moment that the file names as its own."""
    version = f"{page.version}: {page.reason}" if page.reason else str(page.version)
    known = [("Books known at", f"entry {page.facts['head']}"), ("Asked on", page.facts["asked"])]
    days = [("Handed over", page.handed), ("Accepted by the fund's secretariat", page.accepted)]
    sheet = Factsheet(
        title=page.title,
        kicker=f"{page.fund} · amounts in {page.facts['currency']}",
        language="en",
        page="page {page} of {pages}",
        foot=[page.title],
        facts=[("Year", str(page.year)), ("Version", version), *known, *(one for one in days if one[1])],
        warnings=[
            *([] if page.accepted else ["Draft: the fund's secretariat has not accepted it."]),
            *(["Amounts are illustrative."] if page.facts["illustrative"] else []),
        ],
        sections=[*_written(page), *_read(page)],
    )
    return factsheet.draw(sheet, _shown, made)


def _shown(column: Column, cell: Cell, unit: str) -> tuple[str, str]:
    return shown(column, cell, "({})", unit), ""


def _written(page: Page) -> list[Section]:
    """What the programme wrote, part by part, in each language."""
    found = []
    for part, heading in monitoring.PARTS.items():
        told = {language: text for language, text in page.parts.get(part, {}).items() if text}
        lines = [
            block
            for language, text in told.items()
            for block in [*([Block(_tongue(language))] if len(told) > 1 else []), *blocks(text, language)]
        ]
        if lines or part in monitoring.WANTED:
            found.append(Section(heading, lines, empty="The programme did not write this part."))
    return found


def _tongue(language: str) -> str:
    return {"en": "In English", "es": "En español", "fr": "En français"}.get(language, language)


def _read(page: Page) -> list[Section]:
    """What the books and the records say."""
    facts = page.facts
    found = [*_results(facts["results"]), _beneficiaries(facts["beneficiaries"]), _money(page)]
    found.append(_list("What changed in the year", [_change(one) for one in facts["changed"]], "Nothing is recorded."))
    found.append(_list("Reviews and their improvement plans", [_review(one) for one in facts["reviews"]], "None."))
    found.append(_list("Risks and issues", [_risk(one) for one in facts["risks"]], "None is public."))
    lessons = [_lesson(one) for one in facts["lessons"]]
    found.append(_list("Lessons and best practices of the year", lessons, "None was approved."))
    papers = [f"{_first(one['titles'])} ({one['on']})" for one in facts["documents"]]
    found.append(_list("Documents of the year", papers, "None is public."))
    found.append(_list("What is missing", list(page.lacks), "Nothing is missing."))
    return found


def _list(title: str, items: Sequence[str], empty: str) -> Section:
    return Section(title, [Block("", (), items)] if items else (), empty=empty)


def _first(titles: Mapping[str, str]) -> str:
    return told_in(titles, "en")[1]


def _results(results: Sequence[Mapping[str, Any]]) -> list[Section]:
    """A table of indicators for each result that has some."""
    tables, lone = [], []
    for one in results:
        number = {"outcome": f"Outcome {one['number']}", "output": f"Output {one['number']}"}.get(one["level"], "")
        title = ": ".join(filter(None, (number or "The programme", _first(one["titles"]))))
        if one["indicators"]:
            tables.append(_indicators(title, one["indicators"]))
        else:
            lone.append(title)
    note = "Each source's reading of the year stands by itself; the one that is reported is marked with *."
    if not results:
        return [Section("Results", empty="No framework of results is kept.")]
    return [Section("Results", [Block("", (), lone)] if lone else (), tables, note=note)]


def _indicators(title: str, indicators: Sequence[Mapping[str, Any]]) -> Table:
    names = ("Indicator", "Baseline", "Target", "Period to", "Reading", "Source")
    columns = [Column(name.lower().replace(" ", "_"), name) for name in names]
    rows = []
    for one in indicators:
        unit = _first(one["unit"])
        name = f"{_first(one['titles'])} ({unit})" if unit else _first(one["titles"])
        target = "; ".join(f"{each['value']} by {each['until']}" for each in one["targets"]) or "–"
        first = [Cell(name), Cell(one["baseline"] or "–"), Cell(target)]
        for n, each in enumerate(one["readings"]):
            mark = " *" if each["reported"] else ""
            said = [Cell(each["until"]), Cell(f"{each['value']}{mark}"), Cell(each["source"])]
            rows.append([*(first if n == 0 else [Cell("")] * 3), *said])
        if not one["readings"]:
            rows.append([*first, Cell("–"), Cell("no reading"), Cell("–")])
    return Table(columns, rows, title=title)


def _beneficiaries(told: Mapping[str, Any]) -> Section:
    if not told:
        return Section("Beneficiaries", empty="No table of beneficiaries is kept.")
    columns = [Column("who", "Who")] + [
        Column(f"{way}_{aspect}", f"{beneficiaries.WAYS[way]}, {label.lower()}", "count")
        for way in beneficiaries.WAYS
        for aspect, label in beneficiaries.ASPECTS.items()
    ]
    counts = told["counts"]
    rows = []
    for who, label in beneficiaries.WHO.items():
        cells = [
            Cell(counts.get(f"{way}/{aspect}/{who}"), label="–", why="not stated")
            for way in beneficiaries.WAYS
            for aspect in beneficiaries.ASPECTS
        ]
        if any(cell.value is not None for cell in cells):
            rows.append([Cell(label), *cells])
    note = f"As of {told['until']}. {told['source']}".strip()
    empty = "No count of people that may be printed."
    return Section("Beneficiaries", tables=[Table(columns, rows)] if rows else (), note=note, empty=empty)


def _money(page: Page) -> Section:
    currency = page.facts["currency"]

    def amount(units: int) -> Cell:
        return Cell(Decimal(of_minor_units(units, currency)))

    columns = [Column("organization", "Organization"), Column("received", "Received less refunds", "money")]
    columns += [Column("certified", "Spent, certified", "money"), Column("interim", "Spent, interim", "money")]
    rows = [
        [Cell(row["name"]), amount(row["received"]), amount(row["certified"]), amount(row["interim"])]
        for row in page.facts["money"]
    ]
    total = [Cell("Total")] + [
        amount(sum(row[name] for row in page.facts["money"])) for name in ("received", "certified", "interim")
    ]
    note = (
        f"Figures of the books for {page.year}, known at entry {page.facts['head']}. Interim figures can still change."
    )
    table = Table(columns, rows, total, unit=currency)
    return Section("Money", tables=[table] if rows else (), note=note, empty="No organization participates.")


def _change(one: Mapping[str, Any]) -> str:
    if one["what"] == "target":
        return f"{one['on']}: target of “{_first(one['titles'])}” is now {one['value'] or 'given up'}: {one['why']}"
    said = {"status": f"status {one['status'].replace('-', ' ')}", "extend": f"extended until {one['until']}"}
    whom = f" ({one['whom']})" if one["whom"] else ""
    return f"{one['on']}: {said.get(one['what'], one['what'].replace('-', ' '))}{whom}"


def _review(one: Mapping[str, Any]) -> str:
    plan = f"{one['recommended']} recommendations, {one['answered']} answered; actions: {one['done']} done, {one['open']} open"
    title, kind = _first(one["titles"]), monitoring.KINDS[one["kind"]]
    named = title if kind.lower() in title.lower() else f"{kind}: {title}"
    when = f" ({one['on']})" if one["on"] else ""
    return f"{named}{when}. {plan}."


def _risk(one: Mapping[str, Any]) -> str:
    kind = monitoring.RISK_KINDS[one["kind"]]
    grave = f"impact {monitoring.DEGREES[one['impact']].lower()}"
    if one["likelihood"]:
        grave = f"likelihood {monitoring.DEGREES[one['likelihood']].lower()}, {grave}"
    answer = _first(one["answers"])
    state = monitoring.RISK_STATES[one["state"]].lower()
    told = f"{kind}: {_first(one['texts'])} ({grave}; {state}, looked at on {one['reviewed_on']})"
    return f"{told} Answer: {answer}" if answer else told


def _lesson(one: Mapping[str, Any]) -> str:
    whose = f" ({one['whose']})" if one["whose"] else ""
    return f"{monitoring.LESSON_KINDS[one['kind']]}: {_first(one['titles'])}{whose}"
