"""The tables of the books: records that may be amended, the ledger, which is sealed, and the people who work here.

Codes are primary keys: a row of the ledger reads without a join, and no code ever changes. Who may be named in the
public record is an organization; a person is an opaque code in sealed rows, and everything else about people is not.
"""

from quipu.books.models.documents import Document, Version
from quipu.books.models.drafts import Draft, Enclosure
from quipu.books.models.editions import Asked
from quipu.books.models.jobs import Done, Handling, Lease, Mail, News, Schedule, Token, Verification
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
from quipu.books.models.results import (
    Beneficiaries,
    Breakdown,
    Cycle,
    Indicator,
    Measure,
    Outcome,
    Output,
    Reading,
    Target,
)
from quipu.books.models.returns import (
    Dispensation,
    Mapping,
    Remark,
    Reminder,
    Report,
    Return,
    Run,
    Signed,
    Told,
    Waived,
)
from quipu.books.models.revolving import Community, Loan, RevolvingEntry

__all__ = [
    "Agreement",
    "Alias",
    "Amendment",
    "Asked",
    "Attachment",
    "Beneficiaries",
    "Breakdown",
    "Chain",
    "Community",
    "Contact",
    "Counted",
    "Cycle",
    "Different",
    "Dispensation",
    "Document",
    "Done",
    "Draft",
    "Enclosure",
    "Entry",
    "Event",
    "Fund",
    "Handling",
    "History",
    "Identifier",
    "Indicator",
    "Instalment",
    "Invitation",
    "Lease",
    "Loan",
    "Mail",
    "Mandate",
    "Mapping",
    "Measure",
    "Memo",
    "Merger",
    "Mou",
    "News",
    "Organization",
    "Outcome",
    "Output",
    "Participation",
    "Person",
    "Posting",
    "Project",
    "Reading",
    "Reference",
    "Remark",
    "Reminder",
    "Report",
    "Return",
    "RevolvingEntry",
    "Run",
    "Schedule",
    "Section",
    "Signed",
    "Target",
    "Token",
    "Told",
    "Unsaved",
    "Verification",
    "Version",
    "Waived",
    "Window",
]
