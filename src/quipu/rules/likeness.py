"""When a word is meant by another: accents and letter size do not count, and a slip is forgiven in a longer word."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

WORD = re.compile(r"[^\W_]+", re.UNICODE)
MOST_WORDS = 30_000  # of a text, for its excerpt
ONE_SLIP, TWO_SLIPS = 4, 8  # letters from which on so many slips are forgiven


_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


@lru_cache(maxsize=1 << 16)  # the same words stand in a text again and again
def folded(text: str) -> str:
    """The text in small letters without accents: what two spellings of a word have in common."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).translate(_PLAIN)


def words(text: str) -> list[str]:
    """The folded words of a text, in their order."""
    return WORD.findall(folded(text))


def forgiven(word: str) -> int:
    """How many slips are forgiven in a word; none in one with a digit, where each is another number."""
    if any(letter.isdigit() for letter in word):
        return 0
    return 2 if len(word) >= TWO_SLIPS else 1 if len(word) >= ONE_SLIP else 0


@lru_cache(maxsize=1 << 16)
def alike(sought: str, found: str) -> bool:
    """Whether a folded word is, begins, or is within the forgiven slips of, another."""
    return found.startswith(sought) or slips(sought, found, forgiven(sought)) <= forgiven(sought)


def slips(one: str, other: str, most: int) -> int:
    """Letters to put in, leave out, change or swap to make one word of the other; most + 1 where more than most."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def nearest(word: str, known: Mapping[str, int]) -> str:
    """The known word that another was probably meant as: the fewest slips, then the more frequent; "" where none is near.

    One slip more than is forgiven is looked for. A word with a digit was never meant otherwise.
    """
    most = forgiven(word) + 1
    if most == 1:
        return ""
    near = ((slips(word, each, most), -count, each) for each, count in known.items() if each.isalpha())
    found, _, meant = min(near, default=(most + 1, 0, ""))
    return meant if found <= most else ""


def marked(text: str, sought: list[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a sought word (folded ones are given)."""
    at = 0
    for match in WORD.finditer(text):
        if any(alike(word, folded(match.group())) for word in sought):
            if match.start() > at:
                yield text[at : match.start()], False
            yield match.group(), True
            at = match.end()
    if at < len(text):
        yield text[at:], False


def excerpt(text: str, sought: list[str], length: int = 240) -> str:
    """The stretch of a text in which most of the sought words stand, cut between words; "" where none of them does."""
    there = [(match.start(), folded(match.group())) for match in islice(WORD.finditer(text), MOST_WORDS)]
    places = [(at, word) for at, found in there for word in sought if found.startswith(word)]
    # only where nothing is as it was asked for are slips looked for: that takes longer
    places = (places or [(at, word) for at, found in there for word in sought if alike(word, found)])[:500]
    if not places:
        return ""

    def within(start: int) -> int:
        return len({word for at, word in places if start <= at < start + length})

    best = max((at for at, _ in places), key=lambda at: (within(at), -at))
    begin = max(0, best - length // 4)
    begin = text.find(" ", begin) + 1 if begin else 0
    end = min(len(text), begin + length)
    end = text.rfind(" ", begin, end) if end < len(text) and " " in text[begin:end] else end
    return ("… " if begin else "") + " ".join(text[begin:end].split()) + (" …" if end < len(text) else "")


# Which of many are the same


@dataclass(frozen=True, slots=True)
class Called:
    """Something with a code, the names it goes by and what it is called in other lists: (list, value)."""

    code: str
    names: tuple[str, ...]
    identifiers: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two that may be the same. rank: 0 the same identifier, 1 the same name, 2 a near one; shared: what shows it."""

    rank: int
    first: str
    second: str
    shared: str


SAME_IDENTIFIER, SAME_NAME, NEAR_NAME = 0, 1, 2
LARGEST_BUCKET = 200  # a beginning that more names share says nothing
BEGINNING = 4  # letters of a word by which near names find each other


def duplicates(known: Iterable[Called]) -> list[Pair]:
    """The pairs that may be the same, the surest first; each pair once, with its surest reason."""
    found: dict[tuple[str, str], Pair] = {}
    listed = sorted(known, key=lambda one: one.code)

    def note(rank: int, one: str, other: str, shared: str) -> None:
        first, second = sorted((one, other))
        if first != second and (first, second) not in found:
            found[first, second] = Pair(rank, first, second, shared)

    for rank, keys in ((SAME_IDENTIFIER, _identifiers), (SAME_NAME, _plain_names)):
        same: dict[str, list[str]] = {}
        for one in listed:
            for key in keys(one):
                same.setdefault(key, []).append(one.code)
        for key, codes in same.items():
            for n, code in enumerate(codes):
                for other in codes[n + 1 :]:
                    note(rank, code, other, key)
    for code, other, shared in _near(listed):
        note(NEAR_NAME, code, other, shared)
    return sorted(found.values())


def _identifiers(one: Called) -> Iterator[str]:
    yield from sorted({f"{scheme}: {value.strip().casefold()}" for scheme, value in one.identifiers if value.strip()})


def _plain_names(one: Called) -> Iterator[str]:
    yield from dict.fromkeys(filter(None, (" ".join(words(name)) for name in one.names)))


def _near(listed: list[Called]) -> Iterator[tuple[str, str, str]]:
    """Names of the same number of words, of which each is within the forgiven slips of one of the other's."""
    buckets: dict[tuple[int, str], list[tuple[str, tuple[str, ...]]]] = {}
    for one in listed:
        for name in _plain_names(one):
            parts = tuple(sorted(name.split()))
            for beginning in {part[:BEGINNING] for part in parts}:
                buckets.setdefault((len(parts), beginning), []).append((one.code, parts))
    for bucket in buckets.values():
        if len(bucket) > LARGEST_BUCKET:
            continue
        for n, (code, parts) in enumerate(bucket):
            for other, others in bucket[n + 1 :]:
                if code != other and _are_near(parts, others):
                    yield code, other, f"{' '.join(parts)} / {' '.join(others)}"


def _are_near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    left = list(other)
    total = 0
    for word in one:
        near = min(left, key=lambda each: slips(word, each, forgiven(word)))
        many = slips(word, near, forgiven(word))
        if many > forgiven(word):
            return False
        left.remove(near)
        total += many
    return total <= 2  # more slips are another name
