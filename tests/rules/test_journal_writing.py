"""A journal is written so that reading it gives the same words, and nothing that is read ever raises."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules import kinds
from quipu.rules.journal import (
    Assertion,
    CloseYear,
    Declaration,
    Extend,
    Journal,
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
    content,
    quoted,
    read,
    write,
)
from quipu.rules.journal import texts as free_texts
from quipu.rules.journal.words import FORMS, STATUS_WORDS, VOUCHER_KINDS, shapes

CANONICAL = """\
fund RIV "Rivers of the \\"Andes\\""
    currency: USD
    agent-fee: 1%
fund YEN
    currency: JPY
contributor CL "Chile"
project 00000042 "Clean water"
    fund: RIV
    theme: water "Water; and sanitation"

2011-06-01 deposit ^D-1 "In two parts"
    document: sha256-0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f "The letter"
    deposit               RIV < CL                           1,234,567.00  (987,654,321 CLP @ 800.0) under CL-1 "first"
    deposit               YEN < ?                                   1,234
    agent-fee             RIV                                  -12,345.67
    fund-interest         SEA                                     1,234.5
2011-12-31 return ^R-1 replaces ^R-0 replaces ^R-00#2
    expenditure           00000042/FAO travel certified              0.50  year 2010 adjusts 2009
    expenditure           00000042/A-very-long-organization uncategorized interim  1.00
2012-01-01 status 00000042/FAO ongoing ^S-1 "at last"
2012-01-01 balance RIV total_uses layout narrow -1,234.00
2012-01-01 balance RIV balance_agent_percent 99.9

fund LATE
"""


def test_the_canonical_text_stays_as_it_is():
    assert write(read(CANONICAL, "")) == CANONICAL


def test_any_other_spacing_becomes_the_canonical_text():
    other = (
        re.sub(r"(?<=\w)  +", "\t", CANONICAL).replace("\n", "   ; as noted\r\n\r\n").replace("1,234,567.00", "1234567")
    )
    assert other != CANONICAL
    assert write(read(other, "")) == CANONICAL


def test_an_empty_journal_is_an_empty_text():
    assert write(Journal("")) == ""


# reading what was written

codes = st.from_regex(r"[A-Za-z0-9._-]{1,8}", fullmatch=True)
paths = st.from_regex(r"[A-Za-z0-9._-]{1,4}(/[A-Za-z0-9._-]{1,4})?", fullmatch=True)
days = st.dates()
years = st.integers(1, 9999)
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.sampled_from(
    ['"', "\\", "\\n", ";", "\n", "\r", "\t ", "é"]
)
amounts = st.builds(Decimal, st.integers(0, 10**12)).map(lambda units: units.scaleb(-2))
bare_values = st.from_regex(r'[^\s";\\\0]{1,6}', fullmatch=True).filter(lambda text: "\ufeff" not in text)
places = {
    "alone": st.builds(Place, codes),
    "participation": st.builds(Place, codes, paths),
    "of fund": st.builds(Place, codes, st.just("?")),
    "not stated": st.just(Place("")),
}


@st.composite
def settings(draw: st.DrawFn, word: str) -> Setting:
    key = draw(codes)
    if (word, key) in {("fund", "currency"), ("agreement", "amount"), ("agreement", "instalment")}:
        key += "-"
    return Setting(key, " ".join(draw(st.lists(bare_values | texts.map(quoted), min_size=1, max_size=3))))


@st.composite
def declarations(draw: st.DrawFn) -> Declaration:
    word = draw(st.sampled_from(sorted(FORMS)))
    form = FORMS[word]
    number = draw(st.integers(form.needed, len(form.codes)))
    some = tuple(draw(codes) for _ in range(number))
    stated = draw(st.lists(settings(word), max_size=3))
    if word == "fund":
        stated += draw(st.sampled_from(([], [Setting("currency", "USD")], [Setting("currency", "KWD")])))
    return Declaration(word, some, draw(texts), tuple(stated))


@st.composite
def lines(draw: st.DrawFn) -> Line:
    movement = draw(st.sampled_from(["budget", *kinds.KINDS]))
    kind = kinds.KINDS.get(movement)
    categorized = kind is None or kind.categorized
    amount = draw(amounts)
    sides = [
        draw(st.sampled_from(sorted(shapes(movement, side)) or ["alone"]).flatmap(places.get))
        for side in ("left", "right")
    ]
    return Line(
        movement,
        sides[0],
        -amount if kind and kind.either_sign and draw(st.booleans()) else amount,
        kind.arrow if kind else "",
        sides[1] if kind and kind.arrow else None,
        category=draw(st.sampled_from(sorted(kinds.CATEGORIES))) if categorized else "",
        standing=draw(st.sampled_from(kinds.STANDINGS)) if kind and kind.categorized else "",
        original=draw(st.none() | st.builds(Original, amounts, st.sampled_from(["EUR", "TND"]), st.none() | amounts)),
        year=draw(st.none() | years),
        adjusts=draw(st.none() | years),
        under=draw(paths if movement.startswith("commitment") else st.just("") | paths),
        note=draw(texts),
    )


@st.composite
def metas(draw: st.DrawFn) -> tuple[Meta, ...]:
    found = [Meta("document", ("sha256-" + "0f" * 32, *filter(None, [draw(texts)])))] * draw(st.integers(0, 2))
    found += [Meta("recorded", ("2012-01-01T00:00:00Z",))] * draw(st.integers(0, 1))
    found += [Meta("by", (draw(codes),))] * draw(st.integers(0, 1))
    found += [Meta("approved", (draw(codes),))] * draw(st.integers(0, 2))
    found += [Meta("memo", ("0f==", draw(codes)))] * draw(st.integers(0, 1))
    return tuple(draw(st.permutations(found)))


references = st.builds(Reference, st.sampled_from(["replaces", "reverses"]), paths, st.none() | st.integers(1, 999_999))
vouchers = st.builds(
    Voucher,
    days,
    st.sampled_from(VOUCHER_KINDS),
    paths,
    st.lists(references, max_size=2).map(tuple),
    texts,
    metas(),
    st.lists(lines(), max_size=3).map(tuple),
)
directives = st.one_of(
    st.builds(
        StatusChange, days, places["alone"] | places["participation"], st.sampled_from(STATUS_WORDS), paths, texts
    ),
    st.builds(CloseYear, days, codes, years, paths, texts),
    st.builds(ReopenYear, days, codes, years, paths, texts),
    st.builds(Extend, days, codes, days, paths, texts),
)
assertions = st.builds(
    Assertion,
    days,
    codes,
    st.sampled_from(["total_uses", "balance_agent_percent"]),
    amounts.map(lambda amount: -amount) | amounts,
    st.sampled_from(["", "wide", "narrow"]),
)
journals = st.builds(
    lambda items: Journal("", tuple(items)),
    st.lists(declarations() | vouchers | directives | assertions, max_size=5),
)


@given(journals)
def test_reading_what_was_written_gives_the_same_words(journal):
    assert read(write(journal), "") == journal


@given(journals)
def test_writing_what_was_read_gives_the_same_text(journal):
    assert write(read(write(journal), "")) == write(journal)


@given(texts)
def test_any_text_can_be_quoted(text):
    assert read(f"fund A {quoted(text)}", "").items == (Declaration("fund", ("A",), text),)


# content

META = "document: sha256-" + "0f" * 32


def contents(text: str) -> str:
    return content(read(text, "").items[0])


def test_content_is_independent_of_how_it_is_written_and_of_who_recorded_it():
    plainly = (
        '2012-01-01 transfer ^T replaces ^A replaces ^B#2 "x"\n'
        f' {META} "minutes"\n {META}\n'
        " transfer RIV > ? 1234.5 (1000.50 EUR @ 1.2340) year 2011\n"
    )
    otherwise = (
        '2012-01-01   transfer ^T replaces ^B#2\treplaces ^A "x" ; a comment\n'
        f'\n\trecorded: 2012-01-01T00:00:00Z\n\tby: p-1\n\tapproved: p-2\n\tmemo: 00 salt\n\t{META}\n\t{META} "minutes"\n'
        "\ttransfer RIV>? 1,234.50 (1,000.5 EUR @1.2340) year 2011 ; another\n"
    )
    assert contents(plainly) == contents(otherwise)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("2012-01-01", "2012-01-02"),
        ("transfer ^T", "refund ^T"),
        ("^T ", "^U "),
        ("replaces", "reverses"),
        ("^A#1", "^A#2"),
        ("^A#1", "^A"),
        ("document: sha256-0f", "document: sha256-1f"),
        ("staff", "travel"),
        ("interim", "certified"),
        ("0042/FAO", "0042/WFP"),
        ("expenditure 0042/FAO staff interim", "write-off 0042/FAO"),
        ("1.00", "1.01"),
        ("(2 EUR", "(3 EUR"),
        ("EUR", "CHF"),
        ("@ 7", "@ 7.0"),
        ("year 2010", "year 2011"),
        (" year 2010", ""),
        ("adjusts 2009", "adjusts 2008"),
        ("under CL-1", "under CL-2"),
    ],
)
def test_content_differs_when_anything_said_differs(text, other):
    said = (
        '2012-01-01 transfer ^T replaces ^A#1 "title"\n'
        f' {META} "minutes"\n'
        ' expenditure 0042/FAO staff interim 1.00 (2 EUR @ 7) year 2010 adjusts 2009 under CL-1 "note"\n'
    )
    changed = said.replace(text, other)
    assert not read(said, "").faults
    assert not read(changed, "").faults
    assert contents(changed) != contents(said)


@pytest.mark.parametrize(("text", "other"), [('"title"', '"another"'), ('"minutes"', ""), ('"note"', '"other"')])
def test_texts_are_no_part_of_the_content_and_differ_for_themselves(text, other):
    said = f'2012-01-01 charges ^C "title"\n {META} "minutes"\n agent-fee RIV 1.00 "note"\n'
    one, two = (read(words, "").items[0] for words in (said, said.replace(text, other)))
    assert content(one) == content(two)
    assert free_texts(one) != free_texts(two)


def test_the_order_of_lines_is_part_of_the_content():
    one, two = " agent-fee RIV 1\n", " agent-fee RIV 2\n"
    assert contents("2012-01-01 charges ^C\n" + one + two) != contents("2012-01-01 charges ^C\n" + two + one)


@given(vouchers)
def test_content_survives_writing_and_reading(voucher):
    again = read(write(Journal("", (voucher,))), "").items[0]
    assert content(again) == content(voucher)


@given(vouchers, metas())
def test_content_leaves_out_what_the_ledger_fills_in(voucher, others):
    filled = tuple(meta for meta in others if meta.key != "document")
    documents = tuple(meta for meta in voucher.metas if meta.key == "document")
    assert content(replace(voucher, metas=filled + documents)) == content(voucher)


# nothing raises


def whatever_is_done_with_it(text: str | bytes) -> None:
    journal = read(text, "fuzz")
    for fault in check(journal):
        assert str(fault).startswith("fuzz:")
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.expected
        assert fault.found
    write(journal)
    if not journal.faults:
        assert read(write(journal), "") == journal


@given(st.binary(max_size=200))
def test_random_bytes_give_faults_and_never_raise(text):
    whatever_is_done_with_it(text)


ODDITIES = ["\n", "\n    ", " ", '"', "(", ")", "@", "#0", "^", "9" * 50, "\0", "²"]
WORDS = [*sorted(set(re.findall(r"[^\s]+", CANONICAL))), *ODDITIES]


@given(
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=60).map("".join)
)
def test_words_in_any_order_never_raise(text):
    whatever_is_done_with_it(text)


def cut(text: str, at: int, length: int, word: str) -> str:
    return text[:at] + word + text[at + length :]


edits = st.tuples(st.integers(0, len(CANONICAL)), st.integers(0, 12), st.sampled_from(WORDS) | texts)


@given(st.lists(edits, min_size=1, max_size=4))
def test_an_edited_journal_never_raises(some):
    text = CANONICAL
    for edit in some:
        text = cut(text, *edit)
    whatever_is_done_with_it(text)


@pytest.mark.parametrize(
    "literal",
    ["9" * 5000, "0." + "9" * 5000, "0" * 5000 + "1", "1," + "000," * 2000 + "000.00", "-" * 5000, "1" + "." * 5000],
)
def test_absurdly_long_numbers_never_raise(literal):
    whatever_is_done_with_it(
        f"fund A\n2012-01-01 charges ^C\n bank-charge A {literal} (1 EUR @ {literal}) year {literal}"
    )
    whatever_is_done_with_it(
        f"fund A\n2012-01-01 reversal ^C reverses ^D#{literal}\n2012-01-01 balance A total_uses {literal}"
    )
