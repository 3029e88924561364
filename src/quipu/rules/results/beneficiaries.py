"""Beneficiaries: who is meant to be reached by a programme and who was, directly and indirectly, people and institutions."""

from collections.abc import Mapping
from itertools import product

from quipu.rules.findings import Finding

DIRECT, INDIRECT = "direct", "indirect"
TARGETED, REACHED = "targeted", "reached"
INSTITUTIONS, WOMEN, MEN, PEOPLE = "institutions", "women", "men", "people"
WAYS = {DIRECT: "Direct", INDIRECT: "Indirect"}
ASPECTS = {TARGETED: "Targeted", REACHED: "Reached"}
# people: all of them, said where women and men are not told apart, and at least their sum where they are
WHO = {INSTITUTIONS: "Institutions", WOMEN: "Women", MEN: "Men", PEOPLE: "People in all"}
CELLS = tuple("/".join(said) for said in product(WAYS, ASPECTS, WHO))
LARGEST = 10**10


def faults(counts: Mapping[str, int]) -> list[Finding]:
    """What is wrong with a table: unknown cells, negative ones, more women and men than people."""
    found = [Finding("beneficiaries-cell", cell) for cell in counts if cell not in CELLS]
    found += [Finding("result-count", cell, str(n)) for cell, n in counts.items() if not 0 <= n <= LARGEST]
    for way, aspect in product(WAYS, ASPECTS):
        at = f"{way}/{aspect}/"
        told = counts.get(at + WOMEN, 0) + counts.get(at + MEN, 0)
        if at + PEOPLE in counts and told > counts[at + PEOPLE]:
            found.append(Finding("beneficiaries-people", at + PEOPLE, f"{told} > {counts[at + PEOPLE]}"))
    return found


def people(counts: Mapping[str, int], way: str, aspect: str) -> int | None:
    """All people of a row: as stated, else women and men together, None where nobody said."""
    at = f"{way}/{aspect}/"
    if at + PEOPLE in counts:
        return counts[at + PEOPLE]
    told = [counts[at + who] for who in (WOMEN, MEN) if at + who in counts]
    return sum(told) if told else None
