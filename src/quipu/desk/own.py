"""One's own affairs: who I am here, how I sign in, where I am signed in, my language; and what I typed and did not save."""

import json
from datetime import UTC, datetime

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from quipu.books import models, office
from quipu.desk.rights import signed_in
from quipu.portal.languages import DEFAULT, MANNERS
from quipu.rules.mandates import VERBS, needs_second_factor

LARGEST = 200_000  # bytes of what is typed into one form


@signed_in
def show(request: HttpRequest) -> HttpResponse:
    """Who I am, what I may do, how I sign in."""
    today = office.today()
    told = {
        "has_second": is_mfa_enabled(request.user),
        "needs_second": needs_second_factor(request.rights.held, today),
        "held": request.rights.held,
        "maintaining": models.Mandate.objects.filter(
            person=request.user, withdrawn_at=None, role__in=list(VERBS["keep documents"].roles)
        ).order_by("id"),
    }
    return render(request, "own.html", told)


@signed_in
def language(request: HttpRequest) -> HttpResponse:
    """The language of letters to me."""
    chosen = request.POST.get("language", "")  # of whoever only looks, nothing is changed
    if chosen in MANNERS:
        models.Person.objects.filter(pk=request.user.pk).update(language="" if chosen == DEFAULT else chosen)
    return redirect("own")


@signed_in
def elsewhere(request: HttpRequest) -> HttpResponse:
    """What a library would keep here and this house keeps itself."""
    return redirect("own")


@signed_in
def unsaved(request: HttpRequest) -> HttpResponse:
    """What was typed into a form and not saved: kept (POST), given back (GET), thrown away (POST with nothing)."""
    mine = models.Unsaved.objects.filter(person=request.user)
    if request.method != "POST":
        kept = mine.filter(address=request.GET.get("form", "")).first()
        return JsonResponse({"fields": kept.fields, "at": kept.at.isoformat()} if kept else {})
    address = request.POST.get("form", "")[:500]
    text = request.POST.get("fields", "")
    if not text:
        mine.filter(address=address).delete()
        return JsonResponse({})
    try:
        fields = json.loads(text)
    except ValueError:
        return JsonResponse({}, status=400)
    if len(text) > LARGEST or not isinstance(fields, dict) or not address.startswith("/"):
        return JsonResponse({}, status=400)
    at = datetime.now(UTC)
    mine.update_or_create(person=request.user, address=address, defaults={"fields": fields, "at": at})
    return JsonResponse({"at": at.isoformat()})
