"""Mandates: who may do what, for which fund, project or organization. Everything that asks "may this person?" asks here.

Roles and their bounds are those of the design's domain, Roles: the author of a voucher never approves it, administrators
touch no money, auditors change nothing, nobody hands a mandate to themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is here to do."""

    PORTFOLIO_MANAGER = "portfolio manager"
    FINANCE_OFFICER = "agent finance officer"
    APPROVER = "agent approver"
    SECRETARIAT = "fund secretariat"
    COMMITTEE = "committee member"
    ORGANIZATION_ADMINISTRATOR = "organization administrator"
    ORGANIZATION_CONTRIBUTOR = "organization contributor"
    REPORTER = "organization reporter"
    CERTIFIER = "organization certifier"
    LEAD_EDITOR = "lead agency editor"
    EDITOR = "programme editor"
    COORDINATOR = "resident coordinator's office"
    CONTRIBUTOR = "contributor"
    AUDITOR = "auditor"
    PEOPLE_AUDITOR = "auditor of people"  # the dated permission to read registers about people
    ADMINISTRATOR = "administrator"


R = Role
OF_ORGANIZATION = (R.ORGANIZATION_ADMINISTRATOR, R.ORGANIZATION_CONTRIBUTOR, R.REPORTER, R.CERTIFIER)
BY_TWO = (R.APPROVER, R.CERTIFIER)  # handed out by two administrators
SECOND_FACTOR = (R.APPROVER, R.CERTIFIER, R.ADMINISTRATOR)  # always; a house may ask more roles for it
AGENT = (R.PORTFOLIO_MANAGER, R.FINANCE_OFFICER, R.APPROVER)
OFFICE = (*AGENT, R.SECRETARIAT)
# What a role is bound to: one of these has to be named. Every other role may be given for everything.
BOUND = {
    R.ORGANIZATION_ADMINISTRATOR: "organization",
    R.ORGANIZATION_CONTRIBUTOR: "organization",
    R.REPORTER: "organization",
    R.CERTIFIER: "organization",
    R.CONTRIBUTOR: "organization",
    R.EDITOR: "project or fund",
    R.LEAD_EDITOR: "project or fund",
    R.COMMITTEE: "fund",
    R.SECRETARIAT: "fund",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """A fund, a project of it, an organization, or what lies where they meet; "" says nothing of that side."""

    fund: str = ""
    project: str = ""
    organization: str = ""

    def covers(self, other: "Scope") -> bool:
        """Whether everything named here is named there too. Nothing named covers everything."""
        mine, theirs = (self.fund, self.project, self.organization), (other.fund, other.project, other.organization)
        return all(not own or own == there for own, there in zip(mine, theirs, strict=True))

    def __str__(self) -> str:
        return " ".join(filter(None, (self.fund, self.project, self.organization))) or "everything"


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate as it counts: a role within a scope, from a day to a day (None: open). number: of its record."""

    role: Role
    scope: Scope
    since: date
    until: date | None = None
    number: int = 0

    def in_force(self, today: date) -> bool:
        """Whether it counts on that day; both its days are included."""
        return self.since <= today and (self.until is None or today <= self.until)


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that is done here. sentence: what it is, as people are told why they may or may not.

    grave: signing in once more before it. reads: changes nothing.
    """

    roles: tuple[Role, ...]
    sentence: str
    grave: bool = False
    reads: bool = False


VERBS: dict[str, Verb] = {
    # reading
    "read books": Verb(
        (*OFFICE, R.AUDITOR, R.COMMITTEE, R.COORDINATOR), "read vouchers, agreements and balances", reads=True
    ),
    "read own lines": Verb(
        (*OFFICE, *OF_ORGANIZATION, R.LEAD_EDITOR, R.AUDITOR), "read an organization's own lines", reads=True
    ),
    "read history": Verb((*OFFICE, R.AUDITOR), "read who changed what and when", reads=True),
    "read people": Verb((R.ADMINISTRATOR, R.PEOPLE_AUDITOR), "read who works here with which mandates", reads=True),
    "read drafts": Verb(
        (*OFFICE, R.EDITOR, R.LEAD_EDITOR, R.COMMITTEE, R.AUDITOR), "read what is not public yet", reads=True
    ),
    # money
    "draft vouchers": Verb((R.FINANCE_OFFICER,), "draft vouchers"),
    "draft allocations": Verb((R.FINANCE_OFFICER, R.SECRETARIAT), "draft allocations and budgets"),
    "read voucher drafts": Verb((*OFFICE, R.AUDITOR), "read vouchers that are not posted yet", reads=True),
    "send back vouchers": Verb((R.APPROVER,), "send vouchers back to whoever wrote them"),
    "approve vouchers": Verb((R.APPROVER,), "approve and post vouchers of others", grave=True),
    # returns
    "read returns": Verb(
        (*OFFICE, *OF_ORGANIZATION, R.AUDITOR), "read expenditure returns, an organization its own", reads=True
    ),
    "draft returns": Verb((R.REPORTER,), "write expenditure returns and hand them over"),
    "certify returns": Verb((R.CERTIFIER,), "sign expenditure returns for the organization", grave=True),
    "give back returns": Verb((R.CERTIFIER,), "give returns back to whoever wrote them, and recall a signature"),
    "review returns": Verb((R.FINANCE_OFFICER, R.APPROVER), "review expenditure returns and send them back"),
    "accept returns": Verb((R.APPROVER,), "accept and post expenditure returns", grave=True),
    "attach statements": Verb((R.REPORTER, R.CERTIFIER), "attach the signed statement to returns"),
    "discuss returns": Verb(
        (*AGENT, R.ORGANIZATION_CONTRIBUTOR, R.REPORTER, R.CERTIFIER), "comment on returns, and settle what was asked"
    ),
    "ask dispensations": Verb((R.REPORTER, R.CERTIFIER), "ask for more time, or for none of it to be owed"),
    "decide dispensations": Verb((R.PORTFOLIO_MANAGER,), "give more time, and waive what is owed"),
    "waive rules": Verb((R.PORTFOLIO_MANAGER, R.APPROVER), "waive a rule for a return, which is published"),
    "remind": Verb((R.PORTFOLIO_MANAGER, R.FINANCE_OFFICER), "remind organizations of what they owe"),
    "write reports": Verb((R.SECRETARIAT, R.PORTFOLIO_MANAGER), "write the narrative of consolidated reports"),
    "read reports": Verb(
        (*OFFICE, R.COMMITTEE, R.COORDINATOR, R.CONTRIBUTOR, R.AUDITOR), "read consolidated reports", reads=True
    ),
    "sign reports": Verb((R.APPROVER,), "sign the financial part of consolidated reports", grave=True),
    # results
    "read results": Verb(
        (*OFFICE, R.EDITOR, R.LEAD_EDITOR, R.ORGANIZATION_CONTRIBUTOR, R.COORDINATOR, R.COMMITTEE, R.AUDITOR),
        "read results that are not public yet",
        reads=True,
    ),
    "keep frameworks": Verb((R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT), "keep outcomes, outputs, indicators and targets"),
    "write readings": Verb(
        (R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT, R.ORGANIZATION_CONTRIBUTOR), "write what an indicator shows"
    ),
    "approve readings": Verb((R.LEAD_EDITOR, R.SECRETARIAT), "approve readings, and choose the one that is reported"),
    "lock periods": Verb((R.LEAD_EDITOR, R.SECRETARIAT), "lock reporting periods and open them again"),
    "keep measures": Verb((R.SECRETARIAT, R.PORTFOLIO_MANAGER), "keep what several programmes measure alike"),
    # registers
    "read registers": Verb(
        (*OFFICE, R.EDITOR, R.LEAD_EDITOR, R.COORDINATOR, R.AUDITOR, R.PEOPLE_AUDITOR),
        "read registers of things, without what is of people",
        reads=True,
    ),
    "read registers of people": Verb(
        (R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT, R.PEOPLE_AUDITOR), "read what registers say of people", reads=True
    ),
    "keep registers": Verb((R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT), "keep registers, their rows and consents"),
    "keep resources": Verb(
        (R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT, R.PORTFOLIO_MANAGER), "keep resources outside the fund"
    ),
    # plans
    "read plans": Verb(
        (*OFFICE, *OF_ORGANIZATION, R.LEAD_EDITOR, R.EDITOR, R.COORDINATOR, R.COMMITTEE, R.AUDITOR),
        "read work plans and requests for transfers, an organization its own lines",
        reads=True,
    ),
    "keep plans": Verb((R.LEAD_EDITOR, R.SECRETARIAT), "keep work plans, their approved versions and tranches"),
    "fill plans": Verb((R.ORGANIZATION_CONTRIBUTOR, R.REPORTER), "fill in an organization's lines of a work plan"),
    "close quarters": Verb((R.LEAD_EDITOR, R.SECRETARIAT), "close quarters of work plans and open them again"),
    "ask for transfers": Verb((R.LEAD_EDITOR, R.SECRETARIAT), "write requests for transfers"),
    "sign transfer requests": Verb((R.COMMITTEE, R.COORDINATOR), "sign requests for transfers", grave=True),
    "receive transfer requests": Verb(
        (R.FINANCE_OFFICER, R.PORTFOLIO_MANAGER), "receive signed requests for transfers and return them"
    ),
    # monitoring
    "read monitoring": Verb(
        (*OFFICE, R.EDITOR, R.LEAD_EDITOR, R.COORDINATOR, R.COMMITTEE, R.AUDITOR),
        "read narratives, reviews, risks and lessons that are not public yet",
        reads=True,
    ),
    "keep monitoring": Verb(
        (R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT), "write narratives of a year, and keep reviews, risks and lessons"
    ),
    "respond to reviews": Verb(
        (R.LEAD_EDITOR, R.SECRETARIAT, R.PORTFOLIO_MANAGER), "say what management answers to recommendations"
    ),
    "report on actions": Verb(
        (R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT, R.ORGANIZATION_CONTRIBUTOR), "say how far improvements have come"
    ),
    "approve lessons": Verb((R.LEAD_EDITOR, R.SECRETARIAT), "approve lessons and best practices of others"),
    "accept narratives": Verb((R.SECRETARIAT,), "accept narratives of a year, or send them back"),
    # revolving funds of communities
    "read revolving": Verb(
        (*OFFICE, R.EDITOR, R.LEAD_EDITOR, R.AUDITOR), "read revolving funds of communities", reads=True
    ),
    "keep revolving": Verb((R.EDITOR, R.LEAD_EDITOR), "keep revolving funds of communities and their cashbooks"),
    # records
    "keep funds": Verb((R.PORTFOLIO_MANAGER, R.SECRETARIAT), "keep funds, their windows and settings"),
    "make funds": Verb((R.PORTFOLIO_MANAGER,), "make new funds"),
    "keep agreements": Verb((R.PORTFOLIO_MANAGER, R.FINANCE_OFFICER), "keep agreements and memoranda"),
    "keep projects": Verb((R.PORTFOLIO_MANAGER, R.SECRETARIAT), "keep projects and who works on them"),
    "change statuses": Verb((R.PORTFOLIO_MANAGER,), "change statuses, extend and close"),
    "keep organizations": Verb((R.PORTFOLIO_MANAGER, R.FINANCE_OFFICER), "keep organizations and their names"),
    "merge organizations": Verb((R.PORTFOLIO_MANAGER,), "merge organizations and undo that", grave=True),
    # what the public reads
    "edit narratives": Verb((R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT), "write what a factsheet tells"),
    "keep contacts": Verb((R.EDITOR, R.SECRETARIAT, R.PORTFOLIO_MANAGER), "keep contacts and their consent"),
    "keep documents": Verb((R.EDITOR, R.LEAD_EDITOR, R.SECRETARIAT), "upload and maintain documents"),
    "release": Verb((R.SECRETARIAT, R.PORTFOLIO_MANAGER, R.EDITOR), "release what another person marked public"),
    "publish": Verb((R.PORTFOLIO_MANAGER, R.SECRETARIAT), "publish editions and look at their quality"),
    "take down": Verb((R.PORTFOLIO_MANAGER,), "take down what must not stay public", grave=True),
    "answer letters": Verb((R.PORTFOLIO_MANAGER, R.SECRETARIAT), "take in and answer letters"),
    # people
    "hand out mandates": Verb(
        (R.ADMINISTRATOR, R.ORGANIZATION_ADMINISTRATOR), "invite people, hand out and withdraw mandates", grave=True
    ),
    "keep people": Verb((R.ADMINISTRATOR,), "open the register of people, end their work here", grave=True),
    "run the house": Verb((R.ADMINISTRATOR,), "look at jobs, checks and settings, and run jobs again"),
}


# What no token may do: a person looks at each voucher that is approved and each return that is signed.
NEVER_BY_TOKEN = ("approve vouchers", "certify returns", "accept returns", "sign reports", "sign transfer requests")


@dataclass(frozen=True, slots=True)
class Decision:
    """May they? by: the mandate that allows it. why: where none does, what is missing, in one of REASONS' words."""

    allowed: bool
    by: Held | None = None
    why: str = ""


# Why not. Each is a sentence with the verb's own.
NO_ROLE = "no role of yours does this"
ELSEWHERE = "your mandate is for something else"
NOT_NOW = "your mandate is not in force today"
AUTHOR = "you wrote it yourself, and another person has to look at it"
NOT_MADE_FOR_IT = "this token was not made for it"
NEVER = "no token does this; a person looks at each"
NO_SECOND = "a grave act by a token needs its person's second factor, and none is set up"


def decide(verb: str, held: Iterable[Held], scope: Scope | None, today: date) -> Decision:
    """Whether mandates allow a verb within a scope. None: anywhere at all, as for a list that shows what one may see.

    Raises KeyError for a verb that is not here.
    """
    said = VERBS[verb]
    fitting = [mandate for mandate in held if mandate.role in said.roles]
    if not fitting:
        return Decision(False, why=NO_ROLE)
    current = [mandate for mandate in fitting if mandate.in_force(today)]
    if not current:
        return Decision(False, why=NOT_NOW)
    there = [mandate for mandate in current if scope is None or mandate.scope.covers(scope)]
    return Decision(True, there[0]) if there else Decision(False, why=ELSEWHERE)


def reach(verb: str, held: Iterable[Held], today: date) -> list[Scope]:
    """Where a verb is allowed: the scopes of all mandates in force that allow it."""
    roles = VERBS[verb].roles
    return [mandate.scope for mandate in held if mandate.role in roles and mandate.in_force(today)]


def narrowed(held: Iterable[Held], scope: Scope) -> list[Held]:
    """Mandates as far as they lie within a scope: what somebody may do through a token that was made for it."""
    found = []
    for mandate in held:
        both = {}
        for side in ("fund", "project", "organization"):
            mine, theirs = getattr(mandate.scope, side), getattr(scope, side)
            if mine and theirs and mine != theirs:
                break
            both[side] = mine or theirs
        else:
            found.append(replace(mandate, scope=Scope(**both)))
    return found


def needs_second_factor(held: Iterable[Held], today: date, further: Sequence[str] = ()) -> bool:
    """Whether somebody with these mandates has to sign in with two factors. further: roles that a house adds."""
    return any(mandate.in_force(today) and mandate.role in (*SECOND_FACTOR, *further) for mandate in held)


def may_hand_out(giver: Iterable[Held], role: Role, scope: Scope, today: date) -> bool:
    """Whether somebody may give that mandate to another person: an administrator all, an organization's its own."""
    for mandate in giver:
        if not mandate.in_force(today):
            continue
        if mandate.role == R.ADMINISTRATOR and mandate.scope.covers(scope):
            return True
        if mandate.role == R.ORGANIZATION_ADMINISTRATOR and role in OF_ORGANIZATION and mandate.scope.covers(scope):
            return True
    return False


def faults(role: Role, scope: Scope, since: date, until: date | None) -> list[str]:
    """What is wrong with a mandate as such: names of rules."""
    found = []
    bound = BOUND.get(role, "")
    named = {"fund": scope.fund, "project": scope.project, "organization": scope.organization}
    if bound and not any(named[side] for side in bound.split(" or ")):
        found.append("mandate-without-scope")
    if role == R.ADMINISTRATOR and scope != EVERYTHING:
        found.append("mandate-administrator-scope")
    if role == R.PEOPLE_AUDITOR and until is None:
        found.append("mandate-needs-end")
    if until is not None and until < since:
        found.append("mandate-ends-before")
    return found
