"""The block of a factsheet about communities' revolving funds: totals of the programme, each with its sentence."""

from typing import Any

from django.http import HttpRequest

from quipu.edition import revolving
from quipu.edition.pages import Record
from quipu.rules.revolving import FEW, SENTENCES
from quipu.rules.table import Cell, Column, Table

FEW_FUNDS = "Fewer than five of these funds have lent, so a share would tell of one community: it is not shown."
NOTHING = "Nothing has fallen due, or nothing is outstanding."
NOT_THE_FUNDS = "The money is the communities' own: none of it is in the figures above."


def of_record(request: HttpRequest, record: Record) -> Table | None:
    """The totals of a project of the books that has such funds; None for everything else."""
    if not record["books"] or record["place"] != "child":
        return None
    found = revolving.of_project(request.edition, record["key"])
    return _table(found) if found else None


def _table(found: list[dict[str, Any]]) -> Table:
    columns = [
        Column("currency", "Currency"),
        Column("on", "As of", "date"),
        Column("funds", "Community funds", "count"),
        Column("capital", "Capital", "money"),
        Column("lent", "Lent since the beginning", "money"),
        Column("times_revolved", "Times revolved"),
        Column("outstanding", "Outstanding", "money"),
        Column("repayment_rate", "Repayment rate", "percent"),
        Column("at_risk", "At risk over 30 days", "percent"),
    ]
    rows = []
    for one in found:
        times = one["times_revolved"]
        why = FEW_FUNDS if one["funds"] < FEW or (one["repayment_rate"] is None and one["lent"]) else NOTHING
        rows.append(
            [
                Cell(one["currency"]),
                Cell(one["on"].isoformat()),
                Cell(one["funds"]),
                Cell(one["capital"]),
                Cell(one["lent"]),
                Cell(None if times is None else f"{times:.1f}"),
                Cell(one["outstanding"]),
                *(Cell(one[name], why="" if one[name] is not None else why) for name in ("repayment_rate", "at_risk")),
            ]
        )
    names = ("times_revolved", "outstanding", "repayment_rate", "at_risk")
    return Table(columns, rows, notes=[NOT_THE_FUNDS, *(SENTENCES[name] for name in names)])
