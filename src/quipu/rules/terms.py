"""The table of terms: what the words on the pages mean. Figures and statuses keep the sentences of their own rules."""

from dataclasses import dataclass

from quipu.rules.asking import DIMENSIONS
from quipu.rules.figures import FIGURES
from quipu.rules.statuses import STATUSES

STANDARD = "IATI standard"
MOU = "United Nations, standard memorandum of understanding for pass-through funding"
ARRANGEMENT = "United Nations, standard administrative arrangement for pass-through funding"
CATEGORIES = "United Nations, harmonized expense categories of 2006 and 2012"
GOALS = "United Nations, 2030 Agenda for Sustainable Development"
SOURCES = (STANDARD, MOU, ARRANGEMENT, CATEGORIES, GOALS)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the pages. sentences: what it means, each a text of its own; heads: other heads of columns that mean it."""

    key: str
    label: str
    sentences: tuple[str, ...]
    source: str = ""  # where the field says so
    heads: tuple[str, ...] = ()

    @property
    def is_figure(self) -> bool:
        return self.key in FIGURES


# What a figure's or a status's own sentence leaves to be said.
_MORE = {
    "commitments": "They may be paid already, in part or not at all.",
    "refunds": "They lower the net funded amount.",
    "delivery_rate": "Over a few years only, it can pass 100, because money received earlier is spent then.",
    "agent_fees": "It is taken once, when the deposit arrives; some deposits bear none.",
    "expenditure": "Each organization follows its own accounting rules.",
    "direct_costs": "Of a project, a direct cost is one that can be traced to that project.",
    "budget": "It can be higher or lower than what has been transferred so far.",
    "operationally_closed": "The administrative agent has been told that the approved work is done.",
    "financially_closed": "Refunds and interest may still arrive.",
}
_FIGURE_SOURCES = {
    **dict.fromkeys(("transfers", "refunds", "net_funded", "expenditure", "direct_costs"), MOU),
    **dict.fromkeys(("commitments", "deposits", "agent_fees"), ARRANGEMENT),
}
_DIMENSIONS = (
    ("family", "Two kinds of money that are never added: what a pooled fund moves, and what a publisher reports."),
    ("movement", "What an amount is: a deposit, a transfer, a refund. Which one decides the figures it belongs to."),
    ("provider", "Whoever an entry says the money came from."),
    ("receiver", "Whoever an entry says the money went to."),
    (
        "participating_organization",
        "An organization that signed the fund's memorandum, receives transfers, and answers in full for that money under"
        " its own rules.",
        MOU,
    ),
    ("publisher", "Whoever publishes an activity and answers for what it says.", STANDARD, ("Published activities",)),
    (
        "fund",
        "Money that several contributors pay into one account, under one set of terms, for several organizations to spend."
        " Also called a pooled fund or a multi-partner trust fund.",
    ),
    ("window", "A part of a fund with a purpose of its own, and often with its own call and its own money."),
    ("project", "What a fund pays for: one piece of work under one document.", "", ("Projects",)),
    (
        "country",
        "A country that an activity or an entry names as its own; where there are several, their shares split the amount.",
        STANDARD,
        ("Countries",),
    ),
    ("region", "A part of the world, by the list of the standard, where no single country is named.", STANDARD),
    (
        "sector",
        "What kind of work is paid for, by a list that names itself; different lists are never added.",
        STANDARD,
    ),
    ("theme", "What kind of work is paid for, by the fund's own list."),
    ("sdg", "One of the seventeen goals of the 2030 Agenda, as the publisher links it to the activity.", GOALS),
    (
        "marker",
        "A policy aim, such as equality of women and men, and how far the activity pursues it. Marks overlap and have no"
        " total.",
        STANDARD,
    ),
    ("status", "Where a project stands between its proposal and the settlement of its accounts.", STANDARD),
    (
        "contributor",
        "Whoever pays into a fund: a government, an agency, a foundation, a company, another fund. Elsewhere often called"
        " a donor.",
        ARRANGEMENT,
    ),
    (
        "agreement",
        "What a contributor and the administrative agent signed: the amount, when it is paid, what it is for.",
        ARRANGEMENT,
    ),
    (
        "category",
        "Of expenditure: what kind of cost it is, by a list all organizations use. Of a document: what kind of paper it is.",
        CATEGORIES,
    ),
    ("standing", "How firm reported expenditure is: interim or certified."),
    ("humanitarian", "Marked by its publisher as help in an emergency.", STANDARD),
    (
        "aid_type",
        "How the money is given, for instance to a project or into a pooled fund, by the standard's list.",
        STANDARD,
    ),
    ("finance_type", "Whether money is a grant, a loan or something else, by the standard's list.", STANDARD),
)
_OTHERS = (
    # who
    Term(
        "administrative_agent",
        "Administrative agent",
        (
            "The body that signs with contributors, keeps the pooled money, pays it out when the steering committee decides,"
            " and brings the reports together. It does not run the projects.",
        ),
        MOU,
    ),
    Term(
        "steering_committee",
        "Steering committee",
        ("The body that decides what a fund pays for. The administrative agent pays only on its decision.",),
        MOU,
    ),
    Term(
        "lead_agency",
        "Lead agency",
        (
            "The participating organization that coordinates a joint programme and puts its common report together."
            " It does not answer for the others' money.",
        ),
    ),
    Term(
        "implementing_partner",
        "Implementing partner",
        (
            "Who works for a participating organization on a project: a ministry, an association, a firm. What such a partner"
            " receives is part of the organization's expenditure and is not added to transfers.",
        ),
    ),
    Term(
        "organization",
        "Organization",
        ("A body that an activity or an entry names. It keeps one page, whatever roles it has.",),
        heads=("Name",),
    ),
    Term(
        "role",
        "Role",
        (
            "What an organization is in an activity: publisher, provider, receiver, or one of the standard's four roles.",
        ),
        STANDARD,
        ("Roles", "Named in activities"),
    ),
    Term(
        "reference",
        "Reference",
        ("The code by which an organization is known in the standard. Without one, its exact name stands in for it.",),
        STANDARD,
    ),
    # what is signed and decided
    Term(
        "memorandum",
        "Memorandum of understanding",
        (
            "The agreement between the administrative agent and the participating organizations of a fund: tasks, fee,"
            " indirect cost rate, deadlines, closing. Without it, no transfer.",
        ),
        MOU,
    ),
    Term(
        "joint_programme",
        "Joint programme",
        (
            "A project that several organizations carry out together under one document, each with its own budget;"
            " sometimes a fund of its own.",
        ),
        heads=("Joint programmes",),
    ),
    Term(
        "programme",
        "Programme",
        (
            "An activity that names others as its parts. Its own money and that of its parts may be the same money,"
            " so they are never added.",
        ),
        heads=("Programmes", "Parts"),
    ),
    Term(
        "start_date",
        "Start date",
        (
            "The day of the first transfer by the administrative agent. Work may have begun on another day, which stands apart.",
        ),
        heads=("Start",),
    ),
    Term(
        "end_date",
        "End date",
        (
            "The original end date is that of the first project document; the current one takes in the extensions decided"
            " since. The date on which the work really ended is kept apart.",
        ),
        heads=("End",),
    ),
    # money
    Term(
        "interim",
        "Interim",
        (
            "Expenditure of the running year, given voluntarily before the year's accounts are certified. It is marked wherever"
            " it appears, and it is not final.",
        ),
        MOU,
    ),
    Term(
        "certified",
        "Certified",
        (
            "The year's expenditure as an organization's headquarters signs for it, by 30 April of the following year as a"
            " rule. It replaces the interim figure.",
        ),
        MOU,
        ("Not certified",),
    ),
    Term(
        "return",
        "Return",
        (
            "What an organization reports of a fund and a year: all its projects by category, certified at its headquarters;"
            " interim figures of the running year are voluntary.",
        ),
        MOU,
        ("Returns", "Returns accepted"),
    ),
    Term(
        "restated",
        "Restated",
        (
            "Certified again with other figures, for a reason that is public. Both versions and their difference stay visible.",
        ),
    ),
    Term(
        "deadline",
        "Deadline in force",
        (
            "The day by which a return is due: that of the fund's calendar, or a later one that the agent granted."
            " Lateness is counted from it to the certifier's signature.",
        ),
        heads=("More time",),
    ),
    Term(
        "indirect_cost",
        "Indirect support cost",
        (
            "Overhead that cannot be traced to one project, recovered as a fixed percentage of its direct costs, seven per"
            " cent as a rule.",
        ),
        MOU,
    ),
    Term(
        "small_balance",
        "Small-balance limit",
        (
            "The amount below which a rest need not be refunded when a project is closed; 250 US dollars unless the fund says"
            " otherwise. A rest that is waived is named as such.",
        ),
    ),
    Term(
        "earmark",
        "Earmark",
        ("What a contributor wants its money used for: nothing in particular, a window, a country or a project.",),
        ARRANGEMENT,
        ("Earmarked for",),
    ),
    Term(
        "conversion",
        "Conversion",
        (
            "An amount in US dollars at the rate published for its value date, or at most seven days before. Without such a"
            " rate it is left out of totals, and the total says so.",
        ),
        heads=("In US$", "Original amount", "Currency", "As stated"),
    ),
    Term("illustrative", "Illustrative", ("An example, not a published figure. It is marked wherever it appears.",)),
    # results
    Term(
        "indicator",
        "Indicator",
        (
            "What a project measures to show a result. An indicator may have a starting point (baseline), a target, and one or"
            " more reported values. Where sources disagree, each value stands with its source.",
        ),
        STANDARD,
    ),
    Term(
        "result",
        "Result",
        ("What came of the work: outputs are what was made, outcomes what changed because of it, impact what lasts.",),
        STANDARD,
    ),
    Term(
        "reading",
        "Reading",
        (
            "What one source says an indicator shows for a period. One person writes it and another approves it. Of several"
            " that differ one is reported, with the reason; the others stand beside it.",
        ),
        heads=("Readings", "All readings"),
    ),
    Term(
        "baseline",
        "Baseline",
        ("Where an indicator stood before the work began, or when it was first looked at.",),
        STANDARD,
    ),
    Term(
        "target_of_result",
        "Target",
        (
            "What an indicator is meant to reach by a day. A target that is revised stays visible, with the reason of the"
            " revision.",
        ),
        STANDARD,
    ),
    Term(
        "progress",
        "Progress",
        ("How much of the way from the baseline to the target an indicator has come, in per cent.",),
        heads=("Progress in per cent",),
    ),
    Term(
        "disaggregation",
        "Disaggregation",
        (
            "A number told apart: by sex, age, place or another list. Numbers of fewer than five people are left out, fewer"
            " than ten where it is about ethnic group or disability.",
        ),
        STANDARD,
        ("Told apart by",),
    ),
    Term(
        "beneficiaries",
        "Beneficiaries",
        (
            "People and institutions that a programme is meant to reach, and those it reached: directly by what it does, or"
            " indirectly through them.",
        ),
    ),
    Term(
        "measure",
        "What is measured",
        (
            "What indicators of several programmes measure alike, so that they can be put together. Only counts and amounts of"
            " one unit are added; percentages are put together by their parts, or not at all.",
        ),
    ),
    # where a number comes from
    Term(
        "voucher",
        "Voucher",
        (
            "A numbered document that stands behind a movement of money. A posted voucher is never changed; a correction is"
            " another voucher.",
        ),
        heads=("Vouchers",),
    ),
    Term(
        "entry",
        "Entry",
        ("One movement of one amount, from a line of a file or of a voucher. Figures are sums of entries.",),
        heads=("Adds", "Transactions"),
    ),
    Term(
        "trail",
        "Trail",
        ("The way back from a number: its meaning, the entries that add up to it, and the lines they were read from.",),
        heads=("Running total",),
    ),
    Term(
        "edition",
        "Edition",
        (
            "The public record as it stood at one moment. An edition is never changed; a new one is made beside it, and old"
            " ones can still be read.",
        ),
        heads=("Seen in edition",),
    ),
    Term(
        "effective_on",
        "Effective on",
        (
            "The day on which a movement counts. The day on which it was recorded can be a later one, and is kept apart.",
        ),
    ),
    Term("as_of", "As of", ("The day up to which movements are counted.",)),
    Term(
        "activity",
        "Activity",
        ("What a file reports on under one identifier: a fund, a programme, a project or anything else.",),
        STANDARD,
        ("Activities",),
    ),
    Term(
        "document",
        "Document",
        (
            "A paper that an activity, a decision or a voucher rests on or that tells of it; its publisher answers for it.",
        ),
        heads=("Documents",),
    ),
    Term(
        "copy",
        "Copy",
        ("The same activity in another file. One of them counts; the others are listed and are in no total.",),
    ),
    Term(
        "finding",
        "Finding",
        ("Something wrong in a source: where it stands, which rule it breaks, what was done, and what would mend it.",),
        heads=("Findings", "Rule"),
    ),
    Term(
        "severity",
        "Severity",
        (
            "How grave a finding is. Critical: the file stops there. Error: something was left out. Warning and note: it was"
            " kept.",
        ),
    ),
    Term(
        "hash",
        "SHA-256",
        ("A short fingerprint of a file. Whoever has the file can compute it; another file has another one.",),
    ),
    Term("licence", "Licence", ("Under which terms a source may be used again, as its publisher states them.",)),
    Term(
        "iati",
        "IATI",
        (
            "The International Aid Transparency Initiative and its standard: a common format in which organizations publish"
            " what they pay, to whom, and for what. This site reads it.",
        ),
        "https://iatistandard.org",
    ),
)


def _with_more(key: str, sentence: str) -> tuple[str, ...]:
    return (sentence, _MORE[key]) if key in _MORE else (sentence,)


def _all() -> tuple[Term, ...]:
    figures = (
        Term(
            each.name,
            each.label,
            _with_more(each.name, each.sentence),
            _FIGURE_SOURCES.get(each.name, STANDARD if each.family == "reported" else ""),
        )
        for each in FIGURES.values()
    )
    dimensions = (Term(key, DIMENSIONS[key].label, (said,), *more) for key, said, *more in _DIMENSIONS)
    statuses = (
        Term(each.name or "status_not_stated", each.label, _with_more(each.name, each.meaning)) for each in STATUSES
    )
    return (*figures, *dimensions, *statuses, *_OTHERS)


TERMS = {term.key: term for term in _all()}
_BY_HEAD = {
    **{head: term for term in TERMS.values() for head in term.heads},
    **{term.label: term for term in TERMS.values() if not term.is_figure},
}


def of_head(label: str) -> Term | None:
    """What the head of a column that is no figure means; None for an everyday word."""
    return _BY_HEAD.get(label)
