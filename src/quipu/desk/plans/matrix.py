"""A year of a work plan as a page shows it: work by output, quarters side by side, and outputs by organization, with sums."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from quipu.books import models
from quipu.books.plans import closed_quarters
from quipu.desk.drawing import said
from quipu.desk.plans.words import body_name, output_title, titled
from quipu.rules import plans
from quipu.rules.money import of_minor_units
from quipu.rules.plans import OF_YEAR, Quarter, Sums
from quipu.rules.table import Cell, Column, Table


@dataclass(slots=True)
class Row:
    """A piece of work with its lines by quarter, and the sums of the year."""

    work: Any
    lines: dict[int, Any]
    year: Sums


@dataclass(slots=True)
class Group:
    """An output with its work. sums: by quarter, and of the year under 0."""

    output: Any
    title: str
    rows: list[Row] = field(default_factory=list)
    sums: dict[int, Sums] = field(default_factory=dict)


@dataclass(slots=True)
class Matrix:
    """All of a year. by_body: sums by output and organization, "" for all of one side; closed: numbers of quarters."""

    year: int
    groups: list[Group]
    bodies: dict[str, str]
    by_body: dict[tuple[str, str], Sums]
    by_quarter: dict[int, Sums]
    closed: set[int]
    states: dict[str, int]

    @property
    def whole(self) -> Sums:
        """The year."""
        return self.by_body.get(("", ""), Sums())


def of(
    project: Any, year: int, seen: Collection[str] | None, organization: str = "", *, with_empty: bool = False
) -> Matrix:
    """A year of a plan. seen: organizations whose lines are shown, None for all; organization: of one alone.

    with_empty: with work of which nothing is planned in the year, for whoever may plan it.
    """
    lines = models.WorkQuarter.objects.filter(work__project=project, year=year)
    works = models.Work.objects.filter(project=project).select_related("output__outcome", "organization")
    if seen is not None:
        lines, works = lines.filter(work__organization__in=seen), works.filter(organization__in=seen)
    if organization:
        lines, works = lines.filter(work__organization=organization), works.filter(organization=organization)
    found = list(lines.select_related("work").order_by("quarter"))
    by_work: dict[str, dict[int, Any]] = {}
    for line in found:
        by_work.setdefault(line.work_id, {})[line.quarter] = line
    groups: dict[str, Group] = {}
    bodies: dict[str, str] = {}
    for work in works.order_by("output__outcome__number", "output__number", "number"):
        own = by_work.get(work.code, {})
        if not own and (work.ended_at is not None or not with_empty):
            continue
        group = groups.setdefault(work.output_id, Group(work.output, output_title(work.output)))
        group.rows.append(Row(work, own, sum(map(plans.sums_of, own.values()), Sums())))
        bodies[work.organization_id] = body_name(work.organization)
    for (output, number), sums in plans.added(found, lambda line: (line.work.output_id, line.quarter)).items():
        groups[output].sums[number] = sums
    for group in groups.values():
        group.sums[0] = sum(group.sums.values(), Sums())
    return Matrix(
        year,
        list(groups.values()),
        dict(sorted(bodies.items())),
        _by_body(found),
        plans.added(found, lambda line: line.quarter),
        {one.number for one in closed_quarters(project.code) if one.year == year},
        _states(found),
    )


def _by_body(lines: list[Any]) -> dict[tuple[str, str], Sums]:
    """Each line once in its cell, once in each margin, once in the whole."""
    found: dict[tuple[str, str], Sums] = {}
    for by in (
        lambda line: (line.work.output_id, line.work.organization_id),
        lambda line: (line.work.output_id, ""),
        lambda line: ("", line.work.organization_id),
        lambda line: ("", ""),
    ):
        found |= plans.added(lines, by)
    return found


def _states(lines: list[Any]) -> dict[str, int]:
    """How many lines stand in each state, in the order of the states; "" for those that say nothing."""
    found = dict.fromkeys((*plans.State, ""), 0)
    for line in lines:
        found[line.state] += 1
    return {str(state): count for state, count in found.items() if count}


def table(matrix: Matrix, project: Any) -> Table:
    """The plan as a file: a row for each line."""
    currency = project.fund.currency
    columns = [
        *(Column("output", said("Output")), Column("output_title", said("Title of the output"))),
        *(Column("work", said("Code")), Column("title", said("Work")), Column("place", said("Place"))),
        *(Column("organization", said("Organization")), Column("quarter", said("Quarter"))),
        *(Column(name, said(label), "money") for name, label in AMOUNTS.items()),
        *(Column("state", said("How it stands")), Column("remark", said("Remark")), Column("closed", said("Closed"))),
    ]
    rows = []
    for group in matrix.groups:
        for row in group.rows:
            for number, line in sorted(row.lines.items()):
                money = (line.planned, line.committed, line.spent)
                cells = [
                    *(Cell(row.work.output_id), Cell(titled(row.work.output.titles)), Cell(row.work.code)),
                    *(Cell(titled(row.work.titles)), Cell(row.work.place or None), Cell(row.work.organization_id)),
                    Cell(str(Quarter(matrix.year, number))),
                    *(Cell(None if one is None else of_minor_units(one, currency)) for one in money),
                    *(Cell(said(line.state) if line.state else None), Cell(line.remark or None)),
                    Cell(said("yes") if number in matrix.closed else said("no")),
                ]
                rows.append(cells)
    title = said("Work plan %(project)s, %(year)s", project=project.code, year=matrix.year)
    return Table(columns, rows, title=title, unit=currency, about={"project": project.code, "year": str(matrix.year)})


AMOUNTS = {"planned": "Planned", "committed": "Committed", "spent": "Spent"}
QUARTERS = OF_YEAR
