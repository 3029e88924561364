"""What factsheets tell, for programs: written section by section, marked public, released by a second person."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from quipu.actions import history, subjects, write_section
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Code, Seen, Why, checked, typed
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.programmes import forms
from quipu.desk.programmes.narratives import lines_of, of_part, of_subject, of_version
from quipu.desk.programmes.waiting import waiting
from quipu.rules import narrative

router = Router(tags=["narrative"])
NARRATIVES, RELEASE = "edit narratives", "release"


class Section(Schema):
    """The last version of a section in a language. is_public: whether a version of it is public."""

    section: str
    language: str
    title: str
    text: str
    state: str
    by: str
    at: datetime | None
    is_public: bool
    version: int | None = None


class Written(Seen):
    """Markdown. public: the next edition shows it, or a second person looks first, as the fund asks."""

    title: Code = ""
    text: str
    public: bool = False


class SectionVersion(Schema):
    """A version of a section, of a fund or a project. public: the text that readers see now, where it is told."""

    number: int
    kind: str
    code: str
    section: str
    language: str
    title: str
    text: str
    state: str
    by: str
    at: datetime
    released_by: str
    public: str | None = None


@router.get("/narratives/{kind}/{code}", response=list[Section], url_name="narrative", summary="What a factsheet tells")
@asks(NARRATIVES)
def sections(request: HttpRequest, kind: Code, code: Code) -> Any:
    """Every section of a fund or a project (kind: fund or project) in every language, as far as it is written."""
    found, scope = of_subject(kind, code)
    need(request, scope)
    lines = lines_of(subjects.kind_of(found), found.code)
    return [
        _section(line.section, language, last, is_public)
        for line in lines
        for language, last, is_public in line.told
        if last is not None
    ]


def _section(section: str, language: str, last: Any, is_public: bool, version: int | None = None) -> Section:
    return Section(
        section=section,
        language=language,
        title=last.title if last else "",
        text=last.text if last else "",
        state=last.state if last else "",
        by=last.by if last else "",
        at=last.at if last else None,
        is_public=is_public,
        version=version,
    )


SECTION = "/narratives/{kind}/{code}/{section}/{language}"


@router.get(SECTION, response=Section, url_name="section", summary="One section in one language")
@asks(NARRATIVES)
def section(request: HttpRequest, kind: Code, code: Code, section: Code, language: Code) -> Any:
    """With its version, also before it is written."""
    part, scope = of_part(kind, code, section, language)
    need(request, scope)
    return _now(part)


def _now(part: Any) -> Section:
    versions = list(write_section.versions(*part.key))
    public = next((one for one in versions if one.state == narrative.PUBLIC), None)
    version = history.version(write_section.thing_of(part.record, part.section, part.language))
    is_public = bool(public and (public.text or public.title))
    return _section(part.section, part.language, versions[0] if versions else None, is_public, version)


@router.put(SECTION, response=Section, url_name="write_section", summary="Write a section")
@asks(NARRATIVES)
def write(request: HttpRequest, kind: Code, code: Code, section: Code, language: Code, said: Written) -> Any:
    """A new version; every earlier one stays. Public without words takes the section off the page."""
    part, scope = of_part(kind, code, section, language)
    need(request, scope)
    told = checked(forms.Section(typed(said), outcome=narrative.outcome(section)))
    write_section.write_section(
        by=request.rights.person.pk,
        kind=part.kind,
        code=part.record.code,
        section=part.section,
        language=part.language,
        is_public=said.public,
        **told,
    )
    return _now(part)


# A second person


@router.get(
    "/sections", response=Page[SectionVersion], url_name="waiting_sections", summary="Sections that wait for a release"
)
@asks(RELEASE)
def waits(request: HttpRequest, page: int = PageNumber) -> Any:
    """What other people marked public in funds that ask for a second person, within the token's reach."""
    return paged(waiting(request.rights), page, lambda found: [_version(one) for one in found])


def _version(one: Any, public: Any = None) -> SectionVersion:
    same = ("kind", "code", "section", "language", "title", "text", "state", "by", "at", "released_by")
    text = None if public is None else public.text
    return SectionVersion(number=one.pk, public=text, **{name: getattr(one, name) for name in same})


def _load(request: HttpRequest, number: int) -> Any:
    found, scope = of_version(number)
    need(request, scope)
    return found


@router.get(
    "/sections/{int:number}", response=SectionVersion, url_name="waiting_section", summary="One version of a section"
)
@asks(RELEASE)
def version(request: HttpRequest, number: int) -> Any:
    """With the text that is public now, to look at both."""
    found = _load(request, number)
    before = write_section.versions(found.kind, found.code, found.section, found.language)
    return _version(found, before.filter(state=narrative.PUBLIC).first())


@router.post(
    "/sections/{int:number}/release", response=SectionVersion, url_name="release_section", summary="Release a section"
)
@asks(RELEASE)
def release(request: HttpRequest, number: int) -> Any:
    """Another person than its writer lets it out, as long as it is what waits."""
    found = _load(request, number)
    return _version(write_section.release_section(by=request.rights.person.pk, number=found.pk))


@router.post(
    "/sections/{int:number}/send-back",
    response=SectionVersion,
    url_name="send_back_section",
    summary="Send a section back",
)
@asks(RELEASE)
def send_back(request: HttpRequest, number: int, said: Why) -> Any:
    """It is a draft again, with the reason."""
    found = _load(request, number)
    why = checked(forms.Reason(typed(said)))
    return _version(write_section.send_back_section(by=request.rights.person.pk, number=found.pk, **why))
