"""Asking an edition: it runs the question's one SELECT and hands the sums back to the rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.edition.open import Edition
from quipu.rules import asking
from quipu.rules.asking import EXACT, Filter, Question
from quipu.rules.figures import Figure
from quipu.rules.table import LeftOut, Table

_NAMED = {  # dimensions whose values books know by a code as well
    **{"fund": "fund", "project": "project"},
    **dict.fromkeys(("participating_organization", "contributor", "provider", "receiver"), "body"),
}


def in_identities(edition: Edition, asked: Question) -> Question:
    """The question with codes of the books as the identities they stand for: people know a fund or a body by both.

    What is an identity here, of a file's organization for example, is never taken for a code.
    """
    if "identities" not in edition.memo:
        edition.memo["identities"] = {
            (kind, code): identity
            for kind, code, identity in edition.rows(
                "SELECT c.kind, c.code, a.identifier FROM accounts c JOIN activities a USING (key)"
                " WHERE c.code NOT IN (SELECT identifier FROM activities)"
                " UNION ALL SELECT 'body', code, identity FROM bodies"
                " WHERE code NOT IN (SELECT organization FROM organizations)"
            )
        }
    known = edition.memo["identities"]

    def named(each: Filter) -> Filter:
        kind = _NAMED.get(each.dimension, "")
        return replace(each, values=tuple(known.get((kind, value), value) for value in each.values))

    return replace(asked, where=tuple(named(each) for each in asked.where)) if known else asked


def ask(edition: Edition, asked: Question) -> Table:
    """The answer of an edition to a question, with what it had to leave out. Raises BadQuestion for one without figures."""
    return _answer(edition, asked, left_out(edition, asked), _company(edition, asked))


def under(edition: Edition, asked: Question, cuts: Iterable[str]) -> dict[str, Table]:
    """One question under each of several cuts: what it leaves out and who reported it are asked once."""
    left, company = left_out(edition, asked), _company(edition, asked)
    return {cut: _answer(edition, replace(asked, by=(cut, *asked.by)), left, company) for cut in cuts}


def cross(edition: Edition, asked: Question) -> Table | None:
    """One figure by two dimensions, the second side by side; None where no whole can be made of it."""
    select = asking.select(asked)
    found = asking.crossed(asked, edition.rows(select.sql, select.parameters), _interim(edition, asked))
    if found is not None:
        found.left_out = left_out(edition, asked)
        found.about = {"edition": str(edition.number)}
        found.notes += _company(edition, asked)
    return found


def _answer(edition: Edition, asked: Question, left: LeftOut, company: list[str]) -> Table:
    if not asked.figures:
        raise asking.BadQuestion("Name at least one figure.")
    select = asking.select(asked)
    answer = asking.table(asked, edition.rows(select.sql, select.parameters), left, _interim(edition, asked))
    answer.about = {"edition": str(edition.number)}
    answer.notes += company
    return answer


def _company(edition: Edition, asked: Question) -> list[str]:
    """Who reported what is in an answer, and whether it holds examples, as notes beside it."""
    company = asking.select_company(asked)
    ((publishers, illustrative),) = edition.rows(company.sql, company.parameters)
    return asking.notes(publishers, illustrative or 0)


def sums(edition: Edition, asked: Question) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """What a statement is made of: sums per movement, and what of them is interim. The question is cut by nothing."""
    select = asking.select(asked)
    found = (edition.rows(select.sql, select.parameters), _interim(edition, asked))
    whole, unsure = ({movement: amount for _, movement, amount, _ in rows} for rows in found)
    return whole, unsure


def _interim(edition: Edition, asked: Question) -> list[tuple[Any, ...]]:
    """The same sums of interim money alone; not asked again in an edition that holds none."""
    if "interim" not in edition.memo:
        edition.memo["interim"] = bool(edition.rows("SELECT 1 FROM cubes WHERE standing = 'interim' LIMIT 1"))
    unsure = asking.interim(asked) if edition.memo["interim"] else None
    if unsure is None:
        return []
    select = asking.select(unsure)
    return edition.rows(select.sql, select.parameters)


def left_out(edition: Edition, asked: Question) -> LeftOut:
    """What the answer does not hold because it could not be converted, or is too large to be added."""
    select = asking.select_left_out(asked)
    rows = edition.rows(select.sql, select.parameters)
    return LeftOut(sum(count for _, count in rows), tuple(currency or "unknown" for currency, _ in rows))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a trail: what it adds to the figure, and the running total after it."""

    key: int
    ordinal: int
    entry: int
    source: int
    line: int
    on: date
    family: str
    movement: str
    value: Decimal | None
    currency: str
    usd: Decimal | None
    provider: str
    receiver: str
    project: str
    publisher: str
    reference: str
    part: Decimal
    running: Decimal


def count(edition: Edition, asked: Question) -> int:
    """How many entries a question without figures selects."""
    select = asking.select_count(asked)
    return int(edition.rows(select.sql, select.parameters)[0][0])


def trail(
    edition: Edition, asked: Question, *, limit: int = 1_000_000, offset: int = 0, newest: bool = False
) -> Iterator[Step]:
    """The entries that add up to a figure, oldest first. The last running total is the number on the page.

    A question without figures selects entries of all movements; there the running total means nothing.
    """
    figures = [each for each in asked.asked if isinstance(each, Figure)]
    select = asking.select_trail(asked, limit=limit, offset=offset, newest=newest)
    divide = asking.divisor(asked)
    running = Decimal(0)
    for row in edition.rows(select.sql, select.parameters):
        *plain, part = row
        times = sum(each.times(plain[7]) for each in figures) if figures else 1
        signed = EXACT.divide(EXACT.multiply(Decimal(part or 0), Decimal(times)), Decimal(divide))
        running = EXACT.add(running, signed)
        values: list[Any] = [*plain, signed, running]
        yield Step(*values)
