"""What stands behind an expenditure figure: certified, restated, interim, nothing spent, not reported; since when, or due when.

One definition for every page and file: what is known of the returns a figure is made of, and the sentence that says it.
A return is an organization's, of a fund and a year; a figure may be made of many.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

CERTIFIED, NOTHING, INTERIM, UNMARKED = "certified", "nothing_spent", "interim", "reported"
SUBMITTED, WAIVED, NOT_REPORTED, NOT_DUE = "submitted", "waived", "not_reported", "not_due"
NO_FIGURES = "no_figures"  # of that year, though later ones are in
MIXED = "mixed"  # several returns that stand differently
# Said of one return, and of several by their number
COUNTED: Mapping[str, str] = {
    CERTIFIED: "%(n)s certified",
    NOTHING: "%(n)s with nothing spent",
    INTERIM: "%(n)s interim",
    UNMARKED: "%(n)s not said to be certified",
    SUBMITTED: "%(n)s certified and not posted yet",
    WAIVED: "%(n)s waived",
    NOT_REPORTED: "%(n)s not reported",
    NOT_DUE: "%(n)s not due yet",
    NO_FIGURES: "%(n)s without figures",
}
MISSING = (NOT_DUE, NOT_REPORTED, WAIVED, SUBMITTED, INTERIM)  # certified figures are not in
SHORT: Mapping[str, str] = {  # below a figure, where there is room for a word
    NOTHING: "nothing spent",
    SUBMITTED: "submitted",
    WAIVED: "waived",
    NOT_REPORTED: "not reported",
    NOT_DUE: "not due yet",
}
RESTATED = "restated"
SENTENCES = (
    "certified on %(day)s",
    "certified on %(day)s (version %(version)s, restated)",
    "certified; posted on %(day)s",
    "certified; the day is not recorded",
    "nothing was spent (certified on %(day)s)",
    "nothing was spent (certified)",
    "interim figures up to %(day)s",
    "interim figures, posted on %(day)s",
    "interim figures, not certified yet",
    "reported; whether certified is not said",
    "certified on %(day)s, not accepted and posted yet",
    "waived: no return is owed",
    "not reported, due %(day)s",
    "not reported, due %(day)s: more time was granted",
    "not reported, was due %(day)s",
    "the last on %(day)s",
    "no figures of this year, later ones are in",
)
Said = tuple[str, Mapping[str, Any]]  # a sentence and what stands in it; days as days


def written(said: Said, gettext: Callable[[str], str], day: Callable[[str], str]) -> str:
    """A sentence in somebody's language. day: how a day is written there."""
    sentence, values = said
    filled = {name: day(str(value)) if isinstance(value, date) else value for name, value in values.items()}
    return gettext(sentence) % filled


@dataclass(frozen=True, slots=True)
class Unit:
    """A return as far as a figure is concerned: of a fund, an organization and a year; project "" for all of them.

    figures: what stands in the books, certified, interim or unmarked, "" for nothing; zero: it adds up to nothing.
    signed: the certifier's day; posted: of the voucher. until: up to which day interim figures reach. submitted: certified
    on that day and not accepted yet. later: figures of a later year are in. due: the deadline in force, None where it was
    waived; rule: the day by the calendar.
    """

    fund: str
    organization: str
    year: int
    due: date | None
    moment: date
    project: str = ""
    figures: str = ""
    zero: bool = False
    signed: date | None = None
    posted: date | None = None
    until: date | None = None
    submitted: date | None = None
    version: int = 1
    rule: date | None = None
    has_return: bool = False
    reason: str = ""
    later: bool = False

    @property
    def key(self) -> str:
        """How it stands, as one word of data."""
        if self.figures == CERTIFIED:
            return NOTHING if self.zero else CERTIFIED
        if self.submitted:
            return SUBMITTED
        if self.figures:
            return self.figures
        if self.later:
            return NO_FIGURES
        if self.due is None:
            return WAIVED
        return NOT_DUE if self.moment <= self.due else NOT_REPORTED

    @property
    def is_restated(self) -> bool:
        return self.version > 1 and self.figures == CERTIFIED

    @property
    def on(self) -> date | None:
        """The day that belongs to how it stands: of the signature, of the posting, or the deadline in force."""
        if self.key in (CERTIFIED, NOTHING):
            return self.signed or self.posted
        if self.key == INTERIM:
            return self.until or self.posted
        if self.key == SUBMITTED:
            return self.submitted
        return None if self.key in (UNMARKED, NO_FIGURES) else self.due

    @property
    def said(self) -> Said:
        """The sentence that says how it stands."""
        day = {"day": self.on}
        if self.key == CERTIFIED:
            if self.signed and self.version > 1:
                return "certified on %(day)s (version %(version)s, restated)", {**day, "version": self.version}
            if self.signed:
                return "certified on %(day)s", day
            return ("certified; posted on %(day)s", day) if self.posted else ("certified; the day is not recorded", {})
        if self.key == NOTHING:
            return (
                ("nothing was spent (certified on %(day)s)", day) if self.on else ("nothing was spent (certified)", {})
            )
        if self.key == INTERIM:
            if self.until:
                return "interim figures up to %(day)s", day
            return ("interim figures, posted on %(day)s", day) if self.posted else (SENTENCES[8], {})
        if self.key == NOT_DUE:
            more = self.rule is not None and self.due != self.rule
            return ("not reported, due %(day)s: more time was granted" if more else "not reported, due %(day)s"), day
        return {
            UNMARKED: ("reported; whether certified is not said", {}),
            SUBMITTED: ("certified on %(day)s, not accepted and posted yet", day),
            NO_FIGURES: ("no figures of this year, later ones are in", {}),
            WAIVED: ("waived: no return is owed", {}),
            NOT_REPORTED: ("not reported, was due %(day)s", day),
        }[self.key]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind a figure. key: one word of data; on: the latest day of what is in, or the deadline of what is not.

    place: fund, organization and year of the one return behind it, None for several or none.
    """

    key: str
    on: date | None
    sentences: tuple[Said, ...]
    restated: bool = False
    place: tuple[str, str, int] | None = None
    units: tuple[Unit, ...] = field(default=(), compare=False, repr=False)

    def said(self, gettext: Callable[[str], str], day: Callable[[str], str]) -> str:
        """The sentence in somebody's language. day: how a day is written there."""

        return ", ".join(written(each, gettext, day) for each in self.sentences)

    @property
    def plain(self) -> str:
        """The sentence as files have it: in English, days as they are sorted."""
        return self.said(str, str)

    @property
    def short(self) -> str:
        """A word or two to stand below a figure; "" where there is nothing to be said."""
        return RESTATED if self.restated and self.key == CERTIFIED else SHORT.get(self.key, "")


def standing(units: Iterable[Unit]) -> Standing | None:
    """What stands behind a figure that is made of these returns; None of none."""
    found = tuple(units)
    if not found:
        return None
    keys = [key for key in COUNTED if any(one.key == key for one in found)]
    places = {(one.fund, one.organization, one.year) for one in found}
    restated = any(one.is_restated for one in found)
    if len(keys) == 1 and len({one.said[0] + str(one.on) for one in found}) == 1:
        (place,) = places if len(places) == 1 else (None,)
        one = found[0]
        has_page = place is not None
        return Standing(keys[0], one.on, (one.said,), restated, place if has_page else None, found)
    said: list[Said] = []
    for key in keys:
        many = {(one.fund, one.organization, one.year) for one in found if one.key == key}
        said.append((COUNTED[key], {"n": len(many)}))
    days = [one.on for one in found if one.key in (CERTIFIED, NOTHING) and one.on]
    if days:
        said.append(("the last on %(day)s", {"day": max(days)}))
    (place,) = places if len(places) == 1 else (None,)
    return Standing(keys[0] if len(keys) == 1 else MIXED, max(days, default=None), tuple(said), restated, place, found)
