"""The catalogues of translations: what must be said in every language, found in the templates and in the rules.

`python -m quipu.portal.catalogue` brings locale/*.po up to date: new texts empty, old ones dropped, translations kept.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import jinja2
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import nodes
from jinja2.ext import babel_extract

from quipu.edition import attribution, bulk
from quipu.edition import gaps as edition_gaps
from quipu.portal import paper, render, results, sentences
from quipu.portal.labels import SIGNIFICANCE, movement
from quipu.portal.languages import DEFAULT, LANGUAGES
from quipu.portal.views import documents, lessons, lists, organization, report, search, seen
from quipu.rules import asking, calendar, codes, gaps, monitoring, reporting, resources, revolving
from quipu.rules.figures import FIGURES
from quipu.rules.filing import TYPES
from quipu.rules.findings import LETTER_RULES, RULES, SEVERITIES
from quipu.rules.journal.words import VOUCHER_KINDS
from quipu.rules.kinds import CATEGORIES, OF_OLD
from quipu.rules.narrative import SECTIONS
from quipu.rules.registers.kinds import words as register_words
from quipu.rules.results import beneficiaries, kinds, rolling
from quipu.rules.returns.registry import CHECKS
from quipu.rules.statements import funding_status
from quipu.rules.statuses import STATUSES
from quipu.rules.terms import TERMS

HERE = Path(__file__).parent
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)  # a fixed one: the same texts give the same bytes
Message = str | tuple[str, str]
SENTENCE = re.compile(
    r"(?!SELECT )[“A-Z][^{}\n]* [^{}\n]*[.?!]"
)  # text with a space that begins and ends as a sentence does
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
WORD = re.compile(r"[A-Za-z]{2,}")
ATTRIBUTE = re.compile(r'\s*[\w-]+="')
PLACE = re.compile(r"#[\w-]+")  # of a page, as a macro answers it for a link
# Names of formats and the like, which every language says alike.
SAID_ALIKE = {
    "US",
    "CSV",
    "Excel",
    "JSON",
    "IATI",
    "XML",
    "PDF",
    "PNG",
    "SVG",
    "HTML",
    "BibTeX",
    "UTC",
    "Parquet",
    "Quipu",
    "sha",
    "SHA",
}
_FURTHER = (
    attribution.__file__,
    edition_gaps.__file__,
    paper.__file__,
    results.__file__,
)  # code beside the views that has texts of its own
# Reasons of an empty cell, and words that stand in tables made by views.
LOOSE = (
    *("Less: allocated, not transferred (open participations)", "Less: minimum balance"),
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
    *(
        "outside any fund",
        "as its fund",
        "too large to be kept",
        "each that works on it",
        "not known",
        "not yet",
        "calendar",
    ),
    *("Planned end", "Without dates", "Without status", "Without results", "Without documents"),
    *("submitted", "in review", "accepted", "restated", "back with the organization"),  # states of returns
    *("approved", "draft", "submitted", "in force", "revised", "given up", "as reported"),  # readings and targets
    *("too few people", "not told for every period", "these are not added", "yes", "no"),
    *("on time", "the same", "waived", "not recorded", "fewer than five returns with a known day: the counts say it"),
    "Who promised and gave money to the funds here. Each page tells what became of it.",
)


def messages() -> Iterator[Message]:
    """Every text a reader may be shown that is not data, plural forms as pairs."""
    yield from of_templates(templates())
    said_in = [HERE / "labels.py", HERE / "prose.py", *map(Path, _FURTHER)]
    for source in [*sorted((HERE / "views").glob("*.py")), *said_in]:
        yield from of_python(ast.parse(source.read_text("utf-8")))
    for gap in gaps.GAPS:
        yield from (gap.label, gap.meaning, gap.remedy)
    for duty in calendar.DUTIES.values():
        yield from (duty.label, duty.sentence)
    yield from calendar.STATES
    yield from revolving.SENTENCES.values()
    yield from (*reporting.SENTENCES, *reporting.COUNTED.values(), *reporting.SHORT.values(), reporting.RESTATED)
    yield from (check.sentence for check in CHECKS.values() if check.waivable)
    for figure in FIGURES.values():
        yield from (figure.label, figure.sentence)
        yield from (movement(name) for name in figure.movements)
    for dimension in asking.DIMENSIONS.values():
        yield dimension.label
    for term in TERMS.values():
        yield from (term.label, *term.sentences, term.source)
    for status in STATUSES:
        yield from (status.label, status.meaning)
    yield from (rule.sentence for rule in (*RULES.values(), *LETTER_RULES.values()))
    yield from (heading for named in SECTIONS.values() for heading in named.values())
    yield from _of_results()
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
    yield from (*search.KINDS.values(), *search.LABELS.values())
    yield from documents.KEPT.values()
    yield from (*lessons.FACETS.values(), *lessons.SIDES.values(), lessons.WHOSE)
    yield from (*monitoring.KINDS.values(), *monitoring.ANSWERS.values(), *monitoring.PROGRESS.values())
    yield from (*monitoring.RISK_KINDS.values(), *monitoring.DEGREES.values(), *monitoring.RISK_STATES.values())
    yield from monitoring.LESSON_KINDS.values()
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
    yield from (*register_words(), *resources.SOURCES.values(), *resources.KINDS.values(), *resources.STATES.values())
    yield from (render.ODD, asking.ILLUSTRATIVE, asking.HOLDS_INTERIM, asking.CUT_APART, asking.PART_OF_A_YEAR, *LOOSE)


def _of_results() -> Iterator[str]:
    """Kinds of indicators and of what they are told apart by, their values in words, and how they are put together."""
    yield from (*(str(kind) for kind in kinds.Kind), *kinds.SENTENCES.values(), *kinds.MILESTONES)
    yield from (*kinds.DIRECTIONS.values(), *kinds.GATHERS.values())
    for one in kinds.BREAKS.values():
        yield from (one.label, *one.choices.values())
    yield from (*beneficiaries.WAYS.values(), *beneficiaries.ASPECTS.values(), *beneficiaries.WHO.values())
    yield from (*rolling.WAYS.values(), *rolling.REASONS.values(), *results.KINDS.values())


def of_templates(files: Iterable[Path]) -> Iterator[Message]:
    """What templates ask to be said."""
    for template in files:
        with template.open("rb") as file:
            for _, function, text, _ in babel_extract(file, ("_", "gettext", "ngettext", "text"), (), {}):
                said = [str(part) for part in (text if isinstance(text, tuple) else (text,)) if part]
                if said:  # values follow a text as None, and so does what a name stands for
                    yield (said[0], said[1]) if function == "ngettext" else said[0]


def templates() -> list[Path]:
    """All of them, pages and feeds."""
    return sorted(file for file in (HERE / "templates").iterdir() if file.suffix in (".html", ".xml"))


def of_python(tree: ast.Module) -> Iterator[str]:
    """Texts in code: what gettext is asked for, labels of columns, reasons of empty cells, labels by code, and sentences."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Column"), args=[_, ast.Constant(value=str(label)), *_]):
                yield label
            case ast.Call(
                func=ast.Name(id="gettext" | "said") | ast.Attribute(attr="gettext"),
                args=[ast.Constant(value=str(text)), *_],
            ):
                yield text
            case ast.keyword(arg="why", value=ast.Constant(value=str(why))):
                yield why
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)) if name.isupper():
                for value in _constants(values):  # {code: label} at the head of a view
                    if value[:1].isupper() and not value.isupper():
                        yield value
            case ast.Constant(value=str(text)) if SENTENCE.fullmatch(text) and not _is_docstring(tree, node):
                yield text


def _constants(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Dict):  # **{…}
            yield from _constants(node.values)
        elif isinstance(node, ast.Tuple):  # its label, and what else is known of it
            yield from _constants(node.elts[:1])


def _is_docstring(tree: ast.Module, constant: ast.Constant) -> bool:
    return any(isinstance(node, ast.Expr) and node.value is constant for node in ast.walk(tree))


class _Visible(HTMLParser):
    """Collects the words of a page that a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.is_code = False  # lines of a program are the same in every language

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.words += WORD.findall(PLACE.sub("", data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag == "pre"
        for name, value in attrs:
            if name in ("title", "aria-label", "placeholder", "alt"):
                self.words += WORD.findall(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.is_code = self.is_code and tag != "pre"


def untranslated(template: str) -> list[str]:
    """Words that stand in a template itself, outside of every `_()`: no catalogue can say them in another language."""
    engine = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    page = _Visible()
    page.feed("".join(_printed(engine.parse(template))))
    page.close()
    return [word for word in page.words if word not in SAID_ALIKE]


def _printed(node: nodes.Node) -> Iterator[str]:
    """What a template prints by itself: its own text, and words between quotes that are printed as they are."""
    match node:
        case nodes.TemplateData():
            yield node.data
        case nodes.Const():
            yield node.value if isinstance(node.value, str) else ""
        case nodes.CondExpr() | nodes.Or() | nodes.And() | nodes.Concat():
            for branch in _branches(node):
                yield from (f"{text} " for text in _printed(branch))
        case nodes.AssignBlock():  # kept for later: a piece of page, or the attributes of a tag
            kept = "".join(text for child in node.body for text in _printed(child))
            yield f"<i {kept}>" if ATTRIBUTE.match(kept) else kept
        case nodes.Expr():  # a name, or a call that answers a text
            yield ""
        case _:
            for child in node.iter_child_nodes():
                if isinstance(node, nodes.Output) or not isinstance(child, nodes.Expr):
                    yield from _printed(child)


def _branches(node: nodes.Expr) -> list[nodes.Expr]:
    """What an expression may print: either side of a choice, the last resort of an `or`, the pieces of a whole."""
    match node:
        case nodes.CondExpr():
            return [branch for branch in (node.expr1, node.expr2) if branch is not None]
        case nodes.Or() | nodes.And():
            return [node.right]
        case nodes.Concat():
            return list(node.nodes)
    return []


def faults(texts: Mapping[str, str], plurals: Mapping[str, tuple[str, ...]], wanted: Iterable[Message]) -> list[str]:
    """What a catalogue lacks: texts it does not say, and texts it says with other placeholders."""
    found = []
    for message in wanted:
        forms = plurals.get(message[0], ()) if isinstance(message, tuple) else (texts.get(message, ""),)
        meant = message[-1] if isinstance(message, tuple) else message
        if message and not (forms and all(forms)):
            found.append(f"not said: {meant}")
        elif any(set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(meant)) for form in forms) or (
            sorted(PLACEHOLDER.findall(forms[-1])) != sorted(PLACEHOLDER.findall(meant))
        ):
            found.append(f"other placeholders: {meant}")
    return found


def write(folder: Path, said: Iterable[Message], pages: str = "the pages") -> None:
    """Brings the catalogues of a folder up to date with what has to be said, and tells what is missing."""
    wanted = {m if isinstance(m, str) else m[0]: m for m in said if m}
    for language in LANGUAGES:
        if language == DEFAULT:
            continue
        path = folder / f"{language}.po"
        known = Catalog(locale=language)
        if path.is_file():
            with path.open("rb") as file:
                known = read_po(file, locale=language)
        fresh = Catalog(
            locale=language,
            header_comment=f"# Quipu: {pages} in {LANGUAGES[language]}.\n#",
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
    write(HERE / "locale", messages())
