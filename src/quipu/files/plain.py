"""Cells as plain text: what every file writes of a value."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from quipu.rules.money import exponent, plain, printed
from quipu.rules.table import Cell, Column, Table, Value

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # when a file says it was made: the same table gives the same bytes
UNIT = "Amounts in"
FAILED = "Does not add up"  # how a note begins that a reader must not overlook


def exact(value: Value) -> str:
    """The value as text, decimals exact, nothing for nothing."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)


def texts(cells: Iterable[Cell]) -> list[str]:
    """A row of cells as text."""
    return [exact(cell.value) for cell in cells]


def shown(column: Column, cell: Cell, negative: str, unit: str) -> str:
    """What a reader sees in a cell: an amount rounded by itself to the unit's decimals, a negative one as "({})" or "-{}"."""
    if cell.value is None:
        return ("–" if cell.why else "") if column.figure else cell.label or "Not stated"
    if column.kind == "money" and isinstance(cell.value, Decimal):
        rounded = printed(cell.value, exponent(unit))
        text = f"{abs(rounded):,f}"
        return negative.format(text) if rounded < 0 else text
    if column.kind == "percent" and isinstance(cell.value, Decimal):
        return f"{cell.value:f}"  # as many decimals as it was rounded to
    return cell.label or exact(cell.value)


def facts(table: Table) -> dict[str, str]:
    """What a table says of itself, in words for a reader: whose it is, of when, in which unit."""
    about = dict(table.about)
    about.pop("statement", None)  # its title says it
    if name := about.pop("fund_name", ""):
        about["fund"] = f"{about['fund']} {name}"
    told = {key.replace("_", " ").capitalize(): said for key, said in about.items()}
    return {**told, UNIT: table.unit} if table.unit else told


def facts_of_all(tables: Sequence[Table]) -> dict[str, str]:
    """What all tables of a document say of themselves, to be told once above them."""
    first, *others = (facts(table) for table in tables)
    return {key: said for key, said in first.items() if all(other.get(key) == said for other in others)}


def facts_of_one(table: Table, told: dict[str, str]) -> dict[str, str]:
    """What a table says of itself beyond what was told already."""
    return {key: said for key, said in facts(table).items() if told.get(key) != said}


def sentence(facts_told: dict[str, str]) -> str:
    """Facts as one line."""
    return " · ".join(f"{key} {said}" if key == UNIT else f"{key}: {said}" for key, said in facts_told.items())
