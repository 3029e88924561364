"""Kinds of indicators: which values they have, whether they may be added, and by which lists they are told apart."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an indicator's values are."""

    COUNT = "count"
    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    RATIO = "ratio"
    YES_NO = "yes or no"
    MILESTONE = "milestone"
    TEXT = "text"


K = Kind
SENTENCES = {
    K.COUNT: "A whole number of things or people. May be added.",
    K.AMOUNT: "A quantity with decimals: hectares, tonnes, money. May be added within one unit.",
    K.PERCENTAGE: "A share of a hundred. Never added; where its two parts are known, they are.",
    K.RATIO: "A number for each of another: 3 of 4. Never added; its two parts are.",
    K.YES_NO: "Whether something is so. Counted, never added.",
    K.MILESTONE: "How far a single thing has come. Counted, never added.",
    K.TEXT: "What is told in words. Listed, never added.",
}
ADDED = (K.COUNT, K.AMOUNT)  # values that may be added
BY_PARTS = (K.PERCENTAGE, K.RATIO)  # values that are the quotient of two numbers
COUNTED = (K.YES_NO, K.MILESTONE)
UP, DOWN, NO_DIRECTION = "up", "down", ""
DIRECTIONS = {UP: "More is better", DOWN: "Less is better", NO_DIRECTION: "Neither"}
SUMS, STANDS = "sums", "stands"
GATHERS = {
    SUMS: "Each period counts what is new in it; the total is their sum",
    STANDS: "Each reading counts from the beginning; the last one stands",
}
# How far a milestone has come, in their order
NOT_BEGUN, BEGUN, REACHED, DROPPED = "not begun", "begun", "reached", "dropped"
MILESTONES = (NOT_BEGUN, BEGUN, REACHED, DROPPED)
YES, NO = "yes", "no"
NOT_STATED = "not-stated"  # a choice of every list
SMALLEST, SMALLEST_OF_DELICATE = 5, 10  # people in a cell that is public


@dataclass(frozen=True, slots=True)
class List:
    """What results are told apart by: choices with what they are called, "" among them for free words (places)."""

    label: str
    choices: dict[str, str]
    smallest: int = SMALLEST
    is_open: bool = False  # whatever is written is a choice


BREAKS: dict[str, List] = {
    "sex": List("Sex", {"women": "Women", "men": "Men", NOT_STATED: "Not stated"}),
    "age": List(
        "Age",
        {
            "0-14": "0–14",
            "15-24": "15–24",
            "25-59": "25–59",
            "60-": "60 and above",
            NOT_STATED: "Not stated",
        },
    ),
    "residence": List("Urban or rural", {"urban": "Urban", "rural": "Rural", NOT_STATED: "Not stated"}),
    "disability": List(
        "Disability",
        {"with": "With a disability", "without": "Without a disability", NOT_STATED: "Not stated"},
        SMALLEST_OF_DELICATE,
    ),
    "ethnic-group": List("Ethnic group", {NOT_STATED: "Not stated"}, SMALLEST_OF_DELICATE, is_open=True),
    "place": List("Place", {NOT_STATED: "Not stated"}, is_open=True),
}
