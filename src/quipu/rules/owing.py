"""Whose work a deadline is: the roles that owe each obligation of the calendar, and when it is worth a line in an inbox."""

from datetime import date, timedelta

from quipu.rules.calendar import EXTENDED, IN_PART, INTERIM, NOT_CLOSED, NOT_DUE, NOT_SETTLED, NOTHING, Obligation
from quipu.rules.mandates import Held, Role, Scope

R = Role
OWED_BY: dict[str, tuple[Role, ...]] = {
    "narrative": (R.REPORTER, R.ORGANIZATION_CONTRIBUTOR, R.LEAD_EDITOR),
    "annual_return": (R.REPORTER, R.CERTIFIER),
    "interim_return": (R.REPORTER,),
    "consolidated_report": (R.PORTFOLIO_MANAGER, R.FINANCE_OFFICER),
    "extension_request": (R.SECRETARIAT, R.LEAD_EDITOR, R.EDITOR),
    "final_narrative": (R.REPORTER, R.LEAD_EDITOR),
    "final_statement": (R.REPORTER, R.CERTIFIER),
    "instalment": (R.FINANCE_OFFICER, R.CONTRIBUTOR),  # who expects it, and who pays it
}
OPEN = (
    NOT_DUE,
    EXTENDED,
    NOTHING,
    INTERIM,
    NOT_CLOSED,
    NOT_SETTLED,
    IN_PART,
)  # something is still to be done, as far as is known
AHEAD, BEHIND = timedelta(days=60), timedelta(days=365)


def owes(held: list[Held], duty: str, scope: Scope, today: date) -> bool:
    """Whether somebody with these mandates owes that: one of its roles, within a scope that covers it."""
    roles = OWED_BY[duty]
    return any(one.in_force(today) and one.role in roles and one.scope.covers(scope) for one in held)


def is_near(obligation: Obligation, today: date) -> bool:
    """Whether it belongs into an inbox: open, due within sixty days, or not longer ago than a year."""
    return obligation.state in OPEN and today - BEHIND <= obligation.due <= today + AHEAD
