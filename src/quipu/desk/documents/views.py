"""Documents at the desk: what is handed in, what is wrong with it, what is said of it, and whether it is public."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from quipu.actions import documents, history, keeping, mandates
from quipu.books import models
from quipu.desk import uploads
from quipu.desk.documents import forms
from quipu.desk.drawing import said, sentence
from quipu.desk.rights import needs
from quipu.edition.documents import SHORTEST_HASH
from quipu.portal.delivery import deliver
from quipu.rules.filing import FORMS, STANDINGS, TYPES
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.personal import KINDS

A_PAGE = 50
MOST = 20  # files at once
KEEP = "keep documents"


def of_document(code: str) -> tuple[Any, Scope]:
    """A document, and whose it is."""
    found = get_object_or_404(models.Document.objects.select_related("fund", "project", "supersedes"), code=code)
    return found, documents.scope_of(found)


def of_version(code: str, number: int) -> tuple[Any, Scope]:
    """A version of one, and whose it is."""
    found = get_object_or_404(models.Version.objects.select_related("document"), document=code, number=number)
    return found, documents.scope_of(found.document)


# The list


@needs("read drafts")
def listed(request: HttpRequest) -> HttpResponse:
    """All documents that one may read, the newest first."""
    reach = request.rights.reach("read drafts")
    form = forms.Choosing(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = sought(reach, **{name: chosen.get(name, "") for name in ("words", "type", "state")})
    page = Paginator(rows.prefetch_related("versions"), A_PAGE).get_page(request.GET.get("page"))
    superseded = set(
        models.Document.objects.filter(supersedes__in=[one.pk for one in page]).values_list("supersedes_id", flat=True)
    )
    told = {"form": form, "page": page, "superseded": superseded, **_words(request)}
    told["is_narrowed"] = any(chosen.values())
    return render(request, "documents/list.html", told)


def sought(reach: list[Scope], *, words: str = "", type: str = "", state: str = "") -> Any:
    """The documents within a reach, narrowed, the newest first."""
    rows = models.Document.objects.filter(documents.within(reach)).order_by("-made_at", "code")
    if type:
        rows = rows.filter(type=type)
    if words:
        titled = Q(titles__icontains=words) | Q(
            titles__icontains=json.dumps(words)[1:-1]
        )  # as SQLite's JSON spells accents
        rows = rows.filter(titled | Q(versions__name__icontains=words) | Q(code=words)).distinct()
    return _in_state(rows, state)


def _in_state(rows: Any, state: str) -> Any:
    today = timezone.localdate()
    if state == "draft":
        return (
            rows.filter(visibility=documents.INTERNAL, versions__isnull=False)
            .exclude(versions__cleared_by__gt="")
            .distinct()
        )
    if state in ("quarantined", "refused"):
        return rows.filter(versions__state=state).distinct()
    if state == "waits":
        return rows.filter(waits=True)
    if state == "without words":
        return rows.filter(versions__findings__icontains="document-no-words").distinct()
    if state == "superseded":
        return rows.filter(pk__in=models.Document.objects.exclude(supersedes=None).values("supersedes"))
    if state == "internal":
        return rows.filter(visibility=documents.INTERNAL, versions__cleared_by__gt="").distinct()
    if state == "public":
        return rows.filter(
            Q(visibility=documents.PUBLIC) | Q(visibility=documents.EMBARGOED, until__lte=today), waits=False
        )
    return rows.filter(visibility=documents.EMBARGOED, until__gt=today) if state == "embargoed" else rows


def standing(document: Any) -> str:
    """Where a document stands today, in a word of STANDINGS."""
    if document.waits:
        return "waits"
    if document.visibility == documents.EMBARGOED:
        return "public" if document.until <= timezone.localdate() else "embargoed"
    if document.visibility == documents.INTERNAL and not any(one.cleared_by for one in document.versions.all()):
        return "draft"
    return str(document.visibility)


def _words(request: HttpRequest) -> dict[str, Any]:
    """What templates say documents with."""
    return {
        "title_of": lambda document: documents.title_of(document, request.words.language),
        "last_of": lambda document: max(document.versions.all(), key=lambda one: one.number, default=None),
        "standing": standing,
        "states": STANDINGS,
        "types": TYPES,
        "kinds": KINDS,
        "told": lambda version: [
            (Finding(rule, "", detail), sentence(Finding(rule, "", detail))) for rule, detail in version.findings
        ],
        "error": ERROR,
    }


# Handing in


@needs(KEEP)
def hand_in(request: HttpRequest) -> HttpResponse:
    """Files become drafts, several at once."""
    form = forms.HandingIn(request.POST or None, request.FILES or None, reach=request.rights.reach(KEEP))
    lost = uploads.cut(request)
    if request.method == "POST" and form.is_valid():
        files = form.cleaned_data["files"]
        made = _take(request, form, files[:MOST])
        for name in lost:
            messages.error(request, f"{name}: {sentence(Finding('document-too-large', 'files'))}")
        if files[MOST:]:
            messages.error(request, sentence(Finding("document-many", "files", files[MOST].name)))
        taken = [one for one in made if one.state != documents.REFUSED]
        if len(made) == 1:
            return redirect("edit_document" if taken else "document", made[0].document_id)
        return redirect("documents")
    if lost:
        form.add_error("files", f"{', '.join(lost)}: {sentence(Finding('document-too-large', 'files'))}")
    told = {"form": form, "largest": keeping.largest()}
    return render(request, "documents/hand_in.html", told, status=422 if form.errors else 200)


def _take(request: HttpRequest, form: Any, files: list[Any]) -> list[Any]:
    """Each file by itself: what is wrong with one keeps no other from being taken."""
    fund, project = form.where
    made = []
    for file in files:
        path, name = Path(file.temporary_file_path()), file.name
        version = documents.hand_in(
            by=request.user.pk, file=path, name=name, fund=fund, project=project, type_=form.cleaned_data["type"]
        )
        made.append(version)
        _say(request, version, name)
    return made


def _say(request: HttpRequest, version: Any, name: str) -> None:
    if version.state == documents.REFUSED:
        wrong = [
            sentence(Finding(rule, "", detail))
            for rule, detail in version.findings
            if Finding(rule, "").severity == ERROR
        ]
        messages.error(request, said("%(name)s was not taken.", name=name) + " " + " ".join(wrong))
    elif version.state == documents.QUARANTINED:
        messages.warning(request, said("%(name)s is in quarantine until it was looked at for viruses.", name=name))
    else:
        messages.success(request, said("%(name)s is kept, for this house only.", name=name))


@needs(KEEP, of_document)
def replace(request: HttpRequest, thing: Any) -> HttpResponse:
    """A further version of a document."""
    form = forms.File(request.POST or None, request.FILES or None)
    lost = uploads.cut(request)
    if request.method == "POST" and not lost and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            version = documents.replace(
                by=request.user.pk,
                document=thing,
                file=Path(given.temporary_file_path()),
                name=given.name,
                seen=_seen(request),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            _say(request, version, given.name)
            return redirect("document", thing.pk)
    if lost:
        form.errors.clear()
        form.add_error("file", sentence(Finding("document-too-large", "file")))
    told = {
        "document": thing,
        "form": form,
        "largest": keeping.largest(),
        "seen": _version_of(request, thing),
        **_words(request),
    }
    return render(request, "documents/replace.html", told, status=422 if form.errors else 200)


def _seen(request: HttpRequest) -> int | None:
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() else None


def _version_of(request: HttpRequest, document: Any) -> int:
    """The version that a form was shown with, or the one that stands."""
    seen = _seen(request)
    return history.version(documents.thing(document)) if seen is None else seen


# One document


@needs("read drafts", of_document)
def show(request: HttpRequest, thing: Any) -> HttpResponse:
    """What is said of it, its files with what was found, who maintains it, what was done to it."""
    scope = documents.scope_of(thing)
    rows = list(models.History.objects.filter(kind="document", code=thing.pk).order_by("-id")[:A_PAGE])
    versions = list(thing.versions.order_by("-number"))
    names = history.names_of(
        [row.by for row in rows]
        + [one.by for one in versions]
        + [one.cleared_by for one in versions]
        + [thing.marked_by]
    )
    told = {
        "document": thing,
        "versions": versions,
        "public_page": _public_page(thing, versions),
        "later": list(models.Document.objects.filter(supersedes=thing).prefetch_related("versions")),
        "rows": rows,
        "names": names,
        "scope": scope,
        "maintainers": mandates.who_may(KEEP, scope),
        "may_keep": request.rights.may(KEEP, scope),
        "may_take_down": request.rights.may("take down", scope),
        "may_release": request.rights.may("release", scope) and thing.waits and thing.marked_by != request.user.pk,
        **_words(request),
    }
    return render(request, "documents/document.html", told)


def _public_page(document: Any, versions: list[Any]) -> str:
    """The short hash under which the gateway shows what is public of a document; "" where nothing is."""
    open_ = documents.is_public(document, timezone.localdate())
    found = [one.sheet or one.sha256 for one in versions if one.cleared_at and not one.waits]
    return found[0][:SHORTEST_HASH] if open_ and found else ""


@needs(KEEP, of_document)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """What is said of a document; what its file says of itself is offered and taken only by its editor."""
    reach = request.rights.reach(KEEP)
    last = thing.versions.exclude(sha256="").order_by("-number").first()
    offered = _offered(last) if last else {}
    start = forms.as_typed(thing)
    if request.GET.get("take"):
        start |= {name: value for name, value in offered.items() if not start.get(name)}
    form = forms.Describing(request.POST or None, initial=start, reach=reach, document=thing)
    if request.method == "POST" and form.is_valid():
        try:
            documents.amend(by=request.user.pk, document=thing, told=form.told, seen=_seen(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            done = said("Saved.")
            if documents.is_shown(thing):
                done += " " + said("The next edition shows it.")
            messages.success(request, done)
            return redirect("document", thing.pk)
    told = {
        "document": thing,
        "form": form,
        "offered": {} if form.is_bound else offered,
        "file": last,
        "taken": bool(request.GET.get("take")),
        "seen": _version_of(request, thing),
        **_words(request),
    }
    return render(request, "documents/edit.html", told, status=422 if form.errors else 200)


def _offered(version: Any) -> dict[str, Any]:
    """What a file says of itself, by the field it is offered for."""
    told = version.offered
    language = str(told.get("language", ""))[:2]
    found = {"on": told.get("on", ""), "languages": [language] if language in ("en", "es", "fr") else []}
    found[f"title_{language if language in ('en', 'es', 'fr') else 'en'}"] = told.get("title", "")
    return {name: value for name, value in found.items() if value}


def to_publish(document: Any) -> Any:
    """The version that would become public, None where there is none."""
    return document.versions.exclude(state=documents.REFUSED).order_by("-number").first()


def publishing(sent: Any, version: Any, **options: Any) -> forms.Publishing:
    """The questions about a version."""
    is_warned = bool(version.personal or any(rule in documents.WARNED for rule, _ in version.findings))
    return forms.Publishing(sent, document=version.document, version=version, is_warned=is_warned, **options)


@needs(KEEP, of_document)
def publish(request: HttpRequest, thing: Any) -> HttpResponse:
    """What was found, what is asked, and then it is public."""
    version = to_publish(thing)
    if version is None:
        messages.error(request, sentence(Finding("document-no-file", "")))
        return redirect("document", thing.pk)
    warned = [(found, text) for found, text in _words(request)["told"](version) if found.rule in documents.WARNED]
    start = {**version.answers, "until": thing.until}
    form = publishing(request.POST or None, version, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            waits = documents.publish(
                by=request.user.pk, version=version, wish=form.wish(), today=timezone.localdate(), seen=_seen(request)
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            _say_published(request, form.cleaned_data["until"], waits)
            return redirect("document", thing.pk)
    told = {
        "document": thing,
        "version": version,
        "form": form,
        "warned": warned,
        "has_words": FORMS[version.form].has_words and all(rule != "document-no-words" for rule, _ in version.findings),
        "second_eyes": getattr(thing.fund, "second_eyes", False),
        "seen": _version_of(request, thing),
        **_words(request),
    }
    return render(request, "documents/publish.html", told, status=422 if form.errors else 200)


def _say_published(request: HttpRequest, until: Any, waits: bool) -> None:
    if waits:
        messages.success(request, said("It waits for a second person, who finds it among their tasks."))
    elif until:
        messages.success(request, said("It becomes public by itself on %(day)s.", day=request.words.day(until)))
    else:
        messages.success(request, said("It is public with the next edition, in a moment."))


def _with_reason(
    request: HttpRequest,
    thing: Any,
    act: Callable[..., None],
    template: str,
    done: str,
    then: Callable[[], HttpResponse],
) -> HttpResponse:
    form = forms.Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(by=request.user.pk, document=thing, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return then()
    told = {"document": thing, "form": form, **_words(request)}
    return render(request, template, told, status=422 if form.errors else 200)


@needs(KEEP, of_document)
def withdraw(request: HttpRequest, thing: Any) -> HttpResponse:
    """It is for this house only again."""
    done = said("It is internal. The next edition does not hold it.")
    return _with_reason(
        request, thing, documents.withdraw, "documents/withdraw.html", done, lambda: redirect("document", thing.pk)
    )


@needs(KEEP, of_document)
def throw_away(request: HttpRequest, thing: Any) -> HttpResponse:
    """A draft that nobody needs."""
    done = said("The draft and its files are gone.")
    return _with_reason(
        request, thing, documents.throw_away, "documents/throw_away.html", done, lambda: redirect("documents")
    )


@needs("release", of_document)
def release(request: HttpRequest, thing: Any) -> HttpResponse:
    """A second person lets it out."""
    refused = None
    if request.method == "POST":
        try:
            documents.release(by=request.user.pk, document=thing, seen=_seen(request))
        except Refused as no:
            refused = no
        else:
            messages.success(request, said("It is public with the next edition, in a moment."))
            return redirect("document", thing.pk)
    told = {
        "document": thing,
        "refused": refused,
        "marked_by": history.name_of(thing.marked_by),
        "seen": _version_of(request, thing),
    }
    version = thing.versions.exclude(cleared_at=None).order_by("-number").first()
    told |= {"version": version, **_words(request)}
    return render(request, "documents/release.html", told, status=422 if refused else 200)


@needs(KEEP, of_document)
def scan(request: HttpRequest, thing: Any) -> HttpResponse:
    """Files in quarantine are looked at once more."""
    if request.method == "POST":
        for version in thing.versions.filter(state=documents.QUARANTINED):
            try:
                _say(request, documents.scan_again(by=request.user.pk, version=version), version.name)
            except Refused:
                messages.warning(request, said("The scanner did not answer. The file stays in quarantine."))
    return redirect("document", thing.pk)


@needs("read drafts", of_version)
def file(request: HttpRequest, thing: Any) -> HttpResponse:
    """The bytes of a version, for those who may read drafts; not while they are in quarantine."""
    return delivered(request, thing)


def delivered(request: HttpRequest, thing: Any) -> HttpResponse:
    """The same, once it is known that one may."""
    if thing.state != documents.CHECKED or not keeping.path(thing.sha256).is_file():
        raise Http404(thing.name)
    form = FORMS[thing.form]
    answer = deliver(
        request,
        keeping.path(thing.sha256),
        name=thing.name,
        media=form.media,
        sha256=thing.sha256,
        is_shown=form.is_shown,
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
