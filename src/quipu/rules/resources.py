"""Resources outside the fund: who else promised or gave, of which kind, and what became of it. Shown beside, never added."""

from datetime import date

from quipu.rules.findings import Finding

SOURCES = {
    "national": "National government",
    "regional": "Regional government",
    "local": "Local government",
    "programme": "Another programme",
    "own": "The organization's own",
    "private": "Private",
}
KINDS = {
    "parallel": "Parallel",
    "cost share": "Cost share",
    "counterpart": "Counterpart in cash",
    "in kind": "In kind",
}
OPEN, KEPT, LAPSED = "open", "kept", "lapsed"
STATES = {OPEN: "Open", KEPT: "Kept", LAPSED: "Lapsed"}
NOT_STATED = "Not stated"


def faults(
    *,
    has_source: bool,
    source_kind: str,
    kind: str,
    state: str,
    amount: int | None,
    paid: int | None,
    currency: str,
    promised_on: date | None,
    due_on: date | None,
    paid_on: date | None,
    today: date,
) -> list[Finding]:
    """What is wrong with a resource, and what is only remarked."""
    found = []
    if not has_source:
        found.append(Finding("resource-source", "source"))
    for name, value, known in (("source_kind", source_kind, SOURCES), ("kind", kind, KINDS), ("state", state, STATES)):
        if value not in known:
            found.append(Finding("resource-choice", name, value[:40]))
    if (amount is not None or paid is not None) and not currency:
        found.append(Finding("currency-unknown-code", "currency"))
    if promised_on and due_on and due_on < promised_on:
        found.append(Finding("days-reversed", "due_on"))
    for name, day in (("promised_on", promised_on), ("paid_on", paid_on)):
        if day and day > today:
            found.append(Finding("resource-later", name, str(day)))
    if paid is not None and amount is not None and paid > amount:
        found.append(Finding("resource-paid-more", "paid"))
    return found


def is_overdue(state: str, due_on: date | None, today: date) -> bool:
    """Whether it was promised for a day that is past, and nobody has said what became of it."""
    return state == OPEN and due_on is not None and due_on < today
