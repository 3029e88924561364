"""What a draft says and which verb will say it to the ledger: one table of kinds. The rules of the field are not here.

A kind's fields are the words of its verb; `title`, `on` and the fields of money are every voucher's. What a movement needs,
which sign it bears and what refuses it, the ledger says itself: a draft asks it by rehearsing its posting.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from quipu.actions import charge_cost as costs
from quipu.actions.approve_allocation import approve_allocation
from quipu.actions.change_commitment import change_commitment
from quipu.actions.charge_cost import charge_cost
from quipu.actions.identify_deposit import identify_deposit
from quipu.actions.issue_transfer import issue_transfer
from quipu.actions.record_deposit import record_deposit
from quipu.actions.record_interest import record_interest
from quipu.actions.record_other_income import record_other_income
from quipu.actions.record_pledge import record_pledge
from quipu.actions.record_refund import record_refund
from quipu.actions.refund_contributor import refund_contributor
from quipu.actions.reverse import reverse
from quipu.actions.saying import Money, Paper
from quipu.actions.set_budget import set_budget
from quipu.actions.sign_commitment import sign_commitment
from quipu.actions.transfer_between_funds import transfer_between_funds
from quipu.actions.write_off import write_off
from quipu.books import models, post
from quipu.books.post import Answer
from quipu.rules import kinds
from quipu.rules.findings import Finding, Refused
from quipu.rules.kinds import CATEGORIES
from quipu.rules.mandates import Scope
from quipu.rules.money import exponent

Words = Mapping[str, Any]
MONEY = ("amount", "original", "currency", "rate")
CODES = ("fund", "other", "project", "organization", "contributor", "agreement")
VOUCHERS, ALLOCATIONS = "draft vouchers", "draft allocations"
BUDGET_CATEGORIES = tuple(name for name, one in CATEGORIES.items() if one.since_2012 and name != "uncategorized")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of draft. needed, optional: its fields beside the day and the title, in the order they are asked for.

    movement: of its line, which says what sign it may bear; titled: how its title is called; told: what it is, in a sentence.
    """

    name: str
    label: str
    told: str
    verb: Callable[..., Answer]
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    movement: str = ""
    mandate: str = VOUCHERS
    titled: str = "Title"
    fixed: tuple[tuple[str, str], ...] = ()

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
            record_deposit,
            ("fund", *_PAID),
            ("contributor", "agreement", *_STATED),
            "deposit",
        ),
        Kind(
            "identification",
            "Identification of a deposit",
            "Money that came without a name gets its contributor: the deposit is taken back and recorded anew, in one act.",
            identify_deposit,
            ("voucher", "entry", "contributor"),
            ("agreement",),
            titled="Reason",
        ),
        Kind(
            "transfer",
            "Transfer",
            "The agent pays a participating organization for a project.",
            issue_transfer,
            (*_AT_WORK, *_PAID),
            _STATED,
            "transfer",
        ),
        Kind(
            "refund",
            "Refund from an organization",
            "Unspent money that an organization sent back.",
            record_refund,
            (*_AT_WORK, *_PAID),
            _STATED,
            "refund",
        ),
        Kind(
            "contributor-refund",
            "Refund to a contributor",
            "Cash goes back to the contributor it came from.",
            refund_contributor,
            ("fund", "contributor", *_PAID),
            _STATED,
            "contributor_refund",
        ),
        Kind(
            "bank-charge",
            "Bank charge",
            "What the bank takes for the fund's account.",
            charge_cost,
            ("fund", *_PAID),
            _STATED,
            "bank_charge",
            fixed=(("cost", costs.BANK),),
        ),
        Kind(
            "agent-fee",
            "Agent's fee",
            "The administrative agent's fee where it does not follow a deposit.",
            charge_cost,
            ("fund", *_PAID),
            _STATED,
            "agent_fee",
            fixed=(("cost", costs.FEE),),
        ),
        Kind(
            "direct-cost",
            "Direct cost",
            "A cost of the fund itself, paid to an organization under a direct-cost project.",
            charge_cost,
            (*_AT_WORK, *_PAID),
            _STATED,
            "direct_cost",
            fixed=(("cost", costs.DIRECT),),
        ),
        Kind(
            "direct-cost-refund",
            "Direct cost paid back",
            "Direct cost that was not spent comes back to the fund.",
            charge_cost,
            (*_AT_WORK, *_PAID),
            _STATED,
            "direct_cost_refund",
            fixed=(("cost", costs.DIRECT_REFUND),),
        ),
        Kind(
            "fund-interest",
            "Interest of the fund",
            "Interest on the fund's account.",
            record_interest,
            ("fund", *_PAID),
            _STATED,
            "fund_interest",
        ),
        Kind(
            "organization-interest",
            "Interest of an organization",
            "Interest that an organization earned and paid in.",
            record_interest,
            ("fund", "organization", *_PAID),
            ("project", *_STATED),
            "organization_interest",
        ),
        Kind(
            "other-income",
            "Other income",
            "Cash that is neither a deposit nor interest.",
            record_other_income,
            ("fund", *_PAID),
            _STATED,
            "other_income",
        ),
        Kind(
            "fund-transfer",
            "Transfer to another fund",
            "Both sides are posted at once. Two currencies need both amounts.",
            transfer_between_funds,
            ("fund", "other", *_PAID),
            _STATED,
            "fund_transfer",
        ),
        Kind(
            "commitment",
            "Commitment",
            "A contributor promises an amount under an agreement that is signed.",
            sign_commitment,
            ("fund", "contributor", "agreement", *_PAID),
            _STATED,
            "commitment",
        ),
        Kind(
            "commitment-change",
            "Change of a commitment",
            "An amendment, an exchange difference or a cancellation, up or down.",
            change_commitment,
            ("fund", "contributor", "agreement", *_PAID, "reason"),
            _STATED,
            "commitment_change",
        ),
        Kind(
            "pledge",
            "Pledge",
            "What a contributor announced and has not signed. It is in no total.",
            record_pledge,
            ("fund", "contributor", *_PAID),
            _STATED,
            "pledge",
        ),
        Kind(
            "allocation",
            "Allocation",
            "A governing body sets money aside for an organization's part of a project, or takes some back.",
            approve_allocation,
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
            set_budget,
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
            write_off,
            (*_AT_WORK, *_PAID),
            (),
            "write_off",
            titled="Decision",
        ),
        Kind(
            "reversal",
            "Reversal",
            "A voucher, or one entry of it, is taken back by entries that mirror it. Both stay visible.",
            reverse,
            ("voucher",),
            ("entry",),
            titled="Reason",
        ),
    )
}


# What stands in the books


class Records:
    """The codes that drafts may name, each list asked for once."""

    @cached_property
    def funds(self) -> dict[str, str]:
        """The currency of each fund."""
        return dict(models.Fund.objects.values_list("code", "currency"))

    @cached_property
    def projects(self) -> dict[str, str]:
        """The fund of each project."""
        return dict(models.Project.objects.values_list("code", "fund_id"))

    @cached_property
    def agreements(self) -> dict[str, str]:
        """The fund of each agreement."""
        return dict(models.Agreement.objects.values_list("code", "fund_id"))

    @cached_property
    def organizations(self) -> set[str]:
        """All bodies."""
        return set(models.Organization.objects.values_list("code", flat=True))

    def of(self, field: str) -> Mapping[str, str] | set[str]:
        """What a field may name."""
        known = {"project": self.projects, "agreement": self.agreements, "fund": self.funds, "other": self.funds}
        return known.get(field, self.organizations)


def faults(kind: Kind, words: Words, records: Records) -> list[Finding]:
    """What is wrong with the words of a draft as such, by field. What the ledger thinks of them, a rehearsal says."""
    found = [Finding("field-missing", name) for name in ("on", *kind.needed) if not words.get(name)]
    if kind.titled == "Reason" and not words.get("title"):
        found.append(Finding("reason-missing", "title"))
    for name in CODES:
        code = words.get(name)
        if not code or name not in kind.fields:
            continue
        known = records.of(name)
        if code not in known:
            found.append(Finding("code-not-there", name, code))
        elif (
            name in ("project", "agreement")
            and isinstance(known, Mapping)
            and known[code] != words.get("fund", known[code])
        ):
            found.append(Finding("code-of-another", name, f"{code}: {known[code]}"))
    return [*found, *_money(words, records.funds.get(words.get("fund", ""), "USD"))]


def _money(words: Words, currency: str) -> Iterable[Finding]:
    for name, text, unit in (
        ("amount", words.get("amount"), currency),
        ("original", words.get("original"), words.get("currency") or currency),
        *(("amounts", text, currency) for text in (words.get("amounts") or {}).values()),
    ):
        if text and -Decimal(text).normalize().as_tuple().exponent > exponent(unit):  # type: ignore[operator]
            yield Finding("amount-decimals", name, f"{text} {unit}")
    if bool(words.get("original")) != bool(words.get("currency")):
        yield Finding("original-incomplete", "original" if not words.get("original") else "currency")


def of_voucher(key: str, entry: int | None = None) -> Any:
    """The first entry of a posted voucher, or the one that is named; None where there is none."""
    found = models.Entry.objects.filter(posting__key=key).select_related("posting")
    return (found.filter(ordinal=entry) if entry else found.order_by("ordinal")).first()


def scope_of(kind: Kind, words: Words) -> Scope:
    """Whose a draft is. A reversal's is its voucher's; of several funds it is everybody's, so only who has all may.

    Raises Refused where the voucher is not there.
    """
    if not kind.is_of_voucher:
        return Scope(*(words.get(name) or "" for name in ("fund", "project", "organization")))
    own = models.Entry.objects.filter(posting__key=words.get("voucher", ""))
    if entry := words.get("entry"):
        own = own.filter(ordinal=entry)
    said = list(own.exclude(movement="fund_receipt").values_list("fund_id", "project_id", "organization_id").distinct())
    if not said:
        raise Refused(Finding("voucher-not-there", "voucher", words.get("voucher", "")))
    funds, projects, bodies = ({row[n] for row in said} for n in range(3))
    if len(funds) > 1:
        return Scope()
    one = [next(iter(codes)) or "" if len(codes) == 1 else "" for codes in (projects, bodies)]
    return Scope(next(iter(funds)), *one)


# What a draft becomes


def paper_of(draft: Any, approved_by: str = "", documents: Iterable[tuple[str, str]] | None = None) -> Paper:
    """The paper under which a draft is posted: by its author, under its key, with its files."""
    if documents is None:
        documents = draft.enclosures.order_by("pk").values_list("sha256", "name")
    title = draft.words.get("title", "")
    return Paper(draft.author, draft.key, draft.on, title, tuple(documents), approved_by)


def say(kind: Kind, words: Words, paper: Paper) -> Answer:
    """Says a draft's words to the ledger by its kind's verb. Raises Refused."""
    taken = inspect.signature(kind.verb).parameters
    told: dict[str, Any] = dict(kind.fixed)
    told |= {name: words.get(name) or "" for name in kind.fields if name in taken and name not in MONEY}
    if "money" in taken:
        told["money"] = money_of(words)
    if "amounts" in taken:
        told["amounts"] = {category: Decimal(text) for category, text in words["amounts"].items()}
    if "entry" in taken:
        told["entry"] = int(words["entry"]) if words.get("entry") else None
    if kind.verb is reverse:
        told["key"] = words["voucher"]
    return kind.verb(paper=paper, **told)


def money_of(words: Words) -> Money:
    """The amount of a draft."""
    exact = {name: Decimal(words[name]) if words.get(name) else None for name in ("amount", "original", "rate")}
    return Money(exact["amount"], exact["original"], words.get("currency") or "", exact["rate"])


def rehearse(kind: Kind, words: Words, paper: Paper) -> list[Finding]:
    """All that the ledger's rules have to say of a draft, as if it were posted now. Nothing is left behind."""
    try:
        with post.rehearsing():
            answer = say(kind, words, paper)
    except Refused as refused:
        return [told(one) for one in refused.findings]
    return answer.findings


def told(said: object) -> Finding:
    """A finding of the ledger as it is told at the desk: a fault of words becomes one too."""
    if isinstance(said, Finding):
        return said
    expected, found = getattr(said, "expected", ""), getattr(said, "found", str(said))
    return Finding("draft-words", "", f"{found}: {expected}" if expected else found)


def day_of(words: Words) -> date:
    """The day of a draft."""
    return date.fromisoformat(words["on"])
