"""What programme people keep: narrative in sections, contacts with their consent; and organizations that are one."""

from django.db import models
from django.db.models import Q

from quipu.books.models import columns


class Section(models.Model):  # type: ignore[misc]
    """One version of a piece of narrative in one language; the last one stands, the last public one is published.

    kind, code: of the fund or project. state: rules/narrative.STATES. A public version without text takes it back.
    """

    kind = models.CharField(max_length=columns.WORD)
    code = columns.code()
    section = models.CharField(max_length=columns.WORD)
    language = models.CharField(max_length=8)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)  # Markdown
    state = models.CharField(max_length=columns.WORD)
    by = columns.code()
    at = models.DateTimeField()
    released_by = columns.code(blank=True, default="")  # who was the second to look at it

    class Meta:
        indexes = (
            models.Index(fields=("kind", "code", "section", "language", "id"), name="section_thing"),
            models.Index(fields=("state", "id"), name="section_state"),
        )


class Contact(models.Model):  # type: ignore[misc]
    """Somebody who answers for a fund or a project. What is shown, is shown while the consent is in force."""

    kind = models.CharField(max_length=columns.WORD)
    code = columns.code()
    roles = models.JSONField(default=dict)  # by language; "" for every other one
    name = models.TextField(blank=True)
    email = models.EmailField(blank=True)  # letters are forwarded to it; never shown
    telephone = models.TextField(blank=True)
    shows_name = models.BooleanField(default=False)
    shows_telephone = models.BooleanField(default=False)
    consent_on = models.DateField(null=True)
    consent_by = models.TextField(blank=True)  # whose word it was
    consent_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)  # answers no more

    class Meta:
        indexes = (models.Index(fields=("kind", "code"), name="contact_thing"),)


class Merger(models.Model):  # type: ignore[misc]
    """An organization's code is shown as another one's from here on; entries keep it. undone_at: until then."""

    organization = columns.to("Organization")
    into = columns.to("Organization")
    reason = models.TextField()
    by = columns.code()
    at = models.DateTimeField()
    undone_by = columns.code(blank=True, default="")
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("organization",), condition=Q(undone_at=None), name="one_merger"),
        )


class Different(models.Model):  # type: ignore[misc]
    """Two organizations that look alike and are not: they are not proposed again. first: the lower code."""

    first = columns.to("Organization")
    second = columns.to("Organization")
    reason = models.TextField()
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="one_different"),)
