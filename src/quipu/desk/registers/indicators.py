"""What a register says of an indicator: how it is counted, its value per period with the rows behind it, taking the count."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quipu.actions import history
from quipu.actions.registers import counting
from quipu.actions.registers import register as registers
from quipu.actions.results import framework
from quipu.books import models, office
from quipu.desk.drawing import said, spoken
from quipu.desk.forms import Form, day, text
from quipu.desk.funds.views import kept
from quipu.desk.registers import forms, sight
from quipu.desk.registers.sight import READ, of_indicator
from quipu.desk.rights import needs
from quipu.rules.registers.counting import COUNT, DISTINCT, OPS, SUM, split
from quipu.rules.results.kinds import BREAKS, STANDS

LISTED = 200  # rows behind a value that are listed


class Take(Form):
    """The period whose count is taken."""

    since = day("From", needed=False, hint="Empty: from the beginning.")
    until = day("Until")
    note = text("Note", needed=False, most=500)


@needs(READ, of_indicator)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """How an indicator counts a register, what that says of each period, and which rows stand behind it."""
    register = counting.register_of(thing)
    scope = framework.scope(thing)
    told: dict[str, Any] = {
        "indicator": thing,
        "title": titled(thing),
        "project": thing.project,
        "scope": scope,
        "register": register,
        "register_title": sight.title_of(register) if register else "",
        "said": [],
        "today": office.today(),
        "stands": thing.gathers == STANDS,
        "most": LISTED,
    }
    if register is None:
        others = models.Register.objects.filter(project=thing.project_id, ended_at=None).order_by("number")
        told["others"] = [(one, sight.title_of(one)) for one in others]
    else:
        told["wrong"] = counting.faults(thing, thing.counted)
        told["said"] = [] if told["wrong"] else sentence_of(register, thing.counted)
        told["periods"] = counting.values(thing)
        told["schema"] = registers.schema_of(register)
        told["lists"] = lists_of(thing)
        told["called"] = called
    readings = thing.readings.order_by("-until", "-made_at")
    told["readings"] = list(readings[:50])
    told["stood"] = {code: len(one.items) for code, one in counting.stood_on(told["readings"]).items()}
    return render(request, "registers/indicator.html", told)


@needs("keep frameworks", of_indicator)
def define(request: HttpRequest, thing: Any) -> HttpResponse:
    """Says what is counted of which register."""
    code = request.GET.get("register", "") or (thing.counted or {}).get("register", "")
    register = models.Register.objects.filter(code=code.replace("\0", ""), project=thing.project_id).first()
    if register is None:
        return redirect("register_indicator", thing.code)
    is_same = bool(thing.counted) and thing.counted.get("register") == register.code
    schema = registers.schema_of(register)
    initial: dict[str, Any] = forms.of_definition(thing.counted) if is_same else {"what": COUNT, "on": schema.dated}
    initial["seen"] = history.version(framework.thing(framework.INDICATOR, thing))
    form = forms.Count(request.POST or None, schema=schema, lists=lists_of(thing), initial=initial)
    return kept(
        request,
        form,
        lambda told: counting.define(
            by=request.user.pk,
            indicator=thing.code,
            said=form.definition(register),
            reason=told["reason"],
            seen=told["seen"],
        ),
        done="It is counted so from now on. Look at what it says, then take the count.",
        lead=lambda _: ("register_indicator", thing.code),
        template="registers/define.html",
        title="What is counted",
        back=("register_indicator", thing.code),
        indicator=thing,
        indicator_title=titled(thing),
        register=register,
        register_title=sight.title_of(register),
    )


@needs("write readings", of_indicator)
def take(request: HttpRequest, thing: Any) -> HttpResponse:
    """Takes the count of a period as a reading, which another person approves."""
    register = counting.register_of(thing)
    if register is None:
        return redirect("register_indicator", thing.code)
    initial = {"since": request.GET.get("since", ""), "until": request.GET.get("until", "") or office.today()}
    form = Take(request.POST or None, initial=initial)
    if thing.gathers == STANDS:
        del form.fields["since"]
    return kept(
        request,
        form,
        lambda told: counting.take(by=request.user.pk, indicator=thing.code, **told),
        done="The count is taken and submitted. Another person approves it.",
        lead=lambda _: ("register_indicator", thing.code),
        title="Take the count of this period?",
        does="Take the count",
        back=("register_indicator", thing.code),
        locked=[
            ("Indicator", titled(thing), ""),
            ("Register", sight.title_of(register), ""),
        ],
    )


def titled(indicator: Any) -> str:
    """What an indicator is called in the reader's language."""
    titles = indicator.titles
    return str(titles.get(spoken().language) or titles.get("en") or next(iter(titles.values()), indicator.code))


def lists_of(indicator: Any) -> dict[str, str]:
    """The lists that an indicator is told apart by, as the reader calls them."""
    own = framework.lists_of(indicator.project_id)
    found = {}
    for code in indicator.breaks:
        if code in BREAKS:
            found[code] = said(BREAKS[code].label)
        elif code in own:
            found[code] = str(own[code].titles.get(spoken().language) or next(iter(own[code].titles.values()), code))
    return found


def called(code: str, choice: str) -> str:
    """A choice of a list as the reader calls it."""
    return said(BREAKS[code].choices[choice]) if code in BREAKS and choice in BREAKS[code].choices else choice


def sentence_of(register: Any, definition: Any) -> list[str]:
    """A definition in words, a line for each part."""
    schema = registers.schema_of(register)

    def named(key: str) -> str:
        one = schema.of(key)
        return sight.label(one) if one else key

    word, key = split(definition["what"])
    whats = {
        COUNT: said("How many rows"),
        SUM: said("The sum of: %(field)s", field=named(key)),
        DISTINCT: said("How many different: %(field)s", field=named(key)),
    }
    found = [whats[word] + (f", {definition['currency']}" if definition.get("currency") else "")]
    for condition in definition.get("where", ()):
        one = schema.of(condition[0])
        value = dict(sight.choices(one)).get(condition[2], condition[2]) if one else condition[2]
        found.append(f"{named(condition[0])} {said(OPS[condition[1]])} {value}".strip())
    if definition.get("on"):
        found.append(said("A row is of the period of its: %(field)s", field=named(definition["on"])))
    for code, key in definition.get("breaks", {}).items():
        name = said(BREAKS[code].label) if code in BREAKS else code
        found.append(said("Told apart by %(list)s: %(field)s", list=name, field=named(key)))
    return found
