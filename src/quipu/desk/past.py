"""The history of everything: who changed what and when, before and after, within one's reach."""

import csv
import io
from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from quipu.actions.history import names_of
from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.reaching import within
from quipu.desk.rights import needs

PAGE = 50
MOST = 50_000  # rows of a file
OF_PEOPLE = ("person", "mandate", "invitation")  # for those who may read registers about people
KINDS = (
    *("fund", "window", "agreement", "memorandum", "project", "participation"),
    *("section", "contact", "organization", "voucher", "document", "dispensation", "obligation", "report", *OF_PEOPLE),
    *("outcome", "output", "indicator", "reading", "cycle", "list", "beneficiaries", "measure"),
)


class Choices(Form):
    """What of it is looked for."""

    kind = choice("Kind", needed=False)
    code = text("Code", needed=False, most=200)
    fund = choice("Fund", needed=False)
    person = text("Person", needed=False, most=200, hint="A part of the name.")
    since = day("From", needed=False)
    until = day("To", needed=False)

    def __init__(self, *args: Any, kinds: list[str], funds: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "kind", ((one, said(one)) for one in kinds), said("everything"))
        choose(self, "fund", ((code, title or code) for code, title in funds), said("everything"))


@needs("read history")
def show(request: HttpRequest) -> HttpResponse:
    """What was done, the last first; as a file with format=csv."""
    reach = request.rights.reach("read history")
    found = models.History.objects.filter(within(reach, "fund", "project", "organization"))
    people = request.rights.may("read people")
    if not people:
        found = found.exclude(kind__in=OF_PEOPLE)
    funds = models.Fund.objects.filter(within(reach, "code", "")).order_by("title", "code").values_list("code", "title")
    kinds = [kind for kind in KINDS if people or kind not in OF_PEOPLE]
    form = Choices(request.GET, kinds=kinds, funds=list(funds))
    found = _chosen(found, form.cleaned_data) if form.is_valid() else found.none()
    found = found.order_by("-id")
    if request.GET.get("format") == "csv":
        return _file(found[:MOST])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    told = {"page": page, "form": form, "names": names_of([*(row.by for row in page), *_of_people(page)])}
    told["chosen"] = {name: value for name, value in request.GET.items() if name in form.fields and value}
    told["fields"] = fields
    return render(request, "history.html", told, status=200 if form.is_valid() else 422)


def _of_people(rows: Any) -> list[str]:
    return [row.code for row in rows if row.kind == "person"]


def _chosen(found: Any, told: dict[str, Any]) -> Any:
    where = Q()
    if told["kind"]:
        where &= Q(kind=told["kind"])
    if told["code"]:
        code = told["code"]
        where &= Q(code__icontains=code) | Q(project=code) | Q(organization=code)
    if told["fund"]:
        where &= Q(fund=told["fund"])
    if told["person"]:
        people = models.Person.objects.filter(Q(name__icontains=told["person"]) | Q(code=told["person"]))
        where &= Q(by__in=people.values("code"))
    if told["since"]:
        where &= Q(at__gte=_begins(told["since"]))
    if told["until"]:
        where &= Q(at__lt=_begins(told["until"] + timedelta(days=1)))
    return found.filter(where)


def _begins(on: Any) -> datetime:
    begins: datetime = timezone.make_aware(datetime.combine(on, time.min))
    return begins


def fields(row: Any) -> list[tuple[str, Any, Any]]:
    """Each field that changed, before and after."""
    names = dict.fromkeys([*row.before, *row.after])
    told = [(name, _plain(row.before.get(name)), _plain(row.after.get(name))) for name in names]
    return [each for each in told if any(each[1:])]


def _plain(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {each}" if key else str(each) for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _file(rows: Any) -> HttpResponse:
    """One line for each field that changed. What a spreadsheet would take for a formula is marked as text."""
    body = io.StringIO()
    writer = csv.writer(body)
    head = (
        "at",
        "by",
        "name",
        "verb",
        "kind",
        "code",
        "fund",
        "project",
        "organization",
        "field",
        "before",
        "after",
        "reason",
    )
    writer.writerow(head)
    rows = list(rows)
    names = names_of(row.by for row in rows)
    for row in rows:
        start = [row.at.isoformat(), row.by, names.get(row.by, ""), row.verb, row.kind, row.code]
        start += [row.fund, row.project, row.organization]
        for field, before, after in fields(row) or [("", "", "")]:
            writer.writerow([_harmless(each) for each in (*start, field, before, after, row.reason)])
    answer = HttpResponse("\ufeff" + body.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="history.csv"'
    return answer


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
