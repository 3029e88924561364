"""Registers of programmes, their rows with consents, what was counted and told of them; and resources outside the fund."""

from django.db import models

from quipu.books.models import columns


class Register(models.Model):  # type: ignore[misc]
    """A list that a programme keeps. code: project-r-number. kind: of rules/registers/kinds, "" for one of its own.

    schema: of its own, {} otherwise. currency: of amounts that name none. is_public: its rows are, as far as they may be.
    """

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=columns.WORD, blank=True)
    titles = models.JSONField(default=dict)
    schema = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    is_public = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_register"),)


class Row(models.Model):  # type: ignore[misc]
    """A row of a register. values: as rules/registers/rows keeps them; words: by which it is found. Withdrawn, it stays.

    key: of the row of a workbook that it came from, "" otherwise.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="rows")
    number = models.IntegerField()
    values = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    key = models.CharField(max_length=columns.CODE, blank=True, default="")
    author = columns.code()
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = columns.code(blank=True, default="")
    withdrawn_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("register", "number"), name="one_row"),
            models.UniqueConstraint(fields=("register", "key"), condition=~models.Q(key=""), name="one_row_of_key"),
        )


class Consent(models.Model):  # type: ignore[misc]
    """That the owner of a row agrees to its being public. given_by: whose word it was; document: where it is written.

    until: its last day, None until it is withdrawn.
    """

    row = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="consents")
    given_on = models.DateField()
    given_by = models.TextField()
    until = models.DateField(null=True)
    evidence = models.TextField(blank=True, default="")
    document = columns.code(blank=True, default="")
    kept_by = columns.code()
    kept_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("row",), condition=models.Q(withdrawn_on=None), name="one_consent"),
        )
        indexes = (models.Index(fields=("until",), name="consent_until"),)


class Count(models.Model):  # type: ignore[misc]
    """What a reading was counted from. Sealed. said: the definition; items: [number of the row, what it adds]."""

    reading = models.ForeignKey("Reading", on_delete=models.PROTECT, related_name="counts")
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="counts")
    said = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        constraints = (columns.sealed("count", "id"),)


class Total(models.Model):  # type: ignore[misc]
    """A sum of amounts that may be told (rules/registers/telling). Sealed: the last of a register, field and currency stands.

    items: [number of the row, its minor units].
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="totals")
    field = models.CharField(max_length=columns.WORD)
    currency = models.CharField(max_length=3)
    units = models.BigIntegerField()
    items = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = (columns.sealed("total", "id"),)


class Resource(models.Model):  # type: ignore[misc]
    """What somebody else promised or gave beside the fund. organization or source: who; kinds and states: rules/resources.

    amount: minor units of the currency, None for "not stated"; paid: what came, None where nobody said.
    """

    project = columns.to("Project")
    number = models.SmallIntegerField()
    organization = columns.to("Organization", null=True)
    source = models.TextField(blank=True, default="")
    source_kind = models.CharField(max_length=columns.WORD)
    kind = models.CharField(max_length=columns.WORD)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    what = models.TextField(blank=True, default="")
    promised_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    paid = models.BigIntegerField(null=True)
    paid_on = models.DateField(null=True)
    state = models.CharField(max_length=columns.WORD)
    document = columns.code(blank=True, default="")
    said_by = models.TextField(blank=True, default="")  # who says so: the source of this record
    is_public = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_resource"),)
