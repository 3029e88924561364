"""The languages of the pages: gettext catalogues read as they are written, and names of the world from the CLDR."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale, dates, numbers
from babel.messages.pofile import read_po

from quipu.rules.languages import DEFAULT, LANGUAGES
from quipu.rules.money import printed

__all__ = ["DEFAULT", "LANGUAGES", "MANNERS", "Manner", "Words", "words"]


LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a prefix of an address speaks: whose catalogue, whose way of writing numbers, which tag a browser is told."""

    language: str
    locale: str
    tag: str
    name: str = ""  # where a language is written in several ways: this one's


# 1,234.56 is written in Peru and by the CLDR for Latin America, 1.234,56 in Spain; the texts are the same.
MANNERS = {
    "en": Manner("en", "en", "en"),
    "es": Manner("es", "es_419", "es", "América Latina"),
    "es-es": Manner("es", "es_ES", "es-ES", "España"),
    "fr": Manner("fr", "fr", "fr"),
}


@cache
def _pattern(decimals: int) -> numbers.NumberPattern:
    """How an amount is written, read once."""
    return numbers.parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


class Words:
    """One manner of a language: its texts, its way of writing numbers and days, its names of countries and currencies."""

    def __init__(self, code: str, folders: Sequence[Path] = (LOCALE,)) -> None:
        manner = MANNERS[code]
        self.code, self.language, self.tag, self.name = code, manner.language, manner.tag, manner.name
        self.locale = Locale.parse(manner.locale)
        language = self.language
        self.texts: dict[str, str] = {}
        self.plurals: dict[str, tuple[str, ...]] = {}
        for path in (folder / f"{language}.po" for folder in folders if language != DEFAULT):
            if not path.is_file():  # a language that is not translated yet
                continue
            with path.open("rb") as file:
                for message in read_po(file, locale=language):
                    if isinstance(message.id, tuple):
                        self.plurals[message.id[0]] = tuple(message.string)
                    elif message.id and isinstance(message.string, str):
                        self.texts[message.id] = message.string

    @property
    def before(self) -> str:
        """What stands before every path in this manner."""
        return "" if self.code == DEFAULT else f"/{self.code}"

    @property
    def others(self) -> list["Words"]:
        """The other manners of the same language."""
        return [words(code) for code, m in MANNERS.items() if m.language == self.language and code != self.code]

    @property
    def direction(self) -> str:
        """Where its lines begin: "ltr" or "rtl"."""
        return str(self.locale.text_direction)

    @property
    def sample(self) -> str:
        """A number as it is written here."""
        return self.money(Decimal("1234.56"), 2)

    def gettext(self, text: str) -> str:
        """The text in this language; English where it has none."""
        return self.texts.get(text) or text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form for a count; all three languages have two (French counts 0 with 1)."""
        single = count in (0, 1) if self.language == "fr" else count == 1
        forms = self.plurals.get(one) or (one, many)
        return (forms[0] if single else forms[-1]) or (one if single else many)

    def money(self, value: Decimal, decimals: int = 0) -> str:
        """An amount for print: rounded here and nowhere else, negative in brackets."""
        rounded = printed(value, decimals)
        text = _pattern(decimals).apply(abs(rounded), self.locale, decimal_quantization=False)
        return f"({text})" if rounded < 0 else text

    def count(self, value: int) -> str:
        """A whole number with separators."""
        return str(numbers.format_decimal(value, locale=self.locale))

    def size(self, bytes_: int) -> str:
        """How large a file is, in the unit that gives it few digits."""
        small = "o" if self.language == "fr" else "B"
        if bytes_ < 1000:
            return f"{bytes_} {small}"
        if bytes_ < 1_000_000:
            return f"{self.count(round(bytes_ / 1000))} k{small}"
        return f"{numbers.format_decimal(round(bytes_ / 1_000_000, 1), locale=self.locale)} M{small}"

    def day(self, value: str | date) -> str:
        """A day, from a date or ISO text; other text stays as it is."""
        try:
            day = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        except ValueError:
            return str(value)
        return str(dates.format_date(day, "d MMM y", locale=self.locale))

    def long_day(self, value: str | date) -> str:
        """A day with its month in full, as sentences write it."""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return str(dates.format_date(day, "long", locale="en_GB" if self.language == "en" else self.locale))

    def country(self, code: str) -> str:
        """The CLDR's name of a territory, or the code."""
        return str(self.locale.territories.get(code.upper(), code))

    def foreign(self, code: str) -> str:
        """The language of a text for a browser, "" where it is the reader's own or not stated."""
        code = code.lower()[:2]
        return "" if code == self.language else code

    def tongue(self, code: str) -> str:
        """The name of a language, or its code."""
        return str(self.locale.languages.get(code.lower().replace("-", "_"), code))


@cache
def words(code: str) -> Words:
    """The words of a manner, read once."""
    return Words(code)
