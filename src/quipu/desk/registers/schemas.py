"""The fields of a register of a programme's own: added, changed, taken away while there are no rows; no code is needed."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from quipu.actions import history
from quipu.actions.registers import register as registers
from quipu.actions.registers.register import RegisterSaid
from quipu.desk.drawing import said, sentences
from quipu.desk.funds.views import kept
from quipu.desk.registers import forms, sight
from quipu.desk.registers.sight import KEEP, of_register
from quipu.desk.registers.words import TYPES
from quipu.desk.rights import needs
from quipu.rules.findings import Refused
from quipu.rules.mandates import Scope
from quipu.rules.registers.fields import Field, Schema


def of_own(code: str) -> tuple[Any, Scope]:
    """A register with a schema of its own; 404 for one of the house's kinds."""
    found, scope = of_register(code)
    if found.kind:
        raise Http404(code)
    return found, scope


def of_field(code: str, key: str) -> tuple[tuple[Any, Field], Scope]:
    """A field of such a register."""
    found, scope = of_own(code)
    return (found, sight.field_of(registers.schema_of(found), key)), scope


@needs(KEEP, of_own)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """The fields, and a form for one more."""
    schema = registers.schema_of(thing)
    form = forms.OneField(request.POST or None, initial={"seen": history.version(registers.thing(thing))})

    def add(told: dict[str, Any]) -> Any:
        one = form.field([each.key for each in schema.fields])
        return _keep(request, thing, replace(schema, fields=(*schema.fields, one)), told["seen"])

    return kept(
        request,
        form,
        add,
        done="The field is added.",
        lead=lambda _: ("register_schema", thing.code),
        template="registers/schema.html",
        register=thing,
        schema=schema,
        title=sight.title_of(thing),
        label=sight.label,
        types=TYPES,
        has_rows=thing.rows.exists(),
    )


@needs(KEEP, of_field)
def change(request: HttpRequest, thing: Any) -> HttpResponse:
    """One field anew."""
    register, one = thing
    schema = registers.schema_of(register)
    initial = {**forms.of_field(one), "seen": history.version(registers.thing(register))}
    form = forms.OneField(request.POST or None, initial=initial)

    def act(told: dict[str, Any]) -> Any:
        new = form.field([], one)
        fields = tuple(new if each.key == one.key else each for each in schema.fields)
        return _keep(request, register, replace(schema, fields=fields), told["seen"])

    return kept(
        request,
        form,
        act,
        done="The field is changed.",
        lead=lambda _: ("register_schema", register.code),
        title="Change a field",
        back=("register_schema", register.code),
        locked=[],
    )


@needs(KEEP, of_field)
def remove(request: HttpRequest, thing: Any) -> HttpResponse:
    """A field that nobody has filled in is taken away."""
    register, one = thing
    schema = registers.schema_of(register)
    if request.method == "POST":
        try:
            rest = tuple(each for each in schema.fields if each.key != one.key)
            dated = "" if schema.dated == one.key else schema.dated
            _keep(request, register, replace(schema, fields=rest, dated=dated), None)
        except Refused as refused:
            messages.error(request, sentences(refused))
        else:
            messages.success(request, said("The field is taken away."))
    return redirect("register_schema", register.code)


def _keep(request: HttpRequest, register: Any, schema: Schema, seen: int | None) -> Any:
    told = RegisterSaid(register.titles, "", schema, register.currency, register.is_public)
    return registers.keep(by=request.user.pk, project=register.project_id, said=told, code=register.code, seen=seen)
