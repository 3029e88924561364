"""Search: making the index and asking it, beside a bare tantivy over the same titles and texts, and the memory of it."""

import argparse
import random
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import _bare_search
import _generate
from quipu.edition import search, searchable
from quipu.edition.open import Edition
from quipu.rules.likeness import forgiven, words

RATIO = 8  # times the time of the bare index, at most: it reads pages, folds, and holds names, codes and facets as well
MEMORY = 900  # MB of the process that makes it, at most, whatever the size
FOUND = 150  # ms of the 95th of a hundred searches, at most; with facets, slips and what was meant
SUGGESTED = 20  # ms of the median suggestion, at most
ASKED = 300


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="5,500 activities; speed is shown, not judged")
    options.add_argument("--activities", type=int, default=500_000)
    asked = options.parse_args()
    home = (
        _generate.edition(5_500, 300_000, of_demo=True)
        if asked.short
        else _generate.edition(asked.activities, 20 * asked.activities)
    )
    edition = Edition(home, 1)
    shutil.rmtree(search.directory(home, 1), ignore_errors=True)
    ours = seconds(lambda: search.make(home, 1, edition=edition))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    index = search.searcher(edition)
    bare: list[Any] = []
    theirs = seconds(lambda: bare.append(_bare_search.made(told(edition), home.cache / "bare-search")))
    ((activities,),) = edition.rows("SELECT count(*) FROM activities")
    print(f"{activities:,} activities, {index.searcher.num_docs:,} things to be found")
    ratio = ours / theirs
    print(
        f"  made in {ours:.1f} s, bare {theirs:.1f} s, ratio {ratio:.1f} (at most {RATIO}), {memory:,.0f} MB (below {MEMORY})"
    )

    typed = list(queries(edition))
    found = [milliseconds(lambda each=each: index.find(each)) for each in typed]
    again = [milliseconds(lambda each=each: _bare_search.found(bare[0], each)) for each in typed]
    suggested = [milliseconds(lambda each=each: index.suggest(each[: len(each) * 2 // 3])) for each in typed]
    show("search", found)
    show("bare search", again)
    show("suggestion", suggested)
    missed = sum(not index.find(each, counted=False).count for each in typed)
    slow = ratio > RATIO or memory > MEMORY or percentile(found) > FOUND or statistics.median(suggested) > SUGGESTED
    if missed or (slow and not asked.short):
        print(f"MISSED ({missed} searches without a result)")
        return 1
    return 0


def told(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """(identifier, title, text) of every activity."""
    for identifier, title, *sections in edition.stream(
        "SELECT a.identifier, a.title, p.texts, p.readings, p.results"
        " FROM activities a JOIN pages p USING (key) ORDER BY key"
    ):
        yield identifier, title or identifier, searchable.text_of_activity(*sections)


def queries(edition: Edition) -> Iterable[str]:
    """One to three words of titles, a third of them with a slip; the same in every run."""
    chance = random.Random(5)
    titles = edition.rows(
        "SELECT title FROM activities WHERE length(title) > 12 ORDER BY hash(key) LIMIT ?", [2 * ASKED]
    )
    for n, (title,) in enumerate(titles[:ASKED]):
        some = [word for word in words(title) if len(word) > 3 and word.isalpha()][: 1 + n % 3]
        if some and n % 3 == 0 and forgiven(some[0]):
            at = chance.randrange(1, len(some[0]) - 1)
            some[0] = some[0][:at] + some[0][at + 1] + some[0][at] + some[0][at + 2 :]  # two letters swapped
        if some:
            yield " ".join(some)


def seconds(act: Callable[[], Any]) -> float:
    """How long an act takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def milliseconds(act: Callable[[], Any]) -> float:
    """The same in milliseconds."""
    return seconds(act) * 1000


def percentile(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[len(times) * 95 // 100]


def show(title: str, times: list[float]) -> None:
    """One line: the median and the 95th percentile."""
    print(f"  {title}: median {statistics.median(times):.1f} ms, 95th percentile {percentile(times):.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
