"""A cashbook on paper: one line for each movement, what lies in the box after it, and where the treasurer signs."""

from collections.abc import Sequence
from typing import Any

from quipu.desk.drawing import said, spoken
from quipu.desk.revolving.words import Line, owner
from quipu.files import cashbook
from quipu.rules.money import exponent, of_minor_units


def told(community: Any, lines: Sequence[Line], year: int | None) -> dict[str, Any]:
    """What page and paper are told: the lines of a year, or all; what lay in the box before and lies there after them."""
    of_year = [line for line in lines if year in (None, line.row.on.year)]
    before = [line for line in lines if year is not None and line.row.on.year < year]
    opening = before[-1].left if before else 0
    return {
        "community": community,
        "lines": of_year,
        "opening": opening,
        "carries": bool(before),
        "came": sum(line.came for line in of_year),
        "went": sum(line.went for line in of_year),
        "closing": of_year[-1].left if of_year else opening,
        "period": str(year) if year else said("from the beginning"),
    }


def draw(of: dict[str, Any]) -> bytes:
    """The PDF, in the language that is spoken."""
    community = of["community"]

    def money(units: int, *, blank: bool = False) -> str:
        if blank and not units:
            return ""
        return spoken().money(of_minor_units(units, community.currency), exponent(community.currency))

    rows = [
        {
            "day": spoken().day(line.row.on),
            "what": line.told + (f" – {line.note}" if line.note else ""),
            "came": money(line.came, blank=True),
            "went": money(line.went, blank=True),
            "left": money(line.left),
        }
        for line in of["lines"]
    ]
    if of["carries"]:
        rows.insert(
            0, {"day": "", "what": said("Carried forward"), "came": "", "went": "", "left": money(of["opening"])}
        )
    sheet = cashbook.Cashbook(
        title=said("Cashbook"),
        owner=owner(community),
        facts=[
            (said("District"), community.district or "–"),
            (said("Fund"), community.code),
            (said("Period"), of["period"]),
            (said("Currency"), community.currency),
        ],
        heads=[said("Day"), said("What it was"), said("In"), said("Out"), said("In the box")],
        rows=rows,
        sums=[said("Together"), money(of["came"]), money(of["went"]), money(of["closing"])],
        empty=said("Nothing moved."),
        signs=[said("Treasurer"), said("For the committee"), said("Counted on")],
        language=spoken().language,
        page=said("page {page} of {pages}"),
    )
    return cashbook.draw(sheet)
