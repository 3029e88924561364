"""What waits at the letters: those nobody has taken in, and one's own that are still open."""

from collections.abc import Iterator
from typing import Any

from quipu.actions.letters import VERB
from quipu.desk.drawing import address, said
from quipu.desk.inbox import Task


def tasks(rights: Any) -> Iterator[Task]:
    """Letters that this person may answer."""
    if not rights.may(VERB):
        return
    from quipu.desk.letters.views import KINDS, within  # noqa: PLC0415 - views ask for rights, which know the inbox

    for one in within(rights):
        holder = one.handling.taken_by if one.handling else ""
        if one.kept.closed_at or holder not in ("", rights.person.pk):
            continue
        verb = said("Answer or close a letter") if holder else said("Take in a letter")
        thing = f"{said(KINDS[one.kept.letter.kind])} {one.kept.code}"
        yield Task(verb, thing, address("letter", one.kept.code), one.arrived)
