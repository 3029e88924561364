"""What waits at publishing: findings that a person can mend, one line for all of them."""

from collections.abc import Iterator
from typing import Any

from quipu.actions import quality
from quipu.desk.drawing import address, said, spoken
from quipu.desk.editions import opened
from quipu.desk.inbox import Task
from quipu.rules.mandates import VERBS, Scope


def tasks(rights: Any) -> Iterator[Task]:
    """How many findings of the quality list are mine to mend."""
    if not rights.may("read drafts"):
        return
    edition = opened.current()
    if edition is None:
        return
    reach = {verb: rights.reach(verb) for verb in VERBS}
    count = sum(
        any(scope.covers(Scope(case.fund, case.project, case.organization)) for scope in reach[case.verb])
        for case in quality.cases(edition)
    )
    if count:
        thing = spoken().ngettext(
            "%(count)s finding of the quality list", "%(count)s findings of the quality list", count
        )
        yield Task(said("Mend"), thing % {"count": spoken().count(count)}, address("quality", mine="1"))
