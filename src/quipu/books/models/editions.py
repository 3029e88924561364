"""What a house or a fund asks of publishing."""

from django.db import models

from quipu.books.models import columns


class Asked(models.Model):  # type: ignore[misc]
    """That a quality list has to be empty or answered before somebody publishes by hand. code: of a fund, "" for the house."""

    code = models.CharField(max_length=columns.KEY, primary_key=True)
    by = columns.code(blank=True)
    at = models.DateTimeField()
