"""Change a status: of a fund, a project or a participation, with its evidence."""

from quipu.actions.saying import Paper, direct
from quipu.books.post import Answer
from quipu.rules.journal import Place, StatusChange
from quipu.rules.journal.words import STATUS_WORDS


def change_status(*, paper: Paper, code: str, status: str, organization: str = "") -> Answer:
    """Posts a change. code: of a fund or a project; with an organization, of a participation. The paper's title or
    document is the evidence. Raises Refused; ValueError for a word that is no status.
    """
    if status not in STATUS_WORDS:
        raise ValueError(f"“{status}” is no status. There are: {', '.join(STATUS_WORDS)}.")
    return direct(paper, StatusChange, Place(code, organization or None), status)
