"""What somebody may see of returns: their organization's own in every state, the agent only what was submitted."""

from collections.abc import Sequence
from typing import Any

from quipu.books import models, office
from quipu.desk.reaching import within
from quipu.rules.mandates import OF_ORGANIZATION, Scope
from quipu.rules.returns.states import OWN, State

READ = "read returns"
PREPARED = "being prepared"  # what the agent is told of a draft


def own_reach(rights: Any) -> list[Scope]:
    """Where somebody reads returns as one of the organization's people."""
    today = office.today()
    return [one.scope for one in rights.held if one.role in OF_ORGANIZATION and one.in_force(today)]


def is_own(rights: Any, scope: Scope) -> bool:
    """Whether a return is their organization's."""
    return any(one.covers(scope) for one in own_reach(rights))


def returns_within(scopes: Sequence[Scope]) -> Any:
    """The returns that lie within scopes."""
    found = models.Return.objects.filter(within(list(scopes), "fund", "", "organization"))
    return found.select_related("fund", "organization")


def state_of(record: Any, own: bool) -> str:
    """The state as it is told: who does not belong to the organization learns of a draft that there is one."""
    return str(record.state) if own or record.state not in (State.DRAFT, State.FOR_CERTIFICATION) else PREPARED


def is_hidden(record: Any, own: bool) -> bool:
    """Whether its figures may be others than those the agent has seen."""
    return not own and State(record.state) in OWN
