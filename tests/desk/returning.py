"""A house with money at work, for the tests of returns: two organizations, two funds, years that are open and closed."""

from typing import Any

from tests.desk.cast import Cast

REPORTER, CERTIFIER = "organization reporter", "organization certifier"
FINANCE, APPROVER, MANAGER = "agent finance officer", "agent approver", "portfolio manager"
# P1 is paid in 2023 and 2024, P3 in 2024 of another fund; 2022 is closed.
MONEY = """
project P3 "Harbour lights"
    fund: COAST
    participant: ORG1 "OWN-3"
project P4 "Old road"
    fund: VALLEY
    participant: ORG1
mou COAST ORG1
    indirect-cost: 8%

2022-01-10 deposit ^m-d0
    deposit VALLEY < GIVER 900,000.00 under SAA1
2022-02-01 allocation ^m-a0 "minute 0"
    allocation VALLEY > P1/ORG1 400,000.00
    allocation VALLEY > P4/ORG1 50,000.00
2022-02-02 transfer ^m-t0
    transfer VALLEY > P1/ORG1 100,000.00
2022-02-03 transfer ^m-t4
    transfer VALLEY > P4/ORG1 40,000.00
2022-12-31 return ^m-r22
    expenditure P1/ORG1 travel certified 10,000.00 year 2022
    expenditure P1/ORG1 indirect certified 700.00 year 2022
    expenditure P4/ORG1 staff certified 30,000.00 year 2022
2022-12-31 status P4/ORG1 operationally-closed ^m-s4 "work ended"
2023-05-31 close-year VALLEY 2022 ^m-y22 "report of 2022"
2023-02-01 transfer ^m-t1
    transfer VALLEY > P1/ORG1 200,000.00
2024-01-05 deposit ^m-d3
    deposit COAST < GIVER 100,000.00
2024-01-10 allocation ^m-a3 "minute 3"
    allocation COAST > P3/ORG1 80,000.00
2024-01-11 transfer ^m-t3
    transfer COAST > P3/ORG1 50,000.00
"""
# A year of P1 that every rule is content with: 7% of 30,000.00 is 2,100.00.
FINE = {
    "P1/staff": {"amount": 2_000_000},
    "P1/travel": {"amount": 1_000_000},
    "P1/indirect": {"amount": 210_000},
    "P1/interest": {"amount": 0},
}


def at_work(cast: Cast) -> Cast:
    """The cast's house, with that money in it."""
    cast.ledger.post(MONEY)
    return cast


def begun(cast: Cast, fund: str = "VALLEY", year: int = 2023, kind: str = "annual", cells: Any = None) -> Any:
    """A return with figures in it, by the reporter."""
    from quipu.actions.returns import writing

    by = cast.people[REPORTER].pk
    record = writing.begin(by=by, fund=fund, organization="ORG1", year=year, kind=kind)
    writing.write(by=by, record=record, sent=FINE if cells is None else cells)
    return record


def answered(cast: Cast, record: Any) -> Any:
    """With every transfer confirmed."""
    from quipu.actions.returns import standing, writing

    answers = {str(entry.id): ("confirmed", "") for entry in standing.transfers_of(record)}
    writing.answer(by=cast.people[REPORTER].pk, record=record, answers=answers)
    return record


def led(cast: Cast, record: Any, *acts: str, reason: str = "because") -> Any:
    """Through these acts, each by whoever does it."""
    from quipu.actions.returns import leading
    from quipu.rules.returns import states

    who = {
        states.REPORTER: REPORTER,
        states.CERTIFIER: CERTIFIER,
        states.RETURNER: CERTIFIER,
        states.REVIEWER: FINANCE,
        states.APPROVER: APPROVER,
    }
    for act in acts:
        by = cast.people[who[states.TRANSITIONS[act].verb]].pk
        if act == "certify":
            leading.certify(by=by, records=[(record, None)], statement="I certify it.", language="en")
            record.refresh_from_db()
        else:
            record = leading.lead(by=by, record=record, act=act, seen=None, reason=reason)
    return record


WHOLE = ("hand over", "certify", "take up", "accept")


def accepted(cast: Cast, **words: Any) -> Any:
    """A return that went all the way."""
    return led(cast, answered(cast, begun(cast, **words)), *WHOLE)
