"""The catalogues of translations: what must be said in every language, found in the templates and in the rules.

`python -m quipu.portal.catalogue` brings locale/*.po up to date: new texts empty, old ones dropped, translations kept.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from quipu.edition import attribution, bulk
from quipu.portal import render, sentences
from quipu.portal.labels import SIGNIFICANCE, movement
from quipu.portal.languages import DEFAULT, LANGUAGES
from quipu.portal.views import documents, lists, organization, report, seen
from quipu.rules import asking, codes
from quipu.rules.figures import FIGURES
from quipu.rules.filing import TYPES
from quipu.rules.findings import LETTER_RULES, RULES, SEVERITIES
from quipu.rules.journal.words import VOUCHER_KINDS
from quipu.rules.kinds import CATEGORIES, OF_OLD
from quipu.rules.statements import funding_status
from quipu.rules.statuses import STATUSES

HERE = Path(__file__).parent
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed one: the same texts give the same bytes
Message = str | tuple[str, str]
# Reasons of an empty cell, and words that stand in tables made by views.
LOOSE = (
    *(
        "none",
        "not stated",
        "unknown",
        "not of these books",
        "the fund itself",
        "the file",
        "no reference",
        "not converted",
    ),
    *("interim", "certified", "Line item", "Per cent", "adjusts %(year)s"),
    *("entry", "budget", "whole", "in part", "Humanitarian", "Not marked humanitarian", "Pooled fund", "As reported"),
    *("Fund", "Programme", "Project", "Organization", "Rates", "Total", "Period", "Share of the total"),
    *("to be identified", "not earmarked", "Contributors"),
    "Who promised and gave money to the funds here. Each page tells what became of it.",
)


def messages() -> Iterator[Message]:
    """Every text a reader may be shown that is not data, plural forms as pairs."""
    for template in sorted((HERE / "templates").glob("*.html")):
        with template.open("rb") as file:
            for _, function, text, _ in babel_extract(file, ("_", "gettext", "ngettext"), (), {}):
                said = [str(part) for part in (text if isinstance(text, tuple) else (text,)) if part]
                yield (said[0], said[1]) if function == "ngettext" else said[0]  # values follow a text as None
    for view in sorted([*(HERE / "views").glob("*.py"), Path(attribution.__file__)]):
        with view.open("rb") as file:
            for _, text, _, _ in extract("python", file, {"Column": (2,), "append": None}):
                if str(text)[:1].isupper():  # notes are sentences; SQL is appended too
                    yield str(text)
    for figure in FIGURES.values():
        yield from (figure.label, figure.sentence)
        yield from (movement(name) for name in figure.movements)
    for dimension in asking.DIMENSIONS.values():
        yield dimension.label
    for status in STATUSES:
        yield from (status.label, status.meaning)
    yield from (rule.sentence for rule in (*RULES.values(), *LETTER_RULES.values()))
    yield from SEVERITIES
    yield from (about for about, _ in bulk.TABLES.values())
    yield from (label for _, label, *_ in organization.VIEWS)
    yield from organization.ROLE_CODES.values()
    yield from lists.FACETS.values()
    yield from (text for _, *texts in lists.LISTS.values() for text in texts)
    yield from (kind.label for kind in seen.KINDS.values())
    yield from (label for label, *_ in (*report.STARTS, *report.STARTS_AS_REPORTED))
    yield from report.FAMILIES.values()
    yield from (label for label, _ in lists.SORTS.values())
    yield from TYPES.values()
    yield from (label for label, *_ in documents.FACETS.values())
    yield from documents.KEPT.values()
    yield from SIGNIFICANCE.values()
    yield from (
        role.capitalize()
        for role in ("publisher", "funding", "accountable", "extending", "implementing", "provider", "receiver")
    )
    yield from codes.table()["region"].values()
    yield from VOUCHER_KINDS
    yield from (OF_OLD, *(category.label for category in CATEGORIES.values()))
    yield from funding_status.HEADS.values()
    for layout in funding_status.LAYOUTS.values():
        yield from (row.label for row in layout)
    yield from sentences.PATTERNS
    yield from (render.ODD, asking.ILLUSTRATIVE, asking.HOLDS_INTERIM, asking.CUT_APART, asking.PART_OF_A_YEAR, *LOOSE)


def main() -> None:
    """Brings every catalogue up to date and says what is missing."""
    wanted = {m if isinstance(m, str) else m[0]: m for m in messages() if m}
    for language in LANGUAGES:
        if language == DEFAULT:
            continue
        path = HERE / "locale" / f"{language}.po"
        known = Catalog(locale=language)
        if path.is_file():
            with path.open("rb") as file:
                known = read_po(file, locale=language)
        fresh = Catalog(
            locale=language,
            header_comment=f"# Quipu: the pages in {LANGUAGES[language]}.\n#",
            project="Quipu",
            version="1",
            copyright_holder="Quipu",
            last_translator="Quipu",
            language_team="Quipu",
            creation_date=MOMENT,
            revision_date=MOMENT,
            fuzzy=False,
        )
        fresh.msgid_bugs_address = ""  # the constructor would put a placeholder here
        for key in sorted(wanted):
            message, empty_one = known.get(key), ("", "") if isinstance(wanted[key], tuple) else ""
            kept = message is not None and message.string and isinstance(message.string, type(empty_one))
            fresh.add(wanted[key], message.string if message and kept else empty_one)
        with path.open("wb") as out:
            write_po(out, fresh, omit_header=False, width=110, sort_output=True, ignore_obsolete=True)
        empty = sum(1 for m in fresh if m.id and not (m.string if isinstance(m.string, str) else all(m.string)))
        print(f"{language}: {len(fresh)} texts, {empty} to be translated")


if __name__ == "__main__":
    main()
