"""A posted voucher on paper: what it says in the words of the field, who wrote and who approved it, and its link."""

from collections.abc import Iterable
from typing import Any

from quipu.books import models
from quipu.desk.drawing import moment, said, spoken
from quipu.desk.vouchers.words import category, movement
from quipu.files import factsheet
from quipu.files.factsheet import Block, Factsheet, KeyFigure, Section
from quipu.rules.kinds import ends
from quipu.rules.money import exponent, of_minor_units
from quipu.rules.table import Cell, Column, Table


def draw(told: dict[str, Any], site: str) -> bytes:
    """The PDF of a voucher. told: what its page is told (`listing.of_posting`)."""
    link, entries, words = told["link"], told["entries"], spoken()
    kind = said(told["kind"].label if told["kind"] else link.kind)
    title = f"{kind[:1].upper()}{kind[1:]} {link.number}"
    names = told["names"]
    approved = ", ".join(names.get(code, code) for code in told["approved"]) or said("nobody")
    facts = [
        (said("Date"), words.day(link.on)),
        (said("Title"), told["title"] or "–"),
        (said("Written by"), names.get(link.by, link.by)),
        (said("Approved by"), approved),
        (said("Posted"), moment(link.recorded_at)),
        (said("Key"), link.key),
        (said("Link of the chain"), str(link.position)),
        (said("Hash"), " ".join(link.hash[n : n + 16] for n in range(0, len(link.hash), 16))),
    ]
    warnings = []
    if told["taken_back"]:
        by = ", ".join(str(one.number) for one in told["taken_back"])
        warnings.append(said("Taken back by voucher %(numbers)s.", numbers=by))
    sheet = Factsheet(
        title=title,
        kicker=f"{site} · {said('Voucher')}",
        language=words.language,
        page=said("page {page} of {pages}"),
        foot=[f"{title} · {link.key}", f"SHA-256 {link.hash}"],
        facts=facts,
        warnings=warnings,
        figures=list(_figures(entries)),
        sections=[
            Section(said("What it says"), blocks=[Block(items=list(_sentences(entries, told["notes"])))]),
            Section(said("Entries"), tables=[_table(entries)]),
            Section(
                said("Files sealed with it"),
                blocks=[
                    Block(
                        items=[f"{name or said('without a title')} · SHA-256 {sha}" for sha, name, _ in told["files"]]
                    )
                ]
                if told["files"]
                else [],
                empty=said("No file is sealed with it."),
            ),
        ],
    )
    return factsheet.draw(sheet, _shown, link.recorded_at.replace(microsecond=0))


def _money(entry: Any) -> str:
    amount = of_minor_units(entry.amount, entry.currency)
    return f"{spoken().money(amount, exponent(entry.currency))} {entry.currency}"


def _figures(entries: Iterable[Any]) -> Iterable[KeyFigure]:
    """The first amount of each movement; more than four would not be read."""
    seen: set[str] = set()
    for entry in entries:
        if entry.movement not in seen and len(seen) < 4:
            seen.add(entry.movement)
            yield KeyFigure(movement(entry.movement), _money(entry))


def _sentences(entries: list[Any], notes: dict[str, str]) -> Iterable[str]:
    """Each entry as the field says it: what moved, from whom to whom."""
    titles = _titles(entries)

    def called(code: str | None) -> str:
        return f"{code} {titles.get(code or '', '')}".strip() if code else ""

    for entry in entries:
        fund, other = called(entry.fund_id), called(entry.other_fund_id)
        at = " / ".join(filter(None, (called(entry.project_id), called(entry.organization_id))))
        giver = called(entry.contributor_id) or (said("to be identified") if entry.movement == "deposit" else "")
        outside = at or giver or other
        pays, receives = ends(entry.movement)
        from_, to = (fund, outside) if pays == "agent" else (outside, fund)
        if pays == "organization" and not receives:
            from_, to = at, ""
        told = said("%(movement)s of %(amount)s", movement=movement(entry.movement), amount=_money(entry))
        told += f", {said('from %(place)s', place=from_)}" if from_ else ""
        told += f" {said('to %(place)s', place=to)}" if to else ""
        note = notes.get(str(entry.ordinal), "")
        yield f"{told}. {note}".strip()


def _titles(entries: list[Any]) -> dict[str, str]:
    """The titles of everything that entries name, in three questions."""
    bodies = {code for e in entries for code in (e.organization_id, e.contributor_id) if code}
    funds = {code for e in entries for code in (e.fund_id, e.other_fund_id) if code}
    found: dict[str, str] = dict(models.Organization.objects.filter(code__in=bodies).values_list("code", "title"))
    found |= dict(models.Fund.objects.filter(code__in=funds).values_list("code", "title"))
    projects = {e.project_id for e in entries if e.project_id}
    return found | dict(models.Project.objects.filter(code__in=projects).values_list("code", "title"))


def _table(entries: list[Any]) -> Table:
    columns = [
        Column("ordinal", said("Entry"), "count"),
        Column("movement_name", said("Movement")),
        Column("place", said("Place")),
        Column("other", said("Other side")),
        Column("amount", said("Amount"), "money"),
        Column("on", said("Effective on"), "date"),
    ]
    rows = [
        [
            Cell(entry.ordinal),
            Cell(
                " · ".join(
                    filter(
                        None, (movement(entry.movement), category(entry.category) and said(category(entry.category)))
                    )
                )
            ),
            Cell(entry.place),
            Cell(entry.other or "–"),
            Cell(of_minor_units(entry.amount, entry.currency), label=_money(entry)),
            Cell(entry.effective_on.isoformat(), label=spoken().day(entry.effective_on)),
        ]
        for entry in entries
    ]
    return Table(columns, rows)


def _shown(column: Column, cell: Cell, unit: str) -> tuple[str, str]:
    del column, unit
    return cell.label or str(cell.value), ""
