"""Values of indicators: what can be read in one way is read exactly; what cannot is refused by name."""

from decimal import Decimal

import pytest

from quipu.rules.findings import Refused
from quipu.rules.results import values
from quipu.rules.results.kinds import DOWN, NO_DIRECTION, UP
from quipu.rules.results.values import Value, progress, read


def rule(kind: str, text: str, group: str = ",") -> str:
    """The rule by which a text is refused."""
    with pytest.raises(Refused) as refused:
        read(kind, text, group)
    return refused.value.findings[0].rule  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize(
    ("kind", "text", "group", "kept"),
    [
        ("count", "93", ",", "93"),
        ("count", "1,234", ",", "1234"),
        ("count", "1.234", ".", "1234"),
        ("count", "0", ",", "0"),
        ("amount", "12.50", ",", "12.5"),
        ("amount", "12,5", ".", "12.5"),
        ("amount", "-3", ",", "-3"),
        ("percentage", "45.5 %", ",", "45.5"),
        ("percentage", "91/200", ",", "91/200"),
        ("percentage", "0/7", ",", "0/7"),
        ("ratio", "3 / 4", ",", "3/4"),
        ("ratio", "7/4", ",", "7/4"),
        ("yes or no", "Yes", ",", "yes"),
        ("milestone", "Not Begun", ",", "not begun"),
        ("text", " Adopted  by\ntwo ", ",", "Adopted  by\ntwo"),
    ],
)
def test_a_value_is_kept_in_one_way(kind: str, text: str, group: str, kept: str) -> None:
    value = read(kind, text, group)
    assert str(value) == kept
    assert values.kept(kind, kept) == value


@pytest.mark.parametrize(
    ("kind", "text", "named"),
    [
        ("count", "", "result-value-missing"),
        ("count", "1.234", "amount-two-ways"),
        ("count", "12.5", "result-count"),
        ("count", "-1", "result-count"),
        ("count", "about 40", "amount-unreadable"),
        ("percentage", "9/8", "result-parts"),
        ("percentage", "1/0", "result-parts"),
        ("percentage", "-1", "result-parts"),
        ("ratio", "3", "result-parts"),
        ("yes or no", "perhaps", "result-yes-no"),
        ("milestone", "soon", "result-milestone"),
        ("text", "x" * 2_001, "result-text"),
    ],
)
def test_what_can_be_read_two_ways_or_not_at_all_is_refused_by_name(kind: str, text: str, named: str) -> None:
    assert rule(kind, text) == named


def test_a_quotient_is_measured_by_its_parts() -> None:
    assert read("percentage", "91/200").measured == Decimal("45.5")
    assert read("ratio", "3/4").measured == Decimal("0.75")


def _count(number: str) -> Value:
    return read("count", number)


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "share", "reached"),
    [
        (UP, "0", "50", "49", "98", False),
        (UP, "0", "50", "50", "100", True),
        (UP, "10", "20", "5", "-50", False),
        (DOWN, "40", "10", "11", "96.66666666666666666666666667", False),
        (DOWN, "40", "10", "10", "100", True),
        (DOWN, "40", "10", "4", "120", True),
        (NO_DIRECTION, "40", "10", "10", "100", True),
        (NO_DIRECTION, "0", "10", "12", "120", True),
    ],
)
def test_progress_goes_from_the_baseline_to_the_target_in_its_direction(
    direction: str, baseline: str, target: str, value: str, share: str, reached: bool
) -> None:
    found = progress(direction, _count(baseline), _count(target), _count(value))
    assert found is not None
    assert (found.share, found.is_reached) == (Decimal(share), reached)


def test_no_progress_is_said_where_there_is_no_way_to_go_or_no_number() -> None:
    assert progress(UP, _count("5"), _count("5"), _count("7")) is None
    assert progress(UP, None, read("text", "adopted"), read("text", "drafted")) is None
