"""What is typed about documents."""

from collections.abc import Iterable
from typing import Any

from django import forms

from quipu.actions import documents
from quipu.actions.documents import Told, Wish
from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.portal.languages import LANGUAGES
from quipu.rules import consent
from quipu.rules.filing import TYPES
from quipu.rules.mandates import Scope

REASON = "It stays beside the act, and the auditor reads it."


class Files(forms.FileInput):  # type: ignore[misc]
    """Several files at once."""

    allow_multiple_selected = True


class Several(forms.FileField):  # type: ignore[misc]
    """The files that were chosen, each as it is."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """All of them."""
        files = data if isinstance(data, list) else [data] if data else []
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"])
        return files


def places(reach: Iterable[Scope]) -> list[tuple[str, str]]:
    """The funds and projects that lie within scopes, as a form names them: FUND or FUND/PROJECT."""
    reach = list(reach)
    found = []
    for code, title in models.Fund.objects.order_by("code").values_list("code", "title"):
        if any(scope.covers(Scope(code)) for scope in reach):
            found.append((code, f"{code} {title}".strip()))
    for code, fund, title in models.Project.objects.order_by("fund", "code").values_list("code", "fund_id", "title"):
        if any(scope.covers(Scope(fund, code)) for scope in reach):
            found.append((f"{fund}/{code}", f"{code} {title} ({fund})"))
    return sorted(found)


class HandingIn(Form):
    """Files for one fund or project."""

    files = Several(label="Files", help_text="Several at once, if you like. They stay internal until you publish them.")
    place = choice("Belongs to", hint="The fund or project whose page it stands on.")
    type = choice("Type", needed=False, hint="If all are of one type. It can be said later, too.")

    def __init__(self, *args: Any, reach: Iterable[Scope], **options: Any) -> None:
        super().__init__(*args, **options)
        found = places(reach)
        choose(self, "place", found, "" if len(found) == 1 else said("Choose one"))
        choose(self, "type", _types())

    @property
    def where(self) -> tuple[str, str]:
        """(fund, project)."""
        fund, _, project = self.cleaned_data["place"].partition("/")
        return fund, project


def _types() -> list[tuple[str, str]]:
    return sorted(((code, said(label)) for code, label in TYPES.items()), key=lambda one: one[1])


class File(Form):
    """One further file of a document."""

    file = forms.FileField(label="File", help_text="It becomes public only once you publish it.")


class Describing(Form):
    """What is said of a document."""

    type = choice("Type")
    on = text("Date", needed=False, most=10, hint="A day, a month or a year: 2026-04-30, 2026-04 or 2026.")
    languages = forms.MultipleChoiceField(
        label="Languages of the text", required=False, widget=forms.CheckboxSelectMultiple
    )
    place = choice("Belongs to", hint="The fund or project whose page it stands on.")
    others = forms.MultipleChoiceField(
        label="Also about",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text="Further funds and projects whose pages it stands on.",
    )
    vouchers = text("Vouchers that it is about", needed=False, most=2_000, hint="Their keys, with commas between.")
    supersedes = choice("Takes the place of", needed=False, hint="An earlier document, which stays and is marked so.")

    def __init__(self, *args: Any, reach: Iterable[Scope], document: Any, **options: Any) -> None:
        reach = list(reach)
        super().__init__(*args, **options)
        for code, name in LANGUAGES.items():
            self.fields[f"title_{code}"] = text(said("Title") + f", {name}", needed=False, most=300)
            self.fields[f"description_{code}"] = text(
                said("Description") + f", {name}", needed=False, most=4_000, lines=3
            )
        first = [f"{part}_{code}" for part in ("title",) for code in LANGUAGES]
        last = [f"description_{code}" for code in LANGUAGES]
        middle = ["type", "on", "languages", "place", "others"]
        self.order_fields([*first, *middle, *last, "vouchers", "supersedes"])
        found = places(reach)
        choose(self, "type", _types(), said("Choose one"))
        choose(self, "place", found)
        self.fields["languages"].choices = list(LANGUAGES.items())
        kept = [code for code in document.languages if code not in LANGUAGES]
        self.fields["languages"].choices += [(code, code) for code in kept]
        self.fields["others"].choices = found
        others = models.Document.objects.filter(documents.within(reach), fund=document.fund_id).exclude(pk=document.pk)
        choose(self, "supersedes", ((one.code, documents.title_of(one)) for one in others.prefetch_related("versions")))

    @property
    def told(self) -> Told:
        """As the verb takes it."""
        given = self.cleaned_data
        fund, _, project = given["place"].partition("/")
        also = []
        for other in given["others"]:
            of_fund, _, of_project = other.partition("/")
            if other != given["place"]:
                also.append(("project", of_project) if of_project else ("fund", of_fund))
        also += [("voucher", key.strip()) for key in given["vouchers"].split(",") if key.strip()]
        return Told(
            titles={code: given[f"title_{code}"] for code in LANGUAGES},
            descriptions={code: given[f"description_{code}"] for code in LANGUAGES},
            type=given["type"],
            on=given["on"],
            languages=given["languages"],
            fund=fund,
            project=project,
            also=also,
            supersedes=given["supersedes"],
        )


def as_typed(document: Any) -> dict[str, Any]:
    """What stands, as the form shows it."""
    funds = dict(models.Project.objects.filter(code__in=[name for kind, name in document.also if kind == "project"])
                 .values_list("code", "fund_id"))  # fmt: skip
    shown = {f"title_{code}": text_ for code, text_ in document.titles.items()}
    shown |= {f"description_{code}": text_ for code, text_ in document.descriptions.items()}
    place = f"{document.fund_id}/{document.project_id}" if document.project_id else document.fund_id
    others = [
        name if kind == "fund" else f"{funds.get(name, '')}/{name}" for kind, name in document.also if kind != "voucher"
    ]
    vouchers = ", ".join(name for kind, name in document.also if kind == "voucher")
    return {
        **shown,
        "type": document.type,
        "on": document.on,
        "languages": document.languages,
        "place": place,
        "others": others,
        "vouchers": vouchers,
        "supersedes": document.supersedes_id or "",
    }


class Publishing(Form):
    """The questions before a version is public, when, and why in spite of what was found."""

    until = day(
        "Not before", needed=False, hint="Empty: with the next edition. A day: it becomes public by itself on it."
    )

    def __init__(self, *args: Any, document: Any, version: Any, is_warned: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys = []
        for question in consent.asked(document.type, version.form):
            self.keys.append(question.key)
            self.fields[question.key] = _field(question)
        if any(key == "knowledge" for key in self.keys):
            self.fields["without_file"] = forms.BooleanField(
                label=said("List it without its file"),
                required=False,
                help_text=said("Readers see its title and why the file is not there."),
            )
        if is_warned:
            hint = "Needed where it is published in spite of what was found. " + REASON
            self.fields["reason"] = text(said("Reason"), needed=False, hint=said(hint))

    def wish(self) -> Wish:
        """As the verb takes it."""
        given = self.cleaned_data
        answers = {key: str(given.get(key) or "") for key in self.keys}
        return Wish(answers, given["until"], given.get("reason", ""), bool(given.get("without_file")))


def _field(question: consent.Question) -> forms.Field:
    label, hint = said(question.sentence), said(question.hint) if question.hint else ""
    if question.kind == consent.DAY:
        return forms.DateField(
            label=label, required=False, help_text=hint, widget=forms.DateInput(attrs={"type": "date"})
        )
    if question.kind == consent.TEXT:
        return text(label, needed=False, hint=hint)
    choices = [(consent.YES, said("Yes")), (consent.NO, said("No"))]
    return forms.ChoiceField(label=label, required=False, help_text=hint, choices=choices, widget=forms.RadioSelect)


class Reason(Form):
    """Why something is done."""

    reason = text("Reason", hint=REASON)


class Choosing(Form):
    """How the list is narrowed."""

    words = text("Words", needed=False, most=100)
    state = choice("State", needed=False)
    type = choice("Type", needed=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "state", ((code, said(label)) for code, label in STATES.items()), said("all"))
        choose(self, "type", _types(), said("all"))


STATES = {
    "draft": "Draft",
    "internal": "Internal",
    "public": "Public",
    "embargoed": "Under embargo",
    "waits": "Waits for release",
    "quarantined": "In quarantine",
    "refused": "Refused",
    "without words": "Without words",
    "superseded": "Superseded",
}
