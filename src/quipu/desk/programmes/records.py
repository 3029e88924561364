"""The forms that keep projects and who works on them; their statuses and extensions."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from quipu.actions import history, recording
from quipu.actions.deciding import EXTENSION, STATUS, Decision
from quipu.actions.keep_project import (
    LINES,
    ProjectSaid,
    end_participation,
    keep_participation,
    keep_project,
    thing_of_project,
)
from quipu.books import models
from quipu.books.records import further
from quipu.desk.drawing import said
from quipu.desk.forms import Form, choice, choose, day, text
from quipu.desk.funds.forms import CODE, organizations, seen
from quipu.desk.funds.forms import LINES as HINT
from quipu.desk.funds.views import DONE, LOCKED_CODE, kept, words_of
from quipu.desk.funds.years import STATUS_NEXT, Status
from quipu.desk.programmes.deciding import Deciding, flow, start
from quipu.desk.programmes.views import of_project
from quipu.desk.reaching import within
from quipu.desk.rights import needs
from quipu.rules.kinds import DIRECT_COST
from quipu.rules.mandates import Scope

SHARES = "One a line: code, name, share. Shares sum to 100%, or none is stated."


class Project(Form):
    """A project. Its code, fund and kind are chosen once."""

    code = text("Code", most=64, hint=CODE)
    fund = choice("Fund", hint="It never changes.")
    kind = choice("Kind", needed=False, hint="It never changes.")
    title = text("Title", most=500)
    window = choice("Window", needed=False)
    description_code = text("Description code", needed=False, most=100)
    starts = day("Planned start", needed=False)
    ends = day("Planned end", needed=False)
    countries = text("Countries", needed=False, lines=3, most=4000, hint=HINT)
    regions = text("Regions", needed=False, lines=2, most=4000, hint=HINT)
    places = text("Places", needed=False, lines=3, most=4000, hint="One a line: regions, provinces, districts by name.")
    themes = text("Themes", needed=False, lines=3, most=4000, hint=SHARES)
    sectors = text("Sectors", needed=False, lines=3, most=4000, hint=SHARES)
    goals = text("Sustainable Development Goals", needed=False, lines=3, most=4000, hint=SHARES)
    markers = text("Markers", needed=False, lines=2, most=2000, hint="One a line: code, name.")
    iati = text("IATI identifier", needed=False, most=200, hint="Under which it is published. Empty: its code.")
    seen = seen()

    def __init__(self, *args: Any, record: Any = None, funds: Any = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if record is not None:
            for name in ("code", "fund", "kind"):
                del self.fields[name]
            windows = models.Window.objects.filter(fund=record.fund_id)
            choose(self, "window", ((one.code, one.title or one.code) for one in windows.order_by("code")))
            return
        del self.fields["seen"]
        choose(self, "fund", ((one.code, f"{one.title or one.code} ({one.code})") for one in funds))
        choose(self, "kind", [(DIRECT_COST, said("the agent's own direct cost"))], said("pays for the fund's purpose"))
        windows = models.Window.objects.filter(fund__in=[one.code for one in funds]).order_by("fund", "code")
        choose(self, "window", ((one.code, f"{one.fund_id}: {one.title or one.code}") for one in windows))


class Participant(Form):
    """An organization in a project."""

    organization = choice("Organization")
    number = text("Its own number of the project", needed=False, most=200)
    seen = seen()

    def __init__(self, *args: Any, is_new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_new:
            organizations(self, "organization")
        else:
            del self.fields["organization"]


class Removal(Form):
    """A participant that was named by mistake."""

    seen = seen()


class Extension(Deciding):
    """A later end."""

    field_order = ("until",)
    until = day("New end")


def _words(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "seen"}


@needs("keep projects")
def new(request: HttpRequest) -> HttpResponse:
    """A new project, in a fund whose projects one keeps."""
    reach = request.rights.reach("keep projects")
    funds = models.Fund.objects.filter(within(reach, "code", "")).order_by("title", "code")
    form = Project(request.POST or None, funds=funds, initial={"fund": request.GET.get("fund", "")})
    return kept(
        request,
        form,
        lambda told: keep_project(by=request.user.pk, project=ProjectSaid(**_words(told)), is_new=True),
        done=DONE,
        lead=lambda made: ("project", made.code),
        title="Make a project",
        back=("programmes",),
        locked=[],
    )


def typed_project(thing: Any) -> dict[str, Any]:
    """What may be changed of a project, as somebody types it, with its version."""
    initial = {"title": thing.title, "window": thing.window_id, "description_code": thing.description_code}
    initial |= {name: recording.typed(thing, key) for name, key in LINES.items()}
    initial["places"] = "\n".join(" ".join(words) for words in further(thing, "place"))
    initial |= words_of(thing, ("iati",), ("starts", "ends"))
    initial["seen"] = history.version(thing_of_project(thing.code, thing.fund_id))
    return initial


@needs("keep projects", of_project)
def edit(request: HttpRequest, thing: Any) -> HttpResponse:
    """What may be changed of a project."""
    form = Project(request.POST or None, record=thing, initial=typed_project(thing))
    return kept(
        request,
        form,
        lambda told: keep_project(
            by=request.user.pk,
            project=ProjectSaid(code=thing.code, fund=thing.fund_id, kind=thing.kind, **_words(told)),
            seen=told["seen"],
        ),
        done=DONE,
        lead=lambda made: ("project", made.code),
        title="Change the record of a project",
        back=("project", thing.code),
        locked=[
            ("Code", thing.code, LOCKED_CODE),
            ("Fund", thing.fund.title or thing.fund_id, LOCKED_CODE),
            *([("Kind", thing.kind, LOCKED_CODE)] if thing.kind else []),
        ],
    )


def of_participation(code: str, organization: str) -> tuple[Any, Scope]:
    """A project, an organization in it, and what is declared of both; whose the project is."""
    project, scope = of_project(code)
    body = get_object_or_404(models.Organization, code=organization)
    there = models.Participation.objects.filter(project=project, organization=body).first()
    if there is None and not models.Entry.objects.filter(project=project, organization=body).exists():
        raise Http404(organization)
    return (project, body, there), scope


@needs("keep projects", of_project)
def new_participation(request: HttpRequest, thing: Any) -> HttpResponse:
    """One more organization."""
    version = history.version(thing_of_project(thing.code, thing.fund_id))
    form = Participant(request.POST or None, is_new=True, initial={"seen": version})
    return kept(
        request,
        form,
        lambda told: keep_participation(by=request.user.pk, project=thing.code, **told),
        done=DONE,
        lead=lambda made: ("project", thing.code),
        title="Add a participating organization",
        back=("project", thing.code),
        locked=[("Project", thing.title or thing.code, LOCKED_CODE)],
    )


@needs("keep projects", of_participation)
def participation(request: HttpRequest, thing: Any) -> HttpResponse:
    """Its own number of the project."""
    project, body, there = thing
    version = history.version(thing_of_project(project.code, project.fund_id))
    form = Participant(
        request.POST or None, is_new=False, initial={"number": there.number if there else "", "seen": version}
    )
    return kept(
        request,
        form,
        lambda told: keep_participation(by=request.user.pk, project=project.code, organization=body.code, **told),
        done=DONE,
        lead=lambda made: ("project", project.code),
        title="Change a participation",
        back=("project", project.code),
        locked=[("Organization", body.title or body.code, LOCKED_CODE)],
        remove=("end_participation", project.code, body.code),
    )


@needs("keep projects", of_participation)
def remove_participation(request: HttpRequest, thing: Any) -> HttpResponse:
    """Named by mistake; asked first."""
    project, body, _ = thing
    version = history.version(thing_of_project(project.code, project.fund_id))
    form = Removal(request.POST or None, initial={"seen": version})
    return kept(
        request,
        form,
        lambda told: end_participation(
            by=request.user.pk, project=project.code, organization=body.code, seen=told["seen"]
        ),
        done=DONE,
        lead=lambda made: ("project", project.code),
        title="Take this participant off the project?",
        back=("project", project.code),
        does="Take it off",
        locked=[("Organization", body.title or body.code, "")],
    )


@needs("change statuses", of_project)
def change_status(request: HttpRequest, thing: Any) -> HttpResponse:
    """Another status of a project."""
    form = Status(request.POST or None, request.FILES or None, initial=start())
    return flow(
        request,
        form,
        lambda form: Decision(STATUS, thing.code, status=form.cleaned_data["status"]),
        title="Change the status of a project",
        what=thing.title or thing.code,
        lead=("project", thing.code),
        next_=STATUS_NEXT,
    )


@needs("change statuses", of_participation)
def change_participation(request: HttpRequest, thing: Any) -> HttpResponse:
    """Another status of a participation."""
    project, body, _ = thing
    form = Status(request.POST or None, request.FILES or None, initial=start())
    return flow(
        request,
        form,
        lambda form: Decision(STATUS, project.code, body.code, status=form.cleaned_data["status"]),
        title="Change the status of a participation",
        what=f"{project.title or project.code}, {body.title or body.code}",
        lead=("project", project.code),
        next_=STATUS_NEXT,
    )


@needs("change statuses", of_project)
def extend(request: HttpRequest, thing: Any) -> HttpResponse:
    """A later end."""
    form = Extension(request.POST or None, request.FILES or None, initial=start())
    return flow(
        request,
        form,
        lambda form: Decision(EXTENSION, thing.code, until=form.cleaned_data["until"]),
        title="Extend a project",
        what=thing.title or thing.code,
        lead=("project", thing.code),
        next_=[
            "The project ends on the new day; the earlier one stays in its history.",
            "Deadlines of the calendar move with it.",
        ],
    )
