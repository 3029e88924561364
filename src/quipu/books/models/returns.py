"""Expenditure returns, what surrounds them, and the year's end: dispensations, waived rules, uploads, reports."""

from django.db import models

from quipu.books.models import columns


class Return(models.Model):  # type: ignore[misc]
    """A version of what an organization reports of a fund and a year. code: R-fund-organization-year-kind-version.

    cells: by row, amount in minor units of the fund's currency and comment (rules/difference). answers: of each
    transfer, by its entry's number, [confirmed or disputed, comment]. nil: nothing was spent. until: the day up to which
    interim figures reach. stated: totals that came with a file, by project. remark: the organization's, public.
    position: of its posting in the chain; workbook: the hash of the accepted workbook, frozen in HOME/kept.
    """

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    fund = columns.to("Fund")
    organization = columns.to("Organization")
    year = models.SmallIntegerField()
    kind = models.CharField(max_length=columns.WORD)
    version = models.SmallIntegerField(default=1)
    state = models.CharField(max_length=columns.WORD)
    cells = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    stated = models.JSONField(default=dict)
    nil = models.BooleanField(default=False)
    until = models.DateField(null=True)
    remark = models.TextField(blank=True, default="")
    restates = columns.to("self", null=True)
    reason = models.TextField(blank=True, default="")  # of the restatement
    author = columns.code()
    writers = models.JSONField(default=list)
    comment = models.TextField(blank=True, default="")  # of whoever gave or sent it back
    signed_by = columns.code(blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    review_by = columns.code(blank=True, default="")
    review_at = models.DateTimeField(null=True)
    accepted_by = columns.code(blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)
    workbook = models.CharField(max_length=64, blank=True, default="")
    attached = models.CharField(max_length=64, blank=True, default="")  # the signed statement, as a file in HOME/kept
    attached_name = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("fund", "organization", "year", "kind", "version"), name="one_return"),
        )
        indexes = (
            models.Index(fields=("organization", "year"), name="return_organization"),
            models.Index(fields=("fund", "year", "state"), name="return_fund"),
            models.Index(fields=("state", "changed_at"), name="return_state"),
        )


class Signed(models.Model):  # type: ignore[misc]
    """What was submitted, word for word, and the statement that was signed. Sealed: a later signature is a further row.

    content: cells, answers and the rest as canonical text; digest: its SHA-256. act: one code for all returns that were
    signed together. statement: the sentence that was signed, in the language it was read in; "" for interim figures.
    """

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="signatures")
    number = models.SmallIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    act = models.CharField(max_length=columns.KEY)
    statement = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("of", "number"), name="one_signature"),
            columns.sealed("signed", "id"),
        )


class Remark(models.Model):  # type: ignore[misc]
    """A comment in the conversation about a return: on a row, or on all of it (""). answers: the one it replies to."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="remarks")
    row = models.CharField(max_length=columns.KEY, blank=True)
    text = models.TextField()
    by = columns.code()
    at = models.DateTimeField()
    answers = columns.to("self", null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = columns.code(blank=True, default="")


class Waived(models.Model):  # type: ignore[misc]
    """The agent waives a rule for an organization's figures of a fund and a year: published with them. row: "" for all."""

    fund = columns.to("Fund")
    organization = columns.to("Organization")
    year = models.SmallIntegerField()
    rule = models.CharField(max_length=columns.WORD)
    row = models.CharField(max_length=columns.KEY, blank=True)
    reason = models.TextField()
    by = columns.code()
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = columns.code(blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=("fund", "organization", "year"), name="waived_return"),)


class Dispensation(models.Model):  # type: ignore[misc]
    """More time for an obligation, or none of it at all: asked for, decided, published.

    duty: of rules/calendar.DUTIES; project: None for all. until: the new deadline; None waives it. granted: None undecided.
    """

    fund = columns.to("Fund")
    organization = columns.to("Organization")
    project = columns.to("Project", null=True)
    year = models.SmallIntegerField()
    duty = models.CharField(max_length=columns.WORD)
    until = models.DateField(null=True)
    reason = models.TextField()
    asked_by = columns.code()
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decided_by = columns.code(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=("fund", "organization", "year"), name="dispensation_return"),)


class Run(models.Model):  # type: ignore[misc]
    """A file that was sent: what it was, what was found in it, what became of it. Kept, linkable, comparable.

    what: it is of, and so whose: an organization's where it is of returns, else a project's. told: counts, findings and
    differences as they were shown; mapping: by which a file of another shape was read.
    versions: of what it would change, as they were shown. applied: "", "all" or "good".
    """

    code = columns.code(primary_key=True)
    what = models.CharField(max_length=columns.WORD, default="returns")
    organization = columns.to("Organization", null=True)
    project = columns.to("Project", null=True)
    by = columns.code()
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    name = models.TextField()
    bytes = models.BigIntegerField()
    mapping = columns.to("Mapping", null=True)
    told = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)
    applied = models.CharField(max_length=columns.WORD, blank=True, default="")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(organization__isnull=True, project__isnull=False)
                | models.Q(organization__isnull=False, project__isnull=True),
                name="run_of_one",
            ),
        )
        indexes = (
            models.Index(fields=("organization", "at"), name="run_organization"),
            models.Index(fields=("project", "at"), name="run_project"),
        )


class Mapping(models.Model):  # type: ignore[misc]
    """How an organization's own files are read: which column holds what, and what its own words stand for.

    heads: by what a column holds, its head; words: by what it holds, the organization's word and ours.
    """

    organization = columns.to("Organization")
    name = models.TextField()
    sheet = models.TextField(blank=True)
    heads = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    by = columns.code()
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Reminder(models.Model):  # type: ignore[misc]
    """That somebody was reminded of an obligation. step: before or after the day, or by hand; by: "" for the house.

    organization: None for what the agent itself owes. due: the deadline in force at that time.
    """

    fund = columns.to("Fund")
    organization = columns.to("Organization", null=True)
    project = columns.to("Project", null=True)
    year = models.SmallIntegerField()
    duty = models.CharField(max_length=columns.WORD)
    step = models.CharField(max_length=columns.WORD)
    due = models.DateField(null=True)
    people = models.JSONField(default=list)
    by = columns.code(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("fund", "organization", "year"), name="reminder_return"),)


class Report(models.Model):  # type: ignore[misc]
    """A consolidated annual report of a fund, or of all of them (fund None), in its two parts; a later one is a new version.

    narrative: the secretariat's words by language; lacks: what is missing, named. statement: what was signed, digest: of
    the narrative, what is missing and the figures as text. reason: of a later version; document: as which it is public.
    The files lie in HOME/kept.
    """

    fund = columns.to("Fund", null=True)
    year = models.SmallIntegerField()
    version = models.SmallIntegerField(default=1)
    narrative = models.JSONField(default=dict)
    lacks = models.JSONField(default=list)
    reason = models.TextField(blank=True, default="")
    head = models.BigIntegerField(null=True)  # the position of the chain that its figures were asked at
    pdf = models.CharField(max_length=64, blank=True, default="")
    xlsx = models.CharField(max_length=64, blank=True, default="")
    statement = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    signed_by = columns.code(blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    document = columns.to("Document", null=True)
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("fund", "year"), name="report_year"),)


class Told(models.Model):  # type: ignore[misc]
    """That a contributor was told of a report: whom, when, and by which mail."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="told")
    organization = columns.to("Organization")
    person = columns.code()
    mail = models.BigIntegerField(null=True)
    at = models.DateTimeField()
