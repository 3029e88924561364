"""A journal is read whole: every word of its grammar, and every fault in it with its line and column."""

from datetime import date
from decimal import Decimal

import pytest

from quipu.rules.journal import (
    Assertion,
    CloseYear,
    Declaration,
    Extend,
    Fault,
    Line,
    Meta,
    Original,
    Place,
    Reference,
    ReopenYear,
    Setting,
    StatusChange,
    Voucher,
    check,
    read,
)
from quipu.rules.kinds import KINDS

HASH = "0f" * 32
RIVERS = f"""; Two funds, told from the first promise to the last closed year.
fund RIV "Rivers of the Andes"   ; a comment behind a title
\tcurrency: USD
    agent-fee: 1%
fund LAKE "The \\"upper\\" lake; and its shore"
    currency: JPY
window GREEN RIV "Green banks"
contributor CL "Chile"
organization FAO "Food and Agriculture Organization"
    iati: XM-DAC-41301

organization NGO/UNDP "UNDP, for associations"
project 0042 "Clean water in three valleys"
    fund: RIV
    window: GREEN
    country: PE 60%
    country: BO 40%
    theme: water "Water; and sanitation"
project 0043 "Secretariat"
    fund: RIV
    kind: direct-cost
agreement CL-1 RIV CL
    amount: 3000.5 USD
    instalment: 2011-06-01 3000.5
mou RIV FAO

2011-05-02 agreement ^CL-1 "Signed in Lima"
    recorded: 2011-05-02T17:30:00Z
    by: p-7
    approved: p-8
    memo: {HASH} c2FsdA==
    document: sha256-{HASH.upper()} "The agreement"
    document: sha256-{HASH}
    pledge RIV < CL 10.00
    commitment RIV < CL 3,000.50 under CL-1
    commitment-change RIV < CL -0.50 under CL-1 "an exchange difference"
2011-06-01 deposit ^D/1
    deposit RIV<CL 3000 (1,500,000 CLP @ 500) year 2011 under CL-1 "first instalment"
    deposit RIV < ? 1.00
    contributor-refund RIV > CL 2.00
    agent-fee RIV -30.00
2011-06-30 budget ^B-1
    budget 0042/FAO travel 20.00 year 2011
    budget RIV/? uncategorized 0
2011-07-01 transfer ^T-1
    allocation RIV > 0042/FAO -5.00
    transfer RIV > 0042/NGO/UNDP 100.00
    transfer RIV > RIV/? 7.00
    transfer RIV > ? 8.00
    refund RIV < 0042/FAO 9.00
2011-07-02 charges ^C-1
    fund-interest RIV -1.00
    organization-interest RIV < FAO 2.00
    organization-interest RIV < 0042/FAO 2.00
    bank-charge RIV 3.00
    other-income RIV 4.00
    direct-cost RIV > 0043/FAO 5.00
    direct-cost RIV > LAKE 5.50
    direct-cost-refund RIV < 0043/FAO 1.00
2011-07-03 fund-transfer ^FT-1
    fund-transfer RIV > LAKE 60.00
    fund-receipt RIV < LAKE 1.00
2011-12-31 return ^R-1
    expenditure 0042/FAO travel interim 11.00
    expenditure 0042/FAO certified old-training -1.00 adjusts 2010 "found late"
    write-off 0042/FAO 0.25
2012-04-30 return ^R-2 replaces ^R-1 replaces ^T-1#2 "Certified"
    expenditure 0042/FAO travel certified 10.00 year 2011
2012-05-01 reversal ^D/1-rev reverses ^D/1#4
2012-05-02 status 0042 operationally-closed ^S-1 "notice of 30 April"
2012-05-02 status 0042/FAO terminated-early ^S-2
2012-05-02 status LAKE ongoing ^S-3
2012-05-31 close-year RIV 2011 ^Y-1
2012-06-01 reopen-year RIV 2011 ^Y-2 "a voucher was missing"
2012-06-02 extend 0042 2013-12-31 ^E-1
2012-06-03 balance RIV total_sources layout narrow -3,000.00
2012-06-03 balance RIV balance_agent_percent 3.1"""

JOURNAL = read(RIVERS, "rivers")
BY_KEY = {item.key: item for item in JOURNAL.items if isinstance(item, Voucher)}


def lines(key: str) -> list[Line]:
    return list(BY_KEY[key].lines)


def test_every_word_of_the_grammar_is_read_without_a_fault():
    assert check(JOURNAL) == ()


def test_every_movement_occurs_in_that_journal():
    movements = {line.movement for voucher in BY_KEY.values() for line in voucher.lines}
    assert movements == {*KINDS, "budget"}


def test_a_declaration_has_its_codes_its_title_and_its_settings_in_order():
    project = next(item for item in JOURNAL.items if isinstance(item, Declaration) and item.codes == ("0042",))
    assert project == Declaration(
        "project",
        ("0042",),
        "Clean water in three valleys",
        (
            Setting("fund", "RIV"),
            Setting("window", "GREEN"),
            Setting("country", "PE 60%"),
            Setting("country", "BO 40%"),
            Setting("theme", 'water "Water; and sanitation"'),
        ),
    )
    assert project.line == 13
    assert project.settings[4].parts == ("water", "Water; and sanitation")
    assert (project.settings[4].line, project.settings[4].columns["value 1"]) == (18, 18)


def test_a_title_may_hold_quotation_marks_semicolons_and_backslashes():
    assert JOURNAL.items[1].title == 'The "upper" lake; and its shore'
    assert read('fund A "C:\\data\\\\x, one\\nline"', "").items == (
        Declaration("fund", ("A",), "C:\\data\\x, one\nline"),
    )


def test_an_agreement_names_its_fund_and_its_contributor():
    agreement = next(item for item in JOURNAL.items if isinstance(item, Declaration) and item.word == "agreement")
    assert agreement.codes == ("CL-1", "RIV", "CL")


def test_a_voucher_has_its_metas_and_its_lines():
    voucher = BY_KEY["CL-1"]
    assert (voucher.on, voucher.kind, voucher.title, voucher.line) == (
        date(2011, 5, 2),
        "agreement",
        "Signed in Lima",
        27,
    )
    assert voucher.metas == (
        Meta("recorded", ("2011-05-02T17:30:00Z",)),
        Meta("by", ("p-7",)),
        Meta("approved", ("p-8",)),
        Meta("memo", (HASH, "c2FsdA==")),
        Meta("document", (f"sha256-{HASH}", "The agreement")),
        Meta("document", (f"sha256-{HASH}",)),
    )
    assert voucher.lines[2] == Line(
        "commitment_change",
        Place("RIV"),
        Decimal("-0.50"),
        "<",
        Place("CL"),
        under="CL-1",
        note="an exchange difference",
    )


def test_a_line_has_the_original_amount_the_year_and_the_agreement():
    assert lines("D/1")[0] == Line(
        "deposit",
        Place("RIV"),
        Decimal(3000),
        "<",
        Place("CL"),
        original=Original(Decimal(1_500_000), "CLP", Decimal(500)),
        year=2011,
        under="CL-1",
        note="first instalment",
    )


def test_the_first_slash_of_a_place_parts_project_and_organization():
    places = [line.right for line in lines("T-1")]
    assert places == [
        Place("0042", "FAO"),
        Place("0042", "NGO/UNDP"),
        Place("RIV", "?"),
        Place(""),
        Place("0042", "FAO"),
    ]
    assert [place.shape for place in places] == [
        "participation",
        "participation",
        "of fund",
        "not stated",
        "participation",
    ]
    assert [str(place) for place in places] == ["0042/FAO", "0042/NGO/UNDP", "RIV/?", "?", "0042/FAO"]


def test_category_and_standing_stand_in_either_order():
    first, second, lost = lines("R-1")
    assert (first.category, first.standing) == ("travel", "interim")
    assert (second.category, second.standing, second.adjusts) == ("old-training", "certified", 2010)
    assert (lost.category, lost.standing) == ("", "")


def test_a_voucher_names_what_it_replaces_and_reverses():
    assert BY_KEY["R-2"].references == (Reference("replaces", "R-1"), Reference("replaces", "T-1", 2))
    assert BY_KEY["D/1-rev"].references == (Reference("reverses", "D/1", 4),)


def test_directives_and_assertions_are_read():
    on = date(2012, 5, 2)
    assert JOURNAL.items[-8:] == (
        StatusChange(on, Place("0042"), "operationally-closed", "S-1", "notice of 30 April"),
        StatusChange(on, Place("0042", "FAO"), "terminated-early", "S-2"),
        StatusChange(on, Place("LAKE"), "ongoing", "S-3"),
        CloseYear(date(2012, 5, 31), "RIV", 2011, "Y-1"),
        ReopenYear(date(2012, 6, 1), "RIV", 2011, "Y-2", "a voucher was missing"),
        Extend(date(2012, 6, 2), "0042", date(2013, 12, 31), "E-1"),
        Assertion(date(2012, 6, 3), "RIV", "total_sources", Decimal(-3000), "narrow"),
        Assertion(date(2012, 6, 3), "RIV", "balance_agent_percent", Decimal("3.1")),
    )


def test_line_ends_a_byte_order_mark_and_bytes_make_no_difference():
    assert read("\ufeff" + RIVERS.replace("\n", "\r\n"), "") == JOURNAL
    assert read(RIVERS.encode(), "") == JOURNAL
    assert read(b"\xef\xbb\xbf" + RIVERS.encode(), "") == JOURNAL


@pytest.mark.parametrize("text", ["", "\n\n", "; nothing", "   ; nothing\n\t\n", "\ufeff"])
def test_a_file_that_says_nothing_is_an_empty_journal(text):
    assert read(text, "") == read("", "")
    assert not read(text, "").items


KINDS_OF_VOUCHER = (
    "agreement, budget, deposit, allocation, transfer, refund, charges, return, fund-transfer, contributor-refund, "
    "write-off, opening, carried, reversal, correction, status, close-year, reopen-year, extend, revolving or balance"
)
CATEGORIES = (
    "a category (staff, supplies, equipment, contractual, travel, grants, operating, indirect, old-supplies, "
    "old-personnel, old-training, old-contracts, old-other, old-indirect or uncategorized)"
)
STANDING = "a standing (interim or certified)"
STATUSES = (
    "pipeline, approved, ongoing, operationally-closed, financially-closed, cancelled, suspended or terminated-early"
)
END = "the end of the line"
ABOVE = "a declaration or a voucher above what is indented"
WORDS = "a date, fund, window, contributor, organization, project, agreement, mou, community or loan"
RIGHT = "project/organization, fund/? or ?"


@pytest.mark.parametrize(
    ("text", "line", "column", "expected", "found"),
    [
        # what opens a line
        ("\nfnd RIV", 2, 1, WORDS, "fnd"),
        ('"fund" RIV', 1, 1, WORDS, '"fund"'),
        ("    currency: USD", 1, 5, ABOVE, "currency:"),
        ("2012-01-01 close-year RIV 2011 ^Y\n\tagent-fee RIV 1.00", 2, 2, ABOVE, "agent-fee"),
        # declarations
        ("fund", 1, 5, "the code of a fund", END),
        ('fund "Rivers"', 1, 6, "the code of a fund", '"Rivers"'),
        ("fund RÍO", 1, 6, "the code of a fund", "RÍO"),
        ("fund A/B", 1, 6, "the code of a fund without “/”", "A/B"),
        ("project 00/42", 1, 9, "the code of a project without “/”", "00/42"),
        ("fund RIV Rivers", 1, 10, "a title in quotation marks", "Rivers"),
        ('fund RIV "Rivers" USD', 1, 19, END, "USD"),
        ('fund RIV "Rivers', 1, 10, "a closing quotation mark", '"Rivers"'),
        ('fund RIV "Rivers\\"', 1, 10, "a closing quotation mark", '"Rivers\\""'),
        ("agreement CL-1 RIV", 1, 19, "the code of a contributor or organization", END),
        ("fund RIV\n    currency USD", 2, 5, "a setting as key: value", "currency"),
        ("fund RIV\n    currency:", 2, 14, "a value", END),
        ("fund RIV\n    currency: USX", 2, 15, "a currency of ISO 4217", "USX"),
        ("fund RIV\n    currency: usd", 2, 15, "a currency of ISO 4217", "usd"),
        ("fund RIV\n    currency: USD EUR", 2, 19, END, "EUR"),
        ("agreement A RIV CL\n    amount: 5.00", 2, 17, "a currency of ISO 4217", END),
        ("agreement A RIV CL\n    amount: 5,00 USD", 2, 13, "an amount as 1,234,567.89", "5,00"),
        ("agreement A RIV CL\n    instalment: soon 5.00", 2, 17, "a date as YYYY-MM-DD", "soon"),
        # dates, kinds, keys
        ("31/12/2012 deposit ^D", 1, 1, "a date as YYYY-MM-DD", "31/12/2012"),
        ("2012-1-05 deposit ^D", 1, 1, "a date as YYYY-MM-DD", "2012-1-05"),
        ("2012-01-05Z deposit ^D", 1, 1, "a date as YYYY-MM-DD", "2012-01-05Z"),
        ("2013-02-29 deposit ^D", 1, 1, "a day of the calendar", "2013-02-29"),
        ("2012-01-05", 1, 11, KINDS_OF_VOUCHER, END),
        ("2012-01-05 gift ^D", 1, 12, KINDS_OF_VOUCHER, "gift"),
        ("2012-01-05 ^D", 1, 12, KINDS_OF_VOUCHER, "^D"),
        ("2012-01-05 deposit", 1, 19, "a key as ^KEY", END),
        ("2012-01-05 deposit ; ^D", 1, 19, "a key as ^KEY", END),
        ("2012-01-05 deposit D", 1, 20, "a key as ^KEY", "D"),
        ("2012-01-05 deposit ^", 1, 20, "a key as ^KEY", "^"),
        ("2012-01-05 deposit ^D#1", 1, 20, "a key as ^KEY", "^D#1"),
        ('2012-01-05 deposit "first"', 1, 20, "a key as ^KEY", '"first"'),
        ("2012-01-05 reversal reverses ^D", 1, 21, "a key as ^KEY", "reverses"),
        ("2012-01-05 reversal ^R reverses", 1, 32, "a key as ^KEY or ^KEY#2", END),
        ("2012-01-05 reversal ^R reverses ^D#0", 1, 33, "a key as ^KEY or ^KEY#2", "^D#0"),
        ("2012-01-05 deposit ^D first", 1, 23, "replaces, reverses or a title in quotation marks", "first"),
        ('2012-01-05 deposit ^D "first" one', 1, 31, END, "one"),
        # metas
        (
            "2012-01-05 deposit ^D\n  memory: x",
            2,
            3,
            "a movement, recorded:, by:, approved:, memo: or document:",
            "memory:",
        ),
        ("2012-01-05 deposit ^D\n  recorded: 2012-01-05", 2, 13, "an instant as 2012-01-15T09:30:00Z", "2012-01-05"),
        (
            *("2012-01-05 deposit ^D\n  recorded: 2012-01-05T24:30:00Z", 2, 13),
            *("a day of the calendar and a time of the clock", "2012-01-05T24:30:00Z"),
        ),
        ("2012-01-05 deposit ^D\n  by: p-1\n  by: p-2", 3, 3, "by: once", "another by:"),
        ("2012-01-05 deposit ^D\n  by:", 2, 6, "a code", END),
        ("2012-01-05 deposit ^D\n  memo: abc", 2, 12, "the hash's salt", END),
        (
            *(f"2012-01-05 deposit ^D\n  document: sha256-{HASH[:-1]}", 2, 13),
            *("sha256- and 64 hexadecimal digits", f"sha256-{HASH[:-1]}"[:59] + "…"),
        ),
        (
            *("2012-01-05 deposit ^D\n  agent-fee RIV 1.00\n  by: p-1", 3, 3),
            *("what is said of the whole voucher above its first line", "by:"),
        ),
        # directives and assertions
        ("2012-01-05 status 0042 closed ^S", 1, 24, STATUSES, "closed"),
        ("2012-01-05 status ? ongoing ^S", 1, 19, "a fund, a project or project/organization", "?"),
        ("2012-01-05 status RIV/? ongoing ^S", 1, 19, "a fund, a project or project/organization", "RIV/?"),
        ("2012-01-05 status 0042 ongoing", 1, 31, "a key as ^KEY", END),
        ("2012-01-05 close-year RIV 12 ^Y", 1, 27, "a year as YYYY", "12"),
        ("2012-01-05 reopen-year RIV 2011 ^Y why", 1, 36, "a note in quotation marks", "why"),
        ("2012-01-05 extend 0042 2013 ^E", 1, 24, "a date as YYYY-MM-DD", "2013"),
        ("2012-01-05 extend 00/42 2013-01-01 ^E", 1, 19, "the code of a project without “/”", "00/42"),
        ("2012-01-05 balance RIV Sources 1.00", 1, 24, "the key of a row of the statement", "Sources"),
        ("2012-01-05 balance RIV total_uses layout tall 1.00", 1, 42, "wide or narrow", "tall"),
        ("2012-01-05 balance RIV total_uses", 1, 34, "an amount", END),
        ("2012-01-05 balance RIV total_uses 1.00 USD", 1, 40, END, "USD"),
    ],
)
def test_a_fault_is_named_with_its_place(text, line, column, expected, found):
    assert read(text, "a.journal").faults == (Fault("a.journal", line, column, expected, found),)


@pytest.mark.parametrize(
    ("line", "column", "expected", "found"),
    [
        # movements and places
        ("gift RIV < CL 1.00", 3, "a movement or budget", "gift"),
        ("deposit", 10, "a fund", END),
        ("deposit 0042/FAO < CL 1.00", 11, "a fund", "0042/FAO"),
        ("deposit ? < CL 1.00", 11, "a fund", "?"),
        ("deposit RIV < RIV/? 1.00", 17, "a contributor or ?", "RIV/?"),
        ("deposit RIV < /FAO 1.00", 17, "a contributor or ?", "/FAO"),
        ("transfer RIV > FAO 1.00", 18, RIGHT, "FAO"),
        ("transfer RIV > ?/FAO 1.00", 18, RIGHT, "?/FAO"),
        ("fund-transfer RIV > ? 1.00", 23, "a fund", "?"),
        ("expenditure RIV travel interim 1.00", 15, "project/organization or fund/?", "RIV"),
        ("expenditure ? travel interim 1.00", 15, "project/organization or fund/?", "?"),
        ("budget RIV travel 1.00", 10, "project/organization or fund/?", "RIV"),
        # arrows
        ("deposit RIV > CL 1.00", 15, "the arrow <", ">"),
        ("transfer RIV < 0042/FAO 1.00", 16, "the arrow >", "<"),
        ("deposit RIV CL 1.00", 15, "the arrow <", "CL"),
        ("deposit RIV 1.00", 15, "the arrow <", "1.00"),
        ("agent-fee RIV > FAO 1.00", 17, "one place, without an arrow", ">"),
        ("budget 0042/FAO > RIV travel 1.00", 19, "one place, without an arrow", ">"),
        # words
        ("expenditure 0042/FAO travel 1.00", 31, STANDING, "1.00"),
        ("expenditure 0042/FAO interim 1.00", 32, CATEGORIES, "1.00"),
        ("expenditure 0042/FAO travle interim 1.00", 24, f"{CATEGORIES} or {STANDING}", "travle"),
        ("expenditure 0042/FAO travel staff 1.00", 31, STANDING, "staff"),
        ("budget 0042/FAO 1.00", 19, CATEGORIES, "1.00"),
        ("budget 0042/FAO travel interim 1.00", 26, "an amount", "interim"),
        ("bank-charge RIV travel 1.00", 19, "an amount", "travel"),
        # amounts
        ("agent-fee RIV", 16, "an amount", END),
        ('agent-fee RIV "free"', 17, "an amount", '"free"'),
        ("agent-fee RIV 1,23", 17, "an amount as 1,234,567.89", "1,23"),
        ("agent-fee RIV 1234,567", 17, "an amount as 1,234,567.89", "1234,567"),
        ("agent-fee RIV 1,2345", 17, "an amount as 1,234,567.89", "1,2345"),
        ("agent-fee RIV ,123", 17, "an amount as 1,234,567.89", ",123"),
        ("agent-fee RIV 1.234,56", 17, "an amount as 1,234,567.89", "1.234,56"),
        ("agent-fee RIV 1.", 17, "an amount as 1,234,567.89", "1."),
        ("agent-fee RIV .5", 17, "an amount as 1,234,567.89", ".5"),
        ("agent-fee RIV +5", 17, "an amount as 1,234,567.89", "+5"),
        ("agent-fee RIV 1e6", 17, "an amount as 1,234,567.89", "1e6"),
        ("agent-fee RIV 1 000", 19, END, "000"),
        ("agent-fee RIV 1000000000000001", 17, "an amount the books can hold", "1000000000000001"),
        # signs
        ("deposit RIV < CL -1", 20, "an amount from 0 up (the other way it is contributor-refund)", "-1"),
        ("transfer RIV > ? -1", 20, "an amount from 0 up (the other way it is refund)", "-1"),
        ("refund RIV < ? -0.01", 18, "an amount from 0 up (the other way it is transfer)", "-0.01"),
        ("pledge RIV < CL -1", 19, "an amount from 0 up (the other way it is commitment-change)", "-1"),
        ("write-off RIV/? -1", 19, "an amount from 0 up (the other way it is a reversal of the write-off)", "-1"),
        ("budget RIV/? staff -1", 22, "an amount from 0 up", "-1"),
        ("deposit RIV < CL 1 (-1 EUR)", 23, "an amount from 0 up (the other way it is contributor-refund)", "-1"),
        # behind the amount
        ("deposit RIV < CL 1 USD", 22, END, "USD"),
        ("deposit RIV < CL 1 (1)", 24, "a currency of ISO 4217", ")"),
        ("deposit RIV < CL 1 (1 XYZ)", 25, "a currency of ISO 4217", "XYZ"),
        ("deposit RIV < CL 1 (1 EUR @)", 30, "a rate as 7.25", ")"),
        ("deposit RIV < CL 1 (1 EUR @ 1,000)", 31, "a rate as 7.25", "1,000"),
        ("deposit RIV < CL 1 (1 EUR", 28, "a closing parenthesis", END),
        ("deposit RIV < CL 1 year 11", 27, "a year as YYYY", "11"),
        ("deposit RIV < CL 1 year 2011 year 2012", 32, END, "year"),
        ("deposit RIV < CL 1 adjusts", 29, "a year as YYYY", END),
        ("deposit RIV < CL 1 under", 27, "an agreement", END),
        ('deposit RIV < CL 1 "first" under CL-1', 30, END, "under"),
        ('deposit RIV < CL 1 "first', 22, "a closing quotation mark", '"first"'),
        ("commitment RIV < CL 1", 24, "under and an agreement", END),
        ('commitment-change RIV < CL 1 "more"', 38, "under and an agreement", END),
    ],
)
def test_a_fault_of_a_line_is_named_with_its_place(line, column, expected, found):
    journal = read(f"2012-01-05 correction ^K\n  {line}\n", "a.journal")
    assert journal.faults == (Fault("a.journal", 2, column, expected, found),)


@pytest.mark.parametrize(
    "line",
    [
        "agent-fee RIV 1,234",
        "agent-fee RIV 1,234,567.89",
        "agent-fee RIV 1234567",
        "agent-fee RIV 10,000,000,000,000.00",
        "agent-fee RIV -10000000000000.00",
        "agent-fee RIV -0.00",
        "deposit RIV < CL 0",
        "deposit RIV < CL -0.00",
        "allocation RIV > ? -0.01",
        "deposit RIV < CL 1 (1 EUR @ 0.0125)",
        "pledge RIV < CL 1",
    ],
)
def test_what_stands_just_inside_a_limit_is_no_fault(line):
    declared = "fund RIV\ncontributor CL\n"
    assert check(read(f"{declared}2012-01-05 correction ^K\n  {line}\n", "")) == ()


def test_all_faults_of_a_file_are_named_at_once_in_its_order():
    text = (
        "fund RIV Rivers\n"
        "    currency: XXX\n"
        "2012-13-01 deposit D\n"
        "    deposit RIV > CL 1,0 (5 CLX) junk\n"
        "    expenditure 0042/FAO\n"
        "nonsense\n"
        "2012-01-05 status RIV open\n"
    )
    assert [str(fault) for fault in read(text, "f").faults] == [
        "f:1:10: expected a title in quotation marks, found Rivers",
        "f:2:15: expected a currency of ISO 4217, found XXX",
        "f:3:1: expected a day of the calendar, found 2012-13-01",
        "f:3:20: expected a key as ^KEY, found D",
        "f:4:17: expected the arrow <, found >",
        "f:4:22: expected an amount as 1,234,567.89, found 1,0",
        "f:4:29: expected a currency of ISO 4217, found CLX",
        "f:4:34: expected the end of the line, found junk",
        f"f:5:25: expected {CATEGORIES}, found the end of the line",
        f"f:6:1: expected {WORDS}, found nonsense",
        f"f:7:23: expected {STATUSES}, found open",
        "f:7:27: expected a key as ^KEY, found the end of the line",
    ]


def test_bytes_that_are_not_utf_8_are_named_with_their_place_and_the_rest_is_read():
    journal = read('fund RIV\nfund Ñ "Ca\xf1ete"\nfnd'.encode("latin-1").replace(b"\xd1", "Ñ".encode()), "f")
    assert [str(fault) for fault in journal.faults] == [
        "f:2:6: expected the code of a fund, found Ñ",
        "f:2:11: expected text in UTF-8, found the byte f1",
        f"f:3:1: expected {WORDS}, found fnd",
    ]
