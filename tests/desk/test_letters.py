"""Letters of the public at the desk: who sees which, what is done with them, and that no page shows an address."""

import json
from datetime import UTC, datetime

import pytest
from django.core import mail as outbox

from tests.desk.conftest import CONTACT

WRITER = "writer@example.net"


def drop(house, kind="question", page="/fund/VALLEY", **words):
    from quipu.letters.drop import drop
    from quipu.letters.letter import About, Letter

    about = About(page, 1, "2026-01-01T00:00:00+00:00", words.pop("language", "en"), words.pop("of", ""))
    told = {"text": "Why is it so?", "reply_to": WRITER, **words}
    return drop(house.ledger.home, Letter(kind, about, **told), key=str(words) + page, sender=page)


def work():
    """Everything that is queued is done."""
    from quipu.actions import jobs

    worker = jobs.Worker()
    while worker.step():
        pass


def history(code):
    from quipu.books import models

    return [(row.verb, row.by) for row in models.History.objects.filter(kind="letter", code=code).order_by("id")]


def test_letters_are_seen_within_the_funds_one_answers_for(house):
    valley, coast, nowhere = (
        drop(house),
        drop(house, page="/fund/COAST?year=2024"),
        drop(house, page="/figure/received"),
    )
    project = drop(house, page="/project/P1")
    secretariat = house.client("fund secretariat").get("/desk/letters").text
    assert valley in secretariat
    assert project in secretariat
    assert coast not in secretariat
    assert nowhere not in secretariat
    manager = house.client("portfolio manager").get("/desk/letters").text
    assert all(code in manager for code in (valley, coast, nowhere, project))
    browser = house.client("fund secretariat")
    assert browser.get(f"/desk/letters/{valley}").status_code == 200
    assert browser.get(f"/desk/letters/{coast}").status_code == 403
    assert browser.post(f"/desk/letters/{coast}/take").status_code == 403
    assert browser.get("/desk/letters/0000-0000").status_code == 404


def test_no_page_shows_an_address(house):
    code = drop(house, "relay", of="VALLEY", to="Secretariat", name="Somebody")
    browser = house.client("portfolio manager")
    for path in ("/desk/letters", f"/desk/letters/{code}", "/desk", "/desk/recent"):
        told = browser.get(path).text
        assert WRITER not in told
        assert CONTACT not in told
    assert "can be answered" in browser.get(f"/desk/letters/{code}").text


def test_a_letter_to_a_contact_is_forwarded_once_and_those_who_answer_are_told(house):
    from quipu.actions import letters
    from quipu.books import models

    code = drop(house, "relay", of="VALLEY", to="Secretariat", name="Somebody", page="/fund/VALLEY")
    assert letters.notice() == [code]
    assert letters.notice() == []
    work()
    (forwarded,) = [one for one in outbox.outbox if one.to == [CONTACT]]
    assert "Why is it so?" in forwarded.body
    assert "https://desk.example.org/fund/VALLEY" in forwarded.body
    assert forwarded.reply_to == [WRITER]
    told = sorted(one.to[0] for one in outbox.outbox if one is not forwarded)
    assert told == sorted(house.people[role].email for role in ("portfolio manager", "fund secretariat"))
    assert all("Why is it so?" not in one.body for one in outbox.outbox if one is not forwarded)
    assert history(code) == [("forward", "")]
    assert set(models.Mail.objects.values_list("state", "text")) == {("sent", "")}
    assert CONTACT not in json.dumps(list(models.Mail.objects.values("to", "text", "subject")))


def test_a_letter_for_whom_no_address_is_known_waits_for_the_office(house):
    from quipu.actions import letters

    (house.ledger.home / "contacts.toml").write_text("")
    code = drop(house, "relay", of="VALLEY", to="Secretariat")
    letters.notice()
    assert history(code) == []
    browser = house.client("fund secretariat")
    assert "Name one in contacts.toml" in browser.get(f"/desk/letters/{code}").text
    assert "nobody" not in [name for name, _ in history(code)]
    browser.post(f"/desk/letters/{code}/forward")
    assert history(code) == []


def test_a_letter_is_taken_in_answered_and_closed_and_its_outcome_is_public(house):
    from quipu.letters import corrections

    code = drop(house, "mistake", expected="Another sum", language="es")
    browser, person = house.client("fund secretariat"), house.people["fund secretariat"].pk
    assert browser.post(f"/desk/letters/{code}/take").status_code == 302
    assert browser.post(f"/desk/letters/{code}/answer", {"answer-text": "Because of %s & 5%."}).status_code == 302
    work()
    (answer,) = [one for one in outbox.outbox if one.to == [WRITER]]
    assert "Because of %s & 5%." in answer.body
    assert house.people["fund secretariat"].email not in answer.message().as_string()
    said = {"outcome-outcome": "The sum was corrected.", "outcome-publish": "on"}
    assert browser.post(f"/desk/letters/{code}/close", said).status_code == 302
    assert [(one.code, one.outcome) for one in corrections.told(house.ledger.home)] == [
        (code, "The sum was corrected.")
    ]
    assert history(code) == [("take in", person), ("answer", person), ("close", person)]
    assert "The sum was corrected." in browser.get("/desk/letters").text


def test_what_was_answered_is_kept_nowhere_in_history(house):
    from quipu.books import models

    code = drop(house)
    house.client("portfolio manager").post(f"/desk/letters/{code}/answer", {"answer-text": "A private word."})
    rows = json.dumps(list(models.History.objects.values("before", "after", "reason")))
    assert "private" not in rows
    work()
    assert "private" not in json.dumps(list(models.Mail.objects.values("text", "values")))


@pytest.mark.parametrize(
    ("act", "words"),
    [("answer", {"answer-text": " "}), ("close", {"outcome-outcome": " "}), ("hand", {"hand-to": "nobody"})],
)
def test_an_act_without_its_words_is_refused_beside_the_field(house, act, words):
    code = drop(house)
    answer = house.client("portfolio manager").post(f"/desk/letters/{code}/{act}", words)
    assert answer.status_code == 422
    assert 'class="fault"' in answer.text
    assert history(code) == []


def test_only_a_corrections_outcome_is_published(house):
    from quipu.actions import letters
    from quipu.rules.findings import Refused

    kept, scope = letters.find(drop(house, "question"))
    with pytest.raises(Refused) as refused:
        letters.close(by="x", kept=kept, scope=scope, outcome="Done.", publish=True)
    assert refused.value.findings[0].rule == "letter-not-told"


def test_a_letter_without_an_address_cannot_be_answered(house):
    code = drop(house, reply_to="")
    browser = house.client("portfolio manager")
    assert "Send the answer" not in browser.get(f"/desk/letters/{code}").text
    assert browser.post(f"/desk/letters/{code}/answer", {"answer-text": "Hello"}).status_code == 422


def test_a_letter_that_is_closed_stays_as_it_is(house):
    from quipu.actions import letters
    from quipu.rules.findings import Refused

    kept, scope = letters.find(drop(house))
    words = {"by": "x", "kept": kept, "scope": scope}
    letters.close(outcome="Done.", **words)
    for act in (letters.take, letters.forward):
        with pytest.raises(Refused):
            act(**words)
    with pytest.raises(Refused):
        letters.close(outcome="Again.", **words)


def test_two_people_do_not_answer_unknowing_of_each_other(house):
    from quipu.actions import history as acts
    from quipu.actions import letters
    from quipu.rules.findings import Refused

    kept, scope = letters.find(drop(house))
    words = {"kept": kept, "scope": scope}
    letters.take(by=house.people["portfolio manager"].pk, **words)
    seen = acts.version(letters.thing(kept, scope))
    letters.answer(by=house.people["fund secretariat"].pk, text="One", seen=seen, **words)
    with pytest.raises(Refused) as refused:
        letters.answer(by=house.people["portfolio manager"].pk, text="Two", seen=seen, **words)
    assert "Fund Secretariat" in refused.value.findings[0].detail


def test_a_letter_is_handed_to_somebody_who_may_answer_it_and_to_nobody_else(house):
    code = drop(house)
    browser, secretariat = house.client("portfolio manager"), house.people["fund secretariat"]
    page = browser.get(f"/desk/letters/{code}").text
    assert secretariat.pk in page
    assert house.people["auditor"].pk not in page
    assert browser.post(f"/desk/letters/{code}/hand", {"hand-to": house.people["auditor"].pk}).status_code == 422
    browser.post(f"/desk/letters/{code}/hand", {"hand-to": secretariat.pk})
    work()
    assert [one.to for one in outbox.outbox] == [[secretariat.email]]
    assert f"https://desk.example.org/desk/letters/{code}" in outbox.outbox[0].body
    mine = house.client("fund secretariat").get("/desk").text
    assert f"{code}" in mine
    assert code not in house.client("portfolio manager").get("/desk").text.split("What changed")[0]


def test_a_letter_that_waits_is_a_task_of_those_who_may_answer(house):
    code = drop(house, page="/fund/COAST")
    assert code in house.client("portfolio manager").get("/desk").text
    for role in ("fund secretariat", "auditor", "administrator"):
        assert code not in house.client(role).get("/desk").text


def test_the_list_asks_the_same_of_one_letter_and_of_twenty(house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = house.client("portfolio manager")
    drop(house)
    browser.get("/desk/letters")  # what is asked once
    counts = []
    for n in (0, 20):
        for i in range(n):
            drop(house, page=f"/fund/VALLEY?n={i}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get("/desk/letters").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_letters_that_came_before_the_desk_and_were_closed_are_told_to_nobody(house):
    from quipu.actions import letters
    from quipu.books import models
    from quipu.letters import box

    code = drop(house)
    box.close(house.ledger.home, code, "Done.", now=datetime.now(UTC))
    assert letters.notice() == [code]
    assert models.Mail.objects.count() == 0
