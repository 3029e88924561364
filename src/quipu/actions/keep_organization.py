"""Keep an organization: its name, what else it is called, what it is in other lists; its code never changes."""

from dataclasses import dataclass
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.books import models, records
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope

SCHEMES = ("iati", "ledger", "identifier")  # which a journal knows


@dataclass(frozen=True, slots=True)
class OrganizationSaid:
    """An organization as it is typed. aliases: one a line; identifiers: one a line, the list's word first."""

    code: str
    title: str
    contributes: bool = False
    participates: bool = False
    group: str = ""
    aliases: str = ""
    identifiers: str = ""


def thing_of(code: str) -> Thing:
    """What history calls an organization."""
    return Thing("organization", code, Scope("", "", code))


def keep_organization(*, by: str, organization: OrganizationSaid, is_new: bool = False, seen: int | None = None) -> Any:
    """Makes an organization or changes it. Raises Refused."""
    said = organization
    with history.whole():
        history.alone(thing_of(said.code), None if is_new else seen)
        record = models.Organization.objects.filter(code=said.code).first()
        found: list[Finding] = []
        if is_new:
            found += [Finding("record-taken", "code", said.code)] if record else recording.code(said.code)
        elif record is None:
            found.append(Finding("record-unknown", "code", said.code))
        if not said.title.strip():
            found.append(Finding("field-missing", "title"))
        aliases = list(dict.fromkeys(" ".join(line.split()) for line in said.aliases.splitlines() if line.strip()))
        identifiers, wrong = _identifiers(said.identifiers)
        found += [*wrong, *recording.no_nul(said.title, said.group, said.aliases, said.identifiers)]
        if found:
            raise Refused(*found)
        before = recording.told(*records.of_organization(record)) if record else {}
        values = {
            "title": " ".join(said.title.split()),
            "group": " ".join(said.group.split()),
            "contributes": said.contributes,
            "participates": said.participates,
        }
        if record is None:
            models.Organization.objects.create(code=said.code, **values)
        else:
            models.Organization.objects.filter(code=said.code).update(**values)
        record = models.Organization.objects.get(code=said.code)
        if aliases != [one.name for one in record.aliases.order_by("id")]:
            record.aliases.all().delete()
            for name in aliases:
                record.aliases.create(name=name)
        if identifiers != [(one.scheme, one.value) for one in record.identifiers.order_by("id")]:
            record.identifiers.all().delete()
            for scheme, value in identifiers:
                record.identifiers.create(scheme=scheme, value=value)
        declared = tuple(records.of_organization(models.Organization.objects.get(code=said.code)))
        for each in declared:
            recording.sayable(each)
        recording.keep(by, thing_of(said.code), before, recording.told(*declared))
    return record


def _identifiers(text: str) -> tuple[list[tuple[str, str]], list[Finding]]:
    said: list[tuple[str, str]] = []
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        scheme, _, value = line.partition(" ")
        if scheme.rstrip(":") not in SCHEMES:
            found.append(Finding("scheme-unknown", "identifiers", line[:60]))
        elif not value.strip():
            found.append(Finding("line-unreadable", "identifiers", line[:60]))
        elif (scheme.rstrip(":"), value.strip()) not in said:
            said.append((scheme.rstrip(":"), value.strip()))
    return said, found
