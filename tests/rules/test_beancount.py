"""The Beancount drawing: names that Beancount takes and that no two codes share."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quipu.rules.beancount import accounts, escaped
from quipu.rules.entries import Entry
from quipu.rules.kinds import DIRECT_COST_EXPENDITURE, KINDS

CODES = st.text("AZaz09._-/X", min_size=1, max_size=12)
COMPONENT = re.compile(r"[A-Z0-9][A-Za-z0-9-]*")


@pytest.mark.parametrize(
    ("code", "component"),
    [
        ("PB000", "PB000"),
        ("00067264", "00067264"),
        ("SAA-1", "SAA-2D-1"),
        ("NGO/UNDP", "NGO-2F-UNDP"),
        ("?", "X--3F-"),
        ("undp", "X--undp"),
        ("-5", "X--2D-5"),
        ("X-5", "X-2D-5"),
    ],
)
def test_a_code_is_escaped(code, component):
    assert escaped(code) == component


@given(st.lists(CODES, min_size=2, max_size=2, unique=True))
@example(["-5", "X-5"])
@example(["a", "X-a"])
def test_no_two_codes_share_a_component(codes):
    one, other = map(escaped, codes)
    assert one != other
    assert COMPONENT.fullmatch(one)


@pytest.mark.parametrize("movement", [*KINDS, DIRECT_COST_EXPENDITURE, "budget"])
def test_every_movement_goes_from_one_account_to_another(movement):
    day = date(2012, 1, 1)
    codes = ("F", "G", "P", "O", "C", None)
    entry = Entry(1, 1, 1, movement, "F", "", *codes, "staff", "", 2012, None, day, 1, "USD", None, "", "", None)
    came, went = accounts(entry)
    assert came != went
    roots = {name.split(":")[0] for name in (came, went)}
    assert roots <= {"Assets", "Income", "Expenses", "Equity"}
    is_promise = movement == "budget" or (movement in KINDS and KINDS[movement].book == "promise")
    assert (roots == {"Equity"}) is is_promise
