"""Documents for programs: handed in and looked at as at the desk, described, made public with answers, made internal."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Form, Query, Router, Schema, Status

from quipu.actions import documents, history
from quipu.desk.api import given
from quipu.desk.api.access import asks, need
from quipu.desk.api.given import Act, Code, Reasoned, Text
from quipu.desk.api.paging import Page, PageNumber, paged
from quipu.desk.api.problems import told as told_finding
from quipu.desk.documents import forms
from quipu.desk.documents.views import (
    KEEP,
    MOST,
    delivered,
    of_document,
    of_version,
    publishing,
    sought,
    standing,
    to_publish,
)
from quipu.portal.languages import LANGUAGES
from quipu.rules.filing import STANDINGS, TYPES
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope

router = Router(tags=["documents"])
READ = "read drafts"
STATE = Query("", pattern=f"^(|{'|'.join(STANDINGS)})$", description=", ".join(STANDINGS))
TYPE = Query("", pattern=f"^(|{'|'.join(TYPES)})$", description="Only of this type.")
SOUGHT = Query("", description="In a title or a file's name, or the code.")
WHOSE = Form(..., description="FUND or FUND/PROJECT, whose page it stands on.")
OF_TYPE = Form("", description="If all are of one type.")


class Version(Schema):
    """A file of a document, and what was found in it."""

    number: int
    name: str
    sha256: str
    bytes: int
    state: str
    at: datetime
    by: str
    cleared_by: str
    findings: list[dict[str, str]]


class Document(Schema):
    """A document, with its files from the first to the last."""

    code: str
    place: str
    type: str
    titles: dict[str, str]
    descriptions: dict[str, str]
    on: str
    languages: list[str]
    also: list[list[str]]
    supersedes: str | None
    standing: str
    until: date | None
    versions: list[Version]
    version: int | None = None


class Said(Act):
    """What is said of a document, all of it. others: FUND or FUND/PROJECT; vouchers: keys; supersedes: a code."""

    titles: dict[Code, Code]
    type: Code
    place: Code
    on: Code = ""
    languages: list[Code] = Field(default_factory=list)
    descriptions: dict[Code, Text] = Field(default_factory=dict)
    others: list[Code] = Field(default_factory=list)
    vouchers: list[Code] = Field(default_factory=list)
    supersedes: Code = ""


class Publishing(Act):
    """Answers to the questions by their keys (yes, no, a day, or words). until: the end of an embargo."""

    answers: dict[Code, Text] = Field(default_factory=dict)
    until: date | None = None
    reason: Text = ""
    without_file: bool = False


def _load(request: HttpRequest, code: str) -> Any:
    found, scope = of_document(code)
    need(request, scope)
    return found


def _told(one: Any, version: int | None = None) -> Document:
    same = ("code", "type", "titles", "descriptions", "on", "languages", "also", "until")
    return Document(
        place="/".join(filter(None, (one.fund_id, one.project_id))),
        supersedes=one.supersedes_id,
        standing=standing(one),
        versions=[_version(each) for each in sorted(one.versions.all(), key=lambda each: each.number)],
        version=version,
        **{name: getattr(one, name) for name in same},
    )


def _version(one: Any) -> Version:
    same = ("number", "name", "sha256", "bytes", "state", "at", "by", "cleared_by")
    findings = [told_finding(Finding(rule, "", detail)) for rule, detail in one.findings]
    return Version(findings=findings, **{name: getattr(one, name) for name in same})


def _now(code: str) -> Document:
    found = of_document(code)[0]
    return _told(found, history.version(documents.thing(found)))


@router.get("/documents", response=Page[Document], url_name="documents", summary="Documents, the newest first")
@asks(READ)
def every(
    request: HttpRequest,
    page: int = PageNumber,
    words: Code = SOUGHT,
    type: str = TYPE,
    state: str = STATE,
) -> Any:
    """Within the funds and projects that the token reaches."""
    rows = sought(request.rights.reach(READ), words=words, type=type, state=state)
    return paged(rows.prefetch_related("versions"), page, lambda found: [_told(one) for one in found])


@router.get("/documents/{code}", response=Document, url_name="document", summary="One document")
@asks(READ)
def one(request: HttpRequest, code: Code) -> Any:
    """With its version, what is said of it, and its files."""
    return _now(_load(request, code).pk)


@router.get("/documents/{code}/files/{number}", url_name="document_file", summary="A file of a document")
@asks(READ)
def file(request: HttpRequest, code: Code, number: int) -> Any:
    """Its bytes, as they are kept; not while it is in quarantine."""
    found, scope = of_version(code, number)
    need(request, scope)
    return delivered(request, found)


@router.post(
    "/documents", response=list[Document], url_name="hand_in", summary="Hand files in", openapi_extra=given.OF_FILES
)
@asks(KEEP)
def hand_in(request: HttpRequest, place: Code = WHOSE, type: Code = OF_TYPE) -> Any:
    """A form with files: each becomes a document that is internal, or is refused with what was found in it."""
    fund, _, project = place.partition("/")
    need(request, Scope(fund, project))
    if type and type not in TYPES:
        raise Refused(Finding("document-type-unknown", "type"))
    sent = given.files(request)
    if sent[MOST:]:
        raise Refused(Finding("document-many", "files", sent[MOST].name))
    by = request.rights.person.pk
    made = [
        documents.hand_in(
            by=by, file=Path(each.temporary_file_path()), name=each.name, fund=fund, project=project, type_=type
        )
        for each in sent
    ]
    return [_now(each.document_id) for each in made]


@router.post(
    "/documents/{code}/files",
    response=Document,
    url_name="replace_document",
    summary="Hand in a further version",
    openapi_extra=given.OF_FILES,
)
@asks(KEEP)
def replace(request: HttpRequest, code: Code, version: int | None = None) -> Any:
    """A form with one file; it is internal until it is published."""
    found = _load(request, code)
    (sent, *more) = given.files(request)
    if more:
        raise Refused(Finding("document-many", "files", more[0].name))
    path = Path(sent.temporary_file_path())
    documents.replace(by=request.rights.person.pk, document=found, file=path, name=sent.name, seen=version)
    return _now(code)


@router.put("/documents/{code}", response=Document, url_name="describe_document", summary="Say what a document is")
@asks(KEEP)
def describe(request: HttpRequest, code: Code, said: Said) -> Any:
    """All that is said of it anew; what somebody with a wider mandate said of other funds stays."""
    found = _load(request, code)
    typed = given.typed(said) | {"vouchers": ", ".join(said.vouchers)}
    for name in ("title", "description"):
        given_ = getattr(said, f"{name}s")
        if unknown := set(given_) - set(LANGUAGES):
            raise Refused(*(Finding("section-language", f"{name}s", one) for one in sorted(unknown)))
        typed |= {f"{name}_{language}": text for language, text in given_.items()}
    form = forms.Describing(typed, reach=request.rights.reach(KEEP), document=found)
    given.checked(form)
    documents.amend(by=request.rights.person.pk, document=found, told=form.told, seen=said.version)
    return _now(code)


@router.post("/documents/{code}/publish", response=Document, url_name="publish_document", summary="Make it public")
@asks(KEEP)
def publish(request: HttpRequest, code: Code, said: Publishing) -> Any:
    """With the next edition, or at the end of an embargo; its standing says whether a second person looks first."""
    found = _load(request, code)
    version = to_publish(found)
    if version is None:
        raise Refused(Finding("document-no-file", ""))
    form = publishing({**said.answers, **given.typed(said)}, version)
    unknown = set(said.answers) - set(form.keys)
    if unknown and found.type:  # before it has a type, nobody knows what is asked
        raise Refused(*(Finding("document-value", one) for one in sorted(unknown)))
    given.checked(form)
    by, today = request.rights.person.pk, timezone.localdate()
    documents.publish(by=by, version=version, wish=form.wish(), today=today, seen=said.version)
    return _now(code)


@router.post("/documents/{code}/withdraw", response=Document, url_name="withdraw_document", summary="Make it internal")
@asks(KEEP)
def withdraw(request: HttpRequest, code: Code, said: Reasoned) -> Any:
    """The next edition does not hold it; what earlier ones hold is taken down elsewhere."""
    found = _load(request, code)
    documents.withdraw(by=request.rights.person.pk, document=found, reason=said.reason, seen=said.version)
    return _now(code)


@router.post("/documents/{code}/release", response=Document, url_name="release_document", summary="Let it out")
@asks("release")
def release(request: HttpRequest, code: Code, said: Act) -> Any:
    """A second person agrees to what another one made public."""
    found = _load(request, code)
    documents.release(by=request.rights.person.pk, document=found, seen=said.version)
    return _now(code)


@router.post(
    "/documents/{code}/throw-away", response={204: None}, url_name="throw_away_document", summary="Throw a draft away"
)
@asks(KEEP)
def throw_away(request: HttpRequest, code: Code, said: Reasoned) -> Any:
    """It and its files are gone; only while nothing of it was ever public."""
    found = _load(request, code)
    documents.throw_away(by=request.rights.person.pk, document=found, reason=said.reason, seen=said.version)
    return Status(204, None)


@router.post("/documents/{code}/scan", response=Document, url_name="scan_document", summary="Look at it once more")
@asks(KEEP)
def scan(request: HttpRequest, code: Code) -> Any:
    """Its files in quarantine are shown to the scanner again; refused where that does not answer."""
    found = _load(request, code)
    for version in found.versions.filter(state=documents.QUARANTINED):
        documents.scan_again(by=request.rights.person.pk, version=version)
    return _now(code)
