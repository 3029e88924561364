"""Registers by their verbs: rows entered, amended, withdrawn; consents; counts taken as readings; resources outside the fund."""

from datetime import date, timedelta
from typing import Any

import pytest

from quipu.rules.findings import Refused
from tests.desk.registering import (
    AGREED,
    CERTIFICATE,
    OWNER,
    TRAINED,
    agreed,
    counting,
    entered,
    enterprise,
    kept,
    register,
)
from tests.desk.test_readings import rules

DONE = date(2012, 12, 31)


def office_today() -> date:
    from quipu.books import office

    return office.today()


@pytest.fixture
def verbs(cast: Any) -> Any:
    """The verbs of registers."""
    from types import SimpleNamespace

    from quipu.actions.registers import consent, counting, register, resource, row

    return SimpleNamespace(row=row, register=register, consent=consent, counting=counting, resource=resource)


@pytest.fixture
def made(verbs: Any) -> dict[str, Any]:
    """Three registers."""
    return kept()


def history_of(kind: str) -> str:
    from quipu.books import models

    return str(list(models.History.objects.filter(kind=kind).values_list("before", "after", "reason")))


def test_registers_and_rows_have_numbers_of_their_own(made: dict[str, Any]) -> None:
    assert [made[name].code for name in ("enterprises", "people", "policies")] == ["P1-r1", "P1-r2", "P1-r3"]
    assert [one.number for one in made["rows"]] == [1, 2, 3]


def test_what_is_of_people_is_masked_in_the_history(made: dict[str, Any], verbs: Any) -> None:
    verbs.row.amend(by="w", record=made["rows"][0], said=enterprise(AGREED, owner="Somebody Else", sector="food"[:0]))
    verbs.row.withdraw(by="w", record=made["persons"][0], reason=f"{TRAINED} is there twice")
    told = history_of("row")
    for word in (OWNER, TRAINED, CERTIFICATE, "Somebody Else", "Looms", "twice"):
        assert word not in told
    assert AGREED in told
    assert "…" in told


def test_of_a_personal_detail_the_history_tells_only_that_it_changed(verbs: Any, made: dict[str, Any]) -> None:
    schema = verbs.register.schema_of(made["enterprises"])
    before, after = verbs.row.masked(schema, {"owner": "A", "name": "x"}, {"owner": "B", "name": "x"})
    assert (before, after) == ({"owner": ""}, {"owner": "…"})
    assert verbs.row.masked(schema, {"owner": "A"}, {"owner": "A"}) == ({}, {})


def test_a_withdrawn_row_stays_with_its_reason_and_is_not_changed(made: dict[str, Any], verbs: Any) -> None:
    one = made["rows"][2]
    assert rules(verbs.row.withdraw, by="w", record=one, reason=" ") == ["reason-missing"]
    verbs.row.withdraw(by="w", record=one, reason="Never paid")
    one.refresh_from_db()
    assert (one.withdrawn_by, one.withdrawn_reason) == ("w", "Never paid")
    assert rules(verbs.row.amend, by="w", record=one, said=enterprise("x")) == ["register-row-withdrawn"]
    assert rules(verbs.row.withdraw, by="w", record=one, reason="x") == ["register-row-withdrawn"]


def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(made: dict[str, Any], verbs: Any) -> None:
    from quipu.actions import history

    one = made["rows"][0]
    seen = history.version(verbs.row.thing(one))
    verbs.row.amend(by="w", record=one, said=enterprise("First"), seen=seen)
    assert rules(verbs.row.amend, by="v", record=one, said=enterprise("Second"), seen=seen) == ["changed-meanwhile"]


def test_organizations_are_kept_by_their_codes_and_others_by_their_names(made: dict[str, Any], verbs: Any) -> None:
    said = {"title": "Plan", "status": "drafted"}
    one, other = entered(
        "w", made["policies"], {**said, "body": "first ORGANIZATION"}, {**said, "body": "Town of  Pucara"}
    )
    assert (one.values["body"], other.values["body"]) == ("ORG1", "Town of Pucara")


def test_documents_are_of_the_same_programme(made: dict[str, Any], verbs: Any) -> None:
    assert rules(
        verbs.row.enter, by="w", register="P1-r3", said={"title": "x", "status": "drafted", "text": "none"}
    ) == ["register-document"]


def test_a_register_of_people_is_never_public(made: dict[str, Any], verbs: Any) -> None:
    said = verbs.register.RegisterSaid({"en": "People"}, "people", currency="PEN", is_public=True)
    assert rules(verbs.register.keep, by="w", project="P1", said=said) == ["register-people-public"]
    assert rules(verbs.register.keep, by="w", project="P1", said=said, code="P1-r2") == ["register-people-public"]


def test_a_register_that_ended_takes_no_row(made: dict[str, Any], verbs: Any) -> None:
    verbs.register.end(by="w", code="P1-r1", reason="The programme closed")
    assert rules(verbs.row.enter, by="w", register="P1-r1", said=enterprise("x")) == ["register-ended"]
    assert rules(verbs.row.amend, by="w", record=made["rows"][0], said=enterprise("x")) == ["register-ended"]


def test_a_kind_never_changes_and_an_unknown_one_is_refused(made: dict[str, Any], verbs: Any) -> None:
    said = verbs.register.RegisterSaid({"en": "x"}, "cats")
    assert rules(verbs.register.keep, by="w", project="P1", said=said) == ["register-kind"]
    said = verbs.register.RegisterSaid({"en": "x"}, "people")
    assert rules(verbs.register.keep, by="w", project="P1", said=said, code="P1-r1") == ["register-kind"]
    assert rules(verbs.register.keep, by="w", project="P2", said=said, code="P1-r2") == ["register-elsewhere"]


# A schema of a programme's own


def test_a_programme_makes_a_kind_of_its_own_without_code(verbs: Any) -> None:
    from quipu.rules.registers.fields import Field, Schema, Type

    gates = Schema(
        (
            Field("gate", titles={"en": "Gate"}, is_needed=True, is_shown=True),
            Field("on", type=Type.DAY, titles={"en": "On"}),
        )
    )
    said = verbs.register.RegisterSaid({"en": "Gates"}, schema=gates)
    made = verbs.register.keep(by="w", project="P1", said=said)
    assert rules(verbs.row.enter, by="w", register=made.code, said={"on": "x"}) == ["date-typed", "field-missing"]
    entered("w", made, {"gate": "Upper", "on": "2012-01-01"})
    less = verbs.register.RegisterSaid({"en": "Gates"}, schema=Schema(gates.fields[:1]))
    assert rules(verbs.register.keep, by="w", project="P1", said=less, code=made.code) == ["register-schema-sealed"]


# Consents


def test_consent_has_a_day_a_word_and_an_end(made: dict[str, Any], verbs: Any) -> None:
    said, one, today = verbs.consent.ConsentSaid, made["rows"][1], office_today()
    give = verbs.consent.give
    assert rules(give, by="w", record=one, said=said(today + timedelta(2), "x")) == ["contact-consent-later"]
    assert rules(give, by="w", record=one, said=said(date(2024, 1, 2), " ")) == ["consent-by-missing"]
    assert rules(give, by="w", record=one, said=said(date(2024, 1, 2), "x", date(2024, 1, 1))) == [
        "contact-consent-ends"
    ]
    assert rules(give, by="w", record=made["rows"][0], said=said(date(2024, 1, 2), "x")) == ["consent-there"]
    for other in (made["persons"][0], made["bylaws"][0]):
        assert rules(give, by="w", record=other, said=said(date(2024, 1, 2), "x")) == ["register-no-consent"]
    assert OWNER not in history_of("row")


def test_consent_counts_on_its_last_day_and_not_after(made: dict[str, Any], verbs: Any) -> None:
    one = made["rows"][1]
    agreed("w", one, until=date(2024, 6, 30))
    assert verbs.consent.of_row(one, date(2024, 6, 30))
    assert verbs.consent.of_row(one, date(2024, 7, 1)) is None
    assert verbs.consent.of_row(one, date(2024, 1, 1)) is None
    assert verbs.consent.next_end(date(2024, 6, 30)) == date(2024, 7, 1)
    assert verbs.consent.next_end(date(2024, 7, 1)) is None
    agreed("w", one)  # the one that ran out makes place
    assert verbs.consent.of_row(one, office_today())


def test_consent_is_withdrawn_with_a_reason(made: dict[str, Any], verbs: Any) -> None:
    one = made["rows"][0]
    assert rules(verbs.consent.withdraw, by="w", record=one, reason="") == ["reason-missing"]
    verbs.consent.withdraw(by="w", record=one, reason="Asked by telephone")
    assert verbs.consent.of_row(one, office_today()) is None
    assert rules(verbs.consent.withdraw, by="w", record=one, reason="x") == ["consent-gone"]
    agreed("w", one)


# Counting


def test_a_count_is_taken_as_a_reading_that_another_person_approves(made: dict[str, Any], verbs: Any) -> None:
    from quipu.actions.results import reading
    from quipu.books import models

    indicator = counting("w")
    taken = verbs.counting.take(by="w", indicator=indicator.code, until=date(2011, 12, 31))
    assert (taken.value, taken.state, taken.source) == ("2", "submitted", "Register “Enterprises”")
    assert models.Count.objects.get(reading=taken).items == [[1, 1], [2, 1]]
    assert rules(reading.lead, by="w", code=taken.code, act="approve") == ["reading-by-itself"]
    assert reading.lead(by="a", code=taken.code, act="approve").is_reported


def test_nobody_types_what_a_register_counts(made: dict[str, Any], verbs: Any) -> None:
    from quipu.actions.results import reading

    indicator = counting("w")
    said = reading.ReadingSaid(indicator.code, DONE, "58", "I say so")
    assert rules(reading.write, by="w", said=said) == ["reading-counted"]
    taken = verbs.counting.take(by="w", indicator=indicator.code, until=DONE)
    reading.lead(by="w", code=taken.code, act="take back")
    assert rules(reading.write, by="w", said=said, code=taken.code) == ["reading-counted"]


def test_the_same_count_of_the_same_rows_is_not_taken_twice(made: dict[str, Any], verbs: Any) -> None:
    indicator = counting("w")
    verbs.counting.take(by="w", indicator=indicator.code, until=DONE)
    assert rules(verbs.counting.take, by="w", indicator=indicator.code, until=DONE) == ["register-count-same"]
    verbs.row.withdraw(by="w", record=made["rows"][2], reason="Never paid")
    assert verbs.counting.take(by="w", indicator=indicator.code, until=DONE).value == "2"


def test_people_are_counted_by_sex_where_the_indicator_says_so(made: dict[str, Any], verbs: Any) -> None:
    with pytest.raises(Refused, match="register-indicator-people"):
        counting("w", "P1-r2", on="on")
    indicator = counting("w", "P1-r2", on="on", people=True, breaks={"sex": "sex", "age": "age"})
    taken = verbs.counting.take(by="w", indicator=indicator.code, until=DONE)
    assert (taken.value, taken.cells) == ("2", {"sex": {"women": "1", "men": "1"}, "age": {"not-stated": "2"}})


def test_a_sum_of_few_amounts_is_not_taken_for_a_public_indicator(made: dict[str, Any], verbs: Any) -> None:
    indicator = counting("w", what="sum:grant", currency="PEN")
    assert rules(verbs.counting.take, by="w", indicator=indicator.code, until=DONE) == ["register-few"]
    entered("w", made["enterprises"], *(enterprise(f"N{n}", grant="100") for n in range(2)))
    taken = verbs.counting.take(by="w", indicator=indicator.code, until=DONE)
    assert taken.value == "20533"
    entered("w", made["enterprises"], enterprise("One more", grant="77"))
    assert rules(verbs.counting.take, by="w", indicator=indicator.code, until=DONE) == ["register-few"]


def test_a_definition_of_another_programmes_register_is_refused(made: dict[str, Any], verbs: Any) -> None:
    register("w", "tools", project="P2")
    with pytest.raises(Refused, match="register-elsewhere"):
        counting("w", "P2-r1", on="adopted")


def test_other_words_of_an_indicator_leave_what_it_counts_as_it_is(made: dict[str, Any], verbs: Any) -> None:
    from quipu.actions.results import framework
    from quipu.actions.results.framework import IndicatorSaid

    indicator = counting("w")
    said = IndicatorSaid({"en": "Enterprises that were financed"}, "count")
    changed = framework.keep_indicator(by="w", project="P1", said=said, code=indicator.code)
    assert changed.counted == indicator.counted
    assert verbs.counting.define(by="w", indicator=indicator.code, said={}).counted == {}


def test_a_definition_that_does_not_fit_any_more_says_nothing_and_is_not_taken(
    made: dict[str, Any], verbs: Any, cast: Any
) -> None:
    indicator = counting("w", "P1-r2", on="on", people=True)
    indicator.is_of_people = False
    indicator.save()
    assert verbs.counting.values(indicator) == []
    assert rules(verbs.counting.take, by="w", indicator=indicator.code, until=DONE) == ["register-indicator-people"]
    told = cast.client("auditor").get(f"/desk/registers/indicator/{indicator.code}").content.decode()
    assert "the indicator has to be marked as of people" in told


def test_values_are_told_per_period_and_in_all_by_the_same_number_of_questions(
    made: dict[str, Any], verbs: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from quipu.actions.results import framework

    indicator = counting("w")
    for year in (2011, 2012):
        framework.keep_cycle(by="w", project="P1", since=date(year, 1, 1), until=date(year, 12, 31))
    with CaptureQueriesContext(connection) as few:
        told = verbs.counting.values(indicator)
    assert [(one.title, int(one.counted.value)) for one in told] == [
        ("2011-01-01 – 2011-12-31", 2),
        ("2012-01-01 – 2012-12-31", 3),
        ("", 3),
    ]
    entered("w", made["enterprises"], *(enterprise(f"N{n}") for n in range(20)))
    with CaptureQueriesContext(connection) as many:
        verbs.counting.values(indicator)
    assert len(few) == len(many)


# Totals


def test_totals_of_amounts_stand_on_five_rows_and_move_by_five(made: dict[str, Any], verbs: Any) -> None:
    from quipu.books import models

    def told() -> list[tuple[str, int, int]]:
        return [(one.field, one.units, len(one.items)) for one in models.Total.objects.order_by("pk")]

    assert told() == []
    rows = entered("w", made["enterprises"], *(enterprise(f"N{n}", grant="100") for n in range(2)))
    assert told() == [("grant", 2053300, 5)]
    entered("w", made["enterprises"], *(enterprise(f"M{n}", grant="100") for n in range(4)))
    verbs.row.amend(by="w", record=rows[0], said=enterprise("N0", grant="101"))
    assert len(told()) == 1
    entered("w", made["enterprises"], enterprise("M5", grant="100"))
    assert told() == [("grant", 2053300, 5)]  # an amended row would be told by the difference


# Resources


def test_resources_have_an_amount_or_none_and_are_never_guessed(verbs: Any, cast: Any) -> None:
    said = verbs.resource.ResourceSaid
    keep = verbs.resource.keep
    one = keep(
        by="w", project="P1", said=said("national", "parallel", source="Programme of roads", said_by="Final report")
    )
    assert (one.number, one.amount, one.currency, one.state) == (1, None, "", "open")
    two = keep(
        by="w",
        project="P1",
        said=said("own", "in kind", organization="ORG1", amount="1,500.50", currency="USD", paid="100"),
    )
    assert (two.number, two.amount, two.paid) == (2, 150050, 10000)
    changed = said(
        "own", "in kind", organization="ORG1", state="kept", amount="1,500.50", currency="USD", is_public=True
    )
    assert keep(by="w", project="P1", said=changed, record=two).state == "kept"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"source": " "}, ["resource-source"]),
        ({"kind": "gift"}, ["resource-choice"]),
        ({"source_kind": "bank"}, ["resource-choice"]),
        ({"state": "lost"}, ["resource-choice"]),
        ({"amount": "5"}, ["currency-unknown-code"]),
        ({"amount": "1.234", "currency": "USD"}, ["amount-two-ways"]),
        ({"amount": "5 PEN", "currency": "USD"}, ["currency-unknown-code"]),
        ({"currency": "XYZ"}, ["currency-unknown-code"]),
        ({"promised_on": date(2999, 1, 1)}, ["resource-later"]),
        ({"promised_on": date(2020, 1, 2), "due_on": date(2020, 1, 1)}, ["days-reversed"]),
        ({"organization": "NONE"}, ["record-unknown"]),
        ({"document": "none"}, ["register-document"]),
    ],
)
def test_a_resource_that_breaks_a_rule_is_refused_by_its_name(
    verbs: Any, cast: Any, said: dict[str, Any], named: list[str]
) -> None:
    whole = {"source_kind": "national", "kind": "parallel", "source": "Programme of roads", **said}
    assert rules(verbs.resource.keep, by="w", project="P1", said=verbs.resource.ResourceSaid(**whole)) == named


def test_a_resource_is_withdrawn_once_with_a_reason(verbs: Any, cast: Any) -> None:
    one = verbs.resource.keep(by="w", project="P1", said=verbs.resource.ResourceSaid("own", "in kind", source="x"))
    assert rules(verbs.resource.withdraw, by="w", record=one, reason="") == ["reason-missing"]
    verbs.resource.withdraw(by="w", record=one, reason="Entered twice")
    assert rules(verbs.resource.withdraw, by="w", record=one, reason="x") == ["resource-gone"]
    assert rules(
        verbs.resource.keep,
        by="w",
        project="P1",
        said=verbs.resource.ResourceSaid("own", "in kind", source="x"),
        record=one,
    ) == ["resource-gone"]
