"""Returns: the states they go through, who leads them from one to the next, and what the obligation behind one is marked.

The organization writes and certifies, and only then the agent sees it (domain.md, Roles). Interim figures need no certifier.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from quipu.rules import transitions

INTERIM, ANNUAL, FINAL = "interim", "annual", "final"
KINDS = {
    INTERIM: "Interim figures of a year that is running, voluntary and not certified.",
    ANNUAL: "A year's spending, certified at the organization's headquarters.",
    FINAL: "The certified statement of work that has ended, from its beginning to its end.",
}


class State(StrEnum):
    """Where a return stands."""

    DRAFT = "draft"
    FOR_CERTIFICATION = "for certification"
    SUBMITTED = "submitted"
    IN_REVIEW = "in review"
    SENT_BACK = "sent back"
    ACCEPTED = "accepted"
    RESTATED = "restated"


S = State
OPEN = (S.DRAFT, S.SENT_BACK)  # its cells may be changed
OWN = (S.DRAFT, S.FOR_CERTIFICATION, S.SENT_BACK)  # the organization has it; the agent sees what was submitted before
WITH_AGENT = (S.SUBMITTED, S.IN_REVIEW)
# Who leads it on, as verbs of mandates
REPORTER, CERTIFIER, REVIEWER, APPROVER = "draft returns", "certify returns", "review returns", "accept returns"
RETURNER = "give back returns"  # the certifier again, where nothing is signed


@dataclass(frozen=True, slots=True)
class Transition(transitions.Transition):
    """The same of returns. kinds: of the returns it is for; anew: it makes a new version, whose state is `after`.

    The version before stays as it is until the new one is accepted.
    """

    kinds: tuple[str, ...] = (INTERIM, ANNUAL, FINAL)
    anew: bool = False


TRANSITIONS = transitions.named(
    Transition(
        "hand over",
        OPEN,
        S.FOR_CERTIFICATION,
        REPORTER,
        "Your organization's certifiers are told by mail and find it among their tasks. "
        "Its figures are locked until it comes back.",
        "It waits for your certifier, who was told by mail.",
        kinds=(ANNUAL, FINAL),
    ),
    Transition(
        "submit",
        OPEN,
        S.SUBMITTED,
        REPORTER,
        "The administrative agent sees it from then on. It is marked interim wherever it is shown.",
        "It is submitted. The agent was told by mail.",
        kinds=(INTERIM,),
    ),
    Transition(
        "give back",
        (S.FOR_CERTIFICATION,),
        S.DRAFT,
        RETURNER,
        "Whoever wrote it is told why, and may change it.",
        "It is a draft again. Whoever wrote it was told why.",
        kinds=(ANNUAL, FINAL),
        reasoned=True,
    ),
    Transition(
        "take back",
        (S.FOR_CERTIFICATION,),
        S.DRAFT,
        REPORTER,
        "It is a draft again, and may be changed. The certifier no longer finds it among the tasks.",
        "It is a draft again.",
        kinds=(ANNUAL, FINAL),
    ),
    Transition(
        "certify",
        (S.FOR_CERTIFICATION,),
        S.SUBMITTED,
        CERTIFIER,
        "You sign the statement below. The agent sees the return from then on, "
        "and the day of your signature counts as the day it came in.",
        "It is certified and submitted. The agent was told by mail.",
        kinds=(ANNUAL, FINAL),
    ),
    Transition(
        "recall",
        (S.SUBMITTED,),
        S.DRAFT,
        RETURNER,
        "It comes back as a draft, and the signature no longer counts. That is possible until the agent begins the review.",
        "It is a draft again, and the signature no longer counts.",
        kinds=(ANNUAL, FINAL),
        reasoned=True,
    ),
    Transition(
        "withdraw",
        (S.SUBMITTED,),
        S.DRAFT,
        REPORTER,
        "It comes back as a draft. That is possible until the agent begins the review.",
        "It is a draft again.",
        kinds=(INTERIM,),
    ),
    Transition(
        "take up",
        (S.SUBMITTED,),
        S.IN_REVIEW,
        REVIEWER,
        "The review begins: the organization can no longer take it back by itself.",
        "The review has begun.",
    ),
    Transition(
        "send back",
        (S.SUBMITTED, S.IN_REVIEW),
        S.SENT_BACK,
        REVIEWER,
        "The organization is told why by mail, and may change it. Certified figures have to be certified again.",
        "It is sent back. The organization was told why by mail.",
        reasoned=True,
    ),
    Transition(
        "accept",
        (S.IN_REVIEW,),
        S.ACCEPTED,
        APPROVER,
        "Its figures are posted in one voucher, which takes the place of what stood for the year. "
        "The public pages show them in a moment.",
        "It is accepted and posted. The organization was told by mail.",
    ),
    Transition(
        "reopen",
        (S.ACCEPTED,),
        S.SENT_BACK,
        REVIEWER,
        "A new version is made of it, which the organization may change. What was posted stands until that is accepted; "
        "both versions stay visible.",
        "A new version went back to the organization, which was told why by mail.",
        reasoned=True,
        anew=True,
    ),
    Transition(
        "restate",
        (S.ACCEPTED,),
        S.DRAFT,
        REPORTER,
        "A new version is made of it, which you may change. What was posted stands until that is accepted; "
        "both versions, their difference and your reason are public then.",
        "Here is the new version. What was posted stands until it is accepted.",
        reasoned=True,
        anew=True,
    ),
)


def broken(
    act: str, state: str, kind: str, person: str, writers: Collection[str], signer: str = "", reason: str = ""
) -> list[str]:
    """The rules that an act would break: names of findings, none where it may be done.

    writers: everybody who wrote a word of it; signer: who certified it.
    """
    said = TRANSITIONS[act]
    found = []
    if kind not in said.kinds:
        found.append("return-needs-certifier" if kind != INTERIM else "return-needs-no-certifier")
    elif state not in said.before:
        found.append("return-not-there")
    if act == "certify" and person in writers:
        found.append("return-by-itself")
    if act == "accept" and person in (*writers, signer):
        found.append("return-accepted-by-own")
    if said.reasoned and not reason.strip():
        found.append("reason-missing")
    return found


def possible(state: str, kind: str, verb: str) -> list[str]:
    """The acts that lead on from a state, for whoever may that verb."""
    return [one.act for one in TRANSITIONS.values() if one.verb == verb and state in one.before and kind in one.kinds]
