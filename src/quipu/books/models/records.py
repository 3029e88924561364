"""Records that may be amended: funds, projects, organizations and what was agreed between them."""

from django.db import models

from quipu.books.models import columns


class Fund(models.Model):  # type: ignore[misc]
    """A pooled fund. rates in per cent; amounts in minor units of its currency."""

    code = columns.code(primary_key=True)
    title = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    category = models.TextField(blank=True)
    agent_fee = models.CharField(max_length=columns.WORD, blank=True)  # per cent of each deposit, "" for the default
    illustrative = models.BooleanField(default=False)
    minimum_balance = models.BigIntegerField(default=0)
    small_balance = models.BigIntegerField(null=True)  # None: the default limit
    over_allocation = models.TextField(blank=True)  # allocating above what is available: refuse, warn
    second_eyes = models.BooleanField(default=False)  # whether another person releases what is to be public
    further = models.JSONField(default=list)  # settings of a journal that nothing here reads: [key, value]

    class Meta:
        constraints = (columns.kept("fund", "code", "currency"),)


class Window(models.Model):  # type: ignore[misc]
    """A part of a fund with a purpose of its own."""

    code = columns.code(primary_key=True)
    title = models.TextField(blank=True)
    fund = columns.to("Fund", null=True)
    further = models.JSONField(default=list)

    class Meta:
        constraints = (columns.kept("window", "code"),)


class Organization(models.Model):  # type: ignore[misc]
    """A body that gives, receives or spends: contributors and participating organizations share one list of codes."""

    code = columns.code(primary_key=True)
    title = models.TextField(blank=True)
    contributes = models.BooleanField(default=False)  # declared as a contributor
    participates = models.BooleanField(default=False)  # declared as a participating organization
    group = models.TextField(blank=True)  # the name it is shown under
    further = models.JSONField(default=list)

    class Meta:
        constraints = (columns.kept("organization", "code"),)


class Alias(models.Model):  # type: ignore[misc]
    """Another name of an organization."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="aliases")
    name = models.TextField()


class Identifier(models.Model):  # type: ignore[misc]
    """What an organization is called in another list: iati, ledger and so on."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=columns.WORD)
    value = models.TextField()


class Project(models.Model):  # type: ignore[misc]
    """What a fund pays for; a joint programme is one with several participations. kind "direct-cost": the agent's own."""

    code = columns.code(primary_key=True)
    title = models.TextField(blank=True)
    fund = columns.to("Fund")
    kind = models.TextField(blank=True)
    window = columns.to("Window", null=True)
    description_code = models.TextField(blank=True)
    further = models.JSONField(default=list)  # countries, themes and the like, as a journal says them

    class Meta:
        constraints = (columns.kept("project", "code", "fund", "kind"),)


class Participation(models.Model):  # type: ignore[misc]
    """A project and an organization: where a project's money sits. number: the organization's own for the project."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="participations")
    number = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "organization"), name="one_participation"),)


class Agreement(models.Model):  # type: ignore[misc]
    """A contributor's agreement with a fund. agent_fee: per cent, "none", or "" for the fund's own."""

    code = columns.code(primary_key=True)
    fund = columns.to("Fund")
    contributor = columns.to("Organization")
    title = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=3, null=True)  # in the agreement's own currency
    currency = models.CharField(max_length=3, blank=True)
    earmark = models.TextField(blank=True)  # "", or a window, country or project
    agent_fee = models.CharField(max_length=columns.WORD, blank=True)
    iati_activity = models.TextField(blank=True)
    further = models.JSONField(default=list)

    class Meta:
        constraints = (columns.kept("agreement", "code", "fund", "contributor"),)


class Instalment(models.Model):  # type: ignore[misc]
    """A payment an agreement expects."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="instalments")
    expected_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=3)


class Amendment(models.Model):  # type: ignore[misc]
    """A change of an agreement after it was signed; its money is a commitment change in the ledger."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="amendments")
    signed_on = models.DateField()
    text = models.TextField()


class Mou(models.Model):  # type: ignore[misc]
    """An organization's agreement with a fund; without it no transfer. indirect_cost: per cent, "" for the default."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="mous")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="mous")
    title = models.TextField(blank=True)
    indirect_cost = models.CharField(max_length=columns.WORD, blank=True)
    signed_on = models.DateField(null=True)
    further = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("fund", "organization"), name="one_mou"),)
