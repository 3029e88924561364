"""Rates of exchange: the ECB's history, and what the operator adds in HOME/rates.csv (date,currency,usd_per_unit,source)."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from quipu.rules.dates import read_date
from quipu.rules.money import read_amount

LOOK_BACK = 7  # days: the last published rate up to a week old still holds (week-ends, holidays)
DIGITS = Decimal("0.00000000000001")


@cache
def _ecb() -> tuple[Any, type[Exception]]:
    """The converter, and what it raises for a day without a rate."""
    import currency_converter  # noqa: PLC0415 - half a second, and only where money is foreign

    return currency_converter.CurrencyConverter(decimal=True), currency_converter.RateNotFoundError


class Rates:
    """US dollars per unit of a currency on a day."""

    def __init__(self, home: Path) -> None:
        self._own: dict[tuple[str, date], tuple[Decimal, str]] = {}
        path = home / "rates.csv"
        self.digest = ""
        if path.is_file():
            self.digest = hashlib.sha256(path.read_bytes()).hexdigest()
            with path.open(newline="", encoding="utf-8-sig") as rows:
                for row in csv.DictReader(rows):
                    day, rate = read_date(row.get("date") or ""), read_amount(row.get("usd_per_unit") or "")
                    if day and rate:
                        currency = (row.get("currency") or "").strip().upper()
                        self._own[currency, day] = (rate, row.get("source") or path.name)

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
