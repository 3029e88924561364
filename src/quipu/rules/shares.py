"""Shares of countries, sectors and places: whole millionths that sum to exactly 1,000,000, or say what is not stated."""

from collections.abc import Sequence
from decimal import Decimal

from quipu.rules.money import read_amount

WHOLE = 1_000_000
LARGEST = Decimal(1_000_000)  # per cent: what lies above is no percentage
FINEST = Decimal("1e-12")  # per cent: sums of such are exact, so that their order does not matter
SLACK = Decimal(1)  # a list may miss 100 by this much and still be meant as the whole

Portion = tuple[str, str]  # a code, and the percentage as written ("" where none is)


def percentage(literal: str) -> Decimal | None:
    """A percentage as written, or None when it is no xs:decimal, below zero or absurd ("50%", "50,0", "-10", "1000001")."""
    value = read_amount(literal)
    return value.quantize(FINEST) if value is not None and 0 <= value <= LARGEST else None


def total(portions: Sequence[Portion]) -> Decimal:
    """The sum of the percentages that can be read; one lone code without percentage is the whole."""
    if len(portions) == 1 and not portions[0][1].strip():
        return Decimal(100)
    return sum((percentage(literal) or Decimal(0) for _, literal in portions), Decimal(0))


def is_whole(portions: Sequence[Portion]) -> bool:
    """Whether a list sums to 100 ± 1; one that does not is flagged."""
    if len(portions) == 1 and portions[0][1] in ("", "100"):  # nearly all lists of transactions
        return True
    return abs(total(portions) - 100) <= SLACK


def apportion(portions: Sequence[Portion]) -> list[tuple[str, int]]:
    """Millionths per code, largest remainder, ties by code; what is missing below 99 stands under the code "".

    A list within 100 ± 1 or above it is divided by its own sum, so that parts never exceed the whole. A list below it
    keeps its percentages and the rest is "not stated": it is never scaled up. The result sums to exactly WHOLE.
    """
    stated: dict[str, Decimal] = {}
    if len(portions) == 1 and not portions[0][1].strip():
        stated[portions[0][0]] = Decimal(100)
    else:
        for code, literal in portions:
            value = percentage(literal)
            if value:
                stated[code] = stated.get(code, Decimal(0)) + value
    whole = sum(stated.values(), Decimal(0))
    if whole < 100 - SLACK:
        stated[""] = stated.get("", Decimal(0)) + 100 - whole
        whole = Decimal(100)
    exact = {code: value * WHOLE / whole for code, value in stated.items()}
    given = {code: int(value) for code, value in exact.items()}
    by_remainder = sorted(exact, key=lambda code: (given[code] - exact[code], code))
    for code in by_remainder[: WHOLE - sum(given.values())]:
        given[code] += 1
    return sorted((code, share) for code, share in given.items() if share)
