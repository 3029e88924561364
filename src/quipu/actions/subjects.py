"""Funds and projects as what is written about: their scope, and the fund whose rules count."""

from typing import Any

from quipu.books import models
from quipu.rules.findings import Finding, Refused
from quipu.rules.mandates import Scope
from quipu.rules.narrative import FUND, PROJECT

MODELS: dict[str, Any] = {FUND: models.Fund, PROJECT: models.Project}


def subject(kind: str, code: str) -> Any:
    """The fund or project of that code, None where there is none."""
    model = MODELS.get(kind)
    return None if model is None else model.objects.filter(code=code).first()


def known(kind: str, code: str) -> Any:
    """The same. Raises Refused where there is none."""
    found = subject(kind, code)
    if found is None:
        raise Refused(Finding("record-unknown", "code", code))
    return found


def scope_of(record: Any) -> Scope:
    """Whose a fund or a project is."""
    if isinstance(record, models.Project):
        return Scope(record.fund_id, record.code)
    return Scope(record.code)


def kind_of(record: Any) -> str:
    """fund or project."""
    return PROJECT if isinstance(record, models.Project) else FUND


def fund_of(record: Any) -> Any:
    """The fund itself, or the fund of a project."""
    return record.fund if isinstance(record, models.Project) else record
