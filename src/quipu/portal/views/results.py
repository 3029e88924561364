"""Results: one indicator with everything behind it, all of an activity as tables, and what several programmes come to."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict

from quipu.edition import results as edition_results
from quipu.edition.pages import Record
from quipu.edition.results import Together
from quipu.portal import addresses
from quipu.portal import results as told
from quipu.portal.labels import Labels
from quipu.portal.render import FILES, respond
from quipu.portal.results import Aim, Indicator, Results
from quipu.portal.sheet import Sheet, titles
from quipu.portal.views import lists, registers
from quipu.rules.results.kinds import DIRECTIONS, GATHERS, SENTENCES
from quipu.rules.results.rolling import REASONS, WAYS
from quipu.rules.table import Cell, Column, Table

LISTED = 100  # activities of which no indicator is measured alike elsewhere


def tables(results: Results, record: Record, request: HttpRequest) -> dict[str, Table]:
    """All results of an activity as tables for files; only those that hold rows."""
    gettext = request.words.gettext
    each = results.indicators
    found = {
        "results": _indicators(each, record, request),
        "readings": _readings(each, gettext),
        "targets": _targets(each, gettext),
        "disaggregation": _cells(each, gettext),
        "beneficiaries": _people(results),
    }
    return {name: table for name, table in found.items() if table.rows}


Told = list[tuple[Aim, Aim | None, Indicator]]


def _head(aim: Aim, output: Aim | None) -> list[Cell]:
    return [
        Cell(aim.title.text or None, lang=aim.title.lang, why="not stated"),
        Cell(output.title.text if output else None, lang=output.title.lang if output else "", why="none"),
    ]


def _named(one: Indicator) -> list[Cell]:
    return [Cell(one.place), Cell(one.title.text or None, lang=one.title.lang)]


def _indicators(each: Told, record: Record, request: HttpRequest) -> Table:
    columns = [Column("outcome", "Outcome"), Column("output", "Output"), Column("number", "Number")]
    columns += [Column("indicator", "Indicator"), Column("unit", "Unit"), Column("measured_as", "Measured as")]
    columns += [Column("value", "Value"), Column("baseline", "Baseline"), Column("target", "Target")]
    columns += [Column("progress", "Progress in per cent", "percent"), Column("since", "From", "date")]
    columns += [
        Column("until", "Until", "date"),
        Column("source", "Source"),
        Column("source_on", "Date of the source", "date"),
    ]
    columns += [Column("link", "Link"), Column("others", "Other sources say"), Column("choice", "Why this value")]
    columns += [Column("approved", "Approved", "date")]
    rows = []
    for aim, output, one in each:
        last = one.last
        link = request.prefix + told.address(record["identifier"], one.place)
        rows.append(
            [
                *_head(aim, output),
                *_named(one),
                Cell(one.unit.text or None, lang=one.unit.lang),
                Cell(str(one.kind), label=request.words.gettext(str(one.kind))),
                Cell(_exact(one), label=one.shown, link=link, why=last.why if last and last.why else "not yet"),
                Cell(one.baseline or None, label=one.baseline_shown),
                Cell(
                    str(one.aim) if one.aim is not None and one.is_kept else one.aim_shown or None, label=one.aim_shown
                ),
                Cell(round(one.way.share, 2) if one.way else None, why="none"),
                *_about(last),
                Cell("; ".join(other.raw for other in one.others) or None, why="none"),
                Cell(one.choice or None, why="none"),
                Cell(last.approved or None if last else None, why="not yet"),
            ]
        )
    return Table(columns, rows)


def _exact(one: Indicator) -> str | None:
    if one.is_sum and one.now.value is not None:
        return str(one.now.value)
    return (one.last.raw or None) if one.last else None


def _about(last: told.Reading | None, link: str = "") -> list[Cell]:
    if last is None:
        return [Cell(None) for _ in range(5)]
    return [
        Cell(last.since or None, why="from the beginning"),
        Cell(last.until or None),
        Cell(last.source.text or None, lang=last.source.lang, link=link),
        Cell(last.on or None),
        Cell(last.link or None, link=last.link, why="none"),
    ]


def _readings(each: Told, gettext: Callable[[str], str]) -> Table:
    columns = [Column("number", "Number"), Column("indicator", "Indicator"), Column("value", "Value")]
    columns += [Column("counts", "Counts"), Column("since", "From", "date"), Column("until", "Until", "date")]
    columns += [Column("source", "Source"), Column("source_on", "Date of the source", "date"), Column("link", "Link")]
    columns += [
        Column("choice", "Why this value"),
        Column("stands", "How it stands"),
        Column("approved", "Approved", "date"),
    ]
    rows = []
    for *_, one in each:
        used = {id(reading) for reading in one.counting}
        for reading in one.readings:
            counts = id(reading) in used
            rows.append(
                [
                    *_named(one),
                    Cell(reading.raw or None, label=reading.shown, why=reading.why or "not stated"),
                    Cell("yes" if counts else "no", label=gettext("yes" if counts else "no")),
                    *_about(reading, reading.link),
                    Cell(reading.choice or None, why="none"),
                    Cell(
                        reading.state if one.is_kept else "as reported",
                        label=gettext(reading.state if one.is_kept else "as reported"),
                    ),
                    Cell(reading.approved or None, why="none"),
                ]
            )
    return Table(columns, rows)


def _targets(each: Told, gettext: Callable[[str], str]) -> Table:
    columns = [Column("number", "Number"), Column("indicator", "Indicator"), Column("target", "Target")]
    columns += [Column("since", "From", "date"), Column("until", "Until", "date"), Column("stands", "How it stands")]
    columns += [Column("reason", "Reason"), Column("on", "Said on", "date")]
    rows = [
        [
            *_named(one),
            Cell(target.raw or None, label=target.shown, why="given up"),
            Cell(target.since or None, why="from the beginning"),
            Cell(target.until or None),
            Cell(target.state, label=gettext(target.state)),
            Cell(target.reason.text or None, lang=target.reason.lang, why="none"),
            Cell(target.on or None),
        ]
        for *_, one in each
        for target in one.targets
    ]
    return Table(columns, rows)


def _cells(each: Told, gettext: Callable[[str], str]) -> Table:
    columns = [Column("number", "Number"), Column("indicator", "Indicator"), Column("until", "Until", "date")]
    columns += [
        Column("source", "Source"),
        Column("told_by", "Told apart by"),
        Column("choice", "Part"),
        Column("value", "Value"),
    ]
    rows = [
        [
            *_named(one),
            Cell(reading.until or None),
            Cell(reading.source.text or None, lang=reading.source.lang),
            Cell(split.code, label=split.label.text, lang=split.label.lang),
            Cell(choice.code, label=choice.label.text, lang=choice.label.lang),
            Cell(choice.value or None, label=choice.shown, why=choice.why or "not stated"),
        ]
        for *_, one in each
        for reading in one.readings
        for split in reading.splits
        for choice in split.choices
    ]
    return Table(columns, rows)


def _people(results: Results) -> Table:
    columns = [Column("until", "Until", "date"), Column("way", "Way"), Column("aspect", "Targeted or reached")]
    columns += [Column("who", "Who"), Column("number", "Number", "count"), Column("source", "Source")]
    rows = [
        [Cell(table.until), Cell(way), Cell(aspect), Cell(who), Cell(number, why=why), Cell(table.source or None)]
        for table in results.people
        for way, aspect, cells in table.rows
        for who, (number, why) in zip(table.columns, cells, strict=True)
        if number is not None or why != "not stated"
    ]
    return Table(columns, rows)


# One indicator


def show(request: HttpRequest, name: str, place: str) -> HttpResponse:
    """/result/<activity>/<place>: every reading, every target, what it is told apart by, and the papers behind it."""
    from quipu.portal.views.factsheet import of_address  # noqa: PLC0415 - which draws results as well

    place, suffix = _without_suffix(place)
    if suffix:
        request.GET = request.GET.copy()
        request.GET["format"] = suffix
    record, wanted = of_address(request, name)
    record = record[0] if isinstance(record, list) else record
    if record is None:
        raise Http404(name)
    if record["identifier"] != wanted:
        target = request.prefix + told.address(record["identifier"], place)
        return HttpResponsePermanentRedirect(addresses.query(target, [("format", suffix)]))
    results = told.of(record, request.words)
    found = results.find(place)
    if found is None:
        raise Http404(place)
    return _drawn(request, record, results, found)


def _without_suffix(place: str) -> tuple[str, str]:
    stem, _, suffix = place.rpartition(".")
    return (stem, suffix) if stem and suffix in FILES else (place, "")


def _drawn(
    request: HttpRequest, record: Record, results: Results, found: tuple[Aim, Aim | None, Indicator]
) -> HttpResponse:
    aim, output, one = found
    gettext, language = request.words.gettext, request.words.language
    made = {
        "readings": _plain(request, _readings([found], gettext)),
        "targets": _plain(request, _targets([found], gettext)),
        "disaggregation": _plain(request, _cells([found], gettext)),
        **behind(request, record, one),
    }
    return respond(
        request,
        "result.html",
        tables={"results": _indicators([found], record, request), **made},
        record={"activity": record["identifier"], "place": one.place, **_record(record, one)},
        subject=record,
        fund=record["fund"],
        sheet=Sheet(record, language),
        results=results,
        aim=aim,
        output=output,
        one=one,
        papers=_papers(request, one),
        measured=SENTENCES.get(one.kind, ""),  # type: ignore[call-overload]
        direction=DIRECTIONS.get(one.direction, ""),
        gathers=GATHERS.get(one.gathers, ""),
        drawn={},
        headline=None,
    )


def _plain(request: HttpRequest, table: Table) -> Table:
    """A table as the page of one indicator shows it: without what is the same in every row, and empty columns."""
    if request.GET.get("format") in FILES:
        return table
    kept = [
        n
        for n, column in enumerate(table.columns)
        if column.key not in ("number", "indicator", "link") and any(row[n].value is not None for row in table.rows)
    ]
    return table.of_columns(kept)


def behind(request: HttpRequest, record: Record, one: Indicator) -> dict[str, Table]:
    """What stands behind a number that is counted from a register: its public rows, as tables; {} where there are none."""
    found = registers.of_record(request, record) if one.counted else None
    if found is None:
        return {}
    return {
        key: found.tables[key]
        for register, key, *_ in found.blocks
        if any(count["indicator"] == one.code for count in register.counts)
    }


def _papers(request: HttpRequest, one: Indicator) -> list[dict[str, Any]]:
    """Public documents behind its readings, as a page lists them."""
    slots = ", ".join("?" * len(one.papers)) or "NULL"
    known = [sha for (sha,) in request.edition.rows(f"SELECT sha256 FROM filed WHERE sha256 IN ({slots})", one.papers)]
    named = titles(request.edition, known, request.words.language)
    return [{"sha256": sha, "title": named.get(sha)} for sha in one.papers if sha in known]


def _record(record: Record, one: Indicator) -> dict[str, Any]:
    """What the page record holds of one indicator, as it stands there."""
    kept = record["results"]
    if not one.is_kept:
        result, _, indicator = one.place.partition(".")
        of = (int(result), int(indicator))
        return {"readings": [item for item in record["readings"] if (item["result"], item["indicator"]) == of]}
    codes = {reading.code for reading in one.readings}
    return {
        "indicator": next(item for item in kept["indicators"] if item["code"] == one.code),
        "texts": [item for item in kept["texts"] or () if item["of"] == one.code],
        "targets": [item for item in kept["targets"] or () if item["indicator"] == one.code],
        "observations": [item for item in kept["observations"] or () if item["indicator"] == one.code],
        "cells": [item for item in kept["cells"] or () if item["observation"] in codes],
        "papers": [item for item in kept["papers"] or () if item["observation"] in codes],
    }


# Several programmes


def listed(request: HttpRequest) -> HttpResponse:
    """/results: what indicators of several programmes measure alike, and what they come to; with the filters of /projects."""
    selection = lists.Selection(request.GET)
    where = selection.sql()
    found = edition_results.together(request.edition, *where)
    more, others = edition_results.without_measure(request.edition, *where, LISTED)
    columns = [Column("project", "Project"), Column("publisher", "Publisher")]
    rows = [
        [
            Cell(
                one["identifier"],
                label=one["title"] or one["identifier"],
                link=f"{request.prefix}/{one['kind']}/{addresses.segment(one['identifier'])}#results",
            ),
            Cell(one["publisher"] or None),
        ]
        for one in others
    ]
    chosen = [(key, value) for key, values in request.GET.lists() for value in values if key in lists.FACETS]
    return respond(
        request,
        "results.html",
        tables={
            "results": _rolled(request, found, chosen),
            "parts": _parts(request, found),
            "others": Table(columns, rows),
        },
        found=[_said_of(request, one) for one in found],
        others=more,
        chosen=chosen,
        narrowed=[
            (lists.FACETS[key], Labels(request.edition, request.words, request.prefix).name(key, code))
            for key, code in chosen
        ],
    )


def rolled_up(request: HttpRequest, *where: tuple[str, str]) -> Table | None:
    """What the programmes of a fund, a country, a theme come to, one row for each measure; None where none has any."""
    selection = lists.Selection(QueryDict(addresses.query("", where).removeprefix("?")))
    found = edition_results.together(request.edition, *selection.sql())
    return _rolled(request, found, where) if found else None


def _rolled(request: HttpRequest, found: list[Together], where: Iterable[tuple[str, str]]) -> Table:
    words = request.words
    columns = [Column("measure", "What is measured"), Column("value", "Value"), Column("unit", "Unit")]
    columns += [Column("how", "How"), Column("target", "Target"), Column("programmes", "Programmes", "count")]
    columns += [Column("left_out", "Left out", "count")]
    table = Table(columns, [])
    for one in found:
        title, unit = (told.spoken(each, words.language) for each in (one.titles, one.unit))
        link = addresses.query(f"{request.prefix}/results", where) + f"#{one.code}"
        aim = one.target.value if one.target else None
        table.rows.append(
            [
                Cell(one.code, label=title.text, link=link, lang=title.lang),
                Cell(told.exact(one.rolled), label=told.rolled(one.rolled, words), why=_absent(one)),
                Cell(unit.text or None, lang=unit.lang, why="none"),
                Cell(one.rolled.how, label=words.gettext(WAYS[one.rolled.how])),
                Cell(str(aim) if aim else None, label=told.printed(aim, words) if aim else "", why="none"),
                Cell(len(one.rolled.parts)),
                Cell(len(one.rolled.left_out) + len(one.unread)),
            ]
        )
    return table


def _absent(one: Together) -> str:
    return "not yet" if not one.rolled.parts else "these are not added"


def _parts(request: HttpRequest, found: list[Together]) -> Table:
    """Every indicator behind every measure: what it goes in with, or why it stays out."""
    words = request.words
    columns = [Column("measure", "What is measured"), Column("project", "Project"), Column("indicator", "Indicator")]
    columns += [
        Column("value", "Value"),
        Column("until", "Until", "date"),
        Column("source", "Source"),
        Column("counts", "Counts"),
    ]
    table = Table(columns, [])
    for one in found:
        title = told.spoken(one.titles, words.language)
        why = {part.name: REASONS[reason] for part, reason in one.rolled.left_out}
        why |= {member.code: "No reading is approved yet." for member in one.unread}
        for member in one.members.values():
            named = told.spoken(member.titles, words.language)
            value = member.now.value
            table.rows.append(
                [
                    Cell(one.code, label=title.text, lang=title.lang),
                    Cell(
                        member.activity,
                        label=member.project,
                        link=f"{request.prefix}/{member.page}/{addresses.segment(member.activity)}",
                    ),
                    Cell(
                        member.place,
                        label=named.text,
                        lang=named.lang,
                        link=request.prefix + told.address(member.activity, member.place),
                    ),
                    Cell(
                        str(value) if value else None, label=told.printed(value, words) if value else "", why="not yet"
                    ),
                    Cell(member.until.isoformat() if member.until else None),
                    Cell(member.origin or None),
                    Cell(why.get(member.code, "yes"), label=words.gettext(why.get(member.code, "yes"))),
                ]
            )
    return table


def _said_of(request: HttpRequest, one: Together) -> dict[str, Any]:
    """A measure as its block on the page says it."""
    words, parts = request.words, _parts(request, [one])
    aim = one.target.value if one.target else None
    return {
        "code": one.code,
        "title": told.spoken(one.titles, words.language),
        "unit": told.spoken(one.unit, words.language),
        "shown": told.rolled(one.rolled, words),
        "how": WAYS[one.rolled.how],
        "count": len(one.rolled.parts),
        "target": told.printed(aim, words) if aim is not None else "",
        "table": Table(parts.columns[1:], [row[1:] for row in parts.rows]),
    }
