"""What is typed about registers: themselves, their rows by their own fields, consents, counts, other resources."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms

from quipu.actions.registers.consent import ConsentSaid
from quipu.actions.registers.register import RegisterSaid
from quipu.actions.registers.resource import ResourceSaid
from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.funds.forms import seen
from quipu.desk.registers import sight
from quipu.desk.registers.words import TYPES
from quipu.desk.vouchers.forms import group_sign
from quipu.portal.languages import LANGUAGES
from quipu.rules import resources
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal.currencies import CURRENCIES
from quipu.rules.registers import counting as rules
from quipu.rules.registers import fields
from quipu.rules.registers.fields import OF_MONEY, Field, Schema, Type
from quipu.rules.registers.kinds import KINDS
from quipu.rules.registers.rows import LONGEST, written

OWN_KIND = "own"
CONDITIONS = 3  # that a form offers at once
PUBLIC_HINT = (
    "What each kind shows stands on its page. Of people nothing is ever public, and amounts only in sums of five rows."
)


class _Titled(Form):
    """A form with a title in each language of the site."""

    def __init__(self, *args: Any, titled: str = "Title", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields: dict[str, forms.Field]
        for code, name in reversed(LANGUAGES.items()):
            field = forms.CharField(label=f"{said(titled)}, {name}", required=False, max_length=200)
            self.fields = {f"title_{code}": field, **self.fields}

    def titles(self) -> dict[str, str]:
        """What was typed, by language."""
        told = {code: self.cleaned_data[f"title_{code}"] for code in LANGUAGES}
        return {code: words for code, words in told.items() if words}

    def refuse(self, refused: Refused) -> None:
        """The title is typed in several fields."""
        found = [one for one in refused.findings if isinstance(one, Finding)]
        super().refuse(Refused(*(replace(one, place="title_en") if one.place == "titles" else one for one in found)))


class Register(_Titled):
    """A register. kind: only for a new one; of its own: what its rows are."""

    kind = choice("What is listed")
    currency = choice("Currency of amounts", hint="Of amounts that name no other one.")
    is_of_people = forms.BooleanField(
        label="Each row is a person",
        required=False,
        help_text="Then nothing of it is ever public. Only for a kind of your own.",
    )
    by_consent = forms.BooleanField(
        label="A row is public only while its owner agrees",
        required=False,
        help_text="Only for a kind of your own; the others know it.",
    )
    dated = choice("The day by which rows are of a period", needed=False)
    is_public = forms.BooleanField(label="The public sees it", required=False, help_text=PUBLIC_HINT)
    seen = seen()

    def __init__(self, *args: Any, register: Any = None, schema: Schema | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.register, self.schema = register, schema
        choose(self, "currency", [(code, code) for code in sorted(CURRENCIES)])
        kinds = [(kind.key, said(kind.label)) for kind in KINDS.values()]
        choose(self, "kind", [*kinds, (OWN_KIND, said("Something else, with fields of your own"))])
        if register is None:
            del self.fields["seen"], self.fields["dated"]
            return
        del self.fields["kind"]
        if register.kind or schema is None:
            for name in ("is_of_people", "by_consent", "dated"):
                del self.fields[name]
        else:
            days = [(one.key, sight.label(one)) for one in schema.fields if one.type == Type.DAY]
            choose(self, "dated", days, said("None"))
        if schema is not None and schema.is_of_people:
            del self.fields["is_public"]

    def said(self) -> RegisterSaid:
        """What was typed."""
        told = self.cleaned_data
        kind = self.register.kind if self.register else told["kind"].replace(OWN_KIND, "")
        own: Schema | None = None
        if not kind:
            people, consent = bool(told.get("is_of_people")), bool(told.get("by_consent"))
            first = (
                Field("name", titles={"en": "Name", "es": "Nombre", "fr": "Nom"}, is_needed=True, is_shown=not people),
            )
            before = self.schema.fields if self.schema else first
            own = Schema(before, people, consent, told.get("dated", ""))
        return RegisterSaid(self.titles(), kind, own, told["currency"], bool(told.get("is_public")))


class OneField(_Titled):
    """A field of a register of the programme's own."""

    type = choice("What it holds")
    choices = text("Choices", needed=False, lines=5, hint="Only for one of a list. One a line.", most=4000)
    hint = text("Hint", needed=False, most=200, hint="Stands under the field.")
    is_needed = forms.BooleanField(label="It has to be filled in", required=False)
    is_personal = forms.BooleanField(
        label="It says something about a person", required=False, help_text="Only keepers see it. It is never public."
    )
    counts_people = forms.BooleanField(
        label="It counts people", required=False, help_text="Then sums of it are cut like every count of people."
    )
    is_shown = forms.BooleanField(
        label="A public row shows it",
        required=False,
        help_text="Never amounts, numbers, documents, or what is of a person.",
    )
    seen = seen()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, titled="What it is called", **options)
        choose(self, "type", [(str(code), said(name)) for code, name in TYPES.items()])

    def field(self, taken: list[str], before: Field | None = None) -> Field:
        """The field that was typed. Choices keep the codes that they had."""
        told = self.cleaned_data
        titles = self.titles()
        key = before.key if before else fields.slug(next(iter(titles.values()), "field"), taken)
        codes = {_first(words): code for code, words in before.choices} if before else {}
        lines = [line.strip() for line in told["choices"].splitlines() if line.strip()]
        return Field(
            key,
            type=Type(told["type"]),
            choices=tuple((codes.get(line, line[:60]), {"en": line}) for line in lines)
            if told["type"] == Type.CHOICE
            else (),
            hint=told["hint"],
            titles=titles,
            **{name: told[name] for name in ("is_needed", "is_personal", "counts_people", "is_shown")},
        )


def _first(words: Mapping[str, str]) -> str:
    return words.get("en") or next(iter(words.values()), "")


def of_field(one: Field) -> dict[str, Any]:
    """A field as it stands in its form."""
    told = {f"title_{code}": words for code, words in one.titles.items()}
    names = ("is_needed", "is_personal", "counts_people", "is_shown", "hint")
    lines = "\n".join(_first(words) for _, words in one.choices)
    return {**told, "type": str(one.type), "choices": lines, **{name: getattr(one, name) for name in names}}


class Row(Form):
    """A row by the fields of its register. Their keys stand behind "v_", so that none of them is a word of ours."""

    seen = seen()

    def __init__(self, *args: Any, register: Any, schema: Schema, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.schema = schema
        if is_new:
            del self.fields["seen"]
        papers = _papers(register) if any(one.type == Type.DOCUMENT for one in schema.fields) else []
        for one in schema.fields:
            self.fields[f"v_{one.key}"] = _field(one, papers, register.currency)

    def said(self) -> dict[str, str]:
        """What was typed, by field."""
        told = {one.key: self.cleaned_data.get(f"v_{one.key}") for one in self.schema.fields}
        return {
            key: value.isoformat() if hasattr(value, "isoformat") else str(value or "") for key, value in told.items()
        }

    def refuse(self, refused: Refused) -> None:
        """Fields stand under names of their own."""
        found = [one for one in refused.findings if isinstance(one, Finding)]
        super().refuse(Refused(*(replace(one, place=f"v_{one.place}") for one in found)))


def of_row(schema: Schema, values: Mapping[str, Any]) -> dict[str, str]:
    """A row as it stands in its form."""
    return {f"v_{one.key}": written(one, values.get(one.key)) for one in schema.fields}


def _field(one: Field, papers: list[tuple[str, str]], currency: str) -> forms.Field:
    hint = said(one.hint) if one.hint and not one.titles else one.hint
    told: dict[str, Any] = {"label": sight.label(one), "required": one.is_needed, "help_text": hint}
    match one.type:
        case Type.CHOICE | Type.YES_NO:
            return forms.ChoiceField(choices=[("", "–"), *sight.choices(one)], **told)
        case Type.DOCUMENT:
            return forms.ChoiceField(choices=[("", "–"), *papers], **told)
        case Type.DAY:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **told)
        case Type.PAYMENTS:
            told["help_text"] = hint or said("One a line: a day, then an amount: 2011-05-31 5000.00.")
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **told)
        case Type.MONEY:
            told["help_text"] = hint or said("In %(currency)s, or with its own currency behind it.", currency=currency)
        case Type.NUMBER:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), max_length=40, **told)
        case Type.ORGANIZATION:
            return forms.CharField(widget=forms.TextInput(attrs={"list": "organizations"}), max_length=LONGEST, **told)
        case Type.PERSON:
            told["help_text"] = hint or said("Never public, and masked in the history.")
    return forms.CharField(max_length=LONGEST, **told)


def _papers(register: Any) -> list[tuple[str, str]]:
    found = models.Document.objects.filter(fund=register.project.fund_id).order_by("code")
    own = [one for one in found if one.project_id in (None, register.project_id)]
    return [(one.code, _first(one.titles) or one.code) for one in own]


class Consent(Form):
    """What an owner agreed to."""

    given_on = day("Consent given on")
    given_by = text(
        "Consent given by", most=200, hint="Whose word it was, and how: by letter, by telephone. It is never public."
    )
    until = day("Consent until", needed=False, hint="Its last day. Empty: until it is withdrawn.")
    evidence = text("Where it is written", needed=False, most=300)
    document = choice("Document", needed=False)
    seen = seen()

    def __init__(self, *args: Any, register: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "document", _papers(register))

    def said(self) -> ConsentSaid:
        """What was typed."""
        told = dict(self.cleaned_data)
        del told["seen"]
        return ConsentSaid(**told)


class Workbook(Form):
    """A workbook with rows."""

    file = forms.FileField(label="Workbook", help_text="The template, filled in and saved as .xlsx.")


class Count(Form):
    """What an indicator counts of a register."""

    what = choice("What is counted")
    currency = choice(
        "Currency", needed=False, hint="Only of a sum of money. Other currencies are left out, and named."
    )
    on = choice("A row is of the period of its", needed=False, hint="Without it every row counts in every period.")
    reason = text("Reason", needed=False, hint="Needed once readings were approved.")
    seen = seen()

    def __init__(self, *args: Any, schema: Schema, lists: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lists, self.schema = list(lists), schema
        choose(self, "what", _whats(schema))
        choose(self, "currency", [(code, code) for code in sorted(CURRENCIES)], said("None"))
        days = [(one.key, sight.label(one)) for one in schema.fields if one.type == Type.DAY]
        choose(self, "on", days, said("No day"))
        every = [
            (one.key, sight.label(one))
            for one in schema.fields
            if one.type not in (Type.PAYMENTS, Type.DOCUMENT, Type.PERSON)
        ]
        told = [
            (one.key, sight.label(one)) for one in schema.fields if one.type in (Type.CHOICE, Type.PLACE, Type.TEXT)
        ]
        reason = self.fields.pop("reason")
        for code, name in lists.items():
            at = f"break_{code}"
            self.fields[at] = forms.ChoiceField(
                label=said("Told apart by %(list)s, as its", list=name), required=False, choices=[("", "–"), *told]
            )
        for n in range(CONDITIONS):
            label_ = said("Only rows where, %(n)s", n=n + 1)
            self.fields[f"where_{n}"] = forms.ChoiceField(label=label_, required=False, choices=[("", "–"), *every])
            ops = [(op, said(words)) for op, words in rules.OPS.items()]
            self.fields[f"op_{n}"] = forms.ChoiceField(label=said("Comparison"), required=False, choices=ops)
            self.fields[f"value_{n}"] = forms.CharField(
                label=said("Value"),
                required=False,
                max_length=200,
            )
        self.fields["reason"] = reason

    def _coded(self, key: str, value: str) -> str:
        """A choice by its code, however the reader calls it."""
        one = self.schema.of(key)
        codes = {name.casefold(): code for code, name in sight.choices(one)} if one else {}
        return codes.get(value.strip().casefold(), value)

    @property
    def conditions(self) -> list[tuple[str, str, str]]:
        """The names of the fields of each condition."""
        return [(f"where_{n}", f"op_{n}", f"value_{n}") for n in range(CONDITIONS)]

    def definition(self, register: Any) -> dict[str, Any]:
        """What was typed, as a definition."""
        told = self.cleaned_data
        where = [
            [told[f"where_{n}"], told[f"op_{n}"], self._coded(told[f"where_{n}"], told[f"value_{n}"])]
            for n in range(CONDITIONS)
            if told[f"where_{n}"]
        ]
        breaks = {code: told[f"break_{code}"] for code in self.lists if told[f"break_{code}"]}
        found = {"register": register.code, "what": told["what"], "where": where, "on": told["on"], "breaks": breaks}
        return {**found, **({"currency": told["currency"]} if told["currency"] else {})}


def of_definition(said_: Mapping[str, Any]) -> dict[str, Any]:
    """A definition as it stands in its form."""
    told = {"what": said_.get("what", ""), "on": said_.get("on", ""), "currency": said_.get("currency", "")}
    told |= {f"break_{code}": key for code, key in said_.get("breaks", {}).items()}
    for n, (key, op, value) in enumerate(said_.get("where", ())):
        told |= {f"where_{n}": key, f"op_{n}": op, f"value_{n}": value}
    return told


def _whats(schema: Schema) -> list[tuple[str, str]]:
    found = [(rules.COUNT, said("How many rows"))]
    for one in schema.fields:
        name = sight.label(one)
        if one.type in fields.ADDED:
            found.append((f"{rules.SUM}:{one.key}", said("The sum of: %(field)s", field=name)))
        elif one.type not in OF_MONEY:
            found.append((f"{rules.DISTINCT}:{one.key}", said("How many different: %(field)s", field=name)))
    return found


class Resource(Form):
    """A resource outside the fund."""

    source_kind = choice("Who that is")
    organization = choice("Organization of the books", needed=False)
    source = text("Or in words", needed=False, most=200, hint="A programme, an office, a body. Nobody's private name.")
    kind = choice("How")
    what = text("What for", needed=False, most=300)
    amount = text("Amount promised", needed=False, most=40, hint="Empty: not stated. Never guess one.")
    currency = choice("Currency", needed=False)
    promised_on = day("Promised on", needed=False)
    due_on = day("By when", needed=False)
    state = choice("What became of it")
    paid = text("Amount that came", needed=False, most=40, hint="Empty: not stated.")
    paid_on = day("Came on", needed=False)
    document = choice("Evidence", needed=False)
    said_by = text("Who says so", needed=False, most=300, hint="A report, a letter, a page; with its date.")
    is_public = forms.BooleanField(
        label="The public sees it",
        required=False,
        help_text="On the factsheet, beside the fund's money and never added to it.",
    )
    seen = seen()

    def __init__(self, *args: Any, project: Any, is_new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            del self.fields["seen"]
        for name, table in (("source_kind", resources.SOURCES), ("kind", resources.KINDS), ("state", resources.STATES)):
            choose(self, name, [(code, said(words)) for code, words in table.items()])
        bodies = models.Organization.objects.order_by("title", "code").values_list("code", "title")
        choose(self, "organization", [(code, title or code) for code, title in bodies])
        choose(self, "currency", [(code, code) for code in sorted(CURRENCIES)])
        found = models.Document.objects.filter(fund=project.fund_id).order_by("code")
        choose(self, "document", [(one.code, _first(one.titles) or one.code) for one in found])

    def said(self) -> ResourceSaid:
        """What was typed."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return ResourceSaid(**told, group=group_sign())
