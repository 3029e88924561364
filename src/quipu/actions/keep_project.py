"""Keep a project: make it, or change what may be changed of it; its code, fund and kind never are. And who works on it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from quipu.actions import history, recording
from quipu.actions.history import Thing
from quipu.books import models, records
from quipu.rules.findings import Finding, Refused
from quipu.rules.kinds import DIRECT_COST
from quipu.rules.mandates import Scope

KINDS = ("", DIRECT_COST)
# What is typed one a line, by the field's name: the key of a journal.
LINES = {
    "countries": "country",
    "regions": "region",
    "themes": "theme",
    "sectors": "sector",
    "goals": "sdg",
    "markers": "marker",
}


@dataclass(frozen=True, slots=True)
class ProjectSaid:
    """A project as it is typed. Lines as `recording.portions` reads them; places: one a line, by name."""

    code: str
    fund: str
    title: str
    kind: str = ""
    window: str = ""
    description_code: str = ""
    iati: str = ""
    countries: str = ""
    regions: str = ""
    places: str = ""
    themes: str = ""
    sectors: str = ""
    goals: str = ""
    markers: str = ""
    starts: date | None = None
    ends: date | None = None


def thing_of_project(code: str, fund: str) -> Thing:
    """What history calls a project."""
    return Thing("project", code, Scope(fund, code))


def keep_project(*, by: str, project: ProjectSaid, is_new: bool = False, seen: int | None = None) -> Any:
    """Makes a project or changes it. Raises Refused."""
    with history.whole():
        thing = thing_of_project(project.code, project.fund)
        history.alone(thing, None if is_new else seen)
        record = models.Project.objects.filter(code=project.code).first()
        found = _stands(record, project, is_new)
        changes: dict[str, list[str]] = {"iati": recording.word(project.iati)}
        for place, key in LINES.items():
            changes[key], wrong = recording.portions(getattr(project, place), place)
            found += wrong
        names = filter(None, map(str.strip, project.places.splitlines()))
        changes["place"] = [recording.word(name)[0] for name in names]
        changes |= {"starts": recording.bare(project.starts), "ends": recording.bare(project.ends)}
        found += recording.days(project.starts, project.ends)
        found += recording.identifier("project", project.code, project.iati.strip())
        found += recording.no_nul(project.title, project.description_code, project.places)
        if found:
            raise Refused(*found)
        before = recording.told(records.of_project(record)) if record else {}
        values = {
            "title": " ".join(project.title.split()),
            "window_id": project.window or None,
            "description_code": project.description_code.strip(),
            "further": recording.settled(record.further if record else [], changes),
        }
        if record is None:
            models.Project.objects.create(code=project.code, fund_id=project.fund, kind=project.kind, **values)
        else:
            models.Project.objects.filter(code=project.code).update(**values)
        record = models.Project.objects.get(code=project.code)
        _kept(by, thing, before, record)
    return record


def _stands(record: Any, project: ProjectSaid, is_new: bool) -> list[Finding]:
    found = [] if project.title.strip() else [Finding("field-missing", "title")]
    if is_new:
        found += [Finding("record-taken", "code", project.code)] if record else recording.code(project.code)
        if not models.Fund.objects.filter(code=project.fund).exists():
            found.append(Finding("record-unknown", "fund", project.fund))
        if project.kind not in KINDS:
            found.append(Finding("field-missing", "kind", project.kind))
    elif record is None:
        found.append(Finding("record-unknown", "code", project.code))
    elif (record.fund_id, record.kind) != (project.fund, project.kind):
        found.append(Finding("record-sealed", "fund"))
    window = models.Window.objects.filter(code=project.window).first() if project.window else None
    if project.window and (window is None or window.fund_id not in (None, project.fund)):
        found.append(Finding("window-elsewhere", "window", project.window))
    return found


def keep_participation(*, by: str, project: str, organization: str, number: str = "", seen: int | None = None) -> Any:
    """An organization participates, with its own number of the project. Raises Refused."""
    with history.whole():
        record, thing = _project(project, seen)
        if not models.Organization.objects.filter(code=organization).exists():
            raise Refused(Finding("record-unknown", "organization", organization))
        if found := recording.no_nul(number):
            raise Refused(*found)
        before = recording.told(records.of_project(record))
        made, _ = models.Participation.objects.update_or_create(
            project_id=project, organization_id=organization, defaults={"number": number.strip()}
        )
        _kept(by, thing, before, models.Project.objects.get(code=project))
    return made


def end_participation(*, by: str, project: str, organization: str, seen: int | None = None) -> None:
    """An organization that was named by mistake participates no more; where money moved, it stays. Raises Refused."""
    with history.whole():
        record, thing = _project(project, seen)
        if models.Entry.objects.filter(project=project, organization=organization).exists():
            raise Refused(Finding("participant-has-money", "organization", organization))
        if models.Event.objects.filter(project=project, organization=organization).exists():
            raise Refused(Finding("participant-has-money", "organization", organization))
        before = recording.told(records.of_project(record))
        models.Participation.objects.filter(project=project, organization=organization).delete()
        _kept(by, thing, before, models.Project.objects.get(code=project))


def _project(code: str, seen: int | None) -> tuple[Any, Thing]:
    record = models.Project.objects.filter(code=code).first()
    if record is None:
        raise Refused(Finding("record-unknown", "code", code))
    thing = thing_of_project(code, record.fund_id)
    history.alone(thing, seen)
    return record, thing


def _kept(by: str, thing: Thing, before: dict[str, Any], record: Any) -> None:
    declared = records.of_project(record)
    recording.sayable(declared)
    recording.keep(by, thing, before, recording.told(declared))
