"""One line of a voucher: a movement, its places, its words and its amount."""

import re
from decimal import Decimal
from typing import NamedTuple

from quipu.rules import kinds
from quipu.rules.journal.cursor import LONGEST_CODE, NUMBER_LIKE, RATE, Cursor, either
from quipu.rules.journal.tokens import Token
from quipu.rules.journal.words import BUDGET, UNSTATED, Line, Original, Place, shapes

PLACE = re.compile(r"\?|[A-Za-z0-9._-]+(?:/(?:\?|[A-Za-z0-9._/-]+))?")
LONGEST_RATE = 32
ARROWS = (kinds.IN, kinds.OUT)
UNDER_NEEDED = ("commitment", "commitment_change")
ORIGINAL, YEAR, ADJUSTS, UNDER = "(", "year", "adjusts", "under"  # each opens a part behind the amount


def read_line(cursor: Cursor) -> Line:
    """The line that comes next. Where a fault was noted a place is "?", an amount 0, a word empty."""
    columns = {"": cursor.column}
    movement = _movement(cursor)
    kind = kinds.KINDS.get(movement)
    columns["left"] = cursor.column
    left = read_place(cursor, shapes(movement, "left") if kind or movement == BUDGET else None)
    arrow, right = _right(cursor, movement, columns)
    category, standing = _words(cursor, movement)
    columns["amount"] = cursor.column
    amount = _amount(cursor, movement)
    tail = _tail(cursor, movement, columns)
    cursor.end()
    if movement in UNDER_NEEDED and UNDER not in columns:
        cursor.fault("under and an agreement")
    return Line(
        movement, left, amount, arrow, right, category, standing, *tail, line=cursor.number, columns=columns
    )  # fmt: skip


def read_place(cursor: Cursor, allowed: dict[str, str] | None = None) -> Place:
    """A place in one of the allowed shapes, or in any."""
    expected = either(allowed.values()) if allowed else "a place"
    token = cursor.next
    literal = cursor.expect(PLACE, expected, 2 * LONGEST_CODE + 1)
    code, slash, organization = literal.partition("/")
    place = UNSTATED if code in ("?", "") else Place(code, organization if slash else None)
    if literal and allowed and place.shape not in allowed:
        cursor.fault(expected, token)
    return place


def _movement(cursor: Cursor) -> str:
    word = cursor.word
    kind = kinds.kind(word)
    if kind is None and word != BUDGET:
        cursor.fault("a movement or budget")
    cursor.take()
    return kind.name if kind else word


def _right(cursor: Cursor, movement: str, columns: dict[str, int]) -> tuple[str, Place | None]:
    """The arrow and the place behind it. A missing arrow is noted, and the place read all the same."""
    kind = kinds.KINDS.get(movement)
    found = cursor.word if cursor.word in ARROWS else ""
    wanted = kind.arrow if kind else found if movement != BUDGET else kinds.WITHIN
    if found != wanted:
        cursor.fault(f"the arrow {wanted}" if wanted else "one place, without an arrow")
    if found:
        cursor.take()
    elif not wanted or not PLACE.fullmatch(cursor.word) or NUMBER_LIKE.fullmatch(cursor.word):
        return kinds.WITHIN, None
    columns["right"] = cursor.column
    return found or wanted, read_place(cursor, shapes(movement, "right") if kind and wanted else None)


def _words(cursor: Cursor, movement: str) -> tuple[str, str]:
    """Category and standing, in either order, as far as the movement has them."""
    kind = kinds.KINDS.get(movement)
    wanted: dict[str, tuple[str, ...]] = {}
    if movement == BUDGET or (kind and kind.categorized):
        wanted["category"] = tuple(kinds.CATEGORIES)
    if kind and kind.categorized:
        wanted["standing"] = kinds.STANDINGS
    found: dict[str, str] = {}
    is_misread = False
    while (word := cursor.word) and word not in (ORIGINAL, YEAR, ADJUSTS, UNDER) and not NUMBER_LIKE.match(word):
        meant = next((name for name, words in wanted.items() if word in words and name not in found), "")
        if meant:
            found[meant] = word
        elif kind or movement == BUDGET:
            missing = [f"a {name} ({either(words)})" for name, words in wanted.items() if name not in found]
            cursor.fault(either(missing) if missing else "an amount")
            is_misread = True
        cursor.take()
    if not is_misread:
        for name, words in wanted.items():
            if name not in found:
                cursor.fault(f"a {name} ({either(words)})")
    return found.get("category", ""), found.get("standing", "")


def _amount(cursor: Cursor, movement: str) -> Decimal:
    token = cursor.next
    amount = cursor.amount()
    _refuse_negative(cursor, movement, amount, token)
    return amount


def _refuse_negative(cursor: Cursor, movement: str, amount: Decimal, token: Token | None) -> None:
    kind = kinds.KINDS.get(movement)
    if amount >= 0 or (kind is None and movement != BUDGET) or (kind and kind.either_sign):
        return
    instead = f" (the other way it is {kind.instead.replace('_', '-')})" if kind else ""
    cursor.fault(f"an amount from 0 up{instead}", token)


class _Tail(NamedTuple):
    """What follows the amount, in the order a Line has it."""

    original: Original | None = None
    year: int | None = None
    adjusts: int | None = None
    under: str = ""
    note: str = ""


def _tail(cursor: Cursor, movement: str, columns: dict[str, int]) -> _Tail:
    """The parts behind the amount, each at most once and in any order; the note ends the line."""
    tail = _Tail()
    while (word := cursor.word) in (ORIGINAL, YEAR, ADJUSTS, UNDER) and word not in columns:
        cursor.take()
        columns[word] = cursor.column
        match word:
            case "(":
                tail = tail._replace(original=_original(cursor, movement))
            case "year":
                tail = tail._replace(year=cursor.year())
            case "adjusts":
                tail = tail._replace(adjusts=cursor.year())
            case _:
                tail = tail._replace(under=cursor.code("an agreement"))
    return tail._replace(note=cursor.string())


def _original(cursor: Cursor, movement: str) -> Original:
    token = cursor.next
    amount, currency = cursor.money()
    _refuse_negative(cursor, movement, amount, token)
    rate = None
    if cursor.skip("@"):
        rate = Decimal(cursor.expect(RATE, "a rate as 7.25", LONGEST_RATE) or 0)
    if not cursor.skip(")"):
        cursor.fault("a closing parenthesis")
    return Original(amount, currency, rate)
