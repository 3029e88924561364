"""The record: the row types every source yields, every edition stores and every reader finds. Change means a new SCHEMA.

A table more changes nothing in what was stored before: it is no new SCHEMA.

A row about an activity begins with its key and its copy (its ordinal in the source file: the same identifier may stand
there twice); a field called `line` is the line of the source file where the element begins. Rows of a ledger name codes
instead, because codes never change, and begin with their position in its chain. Text is never None: "" is absent.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple, get_type_hints

SCHEMA = 2
LONGEST_TEXT = 200_000  # characters of one text in a row; the whole stands in the activity's XML
LONGEST_ROW = 990_000  # characters of all texts of a row as an edition stores it


class RowTooLong(Exception):
    """Whoever stores rows may refuse one that is longer than LONGEST_ROW; nothing of it has been stored then."""


class Activity(NamedTuple):
    """One activity as its source file has it."""

    key: int
    copy: int
    publisher: str  # the reporting organization's identity
    publisher_name: str
    identifier: str
    line: int
    version: str
    hierarchy: str
    status: str  # IATI code, "" unknown
    title: str
    language: str  # the activity's default
    currency: str  # the activity's default, "" where it states none
    humanitarian: bool
    secondary: bool  # a secondary reporter: shown, and left out of totals
    aid_type: str
    finance_type: str
    flow_type: str
    tied_status: str
    collaboration_type: str
    scope: str
    updated: str  # last-updated-datetime as written


class Identifier(NamedTuple):
    """Another identifier of the activity."""

    key: int
    copy: int
    ordinal: int
    type: str
    value: str


class Text(NamedTuple):
    """A title, a description or a contact's words in one language."""

    key: int
    copy: int
    ordinal: int
    role: str  # "title", "description", "contact"; "section" (Markdown) for narrative that was written at the desk
    type: str
    language: str  # as written; "" falls back to the activity's
    text: str


class Dated(NamedTuple):
    """A date of the activity; type 1 planned start, 2 actual start, 3 planned end, 4 actual end."""

    key: int
    copy: int
    ordinal: int
    type: str
    on: date
    text: str


class Participant(NamedTuple):
    """An organization and the role it says to have."""

    key: int
    copy: int
    ordinal: int
    role: str  # IATI code
    organization: str
    name: str
    type: str
    activity: str  # its own activity identifier


class Portion(NamedTuple):
    """A country, region, sector, place, goal, theme, window or marker with its share, as written."""

    key: int
    copy: int
    ordinal: int
    entry: int  # 0: of the whole activity; else the ordinal of the transaction it belongs to
    dimension: str
    vocabulary: str
    code: str
    name: str
    percentage: str  # as written


class Place(NamedTuple):
    """A place below the country, without its position."""

    key: int
    copy: int
    ordinal: int
    name: str
    administrative: str  # "vocabulary:level:code" items, space between
    description: str


class Budget(NamedTuple):
    """A budget or a planned disbursement of one period."""

    key: int
    copy: int
    ordinal: int
    movement: str  # "budget" or "planned_disbursement"
    line: int
    type: str  # 1 original, 2 revised
    status: str
    period_from: date | None
    period_to: date | None
    value: Decimal | None
    literal: str  # as written, where the value does not hold all of it
    currency: str
    value_date: date | None
    provider: str
    provider_name: str
    receiver: str
    receiver_name: str


class Entry(NamedTuple):
    """One transaction. entry: an identity that stays the same from edition to edition."""

    key: int
    copy: int
    ordinal: int
    entry: int
    line: int
    reference: str
    type: str  # IATI code, "" when it is none
    literal_type: str
    on: date
    value: Decimal | None
    literal: str  # as written, where the value does not hold all of it
    currency: str  # the transaction's, else the activity's, else ""
    value_date: date | None
    provider: str
    provider_name: str
    provider_activity: str
    receiver: str
    receiver_name: str
    receiver_activity: str
    text: str
    humanitarian: bool
    aid_type: str
    finance_type: str


class Document(NamedTuple):
    """A document the activity, or one of its results, links to."""

    key: int
    copy: int
    ordinal: int
    line: int
    url: str
    format: str
    categories: str  # codes, space between
    languages: str
    on: str  # as written
    title: str
    title_language: str


class Relation(NamedTuple):
    """Another activity this one names; type 1 parent, 2 child, 3 sibling, 4 co-funded, 5 third party."""

    key: int
    copy: int
    ordinal: int
    type: str
    identifier: str


class Reading(NamedTuple):
    """One value of an indicator (or a result without indicators), in one source's words."""

    key: int
    copy: int
    ordinal: int
    line: int
    result: int  # ordinal of the result
    indicator: int  # ordinal of the indicator in it; 0 for the result itself
    kind: str  # "result", "indicator", "baseline", "target", "actual"
    type: str  # the result's type, the indicator's measure
    language: str
    title: str
    text: str  # description or comment
    value: str  # as written
    period_from: str
    period_to: str
    dimension: str  # "name=value" items, "; " between
    evidence: str  # the URL of the document behind it


class Xml(NamedTuple):
    """The activity's own XML, byte for byte in UTF-8: zlib, base64, in pieces."""

    key: int
    copy: int
    piece: int
    line: int  # where the activity begins
    body: str


class Unread(NamedTuple):
    """Elements that are kept in the XML and not read into rows: counted by name."""

    name: str
    count: int  # type: ignore[assignment]  # a tuple has a method of that name; nobody counts in a row


class Finding(NamedTuple):
    """What was wrong with the source, where, and under which rule."""

    ordinal: int
    line: int
    identifier: str
    rule: str
    severity: str
    detail: str


# What only books can tell


class Account(NamedTuple):
    """Which activity a fund or a project of the books is."""

    key: int
    copy: int
    ordinal: int
    kind: str  # "fund" or "project"
    code: str
    fund: str  # the code of the fund it belongs to, its own for a fund


class Body(NamedTuple):
    """An organization of the books: its code there, and the identity and name it is known by."""

    code: str
    identity: str
    name: str
    group: str


class Alias(NamedTuple):
    """Another name of an organization of the books; also what one was called that is shown as another now."""

    identity: str
    ordinal: int
    name: str


class Agreement(NamedTuple):
    """A contributor's agreement with a fund; amount in its own currency."""

    code: str
    fund: str
    contributor: str
    title: str
    currency: str
    amount: Decimal | None
    earmark: str


class Reserve(NamedTuple):
    """The balance a fund always keeps, in its own currency; only of funds that keep one."""

    fund: str
    amount: Decimal | None


class Instalment(NamedTuple):
    """A payment that an agreement expects, in its own currency."""

    agreement: str
    ordinal: int
    expected_on: date
    amount: Decimal | None


class Voucher(NamedTuple):
    """A link of the chain that is no event: a posted voucher. number counts vouchers, position all links."""

    position: int
    number: int
    reference: str  # the key it was posted under
    kind: str
    on: date
    recorded: str  # the instant, in UTC
    title: str
    origin: str  # "journal FILE", "" for the desk
    content_hash: str
    hash: str


class Posted(NamedTuple):
    """One entry of a voucher: a movement of an amount in the fund's currency, between places named by code."""

    position: int
    ordinal: int
    reference: str  # the voucher's key
    movement: str
    fund: str
    other_fund: str
    project: str
    organization: str
    contributor: str
    agreement: str
    category: str
    standing: str
    adjusts: int | None  # the year it belongs to, where that one is closed
    on: date  # effective
    value: Decimal | None
    literal: str  # as written, where the value does not hold all of it
    currency: str
    original: Decimal | None
    original_currency: str
    rate: str  # as the document states it
    reverses: int | None  # the identity of the entry it takes back
    text: str


class Paper(NamedTuple):
    """A document behind a voucher or an event, by its hash."""

    position: int
    ordinal: int
    sha256: str
    title: str


class Event(NamedTuple):
    """A link of the chain that moves nothing: a status change, a closed or reopened year, an extension."""

    position: int
    kind: str
    on: date
    fund: str
    project: str
    organization: str
    status: str
    year: int | None
    until: date | None
    text: str


# What organizations report, once it was submitted, and what was decided about it


class Return(NamedTuple):
    """A submitted version of what an organization reports of a fund and a year. Its figures are the entries of its voucher.

    state: submitted, in review, accepted, restated, or back with the organization. reference: of its voucher, "" before.
    """

    code: str
    fund: str
    organization: str
    year: int
    kind: str  # "interim", "annual", "final"
    version: int
    state: str
    by_rule: date | None  # the deadline by the fund's calendar
    due: date | None  # the deadline in force; None where the obligation was waived
    certified: date | None  # the day of the certifier's signature
    submitted: date | None
    reviewed: date | None  # the day the agent's review began
    accepted: date | None
    nil: bool  # nothing was spent
    until: date | None  # the day up to which interim figures reach
    reference: str
    position: int | None
    reason: str  # of the restatement
    restates: str  # the code of the version before
    workbook: str  # the hash of the accepted workbook
    remark: str  # the organization's


class Dispensation(NamedTuple):
    """More time that was granted for an obligation, or (until None) that it was waived."""

    fund: str
    organization: str
    project: str  # "" for all of them
    year: int
    duty: str  # of the calendar
    until: date | None
    reason: str
    decision: str
    on: date  # decided


class WaivedRule(NamedTuple):
    """A rule that the agent waived for the figures of a submitted return."""

    fund: str
    organization: str
    year: int
    rule: str
    row: str  # project and category, "" for all
    reason: str
    on: date


class Deadline(NamedTuple):
    """A fund's own day for a duty."""

    fund: str
    duty: str
    month: int
    day: int


# Results, as far as they are approved and public: of what the desk keeps. What files tell of results are readings above


class Aim(NamedTuple):
    """An outcome of a programme, or an output towards one."""

    key: int
    copy: int
    ordinal: int
    kind: str  # "outcome" or "output"
    code: str
    parent: str  # the code of the outcome that an output belongs to
    number: int
    organization: str  # the identity of who answers for it
    name: str  # what that one is called
    assumptions: str
    ended: date | None


class Indicator(NamedTuple):
    """How a result is measured, and from where it began."""

    key: int
    copy: int
    ordinal: int
    code: str
    number: int
    parent: str  # the code of its output or outcome, "" for the programme itself
    kind: str  # of rules/results/kinds, like the next two
    direction: str
    gathers: str
    measure: str  # the code of what several programmes measure alike
    people: bool  # it counts people: small numbers are left out
    breaks: str  # codes of the lists it is told apart by, space between
    counted: str  # the register whose rows are counted, "" where values are typed
    organization: str
    name: str
    method: str
    verification: str
    assumptions: str
    baseline: str
    baseline_on: date | None
    baseline_source: str
    ended: date | None


class ResultText(NamedTuple):
    """A title or a unit in one language: of an outcome, an output, an indicator, a list or one of its choices."""

    key: int
    copy: int
    ordinal: int
    of: str  # a code; of a choice that of its list
    role: str  # "title", "unit", "choice"
    choice: str
    language: str
    text: str


class Target(NamedTuple):
    """What an indicator is meant to reach by a day, with every revision."""

    key: int
    copy: int
    ordinal: int
    indicator: str
    since: date | None
    until: date
    value: str  # "" where it is given up
    reason: str
    on: date  # the day it was said
    state: str  # "in force", "revised", "given up"


class Observation(NamedTuple):
    """A value of an indicator that a source gives for a period, approved at the desk."""

    key: int
    copy: int
    ordinal: int
    code: str
    indicator: str
    since: date | None
    until: date
    value: str  # as rules/results/values writes it
    why: str  # the reason of an absent value
    origin: str  # who says so
    on: date | None  # when
    link: str
    reported: bool  # it counts, where sources differ
    choice: str  # why it was chosen
    state: str  # "approved"; in a preview also what it is before
    approved: date | None


class ObservationCell(NamedTuple):
    """A part of such a value: of one choice of a list."""

    key: int
    copy: int
    ordinal: int
    observation: str
    breakdown: str  # the list's code
    choice: str
    value: str
    why: str


class ObservationPaper(NamedTuple):
    """A public document behind such a value, by its hash."""

    key: int
    copy: int
    ordinal: int
    observation: str
    sha256: str


class Beneficiary(NamedTuple):
    """A cell of a programme's table of beneficiaries, as of a day."""

    key: int
    copy: int
    ordinal: int
    until: date
    way: str  # of rules/results/beneficiaries, like the next two
    aspect: str
    who: str
    number: int | None
    why: str
    origin: str


class Measure(NamedTuple):
    """What indicators of several programmes measure alike, in one language."""

    code: str
    language: str
    title: str
    unit: str
    kind: str
    fund: str  # "" for all funds
    theme: str


# What stands behind a count: public rows of registers of things, and resources outside the fund. Nothing of a person


class Register(NamedTuple):
    """A public register of a programme. titles, fields: JSON by language, fields only of one of its own; rows: all that count.

    shown: how many of them are here; unagreed: how many are not, because their owner does not agree.
    """

    project: str
    register: str
    kind: str  # of rules/registers/kinds, "" for one of its own
    titles: str
    fields: str
    by_consent: bool
    rows: int
    shown: int
    unagreed: int


class Registered(NamedTuple):
    """One field of a public row, with its value as text; of a row that needs consent no day, only a year."""

    project: str
    register: str
    number: int  # of the row
    ordinal: int
    field: str
    value: str


class RegisterTotal(NamedTuple):
    """A sum of amounts over five rows or more of a public register."""

    project: str
    register: str
    field: str
    currency: str
    amount: Decimal | None
    rows: int
    on: date


class RegisterCount(NamedTuple):
    """What a public reading was counted from. register: "" where its rows are not public; numbers: of those that are.

    rows: how many rows of things it stands on, None where they are people.
    """

    project: str
    indicator: str
    since: date | None
    until: date
    register: str
    of_people: bool
    what: str
    rows: int | None
    numbers: str  # space between


class Resource(NamedTuple):
    """What somebody else promised or gave beside the fund; amounts None for "not stated". In no figure of the fund."""

    project: str
    number: int
    giver: str
    giver_kind: str  # of rules/resources.SOURCES
    kind: str
    what: str
    amount: Decimal | None
    currency: str
    promised: date | None
    due: date | None
    paid: Decimal | None
    paid_on: date | None
    state: str
    evidence: str  # the hash of a document that is public here
    said_by: str


# Monitoring: what programmes learned, and how they were looked at. Words by language are JSON: {"en": "…"}.


class Lesson(NamedTuple):
    """A lesson or a best practice that was approved. organization: whose it is, "" for the programme's."""

    code: str
    fund: str
    project: str
    kind: str  # "lesson", "practice"
    organization: str
    year: int | None
    titles: str
    texts: str
    published: str  # where it was published first
    link: str
    document: str  # the hash of the document behind it, where that is public
    on: date | None  # approved


class Review(NamedTuple):
    """An evaluation or an audit that is public. on: a year, a month or a day, as written."""

    code: str
    fund: str
    project: str
    kind: str
    on: str
    titles: str
    texts: str
    by_whom: str
    link: str
    document: str  # its hash, where it is public


class Recommendation(NamedTuple):
    """What such a review recommends, and what management answers: the answer that stands, "" for none yet."""

    code: str
    review: str
    project: str
    number: int
    texts: str
    organization: str  # to whom, "" for none
    role: str
    answer: str
    words: str
    body: str  # who answers
    answered: date | None


class Improvement(NamedTuple):
    """A step that was promised for a recommendation, and how far it has come."""

    code: str
    recommendation: str
    project: str
    number: int
    texts: str
    organization: str
    role: str
    due: date | None
    state: str
    done: date | None
    note: str


class Risk(NamedTuple):
    """A risk or an issue that is public."""

    code: str
    project: str
    kind: str
    texts: str
    likelihood: int | None
    impact: int
    answers: str
    state: str
    reviewed: date | None


# Work plans: what was spent by output, of quarters that are closed


class OutputSpent(NamedTuple):
    """What one organization planned and spent for an output in a closed quarter, in the fund's currency."""

    project: str
    output: str
    organization: str
    year: int
    quarter: int
    planned: Decimal | None
    spent: Decimal | None  # of the lines that say it, None where none does
    unsaid: int  # lines that were closed without being in


# Communities' revolving funds


class Revolving(NamedTuple):
    """Totals of a programme's community funds in one currency; nothing of any one community. Shares are in per cent.

    repayment_rate, at_risk: None where few funds have lent, because they would tell of one.
    """

    project: str
    currency: str
    on: date  # the last line in any of their cashbooks
    funds: int
    capital: Decimal | None
    lent: Decimal | None
    times_revolved: Decimal | None
    outstanding: Decimal | None
    repayment_rate: Decimal | None
    at_risk: Decimal | None


# What an office files itself


class Filed(NamedTuple):
    """A document that this office publishes itself, named by the hash of its bytes."""

    sha256: str
    name: str  # of its file
    format: str  # media type
    bytes: int
    type: str  # a word of rules/filing.TYPES
    on: str  # a year, a month or a day, as written
    languages: str  # codes, space between
    version: str
    supersedes: str  # the hash of the document whose place it takes, "" for none


class FiledText(NamedTuple):
    """A title or a description of such a document in one language, "" where none is stated."""

    sha256: str
    role: str  # "title", "description"
    language: str
    text: str


class FiledAbout(NamedTuple):
    """What such a document is about: a fund or a project by identifier or by its code in the books, or a voucher by its key."""

    sha256: str
    ordinal: int
    kind: str  # "fund", "project", "voucher"
    name: str  # as written; what it leads to is looked up when a database is made


# What the operator of a site says


class OperatorText(NamedTuple):
    """A file of HOME/texts, as it stood when the edition was made."""

    path: str  # below HOME/texts, with slashes
    body: str


class Column(NamedTuple):
    """A column of the record and the type an engine gives it."""

    name: str
    type: str


TABLES: dict[str, type[tuple[object, ...]]] = {
    "activities": Activity,
    "identifiers": Identifier,
    "texts": Text,
    "dates": Dated,
    "participants": Participant,
    "portions": Portion,
    "places": Place,
    "budgets": Budget,
    "entries": Entry,
    "documents": Document,
    "relations": Relation,
    "readings": Reading,
    "xml": Xml,
    "unread": Unread,
    "findings": Finding,
    "accounts": Account,
    "bodies": Body,
    "aliases": Alias,
    "agreements": Agreement,
    "reserves": Reserve,
    "instalments": Instalment,
    "vouchers": Voucher,
    "posted": Posted,
    "papers": Paper,
    "events": Event,
    "returns": Return,
    "dispensations": Dispensation,
    "waived_rules": WaivedRule,
    "deadlines": Deadline,
    "aims": Aim,
    "indicators": Indicator,
    "result_texts": ResultText,
    "targets": Target,
    "observations": Observation,
    "observation_cells": ObservationCell,
    "observation_papers": ObservationPaper,
    "beneficiaries": Beneficiary,
    "measures": Measure,
    "registers": Register,
    "registered": Registered,
    "register_totals": RegisterTotal,
    "register_counts": RegisterCount,
    "resources": Resource,
    "lessons": Lesson,
    "reviews": Review,
    "recommendations": Recommendation,
    "improvements": Improvement,
    "risks": Risk,
    "outputs_spent": OutputSpent,
    "revolving": Revolving,
    "filed": Filed,
    "filed_texts": FiledText,
    "filed_about": FiledAbout,
    "operator_texts": OperatorText,
}
OF_CHAIN = ("vouchers", "posted", "papers", "events")  # tables whose rows never change: they only grow
_SQL_TYPES = {
    int: "BIGINT",
    int | None: "BIGINT",
    str: "VARCHAR",
    bool: "BOOLEAN",
    date: "DATE",
    date | None: "DATE",
    Decimal | None: "DECIMAL(18,6)",
}


def columns(table: str) -> list[Column]:
    """The columns of a table in their order, which is also the total order its rows are stored in."""
    return [Column(name, _SQL_TYPES[kind]) for name, kind in get_type_hints(TABLES[table]).items()]
