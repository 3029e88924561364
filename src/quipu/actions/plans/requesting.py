"""Ask for transfers: the committee's instruction to the agent, written, signed by another person, and drafted as vouchers."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from quipu.actions import drafts, history, mandates, recording
from quipu.actions.history import Thing
from quipu.actions.plans import planning
from quipu.actions.subjects import known, scope_of
from quipu.actions.tell import tell
from quipu.books import balances, models, office
from quipu.books import plans as books_plans
from quipu.rules import plans, tranches
from quipu.rules.findings import Finding, Refused
from quipu.rules.money import of_minor_units, plain
from quipu.rules.narrative import PROJECT
from quipu.rules.plans import Quarter
from quipu.rules.tranches import OPEN, TRANSITIONS, Proposal, State, broken

REQUEST = "transfer request"
TRANSFER = "transfer"  # the kind of voucher
SUBJECTS = {
    "written": "A request for a transfer waits for you",
    "signed": "A request for a transfer waits for you",
    "returned": "A request for a transfer came back",
}
TEXTS = {
    "written": "%(name)s wrote the request %(code)s for %(project)s. It waits for a signature.",
    "signed": "%(name)s signed the request %(code)s for %(project)s.",
    "returned": "%(name)s returned the request %(code)s for %(project)s: %(reason)s",
}


@dataclass(frozen=True, slots=True)
class RequestSaid:
    """A request as it is typed. amounts: minor units by organization; tranche: its number, 0 for none."""

    amounts: Mapping[str, int]
    decision: str
    decided_on: date
    tranche: int = 0
    note: str = ""
    quarter: Quarter | None = None  # the closed quarter it is asked from


def thing(request: Any) -> Thing:
    """What history calls it."""
    return Thing(REQUEST, request.code, scope_of(request.project))


def proposals(project: Any, quarter: Quarter) -> list[Proposal]:
    """What could be asked for from a closed quarter: what each organization plans next, less what it holds by the ledger."""
    held = balances.of_project(project.code)
    planned = plans.added(
        models.WorkQuarter.objects.filter(
            work__project=project, year=quarter.next.year, quarter=quarter.next.number
        ).select_related("work"),
        lambda line: line.work.organization_id,
    )
    unposted: dict[str, int] = {}
    for (body, _), one in books_plans.reconciled(project).items():
        unposted[body] = unposted.get(body, 0) + max(0, -one.not_attributed)
    bodies = models.Participation.objects.filter(project=project).values_list("organization_id", flat=True)
    shown = books_plans.shown_codes(bodies)
    return [
        Proposal(
            body,
            planned[body].planned if body in planned else 0,
            held.get(body, 0),
            unposted.get(shown.get(body, body), 0),
        )
        for body in sorted({*bodies, *planned})
    ]


def write(*, by: str, project: str, said: RequestSaid, code: str = "", seen: int | None = None) -> Any:
    """Makes a request, or changes the draft of that code. Raises Refused."""
    with history.whole():
        owner = known(PROJECT, project)
        request = models.TransferRequest.objects.filter(code=code, project=owner).first() if code else None
        if code and request is None:
            raise Refused(Finding("record-unknown", "code", code))
        if request is not None:
            history.alone(thing(request), seen)
            request.refresh_from_db()
        if found := _faults(owner, said, request):
            raise Refused(*found)
        now = datetime.now(UTC)
        before = content(request)
        is_new = request is None
        request = request or models.TransferRequest(
            code=f"R-{secrets.token_hex(4)}", project=owner, state=State.DRAFT, author=by, made_at=now
        )
        request.tranche = models.Tranche.objects.filter(project=owner, number=said.tranche).first()
        request.decision, request.decided_on = said.decision.strip(), said.decided_on
        request.note, request.changed_at = said.note.strip(), now
        request.year, request.quarter = (said.quarter.year, said.quarter.number) if said.quarter else (None, None)
        request.writers = sorted({*request.writers, by})
        request.save()
        wanted = {body: amount for body, amount in said.amounts.items() if amount}
        request.amounts.exclude(organization__in=wanted).delete()
        for body, amount in wanted.items():
            request.amounts.update_or_create(organization_id=body, defaults={"amount": amount, "draft": None})
        history.keep(by=by, verb="write", thing=thing(request), before=before, after=content(request))
        if is_new:
            signers = [one.pk for one in mandates.who_may(tranches.SIGNER, scope_of(owner)) if one.pk != by]
            _tell(request, signers, "written", by)
    return request


def _faults(owner: Any, said: RequestSaid, request: Any) -> list[Finding]:
    found = []
    if request is not None and request.state not in OPEN:
        found.append(Finding("request-signed", "", request.state))
    if not said.decision.strip():
        found.append(Finding("field-missing", "decision"))
    if said.decided_on > office.today():
        found.append(Finding("plan-to-come", "decided_on"))
    if said.tranche and not models.Tranche.objects.filter(project=owner, number=said.tranche).exists():
        found.append(Finding("tranche-elsewhere", "tranche", str(said.tranche)))
    if said.quarter and not planning.closed(owner.code, [said.quarter]):
        found.append(Finding("quarter-open", "", str(said.quarter)))
    bodies = set(models.Participation.objects.filter(project=owner).values_list("organization_id", flat=True))
    for body, amount in said.amounts.items():
        found += plans.of_amount("planned", amount, place_of(body))
        if amount and body not in bodies:
            found.append(Finding("work-organization", place_of(body), body))
    if not any(amount > 0 for amount in said.amounts.values()):
        found.append(Finding("request-amount", ""))
    return found + recording.no_nul(said.decision, said.note)


def place_of(organization: str) -> str:
    """The field of an organization's amount."""
    return f"amount-{organization}"


def content(request: Any) -> dict[str, Any]:
    """All that a request says, as a signature is given for it."""
    if request is None or request.pk is None:
        return {}
    amounts = {f"amount {one.organization_id}": one.amount for one in request.amounts.order_by("organization_id")}
    return {
        "decision": request.decision,
        "decided_on": request.decided_on,
        "tranche": request.tranche.number if request.tranche_id else None,
        "note": request.note,
        **amounts,
    }


def lead(*, by: str, code: str, act: str, reason: str = "", seen: int | None = None) -> Any:
    """Takes a request from one state to the next. Raises Refused."""
    with history.whole():
        request = models.TransferRequest.objects.filter(code=code).select_related("project").first()
        if request is None:
            raise Refused(Finding("record-unknown", "code", code))
        history.alone(thing(request), seen)
        request.refresh_from_db()
        vouchers = vouchers_of([request])[request.code]
        is_drafted = any(not tranches.is_free(one) for one in vouchers.values())
        if rules := broken(act, request.state, by, request.writers, reason, is_drafted=is_drafted):
            raise Refused(*(Finding(rule, "reason" if rule == "reason-missing" else "") for rule in rules))
        before, now = request.state, datetime.now(UTC)
        request.state, request.changed_at = TRANSITIONS[act].after, now
        request.comment = reason.strip() if TRANSITIONS[act].reasoned else ""
        if act == "sign":
            request.signed_by, request.signed_at = by, now
        elif act == "receive":
            request.received_by, request.received_at = by, now
        elif act == "return":
            request.signed_by, request.signed_at, request.received_by, request.received_at = "", None, "", None
        request.save()
        # A signature stands in the history with all that it was given for.
        after = {"state": str(request.state), **(content(request) if act == "sign" else {})}
        history.keep(
            by=by, verb=act, thing=thing(request), before={"state": before}, after=after, reason=reason.strip()
        )
        if act == "sign":
            agents = [one.pk for one in mandates.who_may(tranches.AGENT, scope_of(request.project)) if one.pk != by]
            _tell(request, agents, "signed", by)
        elif act == "return":
            _tell(request, [request.author], "returned", by, reason=reason.strip())
    return request


def draft(*, by: str, code: str, organization: str) -> Any:
    """The voucher that pays an organization what was asked for, as a draft to be completed; the one that stands, if one does.

    Raises Refused.
    """
    with history.whole():
        request = models.TransferRequest.objects.filter(code=code).select_related("project__fund", "tranche").first()
        if request is None:
            raise Refused(Finding("record-unknown", "code", code))
        history.alone(thing(request), None)
        request.refresh_from_db()
        row = request.amounts.filter(organization=organization).select_related("draft").first()
        if row is None:
            raise Refused(Finding("work-organization", "organization", organization))
        if request.state != State.RECEIVED:
            raise Refused(Finding("request-not-there", "", request.state))
        if not tranches.is_free(vouchers_of([request])[code][organization]):
            return row.draft
        fund = request.project.fund
        parts = [request.decision.splitlines()[0], request.code]
        words = {
            "fund": fund.code,
            "project": request.project_id,
            "organization": organization,
            "on": office.today().isoformat(),
            "amount": plain(of_minor_units(row.amount, fund.currency)),
            "title": " · ".join(parts)[:500],
        }
        made = drafts.write(by=by, kind=TRANSFER, words=words)
        row.draft = made
        row.save(update_fields=["draft"])
        after = {f"voucher {organization}": made.key}
        history.keep(by=by, verb="draft", thing=thing(request), after=after)
    return made


def vouchers_of(requests: Iterable[Any]) -> dict[str, dict[str, str]]:
    """The states of the vouchers of several requests' amounts, by request and organization; "" where none was drafted.

    What was posted and taken back since is tranches.REVERSED.
    """
    found: dict[str, dict[str, str]] = {one.code: {} for one in requests}
    taken_back = models.Reference.objects.filter(key=OuterRef("draft_id"), word="reverses")
    rows = models.RequestedAmount.objects.filter(request__in=found).annotate(is_reversed=Exists(taken_back))
    each = rows.order_by("organization_id").values_list("request_id", "organization_id", "draft__state", "is_reversed")
    for code, body, state, is_reversed in each:
        found[code][body] = tranches.REVERSED if is_reversed else state or ""
    return found


def standing(request: Any, vouchers: Mapping[str, str]) -> str:
    """How a request stands today: paid, once all its vouchers are posted."""
    return tranches.standing(request.state, list(vouchers.values()))


def _tell(request: Any, people: Iterable[str], what: str, by: str, **values: str) -> None:
    told = {"name": history.name_of(by), "code": request.code, "project": request.project_id, **values}
    there = f"/desk/plans/requests/{request.code}"
    tell(people=people, subject=SUBJECTS[what], text=TEXTS[what], address=there, values=told)
