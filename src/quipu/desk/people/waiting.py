"""What waits at the register of people: mandates that need a second administrator."""

from collections.abc import Iterator
from typing import Any

from quipu.books import models
from quipu.desk.drawing import address, said
from quipu.desk.inbox import Task
from quipu.rules.mandates import BY_TWO, Role


def tasks(rights: Any) -> Iterator[Task]:
    """Mandates that this person may confirm."""
    if not rights.may("hand out mandates") or not any(held.role == Role.ADMINISTRATOR for held in rights.held):
        return
    waits = models.Mandate.objects.filter(role__in=list(BY_TWO), confirmed_by="", withdrawn_at=None)
    waits = waits.exclude(given_by__in=["", rights.person.pk]).exclude(person=rights.person.pk)
    for mandate in waits.select_related("person"):
        thing = f"{mandate.person}: {said(mandate.role)}"
        yield Task(said("Confirm a mandate"), thing, address("person", mandate.person_id), mandate.given_at.date())
