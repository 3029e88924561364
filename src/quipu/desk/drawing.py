"""How a page of the desk is drawn: one environment of templates that speaks the reader's language, and its furniture."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import jinja2
from babel import dates
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import json_script

from quipu.actions import rehearse
from quipu.books import models, office
from quipu.desk.languages import words
from quipu.portal.languages import DEFAULT, LANGUAGES, MANNERS, Words
from quipu.portal.render import HERE as PORTAL
from quipu.portal.render import asset
from quipu.rules.findings import Finding, Refused, rule_of
from quipu.rules.money import exponent, of_minor_units

_speaking: ContextVar[Words | None] = ContextVar("speaking", default=None)
JUST_NOW = timedelta(minutes=1)
RECENT = timedelta(days=2)


def spoken() -> Words:
    """The words of whoever is being answered, or written to."""
    return _speaking.get() or words(DEFAULT)


@contextmanager
def speaking(tongue: Words) -> Iterator[None]:
    """Everything inside is said in those words."""
    token = _speaking.set(tongue)
    try:
        yield
    finally:
        _speaking.reset(token)


def said(text: str, **values: object) -> str:
    """A text of ours in the language that is spoken, with its values filled in."""
    told = spoken().gettext(text)
    return told % values if values else told


def environment(**options: Any) -> jinja2.Environment:
    """The templates of the desk; macros of the gateway's can be imported."""
    del options  # Django's own; this environment says everything itself
    loader = jinja2.ChoiceLoader(
        [
            jinja2.FileSystemLoader(settings.TEMPLATES[0]["DIRS"]),
            jinja2.PrefixLoader({"portal": jinja2.FileSystemLoader(PORTAL / "templates")}),
        ]
    )
    env = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=loader,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(
        lambda text: spoken().gettext(text),
        lambda one, many, count: spoken().ngettext(one, many, count),
        newstyle=True,
    )
    env.globals.update(text=lambda text: spoken().gettext(text), asset=asset, url=address)
    env.globals.update(
        sentence=sentence,
        json_script=json_script,
        providers=providers,
        demo_people=demo_people,
        demo_word=rehearse.WORD,
    )
    env.filters.update(
        day=lambda value: spoken().day(value) if value else "",
        moment=moment,
        deadline=deadline,
        ago=ago,
        count=lambda value: spoken().count(value),
        money=lambda value, decimals=2: spoken().money(value, decimals),
        units=units,
        size=lambda value: spoken().size(value),
        country=lambda code: spoken().country(code),
        tongue=lambda code: spoken().tongue(code),
    )
    return env


def address(name: str, *words_: Any, **query: Any) -> str:
    """The address of a page of the desk by its name, with its choices; empty ones are left out."""
    return str(reverse(name, args=words_, query={key: value for key, value in query.items() if value} or None))


def moment(value: datetime) -> str:
    """A day and a time of day where the office is, with its zone."""
    local = timezone.localtime(value)
    return f"{spoken().day(local.date())} {local:%H:%M} {local:%Z}"


def deadline(value: date) -> str:
    """A day by whose end something is due, where the office is."""
    return moment(datetime.combine(value, time(23, 59), timezone.get_current_timezone()))


def ago(value: datetime) -> str:
    """How long ago, while that is easily said; a moment otherwise."""
    since = datetime.now(UTC) - value
    if since < JUST_NOW:
        return said("just now")
    if since < RECENT:
        return str(dates.format_timedelta(-since, add_direction=True, locale=spoken().locale))
    return moment(value)


def units(value: int, currency: str) -> str:
    """Minor units as an amount with all its decimals."""
    return spoken().money(Decimal(of_minor_units(value, currency)), exponent(currency))


def sentence(finding: Finding) -> str:
    """A finding as it is told at the desk: what is wrong, what to do, and the figures that show it."""
    told = said(rule_of(finding.rule).sentence)
    return f"{told} ({finding.detail})" if finding.detail else told


def sentences(refused: Refused) -> str:
    """All that a refusal says, for acts that have no form."""
    return " ".join(sentence(one) for one in refused.findings if isinstance(one, Finding))


@dataclass(frozen=True, slots=True)
class Provider:
    """Another house whose identities are taken here."""

    name: str
    address: str


def providers() -> list[Provider]:
    """Where else people may sign in."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [Provider(app["name"], reverse("openid_connect_login", args=[app["provider_id"]])) for app in apps]


def demo_people() -> list[Any]:
    """Everybody who can be tried in a demonstration."""
    return list(models.Person.objects.exclude(email="").order_by("name")) if settings.DEMO else []


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of work in the desk's bar. verbs: whoever may one of them sees it; none: everybody.

    within: the place under which it stands, in a row of its own beneath the bar.
    """

    name: str  # of its address
    label: str
    verbs: tuple[str, ...] = ()
    within: str = ""


PLACES = (
    Place("desk", "Tasks"),
    Place("vouchers", "Vouchers", ("read books",)),
    Place("returns", "Returns", ("read returns",)),
    Place("documents", "Documents", ("keep documents", "read drafts")),
    Place("funds", "Funds", ("read drafts", "keep funds", "keep agreements")),
    Place("programmes", "Programmes", ("read drafts", "keep projects", "edit narratives", "keep contacts")),
    Place("results", "Results", ("read results",), "programmes"),
    Place("registers", "Registers", ("read registers",), "programmes"),
    Place("plans", "Work plans", ("read plans",), "programmes"),
    Place("revolving", "Revolving funds", ("read revolving",), "programmes"),
    Place("monitoring", "Monitoring", ("read monitoring",), "programmes"),
    Place("organizations", "Organizations", ("keep organizations", "merge organizations")),
    Place("years", "Year-end", ("read returns",)),
    Place("letters", "Letters", ("answer letters",)),
    Place("editions", "Editions", ("read drafts",)),
    Place("history", "History", ("read history",)),
    Place("people", "People", ("hand out mandates",)),
    Place("house", "The house", ("run the house",)),
)


class Here:
    """What every page of the desk is handed."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.words: Words = request.words
        self.site: str = settings.SITE_NAME
        self.demo: bool = settings.DEMO
        self.person = getattr(request, "user", None)
        self.rights = getattr(request, "rights", None)
        self.path: str = request.path_info
        self.home: str = self.words.before or "/"

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is."""
        return bool(self.person is not None and self.person.is_authenticated)

    @cached_property
    def _open(self) -> list[Place]:
        """The kinds of work that this person has a mandate for."""
        if not self.is_signed_in or self.rights is None:
            return []
        return [one for one in PLACES if not one.verbs or any(map(self.rights.may, one.verbs))]

    @property
    def places(self) -> list[Place]:
        """Those of the bar. What stands within another one stands for it where that one is none of theirs."""
        names = {one.name for one in self._open}
        return [one for one in self._open if not one.within or one.within not in names]

    @property
    def family(self) -> list[Place]:
        """The place that this page is of, with those within it; [] where nothing is."""
        for head in self.places:
            members = [head, *(one for one in self._open if one.within == head.name)]
            if len(members) > 1 and any(self.is_at(one) for one in members):
                return members
        return []

    def is_at(self, place: Place) -> bool:
        """Whether this page is of a place."""
        at = address(place.name)
        before = "" if self.words.language == DEFAULT else f"/{self.words.language}"
        own = at.removeprefix(before)
        return self.path == own if place.name == "desk" else self.path == own or self.path.startswith(f"{own}/")

    @property
    def notes(self) -> list[Any]:
        """What happened just now, said once."""
        return list(get_messages(self.request))

    @property
    def today(self) -> date:
        """The office's day."""
        return office.today()

    def in_language(self, code: str) -> str:
        """This page in another language, with its choices."""
        query = self.request.META.get("QUERY_STRING", "")
        before = "" if code == DEFAULT else f"/{code}"
        return f"{before}{self.path}" + (f"?{query}" if query else "")


def furniture(request: HttpRequest) -> dict[str, Any]:
    """For Django: what every template is handed."""
    return {"here": Here(request), "words": spoken(), "languages": LANGUAGES, "manners": MANNERS}
