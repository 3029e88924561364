"""A return from its first figure to the ledger, back again and anew: states, locks, four eyes, and what is posted."""

import itertools

import pytest

from quipu.rules.findings import Refused
from tests.desk.returning import (
    APPROVER,
    CERTIFIER,
    FINANCE,
    FINE,
    REPORTER,
    WHOLE,
    accepted,
    answered,
    at_work,
    begun,
    led,
)


def rules(act):
    with pytest.raises(Refused) as caught:
        act()
    return sorted(finding.rule for finding in caught.value.findings)


def standing(year, project="P1"):
    """What stands in the ledger of a year: category, standing, amount, the corrected year."""
    from quipu.books import models

    entries = models.Entry.objects.filter(
        project=project, year=year, movement="expenditure", reverses=None, reversed_by=None
    )
    return sorted(entries.values_list("category", "standing", "amount", "adjusts"))


def test_a_return_goes_from_a_draft_to_the_ledger_in_one_voucher(cast_anywhere):
    from quipu.books import models

    cast = at_work(cast_anywhere)
    record = accepted(cast)
    assert record.state == "accepted"
    assert standing(2023) == [
        ("indirect", "certified", 210_000, None),
        ("staff", "certified", 2_000_000, None),
        ("travel", "certified", 1_000_000, None),
    ]
    posting = models.Posting.objects.get(position=record.position)
    assert posting.key == "return-R-2023-VALLEY-ORG1-annual-1"
    assert posting.by == cast.people[CERTIFIER].pk
    assert posting.approved == cast.people[APPROVER].pk
    signature = record.signatures.get()
    assert signature.statement == "I certify it."
    assert len(signature.digest) == 64
    assert '"P1/staff":{"amount":2000000}' in signature.content


def test_certified_figures_take_the_place_of_interim_ones_in_one_voucher(cast_anywhere):
    from quipu.books import models

    cast = at_work(cast_anywhere)
    interim = begun(
        cast, kind="interim", cells={"P1/equipment": {"amount": 500_000}, "P1/indirect": {"amount": 35_000}}
    )
    led(cast, interim, "submit", "take up", "accept")
    assert standing(2023) == [("equipment", "interim", 500_000, None), ("indirect", "interim", 35_000, None)]
    before = models.Posting.objects.count()
    accepted(cast)
    assert models.Posting.objects.count() == before + 1
    assert [one[:2] for one in standing(2023)] == [
        ("indirect", "certified"),
        ("staff", "certified"),
        ("travel", "certified"),
    ]
    interim.refresh_from_db()
    assert interim.state == "restated"


def test_interim_figures_never_take_the_place_of_certified_ones(cast):
    at_work(cast)
    interim = led(cast, begun(cast, kind="interim"), "submit", "take up")
    first = accepted(cast)
    assert rules(lambda: led(cast, interim, "accept")) == ["return-there-already"]
    led(cast, first, "restate")
    assert rules(lambda: led(cast, interim, "accept")) == ["return-there-already"]
    assert {one[1] for one in standing(2023)} == {"certified"}


def test_a_year_in_which_nothing_was_spent_is_in_and_stands_as_zero(cast_anywhere):
    from quipu.actions.returns import writing

    cast = at_work(cast_anywhere)
    by = cast.people[REPORTER].pk
    record = writing.begin(by=by, fund="VALLEY", organization="ORG1", year=2023, kind="annual")
    assert writing.nothing_spent(by=by, records=[record]) == 1
    record.refresh_from_db()
    assert record.nil
    writing.write(by=by, record=record, sent={"P1/note": {"comment": "The road was closed all year."}})
    led(cast, answered(cast, record), *WHOLE)
    assert standing(2023) == [("operating", "certified", 0, None)]


def test_the_organization_may_change_only_a_draft(cast):
    from quipu.actions.returns import writing

    at_work(cast)
    record = led(cast, answered(cast, begun(cast)), "hand over")
    by = cast.people[REPORTER].pk
    assert rules(lambda: writing.write(by=by, record=record, sent=FINE)) == ["return-row-locked"]
    assert rules(lambda: writing.answer(by=by, record=record, answers={})) == ["return-row-locked"]
    led(cast, record, "take back")
    assert writing.write(by=by, record=record, sent={"P1/staff": {"amount": 5}})[0].after == 5


def test_whoever_wrote_does_not_certify_and_whoever_certified_does_not_accept(cast):
    from quipu.actions.returns import leading

    at_work(cast)
    record = led(cast, answered(cast, begun(cast)), "hand over")
    writer, signer = cast.people[REPORTER].pk, cast.people[CERTIFIER].pk

    def certify(by):
        return lambda: leading.certify(by=by, records=[(record, None)], statement="x", language="en")

    assert rules(certify(writer)) == ["return-by-itself"]
    certify(signer)()
    led(cast, record, "take up")
    for by in (writer, signer):
        assert rules(lambda by=by: leading.lead(by=by, record=record, act="accept", seen=None)) == [
            "return-accepted-by-own"
        ]


def test_one_signature_is_for_one_organization(cast):
    from copy import copy

    from quipu.actions.returns import leading

    at_work(cast)
    one = led(cast, answered(cast, begun(cast)), "hand over")
    other = copy(one)
    other.organization_id = "ORG2"
    both = [(one, None), (other, None)]
    by = cast.people[CERTIFIER].pk
    assert rules(lambda: leading.certify(by=by, records=both, statement="x", language="en")) == [
        "return-several-organizations"
    ]
    one.refresh_from_db()
    assert one.state == "for certification"


def test_an_unanswered_transfer_keeps_a_return_back_and_a_disputed_one_wants_a_comment(cast):
    from quipu.actions.returns import standing as stands
    from quipu.actions.returns import writing

    at_work(cast)
    record = begun(cast)
    assert rules(lambda: led(cast, record, "hand over")) == ["return-unanswered"]
    (entry,) = stands.transfers_of(record)
    by = cast.people[REPORTER].pk
    writing.answer(by=by, record=record, answers={str(entry.id): ("disputed", "")})
    assert rules(lambda: led(cast, record, "hand over")) == ["return-disputed"]
    writing.answer(by=by, record=record, answers={str(entry.id): ("disputed", "We received 150,000.00 on 3 February.")})
    assert led(cast, record, "hand over").state == "for certification"
    assert rules(
        lambda: writing.answer(by=by, record=led(cast, record, "take back"), answers={"1": ("confirmed", "")})
    ) == ["return-row-unknown"]


def test_a_signature_is_recalled_until_the_review_begins(cast):
    at_work(cast)
    record = led(cast, answered(cast, begun(cast)), "hand over", "certify")
    assert led(cast, record, "recall").state == "draft"
    record.refresh_from_db()
    assert (record.signed_by, record.signed_at) == ("", None)
    record = led(cast, record, "hand over", "certify", "take up")
    assert rules(lambda: led(cast, record, "recall")) == ["return-not-there"]
    assert record.signatures.count() == 2


def test_an_act_that_needs_a_reason_is_refused_without(cast):
    at_work(cast)
    record = led(cast, answered(cast, begun(cast)), "hand over", "certify")
    assert rules(lambda: led(cast, record, "send back", reason=" ")) == ["reason-missing"]
    assert led(cast, record, "send back", reason="Travel is missing.").comment == "Travel is missing."


def test_a_restated_return_is_a_linked_version_and_both_stand_in_the_ledger(cast_anywhere):
    from quipu.actions.returns import writing

    cast = at_work(cast_anywhere)
    first = accepted(cast)
    again = led(cast, first, "restate", reason="A bill was booked twice.")
    assert (again.version, again.restates_id, again.state) == (2, first.code, "draft")
    first.refresh_from_db()
    assert first.state == "accepted"
    assert [one[0] for one in standing(2023)] == ["indirect", "staff", "travel"]
    writing.write(
        by=cast.people[REPORTER].pk,
        record=again,
        sent={
            "P1/travel": {"amount": 900_000},
            "P1/indirect": {"amount": 203_000},
            "P1/note": {"comment": "The flight of June stood twice."},
        },
    )
    led(cast, again, *WHOLE)
    first.refresh_from_db()
    again.refresh_from_db()
    assert (first.state, again.state) == ("restated", "accepted")
    assert [one[2] for one in standing(2023)] == [203_000, 2_000_000, 900_000]
    assert rules(lambda: led(cast, first, "restate")) == ["return-not-there"]


def test_a_closed_year_is_not_restated_and_is_corrected_in_the_running_one(cast_anywhere):
    cast = at_work(cast_anywhere)
    record = accepted(cast)
    cast.ledger.post('2024-05-31 close-year VALLEY 2023 ^y23 "report"\n')
    assert rules(lambda: led(cast, record, "restate")) == ["return-year-closed"]
    assert rules(lambda: led(cast, record, "reopen")) == ["return-year-closed"]
    cells = {**FINE, "P1/travel/2023": {"amount": -50_000, "comment": "The flight of June stood twice."}}
    cells["P1/note"] = {"comment": "No transfer this year."}
    accepted(cast, year=2024, cells=cells)
    assert ("travel", "certified", -50_000, 2023) in standing(2024)


def test_the_agent_sends_an_accepted_return_back_until_the_year_is_closed(cast):
    at_work(cast)
    record = led(cast, accepted(cast), "reopen", reason="Two accounts were mixed up.")
    assert (record.state, record.version, record.comment) == ("sent back", 2, "Two accounts were mixed up.")


def test_accepting_twice_posts_once(cast):
    from quipu.actions.returns import leading
    from quipu.books import models

    at_work(cast)
    record = accepted(cast)
    before = models.Posting.objects.count()
    again = leading.lead(by=cast.people[APPROVER].pk, record=record, act="accept", seen=None)
    assert again.position == record.position
    assert models.Posting.objects.count() == before


def test_a_return_is_begun_once_and_only_where_something_is_owed(cast):
    from quipu.actions.returns import writing

    at_work(cast)
    by = cast.people[REPORTER].pk

    def begin(**words):
        said = {"fund": "VALLEY", "organization": "ORG1", "year": 2023, "kind": "annual", **words}
        return writing.begin(by=by, **said)

    assert begin().pk == begin().pk
    assert rules(lambda: begin(organization="ORG2")) == ["return-not-owed"]
    assert rules(lambda: begin(year=2021)) == ["return-not-owed"]
    assert rules(lambda: begin(year=2022)) == ["return-year-closed"]
    assert rules(lambda: begin(kind="weekly")) == ["return-not-owed"]
    led(cast, answered(cast, begun(cast)), "hand over")
    assert rules(begin) == ["return-there-already"]


def test_a_final_statement_posts_only_what_it_has_beyond_what_stands(cast_anywhere):
    from datetime import date

    cast = at_work(cast_anywhere)
    cells = {
        "P4/staff": {"amount": 3_100_000, "comment": "A last salary."},
        "P4/indirect": {"amount": 217_000},
        "P4/note": {"comment": "The rest is refunded in March."},
    }
    record = begun(cast, year=2022, kind="final", cells=cells)
    led(cast, answered(cast, record), *WHOLE)
    year = date.today().year  # noqa: DTZ011
    assert standing(2022, "P4") == [("staff", "certified", 3_000_000, None)]
    assert standing(year, "P4") == [("indirect", "certified", 217_000, 2022), ("staff", "certified", 100_000, 2022)]


def test_who_has_work_and_what_is_in_are_asked_of_one_organization_or_of_all(cast_anywhere):
    from quipu.books import returns as ledger

    at_work(cast_anywhere)
    assert ledger.participations({"ORG1"}) == ledger.participations()
    assert ledger.participations({"ORG2"}) == []
    assert ledger.reported({2022}, {"ORG1"}) == {("VALLEY", "ORG1", 2022): "certified"}
    assert ledger.reported((), {"ORG2"}) == {}
    assert ledger.spent([("VALLEY", "ORG1", 2022), ("COAST", "ORG1", 2022)]) == {("VALLEY", "ORG1", 2022): 4_070_000}


def test_somebody_else_changed_it_meanwhile(cast):
    from quipu.actions import history
    from quipu.actions.returns import standing as stands
    from quipu.actions.returns import writing

    at_work(cast)
    record = begun(cast)
    seen = history.version(stands.thing(record))
    by = cast.people[REPORTER].pk
    writing.write(by=by, record=record, sent={"P1/staff": {"amount": 1}}, seen=seen)
    again = {"P1/staff": {"amount": 2}}
    assert rules(lambda: writing.write(by=by, record=record, sent=again, seen=seen)) == ["changed-meanwhile"]


def test_the_agent_sees_what_was_signed_and_never_a_draft(cast):
    from quipu.actions.returns import standing as stands
    from quipu.actions.returns import writing

    at_work(cast)
    record = answered(cast, begun(cast))
    assert stands.seen_by_agent(record) is None
    record = led(cast, record, "hand over", "certify", "send back")
    writing.write(by=cast.people[REPORTER].pk, record=record, sent={"P1/staff": {"amount": 7}})
    assert stands.seen_by_agent(record).cells["P1/staff"] == {"amount": 2_000_000}


def test_what_was_typed_after_a_recall_is_not_seen_by_the_agent_either(cast):
    from datetime import date

    from quipu.actions.returns import standing as stands
    from quipu.actions.returns import writing

    record = begun(at_work(cast), kind="interim")
    by = cast.people[REPORTER].pk
    writing.write(by=by, record=record, sent={}, until=date(2023, 6, 30))
    record = led(cast, record, "submit", "withdraw")
    writing.write(by=by, record=record, sent={}, until=date(2023, 9, 30), stated={"P1": 9})
    seen = stands.seen_by_agent(record)
    assert (seen.until, seen.stated) == (date(2023, 6, 30), {})


def test_trying_tells_what_writing_would_change_and_keeps_nothing(cast):
    from quipu.actions import history
    from quipu.actions.returns import standing as stands
    from quipu.actions.returns import writing

    record = begun(at_work(cast))
    by, seen = cast.people[REPORTER].pk, history.version(stands.thing(record))
    sent = {"P1/staff": {"amount": 5}, "P1/travel": {"amount": 1_000_000}}
    tried = writing.tried(by=by, record=record, sent=sent)
    assert [tuple(one) for one in tried] == [("P1/staff", "amount", 2_000_000, 5)]
    assert record.cells["P1/staff"] == {"amount": 5}
    record.refresh_from_db()
    assert record.cells["P1/staff"] == {"amount": 2_000_000}
    assert history.version(stands.thing(record)) == seen
    assert rules(lambda: writing.tried(by=by, record=record, sent={"P9/staff": {"amount": 5}})) == ["return-project"]
    assert writing.write(by=by, record=record, sent=sent, seen=seen) == tried


def test_a_mail_goes_to_whoever_has_to_act_next(cast):
    from quipu.books import models

    at_work(cast)
    led(cast, answered(cast, begun(cast)), *WHOLE)
    told = list(models.Mail.objects.order_by("pk").values_list("to", "subject"))
    assert (f"person {cast.people[CERTIFIER].pk}", "A return waits for your signature") in told
    assert (f"person {cast.people[FINANCE].pk}", "A certified return came in") in told
    assert (f"person {cast.people[REPORTER].pk}", "A return was accepted") in told


def test_what_changes_how_a_return_stands_in_public_makes_an_edition_and_writing_does_not(cast):
    from quipu.books.public import last_public

    at_work(cast)
    known = [last_public()]
    record = answered(cast, begun(cast))
    for act in ("hand over", "certify", "take up", "send back"):
        record = led(cast, record, act)
        known.append(last_public())
    assert [before < after for before, after in itertools.pairwise(known)] == [False, True, True, True]
