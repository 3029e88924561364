"""What a fund of the books may still promise, out of an edition: the statement's parts asked of the public record."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from quipu.edition.open import Edition
from quipu.edition.pages import Record
from quipu.rules import asking
from quipu.rules.asking import ORIGINAL, question
from quipu.rules.figures import allocated_not_transferred
from quipu.rules.statements.available import available, closed
from quipu.rules.statements.statement import Sums
from quipu.rules.table import Table


def of_fund(edition: Edition, record: Record, whole: Sums, conditions: list[str], until: date | None = None) -> Table:
    """Available to allocate, in the fund's own currency. whole: the fund's sums; conditions: what narrows money down to it.

    Deposits still expected are told by the contributors' table of the page.
    """
    by = ("project", "participating_organization")
    asked = replace(question([allocated_not_transferred.name], by, conditions, until=until), by=by, unit=ORIGINAL)
    codes = {(kind, identity): code for kind, code, identity in edition.rows(_CODES)}
    each: dict[tuple[str, str], dict[str, Decimal]] = {}
    select = asking.select(asked)
    for project, organization, _, movement, amount, _ in edition.rows(select.sql, select.parameters):
        whose = (codes.get(("project", project), project), codes.get(("body", organization), organization))
        each.setdefault(whose, {})[movement] = amount
    told = edition.rows(
        "SELECT project, organization, status FROM events WHERE status <> '' AND (fund = $1 OR project IN"
        " (SELECT code FROM accounts WHERE kind = 'project' AND fund = $1)) AND \"on\" <= $2"
        ' ORDER BY "on", position',
        [record["code"], until or date.max],
    )
    shut = closed((((project, body), status) for project, body, status in told), each)
    kept = edition.rows("SELECT amount FROM reserves WHERE fund = ?", [record["code"]])
    return available(whole, [each[one] for one in shut], kept[0][0] if kept else Decimal(0), {}, record["currency"])


_CODES = (
    "SELECT c.kind, c.code, a.identifier FROM accounts c JOIN activities a USING (key)"
    " UNION ALL SELECT 'body', code, identity FROM bodies"
)
