"""The consolidated annual report: begun, its narrative written, its figures signed, made public, and told to contributors."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import history, keeping
from quipu.actions.returns import announcing, reporting
from quipu.books import models
from quipu.desk.drawing import said, sentences, spoken
from quipu.desk.forms import Form, choice, choose, text
from quipu.desk.reaching import within
from quipu.desk.rights import needs
from quipu.desk.years import words
from quipu.portal.languages import LANGUAGES
from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope

PDF, XLSX = "pdf", "xlsx"
MEDIA = {PDF: "application/pdf", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
ALL = "-"  # all funds, in the form that begins a report
STATEMENT = (
    "I certify on behalf of the administrative agent that the financial part of this report is drawn from the books of "
    "the fund as they stand, and that what is missing in it is named."
)


class Beginning(Form):
    """Of which fund, in which language it begins, and why again."""

    fund = choice("Of which fund")
    language = choice("Language of its narrative")
    reason = text("Why a further version", needed=False, most=500, hint="Needed where the last one was signed.")

    def __init__(self, *args: Any, funds: list[Any], with_all: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        every = [(ALL, said("All funds"))] if with_all else []
        choose(self, "fund", [*every, *((one.code, f"{one.title or one.code} ({one.code})") for one in funds)])
        choose(self, "language", LANGUAGES.items())


class Narrative(Form):
    """The narrative in one language."""

    text = text("Narrative", needed=False, lines=24, most=reporting.LONGEST, hint="Markdown. Headings begin with ##.")
    seen = forms.IntegerField(widget=forms.HiddenInput)


class Signing(Form):
    """The statement."""

    agreed = forms.BooleanField(label=STATEMENT)
    seen = forms.IntegerField(widget=forms.HiddenInput)


def of_number(number: int, **rest: str) -> tuple[Any, Scope]:
    """A report, and whose it is. rest: further words of an address, which its view reads."""
    del rest
    found = get_object_or_404(models.Report.objects.select_related("fund", "document"), pk=number)
    return found, reporting.scope_of(found)


def _funds(rights: Any, year: int) -> list[Any]:
    reach = rights.reach("write reports")
    found = models.Fund.objects.filter(within(reach, "code", "")).order_by("title", "code")
    return list(found) if 1990 <= year <= 2100 else []


@needs("read reports")
def listed(request: HttpRequest, year: int) -> HttpResponse:
    """The reports of a year."""
    reach = request.rights.reach("read reports")
    found = models.Report.objects.filter(within(reach, "fund", ""), year=year).select_related("fund")
    rows = list(found.order_by("fund__title", "fund", "-version"))
    told = {"year": year, "rows": rows, "names": history.names_of(one.signed_by for one in rows)}
    return render(request, "years/reports.html", told)


@needs("write reports")
def begin(request: HttpRequest, year: int) -> HttpResponse:
    """A report is begun, with the narrative as the programmes tell it."""
    with_all = request.rights.may("write reports", Scope())
    form = Beginning(
        request.POST or None,
        funds=_funds(request.rights, year),
        with_all=with_all,
        initial={"language": spoken().language, "fund": request.GET.get("fund", "")},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        fund = "" if told["fund"] == ALL else told["fund"]
        try:
            record = reporting.begin(
                by=request.user.pk, fund=fund, year=year, reason=told["reason"], language=told["language"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("report", record.pk)
    return render(request, "years/begin.html", {"form": form, "year": year}, status=422 if form.errors else 200)


@needs("read reports", of_number)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """One report: its state, its parts, its files, who was told."""
    scope = reporting.scope_of(thing)
    lacks = thing.lacks if thing.signed_at else reporting.lacks(thing)
    readers = announcing.contributors(thing)
    told = {
        "report": thing,
        "scope": scope,
        "versions": reporting.versions(thing),
        "lacks": lacks,
        "lack_names": words.names_of(lacks),
        "readers": readers,
        "waiting": sum(len(one.waiting) for one in readers),
        "names": history.names_of([thing.signed_by, thing.by]),
        "languages": LANGUAGES,
        "words_": words,
    }
    return render(request, "years/report.html", told)


@needs("write reports", of_number)
def narrative(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its words in a language; the programmes' own beside them."""
    language = request.resolver_match.kwargs["language"]
    if language not in LANGUAGES:
        raise Http404
    seen = history.version(reporting.thing(thing))
    assembled = reporting.assemble(thing.fund_id or "", thing.year, language)
    start = thing.narrative.get(language) or assembled
    form = Narrative(request.POST or None, initial={"text": start, "seen": seen})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            reporting.tell_narrative(
                by=request.user.pk, record=thing, language=language, text=told["text"], seen=told["seen"]
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("It is kept."))
            return redirect("report", thing.pk)
    programmes = reporting.of_programmes(thing.fund_id or "", thing.year, language)
    told = {
        "form": form,
        "report": thing,
        "language": language,
        "assembled": assembled,
        "is_new": language not in thing.narrative,
        "silent": [one.project for one in programmes if not one.told],
        "telling": [one for one in programmes if one.told],
    }
    return render(request, "years/narrative.html", told, status=422 if form.errors else 200)


@needs("sign reports", of_number)
def sign(request: HttpRequest, thing: Any) -> HttpResponse:
    """The statement, then the signature."""
    form = Signing(request.POST or None, initial={"seen": history.version(reporting.thing(thing))})
    if request.method == "POST" and form.is_valid():
        try:
            reporting.sign(by=request.user.pk, record=thing, statement=said(STATEMENT), seen=form.cleaned_data["seen"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, said("It is signed, and its files are kept under their hashes."))
            return redirect("report", thing.pk)
    lacks = reporting.lacks(thing)
    head = reporting.position()
    tables = reporting.tables(thing, head) if thing.signed_at is None else {}
    told = {"form": form, "report": thing, "lacks": lacks, "lack_names": words.names_of(lacks), "head": head}
    told |= {"tables": tables, "interim": reporting.interim(thing, head), "words_": words}
    return render(request, "years/sign.html", told, status=422 if form.errors else 200)


@needs("read reports", of_number)
def file(request: HttpRequest, thing: Any) -> HttpResponse:
    """The signed files; before that the PDF as a draft."""
    return as_file(thing, request.resolver_match.kwargs["form"])


def as_file(thing: Any, form: str) -> HttpResponse:
    """A report as one of its files. Raises Http404."""
    if form not in MEDIA:
        raise Http404
    if thing.signed_at is None:
        if form != PDF:
            raise Http404
        return _answer(reporting.preview(thing), PDF, f"draft-report-{thing.year}")
    return _kept(thing, form)


def _kept(record: Any, form: str) -> HttpResponse:
    path = keeping.path(record.pdf if form == PDF else record.xlsx)
    if not path.exists():
        raise Http404
    whose = record.fund_id or "all"
    return _answer(path.read_bytes(), form, f"consolidated-report-{whose}-{record.year}-{record.version}")


def _answer(body: bytes, form: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@needs("write reports", of_number)
def publish(request: HttpRequest, thing: Any) -> HttpResponse:
    """It becomes a public document of the fund."""
    if request.method == "POST":
        try:
            document = announcing.make_document(
                by=request.user.pk, record=thing, reason=request.POST.get("reason", "")[:500]
            )
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            waits = said("It waits for a second person, as the fund asks.")
            messages.success(
                request, waits if document.waits else said("It is public with the next edition, in a moment.")
            )
    return redirect("report", thing.pk)


@needs("write reports", of_number)
def tell(request: HttpRequest, thing: Any) -> HttpResponse:
    """Whoever was not told yet is told."""
    if request.method == "POST":
        try:
            count = announcing.tell_contributors(by=request.user.pk, record=thing)
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            told = spoken().ngettext("%(num)s person was told by mail.", "%(num)s people were told by mail.", count)
            messages.success(request, told % {"num": count})
    return redirect("report", thing.pk)


def _for(number: int, organization: str, **rest: str) -> tuple[Any, Scope]:
    """A signed report, for a contributor who was told of it."""
    del rest
    found = get_object_or_404(models.Report.objects.select_related("fund", "document"), pk=number)
    if found.signed_at is None or not models.Told.objects.filter(report=found, organization=organization).exists():
        raise Http404
    return found, Scope(found.fund_id or "", "", organization)


@needs("read reports", _for)
def for_contributor(request: HttpRequest, thing: Any) -> HttpResponse:
    """What a contributor was told of."""
    organization = request.resolver_match.kwargs["organization"]
    told = {"report": thing, "organization": organization, "names": history.names_of([thing.signed_by])}
    told |= {"lacks": thing.lacks, "lack_names": words.names_of(thing.lacks), "words_": words}
    return render(request, "years/for.html", told)


@needs("read reports", _for)
def contributor_file(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its files."""
    form = request.resolver_match.kwargs["form"]
    if form not in MEDIA:
        raise Http404
    return _kept(thing, form)
