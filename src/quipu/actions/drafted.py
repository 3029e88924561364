"""What a draft says, looked at by field, and said to the ledger by its kind's verb, in earnest or as a rehearsal.

The kinds are those of `rules/voucher_kinds`; what the rules of the field think of a draft, its rehearsal says.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

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
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.money import exponent
from quipu.rules.voucher_kinds import MONEY, Kind

Words = Mapping[str, Any]
CODES = ("fund", "other", "project", "organization", "contributor", "agreement")


# The verbs by the names that the table of kinds calls them.
VERBS: dict[str, Callable[..., Answer]] = {
    verb.__name__: verb
    for verb in (
        *(record_deposit, identify_deposit, issue_transfer, record_refund, refund_contributor, charge_cost),
        *(record_interest, record_other_income, transfer_between_funds, sign_commitment, change_commitment),
        *(record_pledge, approve_allocation, set_budget, write_off, reverse),
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
    verb = VERBS[kind.verb]
    taken = inspect.signature(verb).parameters
    told: dict[str, Any] = {name: words.get(name) or "" for name in kind.fields if name in taken and name not in MONEY}
    if "money" in taken:
        told["money"] = money_of(words)
    if "amounts" in taken:
        told["amounts"] = {category: Decimal(text) for category, text in words["amounts"].items()}
    if "entry" in taken:
        told["entry"] = int(words["entry"]) if words.get("entry") else None
    if "cost" in taken:
        told["cost"] = kind.movement
    if verb is reverse:
        told["key"] = words["voucher"]
    return verb(paper=paper, **told)


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
