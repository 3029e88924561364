"""Whom to ask about a fund or a project, for programs: kept with their consent, for those who keep contacts alone."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from quipu.actions import history, subjects
from quipu.actions.keep_contact import end_contact, keep_contact, thing_of
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Reasoned, Seen, Sent, Text, checked, typed
from quipu.desk.programmes.contacts import NAMES, contacts_of, of_contact
from quipu.desk.programmes.contacts import Contact as ContactForm
from quipu.desk.programmes.forms import Reason
from quipu.desk.programmes.narratives import of_subject
from quipu.portal.languages import LANGUAGES
from quipu.rules.findings import Finding, Refused

router = Router(tags=["contacts"])
KEEP = "keep contacts"
OF = "/contacts/{kind}/{code}"
ONE = "/contacts/{int:number}"


class Contact(Schema):
    """Somebody who answers for a fund or a project: what is public of them are the roles, the rest by their consent."""

    number: int
    kind: str
    code: str
    roles: dict[str, str]
    name: str
    email: str
    telephone: str
    shows_name: bool
    shows_telephone: bool
    consent_on: date | None
    consent_by: str
    consent_until: date | None
    version: int


class ContactWords(Sent):
    """What is said of somebody. roles: by language, and English stands for one that is missing."""

    roles: dict[Code, Code] = Field(default_factory=dict)
    name: Text = ""
    email: Code = ""
    telephone: Code = ""
    shows_name: bool = False
    shows_telephone: bool = False
    consent_on: date | None = None
    consent_by: Text = ""
    consent_until: date | None = None


class ChangedContact(ContactWords, Seen):
    """All of it anew."""


def _told(one: Any, version: int) -> Contact:
    same = ("kind", "code", "roles", *NAMES)
    return Contact(number=one.pk, version=version, **{name: getattr(one, name) for name in same})


def _now(one: Any, record: Any) -> Contact:
    return _told(one, history.version(thing_of(record, one.pk)))


def _said(said: ContactWords, *, is_new: bool) -> Any:
    """What was sent, as the desk's form takes it, with one field for each language's role. Raises Refused and Unfit."""
    if unknown := sorted(set(said.roles) - set(LANGUAGES)):
        raise Refused(*(Finding("section-language", "roles", one) for one in unknown))
    told = typed(said) | {f"role_{language}": role for language, role in said.roles.items()}
    form = ContactForm(told, is_new=is_new)
    checked(form)
    return form.said()


def _load(request: HttpRequest, number: int) -> tuple[Any, Any]:
    found, scope = of_contact(number)
    need(request, scope)
    return found[0], found[1]


# Before the addresses of funds and projects, which would take it for one of theirs
@router.post(f"{ONE}/end", response={204: None}, url_name="end_contact", summary="A contact answers no more")
@asks(KEEP)
def end(request: HttpRequest, number: int, said: Reasoned) -> Any:
    """Gone from the public pages at once, and their details with it."""
    found, _ = _load(request, number)
    why = checked(Reason({"reason": said.reason}))
    end_contact(by=request.rights.person.pk, number=found.pk, seen=said.version, **why)
    return Status(204, None)


@router.get(OF, response=list[Contact], url_name="contacts", summary="Whom to ask about a fund or a project")
@asks(KEEP)
def every(request: HttpRequest, kind: Code, code: Code) -> Any:
    """Those who answer today (kind: fund or project), with what the public does not see of them."""
    record, scope = of_subject(kind, code)
    need(request, scope)
    found = list(contacts_of(record))
    versions = history.versions("contact", [str(one.pk) for one in found])
    return [_told(one, versions.get(str(one.pk), 0)) for one in found]


@router.get(ONE, response=Contact, url_name="contact", summary="One contact")
@asks(KEEP)
def one(request: HttpRequest, number: int) -> Any:
    """What is kept of them, as long as they answer."""
    return _now(*_load(request, number))


@router.post(OF, response=Contact, url_name="make_contact", summary="Add a contact")
@asks(KEEP)
def make(request: HttpRequest, kind: Code, code: Code, said: ContactWords) -> Any:
    """The public pages show what they may at once."""
    record, scope = of_subject(kind, code)
    need(request, scope)
    words = _said(said, is_new=True)
    subject = subjects.kind_of(record)
    return _now(keep_contact(by=request.rights.person.pk, kind=subject, code=record.code, said=words), record)


@router.put(ONE, response=Contact, url_name="change_contact", summary="Change a contact")
@asks(KEEP)
def change(request: HttpRequest, number: int, said: ChangedContact) -> Any:
    """All that is said of somebody anew; consent has a day, and ends where it says so."""
    found, record = _load(request, number)
    words = _said(said, is_new=False)
    by, at = request.rights.person.pk, {"kind": found.kind, "code": found.code}
    return _now(keep_contact(by=by, said=words, number=found.pk, **at), record)
