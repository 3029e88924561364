"""Report by: any figures, up to two dimensions, filters, dates and unit; the address is the report."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from quipu.edition import reporting
from quipu.edition.ask import Step, ask, cross, in_identities, trail
from quipu.edition.manifest import is_books
from quipu.portal import choices
from quipu.portal.labels import Labels
from quipu.portal.pictures import shades
from quipu.portal.render import FILES, formula, respond
from quipu.portal.views import drawn, quoted, shared
from quipu.rules import asking
from quipu.rules.asking import DIMENSIONS, ORIGINAL, USD, BadQuestion, Question
from quipu.rules.dates import read_date
from quipu.rules.entries import MOST as ENTRIES
from quipu.rules.figures import FIGURES, AnyFigure, Rate
from quipu.rules.table import Cell, Column, Table, largest_first

SHOWN_ENTRIES = 200
EXPORTED_ENTRIES = 1 << 40
SHOWN_ROWS = 500
WIDEST = 26  # columns side by side: more are a list
OF_FUNDS = ("net_funded", "expenditure", "delivery_rate")
AS_REPORTED = ("spend",)
FAMILIES = {"pooled": "Pooled funds", "reported": "As publishers report it", None: "Of both kinds of books"}
STARTS = (  # questions people come with: their words, the figures, by what, and how
    ("Who received how much", "net_funded,expenditure,delivery_rate", "participating_organization", ""),
    ("Who gave how much", "commitments,deposits", "contributor", ""),
    ("Over the years", "deposits,net_funded,expenditure", "year", ""),
    ("In which countries", "net_funded,expenditure", "country", ""),
    ("On what it was spent", "expenditure", "category", ""),
    ("What is certified, what is interim", "expenditure", "year,standing", "cross"),
    ("Each fund, year by year", "net_funded", "fund,year", "cross"),
)
STARTS_AS_REPORTED = (
    ("Over the years", "spend", "year", ""),
    ("In which countries", "spend", "country", ""),
    ("Who received how much", "spend", "receiver", ""),
    ("Each publisher, year by year", "spend", "publisher,year", "cross"),
)
PICTURE = "png"
PROJECT = 5  # the column of a trail that may be the same all the way down


def asked(request: HttpRequest, figures: list[str] | None = None) -> Question:
    """The question an address asks. Raises BadQuestion."""
    get = request.GET
    names = figures if figures is not None else _listed(request, "figure")
    by = _listed(request, "by")
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
    """/report: nothing asked begins with what the edition holds most of, over the years."""
    has_funds = bool(request.edition.rows("SELECT 1 FROM funds LIMIT 1"))
    chosen = _listed(request, "figure") or list(OF_FUNDS if has_funds else AS_REPORTED)
    by = _listed(request, "by") or ([] if request.GET else ["year"])
    context: dict[str, Any] = {
        "groups": _groups(),
        "dimensions": DIMENSIONS,
        "filters": choices.filters(request),
        "chosen": chosen,
        "by": by,
        "units": (USD, ORIGINAL),
        "starts": STARTS if has_funds else STARTS_AS_REPORTED,
        "view": request.GET.get("view", ""),
        "shares": request.GET.get("shares") == "1",
    }
    try:
        wanted = asked(request, chosen) if request.GET else asking.question(chosen, by)
    except BadQuestion as error:
        return respond(request, "report.html", status=422, trouble=str(error), answer=None, wanted=None, **context)
    side_by_side = _crossed(request, wanted) if context["view"] == "cross" and len(wanted.by) == 2 else {}
    tables = side_by_side or {"report": _in_order(request, wanted, context["shares"])}
    return respond(
        request,
        "report.html",
        tables=tables,
        answer=next(iter(tables.values())),
        crossed={name: shades.largest(table) for name, table in side_by_side.items()},
        wanted=wanted,
        trouble="",
        most=SHOWN_ROWS,
        chips=choices.chips(request, wanted),
        drawn=drawn.of_report(request, wanted, tables["report"]) if "report" in tables else drawn.Pictures(),
        **context,
    )


def _listed(request: HttpRequest, key: str) -> list[str]:
    """Several words under one key, each on its own or with commas between."""
    return [name for value in request.GET.getlist(key) for name in value.split(",") if name]


def _groups() -> dict[str, list[AnyFigure]]:
    """All figures, in the groups a reader looks for them in."""
    groups: dict[str, list[AnyFigure]] = {}
    for each in FIGURES.values():
        groups.setdefault("Rates" if isinstance(each, Rate) else FAMILIES[each.family], []).append(each)
    return groups


def _in_order(request: HttpRequest, wanted: Question, shares: bool) -> Table:
    """The answer as a list: in the order the address asks for, else years in theirs and all others largest first."""
    answer = Labels(request.edition, request.words, request.prefix).fill(ask(request.edition, wanted))
    sort = request.GET.get("sort", "")
    if sort.removeprefix("-") in {column.key for column in answer.columns}:
        answer = largest_first(answer, sort)
    elif len(wanted.by) == 1 and wanted.by[0] not in ("year", "quarter"):
        answer = largest_first(answer, next((c.key for c in answer.columns if c.kind == "money"), ""))
    return asking.with_shares(answer) if shares else answer


def _crossed(request: HttpRequest, wanted: Question) -> dict[str, Table]:
    """A table per figure with the second dimension side by side; none where that would be too wide to read."""
    labels = Labels(request.edition, request.words, request.prefix)
    tables = {}
    for name in wanted.figures:
        table = cross(request.edition, replace(wanted, figures=(name,)))
        if table is None or (len(table.columns) > WIDEST and request.GET.get("format") not in FILES):
            return {}
        called = labels.namer(wanted.by[1], [column.key for column in table.columns[1:-1] if column.key])
        not_stated = request.words.gettext("not stated")
        table.columns[1:-1] = [replace(c, label=called(c.key) if c.key else not_stated) for c in table.columns[1:-1]]
        tables[name] = labels.fill(table)
    return tables


def figure(request: HttpRequest, name: str) -> HttpResponse:
    """/figure/<name>: the sentence, the formula, and the entries that add up to the number, with a running total."""
    stem, _, suffix = name.rpartition(".")
    if suffix in (*FILES, PICTURE):
        name = stem
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    try:
        wanted = asked(request, [name])
    except BadQuestion as error:
        return respond(request, "trouble.html", status=404, trouble=str(error), names=list(FIGURES))
    each = wanted.asked[0]
    cuts = ("currency",) if wanted.unit == ORIGINAL else ()
    whole = ask(request.edition, replace(wanted, by=cuts))
    reporting.mark(request.edition, [whole])
    if request.GET.get("format") == PICTURE:
        return HttpResponse(shared.picture(request, wanted, whole), content_type="image/png")
    if not hasattr(each, "plus"):
        return _rate(request, wanted, whole)
    exported = request.GET.get("format") in FILES
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
        quotes=quoted.quotes(request, wanted, whole),
        picture=shared.address(request, each.name),
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


def _rate(request: HttpRequest, wanted: Question, whole: Table) -> HttpResponse:
    """A rate has no entries of its own: it leads to its two figures."""
    each = wanted.asked[0]
    narrowed = (wanted.where, wanted.since, wanted.until, wanted.unit)
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
        quotes=quoted.quotes(request, wanted, whole),
        picture=shared.address(request, each.name),
    )
