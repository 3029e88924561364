"""Amounts as people type them: read exactly, or not at all. What can be read two ways is never guessed."""

import re
from decimal import Decimal

SPACES = re.compile(r"[\s\u00a0\u2009\u202f']")  # between thousands
BRACKETS = re.compile(r"\((.*)\)")
MINUS = "\u2212"
GROUPS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
UNREADABLE, AMBIGUOUS = "amount-unreadable", "amount-two-ways"


def amount(text: str, group: str = ",") -> Decimal | str:
    """The exact amount, or the name of the rule that its text breaks.

    group: the sign that the reader's language puts between thousands. Digits with one sign before the last three can
    be thousands or decimals: as thousands they are read only where that is the reader's own sign.
    """
    said = SPACES.sub("", text).replace(MINUS, "-")
    sign = -1 if said.startswith("-") else 1
    if within := BRACKETS.fullmatch(said):
        sign, said = -1, within[1]
    said = said.lstrip("+-") if said[:1] in "+-" and said.count("-") + said.count("+") == 1 else said
    signs = {letter for letter in said if letter in ".,"}
    if TWO_WAYS.fullmatch(said):
        return sign * Decimal(_digits(said)) if signs == {group} else AMBIGUOUS
    whole, decimals = said, ""
    if len(signs) == 2 or (len(signs) == 1 and said.count(next(iter(signs))) == 1):
        at = max(said.rfind("."), said.rfind(","))
        whole, decimals = said[:at], said[at + 1 :]
    of_whole = {letter for letter in whole if letter in ".,"}
    is_whole = whole.isascii() and (whole.isdigit() or (GROUPS.fullmatch(whole) and len(of_whole) == 1))
    is_behind = not decimals or (decimals.isascii() and decimals.isdigit())
    if not is_whole or not is_behind or said.endswith((".", ",")):
        return UNREADABLE
    return sign * Decimal(f"{_digits(whole)}.{decimals}" if decimals else _digits(whole))


def rate(text: str, group: str = ",") -> Decimal | str:
    """A rate of exchange: few digits before its decimals and no thousands, so three decimals are decimals.

    Where the reader's sign between thousands stands before three digits, it can be read two ways.
    """
    said = SPACES.sub("", text)
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", said):
        return UNREADABLE
    if TWO_WAYS.fullmatch(said) and group in said:
        return AMBIGUOUS
    return Decimal(said.replace(",", "."))


def _digits(text: str) -> str:
    return text.replace(",", "").replace(".", "")


def exact(text: str) -> Decimal | str:
    """A number as a program wrote it, with a point and perhaps an exponent."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return UNREADABLE
    return value if value.is_finite() else UNREADABLE
