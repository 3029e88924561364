"""The funding status: each row by hand, in both layouts."""

from decimal import Decimal

import pytest

from quipu.rules.statements import funding_status

D = Decimal
SUMS = {
    "deposit": D(10000),
    "contributor_refund": D(100),
    "fund_interest": D(30),
    "organization_interest": D(7),
    "other_income": D(5),
    "fund_receipt": D(20),
    "transfer": D(6000),
    "fund_transfer": D(300),
    "refund": D(400),
    "agent_fee": D(100),
    "direct_cost": D(250),
    "direct_cost_refund": D(50),
    "bank_charge": D(2),
    "expenditure": D(3000),
    "direct_cost_expenditure": D(120),
    "write_off": D(11),
    "commitment": D(99999),
    "allocation": D(88888),
}
COMMON = {
    "contributions": 9900,
    "fund_interest": 30,
    "organization_interest": 7,
    "other_income": 25,
    "total_sources": 9962,
    "transferred": 6000,
    "fund_transfers": 300,
    "subtotal_transfers": 6300,
    "refunds": 400,
    "agent_fee": 100,
    "direct_cost": 200,
    "bank_charges": 2,
    "total_uses": 6202,
    "balance_agent": 3760,
    "organizations_write_offs": 11,
}
WIDE = {
    "organizations_transfers": 6550,  # 6,000 + 300 + 250
    "organizations_total_resources": 6550,
    "organizations_expenditure": 3120,
    "organizations_refunds": 450,
    "organizations_total_expenses": 3581,
    "balance_organizations": 2969,
    "total_balance": 6729,
}
NARROW = {
    "organizations_transfers": 6000,
    "organizations_total_resources": 6000,
    "organizations_expenditure": 3000,
    "organizations_refunds": 400,
    "organizations_total_expenses": 3411,
    "balance_organizations": 2589,
    "total_balance": 6349,
}


@pytest.mark.parametrize(("layout", "own"), [("wide", WIDE), ("narrow", NARROW)])
def test_every_row_is_what_a_hand_makes_of_it(layout, own):
    amounts = funding_status.amounts(SUMS, layout)
    percentages = {key for key in amounts if key.endswith("_percent")}
    assert {key: amounts[key] for key in amounts.keys() - percentages} == {**COMMON, **own}
    assert amounts["balance_agent_percent"] == D("37.6")


@pytest.mark.parametrize(("layout", "printed"), [("wide", "45.3"), ("narrow", "43.2")])
def test_percentages_have_one_decimal_half_up(layout, printed):
    rows = {row["key"]: row for row in funding_status.drawn(SUMS, layout)}
    assert rows["balance_organizations_percent"]["printed"] == printed


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_fund_on_which_nothing_moved_shows_zeros_and_no_percentages(layout):
    rows = funding_status.drawn({}, layout)
    assert [row["key"] for row in rows] == list(funding_status.KEYS)
    assert {row["amount"] for row in rows if not row["key"].endswith("_percent")} == {"0"}
    assert {row["amount"] for row in rows if row["key"].endswith("_percent")} == {None}


PARTS = {
    "total_sources": "Total sources is Contributions + Interest and investment income (fund) +"
    " Interest (participating organizations) + Other income and receipts from other funds",
    "subtotal_transfers": "Sub-total transfers is Transferred to participating organizations + Transfers to other funds",
    "total_uses": "Total uses is Sub-total transfers + Administrative agent fee + Direct cost + Bank charges"
    " − Refunds from participating organizations",
    "balance_agent": "Balance with administrative agent is Total sources − Total uses",
    "organizations_total_expenses": "Total expenses is Expenditure + Refunds + Write-offs",
    "balance_organizations": "Balance with participating organizations is Total resources − Total expenses",
    "total_balance": "Total balance is Balance with administrative agent + Balance with participating organizations",
}
RESOURCES = {
    "wide": "Total resources is Sub-total transfers + Direct cost + Refunds − Refunds from participating organizations",
    "narrow": "Total resources is Transferred to participating organizations",
}


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize("sums", [SUMS, {}], ids=["a fund", "nothing"])
def test_every_total_is_its_rows(layout, sums):
    assert funding_status.table(sums, layout, "USD").notes == []


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize("key", [*PARTS, "organizations_total_resources"])
def test_a_total_that_is_off_by_a_cent_is_named_with_the_rows_it_should_be(layout, key):
    shown = funding_status.amounts(SUMS, layout)
    shown[key] += D("0.01")
    failing = [each.sentence for each in funding_status.identities(shown, layout) if not each.holds]
    assert failing[0 if key in PARTS else -1] == {**PARTS, "organizations_total_resources": RESOURCES[layout]}[key]


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_movement_that_a_total_counts_and_no_row_shows_is_printed(layout):
    # A cost of unknown kind is a use, and the statement has no row for it.
    (note,) = funding_status.table({**SUMS, "fund_cost": D(5)}, layout, "USD").notes
    assert note == f"Does not add up: {PARTS['total_uses']} (6,207 and 6,202)."


def test_the_portfolio_names_it_too():
    from quipu.rules.statements.portfolio import portfolio

    table = portfolio({**SUMS, "fund_cost": D(5)}, {}, "USD")
    assert f"Does not add up: {PARTS['total_uses']} (6,207 and 6,202)." in table.notes
    assert portfolio(SUMS, {}, "USD").notes == []
