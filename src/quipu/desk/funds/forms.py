"""What is typed about funds, their windows, agreements and memoranda."""

from typing import Any

from django import forms

from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.rules.journal.currencies import CURRENCIES

CODE = "Letters, digits, dots and dashes. It never changes."
LINES = "One a line: code, name, share, as PE Peru 60%. Shares sum to 100%, or none is stated."
CATEGORIES = ("global", "country", "Delivering as One", "national", "stand-alone joint programme", "internal")


def seen() -> forms.IntegerField:
    """The version of the record that was shown."""
    return forms.IntegerField(widget=forms.HiddenInput)


def money(label: str, hint: str = "") -> forms.DecimalField:
    """An amount that may be left out, from zero up."""
    return forms.DecimalField(
        label=label, required=False, help_text=hint, min_value=0, max_digits=18, decimal_places=3, localize=False
    )


class Fund(Form):
    """A fund. Its code and currency are typed once."""

    code = text("Code", most=64, hint=CODE)
    title = text("Name", most=300)
    currency = choice("Currency", hint="All amounts of the fund are in it. It never changes.")
    category = choice("Category", needed=False)
    starts = day("Begins", needed=False)
    ends = day("Ends", needed=False)
    countries = text("Countries", needed=False, lines=3, most=4000, hint=LINES)
    regions = text("Regions", needed=False, lines=2, most=4000, hint=LINES)
    themes = text("Themes", needed=False, lines=3, most=4000, hint=LINES)
    overview = text(
        "Overview of the journal",
        needed=False,
        lines=4,
        most=4000,
        hint="What is written under Narrative goes before it.",
    )
    agent_fee = text("Agent's fee", needed=False, most=10, hint="Per cent of each deposit. Empty: 1%.")
    minimum_balance = money("Minimum balance", "What the fund always keeps.")
    small_balance = money("Small-balance limit", "A rest below it may be waived. Empty: 250.")
    deadlines = text(
        "Deadlines of its own",
        needed=False,
        lines=3,
        most=400,
        hint="One a line, month and day: annual-return 04-15, narrative 03-15, final-statement, interim-return, "
        "consolidated-report. Empty: those of the field.",
    )
    category_shift = text(
        "Shift between categories",
        needed=False,
        most=10,
        hint="Per cent by which a category may exceed its budget without a decision. Empty: 15%.",
    )
    over_allocation = choice("Allocations above what is available", needed=False)
    second_eyes = forms.BooleanField(
        label="Second eyes", required=False, help_text="Another person releases what is marked public."
    )
    illustrative = forms.BooleanField(label="Amounts are examples", required=False)
    iati = text("IATI identifier", needed=False, most=200, hint="Under which it is published. Empty: its code.")
    publisher = text("Publisher", needed=False, most=300, hint="Its reference, then its name: XX-ORG-1 Name of it.")
    seen = seen()

    def __init__(self, *args: Any, is_new: bool, further: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "currency", ((one, one) for one in sorted(CURRENCIES)))
        known = dict.fromkeys((*CATEGORIES, *filter(None, further)))
        choose(self, "category", ((one, said(one)) for one in known))
        choose(self, "over_allocation", [("allow", said("Allowed"))], said("Refused"))
        if is_new:
            del self.fields["seen"]
        else:
            del self.fields["code"], self.fields["currency"]


class Window(Form):
    """A part of a fund with a purpose of its own."""

    code = text("Code", most=64, hint=CODE)
    title = text("Name", most=300)
    seen = seen()

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["seen" if is_new else "code"]


def organizations(form: Form, name: str, *, contributors: bool = False) -> None:
    """The organizations that can be chosen: all that are not shown as another one."""
    merged = models.Merger.objects.filter(undone_at=None).values("organization")
    rows = models.Organization.objects.exclude(code__in=merged).order_by("title", "code")
    if contributors:
        rows = rows.order_by("-contributes", "title", "code")
    choose(form, name, ((code, f"{title or code} ({code})") for code, title in rows.values_list("code", "title")))


class Agreement(Form):
    """A contributor's agreement."""

    code = text("Code", most=64, hint=CODE)
    contributor = choice("Contributor", hint="It never changes.")
    title = text("Title", needed=False, most=300)
    amount = money("Amount", "In the agreement's own currency.")
    currency = choice("Currency", needed=False)
    instalments = text(
        "Instalments",
        needed=False,
        lines=4,
        most=4000,
        hint="One a line: the day it is expected, the amount, as 2026-03-01 250,000.00.",
    )
    amendments = text(
        "Amendments",
        needed=False,
        lines=3,
        most=4000,
        hint="One a line: the day it was signed, what it changes, as 2026-06-01 Six more months.",
    )
    earmark = text("Earmark", needed=False, most=200, hint="A window, a country or a project. Empty: none.")
    agent_fee = text("Agent's fee", needed=False, most=10, hint="Per cent, or none. Empty: the fund's.")
    iati_activity = text("The contributor's own IATI activity", needed=False, most=200)
    seen = seen()

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "currency", ((one, one) for one in sorted(CURRENCIES)))
        if is_new:
            organizations(self, "contributor", contributors=True)
            del self.fields["seen"]
        else:
            del self.fields["code"], self.fields["contributor"]


class Memorandum(Form):
    """An organization's agreement with a fund."""

    organization = choice("Organization")
    title = text("Title", needed=False, most=300)
    signed_on = day("Signed on", needed=False)
    indirect_cost = text("Indirect cost", needed=False, most=10, hint="Per cent of direct cost. Empty: 7%.")
    seen = seen()

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            organizations(self, "organization")
            del self.fields["seen"]
        else:
            del self.fields["organization"]
