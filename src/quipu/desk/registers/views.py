"""Registers: those of the programmes one may see, one with its rows, what is kept of it, and the door before people."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history, subjects
from quipu.actions.registers import consent
from quipu.actions.registers import register as registers
from quipu.actions.registers.counting import of_register as counted_by
from quipu.books import models, office
from quipu.desk import troubles
from quipu.desk.funds.views import kept
from quipu.desk.programmes.forms import Reason
from quipu.desk.programmes.views import of_project
from quipu.desk.reaching import within
from quipu.desk.registers import forms, sight
from quipu.desk.registers.sight import KEEP, READ, READ_PEOPLE, of_register
from quipu.desk.rights import needs
from quipu.rules.registers.fields import Schema, Type
from quipu.rules.registers.kinds import KINDS

PAGE = 50
READ_BY = 20  # readings by auditors that keepers are shown
COLUMNS = 6  # fields of a row in a list; the row's page has all of them
STANDING, WITHDRAWN, AGREED, NOT_AGREED = "", "withdrawn", "agreed", "not agreed"
HELD = {
    STANDING: "All that stand",
    AGREED: "The owner agrees",
    NOT_AGREED: "The owner does not agree",
    WITHDRAWN: "Withdrawn",
}
DONE = "The register is kept."


@needs(READ)
def show(request: HttpRequest) -> HttpResponse:
    """The programmes that one may see, with how many registers and resources each keeps."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = models.Project.objects.select_related("fund").filter(within(request.rights.reach(READ))).order_by("code")
    if words:
        found = found.filter(Q(code__icontains=words) | Q(title__icontains=words) | Q(fund__title__icontains=words))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    codes = [one.code for one in page]
    told = {"page": page, "sought": words, "registers": _numbers(models.Register.objects.filter(project__in=codes))}
    told["resources"] = _numbers(models.Resource.objects.filter(project__in=codes, withdrawn_at=None))
    return render(request, "registers/list.html", told)


def _numbers(found: Any) -> dict[str, int]:
    return dict(found.values_list("project").annotate(n=Count("pk")))


@needs(READ, of_project)
def programme(request: HttpRequest, thing: Any) -> HttpResponse:
    """The registers of a programme, with how many rows each has and what the public sees of it."""
    scope = subjects.scope_of(thing)
    found = list(models.Register.objects.filter(project=thing).order_by("number"))
    rows = models.Row.objects.filter(register__in=found, withdrawn_at=None)
    counts = dict(rows.values_list("register").annotate(n=Count("pk")))
    agreed = rows.filter(pk__in=models.Consent.objects.filter(consent.in_force(office.today())).values("row"))
    may_people = request.rights.may(READ_PEOPLE, scope)
    lines = []
    for one in found:
        schema = registers.schema_of(one)
        lines.append((one, schema, counts.get(one.code, 0) if may_people or not schema.is_of_people else None))
    told = {
        "project": thing,
        "scope": scope,
        "lines": lines,
        "agreed": dict(agreed.values_list("register").annotate(n=Count("pk"))),
        "title_of": sight.title_of,
        "kinds": KINDS,
        "may_people": may_people,
        "resources": models.Resource.objects.filter(project=thing, withdrawn_at=None).count(),
    }
    return render(request, "registers/programme.html", told)


@needs(KEEP, of_project)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A further register of a programme."""
    initial = {"kind": request.GET.get("kind", ""), "currency": thing.fund.currency}
    form = forms.Register(request.POST or None, initial=initial)
    return kept(
        request,
        form,
        lambda told: registers.keep(by=request.user.pk, project=thing.code, said=form.said()),
        done=DONE,
        lead=lambda made: ("register", made.code) if made.kind else ("register_schema", made.code),
        title="Begin a register",
        back=("registers_of", thing.code),
        locked=[],
    )


@needs(KEEP, of_register)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """What a register is called, whether it is public; of one of its own, what its rows are."""
    schema = registers.schema_of(thing)
    initial = {f"title_{code}": words for code, words in thing.titles.items()}
    initial |= {"currency": thing.currency, "is_public": thing.is_public, "dated": schema.dated}
    initial |= {"is_of_people": schema.is_of_people, "by_consent": schema.by_consent}
    initial["seen"] = history.version(registers.thing(thing))
    form = forms.Register(request.POST or None, register=thing, schema=schema, initial=initial)
    return kept(
        request,
        form,
        lambda told: registers.keep(
            by=request.user.pk, project=thing.project_id, said=form.said(), code=thing.code, seen=told["seen"]
        ),
        done=DONE,
        lead=lambda made: ("register", made.code),
        title="Change the register",
        back=("register", thing.code),
        locked=[],
    )


@needs(KEEP, of_register)
def end(request: HttpRequest, thing: Any) -> HttpResponse:
    """Nothing is added to it any more."""
    form = Reason(request.POST or None)
    return kept(
        request,
        form,
        lambda told: registers.end(by=request.user.pk, code=thing.code, reason=told["reason"]),
        done="The register was ended. Its rows stay.",
        lead=lambda made: ("register", thing.code),
        title="End this register?",
        does="End it",
        back=("register", thing.code),
        locked=[],
    )


@needs(READ, of_register)
def register(request: HttpRequest, thing: Any) -> HttpResponse:
    """One register: its rows, found by words, by what was chosen in them, by year."""
    if wall := sight.refusal(request, thing):
        return wall
    schema = registers.schema_of(thing)
    personal = schema.is_of_people or sight.sees_personal(request.rights, thing)
    asked = _asked(request, schema, personal=personal)
    page = Paginator(rows_of(thing, schema, asked, personal=personal), PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    names = sight.names_of(schema, rows)
    agreed = _agreed(rows) if schema.by_consent else set()
    told = {
        "register": thing,
        "schema": schema,
        "scope": registers.scope(thing),
        "title": sight.title_of(thing),
        "kind": KINDS.get(thing.kind),
        "page": page,
        "asked": asked,
        "heads": [sight.label(one) for one in schema.fields[:COLUMNS]],
        "lines": [
            (row, sight.cells(schema, row.values, names, personal=personal)[:COLUMNS], row.pk in agreed) for row in rows
        ],
        "filters": [(one, sight.label(one), sight.choices(one)) for one in filtered(schema, personal=personal)],
        "held": HELD if schema.by_consent else {key: HELD[key] for key in (STANDING, WITHDRAWN)},
        "indicators": counted_by(thing),
        "shown": [sight.label(one) for one in schema.shown],
        "read_by": _read_by(thing) if schema.is_of_people and sight.sees_personal(request.rights, thing) else [],
    }
    return render(request, "registers/register.html", told)


def _read_by(register: Any) -> list[tuple[str, Any]]:
    """The auditors who read a register of people, the last ones first: who, and the row of history."""
    found = list(models.History.objects.filter(kind="register of people", code=register.code).order_by("-id")[:READ_BY])
    names = history.names_of(one.by for one in found)
    return [(names.get(one.by, one.by), one) for one in found]


def filtered(schema: Schema, *, personal: bool) -> list[Any]:
    """The fields by whose choices rows may be found."""
    hidden = set() if personal else schema.personal
    return [one for one in schema.fields if one.type in (Type.CHOICE, Type.YES_NO) and one.key not in hidden]


def _asked(request: HttpRequest, schema: Schema, *, personal: bool) -> dict[str, str]:
    """What rows are looked for, as the address says it."""
    names = ("q", "year", "held", *(f"f_{one.key}" for one in filtered(schema, personal=personal)))
    told = {name: request.GET.get(name, "").replace("\0", "").strip()[:100] for name in names}
    return {name: value for name, value in told.items() if value}


def rows_of(register: Any, schema: Schema, asked: dict[str, str], *, personal: bool) -> Any:
    """The rows that were asked for, the last one first."""
    held = asked.get("held", STANDING)
    found = register.rows.order_by("-number").filter(withdrawn_at__isnull=held != WITHDRAWN)
    if held in (AGREED, NOT_AGREED):
        agreed = models.Consent.objects.filter(consent.in_force(office.today())).values("row")
        found = found.filter(pk__in=agreed) if held == AGREED else found.exclude(pk__in=agreed)
    if words := asked.get("q", ""):
        by_number = Q(number=int(words)) if words.isascii() and words.isdecimal() and len(words) < 9 else Q()
        looked = sight.sought(schema, words, personal=personal)
        found = found.filter(looked | by_number if by_number else looked)
    if (year := asked.get("year", "")) and schema.dated:
        found = found.filter(**{f"values__{schema.dated}__startswith": year[:4]})
    for one in filtered(schema, personal=personal):
        if value := asked.get(f"f_{one.key}", ""):
            found = found.filter(**{f"values__{one.key}": value})
    return found


def _agreed(rows: list[Any]) -> set[int]:
    found = models.Consent.objects.filter(consent.in_force(office.today()), row__in=rows)
    return set(found.values_list("row_id", flat=True))


@needs(READ, of_register)
def door(request: HttpRequest, thing: Any) -> HttpResponse:
    """An auditor says why, and reads a register of people for a while. Each time is on record."""
    decision = request.rights.decide(READ_PEOPLE, registers.scope(thing))
    if not decision.allowed:
        return troubles.not_yours(request, READ_PEOPLE, decision)
    if not registers.schema_of(thing).is_of_people:
        return redirect("register", thing.code)
    form = Reason(request.POST or None)

    def enter(told: dict[str, Any]) -> None:
        registers.look(by=request.user.pk, code=thing.code, reason=told["reason"])
        sight.open_door(request, thing)

    return kept(
        request,
        form,
        enter,
        done="Your reading is on record.",
        lead=lambda _: ("register", thing.code),
        template="registers/door.html",
        title=sight.title_of(thing),
        minutes=sight.OPEN // 60,
        back=("registers_of", thing.project_id),
        project=thing.project,
    )
