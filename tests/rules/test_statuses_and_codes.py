"""Codes of the standard have names; what is no code keeps its own face."""

import json

import pytest

from quipu.rules import codes
from quipu.rules.statuses import STATUSES, status


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("1", "pipeline"),
        ("2", "ongoing"),
        ("3", "operationally_closed"),
        ("4", "financially_closed"),
        ("5", "cancelled"),
        ("6", "suspended"),
        ("", ""),
        ("7", ""),
        ("Implementation", ""),
    ],
)
def test_a_status_is_one_of_six_or_unknown(code, name):
    assert status(code).name == name


def test_a_status_is_found_by_our_word_too():
    assert [status(each.name).code for each in STATUSES] == [
        *("1", "approved", "2", "3", "4", "5", "6", "terminated_early", ""),  # two that IATI has no code for
    ]


def test_codes_have_names():
    assert codes.label("transaction_type", "3") == "Disbursement"
    assert codes.label("aid_type", "B04") == "Basket funds/pooled funding"


def test_an_unknown_code_or_list_answers_the_code():
    assert codes.label("transaction_type", "99") == "99"
    assert codes.label("no_such_list", "3") == "3"


@pytest.mark.real
@pytest.mark.parametrize(
    ("ours", "published"),
    [
        ("activity_status", "ActivityStatus"),
        ("aid_type", "AidType"),
        ("finance_type", "FinanceType"),
        ("flow_type", "FlowType"),
        ("region", "Region"),
        ("sector", "Sector"),
        ("transaction_type", "TransactionType"),
    ],
)
def test_our_lists_hold_exactly_the_codes_of_the_standard(data, ours, published):
    items = json.loads((data / f"iati-standard/codelists/json/{published}.json").read_text("utf-8"))["items"]
    assert set(codes.table()[ours]) == {item["code"] for item in items}
