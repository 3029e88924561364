"""Monitoring: narratives of a year, reviews with what came of them, risks, lessons. Things end; nothing is deleted."""

from django.db import models

from quipu.books.models import columns


class Narrative(models.Model):  # type: ignore[misc]
    """A version of a programme's report of a year. code: N-project-year-version.

    parts: by part (rules/monitoring.PARTS), words by language. facts: what the books and records said when it was handed
    over, at `head` of the chain; lacks: what was missing then. document: what it was printed as, once accepted.
    """

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    year = models.SmallIntegerField()
    version = models.SmallIntegerField(default=1)
    state = models.CharField(max_length=columns.WORD)
    parts = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    lacks = models.JSONField(default=list)
    head = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True, default="")  # of a version after the first
    author = columns.code()
    writers = models.JSONField(default=list)
    handed_by = columns.code(blank=True, default="")
    handed_at = models.DateTimeField(null=True)
    decided_by = columns.code(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True, default="")  # of whoever decided
    document = columns.to("Document", null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "year", "version"), name="one_narrative"),)
        indexes = (models.Index(fields=("year", "project"), name="narrative_year"),)


class Review(models.Model):  # type: ignore[misc]
    """An evaluation or an audit of a programme. code: project-r-number. on: a year, a month or a day; by_whom: who made it."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=columns.WORD)
    titles = models.JSONField(default=dict)
    on = models.CharField(max_length=10, blank=True)
    by_whom = models.TextField(blank=True, default="")
    summary = models.JSONField(default=dict)
    document = columns.to("Document", null=True)
    link = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_review"),)


class Recommendation(models.Model):  # type: ignore[misc]
    """What a review recommends. code: review-number; number: as the review counts. organization, role: to whom."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    review = columns.to("Review")
    number = models.SmallIntegerField()
    texts = models.JSONField(default=dict)
    organization = columns.to("Organization", null=True)
    role = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("review", "number"), name="one_recommendation"),)


class Response(models.Model):  # type: ignore[misc]
    """What management says to a recommendation. Sealed: a further word is a further row, the last one stands.

    answer: of rules/monitoring.ANSWERS. body: which organization or office answers; on: the day of the answer.
    """

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="responses")
    answer = models.CharField(max_length=columns.WORD)
    texts = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    on = models.DateField()
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        constraints = (columns.sealed("response", "id"),)


class Action(models.Model):  # type: ignore[misc]
    """A step of an improvement plan. code: recommendation-number. organization, role: who does it by when."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    recommendation = columns.to("Recommendation")
    number = models.SmallIntegerField()
    texts = models.JSONField(default=dict)
    organization = columns.to("Organization", null=True)
    role = models.TextField(blank=True, default="")
    due = models.DateField(null=True)
    state = models.CharField(max_length=columns.WORD)
    done_on = models.DateField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("recommendation", "number"), name="one_action"),)
        indexes = (models.Index(fields=("state", "due"), name="action_due"),)


class Risk(models.Model):  # type: ignore[misc]
    """A risk, or an issue, which has happened. code: project-k-number. likelihood, impact: 1 to 5; an issue has no likelihood."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=columns.WORD)
    texts = models.JSONField(default=dict)
    likelihood = models.SmallIntegerField(null=True)
    impact = models.SmallIntegerField()
    organization = columns.to("Organization", null=True)
    role = models.TextField(blank=True, default="")
    answers = models.JSONField(default=dict)  # what is done about it, by language
    state = models.CharField(max_length=columns.WORD)
    reviewed_on = models.DateField()
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_risk"),)


class Lesson(models.Model):  # type: ignore[misc]
    """A lesson or a best practice of a programme. code: project-l-number. organization: whose it is, None for the programme's.

    titles: the lesson in a sentence; texts: what stands behind it. source: where it was published first; public once
    approved.
    """

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=columns.WORD)
    titles = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    organization = columns.to("Organization", null=True)
    year = models.SmallIntegerField(null=True)
    document = columns.to("Document", null=True)
    source = models.TextField(blank=True, default="")
    link = models.TextField(blank=True, default="")
    state = models.CharField(max_length=columns.WORD)
    author = columns.code()
    writers = models.JSONField(default=list)
    decided_by = columns.code(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True, default="")  # of whoever decided
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_lesson"),)
        indexes = (models.Index(fields=("state", "project"), name="lesson_state"),)
