"""Statuses of a project, in the order they are lived through (domain.md, Statuses and dates)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """A status: the IATI code (our word where IATI has none), our word, its label and what it means."""

    code: str
    name: str
    label: str
    meaning: str


CLOSED = "financially-closed"  # as a journal writes it

STATUSES = (
    Status("1", "pipeline", "Pipeline", "Being prepared; nothing has been paid."),
    Status("approved", "approved", "Approved", "Decided; nothing has been paid yet."),
    Status("2", "ongoing", "Ongoing", "Work is under way."),
    Status("3", "operationally_closed", "Operationally closed", "Work has ended; accounts are being settled."),
    Status("4", "financially_closed", "Financially closed", "Accounts are settled; no further charge is possible."),
    Status("5", "cancelled", "Cancelled", "Given up before it was finished."),
    Status("6", "suspended", "Suspended", "Halted for the time being."),
    Status("terminated_early", "terminated_early", "Terminated early", "Ended before its time, after payments."),
    Status("", "", "Status not stated", "The source states no status, or one the standard does not know."),
)
OVER = ("operationally_closed", "financially_closed", "cancelled", "terminated_early")  # work does not go on
_BY_CODE = {status.code: status for status in STATUSES}
_BY_NAME = {status.name: status for status in STATUSES}


def status(code: str) -> Status:
    """The status of an IATI code, or of our word."""
    return _BY_CODE.get(code) or _BY_NAME.get(code) or _BY_CODE[""]
