"""Forms of workbooks: which one to download, which file to send."""

from collections.abc import Iterable
from typing import Any

from django import forms

from quipu.books import office
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose
from quipu.desk.workbooks.drawn import LABELS
from quipu.rules.returns.states import ANNUAL, KINDS

EARLIEST = 1990


class Which(Form):
    """Of which organization, year and kind, and of one fund or all."""

    organization = choice("Organization")
    year = forms.IntegerField(label="Year", min_value=EARLIEST)
    kind = choice("Kind")
    fund = choice("Fund", needed=False)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], funds: Iterable[tuple[str, str]], **named: Any):
        super().__init__(*args, **named)
        choose(self, "organization", bodies)
        choose(self, "kind", [(name, said(LABELS[name])) for name in sorted(KINDS, key=lambda one: one != ANNUAL)])
        choose(self, "fund", funds, said("All funds"))
        self.fields["year"].initial = self.fields["year"].initial or office.today().year - 1


class Sent(Form):
    """A file with figures. Year and kind are for files that do not say them themselves."""

    organization = choice("Organization")
    file = forms.FileField(label="File", help_text="The workbook, or a file of your own program: .xlsx or .csv.")
    year = forms.IntegerField(
        label="Year", min_value=EARLIEST, help_text="For a file of your own program; the workbook says it itself."
    )
    kind = choice("Kind")

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], **named: Any):
        super().__init__(*args, **named)
        choose(self, "organization", bodies)
        choose(self, "kind", [(name, said(LABELS[name])) for name in sorted(KINDS, key=lambda one: one != ANNUAL)])
        self.fields["year"].initial = office.today().year - 1


class Practised(Form):
    """A file that is checked and forgotten."""

    file = forms.FileField(label="File", help_text="The practice workbook, as .xlsx.")
