"""Documents at the desk: handed in, looked at, described, made public and taken back; and what of them is public today."""

import hashlib
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from quipu.actions import harmless, history, keeping, scanning
from quipu.actions.history import Thing
from quipu.actions.people import SIGNS
from quipu.books import models
from quipu.edition import extract
from quipu.rules import consent, filing, personal
from quipu.rules.filing import FORMS, TYPES, Said
from quipu.rules.findings import ERROR, Finding, Refused
from quipu.rules.mandates import EVERYTHING, Scope

CHECKED, QUARANTINED, REFUSED = "checked", "quarantined", "refused"  # of a version
INTERNAL, PUBLIC, EMBARGOED = "internal", "public", "embargoed"  # of a document
PIECE = 1 << 20
# What is published only with a reason, as details of people in the text are; what nobody could read may hold any.
WARNED = ("document-comments", "document-changes", "document-places", "document-words")
LENGTH = 10  # of a document's code
LONGEST_NAME = 120
SHEET = "listed-without-file.txt"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a document. on: a year, a month or a day; also: what else it is about, (kind, name)."""

    titles: Mapping[str, str]
    type: str
    on: str = ""
    languages: Sequence[str] = ()
    descriptions: Mapping[str, str] | None = None
    fund: str = ""
    project: str = ""
    also: Sequence[tuple[str, str]] = ()
    supersedes: str = ""


def scope_of(document: Any) -> Scope:
    """Whose it is."""
    return Scope(document.fund_id or "", document.project_id or "")


def thing(document: Any) -> Thing:
    """What history calls it."""
    return Thing("document", document.code, scope_of(document))


def title_of(document: Any, language: str = "en") -> str:
    """How it is called, in a language if there is a title in it; before that, as its file."""
    titles = document.titles
    found = titles.get(language) or titles.get("en") or next(iter(titles.values()), "")
    return found or _first_name(document)


def _first_name(document: Any) -> str:
    last = max(document.versions.all(), key=lambda one: one.number, default=None)
    return last.name if last else str(document.code)


# Handing in


def hand_in(*, by: str, file: Path, name: str, fund: str, project: str = "", type_: str = "") -> Any:
    """A new document, internal, from a file. Answers its version, which may be refused: then only what was found is kept.

    Raises Refused where there is no such fund or project.
    """
    if found := list(_places(fund, project)):
        raise Refused(*found)
    looked = _Looked(file, name)
    with history.whole():
        now = datetime.now(UTC)
        document = models.Document.objects.create(
            code="".join(secrets.choice(SIGNS) for _ in range(LENGTH)),
            type=type_ if type_ in TYPES else "",
            fund_id=fund,
            project_id=project or None,
            made_by=by,
            made_at=now,
        )
        version = looked.keep(document, 1, by)
        history.keep(by=by, verb="hand in", thing=thing(document), after=_said_of(version))
    return version


def replace(*, by: str, document: Any, file: Path, name: str, seen: int | None = None) -> Any:
    """A further version, which has to be cleared before it is public; the one before stays as it is. Raises Refused."""
    looked = _Looked(file, name)
    with history.whole():
        history.alone(thing(document), seen)
        if document.versions.filter(given=looked.given).exclude(sha256="").exists():
            raise Refused(Finding("document-same-file", "file"))
        number = 1 + max(document.versions.values_list("number", flat=True), default=0)
        version = looked.keep(document, number, by)
        history.keep(by=by, verb="replace", thing=thing(document), after=_said_of(version))
    return version


def _said_of(version: Any) -> dict[str, Any]:
    rules = [rule for rule, _ in version.findings]
    return {
        "version": version.number,
        "sha256": version.sha256 or version.given,
        "state": version.state,
        "findings": rules,
    }


class _Looked:
    """A file that was looked at: its bytes are kept, unless it is refused. Before any transaction, because it takes a while."""

    def __init__(self, file: Path, name: str) -> None:
        self.name = name
        self.offered: dict[str, Any] = {}
        self.personal: list[list[Any]] = []
        self.scanned = scanning.Scanned(scanning.NONE)
        self.kept: keeping.Kept | None = None
        self.form = ""
        with file.open("rb") as source:
            self.given = hashlib.file_digest(source, "sha256").hexdigest()
        folder = Path(settings.HOME) / "kept"
        folder.mkdir(0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".looking-") as beside:
            self._look(file, Path(beside))

    def _look(self, file: Path, beside: Path) -> None:
        if file.stat().st_size > keeping.largest():
            self.findings = [Finding("document-too-large", "file")]
            return
        self.scanned = scanning.scan(file)
        if self.scanned.verdict == scanning.FOUND:
            self.findings = [Finding("document-virus", "file", self.scanned.name)]
            return
        looked = harmless.look(file, self.name, beside, keeping.largest())
        self.findings, self.form, self.offered = looked.findings, looked.form, looked.offered
        if looked.path is None:
            return
        if FORMS[self.form].has_words:
            found = extract.words(looked.path, self.form, "\f")
            if found.is_broken:
                self.findings.append(Finding("document-broken", "file"))
                return
            if found.is_cut:
                self.findings.append(Finding("document-words", "file"))
            elif not found.text.strip():
                self.findings.append(Finding("document-no-words", "file"))
            self.personal = [[one.kind, one.piece, one.shown] for one in personal.look(found.text.split("\f"))]
        with looked.path.open("rb") as source:
            self.kept = keeping.keep(iter(lambda: source.read(PIECE), b""))

    @property
    def state(self) -> str:
        """What becomes of it."""
        if any(finding.severity == ERROR for finding in self.findings):
            return REFUSED
        _, is_wanted = scanning.setting()
        return QUARANTINED if is_wanted and self.scanned.verdict != scanning.CLEAN else CHECKED

    def keep(self, document: Any, number: int, by: str) -> Any:
        """As a version of a document; inside the transaction."""
        told = list(self.findings)
        if self.state == QUARANTINED:
            told.append(Finding("document-waits", "file", self.scanned.name))
        elif self.state == CHECKED and self.scanned.verdict == scanning.NONE:
            told.append(Finding("document-unscanned", "file"))
        now = datetime.now(UTC)
        return models.Version.objects.create(
            document=document,
            number=number,
            given=self.given,
            sha256=self.kept.sha256 if self.kept else "",
            bytes=self.kept.bytes if self.kept else 0,
            form=self.form,
            name=plain_name(self.name, self.form),
            by=by,
            at=now,
            state=self.state,
            findings=[[finding.rule, finding.detail] for finding in told],
            scanned_at=now if self.scanned.verdict == scanning.CLEAN else None,
            personal=self.personal,
            offered=self.offered,
        )


def plain_name(name: str, form: str) -> str:
    """A file's name without paths, signs that nobody sees, or an end that is not its form's."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = "".join(sign if sign.isprintable() and sign not in '<>:"|?*%' else "-" for sign in last).strip(" .-~")
    stem, dot, end = plain.rpartition(".")
    if not (dot and end.isalnum() and len(end) <= 5):
        stem, end = plain, ""
    stem = re.sub(r"\s+", " ", stem)[:LONGEST_NAME].strip(" .-") or "document"
    is_right = filing.form_of(f"x.{end}") and (end.lower() == form or (form == "jpg" and end.lower() == "jpeg"))
    return f"{stem}.{end.lower()}" if is_right else f"{stem}.{form}" if form else stem + (f".{end}" if end else "")


def scan_again(*, by: str, version: Any) -> Any:
    """Has a file in quarantine looked at once more. Answers its version. Raises Refused where the scanner is silent."""
    place = keeping.path(version.sha256)
    scanned = scanning.scan(place)
    if scanned.verdict in (scanning.SILENT, scanning.NONE):
        raise Refused(Finding("document-waits", "", scanned.name))
    with history.whole():
        document = version.document
        history.alone(thing(document), None)
        version.refresh_from_db()
        if version.state != QUARANTINED:
            return version
        told = [one for one in version.findings if one[0] != "document-waits"]
        if scanned.verdict == scanning.CLEAN:
            version.state, version.scanned_at, version.findings = CHECKED, datetime.now(UTC), told
        else:
            version.state, version.findings = REFUSED, [*told, ["document-virus", scanned.name]]
            lost, version.sha256, version.bytes = version.sha256, "", 0
            _drop(lost, version)
        version.save()
        history.keep(by=by, verb="scan", thing=thing(document), after=_said_of(version))
    return version


def _drop(sha256: str, version: Any) -> None:
    """Removes bytes that a virus was found in, whoever else holds them: nobody shall open them."""
    models.Version.objects.filter(sha256=sha256).exclude(pk=version.pk).update(sha256="", state=REFUSED)
    keeping.path(sha256).unlink(missing_ok=True)


# Describing


def amend(*, by: str, document: Any, told: Told, seen: int | None = None) -> None:
    """What is said of it. Raises Refused."""
    with history.whole():
        history.alone(thing(document), seen)
        document.refresh_from_db()
        before, was_shown = _plain(document), is_shown(document)
        found = list(_faults(document, told))
        if found:
            raise Refused(*found)
        document.titles = {key: text.strip() for key, text in told.titles.items() if text.strip()}
        document.descriptions = {key: text.strip() for key, text in (told.descriptions or {}).items() if text.strip()}
        document.type, document.on, document.languages = told.type, told.on, list(told.languages)
        document.fund_id, document.project_id = told.fund or document.fund_id, told.project or None
        document.also = [list(one) for one in told.also]
        document.supersedes_id = told.supersedes or None
        document.save()
        shown = was_shown or is_shown(document)
        history.keep(by=by, verb="amend", thing=thing(document), before=before, after=_plain(document), is_public=shown)


def _faults(document: Any, told: Told) -> Iterator[Finding]:
    if told.type not in TYPES:
        yield Finding("document-type-unknown", "type")
    if told.on and not filing.is_day(told.on):
        yield Finding("document-value", "on", "YYYY-MM-DD, YYYY-MM or YYYY")
    yield from _places(told.fund or document.fund_id, told.project)
    for kind, name in told.also:
        if kind == "voucher" and not _vouchers(told.fund or document.fund_id).filter(key=name).exists():
            yield Finding("document-voucher-unknown", "vouchers", name)
    earlier, steps = told.supersedes, 0
    while earlier:
        steps += 1
        if earlier == document.code or steps > 1_000:
            yield Finding("document-circle", "supersedes")
            return
        next_ = models.Document.objects.filter(code=earlier).values_list("supersedes_id", flat=True).first()
        earlier = next_ or ""


def _places(fund: str, project: str) -> Iterator[Finding]:
    if not models.Fund.objects.filter(code=fund).exists():
        yield Finding("mandate-scope-unknown", "place", fund)
    if project and not models.Project.objects.filter(code=project, fund=fund).exists():
        yield Finding("mandate-scope-unknown", "place", project)


def _vouchers(fund: str) -> Any:
    return models.Posting.objects.filter(entries__fund=fund)


def _plain(document: Any) -> dict[str, Any]:
    names = ("type", "titles", "descriptions", "languages", "on", "fund_id", "project_id", "also", "supersedes_id")
    return {name.removesuffix("_id"): getattr(document, name) for name in names}


# Becoming public


@dataclass(frozen=True, slots=True)
class Wish:
    """How a version is to become public. until: the day on which an embargo ends, None for now; reason: in spite of findings."""

    answers: Mapping[str, str]
    until: date | None = None
    reason: str = ""
    without_file: bool = False


def publish(*, by: str, version: Any, wish: Wish, today: date, seen: int | None = None) -> bool:
    """Clears a version and makes its document public, now or at the end of an embargo. Raises Refused.

    Answers whether it waits for a second person, as the fund asks.
    """
    with history.whole():
        document = version.document
        history.alone(thing(document), seen)
        document.refresh_from_db()
        version.refresh_from_db()
        found = list(_against(document, version, wish, today))
        if found:
            raise Refused(*found)
        before = _standing(document)
        version.answers = consent.kept(document.type, version.form, wish.answers)
        version.cleared_by, version.cleared_at, version.cleared_why = by, datetime.now(UTC), wish.reason.strip()
        version.sheet = _sheet(document, version) if wish.without_file else ""
        version.waits = bool(getattr(document.fund, "second_eyes", False))
        version.save()
        document.visibility, document.until = (EMBARGOED, wish.until) if wish.until else (PUBLIC, None)
        document.marked_by, document.released_by = by, ""
        document.waits = version.waits
        document.save()
        after = _standing(document) | {"version": version.number, "answers": version.answers}
        history.keep(
            by=by,
            verb="publish",
            thing=thing(document),
            before=before,
            after=after,
            reason=wish.reason.strip(),
            is_public=not document.waits,
        )
    return bool(document.waits)


def _against(document: Any, version: Any, wish: Wish, today: date) -> Iterator[Finding]:
    """What stands against a version's becoming public."""
    if version.state != CHECKED:
        yield Finding("document-waits" if version.state == QUARANTINED else "document-no-file", "")
    if not document.titles or not document.type:
        yield Finding("document-no-title", "")
    if wish.until and wish.until <= today:
        yield Finding("document-until-past", "until")
    if wish.until and is_public(document, today):
        yield Finding("document-until-public", "until")
    told = [rule for rule, _ in version.findings if rule in WARNED]
    if (version.personal or told) and not wish.reason.strip() and not wish.without_file:
        yield Finding("document-personal", "reason")
    yield from consent.faults(document.type, version.form, wish.answers, without_file=wish.without_file)


def _sheet(document: Any, version: Any) -> str:
    """What stands in the list in place of a file that its community did not agree to; the hash of its bytes."""
    lines = [
        title_of(document),
        "",
        "This document is listed without its file: it holds knowledge of an indigenous community.",
        "Este documento figura sin su archivo: contiene conocimientos de una comunidad indígena.",
        "Ce document figure sans son fichier : il contient des savoirs d’une communauté autochtone.",
        "",
        f"{TYPES[document.type]}, {document.on}".rstrip(", "),
        f"SHA-256 {version.sha256}",
    ]
    return keeping.keep([("\n".join(lines) + "\n").encode()]).sha256


def release(*, by: str, document: Any, seen: int | None = None) -> None:
    """A second person agrees to what another one made public. Raises Refused."""
    with history.whole():
        history.alone(thing(document), seen)
        document.refresh_from_db()
        if not document.waits:
            raise Refused(Finding("document-not-waiting", ""))
        if document.marked_by == by:
            raise Refused(Finding("document-released-by-author", ""))
        document.waits, document.released_by = False, by
        document.save()
        document.versions.filter(waits=True).update(waits=False)
        history.keep(
            by=by,
            verb="release",
            thing=thing(document),
            before={"released_by": ""},
            after=_standing(document),
            is_public=True,
        )


def withdraw(*, by: str, document: Any, reason: str, seen: int | None = None) -> None:
    """Makes it internal again; what earlier editions hold is another matter (takedown). Raises Refused."""
    with history.whole():
        history.alone(thing(document), seen)
        document.refresh_from_db()
        found = [] if reason.strip() else [Finding("reason-missing", "reason")]
        if document.visibility == INTERNAL:
            found.append(Finding("document-not-public", ""))
        if found:
            raise Refused(*found)
        before = _standing(document)
        document.visibility, document.until, document.waits, document.released_by = INTERNAL, None, False, ""
        document.save()
        document.versions.filter(waits=True).update(waits=False, cleared_by="")
        document.versions.update(cleared_at=None)  # each is cleared anew: one of them may be why
        after = _standing(document)
        history.keep(
            by=by,
            verb="make internal",
            thing=thing(document),
            before=before,
            after=after,
            reason=reason,
            is_public=True,
        )


def throw_away(*, by: str, document: Any, reason: str, seen: int | None = None) -> None:
    """Removes a draft that nobody outside ever saw. Its history stays. Raises Refused."""
    with history.whole():
        history.alone(thing(document), seen)
        document.refresh_from_db()
        found = [] if reason.strip() else [Finding("reason-missing", "reason")]
        versions = list(document.versions.all())
        if document.visibility != INTERNAL or any(one.cleared_by for one in versions):
            found.append(Finding("document-was-public", ""))
        if found:
            raise Refused(*found)
        hashes = {one.sha256 for one in versions if one.sha256}
        before, gone = _plain(document), thing(document)
        document.delete()
        history.keep(by=by, verb="throw away", thing=gone, before=before, reason=reason)
        left = set(_held(hashes))
    for sha256 in hashes - left:
        keeping.path(sha256).unlink(missing_ok=True)


def _held(hashes: Iterable[str]) -> Iterator[str]:
    """Those of the hashes that any record of the books still names: of a document, of a voucher, of whatever comes."""
    hashes = list(hashes)
    for model in apps.get_app_config("books").get_models():
        for field in model._meta.get_fields():
            if field.name in ("sha256", "sheet"):
                rows = model.objects.filter(**{f"{field.name}__in": hashes})
                yield from rows.values_list(field.name, flat=True)


def _standing(document: Any) -> dict[str, Any]:
    names = ("visibility", "until", "waits", "released_by")
    return {name: getattr(document, name) for name in names}


# What is public


def is_shown(document: Any) -> bool:
    """Whether something of it is public, or will be when its day comes."""
    return document.visibility != INTERNAL and any(is_open(one) for one in document.versions.all())


def is_public(document: Any, today: date) -> bool:
    """Whether something of it is public on a day."""
    if document.visibility == EMBARGOED and document.until > today:
        return False
    return is_shown(document)


def _open(today: date) -> Q:
    return Q(visibility=PUBLIC) | Q(visibility=EMBARGOED, until__lte=today)


def next_release(after: date) -> date | None:
    """The first day after that one on which an embargo ends; None where none does."""
    ends = models.Document.objects.filter(visibility=EMBARGOED, until__gt=after)
    found: date | None = ends.order_by("until").values_list("until", flat=True).first()
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that is public today, with what is said of it."""

    path: Path
    name: str
    sha256: str
    said: Said


def shown(today: date, drafts: Sequence[Scope] = ()) -> list[Shown]:
    """Everything that people at the desk made public, oldest version first; each takes the place of the one before.

    drafts: where what is checked and described counts as well, under embargo or not public yet, as it will stand then.
    """
    found: list[Shown] = []
    newest: dict[str, str] = {}
    rows = models.Document.objects.filter(_open(today) | Q(pk__in=models.Document.objects.filter(within(drafts))))
    chains: list[tuple[Any, list[Any]]] = []
    for document in rows.prefetch_related("versions").order_by("code"):
        cleared = sorted(_ready(document, today, drafts), key=lambda one: one.number)
        if cleared:
            chains.append((document, cleared))
            newest[document.code] = _hash_of(cleared[-1])
    for document, cleared in chains:
        before = newest.get(document.supersedes_id or "", "")
        for version in cleared:
            sha256 = _hash_of(version)
            number = str(version.number) if len(cleared) > 1 else ""
            if sha256 != before and keeping.path(sha256).is_file():
                name = SHEET if version.sheet else version.name
                found.append(Shown(keeping.path(sha256), name, sha256, _said(document, number, before)))
            before = sha256
    return found


def _ready(document: Any, today: date, drafts: Sequence[Scope]) -> list[Any]:
    """The versions that are public; where drafts are read, with the one that could be next, if that is not taken back."""
    versions = list(document.versions.all())
    is_read = any(scope.covers(scope_of(document)) for scope in drafts)
    found = [one for one in versions if is_open(one)] if is_read or is_public(document, today) else []
    if is_read and document.titles and document.type:
        last = max((one for one in versions if one.state == CHECKED), key=lambda one: one.number, default=None)
        if last is not None and last not in found and (last.waits or not last.cleared_by):
            found.append(last)
    return found


def is_open(version: Any) -> bool:
    """Whether a version is cleared and waits for nobody."""
    return version.state == CHECKED and version.cleared_at is not None and not version.waits


def _hash_of(version: Any) -> str:
    return str(version.sheet or version.sha256)


def _said(document: Any, number: str, before: str) -> Said:
    about = [("project", document.project_id) if document.project_id else ("fund", document.fund_id)]
    return Said(
        titles=dict(document.titles),
        type=document.type,
        on=document.on,
        languages=list(document.languages),
        about=list(dict.fromkeys([*about, *((kind, name) for kind, name in document.also)])),
        is_public=True,
        version=number,
        supersedes=before,
        descriptions=dict(document.descriptions),
    )


def within(reach: Iterable[Scope]) -> Q:
    """The documents that lie within scopes; documents belong to no organization."""
    found = Q(pk__in=[])
    for scope in reach:
        if scope == EVERYTHING:
            return Q()
        if not scope.organization:
            found |= Q(**{f"{side}_id": code for side, code in asdict(scope).items() if code})
    return found
