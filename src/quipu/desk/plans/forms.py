"""What is typed about work plans: pieces of work, closings, approvals, tranches and requests for transfers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from quipu.actions.plans import planning, requesting
from quipu.actions.plans.planning import TrancheSaid, WorkSaid
from quipu.actions.plans.requesting import RequestSaid
from quipu.books import models
from quipu.desk.drawing import said, sentence, spoken
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.plans.words import as_typed, body_name, output_title, quarter_name, units_of
from quipu.desk.vouchers.forms import MoneyField
from quipu.rules.findings import Finding
from quipu.rules.languages import LANGUAGES
from quipu.rules.plans import OF_YEAR, Quarter


class Seen(Form):
    """That a version was looked at."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Why(Seen):
    """Why something is done."""

    reason = text("Reason", lines=3, hint="It stays beside the act, and the auditor reads it.")


class Priced(Seen):
    """A form with amounts in minor units of one currency."""

    currency = ""

    def units(self, name: str) -> int:
        """An amount that was typed, 0 for nothing; a fault stands beside its field."""
        value = self.cleaned_data.get(name) or "0"
        found = units_of(value, self.currency)
        if isinstance(found, str):
            self.add_error(name, sentence(Finding(found, name)))
            return 0
        return found


class WorkForm(Priced):
    """A piece of work with what is planned by the quarters of a year."""

    output = choice("Output")
    organization = choice("Organization", hint="Whoever does it, and fills in its lines.")
    place = text("Place", needed=False, hint="Where the work is done.")

    def __init__(
        self, *args: Any, project: Any, year: int, work: Any = None, bodies: Sequence[Any], **options: Any
    ) -> None:
        self.currency, self.year = project.fund.currency, year
        self.quarters = [Quarter(year, number) for number in OF_YEAR]
        lines = {Quarter(one.year, one.quarter): one for one in work.quarters.all()} if work else {}
        initial = {planning.place_of(q): as_typed(lines[q].planned, self.currency) for q in self.quarters if q in lines}
        if work is not None:
            initial |= {"output": work.output_id, "organization": work.organization_id, "place": work.place}
            initial |= {f"title_{language}": told for language, told in work.titles.items()}
        super().__init__(*args, **{**options, "initial": {**initial, **(options.get("initial") or {})}})
        first = dict(self.fields)
        self.fields.clear()
        self.fields["seen"] = first.pop("seen")
        for language in sorted(LANGUAGES, key=lambda one: one != "en"):
            label = said("Title, %(language)s", language=spoken().tongue(language))
            hint = "" if len(self.fields) > 1 else said("In one language at least.")
            made = forms.CharField(label=label, required=False, max_length=300, help_text=hint)
            self.fields[f"title_{language}"] = made
        self.fields |= first
        closed = planning.closed(project.code, self.quarters)
        for quarter in self.quarters:
            field = MoneyField(
                label=said(
                    "Planned in %(quarter)s, %(currency)s", quarter=quarter_name(quarter), currency=self.currency
                ),
                required=False,
                disabled=quarter in closed,
                help_text=said("The quarter is closed.") if quarter in closed else "",
            )
            self.fields[planning.place_of(quarter)] = field
        outputs = models.Output.objects.filter(outcome__project=project).select_related("outcome")
        outputs = outputs.order_by("outcome__number", "number")
        kept = work.output_id if work else ""
        choose(
            self,
            "output",
            [(one.code, output_title(one)) for one in outputs if one.ended_at is None or one.code == kept],
        )
        choose(self, "organization", [(one.code, body_name(one)) for one in bodies])

    @property
    def work(self) -> WorkSaid:
        """As the verb wants it."""
        told = self.cleaned_data
        return WorkSaid(
            told["output"],
            told["organization"],
            {language: told.get(f"title_{language}", "") for language in LANGUAGES},
            told["place"],
            {
                q: self.units(planning.place_of(q))
                for q in self.quarters
                if not self.fields[planning.place_of(q)].disabled
            },
        )


class Approval(Seen):
    """The decision that approves the plan of a year."""

    on = day("Decided on")
    decision = text("Decision", lines=2, hint="As the minutes name it.")


class TrancheForm(Priced):
    """A tranche: when, how much, and under which condition."""

    planned_on = day("Planned on")
    amount = MoneyField(label="Amount")
    condition = text("Condition", needed=False, lines=2, hint="What has to be true before it is paid.")
    met_on = day("Condition met on", needed=False)
    evidence = text("What shows that it was met", needed=False, lines=2)

    def __init__(self, *args: Any, project: Any, tranche: Any = None, **options: Any) -> None:
        self.currency = project.fund.currency
        names = ("planned_on", "condition", "met_on", "evidence")
        initial = {name: getattr(tranche, name) for name in names} if tranche else {}
        if tranche:
            initial["amount"] = as_typed(tranche.amount, self.currency)
        super().__init__(*args, **{**options, "initial": {**initial, **(options.get("initial") or {})}})
        self.fields["amount"].label = said("Amount in %(currency)s", currency=self.currency)

    @property
    def tranche(self) -> TrancheSaid:
        """As the verb wants it."""
        told = self.cleaned_data
        return TrancheSaid(
            told["planned_on"], self.units("amount"), told["condition"], told["met_on"], told["evidence"]
        )


class RequestForm(Priced):
    """A request for transfers: the decision, the tranche, and an amount for each organization."""

    decision = text("Decision", lines=2, hint="The decision it rests on, as the minutes name it.")
    decided_on = day("Decided on")
    tranche = choice("Tranche", needed=False)
    note = text("Note to the agent", needed=False, lines=2)

    def __init__(
        self,
        *args: Any,
        project: Any,
        bodies: Sequence[Any],
        quarter: Quarter | None = None,
        request: Any = None,
        proposed: Mapping[str, int] | None = None,
        **options: Any,
    ) -> None:
        self.currency, self.quarter, self.bodies = project.fund.currency, quarter, list(bodies)
        amounts = dict(proposed or {})
        initial: dict[str, Any] = {}
        if request is not None:
            amounts = dict(request.amounts.values_list("organization_id", "amount"))
            initial = {name: getattr(request, name) for name in ("decision", "decided_on", "note")}
            initial["tranche"] = str(request.tranche.number) if request.tranche_id else ""
        initial |= {
            requesting.place_of(body): as_typed(amount, self.currency) for body, amount in amounts.items() if amount
        }
        super().__init__(*args, **{**options, "initial": {**initial, **(options.get("initial") or {})}})
        for body in self.bodies:
            label = said(
                "Amount for %(organization)s, %(currency)s", organization=body_name(body), currency=self.currency
            )
            self.fields[requesting.place_of(body.code)] = MoneyField(label=label, required=False)
        every = models.Tranche.objects.filter(project=project).order_by("number")
        choose(self, "tranche", [(str(one.number), tranche_name(one, self.currency)) for one in every])

    @property
    def request(self) -> RequestSaid:
        """As the verb wants it."""
        told = self.cleaned_data
        return RequestSaid(
            {body.code: self.units(requesting.place_of(body.code)) for body in self.bodies},
            told["decision"],
            told["decided_on"],
            int(told["tranche"] or 0),
            told["note"],
            self.quarter,
        )


def tranche_name(tranche: Any, currency: str) -> str:
    """A tranche in one line."""
    amount = f"{as_typed(tranche.amount, currency)} {currency}"
    return said("%(number)s: %(amount)s, %(day)s", number=tranche.number, amount=amount, day=_day(tranche.planned_on))


def _day(value: date) -> str:
    return str(spoken().day(value))


class Workbook(Form):
    """A workbook with lines to fill in."""

    file = forms.FileField(
        label="Workbook", help_text="The one that was downloaded here, filled in and saved as .xlsx."
    )
