"""Figures: arithmetic over movements, each written once. A page, a file and a statement all say one of these names."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from quipu.rules.movements import BUDGET, PLANNED, POOLED, REPORTED, REPORTED_TYPES

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Figure:
    """A sum of movements: those in plus, less those in minus. family None: any, but never two in one cell."""

    name: str
    label: str
    sentence: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    family: str | None = POOLED

    @property
    def movements(self) -> tuple[str, ...]:
        return (*self.plus, *self.minus)

    def times(self, movement: str) -> int:
        """How often a movement counts in the figure: 0 where it is added and taken away again."""
        return self.plus.count(movement) - self.minus.count(movement)

    def of(self, sums: Mapping[str, Decimal]) -> Decimal | None:
        """The figure over sums per movement; None where none of its movements occurs."""
        if not any(name in sums for name in self.movements):
            return None
        return sum((sums.get(name, ZERO) for name in self.plus), ZERO) - sum(
            (sums.get(name, ZERO) for name in self.minus), ZERO
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure over another, in per cent with two decimals in data; None where nothing stands below the line."""

    name: str
    label: str
    sentence: str
    top: Figure
    base: Figure

    @property
    def family(self) -> str | None:
        return self.base.family

    @property
    def movements(self) -> tuple[str, ...]:
        return (*self.top.movements, *self.base.movements)

    def of(self, sums: Mapping[str, Decimal]) -> Decimal | None:
        return per_cent(self.top.of(sums) or ZERO, self.base.of(sums) or ZERO)


AnyFigure = Figure | Rate


def per_cent(top: Decimal, base: Decimal) -> Decimal | None:
    """One amount in per cent of another; None where nothing stands below the line."""
    return top * 100 / base if base else None


deposits = Figure("deposits", "Deposits", "Cash the administrative agent received from contributors.", ("deposit",))
commitments = Figure(
    "commitments",
    "Commitments",
    "Amounts contributors promised in signed agreements.",
    ("commitment", "commitment_change"),
)
pledges = Figure("pledges", "Pledges", "Amounts announced and not signed; in no total.", ("pledge",))
contributor_refunds = Figure(
    "contributor_refunds", "Refunds to contributors", "Cash given back to contributors.", ("contributor_refund",)
)
contributions = Figure(
    "contributions",
    "Contributions",
    "Deposits less what contributors got back.",
    deposits.plus,
    contributor_refunds.plus,
)
allocations = Figure(
    "allocations", "Allocations", "Amounts the governing body set aside for projects.", ("allocation",)
)
transfers = Figure(
    "transfers", "Transfers", "Cash the administrative agent paid to participating organizations.", ("transfer",)
)
refunds = Figure("refunds", "Refunds", "Unspent money that participating organizations sent back.", ("refund",))
net_funded = Figure(
    "net_funded",
    "Net funded amount",
    "Transfers to participating organizations less their refunds.",
    ("transfer",),
    ("refund",),
)
fund_transfers = Figure(
    "fund_transfers",
    "Transfers to other funds",
    "Cash passed on to another fund of the same agent.",
    ("fund_transfer",),
)
fund_receipts = Figure(
    "fund_receipts",
    "Receipts from other funds",
    "Cash that came from another fund of the same agent.",
    ("fund_receipt",),
)
fund_interest = Figure(
    "fund_interest",
    "Interest and investment income",
    "What the bank paid on the fund's account, less what it charged.",
    ("fund_interest",),
)
organization_interest = Figure(
    "organization_interest",
    "Interest from participating organizations",
    "Interest that organizations earned on the fund's money and paid in.",
    ("organization_interest",),
)
other_income = Figure("other_income", "Other income", "Cash from elsewhere.", ("other_income",))
agent_fees = Figure(
    "agent_fees",
    "Administrative agent fee",
    "What the agent takes for its work: 1% of deposits by default.",
    ("agent_fee",),
)
direct_costs = Figure(
    "direct_costs",
    "Direct cost",
    "What the fund itself costs, a secretariat for example, less what was paid back.",
    ("direct_cost",),
    ("direct_cost_refund",),
)
bank_charges = Figure("bank_charges", "Bank charges", "What the bank took.", ("bank_charge",))
fund_costs = Figure(
    "fund_costs",
    "Costs of the fund",
    "Fees, direct costs and charges paid by the fund.",
    ("fund_cost", *agent_fees.plus, *direct_costs.plus, *bank_charges.plus),
    direct_costs.minus,
)
expenditure = Figure(
    "expenditure", "Expenditure", "Spending as the organizations reported it.", ("expenditure",), family=None
)
expenditure_wide = Figure(
    "expenditure_wide",
    "Expenditure, direct-cost projects included",
    "Spending as the organizations reported it, that of the fund's direct-cost projects included.",
    ("expenditure", "direct_cost_expenditure"),
)
write_offs = Figure("write_offs", "Write-offs", "Money at organizations that was given up as lost.", ("write_off",))
sources = Figure(
    "sources",
    "Sources",
    "All money that came in, less what contributors got back.",
    ("deposit", "fund_receipt", "fund_interest", "organization_interest", "other_income"),
    ("contributor_refund",),
)
uses = Figure(
    "uses",
    "Uses",
    "Transfers less refunds, and the costs of the fund.",
    ("transfer", "fund_transfer", *fund_costs.plus),
    ("refund", *fund_costs.minus),
)
balance_agent = Figure(
    "balance_agent",
    "Balance with the administrative agent",
    "Sources less uses: cash the agent still holds.",
    (*sources.plus, *uses.minus),
    (*sources.minus, *uses.plus),
)
balance_organizations = Figure(
    "balance_organizations",
    "Balance with participating organizations",
    "Net funded amount less expenditure and write-offs: cash the organizations still hold.",
    net_funded.plus,
    (*net_funded.minus, *expenditure.plus, *write_offs.plus),
)
balance_organizations_wide = Figure(
    "balance_organizations_wide",
    "Balance with participating organizations, direct cost included",
    "The same with transfers to other funds and direct cost, less what direct-cost projects spent.",
    (*net_funded.plus, *fund_transfers.plus, *direct_costs.plus),
    (*net_funded.minus, *direct_costs.minus, *expenditure_wide.plus, *write_offs.plus),
)
total_balance = Figure(
    "total_balance",
    "Total balance",
    "Balance with the agent and with participating organizations.",
    (*balance_agent.plus, *balance_organizations.plus),
    (*balance_agent.minus, *balance_organizations.minus),
)
total_balance_wide = Figure(
    "total_balance_wide",
    "Total balance, direct cost included",
    "Balance with the agent and, in the wide sense, with participating organizations.",
    (*balance_agent.plus, *balance_organizations_wide.plus),
    (*balance_agent.minus, *balance_organizations_wide.minus),
)
allocated_not_transferred = Figure(
    "allocated_not_transferred",
    "Allocated, not transferred",
    "What was set aside for projects and not paid yet.",
    allocations.plus,
    transfers.plus,
)
budget = Figure(
    "budget", "Budget", "Approved budgets as published, a revised one in place of the original.", (BUDGET,), family=None
)
planned = Figure(
    "planned_disbursement", "Planned disbursements", "Payments planned and dated ahead.", (PLANNED,), family=None
)
budget_use = Rate("budget_use", "Budget spent", "Expenditure in per cent of the approved budget.", expenditure, budget)
delivery_rate = Rate(
    "delivery_rate", "Delivery rate", "Expenditure in per cent of the net funded amount.", expenditure, net_funded
)
spend = Figure(
    "spend",
    "Spend",
    "Disbursements and expenditure as the publisher reported them.",
    ("disbursement", "expenditure"),
    family=REPORTED,
)

_own_names = {
    "incoming_funds": ("Incoming funds", "Money the publisher received for the activity."),
    "outgoing_commitment": ("Outgoing commitments", "Firm written promises of the publisher to pay."),
    "disbursement": ("Disbursements", "Money the publisher passed on to somebody else."),
    "interest_payment": ("Interest payments", "Interest paid on a loan."),
    "loan_repayment": ("Loan repayments", "Repayments of the principal of a loan."),
    "reimbursement": ("Reimbursements", "Money paid back, as the publisher reported it."),
    "equity_purchase": ("Purchase of equity", "Shares bought."),
    "equity_sale": ("Sale of equity", "Shares sold."),
    "guarantee": ("Credit guarantees", "Guarantees given."),
    "incoming_commitment": ("Incoming commitments", "Firm written promises to pay the publisher."),
    "outgoing_pledge": ("Outgoing pledges", "Indications, not firm, of money to be given."),
    "incoming_pledge": ("Incoming pledges", "Indications, not firm, of money to come."),
    "unknown": ("Type unknown", "Entries whose transaction type is missing or is no code of the standard."),
}
_reported = [
    Figure(name, *_own_names[name], plus=(name,), family=REPORTED)
    for name, _, _ in REPORTED_TYPES.values()
    if name in _own_names
]

_all: tuple[AnyFigure, ...] = (
    *(deposits, commitments, pledges, contributor_refunds, allocations, transfers, refunds, net_funded),
    *(expenditure, delivery_rate, fund_costs, sources, uses, balance_agent, balance_organizations),
    # what only books can tell apart
    *(fund_transfers, fund_receipts, fund_interest, organization_interest, other_income, agent_fees, direct_costs),
    *(bank_charges, expenditure_wide, write_offs, balance_organizations_wide, total_balance, total_balance_wide),
    *(contributions, allocated_not_transferred),
    *(budget, planned, spend, *_reported),
    budget_use,
)
FIGURES: dict[str, AnyFigure] = {figure.name: figure for figure in _all}


def figure(name: str) -> AnyFigure:
    """The figure of that name, singular and plural alike, of books or of an edition. Raises KeyError."""
    name = name.strip().lower().replace("-", "_")
    for candidate in (name, f"{name}s", name.removesuffix("s")):
        if candidate in FIGURES:
            return FIGURES[candidate]
    raise KeyError(name)
