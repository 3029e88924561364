"""The ledger: postings, entries and what belongs to them, sealed against every change."""

from django.db import models

from quipu.books.models import columns


class Chain(models.Model):  # type: ignore[misc]
    """The one row that a posting locks. Where the chain stands is asked of its last link, so nothing can disagree."""

    id = models.SmallIntegerField(primary_key=True)

    class Meta:
        constraints = (columns.sealed("chain", "id"),)


class Posting(models.Model):  # type: ignore[misc]
    """A link of the chain: a voucher or an event. position counts all links from 1, number the vouchers, without gaps.

    content_hash: of what it says; hash: of the link before it, of that, and of who recorded it when.
    """

    position = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(null=True, unique=True)
    key = models.CharField(max_length=columns.KEY, unique=True)
    kind = models.CharField(max_length=columns.WORD)
    lines = models.IntegerField()  # how many of its entries it says itself; receipts of twins and mirrors follow
    on = models.DateField()
    recorded_at = models.DateTimeField()
    by = columns.code()
    approved = models.TextField(blank=True)  # codes, space between
    memo_hash = models.CharField(max_length=columns.HASH, blank=True)
    memo_salt = models.CharField(max_length=columns.HASH, blank=True)
    source = models.TextField(blank=True)  # "journal FILE", or "" for the desk; not in the chain
    content_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (columns.sealed("posting", "position", "key", "number"),)
        indexes = (models.Index(fields=("recorded_at",), name="posting_recorded"),)


class Entry(models.Model):  # type: ignore[misc]
    """One movement of one amount, in minor units of the fund's currency. id: position × 1,000,000 + ordinal.

    place and other are the line's two ends as it names them; the codes beside them are what they stand for. Lines come
    first, then the mirrors of what the voucher reverses.
    """

    id = models.BigIntegerField(primary_key=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, db_index=False, related_name="entries")
    ordinal = models.IntegerField()
    movement = models.CharField(max_length=columns.WORD)
    place = models.CharField(max_length=140)
    other = models.CharField(max_length=140, blank=True)
    fund = columns.to("Fund")
    other_fund = columns.to("Fund", null=True)
    project = columns.to("Project", null=True)
    organization = columns.to("Organization", null=True)
    contributor = columns.to("Organization", null=True)
    agreement = columns.to("Agreement", null=True)
    category = models.CharField(max_length=columns.WORD, blank=True)
    standing = models.CharField(max_length=columns.WORD, blank=True)
    year = models.SmallIntegerField()
    adjusts = models.SmallIntegerField(null=True)
    effective_on = models.DateField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    original_amount = models.BigIntegerField(null=True)
    original_currency = models.CharField(max_length=3, blank=True)
    rate = models.CharField(max_length=columns.WORD, blank=True)  # as the document states it
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        constraints = (columns.sealed("entry", "id", "reverses"),)
        indexes = (
            # Sums are added up along these, in their order.
            models.Index(fields=("fund", "movement", "year", "effective_on", "amount", "posting"), name="entry_fund"),
            models.Index(
                fields=(
                    "project",
                    "organization",
                    "fund",
                    "category",
                    "movement",
                    "year",
                    "effective_on",
                    "amount",
                    "posting",
                ),
                name="entry_participation",
            ),
            models.Index(fields=("posting",), name="entry_posting"),
        )


class Reference(models.Model):  # type: ignore[misc]
    """What a voucher replaces or reverses: a key, or one entry under it."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="references")
    ordinal = models.IntegerField()
    word = models.CharField(max_length=columns.WORD)
    key = models.CharField(max_length=columns.KEY, db_index=True)
    entry = models.IntegerField(null=True)

    class Meta:
        constraints = (columns.sealed("reference", "id"),)


class Attachment(models.Model):  # type: ignore[misc]
    """A document that stands behind a posting, by its hash."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="attachments")
    ordinal = models.IntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = (columns.sealed("attachment", "id"),)


class Event(models.Model):  # type: ignore[misc]
    """A status change, a closed or reopened year, an extension."""

    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, primary_key=True, related_name="event")
    fund = columns.to("Fund", null=True)
    project = columns.to("Project", null=True)
    organization = columns.to("Organization", null=True)
    status = models.CharField(max_length=columns.WORD, blank=True)
    year = models.SmallIntegerField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = (columns.sealed("event", "posting"),)
        indexes = (
            models.Index(fields=("fund", "year"), name="event_year"),
            models.Index(fields=("project", "organization"), name="event_status"),
        )


class Memo(models.Model):  # type: ignore[misc]
    """The texts of a posting: title, notes of lines, titles of documents. Not sealed, so that they can be redacted."""

    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, primary_key=True, related_name="memo")
    texts = models.TextField()
