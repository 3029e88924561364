"""What a journal says, as immutable words: declarations, vouchers with their lines, directives and assertions.

Every word knows where it stands in its file; two words that say the same are equal wherever they stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from quipu.rules import kinds
from quipu.rules.journal.tokens import VALUE, tokens
from quipu.rules.revolving import Terms
from quipu.rules.statuses import STATUSES

FUND, WINDOW, BODY, PROJECT, AGREEMENT = "fund", "window", "contributor or organization", "project", "agreement"
COMMUNITY, LOAN = "community fund", "loan"


class Form(NamedTuple):
    """What stands behind the word that opens a declaration."""

    codes: tuple[str, ...]  # the namespace of each code
    needed: int  # how many of them must stand
    own: bool = True  # the first code is declared here; the others were declared elsewhere


FORMS: dict[str, Form] = {
    "fund": Form((FUND,), 1),
    "window": Form((WINDOW, FUND), 1),
    "contributor": Form((BODY,), 1),
    "organization": Form((BODY,), 1),
    "project": Form((PROJECT,), 1),
    "agreement": Form((AGREEMENT, FUND, BODY), 3),
    "mou": Form((FUND, BODY), 2, own=False),
    "community": Form((COMMUNITY, PROJECT), 2),
    "loan": Form((LOAN,), 1),  # its community fund, "/" and its number there
}
VOUCHER_KINDS = (
    *("agreement", "budget", "deposit", "allocation", "transfer", "refund", "charges", "return", "fund-transfer"),
    *("contributor-refund", "write-off", "opening", "carried", "reversal", "correction"),
)
REPLACES, REVERSES = "replaces", "reverses"
BUDGET = "budget"  # the one line that is no movement
STATUS_WORDS = tuple(s.name.replace("_", "-") for s in STATUSES if s.name)  # of a fund, a project or a participation
LAYOUTS = ("wide", "narrow")


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a journal cannot be posted: what was expected there and what stands there. Columns count from 1."""

    file: str
    line: int
    column: int
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: expected {self.expected}, found {self.found}"


ALONE, PARTICIPATION, OF_FUND, NOT_STATED = "alone", "participation", "of fund", "not stated"  # shapes of a place


@dataclass(frozen=True, slots=True)
class Place:
    """Where money is. `F-1`: a code alone; `P-1/O-1`: a participation; `F-1/?` and `?`: the source does not say."""

    code: str  # the fund, contributor or organization; the project of a participation; "" for "?"
    organization: str | None = None  # None where no "/" stands; "?" where the source does not say

    @property
    def shape(self) -> str:
        if self.organization is None:
            return ALONE if self.code else NOT_STATED
        return OF_FUND if self.organization == "?" else PARTICIPATION

    def __str__(self) -> str:
        return (self.code or "?") if self.organization is None else f"{self.code}/{self.organization}"


UNSTATED = Place("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something written in a journal; `columns` says where its parts begin."""

    line: int = field(default=0, compare=False)
    columns: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Setting(Word):
    """One `key: value` of a declaration. The value keeps its quotes, with one space between its words."""

    key: str
    value: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The value's words without their quotes."""
        return tuple(token.text for token in tokens(self.value, VALUE))

    @property
    def first(self) -> str:
        """The first of them: the code, where the setting names one."""
        return next(iter(self.parts), "")


@dataclass(frozen=True, slots=True)
class Declaration(Word):
    """A fund, window, contributor, organization, project, agreement or mou, with its codes as FORMS has them."""

    word: str
    codes: tuple[str, ...]
    title: str = ""
    settings: tuple[Setting, ...] = ()

    def setting(self, key: str) -> Setting | None:
        """The first setting of that key."""
        return next((setting for setting in self.settings if setting.key == key), None)


@dataclass(frozen=True, slots=True)
class Reference(Word):
    """`replaces ^K`, `reverses ^K` or `reverses ^K#2`; entries count from 1 as the voucher's lines do."""

    word: str
    key: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Meta(Word):
    """recorded, by, approved, memo or document, with its words."""

    key: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """The amount in the currency it was paid in, and the rate the document states."""

    amount: Decimal
    currency: str
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line(Word):
    """One line of a voucher. The amount is in the fund's currency, with the decimals that were written."""

    movement: str  # a name in kinds.KINDS, or BUDGET
    left: Place
    amount: Decimal
    arrow: str = kinds.WITHIN
    right: Place | None = None
    category: str = ""
    standing: str = ""
    original: Original | None = None
    year: int | None = None
    adjusts: int | None = None
    under: str = ""
    note: str = ""

    @property
    def participation(self) -> str:
        """The participation it moves money of, "" for none."""
        places = (self.left, self.right)
        return next((str(place) for place in places if place and place.shape == PARTICIPATION), "")


@dataclass(frozen=True, slots=True)
class Voucher(Word):
    """A posted document: its day, kind and key, what it replaces or reverses, and its lines."""

    on: date
    kind: str
    key: str
    references: tuple[Reference, ...] = ()
    title: str = ""
    metas: tuple[Meta, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusChange(Word):
    """A fund, project or participation has another status from that day on."""

    on: date
    place: Place
    status: str  # one of STATUS_WORDS
    key: str
    note: str = ""
    metas: tuple[Meta, ...] = ()


@dataclass(frozen=True, slots=True)
class CloseYear(Word):
    """The year's consolidated report is out."""

    on: date
    fund: str
    year: int
    key: str
    note: str = ""
    metas: tuple[Meta, ...] = ()


@dataclass(frozen=True, slots=True)
class ReopenYear(Word):
    """The agent reopens a closed year; the note says why."""

    on: date
    fund: str
    year: int
    key: str
    note: str = ""
    metas: tuple[Meta, ...] = ()


@dataclass(frozen=True, slots=True)
class Extend(Word):
    """The project ends later than it did."""

    on: date
    project: str
    until: date
    key: str
    note: str = ""
    metas: tuple[Meta, ...] = ()


@dataclass(frozen=True, slots=True)
class RevolvingLine(Word):
    """One movement of a community fund. loan: its number there. terms: of what is lent."""

    what: str  # one of revolving.IN_THE_BOX
    amount: Decimal
    loan: int | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Revolving(Word):
    """What moved in a community's revolving fund: no money of the fund, and no voucher. reverses: a key, "" for none."""

    on: date
    community: str
    key: str
    reverses: str = ""
    note: str = ""
    metas: tuple[Meta, ...] = ()
    lines: tuple[RevolvingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Assertion(Word):
    """A row of a fund's statement has this amount on that day: not posted, a difference is a finding."""

    on: date
    fund: str
    statement_key: str
    amount: Decimal
    layout: str = ""  # one of LAYOUTS, "" for the default

    @property
    def is_percentage(self) -> bool:
        return self.statement_key.endswith("_percent")


FILLED_IN = ("recorded", "by", "approved", "memo")  # metas the ledger adds when an item comes without
Directive = StatusChange | CloseYear | ReopenYear | Extend
Keyed = Voucher | StatusChange | CloseYear | ReopenYear | Extend | Revolving
Item = Declaration | Keyed | Assertion


@dataclass(frozen=True, slots=True)
class Journal:
    """One file in its own order, and its faults of grammar. Where there are any, words may be empty: post nothing."""

    name: str = field(compare=False)
    items: tuple[Item, ...] = ()
    faults: tuple[Fault, ...] = ()


def alone(movement: str, side: str) -> str:
    """What a code without "/" names on the "left" or "right" of a movement's line; "" where it may not stand alone."""
    kind = kinds.KINDS.get(movement)
    if kind is None:
        return ""
    if side == "left":
        return FUND if kind.subject == kinds.FUND else ""
    if movement == "organization_interest":  # the project only where it is stated
        return BODY
    if movement in ("direct_cost", "direct_cost_refund"):  # or the agent's internal direct-cost fund
        return FUND
    return {kinds.FUND: FUND, kinds.CONTRIBUTOR: BODY}.get(kind.other, "")


def shapes(movement: str, side: str) -> dict[str, str]:
    """The shapes a place may have on that side of a movement's line, each as a reader would call it."""
    kind = kinds.KINDS.get(movement)
    wanted = kinds.PARTICIPATION if kind is None else kind.subject if side == "left" else kind.other
    names = {FUND: "a fund", BODY: "an organization" if wanted == kinds.PARTICIPATION else "a contributor"}
    allowed = {ALONE: names[namespace]} if (namespace := alone(movement, side)) else {}
    if wanted == kinds.PARTICIPATION:
        allowed |= {PARTICIPATION: "project/organization", OF_FUND: "fund/?"}
    if side == "right" and wanted != kinds.FUND:
        allowed[NOT_STATED] = "?"
    return allowed
