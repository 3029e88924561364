"""Work plans of programmes: pieces of work with their quarters, plans as they were approved, and requests for transfers."""

from django.db import models

from quipu.books.models import columns


class Work(models.Model):  # type: ignore[misc]
    """A piece of work that one organization does towards an output. code: project-w-number; titles: by language."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    number = models.SmallIntegerField()
    output = columns.to("Output")
    organization = columns.to("Organization")
    titles = models.JSONField(default=dict)
    place = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_work"),)
        indexes = (models.Index(fields=("organization",), name="work_organization"),)


class WorkQuarter(models.Model):  # type: ignore[misc]
    """What is planned for a piece of work in a quarter, and what its organization says of it. Minor units of the fund's currency.

    committed, spent: None for "not said yet". state: of rules/plans, "" likewise.
    """

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="quarters")
    year = models.SmallIntegerField()
    quarter = models.SmallIntegerField()
    planned = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(null=True)
    spent = models.BigIntegerField(null=True)
    state = models.CharField(max_length=columns.WORD, blank=True, default="")
    remark = models.TextField(blank=True, default="")
    filled_by = columns.code(blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("work", "year", "quarter"), name="one_work_quarter"),)


class PlanQuarter(models.Model):  # type: ignore[misc]
    """A quarter of a programme's plan that was closed once. closed_at: None where it was opened again.

    missing: codes of the work whose lines were not in, closed for `reason`.
    """

    project = columns.to("Project")
    year = models.SmallIntegerField()
    quarter = models.SmallIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = columns.code(blank=True, default="")
    missing = models.JSONField(default=list)
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "year", "quarter"), name="one_plan_quarter"),)


class ApprovedPlan(models.Model):  # type: ignore[misc]
    """The plan of a year as a decision approved it. Sealed: later changes are shown as a difference from it.

    content: for each piece of work its words, and what was planned by quarter.
    """

    project = columns.to("Project")
    year = models.SmallIntegerField()
    number = models.SmallIntegerField()
    on = models.DateField()
    decision = models.TextField()
    content = models.JSONField(default=list)
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        # No second unique key: SQLite's "insert or replace" would remove an earlier row by it, past the seal.
        constraints = (columns.sealed("approved_plan", "id"),)
        indexes = (models.Index(fields=("project", "year"), name="approved_plan_project"),)


class Tranche(models.Model):  # type: ignore[misc]
    """A part of a programme's money that is paid when a condition is met. amount: minor units of the fund's currency."""

    project = columns.to("Project")
    number = models.SmallIntegerField()
    planned_on = models.DateField()
    amount = models.BigIntegerField()
    condition = models.TextField(blank=True, default="")
    met_on = models.DateField(null=True)
    evidence = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_tranche"),)


class TransferRequest(models.Model):  # type: ignore[misc]
    """The committee's instruction to the agent to pay organizations of a programme. state: of rules/tranches.

    decision: what it rests on; year, quarter: the closed quarter it was asked from, if any. Whether it is paid, its
    amounts' vouchers say.
    """

    code = columns.code(primary_key=True)
    project = columns.to("Project")
    tranche = columns.to("Tranche", null=True)
    year = models.SmallIntegerField(null=True)
    quarter = models.SmallIntegerField(null=True)
    decision = models.TextField()
    decided_on = models.DateField()
    note = models.TextField(blank=True, default="")
    state = models.CharField(max_length=columns.WORD)
    author = columns.code()
    writers = models.JSONField(default=list)
    signed_by = columns.code(blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    received_by = columns.code(blank=True, default="")
    received_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True, default="")  # of whoever returned or withdrew it
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("state", "changed_at"), name="transfer_request_state"),
            models.Index(fields=("project",), name="transfer_request_project"),
        )


class RequestedAmount(models.Model):  # type: ignore[misc]
    """What a request asks for one organization, and the voucher that was drafted for it."""

    request = models.ForeignKey(TransferRequest, on_delete=models.CASCADE, related_name="amounts")
    organization = columns.to("Organization")
    amount = models.BigIntegerField()
    draft = columns.to("Draft", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("request", "organization"), name="one_requested_amount"),)
        indexes = (models.Index(fields=("draft",), name="requested_amount_draft"),)
