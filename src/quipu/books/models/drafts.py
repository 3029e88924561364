"""Vouchers before they are posted: drafts, what they say, and the files that will be sealed with them."""

from django.db import models

from quipu.books.models import columns


class Draft(models.Model):  # type: ignore[misc]
    """A voucher that somebody writes and another person approves. key: under which it is posted, once.

    words: what was typed, by field, amounts as exact decimals. writers: everybody who wrote a word of it. fund, project
    and organization: whose it is; no fund where it is of several. row: where it stands in a workbook.
    """

    key = models.CharField(max_length=columns.KEY, primary_key=True)
    kind = models.CharField(max_length=columns.WORD)
    state = models.CharField(max_length=columns.WORD)
    fund = columns.to("Fund", null=True)
    project = columns.to("Project", null=True)
    organization = columns.to("Organization", null=True)
    on = models.DateField()
    words = models.JSONField(default=dict)
    author = columns.code()
    writers = models.JSONField(default=list)
    approver = columns.code(default="", blank=True)
    comment = models.TextField(default="", blank=True)  # of whoever sent it back or discarded it
    position = models.BigIntegerField(null=True)  # of its posting in the chain
    row = models.CharField(max_length=columns.KEY, null=True, unique=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "changed_at"), name="draft_state"),
            models.Index(fields=("author", "state"), name="draft_author"),
            models.Index(fields=("position",), name="draft_position"),
        )


class Enclosure(models.Model):  # type: ignore[misc]
    """A file that stands behind a draft, by its hash; sealed with the voucher when it is posted."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="enclosures")
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.TextField()
    bytes = models.BigIntegerField()
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("draft", "sha256"), name="one_enclosure"),)
