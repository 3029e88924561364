"""What is typed about community funds: their records, and what moves in a box."""

import secrets
from typing import Any

from django import forms

from quipu.books import office
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.funds.forms import seen
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.revolving import DECLINING, FLAT, MONTH, MOST_EVERY, MOST_INSTALMENTS, MOST_RATE, WEEK, YEAR, Terms

NO_NAMES = "Names of people stand nowhere here."


def amount(label: str = "Amount", *, needed: bool = True, hint: str = "") -> forms.DecimalField:
    """An amount above nothing."""
    return forms.DecimalField(
        label=label, required=needed, help_text=hint, min_value=0, max_digits=15, decimal_places=3, localize=False
    )


def number(label: str, least: int, most: int, *, hint: str = "") -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=hint)


def key() -> forms.CharField:
    """The key that is posted under: made once, so that a form sent twice is posted once."""
    return forms.CharField(max_length=60, widget=forms.HiddenInput)


def start(**told: Any) -> dict[str, Any]:
    """What a form of a movement begins with."""
    return {"key": f"box-{secrets.token_hex(8)}", "on": office.today(), **told}


class Community(Form):
    """A community fund. Its currency is chosen once."""

    title = text("Name of the group", most=200, hint="What the group calls itself. Names of people stand nowhere here.")
    district = text("District", needed=False, most=200)
    opened_on = day("Opened", needed=False)
    currency = choice("Currency of the box", hint="What its members count in. It never changes.")
    seen = seen()

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["seen" if is_new else "currency"]
        if is_new:
            choose(self, "currency", ((code, code) for code in sorted(CURRENCIES)))


class Words(Form):
    """What a loan is for, said otherwise."""

    title = text("What for", needed=False, most=200, hint=NO_NAMES)
    seen = seen()


class Movement(Form):
    """Something that comes into the box, or is paid out of it."""

    amount = amount()
    on = day("Day")
    note = text("What it was", needed=False, most=200, hint=NO_NAMES)
    key = key()


class Reason(Form):
    """A reversal or a write-off: the day, and why."""

    on = day("Day")
    note = text("Why", most=200, hint=NO_NAMES)
    key = key()


class Payment(Form):
    """A payment of a loan. How it is split, the rule says."""

    amount = amount("Amount paid")
    on = day("Day")
    note = text("Note", needed=False, most=200, hint=NO_NAMES)
    key = key()


class Lending(Form):
    """A loan with its terms."""

    member = number("Number of the member", 1, 10**7 - 1, hint="The number in the group's own list. Never a name.")
    amount = amount("Amount lent")
    on = day("Day it is paid out")
    purpose = text("What for", needed=False, most=200, hint=NO_NAMES)
    method = choice("How interest is counted")
    rate = forms.DecimalField(
        label="Interest in per cent", min_value=0, max_value=MOST_RATE, max_digits=7, decimal_places=4
    )
    per = choice("For each")
    instalments = number("Number of instalments", 1, MOST_INSTALMENTS)
    every = number("One every", 1, MOST_EVERY)
    unit = choice("Months or weeks")
    first = day("First instalment on")
    grace = number("Instalments with interest alone, at the beginning", 0, MOST_INSTALMENTS)
    key = key()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(
            self,
            "method",
            [
                (DECLINING, said("On what is still owed, in equal instalments")),
                (FLAT, said("Flat: on the whole loan until its end")),
            ],
        )
        choose(self, "per", [(MONTH, said("month")), (YEAR, said("year"))])
        choose(self, "unit", [(MONTH, said("months")), (WEEK, said("weeks"))])

    @property
    def terms(self) -> Terms:
        """As it was typed; asked of a form that is valid."""
        told = self.cleaned_data
        names = ("member", "method", "rate", "per", "instalments", "every", "unit", "first", "grace")
        return Terms(*(told[name] for name in names))


class Collection(Form):
    """A collection day: a payment for each loan that was paid."""

    on = day("Day")
    note = text("Note", needed=False, most=200, hint=NO_NAMES)
    key = key()

    def __init__(self, *args: Any, numbers: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.numbers = numbers
        for each in numbers:
            self.fields[f"loan-{each}"] = amount(said("Loan %(number)s", number=each), needed=False)

    @property
    def paid(self) -> dict[int, Any]:
        """The amounts that were typed, by loan."""
        said_ = {each: self.cleaned_data.get(f"loan-{each}") for each in self.numbers}
        return {each: paid for each, paid in said_.items() if paid}
