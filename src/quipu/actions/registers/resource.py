"""Keep resources outside the fund: who else promised or gave, and what became of it. Never added to the fund's money."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.actions.subjects import known, scope_of
from quipu.books import models, office
from quipu.rules import resources as rules
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.narrative import PROJECT
from quipu.rules.registers.rows import money

RESOURCE = "resource"


@dataclass(frozen=True, slots=True)
class ResourceSaid:
    """A resource as it is typed. amount, paid: "" for "not stated"; group: the sign between thousands of both.

    organization: a code of the books; source: in words, where it is none of them. said_by: the source of this record.
    """

    source_kind: str
    kind: str
    organization: str = ""
    source: str = ""
    what: str = ""
    amount: str = ""
    currency: str = ""
    promised_on: date | None = None
    due_on: date | None = None
    paid: str = ""
    paid_on: date | None = None
    state: str = rules.OPEN
    document: str = ""
    said_by: str = ""
    is_public: bool = False
    group: str = ","


WORDS = ("source_kind", "kind", "what", "currency", "promised_on", "due_on", "paid_on", "state", "document", "said_by")


def scope(record: Any) -> Scope:
    """Whose a resource is: the programme's."""
    return scope_of(record.project)


def thing(record: Any) -> Thing:
    """What history calls it."""
    return Thing(RESOURCE, f"{record.project_id} {record.number}", scope(record))


def source_of(record: Any) -> str:
    """Who gives it."""
    return str(record.organization.title or record.organization_id) if record.organization_id else str(record.source)


def keep(*, by: str, project: str, said: ResourceSaid, record: Any = None, seen: int | None = None) -> Any:
    """Makes a resource, or changes that one. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        if record is not None:
            record = models.Resource.objects.select_related("project").get(pk=record.pk)
            if record.withdrawn_at is not None or record.project_id != owner.code:
                raise Refused(Finding("resource-gone", ""))
        made = record or models.Resource(project=owner, number=_next(owner))
        history.alone(thing(made), seen)
        found: list[Finding] = []
        amount, paid = (_units(name, getattr(said, name), said, found) for name in ("amount", "paid"))
        found += _faults(said, amount, paid, owner)
        if wrong := [one for one in found if one.severity == ERROR]:
            raise Refused(*wrong)
        before = told(record)
        for name in WORDS:
            value = getattr(said, name)
            setattr(made, name, " ".join(value.split()) if isinstance(value, str) else value)
        made.organization_id = said.organization or None
        made.source = "" if said.organization else " ".join(said.source.split())
        made.currency = said.currency if amount is not None or paid is not None else ""
        made.amount, made.paid, made.is_public = amount, paid, said.is_public
        made.save()
        is_public = made.is_public or bool(before.get("is_public"))
        verb = "change" if before else "make"
        history.keep(by=by, verb=verb, thing=thing(made), before=before, after=told(made), is_public=is_public)
    return made


def withdraw(*, by: str, record: Any, reason: str, seen: int | None = None) -> Any:
    """It was kept by mistake: it is shown no more, and stays in the history with the reason. Raises Refused."""
    with history.whole():
        record = models.Resource.objects.select_related("project").get(pk=record.pk)
        if record.withdrawn_at is not None:
            raise Refused(Finding("resource-gone", ""))
        if not reason.strip():
            raise Refused(Finding("reason-missing", "reason"))
        history.alone(thing(record), seen)
        record.withdrawn_at, record.withdrawn_reason = datetime.now(UTC), reason.strip()
        record.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        history.keep(
            by=by,
            verb="withdraw",
            thing=thing(record),
            after={"withdrawn_at": record.withdrawn_at},
            reason=reason.strip(),
            is_public=record.is_public,
        )
    return record


def remarks(record: Any) -> list[Finding]:
    """What looks odd in a resource and refuses nothing."""
    if record.paid is not None and record.amount is not None and record.paid > record.amount:
        return [Finding("resource-paid-more", "paid")]
    return []


def told(record: Any) -> dict[str, Any]:
    """A resource as history holds it."""
    if record is None:
        return {}
    names = (*WORDS, "source", "amount", "paid", "is_public")
    return {"organization": record.organization_id or "", **{name: getattr(record, name) for name in names}}


def _units(name: str, text: str, said: ResourceSaid, found: list[Finding]) -> int | None:
    if not text.strip():
        return None
    if not said.currency:
        return 0  # which currency is asked for beside it
    read = money(name, text.strip(), said.currency, said.group)
    if isinstance(read, Finding):
        found.append(read)
        return 0
    if read[1] != said.currency:
        found.append(Finding("currency-unknown-code", "currency", read[1]))
    return int(read[0])


def _faults(said: ResourceSaid, amount: int | None, paid: int | None, owner: Any) -> list[Finding]:
    words = asdict(said)
    names = ("source_kind", "kind", "state", "currency", "promised_on", "due_on", "paid_on")
    found = rules.faults(
        has_source=bool(said.organization or said.source.strip()),
        amount=amount,
        paid=paid,
        today=office.today(),
        **{name: words[name] for name in names},
    )
    if said.currency:
        found += recording.currency(said.currency)
    if said.organization and not models.Organization.objects.filter(code=said.organization).exists():
        found.append(Finding("record-unknown", "organization", said.organization))
    if said.document and not models.Document.objects.filter(code=said.document, fund=owner.fund_id).exists():
        found.append(Finding("register-document", "document", said.document))
    return found + recording.no_nul(said.source, said.what, said.said_by)


def _next(owner: Any) -> int:
    last = models.Resource.objects.filter(project=owner).order_by("-number").values_list("number", flat=True).first()
    return int(last or 0) + 1
