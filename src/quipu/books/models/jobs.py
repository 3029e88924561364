"""Background work and news: who holds a job, what has taken effect, what is due each night, mails, letters' handling, tokens."""

from django.db import models

from quipu.books.models import columns
from quipu.books.models.people import Person


class Lease(models.Model):  # type: ignore[misc]
    """A worker holds a running job until that moment, unless it renews. An expired one is anybody's."""

    job = models.CharField(max_length=36, primary_key=True)
    worker = models.CharField(max_length=64)
    until = models.DateTimeField(db_index=True)


class Done(models.Model):  # type: ignore[misc]
    """An effect that took place, marked in its own transaction: whoever comes second finds the mark."""

    key = models.CharField(max_length=columns.KEY, primary_key=True)
    at = models.DateTimeField()


class Schedule(models.Model):  # type: ignore[misc]
    """Something that is queued once for each period (a night, a morning), whoever of the workers sees it first."""

    name = models.CharField(max_length=columns.WORD, primary_key=True)
    period = models.CharField(max_length=columns.WORD)
    at = models.DateTimeField()


class Verification(models.Model):  # type: ignore[misc]
    """What came of verifying the books, and of comparing the edition with them. faults: sentences, none where all stands."""

    at = models.DateTimeField(db_index=True)
    seconds = models.FloatField()
    links = models.BigIntegerField()
    entries = models.BigIntegerField()
    head = models.CharField(max_length=columns.HASH)
    edition = models.IntegerField(null=True)
    faults = models.JSONField(default=list)


class Mail(models.Model):  # type: ignore[misc]
    """A mail to be sent, or that was. The address is looked up when it goes out; what it says is forgotten afterwards.

    to: "person CODE", "writer CODE" or "contact CODE" of a letter. state: waiting, handed over (the other side may have
    it or not), sent, unsure (a worker died while it was handed over, and twice would be worse than never), dropped.
    """

    key = models.CharField(max_length=columns.KEY, unique=True)
    to = models.CharField(max_length=columns.KEY)
    subject = models.TextField()
    text = models.TextField()
    values = models.JSONField(default=dict)
    address = models.TextField(blank=True)  # of the page it leads to, within the house
    kind = models.CharField(max_length=columns.WORD, blank=True)
    state = models.CharField(max_length=columns.WORD, default="waiting")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("state", "at"), name="mail_state"),)


class News(models.Model):  # type: ignore[misc]
    """How somebody hears of their work. digest: off, daily, weekly. calendar: the hash of the secret in their feed's address."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="news")
    digest = models.CharField(max_length=columns.WORD, default="weekly")
    calendar = models.CharField(max_length=64, null=True, unique=True)
    calendar_since = models.DateTimeField(null=True)


class Handling(models.Model):  # type: ignore[misc]
    """What the office does with a letter of the public; the letter itself lies in HOME/letters."""

    code = models.CharField(max_length=columns.WORD, primary_key=True)
    noticed_at = models.DateTimeField()
    taken_by = columns.code(blank=True)
    taken_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)


class Token(models.Model):  # type: ignore[misc]
    """What a program signs in with for a person: the hash of its secret, the verbs and the scope it was made for."""

    secret = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.TextField()
    verbs = models.JSONField(default=list)
    fund = columns.code(blank=True)
    project = columns.code(blank=True)
    organization = columns.code(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  # to the hour
    revoked_at = models.DateTimeField(null=True)
