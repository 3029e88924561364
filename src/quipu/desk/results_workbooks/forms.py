"""Forms of workbooks of readings: of which period to download one, which file to send."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from quipu.desk.drawing import said, sentence
from quipu.desk.forms import Form, choice, choose, day
from quipu.rules.findings import Finding


class OfPeriod(Form):
    """A reporting period that is chosen, or days that are typed."""

    period = choice("Period", needed=False)
    since = day("First day", needed=False, hint="Of what each period counts anew.")
    until = day("Last day", needed=False)

    def __init__(self, *args: Any, cycles: Iterable[tuple[str, str]], **named: Any):
        super().__init__(*args, **named)
        self.cycles = list(cycles)
        choose(self, "period", self.cycles, said("Other days"))

    def clean(self) -> dict[str, Any]:
        """The days of the period that was chosen, or those that were typed."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("period"):
            since, _, until = told["period"].partition("/")
            return {**told, "since": date.fromisoformat(since), "until": date.fromisoformat(until)}
        if told.get("since") and told.get("until") and told["since"] > told["until"]:
            self.add_error("until", sentence(Finding("period-backwards", "")))
        return told


class Which(OfPeriod):
    """Of which period."""

    def clean(self) -> dict[str, Any]:
        """With a last day in any case."""
        told = super().clean()
        if not told.get("until") and not self.errors:
            self.add_error("until", sentence(Finding("field-missing", "")))
        return told


class Sent(OfPeriod):
    """A file with readings. The period is for files that do not say it themselves."""

    file = forms.FileField(label="File", help_text="The workbook with readings, as .xlsx.")
    field_order = ("file", "period", "since", "until")
