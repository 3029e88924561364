"""Keep a fund: make it, or change what may be changed of it; its code and currency never are. And its windows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.books import models, records
from quipu.rules.calendar import read_deadline
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import minor_units
from quipu.rules.mandates import Scope


@dataclass(frozen=True, slots=True)
class FundSaid:
    """A fund as it is typed. countries, regions, themes: one a line, as `recording.portions` reads them."""

    code: str
    title: str
    currency: str = "USD"
    category: str = ""
    agent_fee: str = ""  # per cent of each deposit, "" for the default
    illustrative: bool = False
    minimum_balance: Decimal | None = None
    small_balance: Decimal | None = None
    over_allocation: str = ""  # "allow", "" to refuse
    second_eyes: bool = False
    iati: str = ""
    publisher: str = ""  # reference, then name
    countries: str = ""
    regions: str = ""
    themes: str = ""
    starts: date | None = None
    ends: date | None = None
    overview: str = ""
    deadlines: str = ""  # one a line, as annual-return 04-15; what is not said is the field's own
    category_shift: str = ""  # per cent that a category may be exceeded by, "" for the default


def thing_of_fund(code: str) -> Thing:
    """What history calls a fund."""
    return Thing("fund", code, Scope(code))


def keep_fund(*, by: str, fund: FundSaid, is_new: bool = False, seen: int | None = None) -> Any:
    """Makes a fund or changes it. Raises Refused."""
    with history.whole():
        thing = thing_of_fund(fund.code)
        history.alone(thing, None if is_new else seen)
        record = models.Fund.objects.filter(code=fund.code).first()
        found = _new(record, fund.code) if is_new else [] if record else [Finding("record-unknown", "code", fund.code)]
        if is_new:
            found += recording.currency(fund.currency)
        elif record and fund.currency != record.currency:
            found.append(Finding("record-sealed", "currency"))
        fee, wrong = recording.percent(fund.agent_fee, "agent_fee")
        further, wrong_lines = _further(fund, record)
        found += [*wrong, *wrong_lines, *_amounts(fund), *recording.days(fund.starts, fund.ends)]
        found += recording.identifier("fund", fund.code, fund.iati.strip())
        found += [] if fund.title.strip() else [Finding("field-missing", "title")]
        found += recording.no_nul(fund.title, fund.category, fund.overview, fund.publisher)
        if found:
            raise Refused(*found)
        before = recording.told(records.of_fund(record)) if record else {}
        values = {
            "title": " ".join(fund.title.split()),
            "category": fund.category.strip(),
            "agent_fee": fee,
            "illustrative": fund.illustrative,
            "minimum_balance": _units(fund.minimum_balance, fund.currency) or 0,
            "small_balance": _units(fund.small_balance, fund.currency),
            "over_allocation": fund.over_allocation,
            "second_eyes": fund.second_eyes,
            "further": further,
        }
        record = _saved(models.Fund, record, fund.code, values, currency=fund.currency)
        recording.sayable(records.of_fund(record))
        recording.keep(by, thing, before, recording.told(records.of_fund(record)))
    return record


def _new(record: Any, code: str) -> list[Finding]:
    return [Finding("record-taken", "code", code)] if record else recording.code(code)


def _units(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else minor_units(amount, currency)


def _amounts(fund: FundSaid) -> list[Finding]:
    found = []
    for place in ("minimum_balance", "small_balance"):
        amount = getattr(fund, place)
        if amount is not None and amount < 0:
            found.append(Finding("amount-negative", place))
        elif amount is not None and not recording.currency(fund.currency) and _units(amount, fund.currency) is None:
            found.append(Finding("amount-unreadable", place, f"{amount} {fund.currency}"))
    return found


def _further(fund: FundSaid, record: Any) -> tuple[recording.Pairs, list[Finding]]:
    found: list[Finding] = []
    changes: dict[str, list[str]] = {"iati": recording.word(fund.iati)}
    reference, _, name = fund.publisher.strip().partition(" ")
    changes["publisher"] = [f"{reference} {recording.word(name)[0]}" if name.strip() else reference]
    for key, place in (("country", "countries"), ("region", "regions"), ("theme", "themes")):
        changes[key], wrong = recording.portions(getattr(fund, place), place)
        found += wrong
    changes |= {"starts": recording.bare(fund.starts), "ends": recording.bare(fund.ends)}
    changes["overview"] = recording.word(fund.overview)
    changes["deadline"], wrong = _deadlines(fund.deadlines)
    shift, unreadable = recording.percent(fund.category_shift, "category_shift")
    changes["category-shift"] = recording.bare(shift)
    found += [*wrong, *unreadable]
    return recording.settled(record.further if record else [], changes), found


def _deadlines(text: str) -> tuple[list[str], list[Finding]]:
    """A fund's own deadlines as a journal says them, and what is wrong."""
    said: dict[str, str] = {}
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        told = read_deadline(line.split())
        if told is None:
            found.append(Finding("deadline-unreadable", "deadlines", line[:60]))
        elif told[0] in said:
            found.append(Finding("deadline-twice", "deadlines", line[:60]))
        else:
            said[told[0]] = " ".join(line.split())
    return list(said.values()), found


def _saved(model: Any, record: Any, code: str, values: dict[str, Any], **sealed: Any) -> Any:
    if record is None:
        return model.objects.create(code=code, **sealed, **values)
    model.objects.filter(code=code).update(**values)
    return model.objects.get(code=code)


def thing_of_window(window: str, fund: str) -> Thing:
    """What history calls a window."""
    return Thing("window", window, Scope(fund))


def keep_window(*, by: str, code: str, fund: str, title: str, is_new: bool = False, seen: int | None = None) -> Any:
    """Makes a window of a fund, or calls it otherwise. Raises Refused."""
    with history.whole():
        thing = thing_of_window(code, fund)
        history.alone(thing, None if is_new else seen)
        record = models.Window.objects.filter(code=code).first()
        found = _new(record, code) if is_new else [] if record else [Finding("record-unknown", "code", code)]
        if not models.Fund.objects.filter(code=fund).exists():
            found.append(Finding("record-unknown", "fund", fund))
        if record and not is_new and record.fund_id != fund:
            found.append(Finding("window-elsewhere", "fund", fund))
        found += [] if title.strip() else [Finding("field-missing", "title")]
        found += recording.no_nul(title)
        if found:
            raise Refused(*found)
        before = recording.told(records.of_window(record)) if record else {}
        values = {"title": " ".join(title.split())}
        record = _saved(models.Window, record, code, values, fund_id=fund)
        recording.sayable(records.of_window(record))
        recording.keep(by, thing, before, recording.told(records.of_window(record)))
    return record
