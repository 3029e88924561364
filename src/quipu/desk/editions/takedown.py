"""Taking down: first what would go, then the act; and everything that was taken down so far."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history, take_down
from quipu.desk.drawing import said
from quipu.desk.editions import forms, opened
from quipu.desk.rights import needs
from quipu.rules.findings import Refused

ACT = "act"  # the second step; the first one only looks


@needs("take down")
def show(request: HttpRequest) -> HttpResponse:
    """The form in two steps, over the list of what is withheld."""
    home, effect = opened.home(), None
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    form = forms.Takedown(request.POST or None, kind=kind, initial=request.GET.dict()) if kind in forms.NAMED else None
    if request.method == "POST" and form is not None and form.is_valid():
        told = form.cleaned_data
        try:
            if request.POST.get("step") == ACT:
                why = {"reason": told["reason"], "told": told["told"]}
                take_down.take_down(home, by=request.user.pk, kind=kind, target=form.target, lay_out=False, **why)
                messages.success(request, said("It is withheld: no page, file or feed of any edition has it any more."))
                return redirect("takedowns")
            effect = take_down.foresee(home, kind=kind, target=form.target)
        except Refused as refused:
            form.refuse(refused)
    orders = home.withheld.orders[::-1]
    shown: dict[str, Any] = {"form": form, "effect": effect, "orders": orders}
    shown["names"] = history.names_of(one.by for one in orders)
    shown["unfinished"] = {one.number for one in home.withheld.unfinished}
    shown |= {"kind": kind, "kinds": forms.NAMED}
    wrong = request.method == "POST" and (form is None or bool(form.errors))
    return render(request, "editions/takedowns.html", shown, status=422 if wrong else 200)
