"""The statement that a certifier signs: a text of ours with funds, years and totals, in its reader's language."""

from collections.abc import Sequence
from typing import Any

from quipu.desk.drawing import said, units
from quipu.desk.returns.listing import total_of
from quipu.desk.returns.words import KIND_LABELS


def of(records: Sequence[Any]) -> str:
    """The text for some returns of one organization, in the language that is spoken."""
    body = records[0].organization
    name = body.title or body.code
    told = [said("On behalf of %(organization)s I certify for each of these returns:", organization=name)]
    for one in records:
        line = said(
            "%(kind)s %(year)s, %(fund)s: expenditure of %(total)s %(currency)s",
            kind=said(KIND_LABELS[one.kind]),
            year=one.year,
            fund=f"{one.fund_id} {one.fund.title}".strip(),
            total=units(total_of(one.cells), one.fund.currency),
            currency=one.fund.currency,
        )
        told.append(f"– {line}{_version(one)}")
    told.append(
        said(
            "The expenditure is taken from the organization's books, was incurred for the projects that are named and "
            "within the agreements with the fund, and is reported to no other source of funds. Transfers, refunds and "
            "interest stand as the organization holds them; where it holds them otherwise than the administrative agent, "
            "the statement of account says so."
        )
    )
    return "\n\n".join((told[0], "\n".join(told[1:-1]), told[-1]))


def _version(record: Any) -> str:
    if record.version == 1:
        return ""
    return f" ({said('restated, version %(number)s: %(reason)s', number=record.version, reason=record.reason)})"
