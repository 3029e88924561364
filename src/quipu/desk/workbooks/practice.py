"""Practice: an invented organization's workbook with three mistakes in it, checked as in earnest, and forgotten at once."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from quipu.actions import running
from quipu.actions.returns import uploading
from quipu.actions.returns.uploading import Held
from quipu.books import office
from quipu.desk.drawing import said, sentence, spoken
from quipu.desk.rights import needs
from quipu.desk.uploads import cut
from quipu.desk.workbooks import drawn, forms, telling, views, words
from quipu.desk.workbooks.reach import WRITE
from quipu.files import return_book, sheets
from quipu.files.fillable import LARGEST, Unreadable
from quipu.files.return_book import Book
from quipu.rules.findings import Finding, Refused
from quipu.rules.returns import filled
from quipu.rules.returns.checks import Part, Spent
from quipu.rules.returns.reading import Reader
from quipu.rules.returns.rows import categories
from quipu.rules.returns.states import ANNUAL

FUND, BODY = "PRACTICE", "PRACTICE"
TITLES = {"garden": "School gardens", "water": "Water for the upper village"}


def practising(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view for everybody who writes returns; in a demonstration for whoever comes by."""
    asked = needs(WRITE)(view)

    @wraps(view)
    def either(request: HttpRequest) -> HttpResponse:
        return view(request) if settings.DEMO else asked(request)

    either.verb = WRITE  # type: ignore[attr-defined]
    return either


def held() -> Held:
    """What the books of the practice hold: two projects of last year, and a closed year before."""
    year = office.today().year - 1
    parts = {
        code: Part(
            fund=FUND,
            currency="USD",
            project=code,
            title=said(TITLES[name]),
            organization=BODY,
            number=number,
            rate="7",
            began=date(year - 1, 2, 1),
            spent=[
                Spent(year - 1, "staff", "certified", None, staff),
                Spent(year - 1, "travel", "certified", None, travel),
                Spent(year - 1, "indirect", "certified", None, (staff + travel) * 7 // 100),
            ],
            moved={("transfer", year - 1): paid, ("transfer", year): paid},
            budgets={(one, year - 1): paid for one in categories(year)},
        )
        for code, name, number, staff, travel, paid in (
            ("PR-1", "garden", "4711", 6_000_000, 1_000_000, 20_000_000),
            ("PR-2", "water", "4712", 9_000_000, 2_000_000, 30_000_000),
        )
    }
    return Held(BODY, year, ANNUAL, parts, closed={FUND: frozenset({year - 1})})


@practising
def workbook(request: HttpRequest) -> HttpResponse:
    """The practice workbook: filled in, with an amount that reads two ways, one with three decimals, and one below zero."""
    books = held()
    typed: dict[str, tuple[float | str, str]] = {
        "PR-1/staff": (61500.0, ""),
        "PR-1/supplies": ("12.500", ""),
        "PR-1/travel": (4200.125, ""),
        "PR-1/indirect": (5474.01, ""),
        "PR-1/interest": (31.4, ""),
        "PR-2/staff": (88000.0, ""),
        "PR-2/equipment": (-1500.0, said("A pump that was sent back.")),
        "PR-2/indirect": (6265.0, ""),
        "PR-2/interest": (12.0, ""),
    }
    parts = list(books.parts.values())
    book = Book(BODY, books.year, ANNUAL, spoken().language, parts, {}, books.closed, FUND, typed)
    where = request.build_absolute_uri(reverse("practice"))
    told = drawn.facts(books, said("An invented organization"), parts)
    body = return_book.draw(book, words.texts(books.year, told, where))
    return telling.as_file(body, f"{said('practice')}.xlsx")


@practising
def show(request: HttpRequest) -> HttpResponse:
    """What is sent is checked, shown, and forgotten: nothing of it is kept."""
    told: dict[str, Any] = {"form": forms.Practised(), "checked": False, "refused": []}
    status = 200
    if request.method == "POST":
        form = forms.Practised(request.POST, request.FILES)
        told["form"], status = form, 422
        if cut(request):
            form.add_error("file", said("The file is larger than this site allows."))
        elif form.is_valid():
            try:
                body = form.cleaned_data["file"].read(LARGEST + 1)
                kept, every = _checked(body)
                if request.POST.get("act") == "remarks":
                    done = {(sheet, row): said("fine") for *_, sheet, row, is_wrong in kept["changes"] if not is_wrong}
                    return telling.as_file(
                        telling.remarked(body, every, kept["heads"], done), f"{said('practice')}-{said('remarks')}.xlsx"
                    )
            except Refused as refused:
                form.refuse(refused)
            except Unreadable:
                form.refuse(Refused(Finding("sheets-broken", "file")))
            else:
                titles = {code: part.title for code, part in held().parts.items()}
                told |= {"checked": True, "run": {"told": kept}, **views.drawable(kept, every, {FUND: "USD"}, titles)}
                status = 200
    return render(request, "workbooks/practice.html", {**told, "sentence": sentence}, status=status)


def _checked(body: bytes) -> tuple[dict[str, Any], list[running.Told]]:
    """What a file would do to the practice's returns. Raises Refused."""
    if len(body) > LARGEST:
        raise Refused(Finding("sheets-large", "file"))
    found = running.with_rows(lambda: sheets.read_bytes(body))
    books, known = held(), words.known()
    heads = filled.headings(found, known.heads)
    if not heads:
        raise Refused(Finding("return-heads", "file"))
    read = filled.read(found, heads, Reader(books.parts, books.year, known.categories))
    made = uploading.plan(read, books, lambda fund: True)
    return uploading.told_of(made), made.findings
