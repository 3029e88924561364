"""Report by: any figures, up to two dimensions, filters, dates and unit; the address is the report."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from quipu.edition.ask import Step, ask, in_identities, trail
from quipu.edition.manifest import is_books
from quipu.portal import pictures
from quipu.portal.labels import Labels
from quipu.portal.render import FILES, formula, respond
from quipu.rules import asking
from quipu.rules.asking import DIMENSIONS, ORIGINAL, USD, BadQuestion, Question
from quipu.rules.dates import read_date
from quipu.rules.entries import MOST as ENTRIES
from quipu.rules.figures import FIGURES
from quipu.rules.table import Cell, Column, Table

SHOWN_ENTRIES = 200
EXPORTED_ENTRIES = 1 << 40
SHOWN_ROWS = 500
DEFAULT_FIGURES = ("spend",)
PROJECT = 5  # the column of a trail that may be the same all the way down
FILTERS = ("publisher", "fund", "project", "country", "sector", "status", "currency")


def asked(request: HttpRequest, figures: list[str] | None = None) -> Question:
    """The question an address asks. Raises BadQuestion."""
    get = request.GET
    names = figures if figures is not None else [n for v in get.getlist("figure") for n in v.split(",") if n]
    by = [name for value in get.getlist("by") for name in value.split(",") if name]
    if len(dict.fromkeys(by)) > 2:
        raise BadQuestion("Choose at most two dimensions.")
    where = get.getlist("where") + [f"{key}={value}" for key in DIMENSIONS for value in get.getlist(key) if value]
    since, until = (_day(get.get(name, ""), end=end) for name, end in (("since", False), ("until", True)))
    typed = asking.question(names, by, where, since=since, until=until, unit=get.get("unit") or USD)
    return in_identities(request.edition, typed)


def _day(text: str, *, end: bool) -> date | None:
    """A day, a whole year's first or last day, or nothing."""
    if not text:
        return None
    if len(text) == 4 and text.isdecimal():
        text = f"{text}-12-31" if end else f"{text}-01-01"
    day = read_date(text)
    if day is None:
        raise BadQuestion(f"“{text}” is no date. Write YYYY-MM-DD, or a year.")
    return day


def show(request: HttpRequest) -> HttpResponse:
    """/report"""
    chosen = [n for v in request.GET.getlist("figure") for n in v.split(",") if n]
    context: dict[str, Any] = {
        "figures": FIGURES,
        "dimensions": DIMENSIONS,
        "filters": FILTERS,
        "chosen": chosen or list(DEFAULT_FIGURES),
        "by": [n for v in request.GET.getlist("by") for n in v.split(",") if n] or ([] if request.GET else ["year"]),
        "units": (USD, ORIGINAL),
    }
    try:
        wanted = asked(request, chosen or list(DEFAULT_FIGURES))
        if not request.GET:
            wanted = asking.question(DEFAULT_FIGURES, ["year"])
    except BadQuestion as error:
        return respond(
            request,
            "report.html",
            status=422,
            trouble=str(error),
            answer=None,
            bars=None,
            wanted=None,
            hidden=0,
            **context,
        )
    answer = Labels(request.edition, request.words, request.prefix).fill(ask(request.edition, wanted))
    if request.GET.get("sort") in {c.key for c in answer.columns}:
        _sort(answer, request.GET["sort"])
    drawn = []
    if (
        len(wanted.by) == 1
        and answer.rows
        and len(answer.columns) > 1
        and answer.columns[1].figure
        and len(answer.rows) <= 40
    ):
        drawn = pictures.bars(answer, 0, 1)
    hidden = 0
    if request.GET.get("format") not in FILES:
        hidden = max(0, len(answer.rows) - SHOWN_ROWS)
        answer.rows = answer.rows[:SHOWN_ROWS]
    return respond(
        request,
        "report.html",
        tables={"report": answer},
        answer=answer,
        wanted=wanted,
        trouble="",
        hidden=hidden,
        bars={"bars": drawn, "column": answer.columns[1]} if len(drawn) > 1 else None,
        **context,
    )


def _sort(table: Table, key: str) -> None:
    at = next(n for n, column in enumerate(table.columns) if column.key == key)
    numbers = table.columns[at].is_number
    known = [row for row in table.rows if row[at].value is not None]
    known.sort(key=lambda row: row[at].value if numbers else str(row[at].label or row[at].value), reverse=numbers)  # type: ignore[arg-type,return-value]
    table.rows = known + [row for row in table.rows if row[at].value is None]


def figure(request: HttpRequest, name: str) -> HttpResponse:
    """/figure/<name>: the sentence, the formula, and the entries that add up to the number, with a running total."""
    stem, _, suffix = name.rpartition(".")
    if suffix in FILES:
        name = stem
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    try:
        wanted = asked(request, [name])
    except BadQuestion as error:
        return respond(request, "trouble.html", status=404, trouble=str(error), names=list(FIGURES))
    each = wanted.asked[0]
    if not hasattr(each, "plus"):
        return _rate(request, wanted)
    exported = request.GET.get("format") in FILES
    whole = ask(request.edition, Question(wanted.figures, (), wanted.where, wanted.since, wanted.until, wanted.unit))
    steps = list(trail(request.edition, wanted, limit=EXPORTED_ENTRIES if exported else SHOWN_ENTRIES))
    columns = [
        Column("on", "Date", "date"),
        Column("voucher", "Entry"),
        Column("movement", "Movement"),
        Column("provider", "Provider"),
        Column("receiver", "Receiver"),
        Column("project", "Project"),
        Column("currency", "Currency"),
        Column("original", "Original amount", "money"),
        Column("amount", "Adds", "money"),
        Column("running", "Running total", "money"),
        Column("source", "File"),
        Column("line", "Line", "count"),
    ]
    names = request.edition.memo.setdefault("sources", dict(request.edition.rows("SELECT source, name FROM sources")))
    table = Table(columns, [], unit=wanted.unit, title=each.label, notes=list(whole.notes), left_out=whole.left_out)
    origins = _origins(request, steps)
    for step in steps:
        is_entry = step.ordinal > 0
        link = f"{request.prefix}/voucher/{step.entry:x}" if is_entry else ""
        table.rows.append(
            [
                Cell(step.on.isoformat()),
                Cell(
                    f"{step.entry:x}" if is_entry else f"budget {-step.ordinal}",
                    label=step.reference or request.words.gettext("entry" if is_entry else "budget"),
                    link=link,
                ),
                Cell(step.movement),
                Cell(step.provider or None, why="not stated"),
                Cell(step.receiver or None, why="not stated"),
                Cell(step.project or None, why="the fund itself"),
                Cell(step.currency or None, why="unknown"),
                Cell(step.value),
                Cell(step.part),
                Cell(step.running),
                Cell(
                    origins.get(step.entry // ENTRIES) or names[step.source],
                    link=f"{request.prefix}/data/source/{step.source}",
                ),
                Cell(step.line),
            ]
        )
    if len({row[PROJECT].value for row in table.rows}) == 1 and not exported:
        for row in (table.columns, *table.rows):
            del row[PROJECT]  # type: ignore[attr-defined]  # the same on every line, and said above
    return respond(
        request,
        "figure.html",
        tables={"entries": table},
        each=each,
        whole=whole,
        formula=formula(each.name, request.words.gettext),
        wanted=wanted,
        shown=len(steps),
        most=SHOWN_ENTRIES,
        parts=None,
    )


def _origins(request: HttpRequest, steps: list[Step]) -> dict[int, str]:
    """Where the vouchers of the books among the steps were loaded from, by their position."""
    sources = request.edition.manifest.sources
    positions = [step.entry // ENTRIES for step in steps if is_books(sources[step.source])]
    if not positions:
        return {}
    low, high = min(positions), max(positions)
    return dict(
        request.edition.rows(
            "SELECT position, origin FROM vouchers WHERE origin <> '' AND position BETWEEN ? AND ?", [low, high]
        )
    )


def _rate(request: HttpRequest, wanted: Question) -> HttpResponse:
    """A rate has no entries of its own: it leads to its two figures."""
    each = wanted.asked[0]
    narrowed = (wanted.where, wanted.since, wanted.until, wanted.unit)
    whole = ask(request.edition, Question((each.name,), (), *narrowed))
    parts = ask(request.edition, Question((each.top.name, each.base.name), (), *narrowed))  # type: ignore[union-attr]
    return respond(
        request,
        "figure.html",
        tables={"parts": parts},
        each=each,
        whole=whole,
        formula=formula(each.name, request.words.gettext),
        wanted=wanted,
        shown=0,
        most=0,
        parts=parts,
    )
