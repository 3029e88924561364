"""Identify a deposit: money that came without a name is taken back and recorded anew under its contributor, in one act."""

from decimal import Decimal
from typing import Any

from quipu.actions.record_deposit import record_deposit
from quipu.actions.reverse import reverse
from quipu.actions.saying import Money, Paper, line, say
from quipu.books import models, post
from quipu.books.post import Answer
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import Place
from quipu.rules.money import of_minor_units

BACK = ".back"  # behind the key of the voucher that takes the first one back


def identify_deposit(*, paper: Paper, voucher: str, entry: int, contributor: str, agreement: str = "") -> Answer:
    """Posts the reversal of an unidentified deposit and its deposit under a name: both, or neither.

    voucher, entry: the deposit's key and which of its entries it is. Where the voucher holds nothing but the deposit and its
    fee, the fee is taken anew by the agreement's rate; in any other one it stays as it was. Raises Refused.
    """
    deposit = models.Entry.objects.filter(posting__key=voucher, ordinal=entry, movement="deposit").first()
    sent_again = models.Posting.objects.filter(key=paper.key).exists()  # the ledger answers as it did
    if deposit is None or not (sent_again or unidentified().filter(pk=deposit.pk).exists()):
        raise Refused(Finding("voucher-is-identified", "voucher", f"{voucher}#{entry}"))
    own = list(models.Entry.objects.filter(posting=deposit.posting_id).values_list("movement", flat=True))
    is_alone = own in (["deposit"], ["deposit", "agent_fee"])
    answer = Answer()
    approved = (paper.approved_by,) if paper.approved_by else ()
    back = Paper(paper.by, f"{paper.key}{BACK}", paper.on, paper.title, paper.documents, paper.approved_by)
    with post.together(by=paper.by, approved=approved, answer=answer):
        reverse(paper=back, key=voucher, entry=None if is_alone else entry)
        if is_alone:
            words = {"fund": deposit.fund_id, "contributor": contributor, "agreement": agreement}
            record_deposit(paper=paper, money=money_of(deposit), **words)
        else:
            places = (Place(deposit.fund_id), Place(contributor))
            say(paper, "deposit", [line("deposit", *places, money_of(deposit), key=paper.key, under=agreement)])
    return answer


def money_of(entry: Any) -> Money:
    """What an entry says, as a verb takes it."""
    amount = of_minor_units(entry.amount, entry.currency)
    if entry.original_amount is None:
        return Money(amount)
    original = of_minor_units(entry.original_amount, entry.original_currency)
    return Money(amount, original, entry.original_currency, Decimal(entry.rate) if entry.rate else None)


def unidentified() -> Any:
    """Entries of deposits whose contributor is still to be identified."""
    return models.Entry.objects.filter(movement="deposit", contributor=None, reverses=None, reversed_by=None)
