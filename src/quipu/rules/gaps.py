"""What we do not know: each gap in what was published, its sentence, and its condition in figures and dimensions.

A gap is a question (a figure, cut by what, of which entries) and, where a question alone cannot say it, a condition on
the amounts that answer it. Time is the moment of what is looked at, never a clock.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.rules.asking import EXACT
from quipu.rules.calendar import Participation, annual_return, final_statement
from quipu.rules.identity import NAMED
from quipu.rules.kinds import INTERIM
from quipu.rules.movements import POOLED, REPORTED

AXIS = {POOLED: "fund", REPORTED: "publisher"}  # whose gaps they are
LONG = 1  # years that a planned end may lie back before work that still goes on is a gap


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions look up beside the amounts: the moment, whose work is over, up to which year bodies have reported."""

    moment: date
    over: Mapping[tuple[str, str], Participation] = field(default_factory=dict)  # by project and organization
    reported: Mapping[tuple[str, str], int] = field(default_factory=dict)  # by fund and organization: the last year
    # by fund, organization and year: the deadline in force of a return, where it is not the field's
    due: Mapping[tuple[str, str, int], date] = field(default_factory=dict)

    def is_due(self, fund: str, body: str, year: int) -> bool:
        """Whether the day has passed by which a year had to be certified."""
        return (self.due.get((fund, body, year)) or annual_return(year)) < self.moment


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of an answer: the codes it is cut by (those of the gap), the country its share belongs to, the amount."""

    codes: tuple[str, ...]
    country: str
    amount: Decimal | None


Condition = Callable[[Mapping[str, str], Decimal, Known], bool]


def always(codes: Mapping[str, str], amount: Decimal, known: Known) -> bool:
    """Nothing more than the question."""
    return True


def not_reported(codes: Mapping[str, str], amount: Decimal, known: Known) -> bool:
    """Paid in a year whose return was due, and spending was reported neither for that year nor for a later one."""
    body, year = codes["participating_organization"], int(codes["year"])
    last = known.reported.get((codes["fund"], body), 0)
    return bool(body) and known.is_due(codes["fund"], body, year) and last < year


def late(codes: Mapping[str, str], amount: Decimal, known: Known) -> bool:
    """Interim money is left of a year whose certified return was due."""
    place = (codes["fund"], codes["participating_organization"], int(codes["year"]))
    return amount != 0 and known.is_due(*place)


def negative(codes: Mapping[str, str], amount: Decimal, known: Known) -> bool:
    """Less than nothing is left."""
    return amount < 0


def left_over(codes: Mapping[str, str], amount: Decimal, known: Known) -> bool:
    """Money is left on what is settled, or on what should have been by the certified final statement."""
    over = known.over.get((codes["project"], codes["participating_organization"]))
    if over is None or amount <= 0:
        return False
    return over.settled or over.ended is None or final_statement(over.ended) < known.moment


def after_closure(codes: Mapping[str, str], amount: Decimal, known: Known) -> bool:
    """Spending of a year after the one in which the work ended."""
    over = known.over.get((codes["project"], codes["participating_organization"]))
    return amount != 0 and over is not None and over.ended is not None and int(codes["year"]) > over.ended.year


def overdue(codes: Mapping[str, str], amount: Decimal, known: Known) -> bool:
    """Work goes on though its planned end is long past, whether any money moved or not."""
    return date.fromisoformat(codes["until"]) < overdue_since(known.moment)


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind of not knowing. figures: the figure it is told in, for each family of books that can have it.

    by: what a case is, beside whose gap it is; where: the entries asked for; holds: which answers are cases.
    """

    name: str
    label: str
    meaning: str
    remedy: str
    figures: Mapping[str, str]
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    holds: Condition = always
    begins: tuple[str, str] | None = None  # a dimension and what its code begins with

    @property
    def is_question(self) -> bool:
        """Whether any of its cases together are what one question selects: nothing beside the question decides on them."""
        return self.holds is always and not self.begins

    @property
    def has_share(self) -> bool:
        """Whether its amounts are a part of the whole figure that is worth saying in per cent."""
        return self.holds is always and not self.by

    def cut(self, family: str) -> tuple[str, ...]:
        """What its answer is cut by: whose it is, and the case."""
        return (AXIS[family], *self.by)

    def cases(self, family: str, amounts: Iterable[Amount], known: Known) -> list[Amount]:
        """The amounts that are cases. The condition is asked of a case as a whole, not of its countries' parts."""
        amounts = list(amounts)
        if self.holds is always:
            return [each for each in amounts if each.amount]
        names = self.cut(family)
        whole = added(amounts, lambda each: each.codes)
        kept = {
            codes for codes, amount in whole.items() if self.holds(dict(zip(names, codes, strict=True)), amount, known)
        }
        return [each for each in amounts if each.codes in kept]


def added(amounts: Iterable[Amount], key: Callable[[Amount], Any]) -> dict[Any, Decimal]:
    """Amounts added up under a key, exactly."""
    sums: dict[Any, Decimal] = {}
    for each in amounts:
        sums[key(each)] = EXACT.add(sums.get(key(each), Decimal(0)), each.amount or Decimal(0))
    return sums


def overdue_since(moment: date) -> date:
    """Work whose planned end lies before this day, and which still goes on, is overdue."""
    return date(moment.year - LONG, moment.month, 28 if (moment.month, moment.day) == (2, 29) else moment.day)


_PARTICIPATION = ("project", "participating_organization")
_FUNDED = {POOLED: "net_funded", REPORTED: "spend"}

GAPS: Sequence[Gap] = (
    Gap(
        "not_reported",
        "Not reported",
        "The organization received money in that year, its certified return was due on 30 April of the next, and no"
        " spending was reported for that year or for any later one.",
        "The organization submits its annual return; until then nobody can say what became of this money.",
        {POOLED: "transfers"},
        ("participating_organization", "year"),
        holds=not_reported,
    ),
    Gap(
        "late",
        "Certified figures are late",
        "Spending of that year is still interim, though the certified return was due on 30 April of the next year.",
        "The organization's headquarters certifies the year; then the certified figures replace the interim ones.",
        {POOLED: "expenditure"},
        ("participating_organization", "year"),
        (f"standing={INTERIM}",),
        late,
    ),
    Gap(
        "unidentified_contributor",
        "Contributor not identified",
        "Cash arrived and it is not known, or not published, who paid it.",
        "The administrative agent finds the payer with the bank and posts the deposit under the contributor's name.",
        {POOLED: "deposits"},
        ("year",),
        ("contributor=",),
    ),
    Gap(
        "unnamed_receiver",
        "Receiving organization not named",
        "Money was transferred and the source does not say to which organization.",
        "The publisher names the receiver of the payment.",
        {POOLED: "transfers"},
        ("year",),
        ("participating_organization=",),
    ),
    Gap(
        "unnamed_spender",
        "Spending organization not named",
        "Spending was reported and the source does not say by which organization.",
        "The publisher names the implementing organization, or the provider of the expenditure.",
        {POOLED: "expenditure", REPORTED: "spend"},
        ("year",),
        ("participating_organization=",),
    ),
    Gap(
        "no_reference",
        "Organization without a reference",
        "The organization is named in words only, so the same body may stand here under several names.",
        "The publisher adds the organization's identifier; names are never merged by likeness.",
        _FUNDED,
        begins=("participating_organization", NAMED),
    ),
    Gap(
        "no_country",
        "Country not stated",
        "The source states no country for this money, or for a part of it; a region may be stated.",
        "The publisher states the recipient country with its share.",
        _FUNDED,
        where=("country=",),
    ),
    Gap(
        "no_sector",
        "Sector not stated",
        "The source states no sector for this money, or for a part of it.",
        "The publisher states the sectors with their shares.",
        _FUNDED,
        where=("sector=",),
    ),
    Gap(
        "no_place",
        "Place below the country not stated",
        "Nobody says in which region, province or district the money worked.",
        "The publisher states the places with their shares, as far as that does no harm.",
        _FUNDED,
        where=("place=",),
    ),
    Gap(
        "negative_balance",
        "More spent or returned than received",
        "An organization reported more spending and refunds on a project than was transferred to it there.",
        "Compare the return with the vouchers: a transfer or a return may stand on another project, or be missing.",
        {POOLED: "balance_organizations"},
        _PARTICIPATION,
        holds=negative,
    ),
    Gap(
        "negative_fund",
        "A fund that paid out more than came in",
        "By what was published, the administrative agent holds less than nothing for this fund.",
        "Compare deposits and payments with the agent's own statement: some are not published, or published twice.",
        {POOLED: "balance_agent"},
        holds=negative,
    ),
    Gap(
        "left_over",
        "A balance on what is closed",
        "The work has ended, the certified final statement is due or given, and money is left with the organization.",
        "The organization reports its last spending, or refunds the rest.",
        {POOLED: "balance_organizations"},
        _PARTICIPATION,
        holds=left_over,
    ),
    Gap(
        "after_closure",
        "Spending after closure",
        "Spending was reported for a year after the one in which the work ended.",
        "The organization says what was still paid, or the closing date is corrected.",
        {POOLED: "expenditure"},
        (*_PARTICIPATION, "year"),
        holds=after_closure,
    ),
    Gap(
        "overdue",
        "Closure is overdue",
        "The planned end is more than a year past and the status still says that work is under way.",
        "Extend the project, or close it operationally.",
        _FUNDED,
        ("project", "until"),
        holds=overdue,
    ),
)
OVERDUE = GAPS[-1]
