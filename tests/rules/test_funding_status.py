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
