"""Revolving funds in the books: what stands of a community's box, what a posting adds to it, and what may be said of that."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from quipu.books import models
from quipu.books.standing import rows
from quipu.rules import boxes
from quipu.rules.boxes import Row
from quipu.rules.entries import MOST
from quipu.rules.journal import Books, Revolving, RevolvingLine, minor_units
from quipu.rules.revolving import Totals, loan_code

COLUMNS = ("id", "posting_id", "ordinal", "community_id", "loan_id", "what", "on", "amount", "terms", "reverses_id")


def written(where: str, parameters: Iterable[Any] = ()) -> list[Row]:
    """Rows in the order of the chain."""
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    found = rows(f"SELECT {columns} FROM books_revolvingentry WHERE {where} ORDER BY id", parameters)
    return [Row._make((*row[:6], _day(row[6]), *row[7:])) for row in found]


def of_key(key: str) -> list[Row]:
    """What was posted under a key; nothing where it was not."""
    return written("posting_id = (SELECT position FROM books_posting WHERE key = %s)", [key])


def figures(project: str, day: date) -> list[tuple[Any, Totals]]:
    """The community funds of a programme, each with its figures when the day has ended. Two questions, however many."""
    found = list(models.Community.objects.filter(project=project).order_by("code"))
    own: dict[str, list[Row]] = {community.code: [] for community in found}
    for row in written("community_id IN (SELECT code FROM books_community WHERE project_id = %s)", [project]):
        own[row.community].append(row)
    return [(community, boxes.totals(own[community.code], day)) for community in found]


def keys(positions: Iterable[int]) -> dict[int, str]:
    """The keys of postings, by their positions."""
    return dict(models.Posting.objects.filter(position__in=list(positions)).values_list("position", "key"))


def notes(positions: Iterable[int]) -> dict[int, str]:
    """What was said with postings, by their positions; what was redacted is left out."""
    told = models.Memo.objects.filter(posting__in=list(positions)).values_list("posting_id", "texts")
    return {at: title for at, texts in told if (title := json.loads(texts).get("title", ""))}


def currencies(communities: Iterable[str]) -> dict[str, str]:
    """The currency of each community's box."""
    return dict(models.Community.objects.filter(code__in=list(communities)).values_list("code", "currency"))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


class Boxes:
    """The boxes of communities as one batch of postings finds and fills them."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._rows: dict[str, list[Row]] = {}
        self._by_key: dict[str, list[Row]] = {}

    def take(self, item: Revolving, position: int) -> list[Row]:
        """What the posting adds: its lines, or the mirrors of what it takes back. The words were checked before."""
        if item.reverses:
            made = [
                one._replace(
                    number=position * MOST + n,
                    position=position,
                    ordinal=n,
                    on=item.on,
                    amount=-one.amount,
                    terms="",
                    reverses=one.number,
                )
                for n, one in enumerate(self._of_key(item.reverses), 1)
            ]
        else:
            made = [self._line(item, line, position, n) for n, line in enumerate(item.lines, 1)]
        self.of(item.community).extend(made)
        self._by_key[item.key] = made
        return made

    def of(self, community: str) -> list[Row]:
        """All that was written of a community, the running batch included."""
        if community not in self._rows:
            self._rows[community] = written("community_id = %s", [community])
        return self._rows[community]

    def _of_key(self, key: str) -> list[Row]:
        if key not in self._by_key:
            self._by_key[key] = of_key(key)
        return self._by_key[key]

    def _line(self, item: Revolving, line: RevolvingLine, position: int, n: int) -> Row:
        units = minor_units(line.amount, self.books.community_currency(item.community) or "")
        loan = None if line.loan is None else loan_code(item.community, line.loan)
        terms = str(line.terms) if line.terms else ""
        return Row(
            *(position * MOST + n, position, n, item.community, loan, line.what, item.on, units or 0, terms, None)
        )
