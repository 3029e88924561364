"""One return as a page shows it: each project's rows beside budget and earlier years, sums, and findings beside their rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from quipu.actions.returns import standing
from quipu.desk.returns.words import label, percent
from quipu.rules.difference import Cells
from quipu.rules.findings import ERROR, WARNING, Finding
from quipu.rules.kinds import CATEGORIES
from quipu.rules.returns import checks, rows
from quipu.rules.returns.checks import Part, Said
from quipu.rules.returns.registry import CHECKS
from quipu.rules.returns.rows import AMOUNT, COMMENT, NOTE, Row
from quipu.rules.returns.states import FINAL


@dataclass(frozen=True, slots=True)
class Beside:
    """A finding beside its row. answer: "commented" or "waived" where it no longer stands in the way, else ""."""

    finding: Finding
    answer: str

    @property
    def blocks(self) -> bool:
        """Whether it keeps the return from being handed over."""
        return self.finding.severity in (ERROR, WARNING) and not self.answer

    @property
    def may_be_waived(self) -> bool:
        """Whether the agent may waive it, and nobody did."""
        check = CHECKS.get(self.finding.rule)
        return check is not None and check.waivable and self.answer != "waived"


@dataclass(slots=True)
class Line:
    """A row of a project: what stands in the books beside what the return says; minor units, None for nothing."""

    row: Row
    label: str
    budget: int | None
    earlier: int
    last: int
    posted: int
    amount: int | None
    comment: str
    findings: list[Beside] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether it is worth a line where nobody types: something is budgeted, booked, said or found."""
        return any((self.budget, self.earlier, self.last, self.posted, self.comment, self.findings)) or (
            self.amount is not None and (self.amount != 0 or not self.row.is_spending)
        )

    @property
    def is_direct(self) -> bool:
        """Whether indirect cost is computed on it."""
        known = CATEGORIES.get(self.row.category)
        return known is not None and not known.indirect and self.row.adjusts is None

    @property
    def is_indirect(self) -> bool:
        """Whether it is the indirect cost itself."""
        known = CATEGORIES.get(self.row.category)
        return known is not None and known.indirect and self.row.adjusts is None


@dataclass(slots=True)
class Block:
    """A project of a return. lines: its spending; apart: interest, refund and the comment on all of it."""

    part: Part
    lines: list[Line] = field(default_factory=list)
    apart: list[Line] = field(default_factory=list)
    funded: int = 0
    is_final: bool = False

    @property
    def every(self) -> list[Line]:
        """All rows."""
        return [*self.lines, *self.apart]

    def sum_of(self, column: str) -> int | None:
        """A column added up; None where nothing stands in it."""
        found = [value for line in self.lines if (value := getattr(line, column)) is not None]
        return sum(found) if found else None

    @property
    def spent(self) -> int:
        """Since the beginning, with what this return says."""
        said = self.sum_of("amount") or 0
        return said if self.is_final else said + (self.sum_of("earlier") or 0) + (self.sum_of("last") or 0)

    @property
    def delivery(self) -> str:
        """Spending over what was funded."""
        return percent(self.spent, self.funded)

    @property
    def rate(self) -> Decimal:
        """Of indirect cost, in per cent."""
        return self.part.indirect_rate

    @property
    def direct(self) -> int:
        """What indirect cost is computed on."""
        return sum(line.amount or 0 for line in self.lines if line.is_direct)

    @property
    def offered(self) -> int:
        """The indirect cost by the agreed rate, in whole minor units, half up."""
        return self.part.indirect_on(self.direct)

    @property
    def blocking(self) -> int:
        """How many findings keep the return back."""
        return sum(one.blocks for line in self.every for one in line.findings)


def blocks(record: Any, said: Said, cells: Cells, findings: Iterable[Beside], more: Sequence[str] = ()) -> list[Block]:
    """The projects of a return, each with its rows. more: projects that are shown though the year is not about them."""
    found: dict[str, Block] = {}
    beside: dict[str, list[Beside]] = defaultdict(list)
    for one in findings:
        beside[one.finding.place].append(one)
    wanted = [*standing.rows_of(_with(record, cells), said.parts), *rows.of_projects(more, record.year)]
    year, is_final = record.year, record.kind == FINAL
    for row in dict.fromkeys(wanted):
        part = said.parts.get(row.project)
        if part is None:
            continue
        if row.project not in found:
            funded = part.funded(9999 if is_final else year)
            found[row.project] = Block(part, funded=funded, is_final=is_final)
        line = _line(row, part, year, cells)
        line.findings = beside.get(row.key, [])
        block = found[row.project]
        (block.lines if row.is_spending else block.apart).append(line)
    for block in found.values():
        block.lines.sort(key=lambda line: (line.is_indirect, line.row.adjusts or 0))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Has:
    """As much of a return as its rows are asked of."""

    kind: str
    year: int
    cells: Cells


def _with(record: Any, cells: Cells) -> _Has:
    return _Has(record.kind, record.year, cells)


def _line(row: Row, part: Part, year: int, cells: Cells) -> Line:
    cell = cells.get(row.key, {})
    amount, comment = cell.get(AMOUNT), str(cell.get(COMMENT, ""))
    said = amount if isinstance(amount, int) else None
    if row.category == NOTE:
        return Line(row, label(row), None, 0, 0, 0, None, comment)
    if not row.is_spending:
        movement = "refund" if row.category == rows.REFUND else "organization_interest"
        earlier = part.movement(movement, year - 2)
        last, now = part.movement(movement, year - 1, year - 1), part.movement(movement, year, year)
        return Line(row, label(row), None, earlier, last, now, said, comment)
    if row.adjusts is not None:
        now = sum(
            one.amount
            for one in part.spent
            if (one.year, one.adjusts, one.category) == (year, row.adjusts, row.category)
        )
        return Line(row, label(row), None, 0, 0, now, said, comment)
    now = sum(
        one.amount for one in part.spent if one.year == year and one.adjusts is None and one.category == row.category
    )
    earlier, last = (
        part.spending(until=year - 2, category=row.category),
        part.spending(year - 1, year - 1, category=row.category),
    )
    return Line(row, label(row), part.budget(row.category), earlier, last, now, said, comment)


def judged(said: Said, waived: Iterable[Any]) -> list[Beside]:
    """All that the rules have to say, each with what was answered to it."""
    known = {(one.rule, one.row) for one in waived}
    found = []
    for one in checks.judge(said):
        answer = ""
        if CHECKS[one.rule].waivable and ((one.rule, one.place) in known or (one.rule, "") in known):
            answer = "waived"
        elif one.severity == WARNING and checks.is_commented(one, said):
            answer = "commented"
        found.append(Beside(one, answer))
    return found


@dataclass(frozen=True, slots=True)
class Changed:
    """A row of two versions: amounts and comments before and after."""

    row: Row
    title: str
    label: str
    before: int | None
    after: int | None
    was: str
    says: str


def differences(before: Cells, after: Cells, parts: Mapping[str, Part]) -> list[Changed]:
    """Where two versions differ, row by row."""
    found = []
    for key in dict.fromkeys([*before, *after]):
        row, old, new = rows.read(key), before.get(key, {}), after.get(key, {})
        if row is None or old == new:
            continue
        title = parts[row.project].title if row.project in parts else row.project
        amounts = (cell.get(AMOUNT) for cell in (old, new))
        one, other = (value if isinstance(value, int) else None for value in amounts)
        found.append(Changed(row, title, label(row), one, other, str(old.get(COMMENT, "")), str(new.get(COMMENT, ""))))
    return found


@dataclass(frozen=True, slots=True)
class Account:
    """A project in the statement of account; minor units. spent: as this return says."""

    part: Part
    opening: int
    received: int
    refunded: int
    interest: int
    spent: int

    @property
    def closing(self) -> int:
        """What is left with the organization."""
        return self.opening + self.received - self.refunded - self.spent


def totals(lines: Iterable[Account]) -> dict[str, int]:
    """The statement of account added up."""
    every = list(lines)
    names = ("opening", "received", "refunded", "interest", "spent", "closing")
    return {name: sum(getattr(line, name) for line in every) for name in names}


def accounts(said: Said) -> list[Account]:
    """The statement of account by project: opening, what came and went, what this return says was spent, closing."""
    spent: dict[str, int] = defaultdict(int)
    for row, amount in said.rows():
        if row.is_spending:
            spent[row.project] += amount
    found = []
    year, is_final = said.year, said.kind == FINAL
    for code, part in said.parts.items():
        first = 0 if is_final else year
        until = 9999 if is_final else year
        received = part.movement("transfer", until, first) + part.movement("direct_cost", until, first)
        refunded = part.movement("refund", until, first) + part.movement("direct_cost_refund", until, first)
        opening = 0
        if not is_final:
            lost = part.movement("write_off", year - 1)
            opening = part.funded(year - 1) - part.spending(until=year - 1) - lost
        interest = part.movement("organization_interest", until, first)
        if any((opening, received, refunded, interest, spent[code])):
            found.append(Account(part, opening, received, refunded, interest, spent[code]))
    return found
