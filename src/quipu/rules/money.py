"""Money as it is written, kept and printed: exact decimals in, one rounding, and only for print."""

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

# xs:decimal after white space has collapsed: no exponent, no separators, no currency sign, ASCII digits only.
XS_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
KEPT_DECIMALS = Decimal("0.000001")
LARGEST_KEPT = Decimal("999999999999.999999")  # what DECIMAL(18,6) holds
# ISO 4217 exponents that are not 2.
EXPONENTS = {
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"),
            *("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
}


def read_amount(literal: str) -> Decimal | None:
    """The exact value of an amount as XML Schema writes decimals, or None when it is not one ("1,000", "1e6", "NaN")."""
    literal = literal.strip(" \t\r\n")
    return Decimal(literal) if XS_DECIMAL.fullmatch(literal) else None


def kept(value: Decimal) -> Decimal | None:
    """The value as an edition keeps it, in six decimals; None when it is too large to be kept as a number."""
    if not -LARGEST_KEPT <= value <= LARGEST_KEPT:
        return None
    return value.quantize(KEPT_DECIMALS, ROUND_HALF_EVEN)


def exponent(currency: str) -> int:
    """How many decimals the currency's minor unit has (ISO 4217)."""
    return EXPONENTS.get(currency, 2)


def of_minor_units(units: int, currency: str) -> Decimal:
    """The amount that so many minor units of the currency are: 12345 of USD is 123.45."""
    return Decimal(units).scaleb(-exponent(currency))


def printed(value: Decimal, decimals: int = 0) -> Decimal:
    """The value rounded for print, half up and away from zero at the half. The only rounding for print in the house."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return rounded if rounded else rounded.copy_abs()  # no "-0.00"


def plain(value: Decimal) -> str:
    """The exact value as text without exponent and without trailing zeros behind the point."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
