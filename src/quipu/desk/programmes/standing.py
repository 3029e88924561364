"""Where a programme stands: budgets and allocations with their revisions, statuses with their evidence, read from the ledger."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, Sum

from quipu.books import models
from quipu.rules.kinds import CATEGORIES
from quipu.rules.movements import BUDGET

MONEY = ("allocation", "transfer", "refund")
MOST = 200  # lines of a history


@dataclass
class Participation:
    """An organization in a project: its own number, its status, its sums in minor units by movement."""

    code: str
    name: str
    number: str = ""
    status: str = ""
    sums: dict[str, int] = field(default_factory=dict)


def participations(project: Any) -> list[Participation]:
    """Who works on a project, as declared or because money moved."""
    names = dict(
        models.Participation.objects.filter(project=project).values_list("organization_id", "organization__title")
    )
    numbers = dict(models.Participation.objects.filter(project=project).values_list("organization_id", "number"))
    found = {code: Participation(code, name or code, numbers[code]) for code, name in names.items()}
    sums = models.Entry.objects.filter(project=project, movement__in=[*MONEY, BUDGET]).exclude(organization=None)
    for code, name, movement, amount in sums.values_list("organization_id", "organization__title", "movement").annotate(
        sum=Sum("amount")
    ):
        one = found.setdefault(code, Participation(code, name or code))
        one.sums[movement] = int(amount)
    told = models.Event.objects.filter(project=project).exclude(status="").exclude(organization=None)
    for code, status in told.order_by("posting__on", "posting_id").values_list("organization_id", "status"):
        if code in found:
            found[code].status = status.replace("-", "_")
    return sorted(found.values(), key=lambda one: one.code)


@dataclass(frozen=True, slots=True)
class Line:
    """A budget in force."""

    organization: str
    category: str
    amount: int


def budgets(project: Any) -> list[Line]:
    """The budget in force by organization and category: what stands after all revisions."""
    sums = models.Entry.objects.filter(project=project, movement=BUDGET).order_by("organization_id", "category")
    found = sums.values_list("organization_id", "category").annotate(sum=Sum("amount"))
    return [
        Line(organization or "", CATEGORIES[category].label if category in CATEGORIES else category, int(amount))
        for organization, category, amount in found
        if amount
    ]


@dataclass
class Revision:
    """A voucher that set or changed a budget or an allocation, and by how much."""

    on: Any
    key: str
    number: int
    kind: str
    by: str
    recorded_at: Any
    papers: int
    changes: list[tuple[str, str, str, int]] = field(default_factory=list)  # movement, organization, category, amount


def revisions(project: Any) -> list[Revision]:
    """All that ever changed budgets and allocations of a project, the last one first."""
    entries = models.Entry.objects.filter(project=project, movement__in=["allocation", BUDGET])
    columns = ("posting_id", "movement", "organization_id", "category", "amount")
    rows = list(entries.order_by("-posting_id", "ordinal").values_list(*columns))
    positions = list(dict.fromkeys(row[0] for row in rows))[:MOST]
    postings = models.Posting.objects.filter(position__in=positions)
    papers: dict[int, int] = {}
    for position in models.Attachment.objects.filter(posting__in=positions).values_list("posting_id", flat=True):
        papers[position] = papers.get(position, 0) + 1
    found = {
        one.position: Revision(
            one.on, one.key, one.number or 0, one.kind, one.by, one.recorded_at, papers.get(one.position, 0)
        )
        for one in postings
    }
    for position, movement, organization, category, amount in rows:
        if position in found:
            label = CATEGORIES[category].label if category in CATEGORIES else category
            found[position].changes.append((movement, organization or "", label, amount))
    return [found[position] for position in positions]


@dataclass(frozen=True, slots=True)
class Happened:
    """A status change, an extension, a year closed or reopened, with its evidence."""

    on: Any
    kind: str
    organization: str
    status: str
    year: int | None
    until: Any
    note: str
    papers: int
    by: str
    recorded_at: Any


def events(*, project: str = "", fund: str = "") -> list[Happened]:
    """What happened to a project, or to a fund itself, the last one first."""
    where = Q(project=project) if project else Q(fund=fund, project=None)
    found = models.Event.objects.filter(where).select_related("posting").order_by("-posting__on", "-posting_id")[:MOST]
    positions = [one.posting_id for one in found]
    memos = models.Memo.objects.filter(posting__in=positions).values_list("posting_id", "texts")
    notes = {at: json.loads(texts).get("title", "") for at, texts in memos}
    papers: dict[int, int] = {}
    for position in models.Attachment.objects.filter(posting__in=positions).values_list("posting_id", flat=True):
        papers[position] = papers.get(position, 0) + 1
    return [
        Happened(
            one.posting.on,
            one.posting.kind,
            one.organization_id or "",
            one.status.replace("-", "_"),
            one.year,
            one.until,
            notes.get(one.posting_id, ""),
            papers.get(one.posting_id, 0),
            one.posting.by,
            one.posting.recorded_at,
        )
        for one in found
    ]


def current_status(happened: list[Happened]) -> str:
    """The status that stands, of the subject itself; "" where nobody said one."""
    return next((one.status for one in happened if one.status and not one.organization), "")
