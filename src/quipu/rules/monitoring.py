"""Monitoring: the states of narratives and lessons, what reviews, actions and risks may be, and how alike two projects are.

Nobody accepts a narrative or approves a lesson that they wrote a word of.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from quipu.rules import transitions
from quipu.rules.transitions import Transition, named


class State(StrEnum):
    """Where a narrative or a lesson stands."""

    DRAFT = "draft"
    HANDED_OVER = "handed over"  # of a narrative
    SUBMITTED = "submitted"  # of a lesson
    SENT_BACK = "sent back"
    ACCEPTED = "accepted"  # of a narrative
    APPROVED = "approved"  # of a lesson
    WITHDRAWN = "withdrawn"


S = State
OPEN = (S.DRAFT, S.SENT_BACK)  # it may be changed
IN = (S.HANDED_OVER, S.ACCEPTED)  # a narrative that its programme handed over
READER, KEEPER = "read monitoring", "keep monitoring"  # verbs of mandates
RESPONDER, ACTOR = "respond to reviews", "report on actions"
ACCEPTER, APPROVER = "accept narratives", "approve lessons"


OF_NARRATIVES = named(
    Transition(
        "hand over",
        OPEN,
        S.HANDED_OVER,
        KEEPER,
        "What the books and the records say of the year is kept with it. The secretariat finds it among its tasks.",
        "It was handed over. The secretariat accepts it or sends it back.",
    ),
    Transition(
        "take back",
        (S.HANDED_OVER,),
        S.DRAFT,
        KEEPER,
        "It is a draft again, and may be changed.",
        "It is a draft again.",
    ),
    Transition(
        "accept",
        (S.HANDED_OVER,),
        S.ACCEPTED,
        ACCEPTER,
        "It is printed and kept as a document of the programme, which you or the programme make public as any other.",
        "It is accepted and kept as a document. The document is not public yet.",
    ),
    Transition(
        "send back",
        (S.HANDED_OVER,),
        S.SENT_BACK,
        ACCEPTER,
        "The programme is told why, and may change it.",
        "It went back to the programme, with your reason.",
        reasoned=True,
    ),
)
OF_LESSONS = named(
    Transition(
        "submit",
        OPEN,
        S.SUBMITTED,
        KEEPER,
        "Whoever approves lessons of the programme finds it among the tasks.",
        "It waits for another person to approve it.",
    ),
    Transition(
        "take back",
        (S.SUBMITTED,),
        S.DRAFT,
        KEEPER,
        "It is a draft again, and may be changed.",
        "It is a draft again.",
    ),
    Transition(
        "approve",
        (S.SUBMITTED,),
        S.APPROVED,
        APPROVER,
        "It is public with the next edition, in a moment.",
        "It is approved, and public with the next edition.",
    ),
    Transition(
        "return",
        (S.SUBMITTED,),
        S.SENT_BACK,
        APPROVER,
        "Whoever wrote it is told why, and may change it.",
        "It went back to whoever wrote it, with your reason.",
        reasoned=True,
    ),
    Transition(
        "withdraw",
        (S.APPROVED,),
        S.WITHDRAWN,
        APPROVER,
        "The public pages lose it with the next edition. It stays in the history with your reason.",
        "It is withdrawn, and public no more.",
        reasoned=True,
    ),
)
BY_ANOTHER = ("accept", "approve")  # acts that nobody does to what they wrote


def broken(
    acts: Mapping[str, Transition], act: str, state: str, person: str, writers: Collection[str], reason: str = ""
) -> list[str]:
    """The rules that an act would break: names of findings, none where it may be done."""
    found = transitions.broken(acts[act], state, reason, not_there="monitoring-not-there")
    if act in BY_ANOTHER and person in writers:
        found.append("monitoring-by-itself")
    return found


# The parts of an annual narrative that a programme writes itself, in their order; those that are asked for
PARTS = {
    "summary": "The year in brief",
    "achieved": "What was achieved",
    "hard": "What was hard",
    "changed": "What changed and why",
    "next": "Next steps",
}
WANTED = ("summary", "hard", "next")
LONGEST = 60_000  # characters of one part in one language

# Reviews
KINDS = {
    "mid-term": "Mid-term evaluation",
    "final": "Final evaluation",
    "other": "Other evaluation",
    "audit": "Audit",
}
ANSWERS = {"accepted": "Accepted", "partly": "Partly accepted", "rejected": "Rejected"}
PLANNED, UNDER_WAY, DONE, GIVEN_UP = "planned", "under way", "done", "given up"
PROGRESS = {PLANNED: "Planned", UNDER_WAY: "Under way", DONE: "Done", GIVEN_UP: "Given up"}
TO_DO = (PLANNED, UNDER_WAY)
NEAR = timedelta(days=30)  # an action is among the tasks from then on

# Risks and issues
RISK, ISSUE = "risk", "issue"
RISK_KINDS = {RISK: "Risk", ISSUE: "Issue"}
DEGREES = {1: "Very low", 2: "Low", 3: "Medium", 4: "High", 5: "Very high"}
RISK_STATES = {"open": "Still open", "in hand": "In hand", "happened": "It happened", "closed": "Closed"}
CLOSED = "closed"
STALE = timedelta(days=180)  # a risk that nobody looked at for longer is among the tasks

# Lessons
LESSON, PRACTICE = "lesson", "practice"
LESSON_KINDS = {LESSON: "Lesson", PRACTICE: "Best practice"}


def is_overdue(state: str, due: date | None, today: date) -> bool:
    """Whether an action should have been done before that day."""
    return state in TO_DO and due is not None and due < today


def weight(likelihood: int | None, impact: int | None) -> int:
    """How grave a risk is: likelihood times impact; of an issue, which has happened, its impact alone counts as certain."""
    return (5 if likelihood is None else likelihood) * (impact or 0)


# Projects like this one

WORD = re.compile(r"[a-z0-9]{4,}")
# Words that say nothing of what a project is about, in the languages of our titles
COMMON = frozenset(
    (
        *("with", "from", "into", "through", "project", "programme", "program", "fund", "joint", "support"),
        *("para", "proyecto", "programa", "conjunto", "apoyo", "fondo", "desde", "entre", "sobre"),
        *("pour", "dans", "avec", "projet", "appui", "fonds", "conjoint"),
    )
)
SIDES = ("theme", "sector", "country", "words")


def words_of(*texts: str) -> frozenset[str]:
    """The words of some texts by which they are compared: of four letters and more, without accents and common ones."""
    bare = unicodedata.normalize("NFKD", " ".join(texts).lower())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return frozenset(WORD.findall(letters)) - COMMON


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two projects are, 0 to 100, and what they have in common, by side."""

    percent: int
    shared: Mapping[str, tuple[str, ...]]


def alike(mine: Mapping[str, Collection[str]], other: Mapping[str, Collection[str]]) -> Likeness:
    """The mean over theme, sector, country and words of what both have out of what either has.

    A side of which the first project says nothing is left out. Simple on purpose: a reader can do it by hand.
    """
    sides = [side for side in SIDES if mine.get(side)]
    shared: dict[str, tuple[str, ...]] = {}
    total = 0.0
    for side in sides:
        own, there = set(mine[side]), set(other.get(side, ()))
        both = own & there
        if both:
            shared[side] = tuple(sorted(both))
            total += len(both) / len(own | there)
    return Likeness(round(100 * total / len(sides)) if sides else 0, shared)


def told_in(texts: Mapping[str, str], language: str, order: Iterable[str] = ("en", "es", "fr")) -> tuple[str, str]:
    """A text in that language, else in the first there is: (language, text), "" where there is none."""
    for one in (language, *order, *sorted(texts)):
        if texts.get(one):
            return one, texts[one]
    return "", ""
