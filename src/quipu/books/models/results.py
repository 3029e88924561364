"""Results: what a programme means to bring about, how that is measured, what was read. Things end; nothing is deleted."""

from django.db import models

from quipu.books.models import columns


class Measure(models.Model):  # type: ignore[misc]
    """What indicators of several programmes measure alike, so that they can be rolled up. fund: None for all funds.

    titles, unit: by language; kind: of rules/results/kinds. theme: a code of the fund's own list, "" for none.
    """

    code = columns.code(primary_key=True)
    fund = columns.to("Fund", null=True)
    titles = models.JSONField(default=dict)
    unit = models.JSONField(default=dict)
    kind = models.CharField(max_length=columns.WORD)
    theme = columns.code(blank=True, default="")
    ended_at = models.DateTimeField(null=True)


class Outcome(models.Model):  # type: ignore[misc]
    """A change that a programme aims at. code: project-o-number; titles: by language."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    number = models.SmallIntegerField()
    titles = models.JSONField(default=dict)
    assumptions = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_outcome"),)


class Output(models.Model):  # type: ignore[misc]
    """What is delivered towards an outcome. code: outcome-number; organization: who answers for it."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    outcome = columns.to("Outcome")
    number = models.SmallIntegerField()
    titles = models.JSONField(default=dict)
    organization = columns.to("Organization", null=True)
    assumptions = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("outcome", "number"), name="one_output"),)


class Indicator(models.Model):  # type: ignore[misc]
    """How a result is measured. code: project-i-number. Under an output, an outcome, or the programme itself (both None).

    kind, direction, gathers: of rules/results/kinds. breaks: codes of the lists it is told apart by. counted: where it
    counts the rows of a register, how (rules/registers). is_of_people: small cells of it are never public.
    """

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    project = columns.to("Project")
    outcome = columns.to("Outcome", null=True)
    output = columns.to("Output", null=True)
    measure = columns.to("Measure", null=True)
    number = models.SmallIntegerField()
    titles = models.JSONField(default=dict)
    unit = models.JSONField(default=dict)
    kind = models.CharField(max_length=columns.WORD)
    direction = models.CharField(max_length=columns.WORD, blank=True)
    gathers = models.CharField(max_length=columns.WORD)
    is_of_people = models.BooleanField(default=False)
    breaks = models.JSONField(default=list)
    counted = models.JSONField(default=dict)
    method = models.TextField(blank=True, default="")
    verification = models.TextField(blank=True, default="")
    assumptions = models.TextField(blank=True, default="")
    organization = columns.to("Organization", null=True)  # who answers for it
    baseline = models.TextField(blank=True, default="")
    baseline_on = models.DateField(null=True)
    baseline_source = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="one_indicator"),)
        indexes = (models.Index(fields=("measure",), name="indicator_measure"),)


class Target(models.Model):  # type: ignore[misc]
    """What an indicator is meant to reach by a day. Sealed: a revision is a further row, the last of a period stands.

    since: None for "from the beginning". value "": the target is given up.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    since = models.DateField(null=True)
    until = models.DateField()
    value = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        constraints = (columns.sealed("target", "id"),)


class Reading(models.Model):  # type: ignore[misc]
    """A value that a source gives of an indicator for a period. Several sources may speak of the same period.

    value: as rules/results/values writes it. cells: by list and choice, values of parts. source: who says so; on: when;
    link, documents: where it can be read. is_reported: the one that counts where sources differ, chosen for `choice`.
    """

    code = columns.code(primary_key=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="readings")
    since = models.DateField(null=True)
    until = models.DateField()
    value = models.TextField()
    cells = models.JSONField(default=dict)
    source = models.TextField()
    on = models.DateField(null=True)
    link = models.TextField(blank=True, default="")
    documents = models.JSONField(default=list)
    note = models.TextField(blank=True, default="")
    state = models.CharField(max_length=columns.WORD)
    is_reported = models.BooleanField(default=False)
    choice = models.TextField(blank=True, default="")
    chosen_by = columns.code(blank=True, default="")
    author = columns.code()
    writers = models.JSONField(default=list)
    decided_by = columns.code(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True, default="")  # of whoever returned it
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "since", "until"),
                condition=models.Q(is_reported=True, since__isnull=False),
                name="one_reported_reading",
            ),
            models.UniqueConstraint(
                fields=("indicator", "until"),
                condition=models.Q(is_reported=True, since__isnull=True),
                name="one_reported_from_beginning",
            ),
        )
        indexes = (models.Index(fields=("indicator", "until"), name="reading_indicator"),)


class Cycle(models.Model):  # type: ignore[misc]
    """A period that a programme reports by. Locked: nothing that ends in it is written any more."""

    project = columns.to("Project")
    since = models.DateField()
    until = models.DateField()
    title = models.TextField(blank=True)
    locked_at = models.DateTimeField(null=True)
    locked_by = columns.code(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "until"), name="one_cycle"),)


class Breakdown(models.Model):  # type: ignore[misc]
    """A list of a programme's own by which results are told apart, beside those of rules/results/kinds.

    choices: [code, {language: text}] in their order. smallest: counts of people below it are not public.
    """

    project = columns.to("Project")
    code = models.CharField(max_length=columns.WORD)
    titles = models.JSONField(default=dict)
    choices = models.JSONField(default=list)
    smallest = models.SmallIntegerField(default=5)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "code"), name="one_breakdown"),)


class Beneficiaries(models.Model):  # type: ignore[misc]
    """The table of a programme's beneficiaries as of a day. Sealed: the last one of a project and a day stands.

    counts: by "direct/targeted/women" and the like (rules/results/beneficiaries), whole numbers.
    """

    project = columns.to("Project")
    until = models.DateField()
    counts = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    by = columns.code()
    at = models.DateTimeField()

    class Meta:
        constraints = (columns.sealed("beneficiaries", "id"),)
        indexes = (models.Index(fields=("project", "until"), name="beneficiaries_project"),)


class Cut(models.Model):  # type: ignore[misc]
    """What of a table about people is not public, decided when its figures became public; it only ever grows.

    table: an indicator's code, or a project's with "/beneficiaries". breakdown: the list of its parts, "" for totals.
    absent: choices. told: the last numbers that were shown, by source and choice.
    """

    table = models.CharField(max_length=columns.KEY)
    breakdown = models.CharField(max_length=columns.WORD, blank=True)
    since = models.DateField(null=True)
    until = models.DateField()
    absent = models.JSONField(default=list)
    told = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("table",), name="cut_table"),)
