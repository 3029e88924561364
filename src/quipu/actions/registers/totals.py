"""Totals of a register's amounts that may be told: a further one is kept once enough rows changed since the earlier ones."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from quipu.actions.registers import register as registers
from quipu.books import models
from quipu.rules.registers import rows as rules
from quipu.rules.registers.fields import OF_MONEY
from quipu.rules.registers.telling import Items, items, may_be_told

SUM = "sum"
MOVES = 10  # a total moves once a tenth of its rows changed, five at least


def follow(register: Any) -> None:
    """Keeps the totals that may be told now and were not. Only inside a verb's transaction.

    Only of a register that is public: nothing else is told, and a total that nobody saw would only stand in the way of others.
    """
    schema = registers.schema_of(register)
    money = [one for one in schema.fields if one.type in OF_MONEY]
    if not money or schema.is_of_people or not register.is_public:
        return
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for number, values in register.rows.filter(withdrawn_at=None).order_by("number").values_list("number", "values"):
        for one in money:
            for currency, units in rules.sum_of(rules.amounts(values.get(one.key), one.type)).items():
                found.setdefault((one.key, currency), []).append((number, units))
    for (key, currency), told in found.items():
        now = items(told)
        earlier = told_before(register, key, currency)
        if earlier and len(now ^ earlier[-1]) < len(now) // MOVES:
            continue  # a long register is told anew when a part of it changed, and its totals stay few
        if now not in earlier and may_be_told(earlier, now):
            models.Total.objects.create(
                register=register,
                field=key,
                currency=currency,
                units=sum(units for _, units in told),
                items=[list(one) for one in sorted(told)],
                at=datetime.now(UTC),
            )


def told_before(register: Any, key: str, currency: str) -> list[Items]:
    """All sums of a field in a currency that readers have, or may have: totals, and readings that count it."""
    kept = models.Total.objects.filter(register=register, field=key, currency=currency).order_by("pk")
    found = [items(one) for one in kept.values_list("items", flat=True)]
    counts = models.Count.objects.filter(register=register, reading__indicator__is_public=True).order_by("pk")
    for said, told in counts.values_list("said", "items"):
        if said.get("what") == f"{SUM}:{key}" and said.get("currency") == currency:
            found.append(items(told))
    return found


def last(registers_: Any) -> Iterator[Any]:
    """The total that stands of each register, field and currency."""
    stands: dict[tuple[str, str, str], Any] = {}
    for one in models.Total.objects.filter(register__in=registers_).order_by("pk"):
        stands[one.register_id, one.field, one.currency] = one
    yield from stands.values()
