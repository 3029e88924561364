"""How results are told at the desk: titles in the reader's language, values, periods, how far something has come."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel import numbers

from quipu.actions.results import framework
from quipu.actions.results.rolled import Standing
from quipu.desk.drawing import said, spoken
from quipu.rules.languages import LANGUAGES
from quipu.rules.results import values
from quipu.rules.results.kinds import BREAKS, BY_PARTS, MILESTONES, NO, SUMS, YES, Kind
from quipu.rules.results.states import State
from quipu.rules.results.values import Value

KIND_LABELS = {
    "outcome": "Outcome",
    "output": "Output",
    "indicator": "Indicator",
    "reading": "Reading",
    "cycle": "Reporting period",
    "list": "Own list",
    "beneficiaries": "Beneficiaries",
    "cut": "What is left out",
}
ACTS = {
    "submit": "Send for approval",
    "take back": "Take back",
    "approve": "Approve",
    "return": "Send back",
    "withdraw": "Withdraw",
}
CHIPS = {
    State.DRAFT: "soft",
    State.SUBMITTED: "note",
    State.RETURNED: "warn",
    State.APPROVED: "ongoing",
    State.WITHDRAWN: "soft",
}
EXPLAINED = {
    Kind.PERCENTAGE: "With its two parts it can be put together with others: 91/200. A share alone, 45.5, is taken too.",
    Kind.RATIO: "Both parts with / between them: 3/4.",
}
CHOSEN = {Kind.YES_NO: (YES, NO), Kind.MILESTONE: MILESTONES}
DECIMALS = Decimal("0.1")


def called(titles: Mapping[str, str]) -> str:
    """A title in the reader's language, or in the first one in which there is one."""
    own = titles.get(spoken().language)
    return str(own or next((titles[each] for each in LANGUAGES if titles.get(each)), ""))


def number(value: Decimal) -> str:
    """A number as the reader's language writes it, with the decimals that it has."""
    return str(numbers.format_decimal(value, locale=spoken().locale, decimal_quantization=False))


def told(value: Value | None) -> str:
    """A value as it is read; "" for none."""
    if value is None:
        return ""
    if value.kind in BY_PARTS:
        parts = (
            said("%(part)s of %(whole)s", part=number(value.part or Decimal(0)), whole=number(value.whole))
            if value.whole
            else ""
        )
        if value.kind == Kind.RATIO:
            return str(parts)
        share = value.measured or Decimal(0)
        rounded = share if value.number is not None else share.quantize(DECIMALS)
        percent = said("%(share)s%%", share=number(rounded))
        return f"{percent} ({parts})" if parts else str(percent)
    if value.number is not None:
        return number(value.number)
    return said(value.text) if value.kind in (Kind.YES_NO, Kind.MILESTONE) else value.text


def kept(indicator: Any, text: str) -> str:
    """A value of an indicator as it was kept, as it is read."""
    return told(values.kept(indicator.kind, text)) if text else ""


def cell(indicator: Any, text: str) -> str:
    """The same of a part."""
    return kept(indicator, text)


def unit(indicator: Any) -> str:
    """What is counted; "" where it is not said, and for what speaks for itself."""
    return called(indicator.unit)


def period(since: date | None, until: date) -> str:
    """From when to when."""
    if since is None:
        return str(said("up to %(until)s", until=spoken().day(until)))
    if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31) and since.year == until.year:
        return str(since.year)
    return str(said("%(since)s to %(until)s", since=spoken().day(since), until=spoken().day(until)))


def of_cycle(cycle: Any) -> str:
    """A reporting period by its name, with its days where it has one."""
    days = period(cycle.since, cycle.until)
    return f"{cycle.title} ({days})" if cycle.title and cycle.title != days else days


def way(standing: Standing) -> str:
    """How far it has come, in words and number; "" where nothing can be said."""
    found = standing.progress
    if found is None:
        return ""
    if found.is_reached:
        return str(said("reached (%(share)s%% of the way)", share=_share(found.share)))
    if found.share < 0:
        return str(said("further away than at the beginning"))
    if not found.share:
        return str(said("nothing of the way yet"))
    return str(said("%(share)s%% of the way", share=_share(found.share)))


def _share(share: Decimal) -> str:
    """A share without decimals; what is nearly all of it is not all of it."""
    whole = share.to_integral_value()
    return number(Decimal(99) if whole == 100 and share < 100 else whole)


def bar(standing: Standing) -> int | None:
    """How much of a bar of a hundred is filled; None for no bar."""
    return None if standing.progress is None else int(min(max(standing.progress.share, Decimal(0)), Decimal(100)))


def is_since(indicator: Any) -> bool:
    """Whether its readings are of periods that begin, as each counts what is new."""
    return bool(indicator.gathers == SUMS)


def lists_of(indicator: Any, own: Mapping[str, Any] | None = None) -> dict[str, tuple[str, dict[str, str], bool]]:
    """The lists that an indicator is told apart by: what they are called, their choices, whether others may be written."""
    theirs = framework.lists_of(indicator.project_id) if own is None else own
    found = {}
    for code in indicator.breaks:
        if code in theirs:
            one = theirs[code]
            found[code] = (called(one.titles), {choice: called(titles) for choice, titles in one.choices}, False)
        elif code in BREAKS:
            each = BREAKS[code]
            found[code] = (
                said(each.label),
                {choice: said(text) for choice, text in each.choices.items()},
                each.is_open,
            )
    return found


def numbered(record: Any) -> str:
    """The number of an outcome or an output, as it stands before its title: 1, or 1.2."""
    parent = getattr(record, "outcome", None)
    return f"{parent.number}.{record.number}" if parent is not None else str(record.number)
