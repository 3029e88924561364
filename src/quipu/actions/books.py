"""What can be done with the books from a terminal, in one place: load, export, verify, ask."""

from django.core.management import CommandError, call_command

from quipu.actions.load_journal import load_journal
from quipu.actions.monitoring.rehearsing import rehearse_monitoring
from quipu.actions.plans.rehearsing import rehearse_plans
from quipu.actions.registers.rehearsing import rehearse_registers
from quipu.actions.rehearse import approvers, rehearse, rehearse_results, rehearse_returns, rehearse_year_end
from quipu.actions.revolving.rehearsing import rehearse_revolving
from quipu.actions.verify import verify
from quipu.books import beancount as drawn
from quipu.books import models, words
from quipu.books.statements import (
    Moment,
    annual_report,
    annual_table,
    available_to_allocate,
    consolidated_portfolio,
    contributor_statement,
    fund_trial_balance,
    statement_of_account,
)
from quipu.books.totals import ask, known_on, of_fund
from quipu.rules.journal import Journal


class NotWhole(Exception):
    """The ledger is not as it was sealed; the message says where."""


def migrate() -> None:
    """Brings the tables up to this program. Raises NotWhole."""
    try:
        call_command("migrate", verbosity=1, interactive=False)
    except CommandError as error:
        raise NotWhole(str(error)) from None


def export(known: int | None = None) -> Journal:
    """The books in the words of a journal, as they stood at a position."""
    return words.journal(until=known)


def beancount(known: int | None = None) -> str:
    """The books as a Beancount journal."""
    return drawn.journal(until=known)


def currency(fund: str) -> str | None:
    """The fund's currency, None where there is no such fund."""
    found: str | None = models.Fund.objects.filter(code=fund).values_list("currency", flat=True).first()
    return found


def whose(fund: str) -> dict[str, str]:
    """What every statement of a fund says of it: its code, its name, and whether its amounts are examples."""
    title, illustrative = models.Fund.objects.values_list("title", "illustrative").get(code=fund)
    said = {"fund": fund, "fund_name": title, "illustrative": "its amounts are examples" if illustrative else ""}
    return {key: value for key, value in said.items() if value}


def participates(organization: str) -> bool:
    """Whether the books know the organization."""
    return bool(models.Organization.objects.filter(code=organization).exists())


__all__ = [
    "Moment",
    "annual_report",
    "annual_table",
    "approvers",
    "ask",
    "available_to_allocate",
    "beancount",
    "consolidated_portfolio",
    "contributor_statement",
    "currency",
    "export",
    "fund_trial_balance",
    "known_on",
    "load_journal",
    "migrate",
    "of_fund",
    "participates",
    "rehearse",
    "rehearse_monitoring",
    "rehearse_plans",
    "rehearse_registers",
    "rehearse_results",
    "rehearse_returns",
    "rehearse_revolving",
    "rehearse_year_end",
    "statement_of_account",
    "verify",
    "whose",
]
