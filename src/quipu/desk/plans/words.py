"""How work plans are said: states with their colours, titles in the reader's language, quarters, amounts as people type them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from quipu.desk.drawing import said, spoken
from quipu.desk.vouchers.forms import group_sign
from quipu.desk.vouchers.forms import shown as shown_amount
from quipu.rules import typed
from quipu.rules.money import exponent, of_minor_units, plain
from quipu.rules.plans import Quarter, State
from quipu.rules.tranches import State as RequestState

# The word of each state, and beside it never the colour alone.
STATES: dict[str, str] = {state: str(state) for state in State}
LOOKS = {
    State.NOT_BEGUN: "soft",
    State.ON_TRACK: "in",
    State.LATE: "warn",
    State.STOPPED: "error",
    State.DONE: "done-work",
}
REQUEST_LOOKS = {
    RequestState.DRAFT: "soft",
    RequestState.SIGNED: "ongoing",
    RequestState.RECEIVED: "ongoing",
    RequestState.PAID: "in",
    RequestState.RETURNED: "warn",
    RequestState.WITHDRAWN: "soft",
}
ACTS = {
    "sign": "Sign",
    "receive": "Receive",
    "return": "Return with a reason",
    "mend": "Take it up again",
    "withdraw": "Withdraw",
}


def titled(titles: Mapping[str, str]) -> str:
    """A title in the reader's language, or in another one it has."""
    language = spoken().language
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")


def output_title(output: Any) -> str:
    """An output with its number: 1.2 and its title."""
    return f"{output.outcome.number}.{output.number} {titled(output.titles)}"


def quarter_name(quarter: Quarter) -> str:
    """A quarter as it is read: the third of 2026."""
    return said("Q%(number)s %(year)s", number=quarter.number, year=quarter.year)


def body_name(organization: Any) -> str:
    """A body by its title, or its code."""
    return str(organization.title or organization.code)


def units_of(value: str, currency: str) -> int | str:
    """An exact decimal as minor units, or the rule that it breaks."""
    exact = Decimal(value).scaleb(exponent(currency))
    return int(exact) if exact == exact.to_integral_value() else "amount-decimals"


def read_units(text: str, currency: str, *, is_exact: bool = False) -> int | str | None:
    """An amount as somebody typed it, in minor units; None for nothing, or the rule that it breaks."""
    if not text.strip():
        return None
    read = typed.exact(text) if is_exact else typed.amount(text, group_sign())
    return read if isinstance(read, str) else units_of(plain(read), currency)


def as_typed(units: int | None, currency: str) -> str:
    """Minor units as the reader would type them."""
    return "" if units is None else shown_amount(plain(of_minor_units(units, currency)), currency)
