"""Forms of publishing: an answer to a finding, publishing, and what is to be taken down."""

from typing import Any

from django import forms

from quipu.actions.answer_finding import ANYWAY, REVIEW
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, text
from quipu.edition.withheld import ACTIVITY, DOCUMENT, KINDS, PERSON, ROLES, TEXT, VOUCHER

HOUSE = "-"  # the whole house, in a field where "" is nothing chosen


class Answer(Form):
    """What is said of a finding."""

    verb = choice("What is decided")
    reason = text("Reason", needed=False, lines=2, hint="Needed to publish it anyway. It is kept in the history.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "verb", [(REVIEW, said("I have seen it")), (ANYWAY, said("It is published anyway"))])


class Asked(Form):
    """Whose quality list has to be answered."""

    code = choice("Whose list")
    wanted = choice("Before somebody publishes by hand")

    def __init__(self, *args: Any, funds: list[Any], house: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        every = [(HOUSE, said("The whole house"))] if house else []
        choose(self, "code", [*every, *((fund.code, f"{fund.code} {fund.title}") for fund in funds)])
        choose(self, "wanted", [("yes", said("it has to be empty or answered")), ("no", said("nothing is asked"))])

    @property
    def chosen(self) -> str:
        """The code of the fund, "" for the house."""
        return "" if self.cleaned_data["code"] == HOUSE else str(self.cleaned_data["code"])


class Publish(Form):
    """Why an edition is made by hand."""

    reason = text("Note", needed=False, hint="What this edition is for. It is kept in the history.")
    seen = forms.IntegerField(widget=forms.HiddenInput)  # the edition that was current: sent twice, it publishes once


NAMED = {
    DOCUMENT: "A document",
    TEXT: "A text of a fund or a project",
    ACTIVITY: "A whole fund, programme or project",
    VOUCHER: "The texts of a voucher",
    PERSON: "A name, wherever it stands",
}


class Takedown(Form):
    """What is withheld, and why: with the fields that its kind needs."""

    sha256 = text("SHA-256 of the document", hint="Its page shows it.", most=64)
    identifier = text("Identifier", hint="As its page shows it.", most=300)
    role = choice("Which text")
    reference = text("Voucher", hint="Its number, as its page shows it.", most=200)
    words = text("Name", hint="As it is written; it is hidden wherever it stands, and kept nowhere.", most=200)
    language = text("Language of the text", needed=False, hint="Two letters; empty for all.", most=8)
    publisher = text("Publisher", needed=False, hint="Only where several publish under the same identifier.", most=300)
    reason = text("Reason", lines=2, hint="Kept on the list and in the history.")
    told = text("Reason that readers are told", needed=False, hint="Empty: readers are told the day alone.")

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        self.names = [name.strip("[]") for name in KINDS[kind] if name.strip("[]") in self.fields]
        for name in [name for name in self.fields if name not in (*self.names, "reason", "told")]:
            del self.fields[name]
        if "role" in self.fields:
            roles = ("Title", "Description", "Contact", "Results", "Transactions", "Places", "Links to documents")
            choose(self, "role", [(role, said(label)) for role, label in zip(ROLES, roles, strict=True)])

    @property
    def target(self) -> dict[str, str]:
        """What is withheld, in the words of its kind."""
        return {name: str(self.cleaned_data.get(name, "")).strip() for name in self.names}
