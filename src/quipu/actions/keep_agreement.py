"""Keep an agreement of a contributor with a fund, or an organization's memorandum with it; whose they are never changes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.books import models, records
from quipu.rules.findings import Finding, Refused
from quipu.rules.journal import minor_units
from quipu.rules.mandates import Scope

NO_FEE = "none"


@dataclass(frozen=True, slots=True)
class AgreementSaid:
    """An agreement as it is typed. instalments, amendments: one a line, a day first; agent_fee: per cent, "none", ""."""

    code: str
    fund: str
    contributor: str
    title: str = ""
    amount: Decimal | None = None
    currency: str = ""
    instalments: str = ""
    amendments: str = ""
    earmark: str = ""
    agent_fee: str = ""
    iati_activity: str = ""


def thing_of_agreement(code: str, fund: str, contributor: str) -> Thing:
    """What history calls an agreement."""
    return Thing("agreement", code, Scope(fund, "", contributor))


def keep_agreement(*, by: str, agreement: AgreementSaid, is_new: bool = False, seen: int | None = None) -> Any:
    """Makes an agreement or changes it. Raises Refused."""
    said = agreement
    with history.whole():
        thing = thing_of_agreement(said.code, said.fund, said.contributor)
        history.alone(thing, None if is_new else seen)
        record = models.Agreement.objects.filter(code=said.code).first()
        found = _stands(record, said, is_new)
        instalments, wrong = recording.dated(said.instalments, "instalments")
        amounts = [(day, recording.amount(text)) for day, text in instalments]
        found += [*wrong, *_amounts(said, amounts)]
        amendments, wrong = recording.dated(said.amendments, "amendments")
        found += wrong
        fee, wrong = (
            (NO_FEE, []) if said.agent_fee.strip() == NO_FEE else recording.percent(said.agent_fee, "agent_fee")
        )
        found += [*wrong, *recording.no_nul(said.title, said.earmark, said.iati_activity, said.amendments)]
        if found:
            raise Refused(*found)
        before = recording.told(records.of_agreement(record)) if record else {}
        values = {
            "title": " ".join(said.title.split()),
            "amount": said.amount,
            "currency": said.currency,
            "earmark": said.earmark.strip(),
            "agent_fee": fee,
            "iati_activity": said.iati_activity.strip(),
        }
        if record is None:
            models.Agreement.objects.create(
                code=said.code, fund_id=said.fund, contributor_id=said.contributor, **values
            )
        else:
            models.Agreement.objects.filter(code=said.code).update(**values)
        record = models.Agreement.objects.get(code=said.code)
        _lists(record, amounts, amendments)
        declared = records.of_agreement(record)
        recording.sayable(declared)
        recording.keep(by, thing, before, recording.told(declared))
    return record


def _stands(record: Any, said: AgreementSaid, is_new: bool) -> list[Finding]:
    found = []
    if is_new:
        found += [Finding("record-taken", "code", said.code)] if record else recording.code(said.code)
        if not models.Fund.objects.filter(code=said.fund).exists():
            found.append(Finding("record-unknown", "fund", said.fund))
        if not models.Organization.objects.filter(code=said.contributor).exists():
            found.append(Finding("record-unknown", "contributor", said.contributor))
    elif record is None:
        found.append(Finding("record-unknown", "code", said.code))
    elif (record.fund_id, record.contributor_id) != (said.fund, said.contributor):
        found.append(Finding("record-sealed", "contributor"))
    return found


def _amounts(said: AgreementSaid, instalments: list[tuple[date, Decimal | None]]) -> list[Finding]:
    found = []
    if said.amount is not None or instalments:
        found += recording.currency(said.currency)
    if found:
        return found
    if said.amount is not None and said.amount <= 0:
        found.append(Finding("amount-negative", "amount"))
    if said.amount is not None and minor_units(said.amount, said.currency) is None:
        found.append(Finding("amount-unreadable", "amount", f"{said.amount} {said.currency}"))
    for day, amount in instalments:
        if amount is None or amount <= 0 or minor_units(amount, said.currency) is None:
            found.append(Finding("line-unreadable", "instalments", str(day)))
    return found


def exceeds(record: Any) -> bool:
    """Whether the instalments sum to more than the agreement: said, never refused."""
    expected = sum((one.amount for one in record.instalments.all()), Decimal(0))
    return record.amount is not None and expected > record.amount


def _lists(record: Any, instalments: list[tuple[date, Any]], amendments: list[tuple[date, str]]) -> None:
    if instalments != [(one.expected_on, one.amount) for one in record.instalments.order_by("expected_on", "id")]:
        record.instalments.all().delete()
        for day, amount in instalments:
            record.instalments.create(expected_on=day, amount=amount)
    if amendments != [(one.signed_on, one.text) for one in record.amendments.order_by("signed_on", "id")]:
        record.amendments.all().delete()
        for day, text in amendments:
            record.amendments.create(signed_on=day, text=text)


def thing_of_memorandum(fund: str, organization: str) -> Thing:
    """What history calls a memorandum."""
    return Thing("memorandum", f"{fund} {organization}", Scope(fund, "", organization))


def keep_memorandum(
    *,
    by: str,
    fund: str,
    organization: str,
    title: str = "",
    indirect_cost: str = "",
    signed_on: date | None = None,
    is_new: bool = False,
    seen: int | None = None,
) -> Any:
    """Makes an organization's memorandum with a fund, or changes it. indirect_cost: per cent. Raises Refused."""
    with history.whole():
        thing = thing_of_memorandum(fund, organization)
        history.alone(thing, seen)
        record = models.Mou.objects.filter(fund=fund, organization=organization).first()
        rate, found = recording.percent(indirect_cost, "indirect_cost")
        if is_new and record:
            found.append(Finding("memorandum-there", "organization", organization))
        if not models.Fund.objects.filter(code=fund).exists():
            found.append(Finding("record-unknown", "fund", fund))
        if not models.Organization.objects.filter(code=organization).exists():
            found.append(Finding("record-unknown", "organization", organization))
        found += recording.no_nul(title)
        if found:
            raise Refused(*found)
        before = recording.told(records.of_mou(record)) if record else {}
        values = {"title": " ".join(title.split()), "indirect_cost": rate, "signed_on": signed_on}
        models.Mou.objects.update_or_create(fund_id=fund, organization_id=organization, defaults=values)
        declared = records.of_mou(models.Mou.objects.get(fund=fund, organization=organization))
        recording.sayable(declared)
        recording.keep(by, thing, before, recording.told(declared))
    return models.Mou.objects.get(fund=fund, organization=organization)
