"""Returns at the desk: who sees what, the sheet and its conflicts, the account, steps, signatures, comments, waivers."""

import html
import json
import re

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quipu.rules.returns.states import TRANSITIONS
from tests.desk.returning import (
    APPROVER,
    CERTIFIER,
    FINANCE,
    FINE,
    MANAGER,
    REPORTER,
    WHOLE,
    accepted,
    answered,
    at_work,
    begun,
    led,
)

AUDITOR, SECRETARIAT = "auditor", "fund secretariat"


@pytest.fixture
def house(cast):
    """The house with money at work."""
    from django.urls import set_script_prefix

    set_script_prefix("/")  # another language's page may have been asked for last
    return at_work(cast)


def at(name, record, *more):
    return reverse(name, args=[record.pk, *more])


def text_of(answer):
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def page(cast, role, address, status=200):
    answer = cast.client(role).get(address)
    assert answer.status_code == status, (answer.status_code, text_of(answer)[-600:])
    return text_of(answer)


def typed(record, **fields):
    """A sheet as a browser sends it: what was shown, and some fields."""
    from quipu.actions import history
    from quipu.actions.returns import standing

    seen = history.version(standing.thing(record))
    return {"seen": seen, "shown": json.dumps(record.cells), **fields}


def queries(act):
    from django.db import connections

    from quipu.books import database

    with CaptureQueriesContext(connections[database.current()]) as caught:
        assert act().status_code == 200
    return len(caught)


# The list


def test_the_organization_sees_its_drafts_and_the_agent_only_that_something_is_being_prepared(house):
    record = begun(house)
    assert "32,100.00" in page(house, REPORTER, reverse("returns"))
    for role in (FINANCE, AUDITOR, SECRETARIAT):
        told = page(house, role, reverse("returns"))
        assert "being prepared" in told
        assert "32,100.00" not in told
        alone = page(house, role, at("return", record))
        assert "20,000.00" not in alone
        assert "The organization prepares it" in alone
    led(house, answered(house, record), "hand over")
    assert "for certification" not in page(house, FINANCE, reverse("returns"))
    led(house, record, "certify")
    assert "32,100.00" in page(house, FINANCE, reverse("returns"))
    assert "20,000.00" in page(house, FINANCE, at("return", record))


def test_after_a_return_was_sent_back_the_agent_sees_what_was_signed(house):
    from quipu.actions.returns import writing

    record = led(house, answered(house, begun(house)), "hand over", "certify", "send back")
    writing.write(by=house.people[REPORTER].pk, record=record, sent={"P1/staff": {"amount": 1_234_500}})
    assert "12,345.00" in page(house, REPORTER, at("return", record))
    told = page(house, FINANCE, at("return", record))
    assert "12,345.00" not in told
    assert "20,000.00" in told
    assert "32,100.00" in page(house, FINANCE, reverse("returns"))


def test_another_organization_sees_nothing_and_a_secretariat_its_own_fund(house):
    record = begun(house)
    other = house.person(REPORTER, organization_id="ORG2")
    browser = house.client(person=other)
    assert "VALLEY" not in text_of(browser.get(reverse("returns")))
    assert browser.get(at("return", record)).status_code == 403
    coast = begun(house, fund="COAST", year=2024, cells={})
    assert house.client(SECRETARIAT).get(at("return", record)).status_code == 200
    assert house.client(SECRETARIAT).get(at("return", coast)).status_code == 403


def test_what_is_owed_stands_with_its_deadline_until_it_is_begun(house):
    told = page(house, REPORTER, reverse("returns"))
    assert "Annual return 2024 VALLEY Valley fund" in told
    assert "days late" in told
    assert "Final statement 2022" in told
    assert "Annual return 2022" not in told  # closed
    begun(house, year=2024, cells={})
    assert "Annual return 2024 VALLEY Valley fund" not in page(house, REPORTER, reverse("returns"))
    assert "Not begun yet" not in page(house, FINANCE, reverse("returns"))


def test_a_granted_extension_is_the_deadline_and_a_waiver_leaves_none(house):
    from datetime import UTC, date, datetime

    from quipu.books import models

    record = begun(house)
    words = {"fund_id": "VALLEY", "organization_id": "ORG1", "year": 2023, "duty": "annual_return", "reason": "x"}
    asked = models.Dispensation.objects.create(
        **words, until=date(2999, 5, 6), asked_by="x", asked_at=datetime.now(UTC)
    )
    assert "2999" not in page(house, REPORTER, at("return", record))
    asked.granted, asked.decided_at = True, datetime.now(UTC)
    asked.save()
    assert "6 May 2999" in page(house, REPORTER, at("return", record))
    asked.until = None
    asked.save()
    assert "nothing owed: waived" in page(house, REPORTER, at("return", record))


@pytest.mark.parametrize(("narrow", "there"), [("fund=COAST", False), ("year=2023", True), ("kind=interim", False)])
def test_the_list_is_narrowed(house, narrow, there):
    begun(house)
    assert ("32,100.00" in page(house, REPORTER, f"{reverse('returns')}?{narrow}")) is there


def test_a_replaced_version_is_listed_only_where_it_is_asked_for(house):
    first = accepted(house)
    led(house, answered(house, led(house, first, "restate")), *WHOLE)
    told = page(house, REPORTER, reverse("returns"))
    assert "version 2" in told
    assert told.count("accepted") == 2  # the choice, and the line
    assert "version 2" not in page(house, REPORTER, f"{reverse('returns')}?state=restated")


# Beginning


def test_a_return_is_begun_and_a_second_time_leads_to_the_first(house):
    from quipu.books import models

    browser = house.client(REPORTER)
    sent = {"place": "VALLEY ORG1", "year": 2023, "kind": "annual"}
    answer = browser.post(reverse("return_begin"), sent)
    record = models.Return.objects.get()
    assert answer["Location"] == at("return_change", record)
    led(house, answered(house, _filled(house, record)), "hand over")
    assert browser.post(reverse("return_begin"), sent)["Location"] == at("return", record)
    assert browser.post(reverse("return_begin"), {**sent, "year": 2022}).status_code == 422
    assert browser.post(reverse("return_begin"), {**sent, "place": "VALLEY ORG2"}).status_code == 422
    assert models.Return.objects.count() == 1


def _filled(house, record, cells=FINE):
    from quipu.actions.returns import writing

    writing.write(by=house.people[REPORTER].pk, record=record, sent=cells)
    return record


def test_nothing_was_spent_is_one_act_for_many(house):
    from quipu.books import models

    browser = house.client(REPORTER)
    chosen = ["VALLEY ORG1 2023 annual", "VALLEY ORG1 2024 annual"]
    told = text_of(browser.get(reverse("return_nothing"), {"chosen": chosen}))
    assert "Annual return 2023, VALLEY" in told
    assert models.Return.objects.count() == 0
    assert browser.post(reverse("return_nothing"), {"act": "do"}).status_code == 422
    answer = browser.post(reverse("return_nothing"), {"act": "do", "chosen": chosen, "why": "The road was closed."})
    assert answer["Location"] == reverse("returns")
    assert [one.nil for one in models.Return.objects.all()] == [True, True]
    record = models.Return.objects.get(year=2023)
    assert record.cells["P1/note"] == {"comment": "The road was closed."}
    foreign = browser.post(reverse("return_nothing"), {"act": "do", "chosen": ["VALLEY ORG2 2023 annual"]})
    assert foreign.status_code == 403


# The sheet


def test_amounts_are_typed_in_the_readers_manner_and_only_what_changed_is_written(house):
    from quipu.books import models

    record = begun(house)
    sent = typed(record, **{"a:P1/staff": "1.500,50", "a:P1/travel": "10.000,00", "c:P1/staff": "Three people."})
    answer = house.client(REPORTER).post(f"/es/desk/returns/{record.pk}/change", sent)
    assert answer.status_code == 302
    record.refresh_from_db()
    assert record.cells["P1/staff"] == {"amount": 150_050, "comment": "Three people."}
    last = models.History.objects.filter(code=record.code, verb="write").order_by("id").last()
    assert sorted(last.after) == ["P1/staff amount", "P1/staff comment"]
    sent = typed(record, **{"a:P1/staff": "", "c:P1/staff": ""})
    house.client(REPORTER).post(at("return_change", record), sent)
    record.refresh_from_db()
    assert "P1/staff" not in record.cells


@pytest.mark.parametrize(
    ("typing", "rule"),
    [
        ("1.234", "read two ways"),
        ("many", "no amount"),
        ("1.005,123", "fewer decimals"),
        ("12.345678", "fewer decimals"),
    ],
)
def test_what_cannot_be_read_stands_beside_its_field_with_all_that_was_typed(house, typing, rule):
    record = begun(house)
    sent = typed(record, **{"a:P1/staff": typing, "a:P1/travel": "77.70"})
    answer = house.client(REPORTER).post(at("return_change", record), sent)
    assert answer.status_code == 422
    assert rule in text_of(answer)
    body = answer.content.decode()
    assert f'value="{typing}"' in body
    assert 'value="77.70"' in body
    record.refresh_from_db()
    assert record.cells["P1/travel"] == {"amount": 1_000_000}


def test_compute_answers_sums_and_offers_indirect_cost_without_writing(house):
    record = begun(house, cells={})
    browser = house.client(REPORTER)
    sent = typed(record, **{"a:P1/staff": "1,000.00", "a:P1/travel": "500.50"})
    told = text_of(browser.post(at("return_change", record), {**sent, "act": "compute"}))
    assert "7 % of 1,500.50 direct costs" in told
    assert "105.04" in told
    answer = browser.post(at("return_change", record), {**sent, "fragment": "1"}).json()["texts"]
    assert answer["sum P1"] == "1,500.50"
    assert answer["offer P1/indirect"] == "105.04"
    assert "agreed rate" in answer["found P1/indirect"]
    taken = browser.post(at("return_change", record), {**sent, "take": "P1/indirect"}).content.decode()
    assert 'name="a:P1/indirect" value="105.04"' in taken
    record.refresh_from_db()
    assert record.cells == {}


def test_the_memorandums_rate_is_offered(house):
    record = begun(house, fund="COAST", year=2024, cells={"P3/staff": {"amount": 100_000}})
    told = page(house, REPORTER, at("return_change", record))
    assert "8 % of 1,000.00 direct costs" in told


def test_who_saves_after_another_is_told_by_whom_and_loses_nothing(house):
    from quipu.actions.returns import writing

    ana = house.person(REPORTER, organization_id="ORG1")
    ana.name = "Ana"
    ana.save()
    record = begun(house)
    sent = typed(record, **{"a:P1/staff": "1.50", "a:P1/travel": "10,000.00", "c:P1/note": "mine"})
    other = {"P1/staff": {"amount": 777}, "P1/equipment": {"amount": 555}}
    writing.write(by=ana.pk, record=record, sent=other)
    answer = house.client(REPORTER).post(at("return_change", record), sent)
    assert answer.status_code == 409
    told, body = text_of(answer), answer.content.decode()
    assert "Changed by Ana" in told
    assert "It stands now as: 7.77" in told
    assert 'name="a:P1/staff" value="1.50"' in body
    assert 'name="a:P1/equipment" value="5.55"' in body
    assert ">mine</textarea>" in body
    record.refresh_from_db()
    assert record.cells["P1/staff"] == {"amount": 777}
    again = house.client(REPORTER).post(at("return_change", record), typed(record, **{"a:P1/staff": "1.50"}))
    assert again.status_code == 302
    record.refresh_from_db()
    assert (record.cells["P1/staff"], record.cells["P1/equipment"]) == ({"amount": 150}, {"amount": 555})


def test_a_closed_year_is_corrected_in_a_row_of_its_own(house):
    record = begun(house)
    n = "n:P1:"
    sent = typed(
        record, **{f"{n}category": "travel", f"{n}year": "2022", f"{n}amount": "-10.00", f"{n}comment": "Twice."}
    )
    assert house.client(REPORTER).post(at("return_change", record), sent).status_code == 302
    record.refresh_from_db()
    assert record.cells["P1/travel/2022"] == {"amount": -1_000, "comment": "Twice."}
    assert "Travel, correction of 2022" in page(house, REPORTER, at("return_change", record))
    sent = typed(record, **{f"{n}category": "travel", f"{n}year": "2022", f"{n}amount": "", f"{n}comment": "What?"})
    answer = house.client(REPORTER).post(at("return_change", record), sent)
    assert answer.status_code == 422
    assert "A correction needs" in text_of(answer)


def test_a_locked_return_says_who_can_unlock_it(house):
    record = led(house, answered(house, begun(house)), "hand over")
    answer = house.client(REPORTER).get(at("return_change", record))
    assert answer["Location"] == at("return", record)
    told = page(house, REPORTER, at("return", record))
    assert "Locked." in told
    assert f"Take back: {house.people[REPORTER]}" in told
    assert f"Give back: {house.people[CERTIFIER]}" in told
    record = led(house, record, "certify", "take up", "accept")
    assert "Restate:" in page(house, REPORTER, at("return", record))
    house.ledger.post('2024-05-31 close-year VALLEY 2023 ^y23 "report"\n')
    told = page(house, REPORTER, at("return", record))
    assert "The year is closed" in told
    assert "Restate" not in told


# The statement of account


def test_each_line_of_the_statement_is_answered_or_all_at_once(house):
    from quipu.actions.returns import standing

    record = begun(house)
    (entry,) = standing.transfers_of(record)
    browser = house.client(REPORTER)
    told = text_of(browser.get(at("return_account", record)))
    assert "200,000.00" in told
    assert "89,300.00" in told  # the opening balance of P1: 100,000 − 10,700
    sent = {f"answer:{entry.id}": "disputed", f"comment:{entry.id}": "We received 150,000.00.", "act": "save"}
    assert browser.post(at("return_account", record), sent).status_code == 302
    record.refresh_from_db()
    assert record.answers == {str(entry.id): ["disputed", "We received 150,000.00."]}
    other = begun(house, year=2024, fund="COAST", cells={})
    assert browser.post(at("return_account", other), {"act": "all"}).status_code == 302
    other.refresh_from_db()
    assert [told[0] for told in other.answers.values()] == ["confirmed"]


def test_an_old_page_of_answers_is_refused(house):
    record = begun(house)
    answer = house.client(REPORTER).post(at("return_account", record), {"act": "all", "seen": "1"})
    assert answer.status_code == 422
    assert "changed" in text_of(answer).lower()


# Steps


def test_every_step_has_its_page_with_what_happens_next(house):
    record = answered(house, begun(house))
    told = page(house, REPORTER, at("return_hand_over", record))
    assert TRANSITIONS["hand over"].will in told
    assert f"By mail are told: {house.people[CERTIFIER]}." in told
    record = led(house, record, "hand over", "certify")
    assert "The review begins" in page(house, FINANCE, at("return_take_up", record))
    assert "It does not stand where" in page(house, APPROVER, at("return_accept", record))


def test_what_stands_in_the_way_is_named_before_handing_over(house):
    record = begun(house, cells={"P1/staff": {"amount": -5}})
    told = page(house, REPORTER, at("return_hand_over", record))
    assert "This stands in the way" in told
    assert "cannot be below zero" in told
    answer = house.client(REPORTER).post(at("return_hand_over", record), {"seen": typed(record)["seen"]})
    assert answer.status_code == 422
    record.refresh_from_db()
    assert record.state == "draft"


def test_a_return_goes_the_whole_way_by_its_pages(house):
    record = answered(house, begun(house))

    def act(role, name, **fields):
        answer = house.client(role).post(at(f"return_{name}", record), {"seen": typed(record)["seen"], **fields})
        record.refresh_from_db()
        return answer.status_code

    assert act(REPORTER, "hand_over") == 302
    assert act(CERTIFIER, "give_back") == 422
    assert act(CERTIFIER, "give_back", reason="Travel is missing.") == 302
    assert (record.state, record.comment) == ("draft", "Travel is missing.")
    assert act(REPORTER, "hand_over") == 302
    assert sign(house, record).status_code == 302
    record.refresh_from_db()
    assert record.state == "submitted"
    assert act(FINANCE, "take_up") == 302
    assert act(APPROVER, "accept") == 302
    assert record.state == "accepted"
    assert "Its voucher" in page(house, AUDITOR, at("return", record))
    assert act(REPORTER, "restate", reason="A bill twice.") == 302
    told = page(house, REPORTER, reverse("return", args=[record.pk.removesuffix("1") + "2"]))
    assert "It restates version 1." in told
    assert "A bill twice." in told


def test_an_old_page_of_a_step_is_refused_with_the_name_of_whoever_acted(house):
    record = led(house, answered(house, begun(house)), "hand over", "certify")
    answer = house.client(FINANCE).post(at("return_take_up", record), {"seen": 1})
    assert answer.status_code == 422
    assert f"Changed by {house.people[CERTIFIER]}" in text_of(answer)


def test_grave_steps_ask_for_signing_in_once_more(house):
    record = led(house, answered(house, begun(house)), "hand over", "certify", "take up")
    browser = house.client(APPROVER, fresh=False)
    answer = browser.post(at("return_accept", record), {"seen": typed(record)["seen"]})
    assert "reauthenticate" in answer["Location"]
    record.refresh_from_db()
    assert record.state == "in review"
    tired = house.client(CERTIFIER, fresh=False)
    assert tired.get(reverse("return_certify")).status_code == 200
    assert "reauthenticate" in tired.post(reverse("return_certify"), {}).get("Location", "")


def sign(house, *records, role=CERTIFIER, person=None, **fields):
    """Signs as the page asks for it: the statement that was read, and the versions that were seen."""
    browser = house.client(role) if person is None else house.client(person=person)
    chosen = [record.pk for record in records]
    body = browser.get(reverse("return_certify"), {"chosen": chosen}).content.decode()
    read = re.search(r'name="read" value="(\w+)"', body)
    seen = {f"seen:{record.pk}": typed(record)["seen"] for record in records}
    return browser.post(
        reverse("return_certify"), {"chosen": chosen, "read": read[1] if read else "", **seen, **fields}
    )


def two(house):
    """A return of each fund that waits for a signature."""
    first = led(house, answered(house, begun(house)), "hand over")
    coast = {"P3/staff": {"amount": 100_000}, "P3/indirect": {"amount": 8_000}, "P3/interest": {"amount": 0}}
    second = begun(house, fund="COAST", year=2024, cells=coast)
    return first, led(house, answered(house, second), "hand over")


def test_one_signature_certifies_several_returns_with_one_statement(house):
    from quipu.books import models

    first, second = two(house)
    told = page(house, CERTIFIER, reverse("return_certify"))
    assert "Annual return 2023, VALLEY Valley fund: expenditure of 32,100.00 USD" in told
    assert "Annual return 2024, COAST Coast fund: expenditure of 1,080.00 USD" in told
    assert sign(house, first, second).status_code == 302
    signatures = list(models.Signed.objects.order_by("of"))
    assert len({one.act for one in signatures}) == 1
    assert len({one.digest for one in signatures}) == 2
    assert "1,080.00" in signatures[0].statement
    assert signatures[0].language == "en"


def test_only_what_is_ticked_is_signed(house):
    first, second = two(house)
    assert sign(house, first).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("submitted", "for certification")


def test_the_statement_is_signed_in_the_language_it_was_read_in(house):
    record = led(house, answered(house, begun(house)), "hand over")
    browser = house.client(CERTIFIER)
    body = browser.get("/es/desk/returns/certify", {"chosen": record.pk}).content.decode()
    read = re.search(r'name="read" value="(\w+)"', body)[1]
    sent = {"chosen": record.pk, "read": read, f"seen:{record.pk}": typed(record)["seen"]}
    assert browser.post("/es/desk/returns/certify", sent).status_code == 302
    assert record.signatures.get().language == "es"
    assert "Rendición anual 2023" in record.signatures.get().statement


def test_a_statement_that_changed_since_it_was_read_is_read_again(house):
    record = led(house, answered(house, begun(house)), "hand over")
    sent = {"chosen": record.pk, "read": "x" * 64, f"seen:{record.pk}": typed(record)["seen"]}
    assert house.client(CERTIFIER).post(reverse("return_certify"), sent).status_code == 302
    record.refresh_from_db()
    assert record.state == "for certification"


def test_whoever_wrote_in_a_return_does_not_find_it_to_sign(house):
    from quipu.books import models

    record = led(house, answered(house, begun(house)), "hand over")
    writer = house.people[REPORTER]
    models.Mandate.objects.create(person=writer, role=CERTIFIER, organization_id="ORG1", since="2020-01-01")
    told = text_of(house.client(REPORTER).get(reverse("return_certify")))
    assert "you wrote in it" in told
    assert "The statement that you sign" not in told
    assert sign(house, record, role=REPORTER).status_code == 403


def test_nobody_signs_for_another_organization(house):
    record = led(house, answered(house, begun(house)), "hand over")
    other = house.person(CERTIFIER, organization_id="ORG2")
    assert "No return waits" in text_of(house.client(person=other).get(reverse("return_certify")))
    assert sign(house, record, person=other).status_code == 403


def test_the_signed_paper_is_attached_and_goes_to_the_agent(house):
    from django.core.files.uploadedfile import SimpleUploadedFile

    record = led(house, answered(house, begun(house)), "hand over")
    browser = house.client(CERTIFIER)
    file = SimpleUploadedFile("signed.pdf", b"%PDF-1.7 signed")
    answer = browser.post(reverse("return_attach"), {"chosen": record.pk, "file": file})
    body = browser.get(answer["Location"]).content.decode()
    assert "signed.pdf" in body
    paper = re.search(r'name="paper" value="([^"]+)"', body)[1]
    assert sign(house, record, paper=paper).status_code == 302
    record.refresh_from_db()
    assert record.attached_name == "signed.pdf"
    got = house.client(FINANCE).get(at("return_attached", record))
    assert b"".join(got.streaming_content) == b"%PDF-1.7 signed"
    assert got["Content-Disposition"].startswith("attachment")


def test_a_paper_of_another_hand_is_not_attached(house):
    record = led(house, answered(house, begun(house)), "hand over")
    assert sign(house, record, paper="forged:word").status_code == 302
    record.refresh_from_db()
    assert record.attached == ""


def test_what_was_signed_can_be_hashed_by_whoever_reads_it(house):
    import hashlib

    record = led(house, answered(house, begun(house)), "hand over", "certify")
    got = house.client(AUDITOR).get(at("return_signed", record, 1))
    assert hashlib.sha256(got.content).hexdigest() == record.signatures.get().digest


# What is said


def test_a_comment_waits_for_the_other_side_which_is_told_once(house):
    from quipu.books import models

    record = led(house, answered(house, begun(house)), "hand over", "certify")
    models.Mail.objects.all().delete()
    browser = house.client(FINANCE)
    for text in ("Which flights are these?", "And which trains?"):
        root = models.Remark.objects.first()
        sent = {"row": "P1/travel", "text": text, **({"answers": root.pk} if root else {})}
        assert browser.post(at("return_comment", record), sent).status_code == 302
    mails = models.Mail.objects.filter(subject="A comment on a return waits for your answer")
    assert [one.to for one in mails] == [f"person {house.people[REPORTER].pk}"]
    assert "waits for you" in page(house, REPORTER, at("return", record))
    assert "Answer a comment" in page(house, REPORTER, reverse("desk"))
    assert "Answer a comment" not in page(house, FINANCE, reverse("desk"))
    root = models.Remark.objects.first()
    answer = {"answers": root.pk, "text": "Those to the coast."}
    assert house.client(REPORTER).post(at("return_comment", record), answer).status_code == 302
    assert "Answer a comment" in page(house, FINANCE, reverse("desk"))
    assert browser.post(at("return_settle", record, root.pk)).status_code == 302
    told = page(house, REPORTER, at("return", record))
    assert "settled by" in told
    assert "Answer a comment" not in page(house, FINANCE, reverse("desk"))


def test_an_empty_comment_and_one_by_a_reader_are_refused(house):
    record = begun(house)
    assert house.client(REPORTER).post(at("return_comment", record), {"text": "  "}).status_code == 422
    assert house.client(AUDITOR).post(at("return_comment", record), {"text": "Hm."}).status_code == 403
    root = _said(house, record)
    other = begun(house, fund="COAST", year=2024, cells={})
    assert house.client(REPORTER).get(at("return_settle", other, root.pk)).status_code == 404


def _said(house, record):
    from quipu.actions.returns import talking

    return talking.say(by=house.people[REPORTER].pk, record=record, text="Is this right?")


def test_a_comment_tells_nothing_of_a_drafts_figures_to_the_agent(house):
    record = begun(house)
    _said(house, record)
    told = page(house, FINANCE, at("return", record))
    assert "Is this right?" in told
    assert "20,000.00" not in told


# Waivers


def test_a_waived_rule_no_longer_stands_in_the_way_until_it_is_withdrawn(house):
    from quipu.actions.returns import leading
    from quipu.books import models
    from quipu.rules.findings import Refused

    record = answered(
        house, begun(house, cells={**FINE, "P1/equipment": {"amount": -100}, "P1/indirect": {"amount": 209_993}})
    )
    by = house.people[REPORTER].pk
    with pytest.raises(Refused):
        leading.lead(by=by, record=record, act="hand over", seen=None)
    assert "Ask the agent to waive it" in page(house, REPORTER, at("return", record))
    sent = {"rule": "return-negative", "row": "P1/equipment", "reason": "A car was sold."}
    browser = house.client(MANAGER)
    assert browser.post(at("return_waive", record), {**sent, "reason": ""}).status_code == 422
    assert browser.post(at("return_waive", record), {**sent, "rule": "return-sum"}).status_code == 422
    assert browser.post(at("return_waive", record), sent).status_code == 302
    assert browser.post(at("return_waive", record), sent).status_code == 302
    waived = models.Waived.objects.get()
    assert models.History.objects.filter(verb="waive", is_public=True).count() == 1
    assert models.Mail.objects.filter(to=f"person {by}", subject="A rule was waived for your return").count() == 1
    assert "A car was sold." in page(house, REPORTER, at("return", record))
    assert browser.post(at("return_unwaive", record, waived.pk)).status_code == 302
    with pytest.raises(Refused):
        leading.lead(by=by, record=record, act="hand over", seen=None)
    browser.post(at("return_waive", record), sent)
    record = led(house, record, *WHOLE)
    kept = models.Waived.objects.get(withdrawn_at=None)
    browser.post(at("return_unwaive", record, kept.pk))
    kept.refresh_from_db()
    assert kept.withdrawn_at is None
    assert browser.post(at("return_waive", record), {**sent, "row": ""}).status_code == 422


# Tasks


def test_each_finds_among_the_tasks_what_waits_for_them(house):
    record = begun(house)
    assert "Go on with a return" in page(house, REPORTER, reverse("desk"))
    assert "Begin a return" in page(house, REPORTER, reverse("desk"))
    led(house, answered(house, record), "hand over")
    assert "Sign a return" in page(house, CERTIFIER, reverse("desk"))
    led(house, record, "certify")
    assert "Take up a return" in page(house, FINANCE, reverse("desk"))
    assert "Sign a return" not in page(house, CERTIFIER, reverse("desk"))
    led(house, record, "take up")
    assert "Accept a return" in page(house, APPROVER, reverse("desk"))
    led(house, record, "send back", reason="Travel?")
    assert "Mend a return" in page(house, REPORTER, reverse("desk"))
    assert "Travel?" in page(house, REPORTER, reverse("desk"))


# The rules


def test_every_rule_stands_on_the_help_page_with_its_reason_and_what_can_be_done(house):
    from quipu.rules.returns.registry import CHECKS

    answer = house.client(REPORTER).get(reverse("return_rules"))
    body, told = answer.content.decode(), text_of(answer)
    for name, check in CHECKS.items():
        assert f'id="{name}"' in body
        assert check.sentence in told
        assert check.why in told
    assert told.count("The agent may waive it") == sum(check.waivable for check in CHECKS.values())


def test_a_finding_stands_beside_its_row_and_leads_to_its_reason(house):
    record = begun(house, cells={**FINE, "P1/travel": {"amount": -100}})
    body = house.client(REPORTER).get(at("return", record)).content.decode()
    row = re.search(r'<tr id="row-P1/travel">.*?</tr>', body, re.DOTALL)[0]
    assert "cannot be below zero" in row
    assert 'href="/desk/returns/rules#return-negative"' in row


def test_an_organization_with_a_hundred_projects_can_send_its_sheet(house):
    record = begun(house)
    sent = typed(record, **{f"c:Q{project}/{row}": "" for project in range(100) for row in range(30)})
    assert house.client(REPORTER).post(at("return_change", record), sent).status_code == 302


# Many


def test_pages_ask_as_much_for_one_project_as_for_twenty(house):
    record = begun(house)
    _said(house, record)
    reporter, finance = house.client(REPORTER), house.client(FINANCE)
    pages = [(reporter, reverse("returns")), (reporter, at("return", record)), (reporter, at("return_change", record))]
    pages += [(reporter, at("return_account", record)), (reporter, reverse("desk")), (finance, reverse("returns"))]
    for browser, address in pages:
        browser.get(address)  # what is asked once in a session is asked now
    before = [queries(lambda one=one: one[0].get(one[1])) for one in pages]
    lines = []
    for n in range(20):
        lines += [f'project Q{n} "Plot {n}"', "    fund: VALLEY", "    participant: ORG1", ""]
    lines += ['2023-01-05 allocation ^q-a "minute"', *(f"    allocation VALLEY > Q{n}/ORG1 100.00" for n in range(20))]
    lines += ["2023-02-02 transfer ^q-t", *(f"    transfer VALLEY > Q{n}/ORG1 100.00" for n in range(20))]
    house.ledger.post("\n".join(lines) + "\n")
    _filled(house, record, {f"Q{n}/staff": {"amount": n, "comment": "x"} for n in range(20)})
    for _ in range(19):
        _said(house, record)
    assert "Plot 19" in page(house, REPORTER, at("return_change", record))
    assert [queries(lambda one=one: one[0].get(one[1])) for one in pages] == before


def test_lists_ask_as_much_for_one_return_as_for_many(house):
    first = led(house, answered(house, begun(house)), "hand over")
    pages = [
        (house.client(role), reverse(name)) for role, name in ((FINANCE, "returns"), (CERTIFIER, "return_certify"))
    ]
    for browser, address in pages:
        browser.get(address)
    before = [queries(lambda one=one: one[0].get(one[1])) for one in pages]
    for kind, year in (("annual", 2024), ("interim", 2024)):
        begun(house, kind=kind, year=year)
    led(house, first, "certify", "send back")
    assert queries(lambda: pages[0][0].get(pages[0][1])) <= before[0] + 1  # what was signed is read, for all at once
