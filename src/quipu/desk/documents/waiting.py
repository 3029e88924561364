"""What waits among documents: files in quarantine, releases by a second person, embargoes that end soon."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from quipu.actions import documents
from quipu.books import models
from quipu.desk.drawing import address, said, spoken
from quipu.desk.inbox import Task

SOON = timedelta(days=7)


def tasks(rights: Any) -> Iterator[Task]:
    """What this person may do something about."""
    if reach := rights.reach("keep documents"):
        yield from _quarantined(reach)
        yield from _ending(reach)
    if reach := rights.reach("release"):
        waits = _of(reach).filter(waits=True).exclude(marked_by=rights.person.pk)
        for document in waits:
            yield _task("Release a document", document, since=None)


def _of(reach: Any) -> Any:
    return models.Document.objects.filter(documents.within(reach)).prefetch_related("versions")


def _quarantined(reach: Any) -> Iterator[Task]:
    for document in _of(reach).filter(versions__state=documents.QUARANTINED).distinct():
        waiting = [one for one in document.versions.all() if one.state == documents.QUARANTINED]
        yield _task("Look at a file in quarantine", document, since=waiting[0].at.date())


def _ending(reach: Any) -> Iterator[Task]:
    today = timezone.localdate()
    ending = {"visibility": documents.EMBARGOED, "until__gt": today, "until__lte": today + SOON}
    for document in _of(reach).filter(**ending):
        yield _task("An embargo ends", document, due=document.until)


def _task(verb: str, document: Any, **days: Any) -> Task:
    title = documents.title_of(document, spoken().language)
    return Task(said(verb), title, address("document", document.pk), **days)
