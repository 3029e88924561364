"""A year as the agent sees it: every organization's part of every fund, how it stands, and its figures beside last year's.

Figures come from the ledger, or out of a return that was submitted; never out of one that was not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quipu.actions.returns import owing
from quipu.books import models, office, records
from quipu.books import returns as ledger
from quipu.rules.kinds import INTERIM
from quipu.rules.mandates import Scope
from quipu.rules.returns import checks, rows, states
from quipu.rules.returns import obligations as rules
from quipu.rules.returns.checks import Part, Said
from quipu.rules.returns.obligations import ANNUAL, Owed
from quipu.rules.returns.rows import AMOUNT, Row

SUBMITTED = "submitted"  # beside the ledger's own certified and interim: not posted yet
LOOKED_AT = ("return-above-funded", "return-zero")  # rules of a return that a whole year is looked through with


@dataclass(slots=True)
class Line:
    """An organization's part of a fund in a year. before, now: spending in minor units, None where nothing is in.

    standing: certified, interim or submitted. unusual: words of rules/returns/obligations, and names of checks.
    """

    fund: str
    organization: str
    currency: str
    owed: dict[str, list[Owed]] = field(default_factory=dict)  # by duty
    before: int | None = None
    before_interim: int = 0
    now: int | None = None
    now_interim: int = 0
    standing: str = ""
    unusual: list[str] = field(default_factory=list)

    @property
    def annual(self) -> Owed | None:
        """The annual return; None where only work of earlier years ended."""
        return next(iter(self.owed.get(ANNUAL, [])), None)

    @property
    def change(self) -> int | None:
        """What was spent more than the year before."""
        return None if self.now is None or self.before is None else self.now - self.before


@dataclass(slots=True)
class Survey:
    """A year with all its lines, by organization and fund; reports: what the agent itself owes, by fund."""

    year: int
    today: date
    lines: list[Line]
    reports: dict[str, Owed]
    funds: dict[str, Any]
    organizations: dict[str, str]

    def narrowed(self, lines: Iterable[Line]) -> "Survey":
        """The same with some of its lines."""
        return Survey(self.year, self.today, list(lines), self.reports, self.funds, self.organizations)

    def all_owed(self) -> Iterator[Owed]:
        """Every obligation of its lines."""
        for line in self.lines:
            for several in line.owed.values():
                yield from several


@dataclass(slots=True)
class Total:
    """Sums of lines of one currency, in minor units. interim, submitted: of now. change: of lines with figures of both years."""

    currency: str
    before: int = 0
    before_interim: int = 0
    now: int = 0
    interim: int = 0
    submitted: int = 0
    change: int = 0
    silent: int = 0  # lines of which nothing is in


def survey(year: int, reach: Iterable[Scope]) -> Survey:
    """A year, as far as it lies within a reach."""
    today = office.today()
    owed = owing.within(owing.owed([year], today), reach)
    funds = {one.code: one for one in models.Fund.objects.filter(code__in={one.fund for one in owed})}
    lines: dict[tuple[str, str], Line] = {}
    reports = {}
    for one in owed:
        if not one.organization:
            reports[one.fund] = one
            continue
        line = lines.setdefault(
            (one.organization, one.fund), Line(one.fund, one.organization, funds[one.fund].currency)
        )
        line.owed.setdefault(one.duty, []).append(one)
    _figures(lines.values(), year)
    names = models.Organization.objects.filter(code__in={body for body, _ in lines}).values_list("code", "title")
    titles = {code: title or code for code, title in names}
    found = sorted(lines.values(), key=lambda line: (titles.get(line.organization, ""), line.organization, line.fund))
    return Survey(year, today, found, reports, funds, titles)


def _figures(lines: Iterable[Line], year: int) -> None:
    parts = ledger.everybodys(year, ledger.participations())
    sent = _submitted(year)
    for line in lines:
        own = parts.get((line.fund, line.organization), {})
        _before(line, own, year - 1)
        cells, line.standing = _cells(own, year, sent.get((line.fund, line.organization)))
        if not line.standing:
            continue
        said = Said("annual", year, cells, own)
        line.now = sum(sum(spent.values()) for spent in said.spending().values())
        line.now_interim = _interim(own, year) if line.standing == INTERIM else 0
        if line.standing == INTERIM and (line.fund, line.organization) in sent:
            line.now_interim = line.now
        unusual = rules.unusual(line.before or 0, line.now)
        found = [finding.rule for finding in checks.judge(said) if finding.rule in LOOKED_AT]
        line.unusual = [*filter(None, [unusual]), *dict.fromkeys(found)]


def _interim(own: dict[str, Part], year: int) -> int:
    spent = (one for part in own.values() for one in part.spent if one.year == year and one.adjusts is None)
    return sum(one.amount for one in spent if one.standing == INTERIM)


def _before(line: Line, own: dict[str, Part], year: int) -> None:
    spent = [one for part in own.values() for one in part.spent if one.year == year and one.adjusts is None]
    if spent:
        line.before, line.before_interim = sum(one.amount for one in spent), _interim(own, year)


def _cells(own: dict[str, Part], year: int, sent: Any) -> tuple[dict[str, dict[str, Any]], str]:
    """A year's spending by row, and how it stands: a submitted return until it is posted, else what the ledger holds."""
    if sent is not None:
        told = ((rows.read(key), cell) for key, cell in sent.cells.items())
        kept = {
            row.key: {AMOUNT: cell[AMOUNT]}
            for row, cell in told
            if row is not None and row.is_spending and row.adjusts is None and isinstance(cell.get(AMOUNT), int)
        }
        return kept, INTERIM if sent.kind == states.INTERIM else SUBMITTED
    cells: dict[str, dict[str, Any]] = {}
    standings = set()
    for part in own.values():
        for one in part.spent:
            if one.year == year and one.adjusts is None:
                cell = cells.setdefault(Row(part.project, one.category).key, {AMOUNT: 0})
                cell[AMOUNT] += one.amount
        standings.add(part.standing(year))
    standings.discard("")
    return cells, INTERIM if INTERIM in standings else next(iter(standings), "")


def _submitted(year: int) -> dict[tuple[str, str], Any]:
    """Returns that the agent has and that are not posted; annual ones before interim ones."""
    found: dict[tuple[str, str], Any] = {}
    merged = records.mergers()
    sent = models.Return.objects.filter(
        year=year, state__in=[*map(str, states.WITH_AGENT)], kind__in=[states.INTERIM, states.ANNUAL]
    )
    for one in sent.order_by("-kind", "version"):  # interim, then annual
        found[one.fund_id, records.shown_as(one.organization_id, merged)] = one
    return found


def totals(lines: Iterable[Line]) -> list[Total]:
    """Exact sums by currency; nothing is converted."""
    found: dict[str, Total] = {}
    for line in lines:
        total = found.setdefault(line.currency, Total(line.currency))
        total.before += line.before or 0
        total.before_interim += line.before_interim
        total.now += line.now or 0
        total.interim += line.now_interim
        total.submitted += (line.now or 0) if line.standing == SUBMITTED else 0
        total.change += line.change or 0
        total.silent += line.now is None
    return [found[currency] for currency in sorted(found)]


def lacking(owed: Iterable[Owed], fund: str) -> list[Owed]:
    """What a fund's year is closed without: what is missing, and returns that came in and are not accepted yet."""
    every = list(owed)
    waiting = [
        one for one in every if one.fund == fund and one.duty == ANNUAL and one.state in [*map(str, states.WITH_AGENT)]
    ]
    return [*rules.missing(every, fund), *waiting]


def named(one: Owed) -> str:
    """What is missing in a word that stays readable: kept with a closing and a report."""
    who = " ".join(filter(None, (one.organization, one.project)))
    if not one.is_missing:
        return f"{one.duty}/{who}/{one.state}"
    return f"{one.duty}/{who}/{one.mark}"
