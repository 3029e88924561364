"""The tables of the books: records that may be amended, the ledger, which is sealed, and the people who work here.

Codes are primary keys: a row of the ledger reads without a join, and no code ever changes. Who may be named in the
public record is an organization; a person is an opaque code in sealed rows, and everything else about people is not.
"""

from quipu.books.models.documents import Document, Version
from quipu.books.models.drafts import Draft, Enclosure
from quipu.books.models.ledger import Attachment, Chain, Entry, Event, Memo, Posting, Reference
from quipu.books.models.people import Counted, History, Invitation, Mandate, Person, Unsaved
from quipu.books.models.programmes import Contact, Different, Merger, Section
from quipu.books.models.records import (
    Agreement,
    Alias,
    Amendment,
    Fund,
    Identifier,
    Instalment,
    Mou,
    Organization,
    Participation,
    Project,
    Window,
)

__all__ = [
    "Agreement",
    "Alias",
    "Amendment",
    "Attachment",
    "Chain",
    "Contact",
    "Counted",
    "Different",
    "Document",
    "Draft",
    "Enclosure",
    "Entry",
    "Event",
    "Fund",
    "History",
    "Identifier",
    "Instalment",
    "Invitation",
    "Mandate",
    "Memo",
    "Merger",
    "Mou",
    "Organization",
    "Participation",
    "Person",
    "Posting",
    "Project",
    "Reference",
    "Section",
    "Unsaved",
    "Version",
    "Window",
]
