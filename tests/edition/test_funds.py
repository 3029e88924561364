"""What is a fund, what belongs to it, and what its money is then called: each number typed from the documents here."""

from decimal import Decimal

import pytest

from quipu.edition.ask import ask
from quipu.edition.home import Home
from quipu.edition.make import publish as make_edition
from quipu.edition.open import Editions
from quipu.edition.pages import find, page
from quipu.rules.asking import question
from tests.documents import activity, aid_type, budget, document, related, transaction

# A fund that publishes everything, with two projects and a part of one of them.
FUND = activity(
    "XX-P-F1",
    aid_type("B031"),
    related("2", "XX-P-C1"),
    transaction("13", 9000, provider="XX-D"),
    transaction("11", 5000, provider="XX-D"),
    transaction("11", -500, provider="XX-D"),
    transaction("1", 1000, provider="XX-D"),
    transaction("1", -100, provider="XX-D"),
    transaction("2", 800, receiver="XX-R", receiver_activity="XX-P-C1"),
    transaction("3", 600, receiver="XX-R", receiver_activity="XX-P-C1"),
    transaction("3", 200, receiver="XX-S", receiver_activity="XX-P-C2"),
    transaction("3", -50, receiver="XX-R", receiver_activity="XX-P-C1"),
    transaction("4", 10),
    transaction("7", 30, provider="XX-R", receiver="XX-P"),
    transaction("7", 5, receiver="XX-D"),
    transaction("5", 3),
    hierarchy=1,
)
PROJECTS = (
    activity(
        "XX-P-C1",
        transaction("1", 600, provider="XX-P", provider_activity="XX-P-F1"),
        transaction("3", 600, provider="XX-P", provider_activity="XX-P-F1", receiver="XX-R"),
        transaction("1", 77, provider="XX-Z"),
        transaction("4", 300, provider="XX-R"),
        transaction("4", 20, provider="XX-R"),
        budget(700),
        hierarchy=2,
    ),
    activity("XX-P-C2", related("1", "XX-P-F1"), transaction("4", 150, provider="XX-S"), hierarchy=2),
    activity("XX-P-C3", related("1", "XX-P-C1"), transaction("4", 1, provider="XX-R"), hierarchy=3),
)
# A fund that publishes no activity of its own; its payments stand on the child.
CHILD_ALONE = activity(
    "XX-P-D1",
    related("1", "XX-P-F2"),
    transaction("2", 500, provider="XX-P", receiver="XX-N"),
    transaction("3", 400, provider="XX-P", receiver="XX-N"),
    transaction("3", 100, provider="XX-P", receiver="XX-N"),
    transaction("3", -7, provider="XX-P", receiver="XX-N"),
    transaction("7", 60, provider="XX-N", receiver="XX-P"),
    hierarchy=2,
)
PROGRAMME = (
    activity("XX-P-G", related("2", "XX-P-G1"), transaction("3", 11), hierarchy=1),
    activity("XX-P-G1", transaction("3", 13), hierarchy=2),
)
LOOKALIKES = (
    activity("XX-P-L1", aid_type("B031"), transaction("3", 1), hierarchy=1),  # no child
    activity("XX-P-L2", aid_type("B04"), related("2", "XX-P-L3"), hierarchy=2),  # a child of the same level
    activity("XX-P-L3", hierarchy=2),
    activity("XX-P-L4", aid_type("B032"), related("2", "XX-Q-1"), hierarchy=1),  # a child of another publisher
    activity("XX-Q-1", related("1", "XX-P-L4"), transaction("4", 1), publisher="XX-Q", hierarchy=2),
    activity("XX-P-M1", aid_type("B033"), related("2", "XX-P-M2"), hierarchy=1),  # a fund, its child a fund too
    activity("XX-P-M2", aid_type("B032"), related("2", "XX-P-M3"), hierarchy=2),
    activity("XX-P-M3", hierarchy=3),
)
SECONDARY = activity("XX-P-S1", transaction("3", 1_000_000), secondary=True)
CIRCLE = (
    activity("XX-P-O1", related("1", "XX-P-O2"), hierarchy=2),
    activity("XX-P-O2", related("1", "XX-P-O1"), hierarchy=1),
    activity("XX-P-O3", related("1", "XX-P-O3")),
)
ALL = document(FUND, *PROJECTS, CHILD_ALONE, *PROGRAMME, *LOOKALIKES, SECONDARY, *CIRCLE)


def published(factory, funds=""):
    folder, home = factory.mktemp("in"), factory.mktemp("home")
    (folder / "all.xml").write_text(ALL)
    if funds:
        (home / "funds.toml").write_text(funds)
    make_edition(Home(home), [folder])
    return Editions(Home(home)).current()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return published(tmp_path_factory)


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """The same with one fund named by the operator."""
    return published(tmp_path_factory, 'funds = ["XX-P-F2"]')


def value(edition, figure, *where):
    """The one number that answers, or None."""
    rows = ask(edition, question([figure], where=where)).rows
    assert len(rows) <= 1
    return rows[0][-1].value if rows else None


def by(edition, figure, dimension, *where):
    answer = ask(edition, question([figure], [dimension], where))
    return {row[0].value: row[-1].value for row in answer.rows}


def kinds(edition):
    return {
        identifier: (kind, fund)
        for identifier, kind, fund in edition.rows("SELECT identifier, kind, fund FROM activities")
    }


# What is what


@pytest.mark.parametrize(
    ("identifier", "kind", "fund"),
    [
        ("XX-P-F1", "fund", "XX-P-F1"),
        ("XX-P-C1", "project", "XX-P-F1"),
        ("XX-P-C2", "project", "XX-P-F1"),
        ("XX-P-C3", "project", "XX-P-F1"),
        ("XX-P-D1", "project", ""),
        ("XX-P-G", "programme", ""),
        ("XX-P-G1", "project", ""),
        ("XX-P-L1", "project", ""),
        ("XX-P-L2", "project", ""),
        ("XX-P-L4", "project", ""),
        ("XX-Q-1", "project", ""),
        ("XX-P-M1", "fund", "XX-P-M1"),
        ("XX-P-M2", "fund", "XX-P-M2"),
        ("XX-P-M3", "project", "XX-P-M2"),
        ("XX-P-S1", "project", ""),
        ("XX-P-O2", "programme", ""),
        ("XX-P-O3", "project", ""),
    ],
)
def test_a_fund_has_a_pooled_aid_type_and_children_of_a_lower_level_of_its_publisher(plain, identifier, kind, fund):
    assert kinds(plain)[identifier] == (kind, fund)


def test_a_fund_may_be_listed_that_publishes_nothing_itself(listed):
    assert kinds(listed)["XX-P-D1"] == ("project", "XX-P-F2")
    assert "XX-P-F2" not in kinds(listed)


def test_an_activity_that_is_listed_is_a_fund_without_children_or_aid_type(tmp_path_factory):
    edition = published(tmp_path_factory, 'funds = ["XX-P-L3", "XX-P-G"]')
    assert kinds(edition)["XX-P-L3"] == ("fund", "XX-P-L3")
    assert kinds(edition)["XX-P-G1"] == ("project", "XX-P-G")
    assert value(edition, "transfers", "fund=XX-P-G") == 11


# Money of the fund and of its projects


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("pledges", 9000),
        ("commitments", 4500),
        ("deposits", 1000),
        ("contributor_refunds", 100),
        ("sources", 900),
        ("allocations", 800),
        ("transfers", 800),
        ("refunds", 80),  # 50 below zero, and 30 that came back as type 7
        ("net_funded", 720),
        ("fund_costs", 10),
        ("uses", 730),
        ("balance_agent", 170),
        ("expenditure", 471),
        ("balance_organizations", 249),
        ("delivery_rate", Decimal("65.42")),  # 471 of 720
        ("budget", 700),
    ],
)
def test_figures_of_a_fund(plain, figure, expected):
    assert value(plain, figure, "fund=XX-P-F1", "family=pooled") == expected


def test_what_a_fund_and_its_projects_do_besides_is_reported_under_its_own_name(plain):
    assert by(plain, "reimbursement", "fund") == {"XX-P-F1": 5, None: 60}
    assert by(plain, "interest_payment", "fund") == {"XX-P-F1": 3}
    assert by(plain, "incoming_funds", "project") == {"XX-P-C1": 77}


def test_a_payment_the_fund_publishes_is_not_counted_again_on_its_project(plain):
    # 600 stand on the fund, as incoming funds and once more as a disbursement of the project: one transfer.
    assert value(plain, "transfers", "project=XX-P-C1") == 600
    seen = plain.rows("SELECT movement, value FROM facts WHERE movement LIKE '%from_below' ORDER BY ALL")
    assert [(movement, int(amount)) for movement, amount in seen] == [("transfer_seen_from_below", 600)] * 2


def test_a_funds_payment_belongs_to_the_project_that_receives_it(plain):
    assert by(plain, "transfers", "project") == {"XX-P-C1": 600, "XX-P-C2": 200}
    assert by(plain, "refunds", "project") == {"XX-P-C1": 50, None: 30}
    assert by(plain, "net_funded", "participating_organization") == {"XX-R": 520, "XX-S": 200}


def test_expenditure_is_that_of_the_organization_that_spent(plain):
    assert by(plain, "expenditure", "participating_organization", "fund=XX-P-F1") == {"XX-R": 321, "XX-S": 150}


def test_payments_on_the_child_alone_are_the_funds_where_the_fund_is_known(plain, listed):
    assert value(plain, "transfers", "project=XX-P-D1") is None
    assert value(plain, "disbursement", "project=XX-P-D1") == 493
    assert value(plain, "outgoing_commitment", "project=XX-P-D1") == 500
    assert value(plain, "reimbursement", "project=XX-P-D1") == 60
    assert value(listed, "disbursement", "project=XX-P-D1") is None
    for figure, expected in (("allocations", 500), ("transfers", 500), ("refunds", 67), ("net_funded", 433)):
        assert value(listed, figure, "fund=XX-P-F2") == expected


def test_expenditure_of_funds_and_of_everybody_else_is_not_one_number(plain):
    assert by(plain, "expenditure", "family") == {"pooled": 471, "reported": 1}


# Programmes and secondary reporters


def test_the_money_of_a_programme_and_of_its_parts_stand_apart(plain):
    assert value(plain, "disbursement", "project=XX-P-G") == 11
    assert value(plain, "disbursement", "project=XX-P-G1") == 13


def test_a_secondary_reporter_is_shown_and_is_in_no_total(plain):
    assert value(plain, "spend", "project=XX-P-S1") is None
    assert value(plain, "disbursement", "publisher=XX-P", "project!=XX-P-D1") == 11 + 13 + 1
    ((key, _),) = find(plain, "XX-P-S1")
    assert page(plain, key)["secondary"] is True


def test_an_answer_that_spans_publishers_says_so(plain):
    whole = ask(plain, question(["expenditure"], where=["family=reported"]))
    assert whole.notes == []
    assert "2 publishers" in ask(plain, question(["expenditure"])).notes[0]


def test_circles_of_parents_end(plain):
    assert kinds(plain)["XX-P-O1"] == ("project", "")
