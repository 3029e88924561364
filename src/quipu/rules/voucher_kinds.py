"""The kinds of voucher that people write: which fields each has, which verb says it to the ledger, which mandate writes it.

A kind's fields are the words of its verb; `title`, `on` and the fields of money are every voucher's. What a movement needs,
which sign it bears and what refuses it is known elsewhere (`kinds`, `controls`).
"""

from dataclasses import dataclass

from quipu.rules import kinds
from quipu.rules.kinds import CATEGORIES

MONEY = ("amount", "original", "currency", "rate")
VOUCHERS, ALLOCATIONS = "draft vouchers", "draft allocations"  # verbs of mandates
BUDGET_CATEGORIES = tuple(name for name, one in CATEGORIES.items() if one.since_2012 and name != "uncategorized")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of draft. needed, optional: its fields beside the day and the title, in the order they are asked for.

    told: what it is, in a sentence; verb: of `actions`, by its name; movement: of its line, which says what sign it may bear;
    titled: how its title is called.
    """

    name: str
    label: str
    told: str
    verb: str
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    movement: str = ""
    mandate: str = VOUCHERS
    titled: str = "Title"

    @property
    def fields(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.optional)

    @property
    def is_of_voucher(self) -> bool:
        """Whether it is about a voucher that was posted, whose fund is its own."""
        return "voucher" in self.needed

    @property
    def either_sign(self) -> bool:
        """Whether its amount may be below zero."""
        known = kinds.KINDS.get(self.movement)
        return bool(known and known.either_sign)


_PAID = ("amount",)
_STATED = ("original", "currency", "rate")  # where it was paid in another currency
_AT_WORK = ("fund", "project", "organization")
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "deposit",
            "Deposit",
            "Cash from a contributor. The agent's fee is taken by its rate. Without a contributor it waits to be identified.",
            "record_deposit",
            ("fund", *_PAID),
            ("contributor", "agreement", *_STATED),
            "deposit",
        ),
        Kind(
            "identification",
            "Identification of a deposit",
            "Money that came without a name gets its contributor: the deposit is taken back and recorded anew, in one act.",
            "identify_deposit",
            ("voucher", "entry", "contributor"),
            ("agreement",),
            titled="Reason",
        ),
        Kind(
            "transfer",
            "Transfer",
            "The agent pays a participating organization for a project.",
            "issue_transfer",
            (*_AT_WORK, *_PAID),
            _STATED,
            "transfer",
        ),
        Kind(
            "refund",
            "Refund from an organization",
            "Unspent money that an organization sent back.",
            "record_refund",
            (*_AT_WORK, *_PAID),
            _STATED,
            "refund",
        ),
        Kind(
            "contributor-refund",
            "Refund to a contributor",
            "Cash goes back to the contributor it came from.",
            "refund_contributor",
            ("fund", "contributor", *_PAID),
            _STATED,
            "contributor_refund",
        ),
        Kind(
            "bank-charge",
            "Bank charge",
            "What the bank takes for the fund's account.",
            "charge_cost",
            ("fund", *_PAID),
            _STATED,
            "bank_charge",
        ),
        Kind(
            "agent-fee",
            "Agent's fee",
            "The administrative agent's fee where it does not follow a deposit.",
            "charge_cost",
            ("fund", *_PAID),
            _STATED,
            "agent_fee",
        ),
        Kind(
            "direct-cost",
            "Direct cost",
            "A cost of the fund itself, paid to an organization under a direct-cost project.",
            "charge_cost",
            (*_AT_WORK, *_PAID),
            _STATED,
            "direct_cost",
        ),
        Kind(
            "direct-cost-refund",
            "Direct cost paid back",
            "Direct cost that was not spent comes back to the fund.",
            "charge_cost",
            (*_AT_WORK, *_PAID),
            _STATED,
            "direct_cost_refund",
        ),
        Kind(
            "fund-interest",
            "Interest of the fund",
            "Interest on the fund's account.",
            "record_interest",
            ("fund", *_PAID),
            _STATED,
            "fund_interest",
        ),
        Kind(
            "organization-interest",
            "Interest of an organization",
            "Interest that an organization earned and paid in.",
            "record_interest",
            ("fund", "organization", *_PAID),
            ("project", *_STATED),
            "organization_interest",
        ),
        Kind(
            "other-income",
            "Other income",
            "Cash that is neither a deposit nor interest.",
            "record_other_income",
            ("fund", *_PAID),
            _STATED,
            "other_income",
        ),
        Kind(
            "fund-transfer",
            "Transfer to another fund",
            "Both sides are posted at once. Two currencies need both amounts.",
            "transfer_between_funds",
            ("fund", "other", *_PAID),
            _STATED,
            "fund_transfer",
        ),
        Kind(
            "commitment",
            "Commitment",
            "A contributor promises an amount under an agreement that is signed.",
            "sign_commitment",
            ("fund", "contributor", "agreement", *_PAID),
            _STATED,
            "commitment",
        ),
        Kind(
            "commitment-change",
            "Change of a commitment",
            "An amendment, an exchange difference or a cancellation, up or down.",
            "change_commitment",
            ("fund", "contributor", "agreement", *_PAID, "reason"),
            _STATED,
            "commitment_change",
        ),
        Kind(
            "pledge",
            "Pledge",
            "What a contributor announced and has not signed. It is in no total.",
            "record_pledge",
            ("fund", "contributor", *_PAID),
            _STATED,
            "pledge",
        ),
        Kind(
            "allocation",
            "Allocation",
            "A governing body sets money aside for an organization's part of a project, or takes some back.",
            "approve_allocation",
            (*_AT_WORK, *_PAID),
            (),
            "allocation",
            ALLOCATIONS,
            "Decision",
        ),
        Kind(
            "budget",
            "Budget",
            "What may be spent by category. Categories that are named take the place of what stood; others stay.",
            "set_budget",
            (*_AT_WORK, "amounts"),
            (),
            "budget",
            ALLOCATIONS,
            "Decision",
        ),
        Kind(
            "write-off",
            "Write-off",
            "Money at an organization is given up as lost, by a decision.",
            "write_off",
            (*_AT_WORK, *_PAID),
            (),
            "write_off",
            titled="Decision",
        ),
        Kind(
            "reversal",
            "Reversal",
            "A voucher, or one entry of it, is taken back by entries that mirror it. Both stay visible.",
            "reverse",
            ("voucher",),
            ("entry",),
            titled="Reason",
        ),
    )
}
