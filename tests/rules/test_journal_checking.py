"""Across a whole journal: codes are declared once, a key says one thing, and an entry is reversed at most once."""

from decimal import Decimal
from hashlib import sha256

import pytest

from quipu.rules.journal import Books, Fault, Known, Posted, check, content_hash, minor_units, posted, read

DECLARED = """\
fund RIV "Rivers"
    currency: USD
fund YEN
    currency: JPY
contributor CL "Chile"
organization FAO "Food"
project 0042
    fund: RIV
project 0043
    fund: YEN
agreement CL-1 RIV CL
"""
LINES = DECLARED.count("\n")
EMPTY = "2012-01-01 correction ^K\n    "
KNOWN = Known(
    funds={"RIV": "USD", "YEN": "JPY"},
    windows={"GREEN"},
    bodies={"CL", "FAO"},
    projects={"0042": ("RIV", ""), "0043": ("YEN", "")},
    agreements={"CL-1": ("RIV", "CL")},
    posted={
        "T-1": posted(read("2012-01-01 transfer ^T-1\n  transfer RIV > 0042/FAO 1.00", "").items[0]),
        "T-2": Posted("…", (("0042/FAO", 2012), ("0042/FAO", 2012)), reversed={2}),
        "S-1": posted(read("2012-01-01 status RIV ongoing ^S-1", "").items[0]),
    },
)


def faults(text: str, known: Known | None = None) -> list[tuple[int, int, str, str]]:
    found = check(read(text, "j"), known) if known else check(read(text, "j"))
    return [(fault.line, fault.column, fault.expected, fault.found) for fault in found]


def below(text: str) -> list[tuple[int, int, str, str]]:
    """Faults of a text under the declarations, its lines counted from 1."""
    return [(line - LINES, column, expected, found) for line, column, expected, found in faults(DECLARED + text)]


@pytest.mark.parametrize(
    ("text", "line", "column", "expected", "found"),
    [
        (f"{EMPTY}agent-fee SEA 1.00", 2, 15, "a declared fund", "SEA"),
        (f"{EMPTY}transfer RIV > 0044/FAO 1.00", 2, 20, "a declared project", "0044"),
        (f"{EMPTY}transfer RIV > 0042/WFP 1.00", 2, 25, "a declared contributor or organization", "WFP"),
        (f"{EMPTY}transfer RIV > SEA/? 1.00", 2, 20, "a declared fund", "SEA"),
        (f"{EMPTY}write-off SEA/? 1.00", 2, 15, "a declared fund", "SEA"),
        (f"{EMPTY}deposit RIV < PE 1.00", 2, 19, "a declared contributor or organization", "PE"),
        (f"{EMPTY}organization-interest RIV < WFP 1.00", 2, 33, "a declared contributor or organization", "WFP"),
        (f"{EMPTY}fund-transfer RIV > SEA 1.00", 2, 25, "a declared fund", "SEA"),
        (f"{EMPTY}direct-cost RIV > SEA 1.00", 2, 23, "a declared fund", "SEA"),
        (f"{EMPTY}budget 0044/FAO travel 1.00", 2, 12, "a declared project", "0044"),
        (f"{EMPTY}deposit RIV < CL 1.00 under CL-2", 2, 33, "a declared agreement", "CL-2"),
        ("2012-01-01 status CL ongoing ^S", 1, 19, "a declared fund or project", "CL"),
        ("2012-01-01 status 0044/FAO ongoing ^S", 1, 19, "a declared project", "0044"),
        ("2012-01-01 close-year 0042 2011 ^S", 1, 23, "a declared fund", "0042"),
        ("2012-01-01 reopen-year SEA 2011 ^S", 1, 24, "a declared fund", "SEA"),
        ("2012-01-01 extend RIV 2013-01-01 ^S", 1, 19, "a declared project", "RIV"),
        ("2012-01-01 balance SEA total_uses 1.00", 1, 20, "a declared fund", "SEA"),
        ("window GREEN SEA", 1, 14, "a declared fund", "SEA"),
        ("agreement A SEA CL", 1, 13, "a declared fund", "SEA"),
        ("agreement A RIV PE", 1, 17, "a declared contributor or organization", "PE"),
        ("mou SEA FAO", 1, 5, "a declared fund", "SEA"),
        ("mou RIV WFP", 1, 9, "a declared contributor or organization", "WFP"),
        ("project 0044\n    fund: SEA", 2, 11, "a declared fund", "SEA"),
        ("project 0044\n    fund: RIV\n    window: BLUE", 3, 13, "a declared window", "BLUE"),
        ("project 0044\n    country: PE", 1, 9, "a project with its fund: below", "a project without one"),
    ],
)
def test_a_code_that_nobody_declared_is_named_where_it_stands(text, line, column, expected, found):
    assert below(text) == [(line, column, expected, found)]


def test_both_codes_of_a_place_are_looked_up():
    assert below(f"{EMPTY}transfer RIV > 0044/WFP 1.00") == [
        (2, 20, "a declared project", "0044"),
        (2, 25, "a declared contributor or organization", "WFP"),
    ]


def test_a_code_may_be_used_above_the_line_that_declares_it():
    assert faults("agreement A RIV CL\ncontributor CL\nfund RIV") == []


def test_contributor_and_organization_share_one_namespace():
    assert below(f"{EMPTY}deposit RIV < FAO 1.00\n    transfer RIV > 0042/CL 1.00") == []


def test_the_ledgers_codes_count_as_declared():
    text = f"{EMPTY}deposit RIV < CL 1.00 under CL-1\n    transfer RIV > 0042/FAO 1.00\n    budget 0043/FAO staff 5"
    assert faults(text, KNOWN) == []
    assert faults("project 0044\n    fund: RIV\n    window: GREEN", KNOWN) == []
    assert len(faults(text)) == 8


# declarations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('fund RIV "Rivers"\n    currency: USD', []),
        ('fund RIV "Rivers"   ; again\n  currency:   USD', []),
        ('fund RIV "Streams"\n    currency: USD', [(1, 6, "fund RIV as line 1 declares it", "another declaration")]),
        ('fund RIV "Rivers"\n    currency: EUR', [(1, 6, "fund RIV as line 1 declares it", "another declaration")]),
        ('fund RIV "Rivers"', [(1, 6, "fund RIV as line 1 declares it", "another declaration")]),
        ("agreement CL-1 YEN CL", [(1, 11, "agreement CL-1 as line 11 declares it", "another declaration")]),
        ('organization CL "Chile"\n    iati: CL-1', []),
        ("organization CL\n    iati: CL-1", []),
        (
            "organization CL\n    iati: CL-1\ncontributor CL\n    iati: CL-2\norganization CL\n    iati: CL-2",
            [
                (3, 13, "contributor CL as line 5 declares it", "another declaration"),
                (5, 14, "organization CL as line 12 declares it", "another declaration"),
            ],
        ),
        ('organization CL "Peru"', [(1, 14, "organization CL as line 5 declares it", "another declaration")]),
        ("mou RIV FAO\nmou RIV FAO\nmou YEN FAO", []),
        (
            "mou RIV FAO\nmou RIV FAO\n    indirect-cost: 7%",
            [(2, 5, "mou RIV FAO as line 12 declares it", "another declaration")],
        ),
        ("window RIV\n    fund: RIV", []),
    ],
)
def test_a_code_may_be_declared_twice_only_in_the_same_words(text, found):
    assert below(text) == found


def test_the_order_of_different_settings_does_not_matter_and_that_of_equal_ones_does():
    one = "project 1\n  fund: RIV\n  country: PE 60%\n  country: BO 40%\n"
    same = "project 1\n  country: PE 60%\n  fund: RIV\n  country: BO 40%\n"
    other = "project 1\n  fund: RIV\n  country: BO 40%\n  country: PE 60%\n"
    assert below(one + same) == []
    assert len(below(one + other)) == 1


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        ("fund RIV\n    currency: EUR", 6, "fund RIV"),
        ("project 0042\n    fund: YEN", 9, "project 0042"),
        ("agreement CL-1 RIV FAO", 11, "agreement CL-1"),
    ],
)
def test_what_the_ledgers_entries_rest_on_is_not_declared_anew(text, column, what):
    assert faults(text, KNOWN) == [(1, column, f"{what} as the ledger has it", "another declaration")]


@pytest.mark.parametrize(
    "text", ['fund RIV "Streams"', "fund RIV\n  currency: USD", "project 0042\n  fund: RIV", "agreement CL-1 RIV CL"]
)
def test_what_agrees_with_the_ledger_may_be_declared_again(text):
    assert faults(text, KNOWN) == []


# amounts


@pytest.mark.parametrize(
    ("line", "column", "expected", "found"),
    [
        ("agent-fee RIV 1.234", 19, "an amount with at most 2 decimals (USD)", "1.234"),
        ("agent-fee RIV 0.000", 19, "an amount with at most 2 decimals (USD)", "0.000"),
        ("agent-fee YEN 1,000.0", 19, "whole JPY", "1,000.0"),
        ("budget 0043/FAO staff 1.5", 27, "whole JPY", "1.5"),
        ("write-off YEN/? 1.5", 21, "whole JPY", "1.5"),
        ("deposit RIV < CL 1.00 (1.5 CLP)", 28, "whole CLP", "1.5"),
        ("deposit YEN < CL 1 (1.2345 KWD)", 25, "an amount with at most 3 decimals (KWD)", "1.2345"),
        ("agent-fee RIV 10,000,000,000,000.01", 19, "an amount the books can hold", "10,000,000,000,000.01"),
    ],
)
def test_an_amount_has_no_more_decimals_than_its_currency_and_no_more_units_than_the_books_hold(
    line, column, expected, found
):
    assert below(EMPTY + line) == [(2, column, expected, found)]


@pytest.mark.parametrize(
    "line",
    [
        "agent-fee RIV 1.23",
        "agent-fee RIV 10,000,000,000,000.00",
        "agent-fee YEN 1,000,000,000,000,000",
        "budget 0043/FAO staff 15",
        "deposit YEN < CL 1 (1.234 KWD)",
    ],
)
def test_an_amount_at_the_limit_is_fine(line):
    assert below(EMPTY + line) == []


def test_amounts_of_agreements_and_assertions_are_held_to_their_currency_too():
    assert below("agreement A YEN CL\n    amount: 5.5 JPY\n    instalment: 2012-01-01 2.5") == [
        (2, 13, "whole JPY", "5.5"),
        (3, 28, "whole JPY", "2.5"),
    ]
    assert below("2012-01-01 balance YEN total_uses 1.5") == [(1, 35, "whole JPY", "1.5")]
    assert below("2012-01-01 balance YEN total_balance_percent 1.5") == []


def test_a_fund_that_states_no_currency_has_us_dollars():
    assert faults("fund SEA\n2012-01-01 charges ^C\n  bank-charge SEA 1.001") == [
        (3, 19, "an amount with at most 2 decimals (USD)", "1.001")
    ]


def test_a_line_gives_its_minor_units_by_the_currency_of_its_fund():
    journal = read(f"{DECLARED}{EMPTY}budget 0043/FAO staff 1,500\n    agent-fee RIV -1.5", "j")
    books, (first, second) = Books(journal), journal.items[-1].lines
    assert (books.line_currency(first), books.minor_units(first)) == ("JPY", 1500)
    assert (books.line_currency(second), books.minor_units(second)) == ("USD", -150)
    assert Books(read("", "j"), KNOWN).minor_units(first) == 1500
    assert Books(read("", "j")).minor_units(first) is None


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("1.25", "USD", 125),
        ("-1.25", "USD", -125),
        ("1.250", "USD", None),
        ("1.250", "TND", 1250),
        ("1", "JPY", 1),
        ("1.0", "JPY", None),
        ("10000000000000.00", "USD", 10**15),
        ("10000000000000.01", "USD", None),
        ("-10000000000000.01", "USD", None),
    ],
)
def test_minor_units_are_whole_and_exact(amount, currency, units):
    assert minor_units(Decimal(amount), currency) == units


# keys

TRANSFER = "2012-01-01 transfer ^T-1\n    transfer RIV > 0042/FAO 1.00\n    transfer RIV > 0043/FAO 1.00\n"
OTHER = "2012-01-01 transfer ^T-1\n    transfer RIV > 0042/FAO 2.00\n"


def test_a_key_with_the_same_content_stands_once():
    assert below(TRANSFER + TRANSFER.replace("1.00", "1")) == []
    assert faults(TRANSFER.replace("    transfer RIV > 0043/FAO 1.00\n", ""), KNOWN) == []


def test_a_key_with_other_content_is_a_fault():
    expected = "a new key, or what ^T-1 says in line 12"
    assert below(TRANSFER + OTHER) == [(4, 21, expected, "^T-1 with other content")]
    assert faults(OTHER, KNOWN) == [(1, 21, "a new key, or what ^T-1 says in the ledger", "^T-1 with other content")]
    status = "2012-01-02 status RIV ongoing ^T-1"
    assert below(TRANSFER + status) == [(4, 31, expected, "^T-1 with other content")]
    assert faults("2012-01-01 status RIV suspended ^S-1", KNOWN)[0][1] == 33


def test_a_repeated_reversal_reverses_nothing_again():
    reversal = "2012-01-02 reversal ^R reverses ^T-1\n"
    assert below(TRANSFER + reversal + reversal) == []


@pytest.mark.parametrize(
    ("text", "column", "expected", "found"),
    [
        ("2012-01-02 reversal ^R reverses ^T-9", 33, "a key that was posted before", "^T-9"),
        ("2012-01-02 return ^R replaces ^T-9", 31, "a key that was posted before", "^T-9"),
        ("2012-01-02 reversal ^R reverses ^R", 33, "a key that was posted before", "^R"),
        ("2012-01-02 reversal ^R reverses ^T-1#3", 33, "an entry of ^T-1, which has 2", "^T-1#3"),
        (
            "2012-01-02 reversal ^R reverses ^T-1 reverses ^T-1#2",
            47,
            "an entry that is not reversed yet",
            "^T-1#2, reversed by ^R",
        ),
    ],
)
def test_a_reference_leads_to_an_entry_that_was_posted_above_it(text, column, expected, found):
    assert below(TRANSFER + text) == [(4, column, expected, found)]


def test_a_key_further_below_is_not_posted_yet():
    assert below("2012-01-02 reversal ^R reverses ^T-1\n" + TRANSFER) == [
        (1, 33, "a key that was posted before", "^T-1")
    ]


def test_a_directive_has_no_entries_to_reverse():
    text = "2012-01-02 reversal ^R reverses ^S-1"
    expected = [(1, 33, "the key of a voucher", "^S-1, a directive's")]
    assert faults(text, KNOWN) == expected
    assert below("2012-01-01 status RIV ongoing ^S-1\n" + text)[0][2:] == expected[0][2:]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("reverses ^T-1", "reverses ^T-1", "^T-1, reversed by ^R-1"),
        ("reverses ^T-1#2", "reverses ^T-1#2", "^T-1#2, reversed by ^R-1"),
        ("reverses ^T-1#2", "reverses ^T-1", "^T-1#2, reversed by ^R-1"),
        ("reverses ^T-1#1", "reverses ^T-1#2", ""),
    ],
)
def test_an_entry_is_reversed_at_most_once(first, second, found):
    text = f"2012-01-02 reversal ^R-1 {first}\n2012-01-03 reversal ^R-2 {second}\n"
    expected = [(5, 35, "an entry that is not reversed yet", found)] if found else []
    assert below(TRANSFER + text) == expected


def test_a_reversal_without_lines_is_itself_reversed_at_most_once():
    text = (
        "2012-01-02 reversal ^A reverses ^T-1\n2012-01-03 reversal ^B reverses ^A\n2012-01-04 reversal ^C reverses ^A\n"
    )
    assert below(TRANSFER + text) == [(6, 33, "an entry that is not reversed yet", "^A, reversed by ^B")]


def test_entries_that_the_ledger_has_reversed_are_not_reversed_again():
    assert faults("2012-01-02 reversal ^R reverses ^T-2#1", KNOWN) == []
    assert faults("2012-01-02 reversal ^R reverses ^T-2#2", KNOWN) == [
        (1, 33, "an entry that is not reversed yet", "^T-2#2, reversed in the ledger")
    ]


RETURN = (
    "2012-12-31 return ^R-1\n    expenditure 0042/FAO staff interim 5.00\n    expenditure 0043/FAO staff interim 5\n"
)


def replacing(key: str, project: str, year: int) -> str:
    line = f"expenditure {project}/FAO staff certified 4 year {year}"
    return f"2013-04-30 return ^{key} replaces ^R-1\n    {line}\n"


def test_replacing_reverses_the_entries_of_its_own_participations_and_years_only():
    assert below(RETURN + replacing("R-2", "0042", 2012) + replacing("R-3", "0043", 2012)) == []
    assert below(RETURN + replacing("R-2", "0042", 2012) + replacing("R-3", "0042", 2011)) == []
    assert below(RETURN + replacing("R-2", "0042", 2012) + replacing("R-3", "0042", 2012)) == [
        (6, 33, "an entry that is not reversed yet", "^R-1#1, reversed by ^R-2")
    ]


def test_replacing_one_entry_leaves_the_others_of_its_participation():
    twice = "2012-12-31 return ^R-1\n" + "    expenditure 0042/FAO staff interim 5.00\n" * 2
    first = replacing("R-2", "0042", 2012).replace("^R-1", "^R-1#1")
    assert below(twice + first + replacing("R-3", "0042", 2012).replace("^R-1", "^R-1#2")) == []
    assert len(below(twice + first + replacing("R-3", "0042", 2012))) == 1


def test_lines_without_a_participation_are_never_replaced():
    text = "2012-01-01 charges ^C-1\n    bank-charge RIV 1.00\n"
    again = "2012-01-02 charges ^{} replaces ^C-1\n    bank-charge RIV 2.00\n"
    assert below(text + again.format("C-2") + again.format("C-3")) == []


def test_what_a_key_leaves_is_its_content_and_the_participation_and_year_of_each_line():
    voucher = read(RETURN + replacing("R-2", "0042", 2011), "").items[1]
    assert posted(voucher) == Posted(content_hash(voucher), (("0042/FAO", 2011),))
    directive = read("2012-01-01 status RIV ongoing ^S-1", "").items[0]
    assert posted(directive) == Posted(sha256(b"2012-01-01 status RIV ongoing ^S-1").hexdigest(), None)


def test_faults_of_grammar_and_of_the_whole_journal_come_together_in_the_order_of_the_file():
    text = (
        "fund RIV\n2012-01-01 charges ^C\n    bank-charge SEA 1\n    bank-charge RIV 1,0\n    bank-charge RIV 1.001\n"
    )
    assert check(read(text, "j")) == (
        Fault("j", 3, 17, "a declared fund", "SEA"),
        Fault("j", 4, 21, "an amount as 1,234,567.89", "1,0"),
        Fault("j", 5, 21, "an amount with at most 2 decimals (USD)", "1.001"),
    )
