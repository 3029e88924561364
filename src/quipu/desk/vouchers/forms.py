"""What is typed about a voucher: the fields of its kind, amounts in the reader's manner, and files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel import numbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from quipu.books import models
from quipu.desk.drawing import said, sentence, spoken
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.rules import typed
from quipu.rules.findings import Finding
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.kinds import CATEGORIES
from quipu.rules.mandates import EVERYTHING, Scope
from quipu.rules.money import exponent, plain
from quipu.rules.voucher_kinds import BUDGET_CATEGORIES, KINDS, Kind

AMOUNTS = "amounts-"  # before the category in the name of a budget's field
LONGEST = 60  # characters of an amount


class MoneyField(forms.CharField):  # type: ignore[misc]
    """An amount as people type it; cleaned, it is the exact decimal as text."""

    def __init__(self, *args: Any, is_rate: bool = False, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}
        options = {"max_length": LONGEST, "widget": forms.TextInput(attrs=attrs), **options}
        super().__init__(*args, **options)
        self.is_rate = is_rate

    def clean(self, value: Any) -> str:
        """Raises ValidationError for what can be read two ways, or not at all."""
        said_ = super().clean(value)
        if not said_:
            return ""
        read = (typed.rate if self.is_rate else typed.amount)(said_, group_sign())
        if isinstance(read, str):
            raise ValidationError(sentence(Finding(read, "")))
        return plain(read)


def group_sign() -> str:
    """What the reader's language puts between thousands."""
    return str(numbers.get_group_symbol(spoken().locale))


def shown(value: str, currency: str = "", *, is_rate: bool = False) -> str:
    """An exact decimal as the reader would type it."""
    if not value:
        return ""
    if is_rate:
        return value.replace(".", str(numbers.get_decimal_symbol(spoken().locale)))
    decimals = max(exponent(currency), -Decimal(value).as_tuple().exponent)  # type: ignore[operator]
    return spoken().money(Decimal(value), decimals)


class Files(forms.ClearableFileInput):  # type: ignore[misc]
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):  # type: ignore[misc]
    """Several files; cleaned, a list of what was uploaded."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=Files(), required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Empty files are faults, as everywhere."""
        return [super(FilesField, self).clean(one, initial) for one in data or [] if one]


class Beginning(Form):
    """What kind of voucher, and of which fund."""

    kind = choice("Kind")
    fund = choice("Fund")

    def __init__(self, *args: Any, kinds: Sequence[Kind], scopes: Sequence[Scope], **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "kind", ((kind.name, said(kind.label)) for kind in kinds if not kind.is_of_voucher))
        choose(self, "fund", funds_within(scopes))


def funds_within(scopes: Sequence[Scope]) -> list[tuple[str, str]]:
    """The funds that somebody may write vouchers of, with their names."""
    found = models.Fund.objects.order_by("code")
    if EVERYTHING not in scopes:
        found = found.filter(code__in=[scope.fund for scope in scopes])
    return named(found)


def named(found: Any) -> list[tuple[str, str]]:
    """Codes with their titles, to choose from."""
    return [(code, f"{code} {title}".strip()) for code, title in found.values_list("code", "title")]


class Voucher(Form):
    """A voucher of one kind: the fields of `actions.drafted` in their order, the day, the title and files."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, kind: Kind, fund: str, enclosed: Iterable[Any] = (), **options: Any) -> None:
        self.kind, self.fund = kind, fund
        self.currency = models.Fund.objects.filter(code=fund).values_list("currency", flat=True).first() or ""
        self.enclosed = list(enclosed)
        options["initial"] = {"on": timezone.localdate(), **(options.get("initial") or {})}
        super().__init__(*args, **options)
        self._make()
        for field in self.fields.values():
            field.label, field.help_text = said(str(field.label)), said(field.help_text) if field.help_text else ""

    def _make(self) -> None:
        every = {
            "on": day("Date", hint="The day it happened, as the bank or the decision says."),
            "contributor": choice("Contributor"),
            "agreement": choice("Agreement"),
            "project": choice("Project"),
            "organization": choice("Organization"),
            "other": choice("To the fund"),
            "voucher": text("Key of the voucher", most=200, hint="As it stands on the voucher's page."),
            "entry": forms.IntegerField(label="Only this entry", min_value=1, help_text="Empty: all of the voucher."),
            "amount": MoneyField(label="Amount"),
            "original": MoneyField(label="Amount as paid", help_text="Where it was paid in another currency."),
            "currency": choice("Currency as paid"),
            "rate": MoneyField(
                label="Rate", is_rate=True, help_text="As the document states it; nothing is computed by it."
            ),
            "reason": text("Reason", hint="It is printed beside the change."),
            "title": text(self.kind.titled, needed=self.kind.titled == "Reason", hint=self._hint(), lines=2),
            "files": FilesField(label="Files", help_text="Several at once. They are sealed with the voucher."),
        }
        first = [name for name in self.kind.needed if name in every]
        further = [name for name in self.kind.optional if name in every]
        for name in ("on", *first, *further, "title", "files"):
            field = every[name]
            if name not in ("title", "files"):
                field.required = name == "on" or name in self.kind.needed
            self.fields[name] = field
            if isinstance(field.widget, forms.DateInput):
                field.widget.input_type, field.widget.format = "date", "%Y-%m-%d"
        if "amounts" in self.kind.needed:
            for category in BUDGET_CATEGORIES:
                self.fields[f"{AMOUNTS}{category}"] = MoneyField(label=CATEGORIES[category].label, required=False)
        if self.currency and "amount" in self.fields:
            self.fields["amount"].label = said("Amount in %(currency)s", currency=self.currency)
            if self.kind.either_sign:
                self.fields["amount"].help_text = said("Below zero with a minus before it.")
        self._choices()

    def _hint(self) -> str:
        if self.kind.titled == "Decision":
            return said("The decision it rests on, as the minutes name it; or enclose them.")
        if self.kind.titled == "Reason":
            return said("It is printed beside the act.")
        return said("As it will be read in the list.")

    def _choices(self) -> None:
        of_fund = {"fund": self.fund} if self.fund else {}
        bodies = models.Organization.objects.order_by("code")
        every: dict[str, Callable[[], list[tuple[str, str]]]] = {
            "contributor": lambda: named(bodies.filter(contributes=True)),
            "organization": lambda: named(bodies.filter(participates=True)),
            "agreement": lambda: named(models.Agreement.objects.filter(**of_fund).order_by("code")),
            "project": lambda: named(models.Project.objects.filter(**of_fund).order_by("code")),
            "other": lambda: named(models.Fund.objects.exclude(code=self.fund).order_by("code")),
            "currency": lambda: [(code, code) for code in sorted(CURRENCIES - {self.currency})],
        }
        for name, choices in every.items():
            if name in self.fields:
                choose(self, name, choices(), said("to be identified") if self._may_be_unknown(name) else "–")

    def _may_be_unknown(self, name: str) -> bool:
        return name == "contributor" and not self.fields[name].required

    def clean(self) -> dict[str, Any]:
        """A budget names at least one category."""
        told: dict[str, Any] = super().clean()
        if "amounts" in self.kind.needed and not self.errors and not self._amounts(told):
            self.add_error(None, sentence(Finding("amount-needed", "")))
        return told

    @staticmethod
    def _amounts(told: Mapping[str, Any]) -> dict[str, str]:
        return {name.removeprefix(AMOUNTS): value for name, value in told.items() if name.startswith(AMOUNTS) and value}

    @property
    def words(self) -> dict[str, Any]:
        """What a draft says, of all that could be read; complete only where the form is valid."""
        told = getattr(self, "cleaned_data", {})
        found: dict[str, Any] = {"fund": self.fund} if self.fund else {}
        for name in ("on", *self.kind.fields, "title"):
            value = told.get(name)
            if value not in (None, "") and name in self.fields:
                found[name] = str(value)
        if amounts := self._amounts(told):
            found["amounts"] = amounts
        return found


def initial_of(draft: Any, currency: str) -> dict[str, Any]:
    """A draft's words as its form shows them."""
    words = draft.words
    told = {name: value for name, value in words.items() if name != "amounts"}
    for name, unit in (("amount", currency), ("original", words.get("currency", ""))):
        if words.get(name):
            told[name] = shown(words[name], unit)
    if words.get("rate"):
        told["rate"] = shown(words["rate"], is_rate=True)
    for category, value in (words.get("amounts") or {}).items():
        told[f"{AMOUNTS}{category}"] = shown(value, currency)
    return told


class Why(Form):
    """Why something is led back or away. seen: the version that was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = text("Reason", lines=3, hint="It stays beside the act, and the auditor reads it.")


class Seen(Form):
    """That a version was looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class Workbook(Form):
    """A workbook with vouchers to draft."""

    file = forms.FileField(label="Workbook", help_text="The template, filled in and saved as .xlsx.")


def kind_of(name: str) -> Kind | None:
    """The kind of that name."""
    return KINDS.get(name)
