"""What is typed about people and mandates."""

from typing import Any

from django import forms

from quipu.actions.mandates import Wanted
from quipu.books import models
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.portal.languages import LANGUAGES
from quipu.rules.mandates import OF_ORGANIZATION, Held, Role, Scope

REASON = "It stays beside the act, and the auditor reads it."


def _scopes(form: Form) -> None:
    """The records that a mandate can be for, with their codes."""
    for name, model in (("fund", models.Fund), ("project", models.Project), ("organization", models.Organization)):
        rows = model.objects.order_by("code").values_list("code", "title")
        choose(form, name, ((code, f"{code} {title}".strip()) for code, title in rows), said("everything"))


class Mandate(Form):
    """A mandate to hand out."""

    role = choice("Role")
    fund = choice("Fund", needed=False)
    project = choice("Project", needed=False)
    organization = choice("Organization", needed=False)
    since = day("From", needed=False, hint="Empty: from today.")
    until = day("To", needed=False, hint="Empty: until it is withdrawn.")
    reason = text("Reason", hint=REASON)

    def __init__(self, *args: Any, held: list[Held], **options: Any) -> None:
        super().__init__(*args, **options)
        whole_house = any(mandate.role == Role.ADMINISTRATOR for mandate in held)
        roles = list(Role) if whole_house else list(OF_ORGANIZATION)
        choose(self, "role", ((role.value, said(role.value)) for role in roles))
        _scopes(self)

    @property
    def wanted(self) -> Wanted:
        """The mandate that was asked for."""
        told = self.cleaned_data
        scope = Scope(told["fund"], told["project"], told["organization"])
        return Wanted(told["role"], scope, told["since"], told["until"])


class Invitation(Mandate):
    """Somebody who is to work here."""

    field_order = ("email", "name", "language")
    email = forms.EmailField(label="E-mail address")
    name = text("Name", needed=False, most=200)
    language = choice("Language", needed=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "language", LANGUAGES.items(), LANGUAGES["en"])


class Reason(Form):
    """Why something is done."""

    reason = text("Reason", hint=REASON)


class Leaving(Form):
    """Somebody stops working here."""

    on = day("Last day")
    successor = choice("Successor", needed=False, hint="Gets the mandates, except to approve, certify or administer.")
    reason = text("Reason", hint=REASON)

    def __init__(self, *args: Any, person: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        others = models.Person.objects.filter(left_on=None).exclude(pk=person.pk).order_by("name", "code")
        choose(self, "successor", ((one.code, str(one)) for one in others), said("nobody"))


class Accepting(Form):
    """How somebody who was invited will be called and sign in."""

    name = text("Your name", most=200)
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. A few words in a row are easier to remember than signs.",
        strip=False,
    )
