"""Who works here with which mandates: for those who may read registers about people."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from quipu.actions import mandates
from quipu.books import models
from quipu.desk.api.access import asks
from quipu.desk.api.me import Mandate, told
from quipu.desk.api.paging import PageNumber, paged

router = Router(tags=["people"])


class Person(Schema):
    """Somebody who works here. Addresses are not told."""

    code: str
    name: str
    left_on: date | None
    mandates: list[Mandate]


class People(Schema):
    """A page of people."""

    items: list[Person]
    next: int | None


def _told(people: Any) -> list[Person]:
    held = mandates.held_by_each(one.pk for one in people)
    return [
        Person(code=one.pk, name=str(one), left_on=one.left_on, mandates=[told(each) for each in held.get(one.pk, [])])
        for one in people
    ]


@router.get("/people", response=People, url_name="people", summary="Everybody who works here")
@asks("read people")
def people(request: HttpRequest, page: int = PageNumber) -> Any:
    """With the mandates that count."""
    return paged(models.Person.objects.order_by("code"), page, _told)


@router.get("/people/{code}", response=Person, url_name="one_person", summary="One person")
@asks("read people")
def person(request: HttpRequest, code: str) -> Any:
    """With the mandates that count."""
    return _told([get_object_or_404(models.Person, code=code)])[0]
