"""Replace an interim return by the certified one: one voucher takes the first back and posts the second."""

from quipu.actions.record_expenditure import Amounts, replacing, spent
from quipu.actions.saying import Paper, say
from quipu.books.post import Answer
from quipu.rules.kinds import CERTIFIED


def replace_interim(
    *, paper: Paper, project: str, organization: str, year: int, interim: str, amounts: Amounts
) -> Answer:
    """Posts certified spending in place of what stands under the interim return's key. Raises Refused."""
    return say(paper, "return", spent(project, organization, year, CERTIFIED, amounts), replacing(interim))
