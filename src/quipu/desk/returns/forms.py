"""Forms about returns: beginning one, why it is led on, a comment, a waiver."""

from collections.abc import Sequence
from typing import Any

from django import forms

from quipu.actions.returns.waiving import WAIVABLE
from quipu.books import models, office
from quipu.books import returns as ledger
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, text
from quipu.desk.returns.owed import organizations
from quipu.desk.returns.words import KIND_LABELS
from quipu.rules.mandates import Scope
from quipu.rules.returns.registry import CHECKS

FIRST = 2004  # no fund of this kind is older


class Beginning(Form):
    """Of which fund and organization, which year, and which kind."""

    place = choice("Fund and organization")
    year = forms.IntegerField(label="Year", min_value=FIRST)
    kind = choice("Kind")

    def __init__(self, *args: Any, scopes: Sequence[Scope], **options: Any) -> None:
        options["initial"] = {"year": office.today().year - 1, "kind": "annual", **(options.get("initial") or {})}
        super().__init__(*args, **options)
        places = {
            (part.fund, part.organization)
            for part in ledger.participations(organizations(scopes))
            if any(scope.covers(Scope(part.fund, "", part.organization)) for scope in scopes)
        }
        funds = dict(models.Fund.objects.values_list("code", "title"))
        bodies = dict(models.Organization.objects.values_list("code", "title"))
        choose(
            self,
            "place",
            [
                (f"{fund} {body}", f"{fund} {funds.get(fund, '')} · {bodies.get(body) or body}")
                for fund, body in sorted(places)
            ],
        )
        choose(self, "kind", [(kind, said(label)) for kind, label in KIND_LABELS.items()])
        self.fields["year"].max_value = office.today().year


class Seen(Form):
    """That a version was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class Why(Seen):
    """Why a return is led back or begun anew."""

    reason = text(
        "Reason", lines=4, most=2_000, hint="It stays beside the act. Whoever has to do something about it reads it."
    )


class Waiver(Form):
    """Which rule is waived, in which row, and why."""

    rule = choice("Rule")
    row = choice("Row", needed=False)
    reason = text(
        "Reason", lines=4, most=2_000, hint="It is published with the figures, with your office's name and the day."
    )

    def __init__(self, *args: Any, rows: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "rule", [(name, said(CHECKS[name].sentence)) for name in WAIVABLE])
        choose(self, "row", rows, said("all rows"))
