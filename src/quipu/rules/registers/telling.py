"""What may be told of amounts: sums of five rows or more, and never two sums whose difference would tell of fewer.

Whoever has several sums can add and subtract them. What comes out is made of groups of rows that stand together in all of
them: so every such group has five rows or none. An amount that was amended is another one than before.
"""

from collections.abc import Iterable, Sequence

SMALLEST = 5  # rows
Items = frozenset[tuple[int, int]]  # (number of a row, its minor units)


def items(rows: Iterable[Sequence[int]]) -> Items:
    """The rows of a sum with what each adds."""
    return frozenset((number, units) for number, units, *_ in rows)


def may_be_told(earlier: Sequence[Items], now: Items) -> bool:
    """Whether a sum may be told beside those that were told before."""
    if len(now) < SMALLEST:
        return False
    told = [*earlier, now]
    groups: dict[tuple[bool, ...], int] = {}
    for one in frozenset().union(*told):
        at = tuple(one in each for each in told)
        groups[at] = groups.get(at, 0) + 1
    return all(count >= SMALLEST for count in groups.values())
