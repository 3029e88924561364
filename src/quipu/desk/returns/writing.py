"""Writing a return: its sheet, saved, computed, or met by another person's; and the answers to its statement of account."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from quipu.actions import history
from quipu.actions.returns import deadlines, standing, writing
from quipu.books import models
from quipu.books import returns as ledger
from quipu.desk.drawing import address, ago, said, sentence, units
from quipu.desk.returns import sheet as sheets
from quipu.desk.returns import shown, views, words
from quipu.desk.returns.sheet import A, C, Sheet
from quipu.desk.returns.shown import Beside, Block
from quipu.desk.rights import needs
from quipu.desk.vouchers.words import movement
from quipu.rules.difference import Cells
from quipu.rules.findings import Finding, Refused
from quipu.rules.returns import checks, rows
from quipu.rules.returns.checks import CONFIRMED, DISPUTED, Part, Said
from quipu.rules.returns.rows import NOTE
from quipu.rules.returns.states import FINAL, OPEN, REPORTER


@needs(REPORTER, views.found)
def change(request: HttpRequest, thing: Any) -> HttpResponse:
    """The sheet of a return. Its buttons save, compute, or take an indirect cost that is offered."""
    if thing.state not in OPEN:
        messages.warning(request, said("It cannot be changed as it stands. Below it says who can unlock it."))
        return redirect("return", thing.pk)
    parts = standing.parts_of(thing)
    closed = ledger.closed_years([thing.fund_id])[thing.fund_id] if thing.kind != FINAL else frozenset()
    seen = history.version(standing.thing(thing))
    if request.method != "POST":
        return _drawn(request, sheets.blank(thing, parts, closed, seen))
    sheet = sheets.read(thing, parts, closed, request.POST.dict())
    if "fragment" in request.POST:
        return JsonResponse(_computed(sheet))
    if key := request.POST.get("take", ""):
        for block in _blocks(sheet, []):
            for line in block.lines:
                if line.is_indirect and key in (line.row.key, "all"):
                    sheets.take(sheet, line.row.key, block.offered)
        return _drawn(request, sheet)
    if request.POST.get("act") == "compute" or sheet.faults:
        return _drawn(request, sheet, status=422 if sheet.faults and request.POST.get("act") != "compute" else 200)
    return _saved(request, sheet)


def _saved(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    record = sheet.record
    try:
        writing.write(
            by=request.user.pk,
            record=record,
            sent=sheet.sent,
            seen=sheet.seen,
            remark=sheet.remark,
            until=sheet.until,
            parts=sheet.parts,
        )
    except Refused as refused:
        rules = {getattr(one, "rule", "") for one in refused.findings}
        record.refresh_from_db()
        if "changed-meanwhile" in rules and record.state in OPEN:
            last = models.History.objects.filter(kind=standing.RETURN, code=record.code).order_by("-id").first()
            met = sheets.after_others(sheet, last.pk)
            return _drawn(request, sheet, status=409, met=met, last=last)
        for one in refused.findings:
            assert isinstance(one, Finding)
            sheet.faults[f"{A if one.rule in ('return-amount', 'return-project') else C}{one.place}"] = one
        return _drawn(request, sheet, status=422)
    messages.success(request, said("It is saved. Nobody but your organization sees it before it is signed."))
    return redirect("return_change" if request.POST.get("act") == "stay" else "return", record.pk)


def _said(sheet: Sheet) -> Said:
    record, cells = sheet.record, sheet.cells
    return Said(
        kind=record.kind,
        year=record.year,
        cells=cells,
        parts=sheet.parts,
        closed=sheet.closed,
        nil=record.nil,
        before=record.restates.cells if record.restates_id else None,
    )


def _judged(sheet: Sheet) -> list[Beside]:
    return shown.judged(_said(sheet), standing.waived_of(sheet.record))


def _blocks(sheet: Sheet, findings: list[Beside], more: list[str] | None = None) -> list[Block]:
    return shown.blocks(sheet.record, _said(sheet), sheet.cells, findings, more or [])


def _drawn(request: HttpRequest, sheet: Sheet, status: int = 200, **more: Any) -> HttpResponse:
    """The page with the sheet. met: what others wrote into fields that were typed into; last: their act."""
    record, met, last = sheet.record, more.get("met", {}), more.get("last")
    chosen, others = sheets.further(record, sheet.parts, request.GET.getlist("project"))
    findings = _judged(sheet)
    blocks = _blocks(sheet, findings, chosen)
    places = {line.row.key for block in blocks for line in block.every}
    told = {
        "record": record,
        "sheet": sheet,
        "blocks": blocks,
        "others": others,
        "elsewhere": [one for one in findings if one.finding.place not in places],
        "met": met,
        "meanwhile": _meanwhile(last) if last is not None else "",
        "deadline": deadlines.of(record),
        "currency": record.fund.currency,
        "is_final": record.kind == FINAL,
        "kind_label": words.KIND_LABELS[record.kind],
        "years": sheet.closed_before,
        "categories": [(name, words.label(rows.Row("", name))) for name in rows.categories(record.year)],
        "amount": words.amount,
        "note": NOTE,
        "formula": formula,
        "total": sum(block.sum_of("amount") or 0 for block in blocks),
        "N": sheets.N,
        "A": A,
        "C": C,
    }
    return render(request, "returns/change.html", told, status=status)


def _meanwhile(last: Any) -> str:
    told: str = said(
        "Changed by %(name)s %(ago)s, while you were writing. Nothing that you typed is lost: look at what is marked, "
        "and save again.",
        name=history.name_of(last.by),
        ago=ago(last.at),
    )
    return told


def _computed(sheet: Sheet) -> dict[str, Any]:
    """What the script puts beside what is typed: sums, offered indirect cost, faults and findings, by the places' names."""
    findings = _judged(sheet)
    blocks = _blocks(sheet, findings)
    texts: dict[str, str] = {}
    for block in blocks:
        project, currency = block.part.project, block.part.currency
        texts[f"sum {project}"] = units(block.sum_of("amount") or 0, currency)
        texts[f"delivery {project}"] = block.delivery
        for line in block.every:
            told = [_plainly(one) for one in line.findings]
            for name in (f"{A}{line.row.key}", f"{C}{line.row.key}"):
                if name in sheet.faults:
                    told.insert(0, sentence(sheet.faults[name]))
            texts[f"found {line.row.key}"] = "\n".join(told)
            if line.is_indirect:
                texts[f"offer {line.row.key}"] = words.amount(block.offered, currency)
                texts[f"formula {line.row.key}"] = formula(block)
    texts["sum"] = units(sum(block.sum_of("amount") or 0 for block in blocks), sheet.record.fund.currency)
    return {"texts": texts, "at": timezone.localtime().isoformat()}


def _plainly(one: Beside) -> str:
    told = sentence(one.finding)
    return f"{told} ({said(one.answer)})" if one.answer else told


def formula(block: Block) -> str:
    """How an offered indirect cost was computed."""
    told: str = said(
        "%(rate)s %% of %(direct)s direct costs",
        rate=f"{block.rate.normalize():f}",
        direct=units(block.direct, block.part.currency),
    )
    return told


# The statement of account


@needs(REPORTER, views.found)
def account(request: HttpRequest, thing: Any) -> HttpResponse:
    """Each transfer and refund is confirmed or disputed before the return is certified."""
    if thing.state not in OPEN:
        messages.warning(request, said("It cannot be changed as it stands. Below it says who can unlock it."))
        return redirect("return", thing.pk)
    parts = standing.parts_of(thing)
    entries = standing.transfers_of(thing)
    seen = history.version(standing.thing(thing))
    answers = {number: (told[0], told[1]) for number, told in thing.answers.items()}
    faults: list[Finding] = []
    if request.method == "POST":
        answers = _answered(request, entries, answers)
        sent_seen = request.POST.get("seen", "")
        try:
            writing.answer(
                by=request.user.pk,
                record=thing,
                answers=answers,
                seen=int(sent_seen) if sent_seen.isascii() and sent_seen.isdigit() else None,
            )
        except Refused as refused:
            faults = [one for one in refused.findings if isinstance(one, Finding)]
        else:
            messages.success(request, said("Your answers to the statement of account are saved."))
            return redirect(address("return", thing.pk))
    told = {
        "record": thing,
        "entries": entries,
        "movement": movement,
        "titles": {code: part.title for code, part in parts.items()},
        "answers": answers,
        "faults": faults,
        "seen": seen,
        "CONFIRMED": CONFIRMED,
        "DISPUTED": DISPUTED,
        **statement_of(thing, thing.cells, parts),
    }
    return render(request, "returns/account.html", told, status=422 if faults else 200)


def _answered(
    request: HttpRequest, entries: list[Any], before: Mapping[str, tuple[str, str]]
) -> dict[str, tuple[str, str]]:
    """What was answered; "confirm all" confirms whatever has no answer yet."""
    confirms_all = request.POST.get("act") == "all"
    found = {}
    for entry in entries:
        number = str(entry.id)
        answer = request.POST.get(f"answer:{number}", before.get(number, ("", ""))[0])
        comment = request.POST.get(f"comment:{number}", before.get(number, ("", ""))[1]).replace("\0", "")
        if confirms_all and answer not in (CONFIRMED, DISPUTED):
            answer = CONFIRMED
        found[number] = (answer, comment.strip())
    return found


def statement_of(record: Any, cells: Cells, parts: Mapping[str, Part]) -> dict[str, Any]:
    """The statement of account as a table, with its totals."""
    own = Said(kind=record.kind, year=record.year, cells=cells, parts=parts)
    lines = shown.accounts(own)
    return {
        "lines": lines,
        "totals": shown.totals(lines),
        "currency": record.fund.currency,
        "is_final": record.kind == FINAL,
        "unanswered": len(checks.unanswered(standing.said_of(record, parts))),
    }
