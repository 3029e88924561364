"""What a report can be narrowed by: the choices of each filter, and what is chosen as chips that can be taken away."""

from dataclasses import dataclass

from django.http import HttpRequest

from quipu.edition.open import Edition
from quipu.portal import addresses
from quipu.portal.labels import Labels
from quipu.rules import asking
from quipu.rules.asking import DIMENSIONS, Question
from quipu.rules.statuses import STATUSES

MOST = 150  # choices in a list; what is beyond them can be typed
MEMBERS = ("country", "theme", "window", "sdg", "sector")
OF_CUBES = {"participating_organization": "organization", "contributor": "contributor", "category": "category"}
TYPED = ("project", "publisher", "year", "currency")
FILTERS = (
    *("fund", "project", "participating_organization", "contributor", "country", "theme", "category", "standing"),
    *("status", "year", "window", "sdg", "sector", "publisher", "currency"),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of the form: a list of (code, name), or a field to type in where there is none."""

    dimension: str
    label: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition of the address and the address without it."""

    label: str
    value: str
    excluded: bool
    remove: str


def filters(request: HttpRequest) -> list[Filter]:
    """The filters of this edition; one with nothing to choose from is left out."""
    labels = Labels(request.edition, request.words, request.prefix)
    found = []
    for name in FILTERS:
        codes = [] if name in TYPED else _codes(request.edition, name)
        if codes or name in TYPED:
            called = labels.namer(name, codes)
            options = sorted(((code, called(code)) for code in codes), key=lambda each: each[1].casefold())
            found.append(Filter(name, DIMENSIONS[name].label, options))
    return found


def _codes(edition: Edition, name: str) -> list[str]:
    """The most frequent codes of a dimension, remembered: editions do not change."""
    if ("choices", name) not in edition.memo:
        edition.memo["choices", name] = _asked(edition, name)
    found: list[str] = edition.memo["choices", name]
    return found


def _asked(edition: Edition, name: str) -> list[str]:
    if name == "status":
        return [each.name for each in STATUSES if each.name]
    if name in MEMBERS:
        sql, values = (
            "SELECT code FROM memberships WHERE dimension = ? GROUP BY code ORDER BY count(*) DESC, code",
            [name],
        )
    elif name == "fund":
        sql, values = "SELECT fund FROM activities WHERE fund <> '' GROUP BY fund ORDER BY count(*) DESC, fund", []
    elif name == "standing":
        sql, values = "SELECT DISTINCT standing FROM cubes WHERE standing <> '' ORDER BY 1", []
    else:
        column = OF_CUBES[name]
        sql, values = f"SELECT {column} FROM cubes WHERE {column} <> '' GROUP BY 1 ORDER BY count(*) DESC, 1", []
    return [code for (code,) in edition.rows(f"{sql} LIMIT {MOST}", values)]


def chips(request: HttpRequest, wanted: Question) -> list[Chip]:
    """What the report is narrowed by, each with the address that takes it away."""
    labels, words = Labels(request.edition, request.words, request.prefix), request.words
    found = []
    for each in wanted.where:
        label = words.gettext(DIMENSIONS[each.dimension].label)
        called = [labels.name(each.dimension, v) if v else words.gettext("not stated") for v in each.values]
        found.append(Chip(label, ", ".join(called), each.exclude, _without(request, each)))
    if wanted.since or wanted.until:
        since, until = (words.day(day) if day else "…" for day in (wanted.since, wanted.until))
        kept = [(k, v) for k, values in request.GET.lists() for v in values if k not in ("since", "until")]
        address = addresses.query(request.prefix + "/report", kept)
        found.append(Chip(words.gettext("Period"), f"{since} – {until}", False, address))
    return found


def _without(request: HttpRequest, condition: asking.Filter) -> str:
    """This address without a condition: all of its values, however they were typed."""

    def stays(key: str, value: str) -> bool:
        named = value.partition("=")[0] if key == "where" else key
        dimension = named.removesuffix("!").strip().lower().replace("-", "_")
        return (dimension, named.endswith("!")) != (condition.dimension, condition.exclude)

    kept = [(key, value) for key, values in request.GET.lists() for value in values if stays(key, value)]
    return addresses.query(request.prefix + "/report", kept)
