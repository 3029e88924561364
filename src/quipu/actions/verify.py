"""Verify: the books in themselves, the parts of every edition, and what was published of the books."""

from collections.abc import Sequence

from quipu.actions.compare import compare
from quipu.books import verify as books
from quipu.books.verify import KnownHead, Verdict
from quipu.edition import verify as editions
from quipu.edition.home import Home
from quipu.edition.manifest import load


def verify(home: Home, *, heads: Sequence[KnownHead] = ()) -> Verdict:
    """Everything that can be checked of a home's books, its current edition compared with them figure by figure.

    heads: known from outside; those of all editions here are looked for by themselves. So a chain that lost its last
    links is found out by what was published of them.
    """
    published = {(m.position, m.books["sha256"]) for m in (load(home, n) for n in home.numbers()) if m.position}
    verdict = books.verify(heads=[*heads, *sorted(published)])
    checked = editions.verify(home)
    verdict.parts, verdict.withdrawn = checked.parts, checked.withdrawn
    verdict.faults += checked.faults
    current = home.current()
    if current is not None and not verdict.faults:
        verdict.faults += compare(home, current)
        verdict.edition = current
    return verdict
