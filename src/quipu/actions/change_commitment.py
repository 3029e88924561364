"""Change a commitment: an amendment, an exchange difference or a cancellation, up or down."""

from quipu.actions.saying import Money, Paper, line, say
from quipu.books.post import Answer
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import Place


def change_commitment(
    *, paper: Paper, fund: str, contributor: str, agreement: str, money: Money, reason: str
) -> Answer:
    """Posts a change of either sign with its reason. Raises Refused."""
    if not reason:
        raise Refused(Finding("correction-without-reason", f"^{paper.key}"))
    places = (Place(fund), Place(contributor))
    said = line("commitment_change", *places, money, key=paper.key, under=agreement, note=reason)
    return say(paper, "agreement", [said])
