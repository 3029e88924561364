"""The one table of kinds of registers: what a programme keeps lists of, and the fields of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from quipu.rules.registers.fields import Field, Schema, Type

T = Type
OWN = ""  # the kind of a register with a schema of the programme's own


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of register. sentence: what a row of it is."""

    key: str
    label: str
    sentence: str
    schema: Schema


def _choices(*said: tuple[str, str]) -> tuple[tuple[str, dict[str, str]], ...]:
    return tuple((code, {"": label}) for code, label in said)


def _needed(key: str, label: str, type_: Type = T.TEXT, *, shown: bool = False) -> Field:
    return Field(key, label, type_, is_needed=True, is_shown=shown)


def _shown(key: str, label: str, type_: Type = T.TEXT) -> Field:
    return Field(key, label, type_, is_shown=True)


def _chosen(key: str, label: str, *said: tuple[str, str], shown: bool = True, needed: bool = False) -> Field:
    return Field(key, label, T.CHOICE, _choices(*said), is_shown=shown, is_needed=needed)


_NOTE = Field("note", "Note", hint="Never public.")
_SECTORS = (
    ("agriculture", "Agriculture and food"),
    ("crafts", "Handicrafts"),
    ("tourism", "Tourism"),
    ("gastronomy", "Gastronomy"),
    ("manufacturing", "Manufacturing"),
    ("services", "Trade and services"),
    ("other", "Another sector"),
)
_SECTOR = _chosen("sector", "Sector", *_SECTORS)
_STATUSES = (("drafted", "Drafted"), ("approved", "Approved"), ("in force", "In force"), ("ended", "Ended"))
_LEVELS = (
    ("national", "National"),
    ("regional", "Regional"),
    ("provincial", "Provincial"),
    ("district", "District"),
)
_SEXES = (("women", "Women"), ("men", "Men"))
_AGES = (("0-14", "0–14"), ("15-24", "15–24"), ("25-59", "25–59"), ("60-", "60 and above"))
_RESIDENCES = (("urban", "Urban"), ("rural", "Rural"))

KINDS: dict[str, Kind] = {
    one.key: one
    for one in (
        Kind(
            "enterprises",
            "Enterprises financed",
            "An enterprise or a small project that was given money. Its row is public only while its owner agrees.",
            Schema(
                (
                    _needed("name", "Name of the enterprise", shown=True),
                    _chosen(
                        "size",
                        "Size",
                        ("micro", "Micro-project"),
                        ("small", "Small enterprise"),
                        ("other", "Other"),
                        shown=False,
                    ),
                    Field("owner", "Owner", T.PERSON, is_personal=True),
                    _SECTOR,
                    _shown("district", "District", T.PLACE),
                    _needed("financed", "Financed on", T.DAY, shown=True),
                    Field("grant", "Grant", T.MONEY),
                    Field("instalments", "Instalments paid", T.PAYMENTS),
                    Field("own_share", "Own contribution", T.MONEY),
                    Field("jobs_women", "Jobs, women", T.NUMBER, counts_people=True),
                    Field("jobs_men", "Jobs, men", T.NUMBER, counts_people=True),
                    _chosen(
                        "alive",
                        "Does it still work?",
                        *(("yes", "It works"), ("no", "It ended"), ("unknown", "Not known")),
                        shown=False,
                    ),
                    _NOTE,
                ),
                by_consent=True,
                dated="financed",
            ),
        ),
        Kind(
            "market-initiatives",
            "Market initiatives",
            "A fair, a contract, a round of business, a shop: what opened a market. Public only while its owner agrees.",
            Schema(
                (
                    _needed("name", "Name of the initiative", shown=True),
                    _chosen(
                        "level",
                        "Level",
                        *(("local", "Local"), ("regional", "Regional"), ("national", "National")),
                        ("international", "International"),
                    ),
                    _shown("district", "Place", T.PLACE),
                    _SECTOR,
                    _needed("held", "Held on", T.DAY, shown=True),
                    Field("enterprises", "Enterprises that took part", T.NUMBER),
                    Field("buyers", "Buyers", T.NUMBER),
                    Field("sales", "Sales", T.MONEY),
                    _NOTE,
                ),
                by_consent=True,
                dated="held",
            ),
        ),
        Kind(
            "courses",
            "Courses and degree programmes",
            "A course, a diploma, a degree that is taught or was.",
            Schema(
                (
                    _needed("title", "Title of the course", shown=True),
                    _chosen(
                        "kind",
                        "Kind of course",
                        *(("course", "Course"), ("diploma", "Diploma"), ("degree", "Degree"), ("workshop", "Workshop")),
                    ),
                    _shown("provider", "Provider", T.ORGANIZATION),
                    _shown("place", "Place", T.PLACE),
                    _needed("began", "Began on", T.DAY, shown=True),
                    _shown("ended", "Ended on", T.DAY),
                    Field("hours", "Hours", T.NUMBER),
                    Field("enrolled", "People enrolled", T.NUMBER, counts_people=True),
                    Field("completed", "People who completed it", T.NUMBER, counts_people=True),
                    _chosen("goes_on", "Does it go on?", ("yes", "Yes"), ("no", "No"), ("unknown", "Not known")),
                    _NOTE,
                ),
                dated="began",
            ),
        ),
        Kind(
            "people",
            "People trained and certified",
            "A person who was trained, certified or graduated. Nothing of it is ever public.",
            Schema(
                (
                    Field("name", "Name of the person", T.PERSON, is_needed=True),
                    _chosen(
                        "kind",
                        "What it was",
                        *(("trained", "Trained"), ("certified", "Certified"), ("trainer", "Certified as a trainer")),
                        ("graduated", "Graduated"),
                        shown=False,
                        needed=True,
                    ),
                    _needed("course", "Course"),
                    Field("provider", "Provider", T.ORGANIZATION),
                    _needed("on", "Date", T.DAY),
                    Field("certificate", "Number of the certificate"),
                    _chosen("sex", "Sex", *_SEXES, shown=False),
                    _chosen("age", "Age group", *_AGES, shown=False),
                    _chosen("residence", "Urban or rural", *_RESIDENCES, shown=False),
                    _chosen(
                        "disability",
                        "Disability",
                        *(("with", "With a disability"), ("without", "Without a disability")),
                        shown=False,
                    ),
                    Field("ethnic_group", "Ethnic group", hint="Only as the person says it."),
                    Field("district", "District", T.PLACE),
                    _chosen(
                        "works_as",
                        "Works as",
                        *(("official", "Civil servant"), ("producer", "Producer"), ("artisan", "Artisan")),
                        *(("entrepreneur", "Entrepreneur"), ("cook", "Cook"), ("other", "Something else")),
                        shown=False,
                    ),
                    _NOTE,
                ),
                is_of_people=True,
                dated="on",
            ),
        ),
        Kind(
            "policies",
            "Policy instruments",
            "A law, a bylaw, a plan, a strategy that was drafted or approved.",
            Schema(
                (
                    _needed("title", "Title", shown=True),
                    _chosen("level", "Level", *_LEVELS),
                    _shown("body", "Which body", T.ORGANIZATION),
                    _shown("place", "Place", T.PLACE),
                    _shown("number", "Number of the instrument"),
                    _shown("approved", "Approved on", T.DAY),
                    _chosen("status", "Status", *_STATUSES, needed=True),
                    Field("text", "Its text", T.DOCUMENT),
                    _NOTE,
                ),
                dated="approved",
            ),
        ),
        Kind(
            "studies",
            "Studies and modules",
            "A study, a guide, a module for teaching; and whether there is a popular version of it.",
            Schema(
                (
                    _needed("title", "Title", shown=True),
                    _chosen(
                        "kind",
                        "What it is",
                        *(
                            ("study", "Study"),
                            ("module", "Module for teaching"),
                            ("guide", "Guide"),
                            ("other", "Other"),
                        ),
                        needed=True,
                    ),
                    _shown("theme", "Subject"),
                    _shown("author", "Prepared by", T.ORGANIZATION),
                    _shown("published", "Published on", T.DAY),
                    _shown("popular", "Popular version", T.YES_NO),
                    _shown("languages", "Languages"),
                    Field("document", "The document", T.DOCUMENT),
                    _NOTE,
                ),
                dated="published",
            ),
        ),
        Kind(
            "brands",
            "Brands and consortia",
            "A brand that several use, or enterprises that joined.",
            Schema(
                (
                    _needed("name", "Name", shown=True),
                    _chosen(
                        "kind",
                        "What it is",
                        *(("consortium", "Consortium"), ("group brand", "Group brand")),
                        *(("collective brand", "Collective brand"), ("designation", "Designation of origin")),
                        needed=True,
                    ),
                    _shown("product", "Product"),
                    _shown("place", "Place", T.PLACE),
                    _shown("registered", "Registered on", T.DAY),
                    _shown("number", "Number of the registration"),
                    Field("members", "Members", T.NUMBER, counts_people=True),
                    _NOTE,
                ),
                dated="registered",
            ),
        ),
        Kind(
            "financial-products",
            "Financial products opened",
            "A kind of saving, credit or insurance that is offered since.",
            Schema(
                (
                    _needed("name", "Name of the product", shown=True),
                    _chosen(
                        "kind",
                        "Kind of product",
                        *(("savings", "Savings"), ("credit", "Credit"), ("both", "Savings and credit")),
                        ("insurance", "Insurance"),
                        needed=True,
                    ),
                    _shown("offered_by", "Offered by", T.ORGANIZATION),
                    _shown("place", "Place", T.PLACE),
                    _shown("opened", "Opened on", T.DAY),
                    Field("clients_women", "Clients, women", T.NUMBER, counts_people=True),
                    Field("clients_men", "Clients, men", T.NUMBER, counts_people=True),
                    Field("lent", "Amount lent", T.MONEY),
                    _NOTE,
                ),
                dated="opened",
            ),
        ),
        Kind(
            "tools",
            "Tools and methods adopted",
            "A tool or a method of the programme that somebody else works with.",
            Schema(
                (
                    _needed("name", "Tool or method", shown=True),
                    _needed("adopted_by", "Adopted by", T.ORGANIZATION, shown=True),
                    _shown("place", "Place", T.PLACE),
                    _shown("adopted", "Adopted on", T.DAY),
                    _shown("for_what", "What for"),
                    Field("evidence", "Where it is written", T.DOCUMENT),
                    _NOTE,
                ),
                dated="adopted",
            ),
        ),
        Kind(
            "handed-over",
            "Projects handed over",
            "What somebody else goes on with after the programme.",
            Schema(
                (
                    _needed("name", "Project", shown=True),
                    _shown("followed_by", "Followed by", T.ORGANIZATION),
                    _shown("place", "Place", T.PLACE),
                    _SECTOR,
                    _shown("handed", "Handed over on", T.DAY),
                    _chosen("alive", "Still alive?", ("yes", "Yes"), ("no", "No"), ("unknown", "Not known")),
                    _shown("looked", "Last looked at on", T.DAY),
                    _NOTE,
                ),
                dated="handed",
            ),
        ),
        Kind(
            "agreements",
            "Agreements and partnerships",
            "What was agreed with a municipality, a ministry, an association, a firm.",
            Schema(
                (
                    _needed("title", "What was agreed", shown=True),
                    _shown("partners", "With whom"),
                    _chosen(
                        "kind",
                        "Kind of partner",
                        *(
                            ("municipality", "Municipality"),
                            ("region", "Regional government"),
                            ("ministry", "Ministry"),
                        ),
                        *(("association", "Association"), ("academic", "University or institute"), ("firm", "Firm")),
                        ("other", "Other"),
                    ),
                    _shown("place", "Place", T.PLACE),
                    _shown("signed", "Signed on", T.DAY),
                    _shown("until", "Until", T.DAY),
                    Field("document", "The agreement", T.DOCUMENT),
                    _NOTE,
                ),
                dated="signed",
            ),
        ),
    )
}


def words() -> Iterator[str]:
    """Every word of ours that a register may show."""
    for kind in KINDS.values():
        yield from (kind.label, kind.sentence)
        for one in kind.schema.fields:
            yield from filter(None, (one.label, one.hint, *(said[""] for _, said in one.choices)))
