"""Books with returns of six years, their days typed by hand: what an edition and the pages of the gateway make of them."""

from datetime import UTC, date, datetime
from typing import Any

# ORG1 works on P1 from 2018 to 2023, ORG2 on P2 from 2020 to 2023; both have ended, so that no later year is owed.
BOOKS = """
fund VALLEY "Valley fund"
    currency: USD
contributor GIVER "Giver"
organization ORG1 "First organization"
organization ORG2 "Second organization"
project P1 "Terraces"
    fund: VALLEY
    participant: ORG1
project P2 "Springs"
    fund: VALLEY
    participant: ORG2
2018-01-05 deposit ^d1
    deposit VALLEY < GIVER 900,000.00
2018-02-01 transfer ^t1
    transfer VALLEY > P1/ORG1 300,000.00
2020-02-01 transfer ^t2
    transfer VALLEY > P2/ORG2 200,000.00
2019-05-20 return ^return-A18
    expenditure P1/ORG1 travel certified 10,000.00 year 2018
2020-05-20 return ^return-A19
    expenditure P1/ORG1 travel certified 20,000.00 year 2019
2021-06-20 return ^return-A20
    expenditure P1/ORG1 travel certified 30,000.00 year 2020
2022-04-20 return ^return-A21
    expenditure P1/ORG1 operating certified 0.00 year 2021
2021-05-20 return ^return-B20
    expenditure P2/ORG2 staff certified 1,000.00 year 2020
2022-05-20 return ^return-B21
    expenditure P2/ORG2 staff certified 2,000.00 year 2021
2023-05-20 return ^return-B22
    expenditure P2/ORG2 staff certified 3,000.00 year 2022
2023-09-01 return ^return-I23
    expenditure P2/ORG2 staff interim 4,000.00 year 2023
2023-12-31 status P1 operationally-closed ^s1 "ended"
2023-12-31 status P2 operationally-closed ^s2 "ended"
2024-04-10 return ^return-A23
    expenditure P1/ORG1 travel certified 50,000.00 year 2023
    expenditure P1/ORG1 staff certified 7,000.00 year 2023
2024-07-05 return ^return-A23b replaces ^return-A23
    expenditure P1/ORG1 travel certified 48,000.00 year 2023
    expenditure P1/ORG1 indirect certified 500.00 year 2023
"""
# Code, organization, year, kind, version, state, the day of the signature, the day of acceptance
RETURNS = (
    ("A18", "ORG1", 2018, "annual", 1, "accepted", "2019-04-30", "2019-05-20"),
    ("A19", "ORG1", 2019, "annual", 1, "accepted", "2020-05-01", "2020-05-20"),
    ("A20", "ORG1", 2020, "annual", 1, "accepted", "2021-06-15", "2021-06-20"),
    ("A21", "ORG1", 2021, "annual", 1, "accepted", "2022-04-10", "2022-04-20"),
    ("A23", "ORG1", 2023, "annual", 1, "restated", "2024-04-01", "2024-04-10"),
    ("A23b", "ORG1", 2023, "annual", 2, "accepted", "2024-07-01", "2024-07-05"),
    ("B20", "ORG2", 2020, "annual", 1, "accepted", "2021-04-29", "2021-05-20"),
    ("B21", "ORG2", 2021, "annual", 1, "accepted", "2022-04-29", "2022-05-20"),
    ("B22", "ORG2", 2022, "annual", 1, "accepted", "2023-05-03", "2023-05-20"),
    ("I23", "ORG2", 2023, "interim", 1, "accepted", "2023-08-20", "2023-09-01"),
)
WORKBOOK = "c5" * 32
REMARK = "Our accounts closed in May."


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


def returned(ledger: Any) -> None:
    """Posts the books, and keeps the returns behind them."""
    from quipu.books import models

    ledger.post(BOOKS)
    positions = dict(models.Posting.objects.values_list("key", "position"))
    for code, body, year, kind, version, state, signed, accepted in RETURNS:
        given(
            *(code, body, year, kind, version, state),
            signed=signed,
            accepted_at=noon(accepted),
            review_at=noon(accepted),
            position=positions[f"return-{code}"],
            nil=code == "A21",
            workbook=WORKBOOK if code == "A23b" else "",
            remark=REMARK if code == "A19" else "",
            until=date(2023, 6, 30) if code == "I23" else None,
            reason="An invoice was booked twice." if code == "A23b" else "",
            restates_id="A23" if code == "A23b" else None,
        )
    granted("ORG1", 2020, until=date(2021, 6, 15), reason="The audit", decision="Granted for the audit.")
    granted("ORG1", 2022, until=None, reason="No work in that year", decision="Nothing is owed.")
    models.Dispensation.objects.create(
        **{"fund_id": "VALLEY", "organization_id": "ORG2", "year": 2021, "duty": "annual_return", "granted": False},
        **{"reason": "refused", "asked_by": "x", "asked_at": noon("2022-04-01"), "until": date(2022, 12, 31)},
    )
    waived("ORG1", 2023, "return-negative", "P1/travel", "A supplier paid back late.")


def given(
    code: str, body: str, year: int, kind: str, version: int, state: str, *, signed: str = "", **words: Any
) -> Any:
    """A return as it stands. signed: the day on which it was submitted, "" for one that never was."""
    from quipu.actions.returns import standing
    from quipu.books import models

    now = noon(signed or "2024-01-01")
    is_in = bool(signed) and state not in ("draft", "for certification", "sent back")
    made = models.Return.objects.create(
        code=code,
        fund_id="VALLEY",
        organization_id=body,
        year=year,
        kind=kind,
        version=version,
        state=state,
        author="writer",
        made_at=now,
        changed_at=now,
        submitted_at=now if is_in else None,
        signed_at=now if is_in and kind != "interim" else None,
        **words,
    )
    if signed:
        content = standing.content_of(made)
        models.Signed.objects.create(of=made, number=1, content=content, digest="0" * 64, act="a", by="signer", at=now)
    return made


def granted(body: str, year: int, **words: Any) -> None:
    """More time for an annual return, or none at all of it."""
    from quipu.books import models

    models.Dispensation.objects.create(
        **{"fund_id": "VALLEY", "organization_id": body, "year": year, "duty": "annual_return", "granted": True},
        **{
            "asked_by": "x",
            "asked_at": noon("2021-04-01"),
            "decided_by": "y",
            "decided_at": noon("2021-04-02"),
            **words,
        },
    )


def waived(body: str, year: int, rule: str, row: str, reason: str) -> None:
    """A rule that the agent waived."""
    from quipu.books import models

    models.Waived.objects.create(
        fund_id="VALLEY",
        organization_id=body,
        year=year,
        rule=rule,
        row=row,
        reason=reason,
        by="agent",
        at=noon("2024-04-05"),
    )
