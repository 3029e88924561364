"""All published files in one edition: every number can be walked to file and line, and nothing is missing."""

import csv
import gzip
import random
import xml.etree.ElementTree as tree
from datetime import date
from decimal import Decimal
from itertools import islice

import pytest

from quipu.edition.ask import ask, trail
from quipu.rules.asking import question

pytestmark = [pytest.mark.real, pytest.mark.long]


def lines_from(path, line):
    """The text of a file from a line on, as it lies there."""
    opened = gzip.open if path.name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", errors="replace") as file:
        return list(islice(file, line - 1, line + 400))


def transactions_beginning(path, line):
    """The transaction elements that begin on a line, parsed apart from everything else."""
    lines = lines_from(path, line)
    text, found, at = "".join(lines), [], 0
    while (start := text.find("<transaction", at)) != -1 and start < len(lines[0]):
        at = start + len("<transaction")
        if text[at] in " >\n\t":
            end = text.index("</transaction>", start) + len("</transaction>")
            declared = (
                ' xmlns:usg="u" xmlns:sida="s" xmlns:unhcr="n" xmlns:cerf="c" xmlns:budgetline="b" xmlns:akvo="a"'
            )
            found.append(tree.fromstring(text[start:at] + declared + text[at:end]))
    return found


def written(element):
    """(date, value) of a transaction as its source writes it."""
    day, value = element.find("transaction-date"), element.find("value")
    stated = (day.get("iso-date") or day.text or "").strip()
    return date.fromisoformat(stated[:10]), Decimal(value.text.strip())


def test_twenty_random_transactions_are_found_at_the_file_and_line_the_edition_says(real, data):
    ((count,),) = real.rows("SELECT count(*) FROM entries")
    assert count > 100_000
    dice = random.Random(20)
    for place in dice.sample(range(count), 20):
        ((name, line, day, value, literal),) = real.rows(
            'SELECT s.name, e.line, e."on", e.value, e.literal FROM entries e JOIN activities a USING (key)'
            " JOIN sources s ON s.source = a.source ORDER BY e.key, e.ordinal LIMIT 1 OFFSET ?",
            [place],
        )
        found = transactions_beginning(data / "iati" / name, line)
        assert found, f"no transaction begins at {name}:{line}"
        assert (day, Decimal(literal) if literal else value) in [written(element) for element in found], (
            f"{name}:{line}"
        )


def test_every_file_of_the_manifest_is_counted_as_its_manifest_counts_it(real, data):
    sources = {source["name"]: source for source in real.manifest.sources}
    with (data / "iati" / "MANIFEST.csv").open(newline="") as rows:
        listed = list(csv.DictReader(rows))
    assert len(listed) == 179
    wrong = []
    for row in listed:
        source = sources[row["file"]]
        ours = (
            source["activities"] + source["refused_activities"],
            source["transactions"] + source["refused_transactions"],
        )
        if row["wellformed"] == "yes" and ours != (int(row["activities"] or 0), int(row["transactions"] or 0)):
            wrong.append((row["file"], ours, row["activities"], row["transactions"]))
    assert wrong == []


def test_every_publisher_is_shown(real, data):
    with (data / "iati" / "MANIFEST.csv").open(newline="") as rows:
        listed = {row["publisher"] for row in csv.DictReader(rows) if row["publisher"] and "|" not in row["publisher"]}
    shown = {publisher for (publisher,) in real.rows("SELECT DISTINCT publisher FROM activities")}
    assert len(listed) > 120
    assert listed - shown == set()


@pytest.mark.parametrize(
    ("figures", "by", "where"),
    [
        (["spend"], ["country"], ["publisher=XM-OCHA-CERF"]),
        (["disbursement"], ["sector", "year"], ["publisher=XI-IATI-WBTF"]),
        (["reimbursement"], ["publisher"], []),
        (["incoming_funds"], ["currency"], ["year=2020"]),
    ],
)
def test_each_number_is_the_sum_of_the_entries_behind_it(real, figures, by, where):
    answer = ask(real, question(figures, by, where))
    assert answer.rows
    for row in answer.rows[:12]:
        cell = row[-1]
        if cell.value is None:
            continue
        items = [f"{key}={value}" for key, value in cell.scope]
        steps = list(trail(real, question(figures, where=items)))
        assert sum(step.part for step in steps) == steps[-1].running == cell.value


def test_totals_leave_out_what_could_not_be_converted_and_say_so(real):
    answer = ask(real, question(["disbursement"]))
    assert answer.left_out.count > 0
    ((unconverted,),) = real.rows("SELECT count(*) FROM facts WHERE movement = 'disbursement' AND usd IS NULL")
    assert answer.left_out.count == unconverted
    assert "publishers" in answer.notes[0]
