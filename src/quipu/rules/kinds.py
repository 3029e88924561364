"""The kinds of movement a ledger holds: where the money goes from and to, what each needs, and which sign it may bear.

(domain.md, Movements.) `movements.py` says how an entry read from IATI becomes one of them.
"""

from dataclasses import dataclass

from quipu.rules.movements import CASH, PROMISE

IN, OUT, WITHIN = "<", ">", ""  # money arrives at the fund, leaves it, or the line names one place only
FUND, PARTICIPATION, CONTRIBUTOR, NOBODY = "fund", "participation", "contributor", ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One movement. subject: whose line it is; other: who stands on the arrow's right side, "" for nobody."""

    name: str
    book: str
    subject: str = FUND
    arrow: str = WITHIN
    other: str = NOBODY
    either_sign: bool = False
    instead: str = ""  # the movement to use for a negative amount
    categorized: bool = False
    iati: str = ""

    @property
    def word(self) -> str:
        """As the journal writes it."""
        return self.name.replace("_", "-")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("pledge", PROMISE, FUND, IN, CONTRIBUTOR, instead="commitment_change", iati="13"),
        Kind("commitment", PROMISE, FUND, IN, CONTRIBUTOR, instead="commitment_change", iati="11"),
        Kind("commitment_change", PROMISE, FUND, IN, CONTRIBUTOR, either_sign=True, iati="11"),
        Kind("deposit", CASH, FUND, IN, CONTRIBUTOR, instead="contributor_refund", iati="1"),
        Kind("fund_interest", CASH, FUND, either_sign=True, iati="1"),
        Kind("organization_interest", CASH, FUND, IN, PARTICIPATION, either_sign=True, iati="1"),
        Kind("other_income", CASH, FUND, either_sign=True, iati="1"),
        Kind("allocation", PROMISE, FUND, OUT, PARTICIPATION, either_sign=True, iati="2"),
        Kind("transfer", CASH, FUND, OUT, PARTICIPATION, instead="refund", iati="3"),
        Kind("fund_transfer", CASH, FUND, OUT, FUND, instead="fund_transfer from the other fund", iati="3"),
        Kind("fund_receipt", CASH, FUND, IN, FUND, instead="fund_transfer from the other fund"),
        Kind("refund", CASH, FUND, IN, PARTICIPATION, instead="transfer", iati="3"),
        Kind("contributor_refund", CASH, FUND, OUT, CONTRIBUTOR, instead="deposit", iati="1"),
        Kind("agent_fee", CASH, FUND, either_sign=True, iati="4"),
        Kind("direct_cost", CASH, FUND, OUT, PARTICIPATION, instead="direct_cost_refund", iati="4"),
        Kind("direct_cost_refund", CASH, FUND, IN, PARTICIPATION, instead="direct_cost", iati="4"),
        Kind("bank_charge", CASH, FUND, either_sign=True, iati="4"),
        Kind("expenditure", CASH, PARTICIPATION, either_sign=True, categorized=True, iati="4"),
        Kind("write_off", CASH, PARTICIPATION, instead="a reversal of the write-off"),
    )
}

DIRECT_COST = "direct-cost"  # the kind of a project that is the fund's own cost
DIRECT_COST_EXPENDITURE = "direct_cost_expenditure"  # what expenditure of such a project is posted as


def kind(word: str) -> Kind | None:
    """The kind a journal or a person names, or None."""
    return KINDS.get(word.replace("-", "_"))


INTERIM, CERTIFIED = "interim", "certified"
STANDINGS = (INTERIM, CERTIFIED)


@dataclass(frozen=True, slots=True)
class Category:
    """An expense category, and whether it belongs to the set used from 2012 on."""

    name: str
    label: str
    since_2012: bool = True
    indirect: bool = False


OF_OLD = "%(category)s (before 2012)"  # how a category of the earlier set is marked
CATEGORIES: dict[str, Category] = {
    category.name: category
    for category in (
        Category("staff", "Staff and other personnel costs"),
        Category("supplies", "Supplies, commodities, materials"),
        Category("equipment", "Equipment, vehicles and furniture including depreciation"),
        Category("contractual", "Contractual services"),
        Category("travel", "Travel"),
        Category("grants", "Transfers and grants to counterparts"),
        Category("operating", "General operating and other direct costs"),
        Category("indirect", "Indirect support costs", indirect=True),
        Category("old-supplies", "Supplies, commodities, equipment and transport", since_2012=False),
        Category("old-personnel", "Personnel", since_2012=False),
        Category("old-training", "Training of counterparts", since_2012=False),
        Category("old-contracts", "Contracts", since_2012=False),
        Category("old-other", "Other direct costs", since_2012=False),
        Category("old-indirect", "Indirect support costs", since_2012=False, indirect=True),
        Category("uncategorized", "Not broken down by category in the source"),
    )
}

AGENT = "agent"  # who keeps the fund's money


def ends(movement: str) -> tuple[str, str]:
    """Who pays and who receives: AGENT, CONTRIBUTOR, "organization" (of a participation), or "" for nobody named."""
    organization = "organization"
    if movement == "budget":
        return AGENT, organization
    kind = KINDS.get(movement, KINDS["expenditure"])  # a direct-cost project's spending is spending
    if kind.subject == PARTICIPATION:
        return organization, NOBODY
    other = {PARTICIPATION: organization, CONTRIBUTOR: CONTRIBUTOR, FUND: AGENT}.get(kind.other, NOBODY)
    if kind.arrow == IN or kind.name in ("fund_interest", "other_income"):
        return other, AGENT
    return AGENT, other
