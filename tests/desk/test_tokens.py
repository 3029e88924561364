"""Tokens: made for some verbs, a scope and a time, by people of themselves; never more than their person may today."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from quipu.rules.findings import Refused
from quipu.rules.mandates import Held, Role, Scope, narrowed
from tests.desk.test_letters import drop, work
from tests.desk.test_matrix import ask

TOMORROW = timedelta(days=1)


def make(person, *verbs, until=None, **words):
    from django.utils import timezone

    from quipu.actions import tokens

    said = {"name": "Export", "until": until or timezone.localdate() + TOMORROW, **words}
    return tokens.make(by=person.pk, verbs=verbs, **said)


def get(word, path, **options):
    return Client(**options).get(path, headers={"Authorization": f"Bearer {word}"})


def rules(refused):
    return sorted(one.rule for one in refused.value.findings)


def test_a_token_reads_what_it_was_made_for_and_nothing_else(house):
    word = make(house.people["fund secretariat"], "read history")
    assert get(word, "/desk/api/history").status_code == 200
    answer = get(word, "/desk/api/letters")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "this token was not made for it" in answer.json()["detail"]


def test_who_am_i_and_what_may_i_do(house):
    word = make(house.people["fund secretariat"], "read history", scope=Scope("VALLEY", "P1"))
    me = get(word, "/desk/api/me").json()
    assert me["person"] == house.people["fund secretariat"].pk
    assert [(one["verb"], one["where"]) for one in me["may"]] == [("read history", ["VALLEY P1"])]
    assert "email" not in str(me).lower()


def test_a_token_never_may_more_than_its_person_may_today(house):
    from quipu.books import models

    person = house.people["fund secretariat"]
    word = make(person, "answer letters")
    valley, coast = drop(house), drop(house, page="/fund/COAST")
    assert [one["code"] for one in get(word, "/desk/api/letters").json()["items"]] == [valley]
    assert get(word, f"/desk/api/letters/{coast}").status_code == 403
    person.mandates.update(withdrawn_at=datetime.now(UTC))
    assert get(word, "/desk/api/letters").status_code == 403
    person.mandates.update(withdrawn_at=None, until=date(2020, 12, 31))
    assert get(word, "/desk/api/letters").status_code == 403
    models.Person.objects.filter(pk=person.pk).update(left_on=date(2020, 1, 1))
    assert get(word, "/desk/api/me").status_code == 401


def test_a_tokens_scope_holds_within_that_of_its_person(house):
    word = make(house.people["portfolio manager"], "answer letters", scope=Scope("COAST"))
    valley, coast = drop(house), drop(house, page="/fund/COAST")
    assert [one["code"] for one in get(word, "/desk/api/letters").json()["items"]] == [coast]
    assert get(word, f"/desk/api/letters/{valley}").status_code == 403
    with pytest.raises(Refused) as refused:
        make(house.people["fund secretariat"], "answer letters", scope=Scope("COAST"))
    assert rules(refused) == ["token-not-yours"]


@pytest.mark.parametrize(
    ("mine", "token", "left"),
    [
        (Scope(), Scope("F"), ["F"]),
        (Scope("F"), Scope(), ["F"]),
        (Scope("F"), Scope("G"), []),
        (Scope("F", "P"), Scope("F"), ["F P"]),
        (Scope("F", "P"), Scope("F", "Q"), []),
        (Scope("F"), Scope(organization="O"), ["F O"]),
        (Scope(), Scope(), ["everything"]),
    ],
)
def test_two_scopes_leave_what_lies_in_both(mine, token, left):
    held = Held(Role.AUDITOR, mine, date(2020, 1, 1))
    assert [str(one.scope) for one in narrowed([held], token)] == left


def test_it_is_valid_through_its_last_day_and_a_year_at_most(house):
    from django.utils import timezone

    from quipu.books import models

    person, today = house.people["auditor"], timezone.localdate()
    for until in (today, today + timedelta(days=366)):
        with pytest.raises(Refused) as refused:
            make(person, "read history", until=until)
        assert rules(refused) == ["token-too-long"]
    word = make(person, "read history", until=today + timedelta(days=365))
    assert get(word, "/desk/api/me").status_code == 200
    token = models.Token.objects.get()
    assert token.expires_at.date() == today + timedelta(days=366)
    models.Token.objects.update(expires_at=datetime.now(UTC))
    assert get(word, "/desk/api/me").status_code == 401


def test_a_token_for_nothing_or_for_what_one_may_not_is_refused(house):
    for verbs, rule in (((), "token-verbs"), (("run the house",), "token-not-yours"), (("fly",), "token-not-yours")):
        with pytest.raises(Refused) as refused:
            make(house.people["auditor"], *verbs)
        assert rules(refused) == [rule]


def test_no_token_approves_vouchers(house):
    from quipu.desk.api.access import TokenRights
    from tests.desk.test_matrix import token

    person = house.people["agent approver"]
    with pytest.raises(Refused) as refused:
        make(person, "approve vouchers", has_second=True)
    assert "token-never" in rules(refused)
    from quipu.actions import tokens

    forged = tokens.find(token(person, ["approve vouchers"]))  # put into the table by hand
    assert not TokenRights(forged).may("approve vouchers")


def test_a_grave_verb_needs_the_second_factor_when_it_is_made_and_when_it_is_used(house, monkeypatch):
    from quipu.actions import tokens
    from quipu.desk.api import access

    person = house.people["portfolio manager"]
    with pytest.raises(Refused) as refused:
        make(person, "take down")
    assert rules(refused) == ["token-second-factor"]
    rights = access.TokenRights(tokens.find(make(person, "take down", has_second=True)))
    assert not rights.may("take down")
    assert rights.reach("take down") == []
    monkeypatch.setattr(access, "is_mfa_enabled", lambda person: True)
    assert access.TokenRights(rights.token).may("take down")


def test_whoever_needs_a_second_factor_and_has_none_opens_nothing_by_token(house, monkeypatch):
    from quipu.desk.api import access

    word = make(house.people["administrator"], "run the house")
    assert get(word, "/desk/api/jobs").status_code == 401
    monkeypatch.setattr(access, "is_mfa_enabled", lambda person: True)
    assert get(word, "/desk/api/jobs").status_code == 200


def test_no_cookie_opens_anything_here(house):
    browser = house.client("portfolio manager")
    assert browser.get("/desk/letters").status_code == 200
    answer = browser.get("/desk/api/letters")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert "Bearer" in answer["WWW-Authenticate"]
    word = make(house.people["auditor"], "read history")
    both = browser.get("/desk/api/me", headers={"Authorization": f"Bearer {word}"})
    assert both.json()["person"] == house.people["auditor"].pk
    assert "Set-Cookie" not in both.headers


def test_the_secret_is_kept_nowhere_and_shown_once(house):
    import re

    from quipu.books import models

    browser = house.client("auditor")
    assert browser.get("/desk/own/tokens/new").status_code == 200
    said = {"name": "Export", "verbs": ["read history"], "until": str(date.today() + TOMORROW)}  # noqa: DTZ011
    page = browser.post("/desk/own/tokens/new", said).text
    word = re.search(r"quipu_[\w-]{30,}", page)[0]
    assert get(word, "/desk/api/me").status_code == 200
    assert word not in browser.get("/desk/own/tokens").text
    everything = [*models.Token.objects.values(), *models.History.objects.values()]
    assert word not in str(everything)
    assert [row.verb for row in models.History.objects.filter(kind="token")] == ["make"]


def test_making_one_asks_for_a_fresh_sign_in(house):
    from quipu.books import models

    browser = house.client("auditor", fresh=False)
    said = {"name": "Export", "verbs": ["read history"], "until": str(date.today() + TOMORROW)}  # noqa: DTZ011
    answer = browser.post("/desk/own/tokens/new", said)
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert models.Token.objects.count() == 0


def test_a_withdrawn_token_opens_nothing_from_that_moment(house):
    from quipu.books import models

    word = make(house.people["auditor"], "read history")
    number = models.Token.objects.get().pk
    assert house.client("administrator").post(f"/desk/own/tokens/{number}/revoke").status_code == 404
    assert get(word, "/desk/api/me").status_code == 200
    house.client("auditor").post(f"/desk/own/tokens/{number}/revoke")
    assert get(word, "/desk/api/me").status_code == 401


def test_reading_writes_when_it_was_used_once_an_hour_at_most(house):
    from quipu.books import models

    word = make(house.people["auditor"], "read history")

    def used():
        get(word, "/desk/api/me")
        return models.Token.objects.get().used_at

    first = used()
    assert used() == first
    models.Token.objects.update(used_at=first - timedelta(minutes=59))
    assert used() == first - timedelta(minutes=59)
    models.Token.objects.update(used_at=first - timedelta(minutes=61))
    assert used() >= first


def test_a_program_answers_letters_by_the_same_rules_as_people(house):
    from django.core import mail

    person = house.people["fund secretariat"]
    word, code = make(person, "answer letters"), drop(house)
    read = get(word, f"/desk/api/letters/{code}").json()
    assert read["can_be_answered"] is True
    assert "writer@example.net" not in str(read)
    refused = ask(Client(), "post", f"/desk/api/letters/{code}/answer", word, {"text": "  "})
    assert refused.status_code == 422
    assert [(one["rule"], one["place"]) for one in refused.json()["findings"]] == [("field-missing", "text")]
    missing = ask(Client(), "post", f"/desk/api/letters/{code}/answer", word, {})
    assert missing.status_code == 422
    taken = ask(Client(), "post", f"/desk/api/letters/{code}/take", word, {"version": read["version"]})
    assert taken.json()["taken_by"] == person.pk
    late = ask(Client(), "post", f"/desk/api/letters/{code}/answer", word, {"text": "x", "version": 999_999})
    assert late.status_code == 409
    ask(
        Client(),
        "post",
        f"/desk/api/letters/{code}/answer",
        word,
        {"text": "Because.", "version": taken.json()["version"]},
    )
    work()
    assert [one.to for one in mail.outbox] == [["writer@example.net"]]
    closed = ask(Client(), "post", f"/desk/api/letters/{code}/close", word, {"outcome": "Answered."})
    assert closed.json()["outcome"] == "Answered."
    assert get(word, "/desk/api/letters/none").status_code == 404


def test_too_many_requests_are_told_to_wait(house, monkeypatch):
    from quipu.desk.api import access

    monkeypatch.setattr(access, "of_tokens", access.Limit(2))
    monkeypatch.setattr(access, "of_strangers", access.Limit(2))
    word = make(house.people["auditor"], "read history")
    assert [get(word, "/desk/api/me").status_code for _ in range(3)] == [200, 200, 429]
    assert int(get(word, "/desk/api/me")["Retry-After"]) <= 60
    assert [get("wrong", "/desk/api/me").status_code for _ in range(3)] == [401, 401, 429]


def test_the_description_is_read_by_programs_and_drawn_for_people_from_here_alone(house):
    told = Client().get("/desk/api/openapi.json").json()
    assert told["openapi"].startswith("3.")
    assert "/desk/api/letters/{code}/answer" in told["paths"]
    page = house.client("without a mandate").get("/desk/api").text
    assert "POST /desk/api/letters/{code}/answer" in page
    assert "<script>" not in page
    assert "cdn" not in page


def test_long_lists_come_in_pages(house):
    from tests.desk.test_news import changed

    for _ in range(101):
        changed("VALLEY")
    word = make(house.people["fund secretariat"], "read history")
    first = get(word, "/desk/api/history").json()
    assert (len(first["items"]), first["next"]) == (100, 2)
    second = get(word, "/desk/api/history?page=2").json()
    assert (len(second["items"]), second["next"]) == (1, None)
    assert get(word, "/desk/api/history?page=0").status_code == 422


def test_lists_ask_the_same_of_one_row_and_of_twenty(house, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.desk.api import access
    from tests.desk.test_news import changed

    monkeypatch.setattr(access, "is_mfa_enabled", lambda person: True)
    words = {
        "/desk/api/people": make(house.people["administrator"], "read people"),
        "/desk/api/history": make(house.people["auditor"], "read history"),
        "/desk/api/letters": make(house.people["portfolio manager"], "answer letters"),
    }
    counts = []
    for n in (1, 20):
        for i in range(n):
            house.people[f"more {n} {i}"] = house.person("auditor")
            changed("VALLEY", by=house.people[f"more {n} {i}"].pk)
            drop(house, page=f"/fund/VALLEY?n={n}-{i}")
        for path, word in words.items():
            get(word, path)  # notes that it was used
        asked = []
        for path, word in words.items():
            with CaptureQueriesContext(connection) as queries:
                assert get(word, path).status_code == 200
            asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
