"""Pages as documents to file: what of a page stands in its PDF, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from quipu.edition.pages import Record
from quipu.files.factsheet import Block, Factsheet, KeyFigure, Section
from quipu.portal.render import PDF, Furniture
from quipu.portal.results import KINDS, Indicator, Results
from quipu.portal.sheet import Block as Prose
from quipu.portal.sheet import Sheet
from quipu.portal.sheet import prose as as_prose
from quipu.rules import narrative
from quipu.rules.asking import DIMENSIONS, USD
from quipu.rules.figures import FIGURES
from quipu.rules.movements import POOLED, REPORTED
from quipu.rules.table import Table

LINES = 40  # of one table; the page and its files hold all of them
OF_FILES = (
    "giver_kind",
    "kind",
    "promised",
    "due",
    "evidence",
)  # of other resources: twelve columns are too many for a page


def of(
    here: Furniture,
    title: str,
    kicker: str,
    facts: Iterable[tuple[str, str]],
    headlines: Iterable[Table],
    sections: Iterable[Section],
    status: str = "",
    warnings: Sequence[str] = (),
) -> Factsheet:
    """The document of any page that has a title, facts in its head, key figures, prose and tables."""
    gettext, words = here.words.gettext, here.words
    manifest = here.edition.manifest
    made = gettext("Edition %(number)s") % {"number": here.edition.number}
    foot = [
        f"{here.site} · {made}, {words.long_day(manifest.made_at[:10])}, {manifest.made_at[11:16]} UTC",
        here.whole(f"{words.before}/e/{here.edition.number}{here.page.removesuffix(f'.{PDF}')}"),
        gettext("Content %(hash)s") % {"hash": manifest.content},
    ]
    if here.demo:
        warnings = (
            *warnings,
            " ".join(
                (
                    gettext("Demonstration."),
                    gettext("Not a United Nations site. People are invented and amounts are illustrative."),
                )
            ),
        )
    page = gettext("page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"}
    return Factsheet(
        title,
        kicker,
        words.language,
        page,
        foot,
        [(label, said) for label, said in facts if said],
        status,
        warnings,
        [figure for table in headlines for figure in _figures(here, table)],
        [section for section in sections if section.blocks or section.tables or section.empty],
    )


def money(here: Furniture, tables: Mapping[str, Table], titles: Mapping[str, str], most: int = LINES) -> list[Table]:
    """The tables of those names that hold rows, under their titles and in the reader's language."""
    gettext = here.words.gettext
    found = []
    for key, title in titles.items():
        if key not in tables or not tables[key].rows:
            continue
        table = tables[key]
        columns = [replace(column, label=gettext(column.label)) for column in table.columns]
        notes = [gettext(note) for note in table.notes]
        if left := table.left_out.count:
            one = "%(num)s entry is left out: it could not be converted to US$ (%(which)s)."
            many = "%(num)s entries are left out: they could not be converted to US$ (%(which)s)."
            which = ", ".join(table.left_out.currencies)
            notes.append(here.words.ngettext(one, many, left) % {"num": here.words.count(left), "which": which})
        if (more := len(table.rows) - most) > 0:
            said = here.words.ngettext("%(num)s more row is in the files.", "%(num)s more rows are in the files.", more)
            notes.append(said % {"num": here.words.count(more)})
        heads = {key: gettext(head) for key, head in table.heads.items()}
        total = [replace(table.total[0], label=gettext("Total")), *table.total[1:]] if table.total else None
        found.append(
            replace(table, columns=columns, notes=notes, heads=heads, title=title, rows=table.rows[:most], total=total)
        )
    return found


def of_activity(
    here: Furniture,
    record: Record,
    sheet: Sheet,
    results: Results,
    headline: Table,
    tables: Mapping[str, Table],
    registers: Mapping[str, str],
    unit: str,
) -> Factsheet:
    """The factsheet of a fund, a programme or a project, block by block as its page. registers: titles of their tables."""
    gettext = here.words.gettext
    kinds = {
        "fund": gettext("Fund factsheet"),
        "programme": gettext("Programme factsheet"),
        "project": gettext("Project factsheet"),
    }
    fund = record["fund_title"] or record["fund"] if record["place"] == "child" else ""
    amounts = gettext("All amounts in US$") if unit == USD else gettext("Amounts in the currencies as reported")
    names = {
        "organizations": gettext("By participating organization"),
        "categories": gettext("By category"),
        "years": gettext("By year"),
        "contributors": gettext("Commitments and deposits by contributor"),
    }
    parts = gettext("Projects") if record["kind"] == "fund" else gettext("Parts")
    own = gettext("In %(currency)s, the fund's own currency; per cent of deposits, with organizations of transfers")
    sections = [
        Section(gettext("About"), list(_about(here, sheet)), empty=gettext("The publisher gives no description.")),
        Section(
            gettext("Results"),
            list(_results(here, results)),
            money(here, tables, {"beneficiaries": gettext("Beneficiaries")}),
        ),
        Section(
            gettext("Funding status"),
            tables=money(here, tables, {"status": ""}),
            note=own % {"currency": record["currency"]},
        ),
        Section(
            gettext("Financials"),
            tables=money(here, tables, names),
            note=f"{amounts}. {_rule(here) if record['place'] != 'elsewhere' else ''}".strip(),
            empty=gettext("The published sources hold no money for this page."),
        ),
        *_of_the_programme(here, record, tables, registers),
        Section(parts, tables=money(here, tables, {"parts": ""}), note=amounts),
        Section(
            gettext("Latest vouchers"),
            tables=money(here, tables, {"vouchers": ""}),
            empty=gettext("Nothing here: the published sources hold none."),
        ),
        Section(gettext("Contacts"), _contacts(sheet), empty=gettext("No contact is published.")),
    ]
    status = f"{gettext(sheet.status.label)}. {gettext(sheet.status.meaning)}"
    warnings = [gettext("Amounts are illustrative")] if record["illustrative"] else []
    kicker = " · ".join(filter(None, (kinds[record["kind"]], fund)))
    title = sheet.title.text or record["identifier"]
    return of(here, title, kicker, _head(here, record, sheet, fund), [headline], sections, status, warnings)


def of_view(
    here: Furniture,
    title: str,
    kicker: str,
    facts: Iterable[tuple[str, str]],
    headlines: Mapping[str, Table],
    tables: Mapping[str, Table],
    cuts: Iterable[str],
) -> Factsheet:
    """The document of a page seen from an organization, a country, a theme …: the money of each family under its cuts."""
    gettext, by = here.words.gettext, here.words.gettext("By %(what)s")
    heads = {POOLED: gettext("Money of pooled funds"), REPORTED: gettext("As publishers report it")}
    names = {cut: by % {"what": gettext(DIMENSIONS[cut].label).lower()} for cut in (*cuts, "year")}
    amounts = gettext("All amounts in US$")
    sections = [
        Section(
            heads[family],
            tables=money(here, tables, {f"{family}_{cut}": said for cut, said in names.items()}),
            note=amounts,
        )
        for family in headlines
    ]
    sections += [
        Section(gettext("Projects"), tables=money(here, tables, {"projects": ""}), note=amounts),
        Section(gettext("Latest vouchers"), tables=money(here, tables, {"vouchers": ""})),
    ]
    return of(here, title, kicker, facts, headlines.values(), sections)


def _rule(here: Furniture) -> str:
    return here.words.gettext(
        "Organizations submit final year-end expenditure by 30 April of the following year; interim figures are voluntary,"
        " so the running year is not final until then."
    )


def _head(here: Furniture, record: Record, sheet: Sheet, fund: str) -> list[tuple[str, str]]:
    """What stands in the head of the page, as label and words."""
    gettext, words, dates = here.words.gettext, here.words, sheet.dates
    short = ", ".join(item["value"] for item in record["identifiers"] if item["type"] == "A1")
    codes = ", ".join(item["value"] for item in record["identifiers"] if item["type"] == "A9")

    def day(actual: str, planned: str) -> str:
        if actual in dates:
            return words.day(dates[actual]["on"])
        return f"{words.day(dates[planned]['on'])} ({gettext('planned')})" if planned in dates else ""

    def shared(dimension: str, name: str) -> str:
        items = sheet.portions(dimension)
        named = [(here.labels.name(name, item["code"]), item["percentage"]) for item in items]
        return ", ".join(f"{said} {part}%" if part and len(items) > 1 else said for said, part in named)

    start = day("2", "1")
    if record["place"] == "child" and "2" in dates:
        start = f"{start} ({gettext('first transfer')})"
    identifier = f"{short} ({record['identifier']})" if short else record["identifier"]
    return [
        (gettext("Fund code") if record["kind"] == "fund" else gettext("Project ID"), identifier),
        (gettext("Description"), codes),
        (gettext("Fund"), fund),
        (gettext("Published by"), record["publisher_name"] or record["publisher"] or gettext("this office")),
        (gettext("Start date"), start),
        (gettext("End date"), day("4", "3")),
        (gettext("Theme"), ", ".join(item["name"] or item["code"] for item in sheet.portions("theme"))),
        (gettext("Country"), shared("country", "country")),
        (gettext("Region"), shared("region", "region")),
        (gettext("Place"), ", ".join(dict.fromkeys(item["name"] for item in record["places"] if item["name"]))),
        (
            gettext("Participating organizations"),
            ", ".join(item["name"] or item["organization"] for item in sheet.participants("4")),
        ),
    ]


def _about(here: Furniture, sheet: Sheet) -> Iterable[Block]:
    """Overview, objectives, outcomes with their achievements, and what else is told."""
    gettext, told = here.words.gettext, sheet.descriptions
    for kind, heading in (("1", ""), ("2", gettext("Objectives")), ("3", gettext("Target groups"))):
        for n, prose in enumerate(told.get(kind, ())):
            yield _block(prose, "" if n else heading)
    for piece in sheet.pieces:
        if piece.key == narrative.OVERVIEW:  # which is the description as well
            continue
        heading = f"{gettext('Outcome')} {piece.number}" if piece.number else gettext(piece.heading)
        told_so = as_prose(narrative.plain(piece.text), piece.lang)
        title = f"{heading}: {piece.title}" if piece.title else heading
        yield Block(title, [*filter(None, [told_so.heading]), *told_so.paragraphs], told_so.items, piece.lang)
    for prose in told.get("4", ()):
        yield _block(prose, gettext("More"))


def _block(prose: Prose, heading: str) -> Block:
    return Block(prose.heading or heading, prose.paragraphs, prose.items, prose.lang)


def _results(here: Furniture, results: Results) -> Iterable[Block]:
    """Each outcome's title, what files say of it, and its indicators with their values; outputs below it."""
    gettext = here.words.gettext
    for aim in results.aims:
        kind = gettext(KINDS[aim.kind]) if aim.kind in KINDS else ""
        yield Block(
            " ".join(filter(None, (kind, str(aim.number) if aim.number else ""))) or aim.title.text,
            [
                *([aim.title.text] if kind and aim.title.text else []),
                *(line for each in aim.prose for line in each.paragraphs),
            ],
            [*(line for each in aim.prose for line in each.items), *(_indicator(here, one) for one in aim.indicators)],
            aim.title.lang,
        )
        for output in aim.outputs:
            title = f"{gettext('Output')} {aim.number}.{output.number}: {output.title.text}"
            yield Block(title, [], [_indicator(here, one) for one in output.indicators], output.title.lang)


def _indicator(here: Furniture, one: Indicator) -> str:
    """An indicator in one line: its value, progress, the source, and what other sources say."""
    gettext = here.words.gettext
    value = one.shown or (gettext(one.last.why) if one.last and one.last.why else gettext("not read yet"))
    told = f"{value} – {one.title.text}" + (f" ({one.unit.text})" if one.unit.text else "")
    said = [one.sentence] if one.sentence else []
    if one.last is not None and one.last.source.text:
        said.append(one.last.source.text)
    if one.others:
        said.append(gettext("sources differ: %(others)s") % {"others": ", ".join(each.shown for each in one.others)})
    if one.choice:
        said.append(gettext("chosen because: %(reason)s") % {"reason": one.choice})
    return f"{told}. {' · '.join(said)}" if said else told


def _of_the_programme(
    here: Furniture, record: Record, tables: Mapping[str, Table], registers: Mapping[str, str]
) -> Iterable[Section]:
    """What a programme keeps beside the ledger's figures: spending by output, community funds, registers, other resources."""
    gettext = here.words.gettext
    resources = tables.get("resources")
    if resources:
        resources = resources.of_columns(
            [n for n, column in enumerate(resources.columns) if column.key not in OF_FILES]
        )
    yield Section(
        gettext("Spending by output"),
        tables=money(here, tables, {"outputs": ""}),
        note=gettext("In %(currency)s, the fund's own currency") % {"currency": record["currency"]},
    )
    yield Section(
        gettext("Revolving funds of communities"),
        tables=money(here, tables, {"revolving": ""}),
        note=gettext("Totals of the programme, in the currency that communities count in"),
    )
    yield Section(
        gettext("What stands behind a count"),
        tables=money(here, tables, {**registers, "register_totals": gettext("Sums")}),
        note=gettext(
            "Some numbers of this programme are counted from lists that it keeps. Nothing of a person is ever shown, amounts"
            " only as sums over five rows or more."
        ),
    )
    yield Section(
        gettext("Other resources"),
        tables=money(here, {"resources": resources} if resources else {}, {"resources": ""}),
        note=gettext(
            "Who else promised or gave something for the same purpose. None of it is in the figures above, and nothing of it"
            " is added up."
        ),
    )


def _contacts(sheet: Sheet) -> list[Block]:
    said = [
        ", ".join(filter(None, (c.get(part, "") for part in ("organisation", "department", "job-title", "website"))))
        for c in sheet.contacts
    ]
    return [Block(items=[each for each in said if each])] if any(said) else []


def _figures(here: Furniture, table: Table) -> Iterable[KeyFigure]:
    if not table.rows:
        return
    gettext = here.words.gettext
    for column, cell in zip(table.columns, table.rows[0], strict=True):
        if not column.figure:
            continue
        value, mark = here.plainly(column, cell, table.unit)
        percent = "\N{NO-BREAK SPACE}%" if column.kind == "percent" and cell.value is not None else ""
        unit = "US$ · " if column.kind == "money" and table.unit == USD else ""
        yield KeyFigure(gettext(column.label), value + percent, mark, unit + gettext(FIGURES[column.figure].sentence))
