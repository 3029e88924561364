"""People, their mandates, and what they did: nothing of it is public but what somebody agreed to."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from quipu.books import office
from quipu.books.models import columns


class People(BaseUserManager):  # type: ignore[misc]
    """How a person is found by what they sign in with."""

    def get_by_natural_key(self, email: str) -> Any:
        """For Django: an address is the same in small and in large letters."""
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):  # type: ignore[misc]
    """Somebody who works here. The code stands in the ledger and means nothing outside of this table."""

    code = columns.code(primary_key=True)
    name = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    password = models.CharField(max_length=128, default="!")  # of whoever has none yet, nothing is right
    language = models.CharField(max_length=8, default="", blank=True)  # of letters to them, "" for English
    left_on = models.DateField(null=True)  # the last day that they work here

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("code",)

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_person_an_address"),)

    @property
    def is_active(self) -> bool:
        """Whether they may sign in."""
        return self.left_on is None or self.left_on >= office.today()

    def __str__(self) -> str:
        return str(self.name or self.code)


class Mandate(models.Model):  # type: ignore[misc]
    """What a person may do, for which fund, project or organization (none for all), from when to when.

    It counts while it is not withdrawn and, for roles that two administrators hand out, once the second one confirmed it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField(max_length=columns.WORD)
    fund = columns.to("Fund", null=True)
    project = columns.to("Project", null=True)
    organization = columns.to("Organization", null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    given_by = columns.code(default="", blank=True)  # "" from a terminal
    given_at = models.DateTimeField(null=True)
    reason = models.TextField(default="", blank=True)
    confirmed_by = columns.code(default="", blank=True)
    withdrawn_by = columns.code(default="", blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(default="", blank=True)
    shown_since = models.DateField(null=True)  # the person agreed to be named with it on the factsheet


class Invitation(models.Model):  # type: ignore[misc]
    """A letter to somebody who is to work here. token: the hash of what the letter holds. mandates: given on acceptance."""

    token = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    name = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    mandates = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    invited_by = columns.code(blank=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")  # who accepted it
    withdrawn_at = models.DateTimeField(null=True)


class History(models.Model):  # type: ignore[misc]
    """What somebody did to a record: before and after, field by field. Personal details are named, never held.

    kind and code: of the thing. The last row of a thing is its version: who saves says which one they had seen.
    """

    at = models.DateTimeField()
    by = columns.code(blank=True)  # "" for the house itself
    verb = models.CharField(max_length=columns.WORD)
    kind = models.CharField(max_length=columns.WORD)
    code = models.CharField(max_length=columns.KEY)
    fund = columns.code(blank=True)
    project = columns.code(blank=True)
    organization = columns.code(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)  # whether the next edition shows something of it

    class Meta:
        constraints = (columns.sealed("history", "id"),)
        indexes = (
            models.Index(fields=("kind", "code", "id"), name="history_thing"),
            models.Index(fields=("fund", "id"), name="history_fund"),
            models.Index(fields=("is_public", "id"), name="history_public"),
        )


class Unsaved(models.Model):  # type: ignore[misc]
    """What somebody typed into a form and has not saved: kept by itself, offered when they come back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    address = models.TextField()
    fields = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "address"), name="one_unsaved"),)


class Counted(models.Model):  # type: ignore[misc]
    """Failed signings-in and the like, where all web processes see them; in the shape that Django's cache wants."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "quipu_counts"
