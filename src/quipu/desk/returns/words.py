"""What rows, acts and totals of returns are called, and amounts as the reader types them."""

from decimal import Decimal

from babel import numbers

from quipu.desk.drawing import said, spoken
from quipu.rules import typed
from quipu.rules.kinds import CATEGORIES, OF_OLD
from quipu.rules.money import exponent, of_minor_units
from quipu.rules.returns.rows import INTEREST, NOTE, REFUND, Row

APART = {INTEREST: "Interest earned", REFUND: "Refund to the fund", NOTE: "Comment on the project"}
# What each act is called on its page and on its button.
ACTS = {
    "hand over": "Hand over to the certifier",
    "submit": "Submit",
    "give back": "Give back",
    "take back": "Take back",
    "certify": "Certify",
    "recall": "Recall the signature",
    "withdraw": "Withdraw",
    "take up": "Begin the review",
    "send back": "Send back",
    "accept": "Accept and post",
    "reopen": "Send back an accepted return",
    "restate": "Restate",
}
KIND_LABELS = {"interim": "Interim figures", "annual": "Annual return", "final": "Final statement"}


def label(row: Row) -> str:
    """A row's label in the reader's language; a correction says which year it corrects."""
    if row.category in APART:
        return said(APART[row.category])
    found = CATEGORIES.get(row.category)
    name = said(found.label) if found else row.category
    if found and not found.since_2012:
        name = said(OF_OLD, category=name)
    return said("%(category)s, correction of %(year)s", category=name, year=row.adjusts) if row.adjusts else name


def group_sign() -> str:
    """What the reader's language puts between thousands."""
    return str(numbers.get_group_symbol(spoken().locale))


def amount(units: int | None, currency: str) -> str:
    """Minor units as the reader would type them; "" for none."""
    return "" if units is None else str(spoken().money(of_minor_units(units, currency), exponent(currency)))


def read_amount(text: str, currency: str) -> int | str | None:
    """Minor units of what was typed, None for nothing, or the name of the rule that it breaks."""
    if not text.strip():
        return None
    if len(text) > 60:  # nobody types so much
        return typed.UNREADABLE
    value = typed.amount(text, group_sign())
    if isinstance(value, str):
        return value
    units = value.scaleb(exponent(currency))
    return int(units) if units == units.to_integral_value() else "return-decimals"


def percent(part: int, whole: int) -> str:
    """A share with one decimal; "–" of nothing."""
    if not whole:
        return "–"
    return f"{spoken().money(Decimal(part) * 100 / whole, 1)} %"
