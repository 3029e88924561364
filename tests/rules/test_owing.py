"""Whose work a deadline is, and when it is worth a line in an inbox."""

from datetime import date, timedelta

import pytest

from quipu.rules.calendar import DUTIES, NOT_DUE, NOTHING, RECEIVED, STATES, UNKNOWN, Obligation
from quipu.rules.mandates import Held, Role, Scope
from quipu.rules.owing import OPEN, OWED_BY, is_near, owes

TODAY = date(2026, 3, 4)


def due(days, state=NOT_DUE):
    return Obligation("narrative", TODAY + timedelta(days=days), state, "F")


def test_every_duty_is_somebodys():
    assert set(OWED_BY) == set(DUTIES)
    assert set(OPEN) <= set(STATES)


@pytest.mark.parametrize(("days", "near"), [(60, True), (61, False), (0, True), (-365, True), (-366, False)])
def test_what_is_due_within_sixty_days_or_was_missed_within_a_year_is_near(days, near):
    assert is_near(due(days, NOTHING), TODAY) == near


@pytest.mark.parametrize("state", [RECEIVED, UNKNOWN])
def test_what_is_done_or_not_recorded_here_nags_nobody(state):
    assert not is_near(due(0, state), TODAY)


def test_a_duty_is_owed_by_its_roles_within_their_scope_while_their_mandate_counts():
    scope = Scope("F", "P", "O")
    certifier = Held(Role.CERTIFIER, Scope(organization="O"), date(2020, 1, 1), TODAY)
    assert owes([certifier], "annual_return", scope, TODAY)
    assert not owes([certifier], "annual_return", scope, TODAY + timedelta(days=1))
    assert not owes([certifier], "annual_return", Scope("F", "P", "X"), TODAY)
    assert not owes([certifier], "narrative", scope, TODAY)
