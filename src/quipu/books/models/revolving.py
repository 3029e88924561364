"""Revolving funds of communities: who keeps one, which loans it gave, and what moved, sealed. Members are numbers only."""

from django.db import models

from quipu.books.models import columns
from quipu.books.models.ledger import Posting


class Community(models.Model):  # type: ignore[misc]
    """A group that keeps a revolving fund of a programme. currency: of its box. Its words may be amended."""

    code = columns.code(primary_key=True)
    project = columns.to("Project")
    currency = models.CharField(max_length=3)
    title = models.TextField(blank=True, default="")
    district = models.TextField(blank=True, default="")
    opened_on = models.DateField(null=True)
    further = models.JSONField(default=list)  # settings of a declaration that nothing here reads

    class Meta:
        constraints = (columns.kept("community", "code", "project", "currency"),)
        indexes = (models.Index(fields=("project",), name="community_project"),)


class Loan(models.Model):  # type: ignore[misc]
    """A loan by its number in its community. What was lent under which terms is sealed; what it is for may be amended."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)  # community/number
    community = columns.to("Community")
    number = models.IntegerField()
    title = models.TextField(blank=True, default="")
    further = models.JSONField(default=list)

    class Meta:
        constraints = (columns.kept("loan", "code", "community", "number"),)
        indexes = (models.Index(fields=("community", "number"), name="loan_number"),)


class RevolvingEntry(models.Model):  # type: ignore[misc]
    """One line of a community's cashbook, in minor units of its currency. id: position × 1,000,000 + ordinal.

    what: one of rules/revolving; terms: of what is lent, as the journal writes them. What takes another line back is
    below zero and on its own day.
    """

    id = models.BigIntegerField(primary_key=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, db_index=False, related_name="+")
    ordinal = models.IntegerField()
    community = columns.to("Community")
    loan = columns.to("Loan", null=True)
    what = models.CharField(max_length=columns.WORD)
    on = models.DateField()
    amount = models.BigIntegerField()
    terms = models.CharField(max_length=columns.KEY, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        constraints = (columns.sealed("revolvingentry", "id", "reverses"),)
        indexes = (
            models.Index(fields=("community", "on", "id"), name="revolving_cashbook"),
            models.Index(fields=("posting",), name="revolving_posting"),
        )
