"""Vouchers: every entry as a list, and one entry with the lines of the file it was read from."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from quipu.edition import ask as asker
from quipu.edition import pages
from quipu.portal.render import FILES, respond
from quipu.portal.views.report import asked
from quipu.rules.asking import DIMENSIONS, ORIGINAL, BadQuestion, Question
from quipu.rules.figures import FIGURES
from quipu.rules.table import Cell, Column, Table

A_PAGE = 100
EVERYTHING = 1 << 40
MOST_EXPORTED = {"xlsx": 50_000}  # a workbook of more takes minutes; CSV and the bulk files hold everything
MOVEMENTS = sorted({m for f in FIGURES.values() for m in f.movements})
LIST = (
    Column("on", "Date", "date"),
    Column("voucher", "Voucher"),
    Column("movement", "Movement"),
    Column("provider", "From"),
    Column("receiver", "To"),
    Column("project", "Project"),
    Column("currency", "Currency"),
    Column("amount", "Amount", "money"),
    Column("usd", "In US$", "money"),
)


def listed(request: HttpRequest) -> HttpResponse:
    """/vouchers: newest first, from the configured day on unless the address says otherwise."""
    try:
        wanted = asked(request, [])
    except BadQuestion as error:
        return respond(request, "trouble.html", status=422, trouble=str(error), names=[])
    since = wanted.since or (None if "since" in request.GET else date.fromisoformat(settings.VOUCHERS_SINCE))
    wanted = Question((), (), wanted.where, since, wanted.until, ORIGINAL)
    exported = request.GET.get("format") in FILES
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdecimal() else 1
    count = asker.count(request.edition, wanted)
    steps = asker.trail(
        request.edition,
        wanted,
        limit=MOST_EXPORTED.get(request.GET["format"], EVERYTHING) if exported else A_PAGE,
        offset=0 if exported else (page - 1) * A_PAGE,
        newest=True,
    )
    table = Table(list(LIST), [], unit=ORIGINAL)
    if request.GET.get("format") == "xlsx" and count > MOST_EXPORTED["xlsx"]:
        table.notes.append("A workbook holds the newest 50,000 entries; CSV holds all of them.")
    for step in steps:
        link = f"{request.prefix}/voucher/{step.entry:x}"
        table.rows.append(
            [
                Cell(step.on.isoformat()),
                Cell(f"{step.entry:x}", label=step.reference or request.words.gettext("entry"), link=link),
                Cell(step.movement),
                Cell(step.provider or None, why="not stated"),
                Cell(step.receiver or None, why="not stated"),
                Cell(step.project or None, why="the fund itself"),
                Cell(step.currency or None, why="unknown"),
                Cell(step.value, link=link),
                Cell(step.usd, why="not converted"),
            ]
        )
    return respond(
        request,
        "vouchers.html",
        tables={"vouchers": table},
        wanted=wanted,
        since=since,
        count=count,
        page=page,
        pages=-(-count // A_PAGE),
        movements=MOVEMENTS,
        dimensions=DIMENSIONS,
    )


def show(request: HttpRequest, name: str) -> HttpResponse:
    """/voucher/<entry>: one entry, its file and line, and the lines themselves."""
    stem, _, suffix = name.partition(".")
    if suffix in FILES:
        name = stem
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    try:
        entry = int(name, 16)
    except ValueError:
        raise Http404(name) from None
    rows = request.edition.dicts(
        "SELECT f.*, e.text, e.literal, e.literal_type, e.type, e.value_date, e.provider_name, e.receiver_name,"
        " e.provider_activity, e.receiver_activity, a.title, a.identifier, a.kind, s.name AS file, s.sha256,"
        " r.rate, r.published, r.origin FROM all_facts f"
        " JOIN entries e ON e.key = f.key AND e.ordinal = f.ordinal JOIN activities a ON a.key = f.key"
        " JOIN sources s ON s.source = f.source"
        ' LEFT JOIN rates r ON r.currency = f.currency AND r.day = coalesce(e.value_date, f."on") WHERE f.entry = ?',
        [entry],
    )
    if not rows:
        raise Http404(name)
    found = rows[0]
    return respond(request, "voucher.html", record=_plain(found), found=found, lines=_lines(request, found))


def _plain(found: dict[str, object]) -> dict[str, object]:
    return {
        key: value
        for key, value in found.items()
        if key not in ("key", "geography", "sectors", "places", "sdgs", "themes", "windows", "markers")
    }


def _lines(request: HttpRequest, found: dict[str, int]) -> list[tuple[int, str]]:
    """The transaction's own lines with their numbers in the file, up to its end tag."""
    kept = pages.xml(request.edition, found["key"])
    if kept is None:
        return []
    text, first = kept
    lines = text.decode().split("\n")
    start = found["line"] - first
    shown: list[tuple[int, str]] = []
    for n, line in enumerate(lines[start : start + 80], start):
        shown.append((n + first, line[:2000]))
        if "</transaction>" in line or ":transaction>" in line:
            break
    return shown
