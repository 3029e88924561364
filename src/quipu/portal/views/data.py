"""Data: bulk files, the manifest, every source with its licence and its findings, and what was not read."""

import json
from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from quipu.edition import bulk
from quipu.edition.compare import Outline, outline
from quipu.edition.manifest import Manifest, load
from quipu.portal.render import FILES, respond
from quipu.rules.findings import RULES, SEVERITIES
from quipu.rules.table import Cell, Column, Table

A_PAGE = 200
LISTED = 10  # editions


def show(request: HttpRequest) -> HttpResponse:
    """/data"""
    manifest, gettext = request.edition.manifest, request.words.gettext
    sources = Table(
        [
            Column("file", "File"),
            Column("version", "Version"),
            Column("activities", "Activities", "count"),
            Column("transactions", "Transactions", "count"),
            Column("findings", "Findings", "count"),
            Column("complete", "Read"),
            Column("licence", "Licence"),
            Column("sha256", "SHA-256"),
        ],
        [
            [
                Cell(s["name"], link=f"{request.prefix}/data/source/{n}"),
                Cell(s["version"] or None, why="not stated"),
                Cell(s["activities"]),
                Cell(s["transactions"]),
                Cell(sum(s["findings"].values())),
                Cell("whole" if s["complete"] else "in part", label=gettext("whole" if s["complete"] else "in part")),
                Cell(s["licence"] or None, why="not stated"),
                Cell(s["sha256"], label=s["sha256"][:12]),
            ]
            for n, s in enumerate(manifest.sources)
        ],
    )
    return respond(
        request,
        "data.html",
        tables={"sources": sources},
        manifest=manifest,
        bulk=bulk.TABLES,
        editions=_editions(request),
        severities=SEVERITIES,
    )


def _editions(request: HttpRequest) -> list[tuple[Manifest, Outline | None]]:
    """The newest editions, each with what changed since the one before it as far as manifests tell."""
    numbers = request.editions.numbers()[-LISTED - 1 :]
    found = [request.editions.manifest(number) for number in numbers]
    told: list[Outline | None] = [None, *(outline(*pair) for pair in pairwise(found))]
    return [*zip(found, told, strict=True)][::-1][:LISTED]


def manifest(request: HttpRequest) -> HttpResponse:
    """/data/manifest.json: as it was sealed, and which of its parts another one took the place of since."""
    edition = request.edition
    sealed = asdict(load(edition.home, edition.number, sealed=True))
    named = {part["sha256"] for source in sealed["sources"] for part in source["parts"]}
    replaced = edition.home.withheld.replaced
    withdrawn = [replaced[sha256] for sha256 in sorted(named) if sha256 in replaced]
    said = {**sealed, "withdrawn": withdrawn} if withdrawn else sealed
    return HttpResponse(json.dumps(said, indent=1), content_type=FILES["json"][0])


def download(request: HttpRequest, table: str, suffix: str) -> HttpResponse:
    """/data/<table>.parquet and .csv: the edition's rows, made once."""
    if table not in bulk.TABLES or suffix not in bulk.FORMATS:
        raise Http404(table)
    path = bulk.file(request.edition, table, suffix)
    kind = "text/csv; charset=utf-8" if suffix == "csv" else "application/vnd.apache.parquet"
    return FileResponse(path.open("rb"), content_type=kind, as_attachment=True, filename=path.name)


def source(request: HttpRequest, number: int) -> HttpResponse:
    """/data/source/<n>: one file, what was found in it, and what was not read."""
    sources = request.edition.manifest.sources
    if number >= len(sources):
        raise Http404(str(number))
    rows = request.edition.rows(
        "SELECT line, identifier, rule, severity, detail FROM findings WHERE source = ? ORDER BY line, ordinal LIMIT 5000",
        [number],
    )
    return respond(
        request,
        "source.html",
        tables={"findings": _findings(rows, request.words.gettext)},
        source=sources[number],
        number=number,
        counted=_counted(rows),
    )


def findings(request: HttpRequest) -> HttpResponse:
    """/data/findings: what was wrong in all files, by rule, worst first."""
    rows = request.edition.rows(
        "SELECT rule, severity, count(*), count(DISTINCT source) FROM findings GROUP BY ALL ORDER BY count(*) DESC"
    )
    table = Table(
        [
            Column("rule", "Rule"),
            Column("severity", "Severity"),
            Column("sentence", "What happened, and what to do"),
            Column("count", "Times", "count"),
            Column("files", "Files", "count"),
        ],
        [
            [
                Cell(rule),
                Cell(severity, label=request.words.gettext(severity)),
                Cell(request.words.gettext(RULES[rule].sentence)),
                Cell(times),
                Cell(files),
            ]
            for rule, severity, times, files in sorted(rows, key=lambda r: (SEVERITIES.index(r[1]), -r[2]))
        ],
    )
    unread = Table(
        [Column("element", "Element"), Column("count", "Times", "count")],
        [
            [Cell(name), Cell(count)]
            for name, count in request.edition.rows("SELECT name, count FROM unread ORDER BY count DESC, name")
        ],
    )
    copies = Table(
        [
            Column("activity", "Activity"),
            Column("publisher", "Publisher"),
            Column("file", "File"),
            Column("line", "Line", "count"),
        ],
        [
            [Cell(identifier), Cell(publisher), Cell(name, link=f"{request.prefix}/data/source/{n}"), Cell(line)]
            for identifier, publisher, name, n, line in request.edition.rows(
                "SELECT c.identifier, c.publisher, s.name, c.source, c.line FROM copies c JOIN sources s USING (source)"
                " ORDER BY c.publisher, c.identifier, s.name LIMIT 2000"
            )
        ],
    )
    return respond(request, "findings.html", tables={"findings": table, "unread": unread, "copies": copies})


def _findings(rows: list[tuple[int, str, str, str, str]], gettext: Callable[[str], str]) -> Table:
    return Table(
        [
            Column("line", "Line", "count"),
            Column("severity", "Severity"),
            Column("activity", "Activity"),
            Column("rule", "Rule"),
            Column("detail", "Found"),
        ],
        [
            [
                Cell(line),
                Cell(severity, label=gettext(severity)),
                Cell(identifier or None, why="the file"),
                Cell(rule),
                Cell(detail),
            ]
            for line, identifier, rule, severity, detail in rows
        ],
    )


def _counted(rows: list[tuple[int, str, str, str, str]]) -> list[tuple[str, str, str, int]]:
    """(rule, severity, sentence, times) of the findings listed."""
    times: dict[str, int] = {}
    for *_, rule, _, _ in ((r[0], r[1], r[2], r[3], r[4]) for r in rows):
        times[rule] = times.get(rule, 0) + 1
    return [
        (rule, RULES[rule].severity, RULES[rule].sentence, n) for rule, n in sorted(times.items(), key=lambda x: -x[1])
    ]
