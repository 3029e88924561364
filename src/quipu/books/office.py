"""The office's clock: on which day something is done at the desk, by the time zone of its settings."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """The day it is where the office is."""
    day: date = timezone.localdate()
    return day
