"""Contacts: shown as far and as long as somebody agreed; a relay otherwise; never in an edition."""

import json
from datetime import date, timedelta

import pytest

from quipu.letters import contacts
from quipu.rules.findings import Refused
from tests.desk.test_narratives import read_public


def today():
    """The office's day, also when a run goes past midnight."""
    return date.today()  # noqa: DTZ011


@pytest.fixture
def home(cast, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "HOME", cast.ledger.home)
    return cast.ledger.home


def keep(number=None, **said):
    from quipu.actions.keep_contact import ContactSaid, keep_contact

    told = {"roles": {"en": "Secretariat", "es": "Secretaría"}, "name": "Rosa Example", "email": "rosa@example.org"}
    return keep_contact(by="me", kind="project", code="P1", said=ContactSaid(**{**told, **said}), number=number)


def consent(**more):
    return {"shows_name": True, "consent_on": today(), "consent_by": "herself, by letter", **more}


def test_without_consent_the_role_is_shown_and_letters_are_forwarded(home, cast):
    keep()
    (found,) = contacts.read(home).of("P1")
    assert (found.said("es"), found.public_name, found.reply_to) == ("Secretaría", "", "rosa@example.org")


def test_with_consent_the_name_is_shown_until_its_last_day_and_no_longer(home, monkeypatch):
    keep(**consent(consent_until=today() + timedelta(days=3), telephone="+51 1", shows_telephone=True))

    def on(day):
        monkeypatch.setattr(contacts, "_today", lambda: day)
        (found,) = contacts.read(home).of("P1")
        return found.said("en"), found.telephone

    assert on(today()) == ("Secretariat (Rosa Example)", "+51 1")
    assert on(today() + timedelta(days=3)) == ("Secretariat (Rosa Example)", "+51 1")
    assert on(today() + timedelta(days=4)) == ("Secretariat", "")
    assert on(today() - timedelta(days=1)) == ("Secretariat", "")


def test_nothing_of_a_person_is_shown_without_the_day_and_the_word_of_a_consent(home):
    for said, rule in (
        ({"shows_name": True}, "contact-consent-missing"),
        (consent(consent_by=""), "contact-consent-missing"),
        (consent(consent_until=today() - timedelta(days=1)), "contact-consent-ends"),
        (consent(consent_on=today() + timedelta(days=1)), "contact-consent-later"),
        ({"roles": {}}, "contact-role-missing"),
        ({"email": "no address"}, "contact-reply-to"),
    ):
        with pytest.raises(Refused) as refused:
            keep(**said)
        assert [one.rule for one in refused.value.findings] == [rule], said
    assert not (home / contacts.DESK_NAME).exists()


def test_a_contact_that_ends_is_gone_at_once_and_the_details_with_it(home):
    from quipu.actions.keep_contact import end_contact
    from quipu.books import models

    made = keep(**consent())
    end_contact(by="me", number=made.pk, reason="Left")
    assert contacts.read(home).of("P1") == []
    gone = models.Contact.objects.get()
    assert (gone.name, gone.email, gone.telephone) == ("", "", "")


def test_history_names_personal_details_and_never_holds_them(home):
    from quipu.books import models

    made = keep(**consent(telephone="+51 1"))
    keep(number=made.pk, **consent(telephone="+51 2"))
    told = json.dumps(list(models.History.objects.filter(kind="contact").values("before", "after")), ensure_ascii=False)
    assert "Rosa" not in told
    assert "rosa@" not in told
    assert "+51" not in told


def test_the_offices_own_file_stays_beside_it(home):
    (home / contacts.NAME).write_text(
        'office = "o@example.org"\n[[contact]]\nrole = "Office"\nof = "P1"\nreply_to = "x@example.org"\n'
    )
    keep()
    found = contacts.read(home)
    assert (found.office, [one.role for one in found.of("P1")], found.findings) == (
        "o@example.org",
        ["Secretariat", "Office"],
        [],
    )


def test_a_damaged_file_is_a_finding_and_no_crash(home):
    for body in ("{", "[]", '{"contact": [{"of": 3}], "maintainer": []}'):
        (home / contacts.DESK_NAME).write_text(body)
        assert [one.rule for one in contacts.read(home).findings] == ["contacts-unreadable"], body


def test_the_factsheet_shows_contacts_and_maintainers_and_no_edition_holds_them(home, cast):
    from quipu.actions.keep_contact import show_on_factsheet
    from quipu.actions.publish import publish
    from quipu.edition.home import Home
    from quipu.edition.open import Editions

    publish(Home(home), None)
    edition = Editions(Home(home)).current()
    editor = cast.people["programme editor"]
    assert "Programme Editor" not in read_public(cast, edition, "/project/P1")
    show_on_factsheet(by=editor.pk, mandate=editor.mandates.get().pk, is_shown=True)
    keep(**consent())
    told = read_public(cast, edition, "/project/P1")
    assert "Who maintains the documents" in told
    assert "Programme Editor" in told
    assert "Secretariat (Rosa Example)" in told
    assert "rosa@example.org" not in told
    show_on_factsheet(by=editor.pk, mandate=editor.mandates.get().pk, is_shown=False)
    assert "Programme Editor" not in read_public(cast, edition, "/project/P1")
    publish(Home(home), None)
    for part in (home / "parts").iterdir():
        body = part.read_bytes()
        assert b"rosa@example.org" not in body
        assert b"Rosa Example" not in body


def test_only_the_person_themself_agrees_to_be_named(home, cast):
    editor = cast.people["programme editor"]
    address = f"/desk/programmes/shown/{editor.mandates.get().pk}"
    assert cast.client("administrator").post(address, {"yes": "1"}).status_code == 422
    assert editor.mandates.get().shown_since is None
    mine = cast.client("programme editor")
    assert mine.get(address).status_code == 302
    assert editor.mandates.get().shown_since is None
    assert mine.post(address, {"yes": "1"}).status_code == 302
    assert editor.mandates.get().shown_since == today()
    assert "You agreed on" in mine.get("/desk/own").content.decode()
    mine.post(address)
    assert editor.mandates.get().shown_since is None


def test_a_withdrawn_mandate_names_nobody(home, cast):
    from quipu.actions import keep_contact

    editor = cast.people["programme editor"]
    keep_contact.show_on_factsheet(by=editor.pk, mandate=editor.mandates.get().pk, is_shown=True)
    assert contacts.read(home).maintaining("P1") == ["Programme Editor"]
    from quipu.actions import mandates

    mandates.withdraw(by=cast.people["administrator"].pk, mandate=editor.mandates.get(), reason="Moved on")
    assert contacts.read(home).maintaining("P1") == []


def test_a_contact_is_kept_through_its_pages(home, cast):
    editor = cast.client("programme editor")
    told = {"role_en": "Desk of the programme", "name": "Rosa Example", "email": "rosa@example.org"}
    assert editor.post("/desk/programmes/contacts/project/P1/new", {**told, "shows_name": "on"}).status_code == 422
    assert editor.post("/desk/programmes/contacts/project/P1/new", told).status_code == 302
    assert "Desk of the programme" in editor.get("/desk/programmes/contacts/project/P1").content.decode()
    assert editor.get("/desk/programmes/contacts/project/P2").status_code == 403
    assert [one.role for one in contacts.read(home).of("P1")] == ["Desk of the programme"]


def test_who_keeps_documents_is_named_outside_as_far_as_they_agreed_and_as_long(home, cast):
    import re

    from django.test import Client

    from quipu.actions.publish import publish
    from quipu.edition.home import Home

    publish(Home(home), None)
    public, admin = Client(), cast.client("administrator")
    editor, secretariat = cast.people["programme editor"], cast.people["fund secretariat"]

    def named(path="/project/P1"):
        page = public.get(path).content.decode()
        return {one.name for one in (editor, secretariat, heir) if f"<li>{one.name}</li>" in page}

    def agree(person, *, yes=True):
        """Over the button of their own page."""
        browser = cast.client(person=person)
        page = browser.get("/desk/own").content.decode()
        for address in re.findall(r'action="(/desk/programmes/shown/\d+)"', page):
            assert browser.post(address, {"yes": "1"} if yes else {}).status_code == 302

    heir = cast.person("programme editor", project_id="P1")
    heir.name = "Heir"
    heir.save()
    assert named() == set()
    agree(editor)
    assert named() == {editor.name}
    assert named("/project/P2") == named("/fund/VALLEY") == set()
    agree(secretariat)  # of the whole fund, and so of each of its projects
    assert named() == {editor.name, secretariat.name}
    assert named("/project/P2") == named("/fund/VALLEY") == {secretariat.name}
    assert named("/project/C1") == set()

    agree(secretariat, yes=False)
    assert named() == {editor.name}
    assert named("/project/P2") == set()
    withdraw = f"/desk/people/mandate/{editor.mandates.get().pk}/withdraw"
    assert admin.post(withdraw, {"reason": "Moved on"}).status_code == 302
    assert named() == set()

    agree(heir)
    assert named() == {"Heir"}
    told = {"reason": "A new post", "on": str(today()), "successor": editor.pk}
    answer = admin.post(f"/desk/people/{heir.pk}/leave", told)
    assert answer.status_code == 302
    assert named() == set()
    assert editor.mandates.filter(withdrawn_at=None).exists()  # it went over; their consent to be named did not
