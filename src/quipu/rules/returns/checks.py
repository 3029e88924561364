"""Judges of a return: each yields where its rule of the registry is broken, with the figures that show it.

They look at what the return says (`Said`) and at what the books hold of each project (`Part`), in whole minor units.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from quipu.rules import controls, figures
from quipu.rules.controls import DEFAULT_INDIRECT
from quipu.rules.difference import Cells
from quipu.rules.findings import ERROR, WARNING, Finding
from quipu.rules.kinds import CATEGORIES
from quipu.rules.money import of_minor_units, printed
from quipu.rules.returns import rows
from quipu.rules.returns.registry import CHECKS
from quipu.rules.returns.rows import AMOUNT, COMMENT, INTEREST, NEW_CATEGORIES_FROM, NOTE, REFUND, Row
from quipu.rules.returns.states import FINAL

SHIFT = Decimal(15)  # per cent that a category may be exceeded by (domain.md, Revision; default)
DISPUTED, CONFIRMED = "disputed", "confirmed"


@dataclass(frozen=True, slots=True)
class Spent:
    """What stands in the ledger of a participation: a year's spending in a category. adjusts: the year it corrects."""

    year: int
    category: str
    standing: str
    adjusts: int | None
    amount: int


@dataclass(slots=True)
class Part:
    """An organization's part of a project as the books hold it; amounts in minor units, up to today.

    organization: the code under which it takes part. number: its own for the project. rate: indirect cost in per cent,
    "" for the default, None without a memorandum. began: the day of the first transfer; ended: of operational closure.
    moved: by movement and year. budgets: by category and year.
    """

    fund: str
    currency: str
    project: str
    title: str
    organization: str
    number: str = ""
    rate: str | None = None
    shift: Decimal = SHIFT
    small_balance: int = 0
    starts: date | None = None
    ends: date | None = None
    began: date | None = None
    ended: date | None = None
    is_closed: bool = False
    spent: list[Spent] = field(default_factory=list)
    moved: dict[tuple[str, int], int] = field(default_factory=dict)
    budgets: dict[tuple[str, int], int] = field(default_factory=dict)

    def movement(self, movement: str, until: int = 9999, since: int = 0) -> int:
        """All of a movement in a span of years."""
        return sum(amount for (name, year), amount in self.moved.items() if name == movement and since <= year <= until)

    def funded(self, until: int) -> int:
        """The net funded amount up to the end of a year, with direct cost for a project of that kind."""
        sums: dict[str, int] = defaultdict(int)
        for (movement, year), moved in self.moved.items():
            sums[movement] += moved if year <= until else 0
        return controls.amount(figures.net_funded, sums) + controls.amount(figures.direct_costs, sums)

    @property
    def indirect_rate(self) -> Decimal:
        """The agreed rate of indirect cost, in per cent."""
        return Decimal(self.rate) if self.rate else DEFAULT_INDIRECT

    def indirect_on(self, direct: int) -> int:
        """What that rate makes of direct cost, in whole minor units, half up."""
        return int(printed(direct * self.indirect_rate / 100))

    def spending(self, since: int = 0, until: int = 9999, category: str = "", standing: str = "") -> int:
        """What stands as spent in a span of years, corrections of earlier years included."""
        return sum(
            one.amount
            for one in self.spent
            if since <= one.year <= until and category in ("", one.category) and standing in ("", one.standing)
        )

    def standing(self, year: int) -> str:
        """What the year's figures are in the ledger: certified, interim, or "" where nothing was reported."""
        found = {one.standing for one in self.spent if one.year == year and one.adjusts is None}
        return found.pop() if len(found) == 1 else "interim" if found else ""

    def budget(self, category: str, year: int | None = None) -> int | None:
        """The budget in force of a category; of one year, where budgets were set for several. None: none is kept."""
        years = {one for _, one in self.budgets}
        if year is not None and len(years) < 2:
            return None
        found = [amount for (name, one), amount in self.budgets.items() if name == category and year in (None, one)]
        return sum(found) if found else None

    def reports_on(self, year: int) -> bool:
        """Whether it owes figures of that year: paid for by then, and work had not ended before."""
        return self.began is not None and self.began.year <= year and (self.ended is None or self.ended.year >= year)


@dataclass(frozen=True, slots=True)
class Said:
    """What a return says. answers: of each transfer, by its entry's number, (confirmed or disputed, comment).

    transfers: the entries that want an answer. closed: the years of the fund that are closed. nil: nothing was spent.
    stated: totals that came with a file, by project. before: the last accepted version's cells, None without one.
    """

    kind: str
    year: int
    cells: Cells
    parts: Mapping[str, Part]  # by project
    closed: frozenset[int] = frozenset()
    transfers: tuple[int, ...] = ()
    answers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nil: bool = False
    stated: Mapping[str, int] = field(default_factory=dict)
    before: Cells | None = None

    def rows(self) -> Iterator[tuple[Row, int]]:
        """Its rows with an amount, those that cannot be read left out."""
        for key, cell in self.cells.items():
            row, amount = rows.read(key), cell.get(AMOUNT)
            if row is not None and isinstance(amount, int):
                yield row, amount

    def spending(self) -> dict[str, dict[str, int]]:
        """The year's own spending by project and category; corrections of other years are not in it."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for row, amount in self.rows():
            if row.is_spending and row.adjusts is None:
                found[row.project][row.category] = amount
        return found


Judge = Callable[[Said], Iterable[Finding]]


def _rows(said: Said) -> Iterator[Finding]:
    """Rows that name a project of the organization and a category of the year."""
    for key in said.cells:
        row = rows.read(key)
        if row is None or row.project not in said.parts:
            yield Finding("return-project", key)
        elif row.is_spending and row.category not in CATEGORIES:
            yield Finding("return-category", key, row.category)
        elif row.is_spending:
            year = row.adjusts or said.year
            known = CATEGORIES[row.category]
            if row.category == "uncategorized" or known.since_2012 != (year >= NEW_CATEGORIES_FROM):
                yield Finding("return-category-era", key, f"{row.category}, {year}")


def _adjustments(said: Said) -> Iterator[Finding]:
    for row, amount in said.rows():
        if row.adjusts is None:
            continue
        if row.adjusts >= said.year or row.adjusts not in said.closed or said.kind == FINAL or not row.is_spending:
            yield Finding("return-adjusts", row.key, str(row.adjusts))
        elif amount:
            yield Finding("return-adjustment", row.key)


def _days(said: Said) -> Iterator[Finding]:
    for row, amount in said.rows():
        part = said.parts.get(row.project)
        if part is None or not amount or not row.is_spending or said.kind == FINAL:
            continue
        if part.is_closed:
            yield Finding("return-after-closure", row.key)
        elif part.began is None or part.began.year > said.year:
            yield Finding("return-before-start", row.key, str(part.began or ""))
        elif part.ended is not None and part.ended.year < said.year:
            yield Finding("return-after-end", row.key, str(part.ended))


def _negative(said: Said) -> Iterator[Finding]:
    for row, amount in said.rows():
        if amount < 0 and row.adjusts is None:
            yield Finding("return-negative", row.key, _amount(amount, said.parts.get(row.project)))


def _indirect(said: Said) -> Iterator[Finding]:
    for project, spent in said.spending().items():
        part = said.parts.get(project)
        if part is None:
            continue
        indirect = [name for name in spent if name in CATEGORIES and CATEGORIES[name].indirect]
        charged = sum(spent[name] for name in indirect)
        direct, rate = sum(spent.values()) - charged, part.indirect_rate
        if abs(direct * rate / 100 - charged) > 1:
            name = indirect[0] if indirect else ("indirect" if said.year >= NEW_CATEGORIES_FROM else "old-indirect")
            detail = f"{_amount(charged, part)}: {rate}% × {_amount(direct, part)}"
            yield Finding("return-indirect", Row(project, name).key, detail)


def _totals(said: Said) -> Iterator[Finding]:
    """A project's spending since its beginning, against what was certified, what came in and what was budgeted."""
    for project, spent in said.spending().items():
        part = said.parts.get(project)
        if part is None:
            continue
        before = 0 if said.kind == FINAL else part.spending(until=said.year - 1)
        total = sum(spent.values()) + before
        certified = part.spending(until=said.year, standing="certified")
        if total < certified:
            yield Finding(
                "return-below-certified", Row(project, NOTE).key, f"{_amount(total, part)} < {_amount(certified, part)}"
            )
        funded = part.funded(said.year)
        if total > funded:
            yield Finding(
                "return-above-funded", Row(project, NOTE).key, f"{_amount(total, part)} > {_amount(funded, part)}"
            )
        for category, amount in spent.items():
            yield from _budget(said, part, category, amount)


def _budget(said: Said, part: Part, category: str, amount: int) -> Iterator[Finding]:
    key, room = Row(part.project, category).key, 1 + part.shift / 100
    budget = part.budget(category)
    earlier = 0 if said.kind == FINAL else part.spending(until=said.year - 1, category=category)
    if budget is not None and amount > 0 and earlier + amount > budget * room:
        yield Finding("return-above-budget", key, f"{_amount(earlier + amount, part)} > {_amount(budget, part)}")
    plan = part.budget(category, said.year)
    if plan is not None and said.kind != FINAL and amount > plan * room:
        yield Finding("return-above-plan", key, f"{_amount(amount, part)} > {_amount(plan, part)}")


def _zero(said: Said) -> Iterator[Finding]:
    """A project that reports nothing, though money came in the year or was spent the year before."""
    spent = said.spending()
    for project, part in said.parts.items():
        is_at_work = part.reports_on(said.year) and (
            part.movement("transfer", said.year, said.year) > 0 or part.spending(said.year - 1, said.year - 1) > 0
        )
        if is_at_work and not any(spent.get(project, {}).values()):
            yield Finding("return-zero", Row(project, NOTE).key)


def _interest(said: Said) -> Iterator[Finding]:
    for project, part in said.parts.items():
        held = part.funded(said.year - 1) - part.spending(until=said.year - 1)
        if held > 0 and AMOUNT not in said.cells.get(Row(project, INTEREST).key, {}) and not said.nil:
            yield Finding("return-interest", Row(project, INTEREST).key, _amount(held, part))


def _refunds(said: Said) -> Iterator[Finding]:
    for row, amount in said.rows():
        part = said.parts.get(row.project)
        if part is None or row.category != REFUND:
            continue
        held = part.movement("refund", said.year, 0 if said.kind == FINAL else said.year)
        if amount != held:
            yield Finding("return-refund", row.key, f"{_amount(amount, part)} ≠ {_amount(held, part)}")


def _sums(said: Said) -> Iterator[Finding]:
    spent = said.spending()
    for project, stated in said.stated.items():
        total = sum(spent.get(project, {}).values())
        if stated != total:
            part = said.parts.get(project)
            yield Finding("return-sum", Row(project, NOTE).key, f"{_amount(stated, part)} ≠ {_amount(total, part)}")


def _answers(said: Said) -> Iterator[Finding]:
    for number, (answer, _) in said.answers.items():
        if answer == DISPUTED:
            yield Finding("return-disputed", f"transfer {number}")


def _final(said: Said) -> Iterator[Finding]:
    if said.kind != FINAL:
        return
    for project, part in said.parts.items():
        spent = said.spending().get(project, {})
        left = part.funded(9999) - sum(spent.values())
        if left:
            yield Finding("return-balance", Row(project, NOTE).key, _amount(left, part))


def _changed(said: Said) -> Iterator[Finding]:
    if said.before is None:
        return
    for key in {**said.before, **said.cells}:
        old, new = (cells.get(key, {}).get(AMOUNT) for cells in (said.before, said.cells))
        if old != new:
            part = said.parts.get(getattr(rows.read(key), "project", ""))
            yield Finding("return-changed", key, f"{_amount(old, part)} → {_amount(new, part)}")


JUDGES: tuple[Judge, ...] = (
    *(_rows, _adjustments, _days, _negative, _indirect, _totals, _zero, _interest, _refunds, _sums, _answers),
    *(_final, _changed),
)


def judge(said: Said) -> list[Finding]:
    """All that is to be said of a return, in the order of its rows."""
    order = {key: n for n, key in enumerate(said.cells)}
    found = [finding for one in JUDGES for finding in one(said)]
    return sorted(found, key=lambda one: (order.get(one.place, len(order)), one.place))


def is_commented(finding: Finding, said: Said) -> bool:
    """Whether a comment stands beside what is warned of, in its own row: the project's comment where it is about all of it."""
    if finding.place.startswith("transfer "):
        return bool(said.answers.get(finding.place.removeprefix("transfer "), ("", ""))[1].strip())
    return bool(said.cells.get(finding.place, {}).get(COMMENT))


def unanswered(said: Said) -> list[str]:
    """The numbers of transfers that were neither confirmed nor disputed."""
    return [str(number) for number in said.transfers if str(number) not in said.answers]


def standing_in_the_way(said: Said, waived: Iterable[tuple[str, str]]) -> list[Finding]:
    """What keeps it from being handed over: rules that block and are not waived, warnings without a comment.

    waived: rule and row, "" for all of its rows.
    """
    waived = set(waived)
    found = []
    for one in judge(said):
        is_waived = CHECKS[one.rule].waivable and ((one.rule, one.place) in waived or (one.rule, "") in waived)
        if (one.severity == ERROR and not is_waived) or (
            one.severity == WARNING and not is_waived and not is_commented(one, said)
        ):
            found.append(one)
    return found


def _amount(units: object, part: Part | None) -> str:
    return f"{of_minor_units(units, part.currency if part else 'USD'):,f}" if isinstance(units, int) else "–"
