"""One row of a register: entered, amended, withdrawn, and what its owner agreed to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quipu.actions import history
from quipu.actions.registers import consent
from quipu.actions.registers import register as registers
from quipu.actions.registers import row as verbs
from quipu.books import models, office
from quipu.desk.funds.views import kept
from quipu.desk.programmes.forms import Reason
from quipu.desk.registers import forms, sight
from quipu.desk.registers.sight import KEEP, READ, of_register, of_row
from quipu.desk.rights import needs
from quipu.desk.vouchers.forms import group_sign
from quipu.rules.registers.fields import Type
from quipu.rules.registers.rows import called

TEMPLATE = "registers/row_form.html"


@needs(READ, of_row)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """All that a row holds, what looks wrong in it, its owner's consents, and who wrote in it."""
    register = thing.register
    if wall := sight.refusal(request, register):
        return wall
    schema = registers.schema_of(register)
    personal = schema.is_of_people or sight.sees_personal(request.rights, register)
    names = sight.names_of(schema, [thing])
    today = office.today()
    told = {
        "row": thing,
        "register": register,
        "schema": schema,
        "scope": registers.scope(register),
        "title": sight.title_of(register),
        "cells": [
            (sight.label(one), text, one) for one, text in sight.cells(schema, thing.values, names, personal=personal)
        ],
        "remarks": verbs.remarks(thing),
        "labels": {one.key: sight.label(one) for one in schema.fields},
        "personal": personal,
        "public": sight.shown,
        "shown": [sight.label(one) for one in schema.shown],
        "consents": thing.consents.order_by("-pk") if schema.by_consent else [],
        "in_force": consent.of_row(thing, today) if schema.by_consent else None,
        "today": today,
        "who": history.names_of([thing.author, thing.withdrawn_by]),
    }
    return render(request, "registers/row.html", told)


@needs(KEEP, of_register)
def new(request: HttpRequest, thing: Any) -> HttpResponse:
    """A further row."""
    form = forms.Row(request.POST or None, register=thing, schema=registers.schema_of(thing), is_new=True)
    return kept(
        request,
        form,
        lambda told: verbs.enter(by=request.user.pk, register=thing.code, said=form.said(), group=group_sign()),
        done="The row is entered.",
        lead=lambda made: ("register_row", thing.code, made.number),
        template=TEMPLATE,
        title="Enter a row",
        back=("register", thing.code),
        **_around(thing),
    )


@needs(KEEP, of_row)
def change(request: HttpRequest, thing: Any) -> HttpResponse:
    """What a row says, anew."""
    register = thing.register
    schema = registers.schema_of(register)
    initial = {**forms.of_row(schema, thing.values), "seen": history.version(verbs.thing(thing))}
    form = forms.Row(request.POST or None, register=register, schema=schema, initial=initial)
    return kept(
        request,
        form,
        lambda told: verbs.amend(
            by=request.user.pk, record=thing, said=form.said(), group=group_sign(), seen=told["seen"]
        ),
        done="The row is amended.",
        lead=lambda made: ("register_row", register.code, thing.number),
        template=TEMPLATE,
        title="Amend the row",
        back=("register_row", register.code, thing.number),
        **_around(register),
    )


def _around(register: Any) -> dict[str, Any]:
    """What stands around a row's form. What is typed about people is not kept beside the register."""
    schema = registers.schema_of(register)
    has_bodies = any(one.type == Type.ORGANIZATION for one in schema.fields)
    bodies = models.Organization.objects.order_by("title").values_list("title", flat=True)[:500] if has_bodies else []
    return {
        "register": register,
        "register_title": sight.title_of(register),
        "bodies": bodies,
        "people": schema.personal,
    }


@needs(KEEP, of_row)
def withdraw(request: HttpRequest, thing: Any) -> HttpResponse:
    """A row counts no more."""
    at = (thing.register_id, thing.number)
    form = Reason(request.POST or None)
    return kept(
        request,
        form,
        lambda told: verbs.withdraw(by=request.user.pk, record=thing, reason=told["reason"]),
        done="The row is withdrawn, and counts no more. It stays here with your reason.",
        lead=lambda made: ("register_row", *at),
        title="Withdraw this row?",
        does="Withdraw it",
        back=("register_row", *at),
        locked=[("Row", f"{thing.number} {called(registers.schema_of(thing.register), thing.values)}", "")],
    )


@needs(KEEP, of_row)
def agree(request: HttpRequest, thing: Any) -> HttpResponse:
    """An owner agrees to their row being public."""
    at = (thing.register_id, thing.number)
    initial = {"given_on": office.today(), "seen": history.version(verbs.thing(thing))}
    form = forms.Consent(request.POST or None, register=thing.register, initial=initial)
    return kept(
        request,
        form,
        lambda told: consent.give(by=request.user.pk, record=thing, said=form.said(), seen=told["seen"]),
        done="The consent is kept. Where the register is public, the next edition shows the row.",
        lead=lambda made: ("register_row", *at),
        title="Keep the owner's consent",
        back=("register_row", *at),
        locked=[],
    )


@needs(KEEP, of_row)
def disagree(request: HttpRequest, thing: Any) -> HttpResponse:
    """An owner agrees no more."""
    at = (thing.register_id, thing.number)
    form = Reason(request.POST or None)
    return kept(
        request,
        form,
        lambda told: consent.withdraw(by=request.user.pk, record=thing, reason=told["reason"]),
        done="The consent is withdrawn. The next edition is without the row.",
        lead=lambda made: ("register_row", *at),
        title="Withdraw the owner's consent?",
        does="Withdraw it",
        back=("register_row", *at),
        locked=[],
    )
