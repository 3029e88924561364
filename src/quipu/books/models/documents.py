"""Documents of the desk: what is said of each, and its versions. Their bytes lie in HOME/kept, by hash."""

from django.db import models

from quipu.books.models import columns


class Document(models.Model):  # type: ignore[misc]
    """A document that people maintain here. It belongs to a fund or to one of its projects, and may be about more.

    titles, descriptions: by language. on: a year, a month or a day. also: what else it is about, [kind, name].
    visibility: internal, public or embargoed until a day, on which it is public. waits: one of its versions waits for a
    second person, who is released_by then.
    """

    code = columns.code(primary_key=True)
    type = models.CharField(max_length=columns.WORD, blank=True)
    titles = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict)
    languages = models.JSONField(default=list)
    on = models.CharField(max_length=10, blank=True)
    fund = columns.to("Fund")
    project = columns.to("Project", null=True)
    also = models.JSONField(default=list)
    visibility = models.CharField(max_length=columns.WORD, default="internal")
    until = models.DateField(null=True)
    supersedes = columns.to("self", null=True)
    made_by = columns.code()
    made_at = models.DateTimeField()
    marked_by = columns.code(blank=True)  # who made it public, or asked for it
    waits = models.BooleanField(default=False)
    released_by = columns.code(blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("fund", "project"), name="document_scope"),
            models.Index(fields=("visibility", "until"), name="document_visibility"),
            models.Index(fields=("supersedes",), name="document_supersedes"),
        )


class Version(models.Model):  # type: ignore[misc]
    """A file of a document. given: the hash of what was handed in; sha256: of what is kept and served, "" for nothing.

    state: checked, quarantined or refused. findings: [rule, detail] of the check; personal: what of people was found
    in its words, masked; offered: what the file says of itself. It is cleared once its questions are answered.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, db_index=False, related_name="versions")
    number = models.IntegerField()
    given = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    bytes = models.BigIntegerField(default=0)
    form = models.CharField(max_length=8, blank=True)
    name = models.TextField()  # as it was handed in
    by = columns.code()
    at = models.DateTimeField()
    state = models.CharField(max_length=columns.WORD)
    findings = models.JSONField(default=list)
    scanned_at = models.DateTimeField(null=True)  # by the scanner of viruses, which found none
    personal = models.JSONField(default=list)
    offered = models.JSONField(default=dict)
    cleared_by = columns.code(blank=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_why = models.TextField(blank=True)  # the reason, where it was published in spite of what was found
    waits = models.BooleanField(default=False)  # for a second person, though cleared
    answers = models.JSONField(default=dict)
    sheet = models.CharField(
        max_length=64, blank=True
    )  # the hash of what is listed in its place, where the file is not

    class Meta:
        constraints = (models.UniqueConstraint(fields=("document", "number"), name="one_version"),)
