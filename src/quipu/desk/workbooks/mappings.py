"""Files of another shape: say once which column holds what and what the organization's own words stand for."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import running
from quipu.actions.returns import mapping as keeping
from quipu.actions.returns import uploading
from quipu.books import models
from quipu.desk import troubles
from quipu.desk.drawing import said, sentence
from quipu.desk.rights import needs
from quipu.desk.workbooks import reach, words
from quipu.desk.workbooks.reach import WRITE
from quipu.desk.workbooks.views import found
from quipu.rules.cells import folded, text_of
from quipu.rules.findings import Refused
from quipu.rules.mandates import ELSEWHERE, Decision
from quipu.rules.returns import filled
from quipu.rules.returns.reading import TOTAL
from quipu.rules.returns.rows import INTEREST, REFUND, categories

LINES = 4  # of the file, shown under its heads
DECIMALS = {"": "As a reader sees it", ".": "Point: 1234.56", ",": "Comma: 1234,56"}
HINTS = {
    "project": "Your own number, or our code.",
    "amount": "Or debit and credit, where the file keeps them apart.",
    "year": "Rows of other years are left out.",
    "currency": "Another currency than the fund's is told of.",
}


@needs(WRITE)
def columns(request: HttpRequest, code: str) -> HttpResponse:
    """Which column holds what, and which category each word is."""
    one = found(request, code, to_write=True)
    if isinstance(one, HttpResponse):
        return one
    if one.applied:
        return redirect("run", code)
    refused: list[Any] = []
    if request.method == "POST":
        try:
            kept = keeping.keep(
                by=request.user.pk,
                organization=one.organization_id,
                name=request.POST.get("name", ""),
                sheet=request.POST.get("sheet", ""),
                heads={name: request.POST.get(f"head-{name}", "") for name in (*filled.HOLDS, filled.DECIMAL)},
                words=dict(zip(request.POST.getlist("word"), request.POST.getlist("stands"), strict=False)),
                instead=one.mapping,
            )
            may = reach.writes(request.rights, one.organization_id)
            run = uploading.look_again(run=one, words=words.known(), may=may, mapping=kept)
            return redirect("run_columns" if run.told["words"] else "run", code)
        except Refused as no:
            refused = list(no.findings)
    try:
        told = _told(request, one)
    except Refused as no:
        return render(request, "workbooks/gone.html", {"run": one, "refused": no.findings}, status=422)
    told |= {"refused": refused, "sentence": sentence}
    return render(request, "workbooks/columns.html", told, status=422 if refused else 200)


def _told(request: HttpRequest, one: Any) -> dict[str, Any]:
    """The heads of the file with a few of its lines, what is chosen already, and the words that stand for nothing yet."""
    sheets = running.sheets_of(one)
    mapped = one.mapping
    name = request.POST.get("sheet") or request.GET.get("sheet") or (mapped.sheet if mapped else "")
    sheet = next((each for each in sheets if each.name == name), sheets[0])
    row, heads = filled.heads_of(sheet)
    chosen = {
        holds: request.POST.get(f"head-{holds}", mapped.heads.get(holds, "") if mapped else _guess(holds, heads))
        for holds in (*filled.HOLDS, filled.DECIMAL)
    }
    said_of = mapped.words if mapped else {}
    lines = [cells for number, cells in sheet.rows if number > row][:LINES]
    return {
        "run": one,
        "sheets": [each.name for each in sheets],
        "sheet": sheet.name,
        "heads": [head for head in heads if head],
        "all_heads": heads,
        "lines": [[text_of(cell)[:60] for cell in cells] for cells in lines],
        "holds": [
            (holds, said(words.OFTEN[holds]), said(HINTS[holds]) if holds in HINTS else "") for holds in filled.HOLDS
        ],
        "decimals": [(sign, said(label)) for sign, label in DECIMALS.items()],
        "chosen": chosen,
        "name": request.POST.get("name", mapped.name if mapped else one.name.rsplit(".", 1)[0]),
        "unknown": [(word, number) for word, number in one.told.get("words", {}).items()] if mapped else [],
        "known": sorted(said_of.items()),
        "stands": [
            *((each, words.category(each)) for each in (*categories(one.told["year"]), INTEREST, REFUND)),
            (TOTAL, said("A total of the project: held against the sum")),
            (filled.OUT, said("Nothing of ours: leave such rows out")),
        ],
        "label": words.category,
    }


def _guess(holds: str, heads: list[str]) -> str:
    """A head that is called so in one of our languages: offered, and confirmed by a person."""
    if holds not in words.OFTEN:
        return ""
    known = words.known().heads
    own = {folded(said(words.OFTEN[holds])), folded(holds)}
    return next((head for head in heads if head and (folded(head) in own or known.get(folded(head)) == holds)), "")


@needs(WRITE)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """A way of reading files is given up; what was read by it stays."""
    mapping = models.Mapping.objects.filter(pk=number).first()
    if mapping is None:
        raise Http404
    if not reach.is_writer(request.rights, mapping.organization_id):
        return troubles.not_yours(request, WRITE, Decision(False, why=ELSEWHERE))
    if request.method == "POST":
        keeping.end(by=request.user.pk, mapping=mapping)
        messages.success(request, said("It is used no more."))
    return redirect("workbooks")
