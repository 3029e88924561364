"""What waits at vouchers: drafts to look at and post, drafts that came back, and money without a name."""

from collections.abc import Iterator
from typing import Any

from quipu.desk.drawing import address, said, spoken
from quipu.desk.inbox import Task
from quipu.desk.vouchers import listing
from quipu.rules.voucher_kinds import KINDS, VOUCHERS


def tasks(rights: Any) -> Iterator[Task]:
    """Drafts that this person may approve or has to mend, and deposits that they may identify."""
    to_approve, back = listing.waiting_for(rights)
    for draft in to_approve:
        yield Task(said("Approve a voucher"), _said(draft), address("draft", draft.key), draft.submitted_at.date())
    for draft in back:
        thing = f"{_said(draft)} – {draft.comment}"
        yield Task(said("Mend a voucher"), thing, address("draft", draft.key), draft.changed_at.date())
    if scopes := rights.reach(VOUCHERS):
        first = listing.of_unknown(scopes).order_by("effective_on").values_list("effective_on", flat=True)
        if count := first.count():
            told = spoken().ngettext("%(count)s deposit without a name", "%(count)s deposits without a name", count)
            thing = told % {"count": spoken().count(count)}
            yield Task(said("Identify money"), thing, address("unidentified"), first[0])


def _said(draft: Any) -> str:
    words = draft.words
    kind = said(KINDS[draft.kind].label)
    return " · ".join(filter(None, (kind, listing.place_of(draft), words.get("title", ""))))
