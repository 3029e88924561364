"""The demonstration's five journals in one ledger, beside figures typed by hand and the IATI file that tells the same money.

The judge of the MDG Achievement Fund is demo/mdg-achievement-fund.xml, read here by lxml alone: references, days, amounts.
"""

import hashlib
import re
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

DEMO = Path(__file__).parents[2] / "demo"
JOURNALS = (
    "albania-one-un",
    "peacebuilding-fund",
    "mdg-achievement-fund",
    "valley-joint-programme",
    "three-currencies",
)
FUND = "MDG00"
SECRETARIAT = "00099100"  # the fund's own cost, which the file does not have

# Rows of the funding status, as the comments at the end of the journals add them up; JVD00 with all of its story.
STATUS = {
    "MDG00": {
        "contributions": "16000000.00",
        "fund_interest": "335000.00",
        "organization_interest": "8947.38",
        "transferred": "15600000.00",
        "refunds": "56690.00",
        "agent_fee": "160000.00",
        "direct_cost": "278160.00",
        "bank_charges": "921.00",
        "balance_agent": "361556.38",
        "balance_organizations": "363606.00",
        "total_balance": "725162.38",
    },
    "JVD00": {
        "contributions": "3960000.00",  # 3,900,000 and 60,000 of a payer to be identified
        "other_income": "218000.00",  # from TCF00
        "total_sources": "4199725.00",  # with 21,084.85 and 640.15 of interest
        "transferred": "3390000.00",
        "agent_fee": "39000.00",
        "balance_agent": "770629.50",  # 492,629.50 in September, and 60,000 and 218,000 since
        "organizations_expenditure": "2149630.00",  # 1,919,580 certified and 230,050 interim
        "balance_organizations": "1240370.00",
    },
    "TCF00": {
        "contributions": "4040610.48",
        "other_income": "1250.00",
        "fund_transfers": "200000.00",
        "agent_fee": "40406.11",
        "total_uses": "2940614.61",
        "balance_agent": "1117023.77",
        "balance_organizations": "1637400.00",
    },
}
# What was certified of the programme in Peru in 2012, UNDP's interim report replaced: 566,410.45 + 228,650.00 + …
PERU_2012 = {
    "FAO": "318120.00",
    "ILO": "80940.00",
    "UNDP": "566410.45",
    "UNESCO": "133020.00",
    "UNIDO": "228650.00",
    "UNWTO": "112480.00",
}


def load(*names):
    """Loads journals of the demonstration, and answers what is to be said of them by rule."""
    from quipu.actions.load_journal import load_journal
    from quipu.rules import journal

    said = Counter()
    for name in names:
        file = DEMO / f"{name}.journal"
        loaded = load_journal(journal.read(file.read_bytes(), file.name), by="tester")
        said.update((name, finding.rule) for finding in loaded.findings if finding.severity != "note")
    return said


def asked(ledger, sql, *parameters):
    with ledger.connect() as connection:
        mark = "?" if ledger.engine == "sqlite" else "%s"
        return connection.execute(sql.replace("?", mark), parameters).fetchall()


@pytest.mark.parametrize("order", [JOURNALS, JOURNALS[::-1]], ids=["in order", "reversed"])
def test_the_five_journals_say_what_their_comments_say_and_add_up_by_hand(ledger, order):
    expected = {("mdg-achievement-fund", "balance-left"): 23, ("valley-joint-programme", "balance-left"): 1}
    assert load(*order) == expected
    from quipu.actions import books
    from quipu.rules.statements import funding_status

    for fund, rows in STATUS.items():
        drawn = funding_status.amounts(books.of_fund(fund))
        assert {key: drawn[key] for key in rows} == {key: Decimal(amount) for key, amount in rows.items()}, fund
    # Nothing is posted twice.
    before = asked(ledger, "SELECT count(*) FROM books_entry")
    assert set(load(*order)) == set()
    assert asked(ledger, "SELECT count(*) FROM books_entry") == before


def test_a_payer_nobody_knows_and_half_a_year_that_is_not_certified(ledger):
    load("valley-joint-programme")
    of = "FROM books_entry WHERE fund_id = 'JVD00' AND"
    assert asked(ledger, f"SELECT sum(amount) {of} movement = 'deposit' AND contributor_id IS NULL") == [(60_000_00,)]
    standing = "standing = 'interim' AND year = 2026 AND organization_id = 'UNDP'"
    assert asked(ledger, f"SELECT sum(amount) {of} {standing}") == [(230_050_00,)]
    from quipu.actions import books

    rows = {row[0].value: row[-1].value for row in books.available_to_allocate("JVD00", books.Moment()).rows}
    # Without the other fund's money: 552,629.50 - 150,000 - 180,000 - 25,000.
    assert rows["allocated_not_transferred"] == 330_000
    assert rows["available_to_allocate"] == Decimal("197629.50")


def test_an_exchange_difference_is_told_until_the_commitment_is_changed(ledger):
    load("three-currencies")
    from quipu.actions import books

    table = books.contributor_statement("TCF00", books.Moment())
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, (cell.value for cell in row), strict=True)) for row in table.rows]
    told = {row["agreement"]: (row["outstanding"], row["exchange_difference"]) for row in rows}
    assert told == {
        "TCF-SAA-1": (0, 0),
        "TCF-SAA-2": (0, Decimal("-19310.16")),
        "TCF-SAA-3": (300_000, None),
    }


def test_the_certified_year_in_peru_by_organization(ledger):
    load("mdg-achievement-fund")
    sql = (
        "SELECT organization_id, sum(amount) FROM books_entry WHERE project_id = ? AND year = ? AND movement = ?"
        " GROUP BY organization_id"
    )
    sums = {code: Decimal(int(units)) / 100 for code, units in asked(ledger, sql, "00067264", 2012, "expenditure")}
    assert sums == {code: Decimal(amount) for code, amount in PERU_2012.items()}
    interim = "SELECT sum(amount), count(*) FROM books_entry WHERE project_id = '00067264' AND standing = 'interim'"
    assert asked(ledger, interim) == [(0, 10)]  # five lines, and what took them back


# The IATI file as the judge


def file_of(path=DEMO / "mdg-achievement-fund.xml"):
    """(identifier, reference, type, day, amount) of each transaction."""
    for activity in etree.parse(path).iterfind("iati-activity"):
        identifier = activity.findtext("iati-identifier").removeprefix("XX-QUIPU-DEMO-")
        for told in activity.iterfind("transaction"):
            day = told.find("transaction-date").get("iso-date")
            kind = told.find("transaction-type").get("code")
            yield identifier, told.get("ref"), kind, day, Decimal(told.findtext("value"))


TYPES = {  # of the fund, and of its projects
    **{"commitment": ("11", 1), "commitment-change": ("11", 1), "deposit": ("1", 1), "agent-fee": ("4", 1)},
    **{"fund-interest": ("1", 1), "organization-interest": ("1", 1), "allocation": ("2", 1)},
    **{"transfer": ("3", 1), "refund": ("3", -1), "expenditure": ("4", 1)},
}
HEAD = re.compile(r"(\d{4}-\d{2}-\d{2}) [a-z-]+ \^(\S+)")
LINE = re.compile(r" {4}([a-z-]+) +(.*?) +(-?[\d,]+\.\d\d)(?: |$)")
YEAR = re.compile(r"  year (\d{4})")


def text_of(path=DEMO / "mdg-achievement-fund.journal"):
    """(identifier, reference, type, day, amount) of what the file can have too, read as lines of text.

    What is interim was replaced. An allocation's reference names the organization, spending is of its year's last day.
    """
    day = key = ""
    for written in path.read_text("utf-8").splitlines():
        if head := HEAD.match(written):
            day, key = head.groups()
        line = LINE.match(written)
        if not line or line[1] not in TYPES or SECRETARIAT in line[2] or " interim" in line[2]:
            continue
        kind, sign = TYPES[line[1]]
        amount = sign * Decimal(line[3].replace(",", ""))
        place = re.search(r"(\d{8})/([A-Z]+)", line[2])
        if line[1] == "expenditure":
            yield place[1], key, kind, f"{YEAR.search(written)[1]}-12-31", amount
            continue
        reference = key if line[1] != "allocation" else re.sub(r"^(A-\d+)", rf"\1-{place[2]}", key)
        yield FUND, reference, kind, day, amount
        if line[1] in ("transfer", "refund"):
            yield place[1], key, "1", day, amount


def summed(told, *fields):
    sums = defaultdict(Decimal)
    for row in told:
        sums[tuple(row[field] for field in fields)] += row[4]
    return dict(sums)


def test_the_journal_and_the_file_tell_the_same_money_by_reference_and_day():
    assert summed(text_of(), 0, 1, 2, 3) == summed(file_of(), 0, 1, 2, 3)


def test_what_is_posted_is_the_files_sum_of_each_type(ledger):
    load("mdg-achievement-fund")
    sql = "SELECT movement, sum(amount) FROM books_entry WHERE fund_id = 'MDG00' GROUP BY movement"
    moved = {movement.replace("_", "-"): Decimal(int(units)) / 100 for movement, units in asked(ledger, sql)}
    posted = defaultdict(Decimal)
    for movement, (kind, sign) in TYPES.items():
        posted["project" if movement == "expenditure" else FUND, kind] += sign * moved[movement]
    theirs = summed(file_of(), 0, 2)
    spent = sum(amount for (identifier, kind), amount in theirs.items() if identifier != FUND and kind == "4")
    of_fund = {key: amount for key, amount in theirs.items() if key[0] == FUND}
    assert dict(posted) == {**of_fund, ("project", "4"): spent}
    # Typed from the file's own lines.
    assert (of_fund[FUND, "1"], of_fund[FUND, "3"]) == (Decimal("16343947.38"), Decimal("15543310.00"))
    assert spent == Decimal("15179704.00")


def test_both_name_the_same_activities_and_organizations():
    journal = (DEMO / "mdg-achievement-fund.journal").read_text("utf-8")
    root = etree.parse(DEMO / "mdg-achievement-fund.xml").getroot()
    declared = set(re.findall(r"^ {4}iati: (\S+)", journal, re.MULTILINE))
    references = set(root.xpath("//participating-org/@ref"))
    assert declared == {*root.xpath("//iati-identifier/text()"), *references}
    assert re.findall(r"^ {4}publisher: (\S+)", journal, re.MULTILINE) == root.xpath(
        "/iati-activities/iati-activity[1]/reporting-org/@ref"
    )


# As text


@pytest.mark.parametrize("name", JOURNALS[2:])
def test_a_document_has_the_hash_of_its_title(name):
    """None of the documents exists, but for those that lie beside the journals and are named by their own hash."""
    there = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (DEMO / "documents").iterdir()}
    named = re.findall(r'document: sha256-(\w+) "([^"]*)"', (DEMO / f"{name}.journal").read_text("utf-8"))
    assert named
    for sha256, title in named:
        assert sha256 in there or sha256 == hashlib.sha256(title.encode()).hexdigest(), title


@pytest.mark.parametrize("name", JOURNALS)
def test_nothing_is_dated_after_the_day_the_demonstration_stands_at(name):
    text = (DEMO / f"{name}.journal").read_text("utf-8")
    assert max(re.findall(r"^(\d{4}-\d{2}-\d{2}) ", text, re.MULTILINE)) <= "2026-11-24"
