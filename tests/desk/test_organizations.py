"""Organizations: names, pairs that may be one, mergers that everything follows and that can be undone; the history of it."""

import csv
import io

import pytest

from quipu.rules.findings import Refused
from quipu.rules.likeness import NEAR_NAME, SAME_IDENTIFIER, SAME_NAME, Called, duplicates


def rules(refused):
    return [one.rule for one in refused.value.findings]


MONEY = """
organization ORG1
    iati: XX-ORG-1
organization ORG2
    iati: XX-ORG-2
mou VALLEY ORG2
    signed: 2024-01-02
2024-03-01 allocation ^a1 "decision"
    allocation VALLEY > P1/ORG1 60.00
    allocation VALLEY > P1/ORG2 40.00
2024-03-02 transfer ^t1
    transfer VALLEY > P1/ORG1 60.00
    transfer VALLEY > P1/ORG2 40.00
"""


@pytest.fixture
def house(cast_anywhere):
    cast_anywhere.ledger.post(MONEY)
    return cast_anywhere


def merge(code="ORG1", into="ORG2", reason="They are one."):
    from quipu.actions.merge_organizations import merge_organizations

    return merge_organizations(by="me", organization=code, into=into, reason=reason)


def undo(merger):
    from quipu.actions.merge_organizations import undo_merger

    undo_merger(by="me", number=merger.pk, reason="They are two.")


# Pairs


def test_pairs_are_found_by_identifier_by_name_and_by_nearly_the_name():
    known = [
        Called("A", ("Amigos del Río",), frozenset({("iati", "XX-1")})),
        Called("B", ("amigos del rio",)),
        Called("C", ("Other",), frozenset({("iati", "xx-1 ")})),
        Called("D", ("Amigo del Río",)),
        Called("E", ("Hospital of the north",)),
        Called("F", ("Hospital of the south",)),
        Called("G", ("Office 1",)),
        Called("H", ("Office 2",)),
    ]
    found = [(pair.rank, pair.first, pair.second) for pair in duplicates(known)]
    assert found == [
        (SAME_IDENTIFIER, "A", "C"),
        (SAME_NAME, "A", "B"),
        (NEAR_NAME, "A", "D"),
        (NEAR_NAME, "B", "D"),
    ]


def test_a_pair_is_named_once_with_its_surest_reason():
    known = [Called(code, ("Same", "Sane"), frozenset({("iati", "1")})) for code in "AB"]
    assert [(pair.rank, pair.first, pair.second) for pair in duplicates(known)] == [(SAME_IDENTIFIER, "A", "B")]
    assert duplicates(known[:1]) == []


def test_a_pair_that_is_put_aside_with_a_reason_is_not_proposed_again(cast):
    from quipu.actions.merge_organizations import likely, put_aside

    cast.ledger.post('organization X1 "Friends of water"\norganization X2 "Friends of Water"\n')
    assert [(pair.first, pair.second) for pair in likely()] == [("X1", "X2")]
    with pytest.raises(Refused) as refused:
        put_aside(by="me", first="X2", second="X1", reason=" ")
    assert rules(refused) == ["reason-missing"]
    manager = cast.client("portfolio manager")
    assert "X2" in manager.get("/desk/organizations/pairs").content.decode()
    assert manager.post("/desk/organizations/different/X1/and/X2", {"reason": "Two towns."}).status_code == 302
    assert likely() == []


# Merging


def test_a_merger_leaves_the_ledger_alone_and_sums_follow_it(house):
    from quipu.books import models, totals, verify
    from quipu.rules.asking import Filter, Question

    asked = Question(("transfers",), ("participating_organization",), (Filter("fund", ("VALLEY",)),))

    def sums():
        return {row[0].value: row[-1].value for row in totals.ask(asked).rows}

    before = sums()
    assert {key: str(value) for key, value in before.items()} == {"ORG1": "60.00", "ORG2": "40.00"}
    merger = merge()
    assert {key: str(value) for key, value in sums().items()} == {"ORG2": "100.00"}
    one = Question(("transfers",), (), (Filter("participating_organization", ("ORG1",)),))
    assert str(totals.ask(one).rows[0][-1].value) == "100.00"
    assert verify.verify().faults == []
    assert set(models.Entry.objects.exclude(organization=None).values_list("organization", flat=True)) == {
        "ORG1",
        "ORG2",
    }
    undo(merger)
    assert sums() == before


def test_what_is_posted_after_a_merger_is_judged_as_one(house):
    transfer = "2024-04-01 transfer ^t2\n    transfer VALLEY > P1/ORG2 60.00\n"
    assert house.ledger.refusals(transfer) == ["transfer-above-allocation"]
    house.ledger.post('2024-03-05 allocation ^a2 "more"\n    allocation VALLEY > P1/ORG1 60.00\n')
    assert house.ledger.refusals(transfer) == ["transfer-above-allocation"]  # what ORG1 was allocated is not ORG2's
    merge()
    assert house.ledger.refusals(transfer) == []


def test_a_memorandum_of_one_counts_for_the_other(cast):
    posting = '2024-03-01 allocation ^a1 "d"\n    allocation VALLEY > P2/ORG2 5.00\n'
    transfer = "2024-03-02 transfer ^t1\n    transfer VALLEY > P2/ORG2 5.00\n"
    cast.ledger.post(posting)
    assert cast.ledger.refusals(transfer) == ["transfer-without-mou"]
    merge("ORG2", "ORG1")
    assert cast.ledger.refusals(transfer) == []


def test_a_participation_closed_under_one_code_is_closed_under_the_other(house):
    house.ledger.post('2024-05-01 status P1/ORG1 financially-closed ^s1 "statement"\n')
    more = '2024-06-01 allocation ^a3 "more"\n    allocation VALLEY > P1/ORG2 1.00\n'
    merge()
    assert house.ledger.refusals(more) == ["participation-closed"]


def test_chains_of_mergers_end_and_circles_are_refused(cast):
    from quipu.books import records

    cast.ledger.post('organization ORG3 "Third"\n')
    first = merge("ORG1", "ORG2")
    merge("ORG2", "ORG3")
    assert records.shown_as("ORG1") == "ORG3"
    assert records.together_with("ORG1") == ["ORG3", "ORG1", "ORG2"]
    for code, into, rule in (
        ("ORG3", "ORG1", "organization-circle"),
        ("ORG3", "ORG2", "organization-circle"),
        ("ORG1", "ORG3", "organization-merged"),
        ("ORG3", "ORG3", "organization-alone"),
        ("ORG3", "NONE", "record-unknown"),
    ):
        with pytest.raises(Refused) as refused:
            merge(code, into)
        assert rules(refused) == [rule], (code, into)
    undo(first)
    assert records.shown_as("ORG1") == "ORG1"
    assert records.shown_as("ORG2") == "ORG3"
    with pytest.raises(Refused) as refused:
        undo(first)
    assert rules(refused) == ["merger-undone"]


def test_even_a_circle_in_the_tables_ends():
    from quipu.books.records import shown_as

    assert shown_as("A", {"A": "B", "B": "A"}) in ("A", "B")


def test_before_a_merger_its_page_says_what_will_change_and_wants_a_fresh_sign_in(house):
    manager = house.client("portfolio manager")
    page = manager.get("/desk/organizations/merge/ORG1").content.decode()
    assert "2 entries of the ledger" in page
    assert "1 memorandum" in page
    assert "60.00" in page
    tired = house.client("portfolio manager", fresh=False)
    told = {"into": "ORG2", "reason": "One.", "seen": "0"}
    answer = tired.post("/desk/organizations/merge/ORG1", told)
    assert "reauthenticate" in answer["Location"]
    from quipu.books import records

    assert records.mergers() == {}
    answer = manager.post("/desk/organizations/merge/ORG1", told)
    assert answer["Location"] == "/desk/organizations/of/ORG2"
    assert records.mergers() == {"ORG1": "ORG2"}
    assert house.client("agent finance officer").post("/desk/organizations/merge/ORG2", told).status_code == 403


def test_an_edition_shows_one_organization_and_two_again_after_undoing(house):
    from quipu.actions.compare import compare
    from quipu.edition.home import Home

    home = Home(house.ledger.home)

    def edition():
        made = published(home)
        assert compare(home, made.number) == []
        return made

    def shown(made):
        sums = (
            "SELECT participating_organization, sum(value) FROM facts WHERE movement = 'transfer' GROUP BY 1 ORDER BY 1"
        )
        names = "SELECT organization, name FROM participations JOIN organizations USING (organization) WHERE role = '4'"
        return [(who, str(value)) for who, value in made.rows(sums)], sorted(set(made.rows(names)))

    two = (
        [("XX-ORG-1", "60.000000"), ("XX-ORG-2", "40.000000")],
        [("XX-ORG-1", "First organization"), ("XX-ORG-2", "Second organization")],
    )
    assert shown(edition()) == two
    merger = merge()
    made = edition()
    assert shown(made) == ([("XX-ORG-2", "100.000000")], [("XX-ORG-2", "Second organization")])
    assert made.rows("SELECT name FROM aliases WHERE identity = 'XX-ORG-2' ORDER BY ordinal") == [
        ("First organization",),
        ("ORG1",),
    ]
    for name in ("ORG1", "XX-ORG-1", "ORG2", "XX-ORG-2"):
        assert "Second organization" in page_of(made, name)
    assert "First organization" in page_of(made, "ORG1")  # as what it is also called
    undo(merger)
    assert shown(edition()) == two


def published(home):
    """An edition of the books, on whichever engine they are."""
    from quipu.books.public import Books
    from quipu.edition import make
    from quipu.edition.open import Editions

    make.publish(home, [], None, Books("mark"))
    return Editions(home).current()


def page_of(edition, name):
    from django.test import RequestFactory

    from quipu.portal.languages import words
    from quipu.portal.views import organization

    request = RequestFactory().get(f"/organization/{name}")
    request.edition, request.words, request.prefix, request.pinned = edition, words("en"), "", False
    return organization.show(request, name).content.decode()


def test_a_merged_name_is_found_by_a_search(house):
    from quipu.edition import searchable
    from quipu.edition.home import Home

    merge()
    made = published(Home(house.ledger.home))
    (found,) = [item for item in searchable.organizations(made) if "ORG2" in item.codes]
    assert "First organization" in found.also
    assert "ORG1" in found.codes


# History


def rows(browser, **choices):
    answer = browser.get("/desk/history", {**choices, "format": "csv"})
    return list(csv.DictReader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))


def test_history_is_within_ones_reach_and_can_be_chosen_from(cast):
    from quipu.actions.keep_fund import FundSaid, keep_fund

    manager, secretariat = cast.people["portfolio manager"].pk, cast.people["fund secretariat"].pk
    keep_fund(by=manager, fund=FundSaid("VALLEY", "Valley, called anew"))
    keep_fund(by=secretariat, fund=FundSaid("COAST", "=SUM(A1)"))
    merge()
    auditor = cast.client("auditor")
    assert {(row["kind"], row["code"]) for row in rows(auditor)} == {
        ("fund", "VALLEY"),
        ("fund", "COAST"),
        ("organization", "ORG1"),
    }
    assert {row["code"] for row in rows(cast.client("fund secretariat"))} == {"VALLEY"}
    assert {row["code"] for row in rows(auditor, kind="organization")} == {"ORG1"}
    assert {row["code"] for row in rows(auditor, person="Manager")} == {"VALLEY"}
    assert {row["code"] for row in rows(auditor, fund="COAST")} == {"COAST"}
    assert rows(auditor, until="2020-01-01") == []
    assert rows(auditor, since="2999-01-01") == []
    (title,) = [row for row in rows(auditor, code="COAST") if row["field"] == "title"]
    assert (title["before"], title["after"]) == ("Coast fund", "'=SUM(A1)")
    page = auditor.get("/desk/history", {"kind": "fund"}).content.decode()
    assert "<del>Valley fund</del>" in page
    assert "<ins>Valley, called anew</ins>" in page


def test_registers_about_people_are_not_in_the_history_of_whoever_may_not_read_them(cast):
    from quipu.actions import mandates
    from quipu.actions.mandates import Wanted

    mandates.give(by="", person=cast.people["auditor"].pk, wanted=Wanted("auditor"), reason="x", as_house=True)
    assert rows(cast.client("auditor")) == []
    from quipu.books import models

    both = cast.person("auditor")
    models.Mandate.objects.create(person=both, role="auditor of people", since="2020-01-01", until="2999-01-01")
    assert {row["kind"] for row in rows(cast.client(person=both))} == {"mandate"}
