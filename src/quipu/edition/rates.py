"""Rates of exchange: the ECB's history, and what the operator adds in HOME/rates.csv (date,currency,usd_per_unit,source)."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from quipu.edition.home import HomeError
from quipu.rules.dates import read_date
from quipu.rules.money import read_amount

LOOK_BACK = 7  # days: the last published rate up to a week old still holds (week-ends, holidays)
LARGEST_RATE = Decimal(999_999)  # what DECIMAL(20,14) holds
DIGITS = Decimal("0.00000000000001")


@cache
def _ecb() -> tuple[Any, type[Exception]]:
    """The converter, and what it raises for a day without a rate."""
    import currency_converter  # noqa: PLC0415 - half a second, and only where money is foreign

    return currency_converter.CurrencyConverter(decimal=True), currency_converter.RateNotFoundError


class Rates:
    """US dollars per unit of a currency on a day."""

    def __init__(self, path: Path) -> None:
        """path: the operator's own rates, which need not be there. Raises HomeError for a line that is no rate."""
        self._own: dict[tuple[str, date], tuple[Decimal, str]] = {}
        self.body = path.read_bytes() if path.is_file() else b""
        self.digest = hashlib.sha256(self.body).hexdigest() if self.body else ""
        try:
            rows = csv.DictReader(io.StringIO(self.body.decode("utf-8-sig"), newline=""))
        except UnicodeDecodeError:
            raise HomeError("rates.csv is not in UTF-8.") from None
        for row in rows:
            day, rate = read_date(row.get("date") or ""), read_amount(row.get("usd_per_unit") or "")
            currency = (row.get("currency") or "").strip().upper()
            if day is None or rate is None or not 0 < rate <= LARGEST_RATE or not currency:
                raise HomeError(
                    f"rates.csv, line {rows.line_num}, is no rate. Write date,currency,usd_per_unit,source."
                )
            self._own[currency, day] = (rate, row.get("source") or "rates.csv")

    def usd_per_unit(self, currency: str, day: date) -> tuple[Decimal, date, str] | None:
        """(rate, the day it was published, its source), or None: then the amount is not converted."""
        if currency == "USD":
            return Decimal(1), day, "US dollars"
        for back in range(LOOK_BACK + 1):
            if day.toordinal() - back < 1:
                break
            on = day - timedelta(days=back)
            found = self._own.get((currency, on)) or self._published(currency, on)
            if found:
                return found[0].quantize(DIGITS), on, found[1]
        return None

    def _published(self, currency: str, on: date) -> tuple[Decimal, str] | None:
        ecb, missing = _ecb()
        if currency not in ecb.currencies:
            return None
        first, last = ecb.bounds[currency]
        if not first <= on <= last:
            return None
        try:
            return ecb.convert(1, currency, "USD", date=on), "European Central Bank"
        except missing:
            return None

    def table(self, wanted: Iterable[tuple[str, date]]) -> Iterator[tuple[str, date, str, date, str]]:
        """(currency, day, rate as text, day of the rate, source) for each wanted pair that has a rate."""
        for currency, day in wanted:
            found = self.usd_per_unit(currency, day)
            if found:
                yield currency, day, f"{found[0]:f}", found[1], found[2]
