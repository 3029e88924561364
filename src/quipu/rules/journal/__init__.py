"""The journal: books as plain text, read into words, checked, and written back.

`read` turns text into words and collects every fault of grammar; `check` adds what only shows across the whole journal
and against what the ledger already holds; `write` gives the canonical text; `content` says what a key stands for.
"""

from quipu.rules.journal.books import Books, Known, Posted, minor_units
from quipu.rules.journal.checking import check, posted, says_the_same
from quipu.rules.journal.cursor import read_number
from quipu.rules.journal.reading import read
from quipu.rules.journal.tokens import quoted
from quipu.rules.journal.words import (
    Assertion,
    CloseYear,
    Declaration,
    Directive,
    Extend,
    Fault,
    Item,
    Journal,
    Keyed,
    Line,
    Meta,
    Original,
    Place,
    Reference,
    ReopenYear,
    Revolving,
    RevolvingLine,
    Setting,
    StatusChange,
    Voucher,
)
from quipu.rules.journal.writing import content, content_hash, memo_hash, meta, texts, write

__all__ = [
    "Assertion",
    "Books",
    "CloseYear",
    "Declaration",
    "Directive",
    "Extend",
    "Fault",
    "Item",
    "Journal",
    "Keyed",
    "Known",
    "Line",
    "Meta",
    "Original",
    "Place",
    "Posted",
    "Reference",
    "ReopenYear",
    "Revolving",
    "RevolvingLine",
    "Setting",
    "StatusChange",
    "Voucher",
    "check",
    "content",
    "content_hash",
    "memo_hash",
    "meta",
    "minor_units",
    "posted",
    "quoted",
    "read",
    "read_number",
    "says_the_same",
    "texts",
    "write",
]
