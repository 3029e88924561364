"""Decide what of figures about people becomes public: once for each table and period, kept, and never loosened.

Every verb that makes such figures public decides in its own transaction. An edition shows what was decided, and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Any

from quipu.books import cuts, models
from quipu.books.cuts import TOTAL
from quipu.rules.results import beneficiaries, values
from quipu.rules.results.cutting import Cell, Period, Sum, cut, tilings
from quipu.rules.results.kinds import BREAKS, BY_PARTS, SMALLEST, SUMS, Kind
from quipu.rules.results.states import State

REST = "rest"  # what the parts of a table leave of the whole: nobody writes it, and everybody can work it out
Key = tuple[str, Period]  # list and period


@dataclass(slots=True)
class _Table:
    """The numbers of one source, and how they hang together. Cells are list, period and choice as words."""

    values: dict[Cell, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    smallest: dict[Cell, int] = field(default_factory=dict)
    keys: dict[Cell, tuple[Key, str]] = field(default_factory=dict)

    def put(self, key: Key, choice: str, number: int, limit: int) -> Cell:
        """Takes a number in."""
        since, until = key[1]
        cell: Cell = (key[0], str(since or ""), str(until), choice)
        self.values[cell], self.smallest[cell], self.keys[cell] = number, limit, (key, choice)
        return cell


def limits(project: str, lists: Iterable[str]) -> dict[str, int]:
    """Below which count of people a cell of each list is absent."""
    own = {one.code: one.smallest for one in models.Breakdown.objects.filter(project=project)}
    return {code: own.get(code, BREAKS[code].smallest if code in BREAKS else SMALLEST) for code in lists}


def decide(indicator: Any) -> None:
    """What of an indicator is public from now on; nothing is decided of one that counts no people, or is not public."""
    if not (indicator.is_of_people and indicator.is_public):
        return
    readings = models.Reading.objects.filter(indicator=indicator, state=State.APPROVED).order_by("made_at")
    by_source: dict[str, list[Any]] = defaultdict(list)
    for one in readings:
        by_source[one.source].append(one)
    lists = sorted({code for one in readings for code in one.cells})
    own = limits(indicator.project_id, lists)
    tables: dict[str, _Table] = {}
    withheld: dict[Key, set[str]] = {}
    for source, several in by_source.items():
        table = tables[source] = _Table()
        for one in several:
            _reading(table, one, own, withheld)
        if indicator.gathers == SUMS:
            _over_time(table)
    _decide(indicator.code, tables, withheld)


def decide_beneficiaries(project: str) -> None:
    """What of a programme's tables of beneficiaries is public from now on: those that were reached are people."""
    last = {one.until: one for one in models.Beneficiaries.objects.filter(project=project).order_by("id")}
    table = _Table()
    for until, one in last.items():
        for way, aspect in product(beneficiaries.WAYS, beneficiaries.ASPECTS):
            key: Key = (f"{way}/{aspect}", (None, until))
            limit = SMALLEST if aspect == beneficiaries.REACHED else 0
            told = {who: one.counts.get(f"{way}/{aspect}/{who}") for who in beneficiaries.WHO}
            parts = [
                table.put(key, who, told[who], limit)
                for who in (beneficiaries.WOMEN, beneficiaries.MEN)
                if told[who] is not None
            ]
            if told[beneficiaries.INSTITUTIONS] is not None:
                table.put(key, beneficiaries.INSTITUTIONS, told[beneficiaries.INSTITUTIONS], 0)
            if (all_ := told[beneficiaries.PEOPLE]) is not None:
                _sum(table, key, beneficiaries.PEOPLE, all_, parts, limit)
    _decide(cuts.beneficiaries(project), {"": table}, {})


def _reading(table: _Table, one: Any, own: Mapping[str, int], withheld: dict[Key, set[str]]) -> None:
    period: Period = (one.since, one.until)
    value = values.kept(one.indicator.kind, one.value)
    withheld.setdefault(("", period), set())
    if value.kind == Kind.COUNT:
        assert value.number is not None
        whole = table.put(("", period), TOTAL, int(value.number), SMALLEST)
        for code, cells in one.cells.items():
            key: Key = (code, period)
            parts = [table.put(key, choice, int(number), own[code]) for choice, number in cells.items()]
            rest = int(value.number) - sum(table.values[part] for part in parts)
            if rest:
                parts.append(table.put(key, REST, rest, own[code]))
            table.sums.append(Sum(whole, tuple(parts)))
        return
    # A share of people: shown whole, or not at all
    if _is_few(value, SMALLEST):
        withheld["", period].add(TOTAL)
    for code, cells in one.cells.items():
        told = {choice: values.kept(one.indicator.kind, text) for choice, text in cells.items()}
        few = any(_is_few(each, own[code]) for each in told.values())
        withheld.setdefault((code, period), set()).update(told if few else ())


def _is_few(value: values.Value, limit: int) -> bool:
    """Whether a share tells of few people, on either side of it."""
    if value.kind not in BY_PARTS or value.whole is None or value.part is None:
        return False
    return value.part < limit or (value.kind == Kind.PERCENTAGE and value.whole - value.part < limit)


def _sum(table: _Table, key: Key, choice: str, number: int, parts: list[Cell], limit: int) -> None:
    """A total with its parts, and what they leave of it."""
    whole = table.put(key, choice, number, limit)
    if parts:
        rest = number - sum(table.values[part] for part in parts)
        if rest:
            parts.append(table.put(key, REST, rest, limit))
        table.sums.append(Sum(whole, tuple(parts)))


def _over_time(table: _Table) -> None:
    """A period that is made up of shorter ones is the sum of theirs, choice by choice."""
    by_choice: dict[tuple[str, str], dict[Period, Cell]] = defaultdict(dict)
    for cell, ((list_, period), choice) in table.keys.items():
        by_choice[list_, choice][period] = cell
    for cells in by_choice.values():
        for whole, parts in tilings(cells):
            table.sums.append(Sum(cells[whole], tuple(cells[part] for part in parts)))


def _decide(name: str, tables: Mapping[str, _Table], withheld: Mapping[Key, set[str]]) -> None:
    """Keeps what is absent, of all sources alike, and what is shown."""
    kept = {(one.breakdown, (one.since, one.until)): one for one in models.Cut.objects.filter(table=name)}
    absent: dict[Key, set[str]] = {key: set(choices) for key, choices in withheld.items()}
    for table in tables.values():
        for key, _ in table.keys.values():
            absent.setdefault(key, set())
    for key, one in kept.items():
        absent.setdefault(key, set()).update(one.absent)
    grown = True
    while grown:  # what one source's numbers withhold, no other one's show
        grown = False
        for source, table in tables.items():
            held = [cell for cell, (key, choice) in table.keys.items() if choice in absent[key]]
            told = _told(table, source, kept)
            for cell in cut(table.values, table.sums, table.smallest, held, told):
                key, choice = table.keys[cell]
                if choice not in absent[key]:
                    absent[key].add(choice)
                    grown = True
    now = datetime.now(UTC)
    for key, choices in absent.items():
        (list_, (since, until)), before = key, kept.get(key)
        record = before or models.Cut(table=name, breakdown=list_, since=since, until=until, at=now)
        shown = {
            source: {
                choice: table.values[cell]
                for cell, (there, choice) in table.keys.items()
                if there == key and choice not in choices and choice != REST
            }
            for source, table in tables.items()
        }
        told_now = {**record.told, **{source: numbers for source, numbers in shown.items() if numbers}}
        if before is None or sorted(choices) != before.absent or told_now != before.told:
            record.absent, record.told, record.at = sorted(choices), told_now, now
            record.save()


def _told(table: _Table, source: str, kept: Mapping[Key, Any]) -> dict[Cell, int]:
    """What was shown of a source before."""
    found = {}
    for cell, (key, choice) in table.keys.items():
        before = kept.get(key)
        if before is not None and choice in before.told.get(source, {}):
            found[cell] = before.told[source][choice]
    return found
