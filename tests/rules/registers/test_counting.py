"""Indicators that count a register, judged over rows, beside a judge that knows nothing but loops."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipu.rules.registers.counting import Row, faults, judge
from quipu.rules.registers.fields import Field, Schema, Type
from quipu.rules.registers.kinds import KINDS

SCHEMA = Schema(
    (
        Field("name"),
        Field("sector", type=Type.CHOICE, choices=(("crafts", {"": "C"}), ("food", {"": "F"}))),
        Field("on", type=Type.DAY),
        Field("jobs", type=Type.NUMBER),
        Field("grant", type=Type.MONEY),
        Field("sex", type=Type.CHOICE, choices=(("women", {"": "W"}), ("men", {"": "M"}))),
    ),
    dated="on",
)
DAYS = [f"{year}-0{month}-15" for year in (2010, 2011, 2012) for month in (1, 7)]
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Alpaca", "alpaca", "Cotton of the north", "Quinoa"]),
        "sector": st.sampled_from(["crafts", "food"]),
        "on": st.sampled_from(DAYS),
        "jobs": st.integers(0, 9),
        "grant": st.tuples(st.integers(0, 999), st.sampled_from(["PEN", "USD"])).map(list),
        "sex": st.sampled_from(["women", "men"]),
    },
)
CONDITIONS = st.sampled_from(
    [
        ["sector", "is", "crafts"],
        ["sector", "is not", "crafts"],
        ["name", "is", "ALPACA"],
        ["name", "has", "cot"],
        ["jobs", "from", "3"],
        ["jobs", "to", "6"],
        ["on", "from", "2011-01-15"],
        ["grant", "stated", ""],
        ["grant", "missing", ""],
        ["grant", "from", "4.00 PEN"],
    ]
)
SAID = st.fixed_dictionaries(
    {
        "what": st.sampled_from(["count", "sum:jobs", "sum:grant", "distinct:name", "distinct:sector"]),
        "where": st.lists(CONDITIONS, max_size=3),
        "on": st.sampled_from(["", "on"]),
    }
)
PERIODS = st.sampled_from([(None, None), (None, date(2011, 1, 15)), (date(2011, 1, 15), date(2011, 12, 31))])


def plainly(values: dict[str, Any], condition: list[str]) -> bool:
    """The conditions above, each written out by hand."""
    name, sector, jobs, grant, on = (values.get(key) for key in ("name", "sector", "jobs", "grant", "on"))
    return {
        "sector is": sector == "crafts",
        "sector is not": sector == "food",
        "name is": name in ("Alpaca", "alpaca"),
        "name has": name == "Cotton of the north",
        "jobs from": jobs is not None and jobs >= 3,
        "jobs to": jobs is not None and jobs <= 6,
        "on from": on is not None and on >= "2011-01-15",
        "grant stated": grant is not None,
        "grant missing": grant is None,
        "grant from": grant is not None and grant[1] == "PEN" and grant[0] >= 400,
    }[f"{condition[0]} {condition[1]}"]


def naive(rows: list[dict[str, Any]], said: dict[str, Any], since: date | None, until: date | None) -> Decimal:
    kept = [row for row in rows if all(plainly(row, one) for one in said["where"])]
    if said["on"] and (since or until):
        kept = [row for row in kept if "on" in row]
        kept = [row for row in kept if (not since or date.fromisoformat(row["on"]) >= since)]
        kept = [row for row in kept if (not until or date.fromisoformat(row["on"]) <= until)]
    match said["what"]:
        case "count":
            return Decimal(len(kept))
        case "sum:jobs":
            return Decimal(sum(row.get("jobs", 0) for row in kept))
        case "sum:grant":
            return sum(
                (Decimal(row["grant"][0]) / 100 for row in kept if row.get("grant", [0, ""])[1] == "PEN"), Decimal(0)
            )
        case "distinct:name":
            return Decimal(len({row["name"].lower() for row in kept if "name" in row}))
        case _:
            return Decimal(len({row["sector"] for row in kept if "sector" in row}))


@given(st.lists(VALUES, max_size=12), SAID, PERIODS)
def test_the_value_is_what_a_naive_judge_says(rows: list[Any], said: dict[str, Any], period: tuple[Any, Any]) -> None:
    said = {**said, **({"currency": "PEN"} if said["what"] == "sum:grant" else {})}
    found = judge(SCHEMA, said, [Row(n, row) for n, row in enumerate(rows, 1)], *period)
    assert found.value == naive(rows, said, *period)
    assert len(set(found.numbers)) == len(found.numbers)
    assert not set(found.undated) & set(found.numbers)


@given(st.lists(VALUES, max_size=12), SAID.filter(lambda said: not said["what"].startswith("distinct")))
def test_parts_add_up_to_their_whole(rows: list[Any], said: dict[str, Any]) -> None:
    said = {**said, "breaks": {"sex": "sex", "place": "name"}, "currency": "PEN" if said["what"] == "sum:grant" else ""}
    found = judge(SCHEMA, said, [Row(n, row) for n, row in enumerate(rows, 1)])
    for cells in found.cells.values():
        assert sum(cells.values(), Decimal(0)) == found.value


@given(st.lists(VALUES, max_size=12), SAID)
def test_periods_that_follow_each_other_count_each_row_once(rows: list[Any], said: dict[str, Any]) -> None:
    said = {**said, "on": "on", "currency": "PEN" if said["what"] == "sum:grant" else ""}
    every = [Row(n, row) for n, row in enumerate(rows, 1)]
    years = [judge(SCHEMA, said, every, date(year, 1, 1), date(year, 12, 31)) for year in (2010, 2011, 2012)]
    numbers = [number for one in years for number in one.numbers]
    assert sorted(numbers) == judge(SCHEMA, said, every, date(2010, 1, 1), date(2012, 12, 31)).numbers


def test_another_currency_is_never_added_and_named() -> None:
    rows = [Row(1, {"grant": [100, "PEN"]}), Row(2, {"grant": [100, "USD"]})]
    found = judge(SCHEMA, {"what": "sum:grant", "currency": "PEN"}, rows)
    assert (found.value, found.numbers, found.other) == (Decimal("1.00"), [1], (2,))


def rules(said: dict[str, Any], kind: str = "count", *, people: bool = False, schema: Schema = SCHEMA) -> list[str]:
    return [one.rule for one in faults(schema, said, kind, ("sex", "place"), is_of_people=people)]


@pytest.mark.parametrize(
    ("said", "kind", "rule"),
    [
        ({"what": "average:jobs"}, "count", "register-what"),
        ({"what": "count:jobs"}, "count", "register-what"),
        ({"what": "sum"}, "count", "register-what"),
        ({"what": "sum:name"}, "count", "register-what"),
        ({"what": "sum:grant", "currency": "PEN"}, "count", "register-indicator-kind"),
        ({"what": "count"}, "percentage", "register-indicator-kind"),
        ({"what": "sum:grant"}, "amount", "register-indicator-currency"),
        ({"what": "count", "currency": "PEN"}, "count", "register-indicator-currency"),
        ({"what": "count", "on": "jobs"}, "count", "register-dated"),
        ({"what": "count", "where": [["sector", "is", "mining"]]}, "count", "register-where"),
        ({"what": "count", "where": [["sector", "from", "crafts"]]}, "count", "register-where"),
        ({"what": "count", "where": [["height", "is", "3"]]}, "count", "register-where"),
        ({"what": "count", "where": [["jobs", "is", "many"]]}, "count", "register-where"),
        ({"what": "count", "where": [["jobs", "is", "1"]] * 11}, "count", "register-where"),
        ({"what": "count", "breaks": {"age": "sex"}}, "count", "register-breaks"),
        ({"what": "distinct:name", "breaks": {"sex": "sex"}}, "count", "register-breaks"),
    ],
)
def test_a_definition_that_cannot_be_judged_is_named(said: dict[str, Any], kind: str, rule: str) -> None:
    assert rule in rules(said, kind)


def test_no_condition_names_a_person() -> None:
    said = {"what": "count", "where": [["owner", "is", "Ana"]]}
    assert rules(said, schema=KINDS["enterprises"].schema) == ["register-where"]


def test_definitions_that_can_be() -> None:
    assert rules({"what": "count", "where": [["jobs", "is", "1"]] * 10, "on": "on", "breaks": {"sex": "sex"}}) == []
    assert rules({"what": "sum:grant", "currency": "PEN"}, "amount") == []


def test_what_counts_people_needs_an_indicator_of_people() -> None:
    people, enterprises = KINDS["people"].schema, KINDS["enterprises"].schema
    assert rules({"what": "count"}, schema=people) == ["register-indicator-people"]
    assert rules({"what": "count"}, schema=people, people=True) == []
    assert rules({"what": "sum:jobs_women"}, schema=enterprises) == ["register-indicator-people"]
    assert rules({"what": "count"}, schema=enterprises) == []
