"""Vouchers that were posted, for programs: read with their entries and files, printed; and money to be identified."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from quipu.books import models
from quipu.desk.api.access import Forbidden, asks
from quipu.desk.api.given import Code
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.vouchers import READ, File, file_of
from quipu.desk.funds.views import plain_amount
from quipu.desk.vouchers import listing
from quipu.desk.vouchers.views import as_print, to_save
from quipu.rules.mandates import ELSEWHERE, Decision

router = Router(tags=["vouchers"])
PDF = {"responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}}


class Entry(Schema):
    """An entry of a voucher; the amount is exact, as text."""

    ordinal: int
    movement: str
    place: str
    other: str
    amount: str
    currency: str
    year: int
    category: str


class Posted(Schema):
    """A voucher as it was posted. left: how many entries there are beyond those told."""

    key: str
    number: int
    position: int
    kind: str
    on: date
    title: str
    by: str
    approved: list[str]
    recorded_at: datetime
    hash: str
    entries: list[Entry]
    left: int
    files: list[File]
    takes_back: list[str]
    taken_back: list[str]
    public: str


class Unidentified(Schema):
    """A deposit without its contributor's name. ordinal: of its entry; draft: that names it already, if any."""

    key: str
    ordinal: int
    on: date
    fund: str
    amount: str
    currency: str
    draft: str


def _posted(request: HttpRequest, key: str) -> Any:
    link = get_object_or_404(models.Posting.objects.exclude(number=None), key=key)
    if not listing.posted_within(request.rights.reach(READ)).filter(pk=link.pk).exists():
        raise Forbidden(READ, Decision(False, why=ELSEWHERE))
    return link


@router.get("/vouchers/posted/{key}", response=Posted, url_name="posted", summary="One voucher that was posted")
@asks(READ)
def posted(request: HttpRequest, key: Code) -> Any:
    """With its entries, its files, and what it takes back or what took it back."""
    told = listing.of_posting(_posted(request, key), request.rights)
    link = told["link"]
    same = ("ordinal", "movement", "place", "other", "currency", "year", "category")
    entries = [
        Entry(amount=plain_amount(one.amount, one.currency), **{name: getattr(one, name) for name in same})
        for one in told["entries"]
    ]
    of_link = ("key", "number", "position", "kind", "on", "by", "recorded_at", "hash")
    return Posted(
        entries=entries,
        files=[file_of(*one) for one in told["files"]],
        takes_back=[one.key for one in told["takes_back"]],
        taken_back=[one.key for one in told["taken_back"]],
        **{name: getattr(link, name) for name in of_link},
        **{name: told[name] for name in ("title", "approved", "left", "public")},
    )


@router.get("/vouchers/posted/{key}/files/{sha256}", url_name="posted_file", summary="A file sealed with a voucher")
@asks(READ)
def attachment(request: HttpRequest, key: Code, sha256: Code) -> Any:
    """Its bytes."""
    link = _posted(request, key)
    get_object_or_404(models.Attachment, posting=link, sha256=sha256)
    return to_save(sha256, listing.titles_of(link).get(sha256, sha256))


@router.get("/vouchers/posted/{key}/print", url_name="print_posted", summary="A voucher as a PDF", openapi_extra=PDF)
@asks(READ)
def printed(request: HttpRequest, key: Code) -> Any:
    """To file or to sign."""
    return as_print(_posted(request, key), request.rights)


@router.get(
    "/vouchers/unidentified", response=Page[Unidentified], url_name="unidentified", summary="Money to be identified"
)
@asks(READ)
def unidentified(request: HttpRequest, page: int = PageNumber) -> Any:
    """Deposits within the token's reach whose contributor is not known; a draft of the kind identification names one."""
    found = listing.of_unknown(request.rights.reach(READ)).select_related("posting").order_by("effective_on", "pk")
    return paged(found, page, _unidentified)


def _unidentified(entries: Any) -> list[Unidentified]:
    waits = listing.being_identified(one.posting.key for one in entries)
    return [
        Unidentified(
            key=one.posting.key,
            ordinal=one.ordinal,
            on=one.effective_on,
            fund=one.fund_id,
            amount=plain_amount(one.amount, one.currency),
            currency=one.currency,
            draft=waits.get(one.posting.key, ""),
        )
        for one in entries
    ]
