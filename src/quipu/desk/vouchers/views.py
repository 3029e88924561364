"""Pages of vouchers: the list, writing one, looking at one, and each step that leads it on."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quipu.actions import draft_many, drafted, drafts, history, keeping, mandates
from quipu.actions.draft_many import CHANGED, NEW, SAME, WRONG
from quipu.actions.saying import Paper
from quipu.books import balances, models
from quipu.desk import troubles, uploads
from quipu.desk.drawing import address, ago, said, sentence, spoken
from quipu.desk.rights import needs
from quipu.desk.vouchers import forms, listing, printing, workbook
from quipu.desk.vouchers.words import category, movement
from quipu.files import fillable
from quipu.rules.drafts import APPROVER, OPEN, TRANSITIONS, WRITER, State, possible
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import AUTHOR, ELSEWHERE, Decision, Scope
from quipu.rules.voucher_kinds import ALLOCATIONS, KINDS, VOUCHERS, Kind

WRITE = ALLOCATIONS  # the verb of all who write any kind of draft; which kind, each view asks
LOG = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# Finding what an address is about


def _sent(request: HttpRequest) -> Any:
    """What was sent, were it nothing; None where somebody only looks."""
    return request.POST if request.method == "POST" else None


def _asked(request: HttpRequest, name: str) -> str:
    """A word of the address, without the sign that no database takes."""
    return str(request.GET.get(name, "")).replace("\0", "")


def _draft(key: str) -> tuple[Any, Scope]:
    draft = get_object_or_404(models.Draft.objects.select_related("fund"), pk=key.replace("\0", ""))
    return draft, drafts.scope_of(draft)


def _posted(view: Callable[[HttpRequest, Any], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about a posted voucher, for whoever may read the books of any fund, project or organization that is in it."""

    @wraps(view)
    def shown(request: HttpRequest, position: int) -> HttpResponse:
        link = get_object_or_404(models.Posting.objects.exclude(number=None), pk=position)
        if not listing.posted_within(request.rights.reach("read books")).filter(pk=position).exists():
            return troubles.not_yours(request, "read books", Decision(False, why=ELSEWHERE))
        return view(request, link)

    return shown


def _kind(request: HttpRequest, name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is None:
        raise Http404(name)
    return kind


def _refusal(request: HttpRequest, kind: Kind, scope: Scope | None) -> HttpResponse | None:
    """Why somebody may not write this kind there, if they may not."""
    decision = request.rights.decide(kind.mandate, scope)
    return None if decision.allowed else troubles.not_yours(request, kind.mandate, decision)


# The list


@needs("read books")
def show(request: HttpRequest) -> HttpResponse:
    """Drafts and posted vouchers, by state, fund, kind and author."""
    rights = request.rights
    of_drafts = rights.reach("read voucher drafts")
    query = {name: _asked(request, name) for name in ("state", "fund", "kind", "author", "page")}
    if not of_drafts:
        query["state"] = str(State.POSTED)
    page = listing.asked(query, rights.reach("read books"), of_drafts)
    is_posted = query["state"] == State.POSTED
    told = {
        "page": page,
        "names": listing.names(page.object_list),
        "query": query,
        "states": [listing.UNFINISHED, *State] if of_drafts else [State.POSTED],
        "kinds": listing.kinds(is_posted),
        "funds": forms.funds_within(rights.reach("read books")),
        "authors": listing.authors(),
        "may_write": rights.may(WRITE),
        "unidentified": listing.of_unknown(rights.reach("read books")).count(),
    }
    return render(request, "vouchers/list.html", told)


@needs("read books")
def unknown(request: HttpRequest) -> HttpResponse:
    """Money to be identified: deposits whose contributor is not known yet."""
    found = (
        listing.of_unknown(request.rights.reach("read books")).select_related("posting").order_by("effective_on", "pk")
    )
    page = Paginator(found, listing.A_PAGE).get_page(request.GET.get("page"))
    waits = listing.being_identified(entry.posting.key for entry in page)
    told = {"page": page, "waits": waits, "may_write": request.rights.may(VOUCHERS)}
    return render(request, "vouchers/unidentified.html", told)


# Writing


@needs(WRITE)
def begin(request: HttpRequest) -> HttpResponse:
    """Which kind of voucher, of which fund."""
    kinds = [kind for kind in KINDS.values() if request.rights.may(kind.mandate)]
    form = forms.Beginning(
        request.GET if "kind" in request.GET else None, kinds=kinds, scopes=request.rights.reach(WRITE)
    )
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        return redirect(address("draft_new", told["kind"], fund=told["fund"]))
    return render(request, "vouchers/begin.html", {"form": form, "kinds": kinds})


@needs(WRITE)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A new draft of a kind: typed, checked, kept."""
    what = _kind(request, kind)
    fund = _fund_of_voucher(request) if what.is_of_voucher else _asked(request, "fund")
    if refusal := _refusal(request, what, None):
        return refusal
    if not what.is_of_voucher and not models.Fund.objects.filter(code=fund).exists():
        return redirect("draft_begin")
    if fund and not any(scope.fund in ("", fund) for scope in request.rights.reach(what.mandate)):
        return troubles.not_yours(request, what.mandate, Decision(False, why=ELSEWHERE))
    initial = {"key": drafts.new_key(), **{name: request.GET.get(name, "") for name in ("voucher", "entry")}}
    form = forms.Voucher(_sent(request), request.FILES or None, kind=what, fund=fund, initial=initial)
    return _written(request, form, None)


@needs(WRITE, _draft)
def change(request: HttpRequest, thing: Any) -> HttpResponse:
    """Other words for a draft that is still open."""
    kind = KINDS[thing.kind]
    if refusal := _refusal(request, kind, drafts.scope_of(thing)):
        return refusal
    if thing.state not in OPEN:
        messages.warning(request, said("It cannot be changed any more as it stands. This is where it is."))
        return redirect("draft", thing.key)
    currency = thing.fund.currency if thing.fund else ""
    initial = {**forms.initial_of(thing, currency), "seen": history.version(drafts.thing(thing))}
    form = forms.Voucher(
        _sent(request),
        request.FILES or None,
        kind=kind,
        fund=thing.fund_id or "",
        initial=initial,
        enclosed=thing.enclosures.order_by("pk"),
    )
    return _written(request, form, thing)


def _fund_of_voucher(request: HttpRequest) -> str:
    """The fund of the voucher that a new one is about, "" while none is named."""
    key = (request.POST.get("voucher") or request.GET.get("voucher", "")).replace("\0", "")
    return str(getattr(drafted.of_voucher(key), "fund_id", ""))


def _written(request: HttpRequest, form: forms.Voucher, draft: Any) -> HttpResponse:
    """A form of a voucher as it was sent: checked, or kept as a draft. draft: None for a new one."""
    found: dict[str, Any] = {}
    if request.method == "POST":
        is_valid = form.is_valid() and not _cut(request, form, "files")
        if request.POST.get("act") == "check":
            found = _found(request, form, draft)
        elif is_valid:
            try:
                kept = _keep(request, form, draft)
            except Refused as refused:
                _refuse(form, refused, draft)
            else:
                if isinstance(kept, HttpResponse):
                    return kept
                messages.success(request, said("The draft is kept. Nothing is posted yet."))
                if request.POST.get("act") == "submit":
                    return redirect("draft_submit", kept.key)
                return redirect("draft", kept.key)
    told = {"form": form, "kind": form.kind, "draft": draft, **(found or _beside(request, form))}
    told["asked"] = bool(found)
    return render(request, "vouchers/form.html", told, status=422 if form.errors and not found else 200)


def _cut(request: HttpRequest, form: Any, field: str) -> bool:
    """Whether a file was too large to arrive; which, stands beside the field."""
    for name in uploads.cut(request):
        form.add_error(field, sentence(Finding("document-too-large", field, plain_name(name))))
    return bool(uploads.cut(request))


def _keep(request: HttpRequest, form: forms.Voucher, draft: Any) -> Any:
    """Makes or changes the draft; or says why this person may not. Raises Refused."""
    words = form.words
    scope = drafted.scope_of(form.kind, words)
    if refusal := _refusal(request, form.kind, scope):
        return refusal
    enclosed = tuple(_enclosed(form.cleaned_data["files"]))
    if draft is None:
        key = form.cleaned_data["key"]
        return drafts.write(by=request.user.pk, kind=form.kind.name, words=words, key=key, enclosed=enclosed)
    dropped = tuple(request.POST.getlist("drop"))
    seen = form.cleaned_data["seen"]
    return drafts.mend(by=request.user.pk, draft=draft, words=words, seen=seen, enclosed=enclosed, dropped=dropped)


def _enclosed(files: Iterable[Any]) -> Iterable[drafts.Enclosed]:
    for file in files:
        try:
            kept = keeping.keep(file.chunks())
        except Refused as refused:
            raise Refused(*(Finding("document-too-large", "files", file.name) for _ in refused.findings)) from refused
        yield kept.sha256, plain_name(file.name), kept.bytes


def plain_name(name: str) -> str:
    """A file's name without its way and without signs that no name needs."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-200:] or "file"


def _refuse(form: Any, refused: Refused, draft: Any) -> None:
    """Findings beside their fields; whoever changed it meanwhile by name."""
    for one in refused.findings:
        if getattr(one, "rule", "") == "changed-meanwhile" and draft is not None:
            form.add_error(None, _meanwhile(draft))
        else:
            form.refuse(Refused(drafted.told(one)))


def _meanwhile(draft: Any) -> str:
    last = models.History.objects.filter(kind=drafts.VOUCHER, code=draft.key).order_by("-id").first()
    who = {"name": history.name_of(last.by), "ago": ago(last.at)}
    told: str = said(
        "Changed by %(name)s %(ago)s, while you were writing. Look at what stands now and save again.", **who
    )
    return told


# Checking


@needs(WRITE)
def check(request: HttpRequest) -> HttpResponse:
    """What stands beside a form, for the script: balances, and what the ledger's rules say. Nothing is kept."""
    if request.method != "POST":
        return HttpResponse(status=405)
    if key := request.POST.get("draft", ""):
        draft, scope = _draft(key)
        if not request.rights.may("read voucher drafts", scope):
            return troubles.not_yours(
                request, "read voucher drafts", request.rights.decide("read voucher drafts", scope)
            )
        kind, fund = KINDS[draft.kind], draft.fund_id or ""
    else:
        draft, kind, fund = (
            None,
            _kind(request, request.POST.get("kind", "")),
            request.POST.get("fund", "").replace("\0", ""),
        )
        fund = _fund_of_voucher(request) if kind.is_of_voucher else fund
    form = forms.Voucher(request.POST, kind=kind, fund=fund, enclosed=draft.enclosures.all() if draft else ())
    return render(request, "vouchers/_found.html", {**_found(request, form, draft), "asked": True})


def _found(request: HttpRequest, form: forms.Voucher, draft: Any) -> dict[str, Any]:
    """Balances, and findings of a rehearsal where enough is typed for one."""
    told = _beside(request, form)
    if not form.is_valid():
        return {**told, "findings": [], "lacks": True}
    words = form.words
    found = drafted.faults(form.kind, words, drafted.Records())
    if not found:
        try:
            scope = drafted.scope_of(form.kind, words)
        except Refused as refused:
            found = [drafted.told(one) for one in refused.findings]
        else:
            if not request.rights.may(form.kind.mandate, scope):
                found = [Finding("draft-not-yours", "")]
    if not found:
        author, key = (draft.author, draft.key) if draft else (request.user.pk, drafts.new_key())
        documents = [(one.sha256, one.name) for one in form.enclosed] or [("0" * 64, "")] * _are_files_chosen(
            request, form
        )
        paper = Paper(author, key, drafted.day_of(words), words.get("title", ""), tuple(documents))
        found = drafted.rehearse(form.kind, words, paper)
    return {**told, "findings": found, "lacks": False}


def _are_files_chosen(request: HttpRequest, form: forms.Voucher) -> bool:
    """Whether files would be enclosed; the script says so without sending them."""
    return bool(form.cleaned_data["files"]) or "chosen" in request.POST


def _beside(request: HttpRequest, form: forms.Voucher) -> dict[str, Any]:
    """The balances that a form's fund and participation stand at."""
    words = (
        form.words if form.is_bound and form.is_valid() else {name: form[name].value() or "" for name in form.fields}
    )
    told = balances_beside(request, form.fund, words.get("project", ""), words.get("organization", ""))
    return {**told, "findings": [], "lacks": False}


def balances_beside(request: HttpRequest, fund: str, project: str, organization: str) -> dict[str, Any]:
    """What stands beside a voucher, as far as its reader may read it."""
    if not fund or not request.rights.may("read books", Scope(fund)):
        return {"of_fund": [], "of_participation": [], "participation": ""}
    of_fund, of_participation = balances.of_fund(fund), []
    if organization and models.Project.objects.filter(code=project, fund=fund).exists():
        of_participation = balances.of_participation(project, organization)
    return {"of_fund": of_fund, "of_participation": of_participation, "participation": f"{project}/{organization}"}


# One draft


@needs("read voucher drafts", _draft)
def draft(request: HttpRequest, thing: Any) -> HttpResponse:
    """A draft with its words, files, history, and what may be done with it. POST: the ledger is asked what it thinks."""
    if thing.state == State.POSTED and request.method == "GET":
        return redirect("posted", thing.position)
    findings = drafts.findings(thing) if request.method == "POST" else []
    told = {**_told(request, thing), "findings": findings, "asked": request.method == "POST", "lacks": False}
    name = "_found.html" if "fragment" in request.POST else "draft.html"
    return render(request, f"vouchers/{name}", told)


def _told(request: HttpRequest, thing: Any) -> dict[str, Any]:
    """All that a page about a draft says."""
    rights, scope, kind = request.rights, drafts.scope_of(thing), KINDS[thing.kind]
    log = list(models.History.objects.filter(kind=drafts.VOUCHER, code=thing.key).order_by("id")[:LOG])
    names = history.names_of([row.by for row in log] + [thing.author, thing.approver, *thing.writers])
    may_write = rights.may(kind.mandate, scope)
    approves = rights.decide("approve vouchers", scope)
    if approves.allowed and request.user.pk in thing.writers:
        approves = Decision(False, why=AUTHOR)
    acts = possible(thing.state, WRITER) if may_write else []
    if rights.may("send back vouchers", scope):
        acts += [act for act in possible(thing.state, APPROVER) if act != "approve"]
    return {
        "draft": thing,
        "kind": kind,
        "says": list(_words(thing, kind)),
        "enclosed": list(thing.enclosures.order_by("pk")),
        "log": log,
        "names": names,
        "acts": acts,
        "may_change": may_write and thing.state in OPEN,
        "approves": approves,
        "approvers": _approvers(thing, scope),
        "is_submitted": thing.state == State.SUBMITTED,
        **balances_beside(request, thing.fund_id or "", thing.project_id or "", thing.organization_id or ""),
    }


def _approvers(thing: Any, scope: Scope) -> list[Any]:
    """Who may approve it: those with the mandate, but for whoever wrote a word of it."""
    return [one for one in mandates.who_may("approve vouchers", scope) if one.pk not in thing.writers]


def _words(thing: Any, kind: Kind) -> Iterable[tuple[str, str]]:
    """What a draft says, label by label, as its reader would write it."""
    form = forms.Voucher(kind=kind, fund=thing.fund_id or "", initial=forms.initial_of(thing, _currency(thing)))
    for name, field in form.fields.items():
        value = form.initial.get(name)
        if name in ("seen", "key", "files", "on") or value in (None, ""):
            continue
        choices = dict(getattr(field, "choices", ()))
        yield str(field.label), str(choices.get(value, value))
    if thing.kind == "deposit" and not thing.words.get("contributor"):
        yield said("Contributor"), said("to be identified")


def _currency(thing: Any) -> str:
    return thing.fund.currency if thing.fund else ""


# Leading on


def _lead(request: HttpRequest, thing: Any, act: str) -> HttpResponse:
    """The page before a step, and the step."""
    reasoned = TRANSITIONS[act].reasoned
    initial = {"seen": history.version(drafts.thing(thing))}
    form = (forms.Why if reasoned else forms.Seen)(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            drafts.lead(by=request.user.pk, draft=thing, act=act, seen=told["seen"], reason=told.get("reason", ""))
        except Refused as refused:
            _refuse(form, refused, thing)
        else:
            messages.success(request, said(TRANSITIONS[act].told))
            return redirect("draft", thing.key)
    told = {**_told(request, thing), "form": form, "act": act, "can": thing.state in TRANSITIONS[act].before}
    return render(request, "vouchers/lead.html", told, status=422 if form.errors else 200)


def _led(request: HttpRequest, thing: Any, act: str) -> HttpResponse:
    if refusal := _refusal(request, KINDS[thing.kind], drafts.scope_of(thing)):
        return refusal
    return _lead(request, thing, act)


@needs(WRITE, _draft)
def submit(request: HttpRequest, thing: Any) -> HttpResponse:
    """A draft is handed over to whoever may approve it."""
    return _led(request, thing, "submit")


@needs(WRITE, _draft)
def take_back(request: HttpRequest, thing: Any) -> HttpResponse:
    """A draft that was submitted too early comes back to its author."""
    return _led(request, thing, "take back")


@needs(WRITE, _draft)
def discard(request: HttpRequest, thing: Any) -> HttpResponse:
    """A draft that is not wanted any more."""
    return _led(request, thing, "discard")


@needs("send back vouchers", _draft)
def send_back(request: HttpRequest, thing: Any) -> HttpResponse:
    """An approver wants something mended first."""
    return _lead(request, thing, "send back")


@needs("approve vouchers", _draft)
def approve(request: HttpRequest, thing: Any) -> HttpResponse:
    """The second pair of eyes posts it, once. Whoever wrote a word of it does not."""
    if request.user.pk in thing.writers:
        return troubles.not_yours(request, "approve vouchers", Decision(False, why=AUTHOR))
    if thing.state == State.POSTED:
        messages.success(request, said("It is posted already: nothing was posted a second time."))
        return redirect("posted", thing.position)
    form = forms.Seen(_sent(request), initial={"seen": history.version(drafts.thing(thing))})
    if request.method == "POST" and form.is_valid():
        try:
            done = drafts.approve(by=request.user.pk, draft=thing, seen=form.cleaned_data["seen"])
        except Refused as refused:
            _refuse(form, refused, thing)
        else:
            messages.success(request, said(TRANSITIONS["approve"].told))
            return redirect("posted", done.position)
    can = thing.state == State.SUBMITTED
    told = {**_told(request, thing), "form": form, "act": "approve", "can": can}
    return render(request, "vouchers/lead.html", told, status=422 if form.errors else 200)


# One posted voucher


@needs("read books")
@_posted
def posted(request: HttpRequest, thing: Any) -> HttpResponse:
    """A posted voucher: its entries, who, when, files, what it takes back and what took it back."""
    told = listing.of_posting(thing, request.rights)
    return render(request, "vouchers/posted.html", {**told, "movement": movement, "category": category})


@needs("read books")
@_posted
def printed(request: HttpRequest, thing: Any) -> HttpResponse:
    """A posted voucher as a PDF to file or to sign."""
    return as_print(thing, request.rights)


def as_print(link: Any, rights: Any) -> HttpResponse:
    """A posted voucher as a PDF."""
    answer = HttpResponse(
        printing.draw(listing.of_posting(link, rights), settings.SITE_NAME), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="voucher-{link.number}.pdf"'
    return answer


# Files


@needs("read voucher drafts", _draft)
def enclosure(request: HttpRequest, thing: Any) -> HttpResponse:
    """A file of a draft, to save: a browser never draws it here."""
    sha256 = _asked(request, "file")
    found = get_object_or_404(models.Enclosure, draft=thing, sha256=sha256)
    return to_save(found.sha256, found.name)


@needs("read books")
@_posted
def attachment(request: HttpRequest, thing: Any) -> HttpResponse:
    """A file that is sealed with a voucher, to save."""
    sha256 = _asked(request, "file")
    get_object_or_404(models.Attachment, posting=thing, sha256=sha256)
    return to_save(sha256, listing.titles_of(thing).get(sha256, sha256))


def to_save(sha256: str, name: str) -> HttpResponse:
    """A kept file, for a browser to save and never to draw."""
    path = keeping.path(sha256)
    if not path.is_file():
        raise Http404(sha256)
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# Many at once


@needs(WRITE)
def template(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in, for all funds or for one."""
    fund = _asked(request, "fund")
    return as_workbook(workbook.template(request.rights, fund), "vouchers.xlsx")


@needs(WRITE)
def many(request: HttpRequest) -> HttpResponse:
    """A workbook is sent and looked at: what each row would do. Nothing is kept yet but the file."""
    form = forms.Workbook(_sent(request), request.FILES or None)
    told: dict[str, Any] = {
        "form": form,
        "planned": None,
        "refused": [],
        "funds": forms.funds_within(request.rights.reach(WRITE)),
    }
    if request.method == "POST" and not _cut(request, form, "file") and form.is_valid():
        try:
            body = form.cleaned_data["file"].read(fillable.LARGEST + 1)
            planned = workbook.planned_of(body, request.rights)
            kept = keeping.keep([body])
        except Refused as refused:
            form.refuse(refused)
        else:
            told |= _planned(request, planned, workbook.sealed(kept.sha256, planned, request.user.pk))
    return render(request, "vouchers/workbook.html", told, status=422 if form.errors else 200)


def _planned(request: HttpRequest, planned: list[Any], token: str) -> dict[str, Any]:
    counts = {what: sum(one.what == what for one in planned) for what in (NEW, CHANGED, SAME, WRONG)}
    told = {"planned": planned, "token": token, "counts": counts}
    return {**told, "labels": workbook.labels(request.rights), "shown": workbook.shown, "without": workbook.without}


@needs(WRITE)
def many_apply(request: HttpRequest) -> HttpResponse:
    """The rows of a workbook that was looked at become drafts: all, or the good ones. Or it goes back with its remarks."""
    if request.method != "POST":
        return redirect("draft_workbook")
    form = forms.Workbook()
    told: dict[str, Any] = {
        "form": form,
        "planned": None,
        "refused": [],
        "funds": forms.funds_within(request.rights.reach(WRITE)),
    }
    try:
        body, versions = workbook.opened(request.POST.get("token", ""), request.user.pk)
        planned = workbook.planned_of(body, request.rights, versions)
        told |= _planned(request, planned, request.POST["token"])
        if request.POST.get("act") == "remarks":
            return as_workbook(workbook.remarked(body, planned, request.rights))
        done = draft_many.apply(planned, by=request.user.pk, whole=request.POST.get("which") != "good")
    except Refused as refused:
        told["refused"] = [drafted.told(one) for one in refused.findings]
        return render(request, "vouchers/workbook.html", told, status=422)
    if request.POST.get("act") == "back":
        return as_workbook(workbook.remarked(body, planned, request.rights, done))
    words = spoken()
    sentence_ = words.ngettext("%(count)s draft is kept.", "%(count)s drafts are kept.", len(done))
    messages.success(request, f"{sentence_ % {'count': words.count(len(done))}} {said('Nothing is posted yet.')}")
    return redirect(address("vouchers", author=request.user.pk))


def as_workbook(body: bytes, name: str = "vouchers-remarks.xlsx") -> HttpResponse:
    """A workbook to save."""
    answer = HttpResponse(body, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
