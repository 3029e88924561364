"""What a code is called and where it leads: cells of a table get the words and links a reader wants."""

import json
from collections.abc import Callable, Iterable

from quipu.edition import pages
from quipu.edition.open import Edition
from quipu.portal import addresses
from quipu.portal.languages import Words
from quipu.portal.sheet import Said, said
from quipu.rules import codes
from quipu.rules.figures import FIGURES
from quipu.rules.filing import TYPES
from quipu.rules.kinds import CATEGORIES, OF_OLD
from quipu.rules.statuses import status
from quipu.rules.table import Cell, Table

ORGANIZATIONS = ("provider", "receiver", "participating_organization", "contributor", "publisher", "organization")
ACTIVITIES = ("project", "fund", "activity")
MOST_SPOKEN = 500  # titles of one table that are said in the reader's language; a longer one is a file
SIGNIFICANCE = {"0": "not targeted", "1": "significant objective", "2": "principal objective"}

PLAIN = {  # families of movements, kinds of activities, standings of expenditure
    **{"pooled": "Pooled fund", "reported": "As reported"},
    **{"fund": "Fund", "programme": "Programme", "project": "Project"},
    **{"interim": "interim", "certified": "certified"},
}


class Labels:
    """Names and links in one language over one edition; prefix goes before every address."""

    def __init__(self, edition: Edition, words: Words, prefix: str) -> None:
        self.edition, self.words, self.prefix = edition, words, prefix

    def fill(self, table: Table) -> Table:
        """Gives each code cell its label and link, with one look-up per kind of thing."""
        for n, column in enumerate(table.columns):
            if column.figure or column.is_number:  # no codes
                continue
            known = {str(row[n].value) for row in table.rows if row[n].value}
            unnamed = {str(row[n].value) for row in table.rows if row[n].value and not row[n].label}
            name = self.namer(column.key, unnamed) if unnamed else str
            spoken = self.spoken(known) if column.key in ACTIVITIES and len(known) <= MOST_SPOKEN else {}
            for row in table.rows:
                if row[n].value:
                    code, cell = str(row[n].value), row[n]
                    title = spoken.get(code, Said(cell.label, cell.lang))
                    label, link = title.text or cell.label or name(code), cell.link or self.link(column.key, code)
                    row[n] = Cell(cell.value, cell.scope, label, link, lang=title.lang)
        return table

    def namer(self, dimension: str, known: Iterable[str]) -> Callable[[str], str]:
        """A function from a code of the dimension to what it is called; known: the codes it will be asked for."""
        if dimension in ORGANIZATIONS:
            names = self.edition.names(sorted(known))
            return lambda code: names.get(code, code)
        if dimension in ACTIVITIES:
            titles = self.titles(sorted(known))
            return lambda code: titles.get(code) or code
        if dimension == "agreement":
            return self._agreement
        if dimension in ("sector", "theme", "window", "sdg"):
            stated = self._stated(dimension)
            return lambda code: self._coded(dimension, code, stated)
        return lambda code: self.name(dimension, code)

    def name(self, dimension: str, code: str) -> str:
        """What one code is called."""
        gettext = self.words.gettext
        match dimension:
            case "country":
                return self.words.country(code)
            case "region":
                return gettext(codes.label("region", code))
            case "status":
                return gettext(status(code).label)
            case "movement":
                return gettext(movement(code))
            case "family" | "kind" | "standing":
                return gettext(PLAIN.get(code, code))
            case "agreement" | "category":
                return self._agreement(code) if dimension == "agreement" else self.category(code)
            case "aid_type" | "finance_type":
                return codes.label(dimension, code)
            case "humanitarian":
                return gettext("Humanitarian") if code == "true" else gettext("Not marked humanitarian")
            case "marker":
                marker, _, score = code.partition(":")
                named = codes.label("policy_marker", marker)
                return f"{named}: {gettext(SIGNIFICANCE.get(score, score or '–'))}"
            case "sector" | "theme" | "window" | "sdg":
                return self._coded(dimension, code, self._stated(dimension))
            case _ if dimension in ORGANIZATIONS:
                return self.edition.name(code)
            case _ if dimension in ACTIVITIES:
                return self.titles([code]).get(code) or code
        return code

    def _agreement(self, code: str) -> str:
        memo = self.edition.memo
        if "agreements" not in memo:
            memo["agreements"] = dict(self.edition.rows("SELECT code, title FROM agreements"))
        return str(memo["agreements"].get(code) or code)

    def document_type(self, code: str) -> str:
        """What a document is: a type of ours, or a category of IATI."""
        return self.words.gettext(TYPES[code]) if code in TYPES else codes.label("document_category", code)

    def category(self, code: str) -> str:
        """An expense category; those used before 2012 are marked."""
        gettext, known = self.words.gettext, CATEGORIES.get(code)
        if known is None:
            return code
        label = gettext(known.label)
        return label if known.since_2012 else gettext(OF_OLD) % {"category": label}

    def _coded(self, dimension: str, code: str, stated: dict[str, str]) -> str:
        if dimension == "sector":
            return codes.label("sector", code) if code in codes.table()["sector"] else stated.get(code, code)
        if dimension == "sdg":
            return f"{code}. {codes.label('sdg_goal', code)}" if code in codes.table()["sdg_goal"] else code
        return stated.get(code, code)

    def _stated(self, dimension: str) -> dict[str, str]:
        """Names as publishers write them, for codes of their own lists."""
        memo = self.edition.memo
        if ("stated", dimension) not in memo:
            memo["stated", dimension] = dict(
                self.edition.rows(
                    "SELECT code, any_value(name) FROM stated_names WHERE dimension = ? GROUP BY code", [dimension]
                )
            )
        found: dict[str, str] = memo["stated", dimension]
        return found

    def titles(self, identifiers: list[str]) -> dict[str, str]:
        """Titles of activities by identifier, as far as there are not too many in the reader's language."""
        if not identifiers:
            return {}
        few = len(identifiers) <= MOST_SPOKEN
        values = pages.keys(self.edition, identifiers) if few else identifiers
        found: dict[str, str] = dict(
            self.edition.rows(
                f"SELECT identifier, any_value(title) FROM activities WHERE {'key' if few else 'identifier'} IN"
                f" ({', '.join('?' * len(values)) or 'NULL'}) GROUP BY identifier",
                values,
            )
        )
        if few:
            found |= {identifier: title.text for identifier, title in self.spoken(identifiers).items() if title.text}
        return found

    def spoken(self, identifiers: Iterable[str]) -> dict[str, Said]:
        """Titles in the reader's language where their publishers give one, else the original, marked with its language.

        An identifier that several publishers use has no title of its own.
        """
        language = self.words.language
        found: dict[str, Said] = {}
        keys = pages.keys(self.edition, identifiers)
        rows = self.edition.rows(
            "SELECT a.identifier, a.title, a.language, p.texts FROM activities a LEFT JOIN pages p"
            " ON p.key = a.key AND lower(left(a.language, 2)) <> ?"
            f" WHERE a.key IN ({', '.join('?' * len(keys)) or 'NULL'})"
            " QUALIFY count(*) OVER (PARTITION BY a.identifier) = 1",
            [language, *keys],
        )
        for identifier, title, own, texts in rows:
            told = [(t["language"], t["text"]) for t in json.loads(texts or "[]") if t["role"] == "title"]
            found[identifier] = said(told, language, own) if told else Said(title)
        return found

    def link(self, dimension: str, code: str) -> str:
        """Where a code leads; "" where it has no page of its own."""
        if dimension == "contributor":
            return self.prefix + addresses.contributor(code)
        if dimension in ORGANIZATIONS:
            return self.prefix + addresses.organization(code)
        if dimension in ("project", "activity"):
            return f"{self.prefix}/project/{addresses.segment(code)}"
        if dimension == "fund":
            return f"{self.prefix}/fund/{addresses.segment(code)}"
        if dimension in ("country", "region", "sector", "theme", "sdg"):
            return f"{self.prefix}/{dimension}/{addresses.segment(code)}"
        if dimension == "marker":
            return self.prefix + addresses.marker(code)
        if dimension == "window" and (fund := self._window_of(code)):
            return f"{self.prefix}/window/{addresses.segment(fund)}/{addresses.segment(code)}"
        if dimension in ("window", "status", "place"):
            return addresses.query(f"{self.prefix}/projects", [(dimension, code)])
        return ""

    def _window_of(self, code: str) -> str:
        """The fund whose window it is; "" where several funds have one of that code, or none."""
        memo = self.edition.memo
        if "windows" not in memo:
            memo["windows"] = dict(
                self.edition.rows(
                    "SELECT m.code, CASE WHEN count(DISTINCT a.fund) = 1 THEN any_value(a.fund) ELSE '' END"
                    " FROM memberships m JOIN activities a USING (key) WHERE m.dimension = 'window' AND a.fund <> ''"
                    " GROUP BY m.code"
                )
            )
        return str(memo["windows"].get(code, ""))


def movement(name: str) -> str:
    """The label of a movement: that of the figure which is this movement alone, else its words."""
    for figure in FIGURES.values():
        if figure.movements == (name,):
            return figure.label
    return name.replace("_", " ").capitalize()
