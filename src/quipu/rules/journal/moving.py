"""One line of what moved in a community's revolving fund: what, the loan's number, the amount, the terms."""

import re

from quipu.rules.journal.cursor import LONGEST_CODE, Cursor, either
from quipu.rules.journal.words import RevolvingLine
from quipu.rules.revolving import IN_THE_BOX, LENT, OF_A_LOAN, TERMS_AS, read_terms

WORDS = tuple(what.replace("_", "-") for what in IN_THE_BOX)
LOAN = re.compile(r"[1-9][0-9]{0,5}")


def read_moved(cursor: Cursor) -> RevolvingLine:
    """The line that comes next. Where a fault was noted a word is empty, an amount 0."""
    columns = {"": cursor.column}
    what = cursor.one_of(WORDS, either(WORDS)).replace("-", "_")
    loan = None
    if what in OF_A_LOAN:
        columns["loan"] = cursor.column
        loan = int(cursor.expect(LOAN, "the number of a loan", LONGEST_CODE) or 0) or None
    columns["amount"] = cursor.column
    amount = cursor.amount()
    terms = None
    if what == LENT:
        columns["terms"] = cursor.column
        first = cursor.next
        terms = read_terms(" ".join(token.as_written for token in cursor.rest()))
        if terms is None:
            cursor.fault(f"terms as {TERMS_AS}", first)
    cursor.end()
    return RevolvingLine(what, amount, loan, terms, line=cursor.number, columns=columns)
