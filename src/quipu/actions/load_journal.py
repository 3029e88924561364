"""Load a journal: what it declares is recorded, what it says is posted, what it asserts is looked at."""

from dataclasses import dataclass, field

from quipu.actions.mandates import in_force
from quipu.books import office, post, totals
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import Assertion, Fault, Journal, Keyed
from quipu.rules.mandates import Role
from quipu.rules.statements import funding_status


@dataclass(slots=True)
class Loaded:
    """What became of a journal."""

    posted: int = 0
    stood: int = 0  # keys that were posted before, with the same content
    findings: list[Finding] = field(default_factory=list)


def load_journal(journal: Journal, *, by: str, approved: tuple[str, ...] = (), strict: bool = False) -> Loaded:
    """Posts all of a journal, or nothing. Raises Refused with its faults, or where strict with its findings.

    On a house with people it needs an agent approver beside whoever loads it.
    """
    _approved(journal, by, approved)
    unknown = [
        Fault(
            journal.name, item.line, item.columns.get("statement key", 1), "a row of the statement", item.statement_key
        )
        for item in journal.items
        if isinstance(item, Assertion) and item.statement_key not in funding_status.KEYS
    ]
    if unknown:
        raise Refused(*journal.faults, *unknown)
    answer = post.post(journal, by=by, approved=approved, source=f"journal {journal.name}", strict=strict)
    new = sum(receipt.is_new for receipt in answer.receipts)
    places = {
        f"^{item.key}": f"{journal.name}:{item.line} ^{item.key}" for item in journal.items if isinstance(item, Keyed)
    }
    findings = [Finding(one.rule, places.get(one.place, one.place), one.detail) for one in answer.findings]
    findings += _assertions(journal, {receipt.key: receipt.position for receipt in answer.receipts})
    return Loaded(new, len(answer.receipts) - new, findings)


def _approved(journal: Journal, by: str, approved: tuple[str, ...]) -> None:
    today = office.today()
    approvers = in_force(Role.APPROVER, today)
    if approvers.exists() and not approvers.filter(person__in=approved).exclude(person=by).exists():
        raise Refused(Finding("journal-without-approver", journal.name))


def _assertions(journal: Journal, positions: dict[str, int]) -> list[Finding]:
    """What is asserted, as of its day and as known where it stands in the file."""
    found = []
    first = min(positions.values(), default=None)
    reached = None if first is None else first - 1  # above all that is posted stands what was there before
    for item in journal.items:
        if isinstance(item, Keyed):
            reached = max(reached or 0, positions[item.key])
        if not isinstance(item, Assertion):
            continue
        sums = totals.of_fund(item.fund, until=item.on, known=reached)
        amount = funding_status.amounts(sums, item.layout or funding_status.WIDE)[item.statement_key]
        if item.is_percentage and amount is not None:
            amount = funding_status.percentage(amount)
        if amount != item.amount:
            shown = "nothing to divide by" if amount is None else f"{amount:,f}"
            place = f"{journal.name}:{item.line}"
            detail = f"{item.fund} {item.statement_key} on {item.on}: asserted {item.amount:,f}, found {shown}"
            found.append(Finding("balance-differs", place, detail))
    return found
