"""Signing in: invitations, passwords, second factors, lost ones, sessions, and signing in once more before grave acts."""

import re
import time
from contextlib import contextmanager

import pytest

from tests.desk.cast import PASSWORD, STRANGER


@contextmanager
def letters():
    """What is mailed meanwhile."""
    from django.core import mail
    from django.test import override_settings

    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield mail.outbox


def sign_in(browser, person, password=PASSWORD, **more):
    return browser.post("/desk/account/login/", {"login": person.email, "password": password, **more})


def code_of(secret, offset=0):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + offset))


def set_up_app(browser):
    """Sets up an app that shows codes, as a person does. Answers its secret."""
    browser.post("/desk/account/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/desk/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'<code class="brk">([A-Z2-7]+)</code>', page)[1]
    answer = browser.post("/desk/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


@pytest.fixture(autouse=True)
def _no_counts(cast):
    from django.core.cache import cache

    cache.clear()


def test_a_stranger_is_led_to_sign_in_and_on_to_where_they_wanted(cast):
    person = cast.people["auditor"]
    browser = cast.client(STRANGER)
    answer = browser.get("/desk/own?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/account/login/?next=/desk/own%3Fx%3D1")
    answer = sign_in(browser, person, next="/desk/own?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/own?x=1")
    assert "Auditor" in browser.get("/desk/own").content.decode()


def test_a_wrong_password_and_an_unknown_address_are_told_alike(cast):
    person = cast.people["auditor"]
    told = []
    for login, password in ((person.email, "wrong"), ("nobody@example.org", PASSWORD)):
        page = cast.client(STRANGER).post("/desk/account/login/", {"login": login, "password": password})
        assert page.status_code == 200
        told.append(re.findall(r'<p class="fault">(.*?)</p>', page.content.decode()))
    assert told[0] == told[1] != []


def test_the_password_is_kept_by_argon2(cast):
    assert cast.people["auditor"].password.startswith("argon2$argon2id$")


def test_five_failures_lock_an_address_out_for_everybody_who_tries_it(cast):
    person = cast.people["auditor"]
    for _ in range(5):
        sign_in(cast.client(STRANGER), person, "wrong")
    answer = sign_in(cast.client(STRANGER), person)
    assert "_auth_user_id" not in cast.client(STRANGER).session
    assert answer.status_code in (200, 429)
    other = cast.people["contributor"]
    assert sign_in(cast.client(STRANGER), other).status_code == 302


def test_whoever_has_left_is_not_let_in(cast):
    from datetime import date

    person = cast.people["auditor"]
    person.left_on = date(2020, 1, 1)
    person.save()
    browser = cast.client(STRANGER)
    sign_in(browser, person)
    assert browser.get("/desk").status_code == 302


def test_an_administrator_sets_up_a_second_factor_before_anything_else(cast):
    person = cast.people["administrator"]
    browser = cast.client(STRANGER)
    sign_in(browser, person)
    answer = browser.get("/desk/people")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/account/2fa/?needed=1")
    secret = set_up_app(browser)
    assert browser.get("/desk/people").status_code == 302  # set up, and not shown yet
    browser.post("/desk/account/2fa/reauthenticate/", {"code": code_of(secret, 1)})
    assert browser.get("/desk/people").status_code == 200


def test_a_code_of_the_app_is_asked_for_and_works_once(cast):
    person = cast.people["auditor"]
    first = cast.client(STRANGER)
    sign_in(first, person)
    secret = set_up_app(first)
    browser = cast.client(STRANGER)
    answer = sign_in(browser, person)
    assert answer["Location"] == "/desk/account/2fa/authenticate/"
    assert browser.get("/desk").status_code == 302
    assert browser.post("/desk/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = code_of(secret, 1)
    assert browser.post("/desk/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert browser.get("/desk").status_code == 200
    again = cast.client(STRANGER)
    sign_in(again, person)
    assert again.post("/desk/account/2fa/authenticate/", {"code": code}).status_code == 200
    assert again.get("/desk").status_code == 302


def test_a_recovery_code_lets_in_once(cast):
    person = cast.people["auditor"]
    first = cast.client(STRANGER)
    sign_in(first, person)
    set_up_app(first)
    codes = re.findall(r"<li><code>(\d+)</code>", first.get("/desk/account/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    for expected in (200, 302):
        browser = cast.client(STRANGER)
        sign_in(browser, person)
        browser.post("/desk/account/2fa/authenticate/", {"code": codes[0]})
        assert browser.get("/desk").status_code == expected


def test_a_house_may_ask_further_roles_for_a_second_factor(cast):
    from django.test import override_settings

    browser = cast.client("auditor", second=False)
    assert browser.get("/desk").status_code == 200
    with override_settings(SECOND_FACTOR_ROLES=("auditor",)):
        assert browser.get("/desk")["Location"] == "/desk/account/2fa/?needed=1"


def test_a_grave_act_asks_once_more_and_is_done_after_that(cast):
    from quipu.books import models

    giver = cast.people["administrator"]
    browser = cast.client(person=giver, fresh=False)
    receiver = cast.people["contributor"]
    wanted = {"role": "auditor", "reason": "the yearly audit"}
    answer = browser.post(f"/desk/people/{receiver.pk}", wanted)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/account/reauthenticate/")
    assert not models.Mandate.objects.filter(person=receiver, role="auditor").exists()
    browser.post(answer["Location"], {"password": PASSWORD, "next": f"/desk/people/{receiver.pk}"})
    given = models.Mandate.objects.get(person=receiver, role="auditor")
    assert given.given_by == giver.pk
    assert given.reason == "the yearly audit"


def test_sessions_are_listed_and_ended_elsewhere(cast):
    person = cast.people["auditor"]
    here, there = cast.client(STRANGER), cast.client(STRANGER)
    sign_in(here, person)
    sign_in(there, person)
    page = here.get("/desk/account/sessions/").content.decode()
    assert page.count("<tr>") == 3  # a head and two
    here.post("/desk/account/sessions/", {})
    assert here.get("/desk").status_code == 200
    assert there.get("/desk").status_code == 302


def test_a_forgotten_password_is_set_anew_by_a_letter_and_nobody_learns_who_works_here(cast):
    person = cast.people["auditor"]
    with letters() as sent:
        for address in (person.email, "nobody@example.org"):
            answer = cast.client(STRANGER).post("/desk/account/password/reset/", {"email": address})
            assert answer["Location"] == "/desk/account/password/reset/done/"
        ours = [one for one in sent if one.to == [person.email]]
    assert len(ours) == 1
    link = re.search(r"http://testserver(/\S+)", ours[0].body)[1]
    browser = cast.client(STRANGER)
    form = browser.get(link, follow=True).request["PATH_INFO"]
    browser.post(form, {"password1": "another owl reads it", "password2": "another owl reads it"})
    assert sign_in(cast.client(STRANGER), person, "another owl reads it").status_code == 302
    assert "_auth_user_id" not in browser.session


def test_a_letter_names_the_operator_s_address_and_not_the_one_that_a_request_claims(cast):
    from django.test import override_settings

    person = cast.people["auditor"]
    with letters() as sent, override_settings(ADDRESS="https://desk.example.org"):
        cast.client(STRANGER).post(
            "/desk/account/password/reset/", {"email": person.email}, headers={"host": "evil.example"}
        )
    assert "https://desk.example.org/desk/account/password/reset/key/" in sent[0].body
    assert "evil.example" not in sent[0].body


def test_nobody_signs_up_by_themselves(cast):
    answer = cast.client(STRANGER).post("/desk/account/signup/", {"email": "me@example.org", "password1": PASSWORD})
    assert "By invitation" in answer.content.decode()


def test_a_form_that_is_not_ours_changes_nothing(cast):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.people["auditor"])
    assert browser.post("/desk/own/language", {"language": "fr"}).status_code == 403
    cast.people["auditor"].refresh_from_db()
    assert cast.people["auditor"].language == ""


def test_the_desk_speaks_three_languages_and_keeps_them_in_its_addresses(cast):
    for before, heading in (("", "What waits for you"), ("/es", "Lo que le espera"), ("/fr", "Ce qui vous attend")):
        page = cast.client("auditor").get(f"{before}/desk").content.decode()
        assert heading in page, before
        assert f'href="{before}/desk/own"' in page


def test_public_pages_know_no_session(cast):
    browser = cast.client("auditor")
    answer = browser.get("/about")
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def test_what_is_signed_in_is_never_kept_by_anybody_between(cast):
    answer = cast.client("auditor").get("/desk")
    assert answer["Cache-Control"] == "no-store"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
