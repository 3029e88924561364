"""The tables of the books: records that may be amended, and the ledger, which is sealed.

Codes are primary keys: a row of the ledger reads without a join, and no code ever changes. Who may be named in the
public record is an organization; a person is an opaque code in sealed rows, and everything else about people is not.
"""

from typing import Any

from django.db import models

from quipu.books.seals import Seal

CODE, KEY, WORD, HASH = 64, 200, 32, 128


def _code(**options: Any) -> Any:
    return models.CharField(max_length=CODE, **options)


def _to(model: str, **options: Any) -> Any:
    """A reference by code. Nothing that is referred to is ever deleted; indexes are chosen by hand."""
    return models.ForeignKey(model, on_delete=models.PROTECT, db_index=False, related_name="+", **options)


def _seal(name: str, *keys: str) -> Seal:
    return Seal(name=f"sealed_{name}", keys=keys)


def _kept(name: str, *fields: str) -> Seal:
    """Entries rest on these columns: the row stays, and they do."""
    return Seal(name=f"kept_{name}", fields=fields, keys=("code",))


# Records


class Fund(models.Model):  # type: ignore[misc]
    """A pooled fund. rates in per cent; amounts in minor units of its currency."""

    code = _code(primary_key=True)
    title = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    category = models.TextField(blank=True)
    agent_fee = models.CharField(max_length=WORD, blank=True)  # per cent of each deposit, "" for the default
    illustrative = models.BooleanField(default=False)
    minimum_balance = models.BigIntegerField(default=0)
    small_balance = models.BigIntegerField(null=True)  # None: the default limit
    over_allocation = models.TextField(blank=True)  # allocating above what is available: refuse, warn
    further = models.JSONField(default=list)  # settings of a journal that nothing here reads: [key, value]

    class Meta:
        constraints = (_kept("fund", "code", "currency"),)


class Window(models.Model):  # type: ignore[misc]
    """A part of a fund with a purpose of its own."""

    code = _code(primary_key=True)
    title = models.TextField(blank=True)
    fund = _to("Fund", null=True)
    further = models.JSONField(default=list)

    class Meta:
        constraints = (_kept("window", "code"),)


class Organization(models.Model):  # type: ignore[misc]
    """A body that gives, receives or spends: contributors and participating organizations share one list of codes."""

    code = _code(primary_key=True)
    title = models.TextField(blank=True)
    contributes = models.BooleanField(default=False)  # declared as a contributor
    participates = models.BooleanField(default=False)  # declared as a participating organization
    group = models.TextField(blank=True)  # the name it is shown under
    further = models.JSONField(default=list)

    class Meta:
        constraints = (_kept("organization", "code"),)


class Alias(models.Model):  # type: ignore[misc]
    """Another name of an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="aliases")
    name = models.TextField()


class Identifier(models.Model):  # type: ignore[misc]
    """What an organization is called in another list: iati, ledger and so on."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=WORD)
    value = models.TextField()


class Project(models.Model):  # type: ignore[misc]
    """What a fund pays for; a joint programme is one with several participations. kind "direct-cost": the agent's own."""

    code = _code(primary_key=True)
    title = models.TextField(blank=True)
    fund = _to("Fund")
    kind = models.TextField(blank=True)
    window = _to("Window", null=True)
    description_code = models.TextField(blank=True)
    further = models.JSONField(default=list)  # countries, themes and the like, as a journal says them

    class Meta:
        constraints = (_kept("project", "code", "fund", "kind"),)


class Participation(models.Model):  # type: ignore[misc]
    """A project and an organization: where a project's money sits. number: the organization's own for the project."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="participations")
    number = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "organization"), name="one_participation"),)


class Agreement(models.Model):  # type: ignore[misc]
    """A contributor's agreement with a fund. agent_fee: per cent, "none", or "" for the fund's own."""

    code = _code(primary_key=True)
    fund = _to("Fund")
    contributor = _to("Organization")
    title = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=3, null=True)  # in the agreement's own currency
    currency = models.CharField(max_length=3, blank=True)
    earmark = models.TextField(blank=True)  # "", or a window, country or project
    agent_fee = models.CharField(max_length=WORD, blank=True)
    iati_activity = models.TextField(blank=True)
    further = models.JSONField(default=list)

    class Meta:
        constraints = (_kept("agreement", "code", "fund", "contributor"),)


class Instalment(models.Model):  # type: ignore[misc]
    """A payment an agreement expects."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="instalments")
    expected_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=3)


class Amendment(models.Model):  # type: ignore[misc]
    """A change of an agreement after it was signed; its money is a commitment change in the ledger."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="amendments")
    signed_on = models.DateField()
    text = models.TextField()


class Mou(models.Model):  # type: ignore[misc]
    """An organization's agreement with a fund; without it no transfer. indirect_cost: per cent, "" for the default."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="mous")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="mous")
    title = models.TextField(blank=True)
    indirect_cost = models.CharField(max_length=WORD, blank=True)
    signed_on = models.DateField(null=True)
    further = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("fund", "organization"), name="one_mou"),)


class Person(models.Model):  # type: ignore[misc]
    """Somebody who works here. The code stands in the ledger and means nothing outside of this table."""

    code = _code(primary_key=True)
    name = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    left_on = models.DateField(null=True)


class Mandate(models.Model):  # type: ignore[misc]
    """What a person may do, for which fund, project or organization ("" for all), from when to when."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=WORD)
    fund = _to("Fund", null=True)
    project = _to("Project", null=True)
    organization = _to("Organization", null=True)
    since = models.DateField()
    until = models.DateField(null=True)


# The ledger


class Chain(models.Model):  # type: ignore[misc]
    """The one row that a posting locks. Where the chain stands is asked of its last link, so nothing can disagree."""

    id = models.SmallIntegerField(primary_key=True)

    class Meta:
        constraints = (_seal("chain", "id"),)


class Posting(models.Model):  # type: ignore[misc]
    """A link of the chain: a voucher or an event. position counts all links from 1, number the vouchers, without gaps.

    content_hash: of what it says; hash: of the link before it, of that, and of who recorded it when.
    """

    position = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField(null=True, unique=True)
    key = models.CharField(max_length=KEY, unique=True)
    kind = models.CharField(max_length=WORD)
    lines = models.IntegerField()  # how many of its entries it says itself; receipts of twins and mirrors follow
    on = models.DateField()
    recorded_at = models.DateTimeField()
    by = _code()
    approved = models.TextField(blank=True)  # codes, space between
    memo_hash = models.CharField(max_length=HASH, blank=True)
    memo_salt = models.CharField(max_length=HASH, blank=True)
    source = models.TextField(blank=True)  # "journal FILE", or "" for the desk; not in the chain
    content_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (_seal("posting", "position", "key", "number"),)
        indexes = (models.Index(fields=("recorded_at",), name="posting_recorded"),)


class Entry(models.Model):  # type: ignore[misc]
    """One movement of one amount, in minor units of the fund's currency. id: position × 1,000,000 + ordinal.

    place and other are the line's two ends as it names them; the codes beside them are what they stand for. Lines come
    first, then the mirrors of what the voucher reverses.
    """

    id = models.BigIntegerField(primary_key=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, db_index=False, related_name="entries")
    ordinal = models.IntegerField()
    movement = models.CharField(max_length=WORD)
    place = models.CharField(max_length=140)
    other = models.CharField(max_length=140, blank=True)
    fund = _to("Fund")
    other_fund = _to("Fund", null=True)
    project = _to("Project", null=True)
    organization = _to("Organization", null=True)
    contributor = _to("Organization", null=True)
    agreement = _to("Agreement", null=True)
    category = models.CharField(max_length=WORD, blank=True)
    standing = models.CharField(max_length=WORD, blank=True)
    year = models.SmallIntegerField()
    adjusts = models.SmallIntegerField(null=True)
    effective_on = models.DateField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    original_amount = models.BigIntegerField(null=True)
    original_currency = models.CharField(max_length=3, blank=True)
    rate = models.CharField(max_length=WORD, blank=True)  # as the document states it
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        constraints = (_seal("entry", "id", "reverses"),)
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
    word = models.CharField(max_length=WORD)
    key = models.CharField(max_length=KEY, db_index=True)
    entry = models.IntegerField(null=True)

    class Meta:
        constraints = (_seal("reference", "id"),)


class Attachment(models.Model):  # type: ignore[misc]
    """A document that stands behind a posting, by its hash."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="attachments")
    ordinal = models.IntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = (_seal("attachment", "id"),)


class Event(models.Model):  # type: ignore[misc]
    """A status change, a closed or reopened year, an extension."""

    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, primary_key=True, related_name="event")
    fund = _to("Fund", null=True)
    project = _to("Project", null=True)
    organization = _to("Organization", null=True)
    status = models.CharField(max_length=WORD, blank=True)
    year = models.SmallIntegerField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = (_seal("event", "posting"),)
        indexes = (
            models.Index(fields=("fund", "year"), name="event_year"),
            models.Index(fields=("project", "organization"), name="event_status"),
        )


class Memo(models.Model):  # type: ignore[misc]
    """The texts of a posting: title, notes of lines, titles of documents. Not sealed, so that they can be redacted."""

    posting = models.OneToOneField(Posting, on_delete=models.PROTECT, primary_key=True, related_name="memo")
    texts = models.TextField()
